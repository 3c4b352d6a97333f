"""What a person said or is called is sealed at rest, bound to its place, and can be erased."""

from __future__ import annotations

import asyncio
import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from hotline.actions import closing, contacts, offers, risk
from hotline.actions import messages as message_actions
from hotline.actions.closing import CloseSheet
from hotline.domain.change import Change
from hotline.domain.contacts import Message
from hotline.errors import SettingError
from hotline.service import Hotline
from hotline.storage.sealing import Erased, Sealer, Unreadable, new_master_key, read_or_make_master_key
from hotline.storage.tables.system import DataKeyRow
from tests.conftest import settle
from tests.scene import counselor, person
from triage.assessment import Level

SAID = "独一无二的话语"


async def _every_cell(hotline: Hotline) -> bytes:
    """All that the database holds, in one heap."""
    async with hotline.database.reading.connect() as connection:
        cells: list[bytes] = []
        for table in DataKeyRow.metadata.sorted_tables:
            for row in (await connection.execute(text(f'SELECT * FROM "{table.name}"'))).all():  # noqa: S608
                cells.extend(cell if isinstance(cell, bytes) else str(cell).encode() for cell in row)
    return b"\n".join(cells)


async def test_no_word_stands_readable_in_the_database(hotline: Hotline) -> None:
    helper = await counselor(hotline)
    contact, _ = await contacts.open_chat(hotline, language="zh", nickname=f"{SAID}甲")
    someone = await person(hotline)
    await someone.writes(f"{SAID}乙,药都攒好了,今晚就走,再见")
    await settle(hotline)
    for each in (contact.id, someone.contact_id):
        await offers.take(hotline, helper, each)
    await message_actions.send(hotline, helper, someone.contact_id, client_id="a", text=f"{SAID}丙")
    await risk.override(hotline, helper, someone.contact_id, level=Level.IMMINENT, reason=f"{SAID}丁")
    await contacts.request_help(hotline, helper, someone.contact_id, note=f"{SAID}戊")
    await closing.keep_draft(hotline, helper, someone.contact_id, kind="composer", text=f"{SAID}己")
    await contacts.end_conversation(hotline, helper, someone.contact_id)
    plan = {"coping": f"{SAID}庚"}
    sheet = CloseSheet("safety_plan", f"{SAID}辛", Level.IMMINENT, safety_plan=plan)
    await closing.close(hotline, helper, someone.contact_id, sheet)
    everything = await _every_cell(hotline)
    assert SAID.encode() not in everything
    assert SAID.encode("unicode_escape") not in everything
    table = hotline.reader.table(Message)
    own = await hotline.reader.where(Message, table.c.contact_id == someone.contact_id, table.c.seq == 1)
    assert SAID in own[0].text


async def test_erasing_a_subject_leaves_its_rows_unreadable(hotline: Hotline) -> None:
    someone = await person(hotline)
    await someone.writes(SAID)
    await hotline.writer.run(lambda _loaded: Change(erase=(someone.contact_id,)))
    table = hotline.reader.table(Message)
    assert await hotline.reader.where(Message, table.c.contact_id == someone.contact_id) == []


async def test_nothing_is_sealed_beside_what_was_erased(hotline: Hotline) -> None:
    someone, bystander = await person(hotline), await person(hotline)
    await someone.writes(SAID)
    await hotline.writer.run(lambda _loaded: Change(erase=(someone.contact_id,)))
    late, meanwhile = await asyncio.gather(
        contacts.keep_feedback(hotline, someone.contact_id, 3, SAID),
        bystander.writes(SAID),
        return_exceptions=True,
    )
    assert isinstance(late, Erased)
    assert not isinstance(meanwhile, BaseException), "who is saved with it is not refused with it"
    await contacts.keep_feedback(hotline, someone.contact_id, 3, None)
    assert (await someone.contact()).feedback_helped == 3
    assert (
        await hotline.reader.where(Message, hotline.reader.table(Message).c.contact_id == someone.contact_id)
        == []
    )


def test_a_value_opens_only_where_it_was_sealed() -> None:
    sealer = Sealer([new_master_key()])
    sealer.make_data_key("con_1")
    sealed = sealer.seal("con_1", "messages.text.msg_1", SAID)
    assert sealer.open("con_1", "messages.text.msg_1", sealed) == SAID
    with pytest.raises(Unreadable):
        sealer.open("con_1", "messages.text.msg_2", sealed)
    sealer.forget("con_1")
    with pytest.raises(Erased):
        sealer.open("con_1", "messages.text.msg_1", sealed)


def test_the_first_key_wraps_and_all_open() -> None:
    old, new = new_master_key(), new_master_key()
    wrapped = Sealer([old]).make_data_key("con_1")
    rotated = Sealer([new, old])
    rotated.open_data_key("con_1", wrapped)
    assert rotated.holds("con_1")
    assert rotated.lookup_hash("139") == Sealer([old]).lookup_hash("139")
    with pytest.raises(Unreadable):
        Sealer([new]).open_data_key("con_1", wrapped)


def test_a_master_key_that_is_none_is_refused_by_its_setting() -> None:
    for keys in ([], ["short"], ["ü" * 43]):
        with pytest.raises(SettingError, match="HOTLINE_SECRET_KEYS"):
            Sealer(keys)


def test_the_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    key = read_or_make_master_key(path)
    assert read_or_make_master_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_disk_that_is_full_leaves_no_half_of_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty file refused every start after that one, and a power cut could empty the key of what was saved."""
    path = tmp_path / "secret-key"

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="full"):
            read_or_make_master_key(path)
    assert list(tmp_path.iterdir()) == []
    Sealer([read_or_make_master_key(path)])


def test_two_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    with ThreadPoolExecutor(8) as several:
        keys = set(several.map(read_or_make_master_key, [path] * 32))
    assert keys == {path.read_text().strip()}
    assert list(tmp_path.iterdir()) == [path]


def test_an_emptied_key_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    path.touch()
    with pytest.raises(SettingError, match="is empty"):
        read_or_make_master_key(path)
    assert path.read_bytes() == b""
