"""What tests of the running service share: a real store on SQLite and on PostgreSQL, a clock that is set by hand.

Each test has a database of its own. PostgreSQL comes from `HOTLINE_TEST_POSTGRESQL_URL`, which `./scripts/test`
starts and names; without it only the SQLite half of a test is collected.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from hotline.bootstrap import open_hotline
from hotline.clock import Clock
from hotline.service import Hotline
from hotline.settings import load_settings
from triage.assessor import Assessor, InlineAssessor

POSTGRESQL = os.environ.get("HOTLINE_TEST_POSTGRESQL_URL", "")
DATABASES = ["sqlite", "postgresql"] if POSTGRESQL else ["sqlite"]
START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


async def _on_server(statement: str) -> None:
    url = make_url(POSTGRESQL).set(drivername="postgresql")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))  # type: ignore[no-untyped-call]
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(params=DATABASES)
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of an empty database: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'hotline.sqlite3'}"
        return
    name = f"test_{secrets.token_hex(8)}"
    await _on_server(f'CREATE DATABASE "{name}"')
    yield make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)
    await _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


class Opener(Protocol):
    def __call__(
        self, *, clock: Clock | None = None, assessor: Assessor | None = None, work: bool = False
    ) -> AbstractAsyncContextManager[Hotline]: ...


@pytest.fixture
def opened(database_url: str, tmp_path: Path, clock: SetClock) -> Opener:
    """Opens the service on this test's database, as often as the test restarts it."""
    settings = load_settings(data_dir=tmp_path, database_url=database_url)
    given_clock = clock

    @asynccontextmanager
    async def open_it(
        *, clock: Clock | None = None, assessor: Assessor | None = None, work: bool = False
    ) -> AsyncIterator[Hotline]:
        async with open_hotline(
            settings, clock=clock or given_clock, assessor=assessor or InlineAssessor(), work=work
        ) as hotline:
            yield hotline

    return open_it


@pytest.fixture
async def hotline(opened: Opener) -> AsyncIterator[Hotline]:
    """The running service with a standing clock and no worker: deadlines are woken by `wake`."""
    async with opened() as hotline:
        yield hotline


async def settle(hotline: Hotline) -> None:
    """Until everything that follows from what was done has been done: offers made, late assessments saved."""
    for _ in range(200):
        await asyncio.sleep(0.005)
        if not hotline.matcher.is_busy and not hotline.background.is_busy:
            return
    raise AssertionError("the service does not come to rest")


async def wake(hotline: Hotline) -> None:
    """Run the actions of every deadline that has come, as the worker does."""
    from hotline.bootstrap import ON_DEADLINE

    now = hotline.clock.now()
    for subject, (noun, at) in tuple(hotline.writer.deadlines.items()):
        if at <= now:
            hotline.writer.firing.add(subject)
            try:
                await ON_DEADLINE[noun](hotline, subject)
            finally:
                hotline.writer.firing.discard(subject)
    await settle(hotline)
