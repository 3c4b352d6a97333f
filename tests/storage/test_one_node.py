"""One node per database, also after PostgreSQL was restarted and has forgotten whose it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from hotline.errors import Unavailable
from hotline.storage.database import Database
from hotline.worker import Worker
from tests.conftest import Opener


@asynccontextmanager
async def another_node(url: str) -> AsyncIterator[Database]:
    node = Database(url)
    try:
        yield node
    finally:
        await node.close()


async def the_server_drops_every_connection(url: str) -> None:
    async with another_node(url) as operator, operator.reading.connect() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


async def test_a_second_node_is_refused(migrated_url: str) -> None:
    async with another_node(migrated_url) as first, another_node(migrated_url) as second:
        await first.claim()
        await first.hold_claim()
        with pytest.raises(Unavailable):
            await second.claim()


async def test_a_restarted_postgresql_still_admits_one_node(migrated_url: str) -> None:
    async with another_node(migrated_url) as first, another_node(migrated_url) as second:
        await first.claim()
        if first.is_sqlite:
            return
        await the_server_drops_every_connection(migrated_url)
        await first.hold_claim()
        with pytest.raises(Unavailable):
            await second.claim()
        await first.hold_claim()


async def test_our_own_lost_connection_is_no_second_node(migrated_url: str) -> None:
    async with another_node(migrated_url) as first, another_node(migrated_url) as second:
        await first.claim()
        if first.is_sqlite:
            return
        cut_off, first._lock_connection = first._lock_connection, None
        await first.hold_claim()
        with pytest.raises(Unavailable):
            await second.claim()
        assert cut_off is not None
        await cut_off.invalidate()
        await cut_off.close()


async def test_a_node_whose_database_was_taken_stops(opened: Opener, migrated_url: str) -> None:
    async with opened() as hotline, another_node(migrated_url) as second:
        if hotline.database.is_sqlite:
            return
        await the_server_drops_every_connection(migrated_url)
        await second.claim()
        worker = Worker(hotline, {})
        worker.start()
        with pytest.raises(Unavailable):
            await asyncio.wait_for(hotline.ended, 10)
        await worker.close()
