"""The journal's chain: whole, altered, cut off, and continued after a crash."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from hotline.bootstrap import journal_heads
from hotline.service import Hotline
from hotline.storage.journal import Verdict, verify
from tests.conftest import Opener
from tests.scene import person


async def _sealed(hotline: Hotline) -> None:
    for word in ("一", "二", "三"):
        await (await person(hotline)).writes(word)
        await hotline.chain.seal(hotline.database, hotline.clock.now())


async def _verdict(hotline: Hotline) -> Verdict:
    heads = journal_heads(hotline.settings)
    return await verify(hotline.database.reading, hotline.sealer.journal_key, heads)


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
