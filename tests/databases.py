"""Databases for tests: migrated once per process by the product's own migrations, then, for each test, copied
(SQLite) or emptied (PostgreSQL, where a copy costs ten times as much)."""

from __future__ import annotations

import asyncio
import atexit
import functools
import os
import secrets
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

from hotline.storage.database import Database

POSTGRESQL = os.environ.get("HOTLINE_TEST_POSTGRESQL_URL", "")


def _beside_the_running_loop(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end in a thread with a loop of its own: fixtures of any kind may ask."""
    thread = threading.Thread(target=asyncio.run, args=(work,))
    thread.start()
    thread.join()


async def _upgrade(url: str) -> None:
    database = Database(url)
    await database.upgrade()
    await database.close()


@functools.cache
def _sqlite_template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="hotline-test-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "template.sqlite3"
    _beside_the_running_loop(_upgrade(f"sqlite:///{path}"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def migrated_sqlite(path: Path) -> str:
    """A migrated SQLite database at `path`; its address."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_sqlite_template(), path)
    return f"sqlite:///{path}"


async def on_server(statement: str) -> None:
    await first_value(POSTGRESQL, statement)


async def first_value(url: str, *statements: str) -> Any:
    """Runs them; the first value of the last one, where it has one."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(address)  # type: ignore[no-untyped-call]
    try:
        value = None
        for statement in statements:
            value = await connection.fetchval(statement)
        return value
    finally:
        await connection.close()


def address_of(name: str) -> str:
    return make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)


# Whoever is still connected is sent away; then every row goes, whatever refers to it, and counting starts anew.
_EMPTIED = """
DO $$
DECLARE
    name text;
BEGIN
    PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM public.%I', name);
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences;
END $$
"""
# One line that changes with the schema: tables and indexes, columns, constraints, triggers, the migrations done.
_SCHEMA = """
SELECT md5(concat_ws('/',
    (SELECT string_agg(concat(oid, relname), ' ' ORDER BY oid) FROM pg_class WHERE oid >= 16384),
    (SELECT string_agg(concat(attrelid, attname, atttypid, attnotnull, atthasdef), ' ' ORDER BY attrelid, attnum)
        FROM pg_attribute WHERE attrelid >= 16384),
    (SELECT string_agg(concat(oid, conname, convalidated), ' ' ORDER BY oid) FROM pg_constraint WHERE oid >= 16384),
    (SELECT string_agg(concat(oid, tgname, tgenabled), ' ' ORDER BY oid) FROM pg_trigger WHERE oid >= 16384),
    (SELECT string_agg(version_num, ' ') FROM public.alembic_version)))
"""
# Tables that have rows: what a migration puts in would be gone after the first test.
_FILLED = """
SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' AND
    query_to_xml(format('SELECT 1 FROM public.%I LIMIT 1', tablename), false, true, '')::text <> ''
"""


class _Emptied:
    """Migrated PostgreSQL databases of this process, used again by one test after the other."""

    def __init__(self) -> None:
        self.idle: list[str] = []
        self.schemas: dict[str, str] = {}
        atexit.register(self.drop)

    async def take(self) -> str:
        if self.idle:
            return self.idle.pop()
        name = f"test_{secrets.token_hex(8)}"
        await on_server(f'CREATE DATABASE "{name}"')
        self.schemas[name] = ""
        await _upgrade(address_of(name))
        assert await first_value(address_of(name), _FILLED) == 0
        self.schemas[name] = await first_value(address_of(name), _SCHEMA)
        return name

    async def give_back(self, name: str) -> None:
        """Empty again; a test that changed the schema keeps its database to itself."""
        if await first_value(address_of(name), _EMPTIED, _SCHEMA) == self.schemas[name]:
            self.idle.append(name)

    def drop(self) -> None:
        async def drop_all() -> None:
            for name in self.schemas:
                await on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

        if self.schemas:
            _beside_the_running_loop(drop_all())


_emptied = _Emptied()


@asynccontextmanager
async def empty_postgresql() -> AsyncIterator[str]:
    """The address of a migrated PostgreSQL database with nothing in it, nobody else's while this is open."""
    name = await _emptied.take()
    try:
        yield address_of(name)
    finally:
        await _emptied.give_back(name)
