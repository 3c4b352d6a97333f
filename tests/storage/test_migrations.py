"""The migrations make exactly the tables that the code declares, on both databases, and can be undone."""

from __future__ import annotations

import asyncio
import json

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


async def test_languages_become_skills_and_back(database_url: str) -> None:
    """What was known of somebody is known after the upgrade, and after going back."""
    database = Database(database_url)
    config = database.alembic_config()
    await asyncio.to_thread(command.upgrade, config, "0003")
    staff = (
        "INSERT INTO staff (id, username, name, roles, languages, skills, totp_confirmed, disabled, created_at,"
        " version) VALUES ('stf_1', 'li', 'Li', '[]', '[\"zh\", \"en\"]', '{\"youth\": 4}', false, false,"
        " '2026-03-02 03:00:00+00:00', 1)"
    )
    async with database.writing.begin() as connection:
        await connection.exec_driver_sql(staff)
    await asyncio.to_thread(command.upgrade, config, "head")

    async def seen(column: str) -> object:
        async with database.reading.connect() as connection:
            found = (await connection.exec_driver_sql(f"SELECT {column} FROM staff")).scalar_one()  # noqa: S608
        return json.loads(found) if isinstance(found, str) else found

    assert await seen("skills") == {"language:zh": 3, "language:en": 3, "youth": 4}
    await asyncio.to_thread(command.downgrade, config, "0003")
    assert (await seen("languages"), await seen("skills")) == (["zh", "en"], {"youth": 4})
    await database.close()
