"""The database: engines as the writer and the readers need them, the lock that admits one node, upgrade.

SQLite: WAL, `synchronous=FULL`, one writing connection with `BEGIN IMMEDIATE`; readers beside it; on the loop
(`sqlite_driver.py`).
PostgreSQL by `HOTLINE_DATABASE_URL`. Errors of SQLAlchemy never print values (`hide_parameters`).
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

import orjson
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

from hotline.errors import SettingError, Unavailable
from hotline.storage.sqlite_driver import BUSY_TIMEOUT_SECONDS, DRIVER, OnLoopConnection

T = TypeVar("T")

_JSON: dict[str, Any] = {
    "json_serializer": lambda value: orjson.dumps(value, option=orjson.OPT_UTC_Z).decode(),
    "json_deserializer": orjson.loads,
}

_NODE_LOCK = 0x686F746C  # the advisory lock's number: "hotl"
_TCP_TIMEOUT_SECONDS = 5  # a dead database host is noticed within a lease
_READERS = 5  # of SQLite: threads that read
_POSTGRESQL_READERS = 20  # all stay open: making one takes ten times as long as what it is asked

DatabaseError = SQLAlchemyError

__all__ = ["Connection", "Database", "DatabaseError", "is_refusal", "sqlite_url"]


def is_refusal(error: BaseException) -> bool:
    """The database refused this batch's content: the units must be run singly to find the one."""
    if isinstance(error, DBAPIError):
        return isinstance(error, IntegrityError) or _state(error)[:2] in ("22", "23")
    return isinstance(error, StatementError)  # a value that no column can hold: it never came to the database


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None) or "")


def _second_node() -> Unavailable:
    return Unavailable(
        "Another hotline node is already running on this database; this version admits one node.",
        code="second_node",
    )


class Database:
    def __init__(self, url: str) -> None:
        try:
            self.url: URL = make_url(url)
        except SQLAlchemyError:
            raise SettingError("HOTLINE_DATABASE_URL is not a database address.") from None
        backend = self.url.get_backend_name()
        if backend == "sqlite":
            self.url = self.url.set(drivername=DRIVER)
        elif backend == "postgresql":
            self.url = self.url.set(drivername="postgresql+asyncpg")
        else:
            raise SettingError("HOTLINE_DATABASE_URL must name SQLite or PostgreSQL.")
        self.is_sqlite = backend == "sqlite"
        self._lock_file: IO[str] | None = None
        self._lock_connection: AsyncConnection | None = None
        self._lock_process: int | None = None
        self.write_lock = asyncio.Lock()
        self._looking: Engine | None = None
        self._looker: Connection | None = None
        if self.is_sqlite:
            self.writing = self._sqlite_engine(immediate=True)
            self.reading = self._sqlite_engine(immediate=False)
            self._looking = create_engine(
                self.url.set(drivername="sqlite"),
                hide_parameters=True,
                **_JSON,
                poolclass=StaticPool,
                connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "isolation_level": None},
            )
        else:
            self.writing = self._postgresql_engine(pool_size=2)
            self.reading = self._postgresql_engine(
                pool_size=_POSTGRESQL_READERS, max_overflow=0, isolation_level="AUTOCOMMIT"
            )

    def _sqlite_engine(self, *, immediate: bool) -> AsyncEngine:
        pool: dict[str, Any] = {"poolclass": StaticPool} if immediate else {"pool_size": _READERS}
        engine = create_async_engine(
            self.url,
            hide_parameters=True,
            **_JSON,
            connect_args={
                "timeout": BUSY_TIMEOUT_SECONDS,
                "isolation_level": None,
                "check_same_thread": False,
                "factory": OnLoopConnection,
            },
            **pool,
        )

        @event.listens_for(engine.sync_engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            cursor = connection.cursor()
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA foreign_keys=ON")
            if immediate:  # it asks again by itself: waiting inside the library would stop the loop
                cursor.execute("PRAGMA busy_timeout=0")
            cursor.close()

        begin = "BEGIN IMMEDIATE" if immediate else "BEGIN"

        @event.listens_for(engine.sync_engine, "begin")
        def start(connection: Any) -> None:
            connection.exec_driver_sql(begin)

        return engine

    def _postgresql_engine(self, **settings: Any) -> AsyncEngine:
        return create_async_engine(
            self.url,
            hide_parameters=True,
            **_JSON,
            pool_pre_ping=True,
            **settings,
            connect_args={"timeout": _TCP_TIMEOUT_SECONDS, "command_timeout": 30},
        )

    @property
    def sqlite_path(self) -> Path | None:
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    def look(self, work: Callable[[Connection], T]) -> T:
        """SQLite only: a few rows by an index, at once, on a connection that stays open and in no transaction."""
        if self._looking is None:
            raise RuntimeError("Only SQLite is looked into on the loop.")
        if self._looker is None:
            self._looker = self._looking.connect()
        try:
            return work(self._looker)
        except BaseException:
            self._looker.close()
            self._looker = None
            raise

    @asynccontextmanager
    async def one_moment(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose questions are all answered as of the first one, whatever is written meanwhile.
        SQLite's transactions are that by themselves; PostgreSQL's readers begin none."""
        async with self.reading.connect() as connection:
            yield (
                connection
                if self.is_sqlite
                else await connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            )

    async def write(self, work: Callable[[Connection], T]) -> T:
        """The store's own upkeep (outbox states, journal seals, epochs): one transaction at a time, like the
        writer's. What changes a noun goes through the writer instead."""
        async with self.write_lock, self.writing.begin() as connection:
            return await connection.run_sync(work)

    async def claim(self) -> None:
        """Become the one node of this database, or refuse with a sentence."""
        path = self.sqlite_path
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock_file = path.with_name(path.name + ".node-lock").open("a")
            try:
                fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                self._lock_file.close()
                self._lock_file = None
                raise _second_node() from None
        elif not self.is_sqlite:
            await self._lock_postgresql()

    async def _lock_postgresql(self) -> None:
        connection = await self.reading.connect()
        locked = await connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": _NODE_LOCK})
        if not locked:
            await connection.close()
            raise _second_node()
        self._lock_process = await connection.scalar(text("SELECT pg_backend_pid()"))
        self._lock_connection = connection

    async def hold_claim(self) -> None:
        """PostgreSQL gives the lock up with the connection that took it, at the latest when it is restarted: then it
        is taken again, before anybody starts a second node. Refuses where one was quicker."""
        if self._lock_process is None:
            return
        if self._lock_connection is not None:
            try:
                await self._lock_connection.execute(text("SELECT 1"))
                return
            except (SQLAlchemyError, OSError):
                # Asked again, it would quietly be another connection, without the lock.
                lost, self._lock_connection = self._lock_connection, None
                await lost.invalidate()
                await lost.close()
        await self._end_own_remains(self._lock_process)
        await self._lock_postgresql()

    async def _end_own_remains(self, process: int) -> None:
        """Where the network was cut, the server may hold our own lost connection for hours, with the lock."""
        async with self.reading.connect() as connection:
            await connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid, 1000) FROM pg_locks WHERE locktype = 'advisory' AND granted "
                    "AND objid = :number AND pid = :process AND database = "
                    "(SELECT oid FROM pg_database WHERE datname = current_database())"
                ),
                {"number": _NODE_LOCK, "process": process},
            )

    async def upgrade(self) -> None:
        """Bring the schema to this version (Alembic)."""
        await asyncio.to_thread(self._upgrade)

    def _upgrade(self) -> None:
        from alembic import command

        command.upgrade(self.alembic_config(), "head")

    def alembic_config(self) -> Any:
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.set_main_option("path_separator", "os")
        config.attributes["url"] = self.url
        return config

    async def close(self) -> None:
        if self._lock_connection is not None:
            await self._lock_connection.close()
            self._lock_connection = None
        if self._looking is not None:
            if self._looker is not None:
                self._looker.close()
                self._looker = None
            self._looking.dispose()
        await self.writing.dispose()
        await self.reading.dispose()
        if self._lock_file is not None:
            self._lock_file.close()
            self._lock_file = None


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{os.fspath(path)}"
