"""A backup restores everything, from either database into either; a broken one restores nothing."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.util import await_only

from hotline.actions import staff
from hotline.actions.staff import OPERATOR, NewStaff
from hotline.bootstrap import audio_files, open_accounts
from hotline.domain.access import Role
from hotline.domain.change import Change
from hotline.domain.contacts import Message
from hotline.domain.ids import ContactId, RecordingId, VoicemailId
from hotline.domain.recordings import Recording, RecordingState
from hotline.domain.voicemails import Audio, Voicemail, VoicemailState
from hotline.errors import HotlineError
from hotline.service import Hotline
from hotline.settings import load_settings
from hotline.storage.backup import BackupRefused, back_up, restore, tables
from hotline.storage.backup_audio import is_kept
from hotline.storage.backup_audio import opened as opened_sounds
from hotline.storage.database import Database, sqlite_url
from hotline.storage.recording_files import AudioFiles
from tests import scene
from tests.conftest import Opener, SetClock
from triage.assessment import Level

SAID = "我真的撑不下去了"
VOICE = b"RIFF" + b"what a voice said" * 50_000  # more than one piece of a backup


async def some_life(hotline: Hotline) -> None:
    """Of everything a little: text that is sealed, times, numbers, lists, an account with its link."""
    await scene.counselor(hotline)
    person = await scene.person(hotline)
    await person.writes(SAID)
    await some_sound(hotline, person.contact_id)
    await staff.create(hotline, OPERATOR, NewStaff("wang", "王敏", [Role.ADMIN, Role.AUDITOR]))


async def some_sound(hotline: Hotline, contact_id: ContactId) -> None:
    """A recording of several pieces, and a message left."""

    async def voice() -> AsyncIterator[bytes]:
        yield VOICE

    made, left = (
        await hotline.audio.store_audio("rec_1", voice()),
        await hotline.audio.store_audio("vml_1", voice()),
    )
    now = hotline.clock.now()
    recording = Recording(
        id=RecordingId("rec_1"),
        contact_id=contact_id,
        state=RecordingState.KEPT,
        made_at=now,
        file_key=made.key,
        size=made.size,
        delete_at=now + timedelta(days=90),
    )
    message = Voicemail(
        id=VoicemailId("vml_1"),
        contact_id=contact_id,
        state=VoicemailState.OPEN,
        level=Level.LOW,
        language="zh",
        due_at=now,
        created_at=now,
        audio=Audio.KEPT,
        audio_key=left.key,
        audio_size=left.size,
    )
    await hotline.writer.run(lambda _: Change(save=(recording, message)))


async def contents(database: Database) -> dict[str, list[tuple]]:
    async with database.reading.connect() as connection:
        return {
            table.name: [
                tuple(row) for row in await connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in tables()
        }


async def test_what_was_there_is_there_again(opened: Opener, tmp_path: Path, clock: SetClock) -> None:
    file = tmp_path / "backup.jsonl.gz"
    async with opened() as hotline:
        await some_life(hotline)
        done = await back_up(hotline.database, hotline.audio, file, clock.now())
        before = await contents(hotline.database)
    assert done.rows == sum(len(each) for each in before.values()) > 10
    assert (done.sounds.count, done.sounds.is_whole) == (2, True)
    assert SAID.encode() not in gzip.decompress(file.read_bytes())
    assert VOICE not in gzip.decompress(file.read_bytes())
    other = Database(sqlite_url(tmp_path / "other.sqlite3"))
    try:
        assert await restore(other, AudioFiles(tmp_path / "other" / "recordings"), file) == done
        assert await contents(other) == before
    finally:
        await other.close()
    settings = load_settings(
        data_dir=tmp_path / "other",
        database_url=sqlite_url(tmp_path / "other.sqlite3"),
        secret_keys=[(tmp_path / "secret-key").read_text().strip()],
    )
    async with open_accounts(settings) as restored:
        assert SAID in [each.text for each in await restored.reader.where(Message)]
        audio = audio_files(settings)
        found = await opened_sounds(restored.reader, audio)
        assert (found.count, found.is_whole) == (2, True)
        (recording,) = await restored.reader.where(Recording)
        again = audio.open_audio(recording.id, recording.file_key or "", recording.size or 0)
        assert b"".join([piece async for piece in again]) == VOICE
        assert (await staff.by_username(restored, "wang")).roles == [Role.AUDITOR, Role.ADMIN]


async def test_sqlite_goes_into_this_database(database_url: str, tmp_path: Path, clock: SetClock) -> None:
    from hotline.bootstrap import open_hotline
    from triage.assessor import InlineAssessor

    file = tmp_path / "backup.jsonl.gz"
    settings = load_settings(data_dir=tmp_path, database_url=sqlite_url(tmp_path / "first.sqlite3"))
    async with open_hotline(settings, clock=clock, assessor=InlineAssessor(), work=False) as hotline:
        await some_life(hotline)
        await back_up(hotline.database, hotline.audio, file, clock.now())
        before = await contents(hotline.database)
    database = Database(database_url)
    try:
        await restore(database, AudioFiles(tmp_path / "other"), file)
        assert await contents(database) == before
    finally:
        await database.close()


async def test_every_table_is_of_the_same_moment_while_people_write(
    hotline: Hotline, tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it has a message without its contact, and a restore refuses all of it."""
    await some_life(hotline)
    before = await contents(hotline.database)
    written: list[str] = []

    async def somebody_writes() -> None:
        person = await scene.person(hotline)
        await person.writes(SAID)
        written.append(person.contact_id)

    def after_a_row(table: str, row: dict[str, object]) -> bool:
        if not written:
            await_only(somebody_writes())
        return is_kept(table, row)

    monkeypatch.setattr("hotline.storage.backup.is_kept", after_a_row)
    file = tmp_path / "backup.jsonl.gz"
    await back_up(hotline.database, hotline.audio, file, clock.now())
    assert written
    other = Database(sqlite_url(tmp_path / "other.sqlite3"))
    try:
        await restore(other, AudioFiles(tmp_path / "other"), file)
        assert await contents(other) == before
    finally:
        await other.close()


async def test_a_table_is_not_read_in_one_piece(hotline: Hotline, tmp_path: Path, clock: SetClock) -> None:
    """One statement for a large table takes longer than any statement may, and more memory than there is."""
    await some_life(hotline)
    in_one_piece: list[str] = []

    @event.listens_for(hotline.database.reading.sync_engine, "before_cursor_execute")
    def look(_connection: Any, _cursor: Any, statement: str, _given: Any, context: Any, _many: Any) -> None:
        # SQLite steps through its rows by itself; PostgreSQL does so only with a cursor of the server.
        by_pieces = hotline.database.is_sqlite or context._is_server_side
        if "FROM messages" in statement and not by_pieces:
            in_one_piece.append(statement)

    await back_up(hotline.database, hotline.audio, tmp_path / "backup.jsonl.gz", clock.now())
    assert in_one_piece == []


async def test_two_backups_to_one_name_do_not_mix(
    hotline: Hotline, tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody types what the timer just began: the first to be whole stays, the other one is refused."""
    file = tmp_path / "backup.jsonl.gz"
    await some_life(hotline)
    first: list[bytes] = []

    def meanwhile(table: str, row: dict[str, object]) -> bool:
        if not first:
            first.append(b"")
            await_only(back_up(hotline.database, hotline.audio, file, clock.now()))
            first[0] = file.read_bytes()
        return is_kept(table, row)

    monkeypatch.setattr("hotline.storage.backup.is_kept", meanwhile)
    with pytest.raises(BackupRefused):
        await back_up(hotline.database, hotline.audio, file, clock.now())
    assert first == [file.read_bytes()]
    assert not list(file.parent.glob("*.part"))


def cut_off(lines: list[bytes]) -> list[bytes]:
    return lines[:-1]


def another_count(lines: list[bytes]) -> list[bytes]:
    return lines[:5] + lines[6:]


def another_program(lines: list[bytes]) -> list[bytes]:
    return [b'{"format": "something else"}\n', *lines[1:]]


def another_schema(lines: list[bytes]) -> list[bytes]:
    return [lines[0].replace(b'"schema":"', b'"schema":"9'), *lines[1:]]


def no_json(lines: list[bytes]) -> list[bytes]:
    return [*lines[:3], b"{\n", *lines[3:]]


def nothing(_lines: list[bytes]) -> list[bytes]:
    return []


def without_a_piece(lines: list[bytes]) -> list[bytes]:
    place = next(n for n, line in enumerate(lines) if line.startswith(b'{"audio"'))
    return lines[:place] + lines[place + 1 :]


def altered_sound(lines: list[bytes]) -> list[bytes]:
    place = next(n for n, line in enumerate(lines) if line.startswith(b'{"audio"'))
    return [*lines[:place], lines[place].replace(b'"bytes":"SEx', b'"bytes":"SEy'), *lines[place + 1 :]]


def a_sound_less(lines: list[bytes]) -> list[bytes]:
    return [line for line in lines if not line.startswith(b'{"audio":"vml_1"')]


def without_sound(lines: list[bytes]) -> list[bytes]:
    return [line for line in lines if not line.startswith(b'{"audio"') and not line.startswith(b'{"sounds"')]


@pytest.mark.parametrize(
    "broken",
    [
        *(cut_off, another_count, another_program, another_schema, no_json, nothing),
        *(without_a_piece, altered_sound, a_sound_less, without_sound),
    ],
)
async def test_a_broken_backup_restores_nothing(
    hotline: Hotline, tmp_path: Path, clock: SetClock, broken: Callable[[list[bytes]], list[bytes]]
) -> None:
    file = tmp_path / "backup.jsonl.gz"
    await some_life(hotline)
    await back_up(hotline.database, hotline.audio, file, clock.now())
    lines = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    file.write_bytes(gzip.compress(b"".join(broken(lines))))
    other = Database(sqlite_url(tmp_path / "other.sqlite3"))
    try:
        with pytest.raises(BackupRefused):
            await restore(other, AudioFiles(tmp_path / "other"), file)
        assert not list((tmp_path / "other").glob("*"))
        assert not any((await contents(other)).values())
    finally:
        await other.close()


async def test_not_into_the_database_of_a_running_server(
    hotline: Hotline, tmp_path: Path, clock: SetClock
) -> None:
    file = tmp_path / "backup.jsonl.gz"
    await back_up(hotline.database, hotline.audio, file, clock.now())
    same = Database(hotline.settings.database_address)
    try:
        with pytest.raises(HotlineError):
            await restore(same, hotline.audio, file)
    finally:
        await same.close()


async def test_sound_that_is_gone_or_does_not_open_is_named(
    hotline: Hotline, tmp_path: Path, clock: SetClock
) -> None:
    file = tmp_path / "backup.jsonl.gz"
    await some_life(hotline)
    await hotline.audio.remove("vml_1")
    sealed = tmp_path / "recordings" / "rec_1.audio"
    sealed.write_bytes(sealed.read_bytes()[:-1] + b"x")
    done = await back_up(hotline.database, hotline.audio, file, clock.now())
    assert (done.sounds.count, done.sounds.missing) == (1, ["vml_1"])
    found = await opened_sounds(hotline.reader, hotline.audio)
    assert (found.count, found.missing, found.broken) == (0, ["vml_1"], ["rec_1"])
    sealed.write_bytes(sealed.read_bytes() + b"more")
    assert (await opened_sounds(hotline.reader, hotline.audio)).broken == ["rec_1"]
