"""Which version the database's schema has, and which one this program has."""

from __future__ import annotations

from dataclasses import dataclass

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from hotline.storage.database import Database


@dataclass(frozen=True, slots=True)
class SchemaState:
    stored: str | None
    """None: an empty database."""
    wanted: str

    @property
    def is_current(self) -> bool:
        return self.stored == self.wanted


async def schema_state(database: Database) -> SchemaState:
    script = ScriptDirectory.from_config(database.alembic_config())
    async with database.reading.connect() as connection:
        stored = await connection.run_sync(
            lambda sync: MigrationContext.configure(sync).get_current_revision()
        )
    return SchemaState(stored, script.get_current_head() or "")
