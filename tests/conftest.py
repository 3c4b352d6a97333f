"""What tests of the running service share: a real store on SQLite and on PostgreSQL, a clock that is set by hand.

Each test has a database to itself. PostgreSQL comes from `HOTLINE_TEST_POSTGRESQL_URL`, which `./scripts/test`
starts and names; without it only the SQLite half of a test is collected.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from hotline.bootstrap import open_hotline
from hotline.clock import Clock
from hotline.service import Hotline
from hotline.settings import load_settings
from tests import compiled_statements
from tests.databases import POSTGRESQL, address_of, empty_postgresql, migrated_sqlite, on_server
from triage.assessor import Assessor, InlineAssessor

compiled_statements.share()

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


@pytest.fixture(params=DATABASES)
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of an empty database: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'hotline.sqlite3'}"
        return
    name = f"test_{secrets.token_hex(8)}"
    await on_server(f'CREATE DATABASE "{name}"')
    yield address_of(name)
    await on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=DATABASES)
async def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a database with the schema of this version and nothing in it."""
    if request.param == "sqlite":
        yield migrated_sqlite(tmp_path / "hotline.sqlite3")
        return
    async with empty_postgresql() as url:
        yield url


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


class Opener(Protocol):
    def __call__(
        self, *, clock: Clock | None = None, assessor: Assessor | None = None, work: bool = False
    ) -> AbstractAsyncContextManager[Hotline]: ...


@pytest.fixture
def opened(migrated_url: str, tmp_path: Path, clock: SetClock) -> Opener:
    """Opens the service on this test's database, as often as the test restarts it."""
    settings = load_settings(data_dir=tmp_path, database_url=migrated_url)
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


_TURNS = 5  # of the loop, in which what was just begun says that it is busy
_PATIENCE_SECONDS = 10.0


async def settle(hotline: Hotline) -> None:
    """Until everything that follows from what was done has been done: offers made, late assessments saved."""
    for _ in range(200):
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        if not hotline.matcher.is_busy and not hotline.background.is_busy:
            return
        running = hotline.matcher._tasks | hotline.background._tasks
        if running:
            await asyncio.wait(running, timeout=_PATIENCE_SECONDS)
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
