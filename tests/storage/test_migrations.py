"""The migrations make exactly the tables that the code declares, on both databases, and can be undone."""

from __future__ import annotations

import asyncio

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlmodel import SQLModel

from hotline.storage.database import Database


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, SQLModel.metadata))


async def test_the_migrated_schema_is_the_declared_one(database_url: str) -> None:
    database = Database(database_url)
    await database.upgrade()
    async with database.reading.connect() as connection:
        assert await connection.run_sync(_differences) == []
    await asyncio.to_thread(command.downgrade, database.alembic_config(), "base")
    async with database.reading.connect() as connection:
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert set(tables) <= {"alembic_version"}
    await database.close()
