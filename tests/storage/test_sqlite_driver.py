"""SQLite on the loop: what may wait (a lock, the disk, a long question) does not stop the others."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from hotline.storage.database import Database
from hotline.storage.sqlite_driver import IN_THREAD, OnLoopConnection

_COUNT = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {upto}) SELECT max(i) FROM n"
)
_FOR_EVER = _COUNT.format(upto=10**12)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    await database.write(lambda connection: connection.execute(text("CREATE TABLE words (word TEXT)")))
    yield database
    await database.close()


async def write(database: Database, word: str) -> None:
    await database.write(
        lambda connection: connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})
    )


async def words(database: Database) -> list[str]:
    async with database.reading.connect() as connection:
        return [row.word for row in await connection.execute(text("SELECT word FROM words ORDER BY rowid"))]


async def test_a_file_that_another_process_holds_is_waited_for_without_stopping_the_loop(
    database: Database,
) -> None:
    assert database.sqlite_path is not None
    with closing(sqlite3.connect(database.sqlite_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO words VALUES ('theirs')")
        writing = asyncio.create_task(write(database, "ours"))
        for _ in range(20):
            await asyncio.sleep(0.001)
        assert not writing.done()
        assert await words(database) == []
        other.execute("COMMIT")
    await writing
    assert await words(database) == ["theirs", "ours"]


async def test_a_long_question_is_asked_beside_the_loop_and_a_short_one_on_it(database: Database) -> None:
    threads: list[int] = []

    def know(made: Any, _record: Any) -> None:
        made.create_function("note", 0, lambda: threads.append(threading.get_ident()))

    event.listen(database.reading.sync_engine, "connect", know)
    async with database.reading.connect() as connection:
        await connection.execute(text("SELECT note()"))
        await connection.execute(text("SELECT note()"), execution_options={IN_THREAD: True})
    here = threading.get_ident()
    assert [each == here for each in threads] == [True, False]


async def test_a_commit_waits_for_the_disk_beside_the_loop(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    class Noting(OnLoopConnection):
        def commit(self) -> None:
            threads.append(threading.get_ident())
            super().commit()

    monkeypatch.setattr("hotline.storage.database.OnLoopConnection", Noting)
    other = Database(str(database.url))
    await write(other, "kept")
    await other.close()
    assert threads
    assert threading.get_ident() not in threads
    assert await words(database) == ["kept"]


async def test_whoever_stops_waiting_leaves_no_question_behind(database: Database) -> None:
    async def ask() -> None:
        async with database.reading.connect() as connection:
            await connection.execute(text(_FOR_EVER), execution_options={IN_THREAD: True})

    asking = [asyncio.create_task(ask()) for _ in range(3)]
    await asyncio.sleep(0.05)
    for each in asking:
        each.cancel()
    async with asyncio.timeout(5):
        answers = await asyncio.gather(*asking, return_exceptions=True)
    assert all(isinstance(each, asyncio.CancelledError) for each in answers)
    await write(database, "after")
    async with asyncio.timeout(5):
        assert await words(database) == ["after"]


async def test_a_failed_statement_leaves_nothing_of_its_transaction(database: Database) -> None:
    def half(connection: Any) -> None:
        connection.execute(text("INSERT INTO words VALUES ('half')"))
        connection.execute(text("INSERT INTO nowhere VALUES (1)"))

    with pytest.raises(Exception, match="nowhere"):
        await database.write(half)
    await write(database, "whole")
    assert await words(database) == ["whole"]
