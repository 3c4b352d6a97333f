"""A backup restores everything, from either database into either; a broken one restores nothing."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.actions import staff
from hotline.actions.staff import OPERATOR, NewStaff
from hotline.bootstrap import open_accounts
from hotline.domain.access import Role
from hotline.errors import HotlineError
from hotline.service import Hotline
from hotline.settings import load_settings
from hotline.storage.backup import BackupRefused, back_up, restore, tables
from hotline.storage.database import Database, sqlite_url
from tests import scene
from tests.conftest import Opener, SetClock

SAID = "我真的撑不下去了"


async def some_life(hotline: Hotline) -> None:
    """Of everything a little: text that is sealed, times, numbers, lists, an account with its link."""
    await scene.counselor(hotline)
    person = await scene.person(hotline)
    await person.writes(SAID)
    await staff.create(hotline, OPERATOR, NewStaff("wang", "王敏", [Role.ADMIN, Role.AUDITOR]))


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
        rows = await back_up(hotline.database, file, clock.now())
        before = await contents(hotline.database)
    assert rows == sum(len(each) for each in before.values()) > 10
    assert SAID.encode() not in gzip.decompress(file.read_bytes())
    other = Database(sqlite_url(tmp_path / "other.sqlite3"))
    try:
        assert await restore(other, file) == rows
        assert await contents(other) == before
    finally:
        await other.close()
    settings = load_settings(data_dir=tmp_path, database_url=sqlite_url(tmp_path / "other.sqlite3"))
    async with open_accounts(settings) as restored:
        from hotline.domain.contacts import Message

        assert SAID in [each.text for each in await restored.reader.where(Message)]
        assert (await staff.by_username(restored, "wang")).roles == [Role.AUDITOR, Role.ADMIN]


async def test_sqlite_goes_into_this_database(database_url: str, tmp_path: Path, clock: SetClock) -> None:
    from hotline.bootstrap import open_hotline
    from triage.assessor import InlineAssessor

    file = tmp_path / "backup.jsonl.gz"
    settings = load_settings(data_dir=tmp_path, database_url=sqlite_url(tmp_path / "first.sqlite3"))
    async with open_hotline(settings, clock=clock, assessor=InlineAssessor(), work=False) as hotline:
        await some_life(hotline)
        await back_up(hotline.database, file, clock.now())
        before = await contents(hotline.database)
    database = Database(database_url)
    try:
        await restore(database, file)
        assert await contents(database) == before
    finally:
        await database.close()


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


@pytest.mark.parametrize(
    "broken", [cut_off, another_count, another_program, another_schema, no_json, nothing]
)
async def test_a_broken_backup_restores_nothing(
    hotline: Hotline, tmp_path: Path, clock: SetClock, broken: Callable[[list[bytes]], list[bytes]]
) -> None:
    file = tmp_path / "backup.jsonl.gz"
    await some_life(hotline)
    await back_up(hotline.database, file, clock.now())
    lines = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    file.write_bytes(gzip.compress(b"".join(broken(lines))))
    other = Database(sqlite_url(tmp_path / "other.sqlite3"))
    try:
        with pytest.raises(BackupRefused):
            await restore(other, file)
        assert not any((await contents(other)).values())
    finally:
        await other.close()


async def test_not_into_the_database_of_a_running_server(
    hotline: Hotline, tmp_path: Path, clock: SetClock
) -> None:
    file = tmp_path / "backup.jsonl.gz"
    await back_up(hotline.database, file, clock.now())
    same = Database(hotline.settings.database_address)
    try:
        with pytest.raises(HotlineError):
            await restore(same, file)
    finally:
        await same.close()
