"""The journal's chain: whole, altered, cut off, and continued after a crash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.bootstrap import journal_heads, open_hotline
from hotline.service import Hotline
from hotline.settings import load_settings
from hotline.storage import journal
from hotline.storage.journal import Verdict, verify
from tests.conftest import Opener, SetClock
from tests.scene import person
from triage.assessor import InlineAssessor


async def _sealed(hotline: Hotline) -> None:
    for word in ("一", "二", "三"):
        await (await person(hotline)).writes(word)
        await hotline.chain.seal(hotline.database, hotline.clock.now())


async def _verdict(hotline: Hotline) -> Verdict:
    heads = journal_heads(hotline.settings)
    return await verify(hotline.database, hotline.sealer.journal_key, heads)


async def _alter(hotline: Hotline, statement: str) -> None:
    await hotline.database.write(lambda connection: connection.execute(text(statement)))


async def test_an_untouched_journal_is_whole(hotline: Hotline) -> None:
    await _sealed(hotline)
    verdict = await _verdict(hotline)
    assert verdict.problems == ()
    assert verdict.entries > 6
    assert verdict.unsealed == 0


async def test_an_altered_entry_shows(hotline: Hotline) -> None:
    await _sealed(hotline)
    await _alter(hotline, "UPDATE journal SET entry = replace(entry, 'chat', 'call') WHERE seq = 1")
    assert any("do not fit their seal" in each for each in (await _verdict(hotline)).problems)


async def test_a_removed_entry_shows(hotline: Hotline) -> None:
    await _sealed(hotline)
    await _alter(hotline, "DELETE FROM journal WHERE seq = 2")
    assert any("missing" in each for each in (await _verdict(hotline)).problems)


async def test_a_cut_off_end_shows_by_the_exported_heads(hotline: Hotline) -> None:
    await _sealed(hotline)
    newest = "(SELECT max(upto_seq) FROM journal_seals)"
    before = f"(SELECT max(upto_seq) FROM journal_seals WHERE upto_seq < {newest})"  # noqa: S608
    await _alter(hotline, f"DELETE FROM journal WHERE seq > {before}")  # noqa: S608
    await _alter(hotline, f"DELETE FROM journal_seals WHERE upto_seq = {newest}")  # noqa: S608
    assert any("exported head" in each for each in (await _verdict(hotline)).problems)


async def _dead(*_arguments: object) -> int:
    """The node died before its second was over."""
    return 0


async def test_what_a_crash_left_unsealed_is_sealed_at_the_next_start(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened() as hotline:
        await _sealed(hotline)
        await (await person(hotline)).writes("四")
        monkeypatch.setattr(hotline.chain, "seal", _dead)
        assert (await _verdict(hotline)).unsealed > 0
    async with opened() as hotline:
        await hotline.chain.seal(hotline.database, hotline.clock.now())
        verdict = await _verdict(hotline)
        assert (verdict.problems, verdict.unsealed) == ((), 0)


async def test_a_link_whose_commit_was_not_answered_is_not_made_twice(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _sealed(hotline)
    await (await person(hotline)).writes("四")
    write = hotline.database.write

    async def unanswered(work: Callable[[Connection], Any]) -> Any:
        await write(work)
        raise ConnectionResetError

    with monkeypatch.context() as patch:
        patch.setattr(hotline.database, "write", unanswered)
        with pytest.raises(ConnectionResetError):
            await hotline.chain.seal(hotline.database, hotline.clock.now())
    await hotline.chain.seal(hotline.database, hotline.clock.now())
    await (await person(hotline)).writes("五")
    await hotline.chain.seal(hotline.database, hotline.clock.now())
    verdict = await _verdict(hotline)
    assert (verdict.problems, verdict.unsealed) == ((), 0)


async def test_a_running_server_that_is_verified_is_no_liar(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written and sealed between two questions of the verification."""
    await _sealed(hotline)
    check, entries = journal._check_epoch, 0
    execute = AsyncConnection.execute

    async def asked_slowly(self: AsyncConnection, *statement: Any, **more: Any) -> Any:
        nonlocal entries
        found = await execute(self, *statement, **more)
        entries += 1
        if entries == 1:
            await _sealed(hotline)
        return found

    def looked(*given: Any) -> int:
        _sealed_head(hotline)
        return check(*given)

    monkeypatch.setattr(AsyncConnection, "execute", asked_slowly)
    monkeypatch.setattr(journal, "_check_epoch", looked)
    assert (await _verdict(hotline)).problems == ()


def _sealed_head(hotline: Hotline) -> None:
    """A head that is exported after the seals were read."""
    line = {"epoch": "later", "upto_seq": 1, "mac": "of what was sealed meanwhile"}
    with journal_heads(hotline.settings)[0].open("ab") as file:
        file.write(orjson.dumps(line) + b"\n")


async def test_half_a_line_of_the_heads_is_named_and_not_written_on(hotline: Hotline) -> None:
    await _sealed(hotline)
    heads = journal_heads(hotline.settings)[0]
    heads.write_bytes(heads.read_bytes()[:-20])
    await _sealed(hotline)
    verdict = await _verdict(hotline)
    assert len(verdict.problems) == 1
    assert "cannot be read" in verdict.problems[0]


async def test_an_export_folder_that_is_away_keeps_nobody_from_being_served(
    migrated_url: str, tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings(
        data_dir=tmp_path, database_url=migrated_url, journal_export_dir=tmp_path / "another machine"
    )
    for _ in range(2):
        async with open_hotline(settings, clock=clock, assessor=InlineAssessor(), work=False) as hotline:
            await (await person(hotline)).writes("一")
            monkeypatch.setattr(hotline.chain, "seal", _dead)
    settings.journal_export_dir.mkdir()  # type: ignore[union-attr]
    async with open_hotline(settings, clock=clock, assessor=InlineAssessor(), work=False) as hotline:
        await _sealed(hotline)
        assert (await _verdict(hotline)).problems == ()
    assert len(journal_heads(settings)[1].read_bytes().splitlines()) >= 3
