"""SQLite for the event loop without a thread per connection.

A statement of the writer, or one row by its key, takes some microseconds: handing it to a thread and back takes far
longer, above all while the loop is busy and the thread waits for the interpreter's lock. So statements run where they
are asked. Three things leave the loop: a commit (it waits for the disk), a statement with the option `IN_THREAD`
(one that may look at many rows), and `BEGIN IMMEDIATE` while another process holds the file (it is asked for again).
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy
from sqlalchemy.pool import AsyncAdaptedQueuePool, Pool
from sqlalchemy.util import await_only

T = TypeVar("T")

DRIVER = "sqlite+on_loop"
IN_THREAD = "in_thread"
BUSY_TIMEOUT_SECONDS = 10.0  # a backup that copies a page holds the lock for milliseconds

_BEGIN = "BEGIN IMMEDIATE"
_ASK_AGAIN_SECONDS = 0.005
_AT_ONCE = 4  # one commit, and some long questions beside it
_threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="sqlite")


async def _away(connection: sqlite3.Connection | None, work: Callable[[], T]) -> T:
    """`work` in a thread. Whoever stops waiting must not leave the connection in use: what it asks (`connection`) is
    interrupted; a commit is waited for."""
    doing = asyncio.get_running_loop().run_in_executor(_threads, work)
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        if connection is not None:
            connection.interrupt()
        await asyncio.wait([doing])
        raise


class _Cursor(sqlite3.Cursor):
    async def _async_soft_close(self) -> None:
        """The engine's asynchronous side wants to say that it has read all; there is nothing to do."""


class OnLoopConnection(sqlite3.Connection):
    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)


class OnLoop(SQLiteDialect_pysqlite):
    driver = "on_loop"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        return AsyncAdaptedQueuePool

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        if statement == _BEGIN:
            await_only(_begun(cursor))
        elif context is not None and context.execution_options.get(IN_THREAD):
            rows = await_only(_away(cursor.connection, lambda: _all(cursor, statement, parameters)))
            context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                cursor, alternate_description=cursor.description, initial_buffer=deque(rows)
            )
        else:
            cursor.execute(statement, parameters)
            await_only(_at_once())

    def do_commit(self, dbapi_connection: Any) -> None:
        if dbapi_connection.in_transaction:
            await_only(_away(None, dbapi_connection.commit))


async def _at_once() -> None:
    """The engine takes a statement that never waits for a sign of the wrong driver."""


def _all(cursor: sqlite3.Cursor, statement: str, parameters: Any) -> list[Any]:
    cursor.execute(statement, parameters)
    return cursor.fetchall()


async def _begun(cursor: sqlite3.Cursor) -> None:
    until = time.monotonic() + BUSY_TIMEOUT_SECONDS
    while True:
        try:
            cursor.execute(_BEGIN)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        await asyncio.sleep(_ASK_AGAIN_SECONDS)


registry.register("sqlite.on_loop", __name__, OnLoop.__name__)
