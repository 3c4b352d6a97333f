"""Small looks into the store for `hotline doctor`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Table, func, select

from hotline.storage.database import Database
from hotline.storage.sealing import Sealer, Unreadable
from hotline.storage.tables.system import DataKeyRow, JournalRow

_DATA_KEYS: Table = DataKeyRow.__table__  # type: ignore[attr-defined]
_JOURNAL: Table = JournalRow.__table__  # type: ignore[attr-defined]


async def a_data_key_opens(database: Database, sealer: Sealer | None) -> bool:
    """True as well where nothing is stored yet. No sealer: there is no key at all."""
    async with database.reading.connect() as connection:
        row = (
            await connection.execute(select(_DATA_KEYS).where(_DATA_KEYS.c.wrapped != b"").limit(1))
        ).first()
    if row is None:
        return True
    if sealer is None:
        return False
    try:
        sealer.open_data_key(row.subject, row.wrapped)
    except Unreadable:
        return False
    return True


async def latest_journal_time(database: Database) -> datetime | None:
    async with database.reading.connect() as connection:
        latest: datetime | None = await connection.scalar(select(func.max(_JOURNAL.c.at)))
    return latest
