"""Databases for tests: migrated once per run by the product's own migrations, then copied for each test."""

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
from collections.abc import Coroutine
from contextlib import closing
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
    url = make_url(POSTGRESQL).set(drivername="postgresql")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))  # type: ignore[no-untyped-call]
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def address_of(name: str) -> str:
    return make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)


@functools.cache
def _postgresql_template() -> str:
    name = f"template_{secrets.token_hex(6)}"

    async def make() -> None:
        await on_server(f'CREATE DATABASE "{name}"')
        await _upgrade(address_of(name))

    _beside_the_running_loop(make())
    return name


async def migrated_postgresql() -> str:
    """The name of a new, migrated PostgreSQL database."""
    name = f"test_{secrets.token_hex(8)}"
    await on_server(f'CREATE DATABASE "{name}" TEMPLATE "{_postgresql_template()}"')
    return name
