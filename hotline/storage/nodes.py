"""What a start of this node leaves and finds in the store: its epoch, and the deadlines of the last one."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Table, func, insert, select

from hotline.storage.database import Database
from hotline.storage.tables.system import DeadlineRow, NodeRow

_NODES: Table = NodeRow.__table__  # type: ignore[attr-defined]
_DEADLINES: Table = DeadlineRow.__table__  # type: ignore[attr-defined]


async def new_epoch(database: Database, now: datetime) -> str:
    """Every start is a new stream of the journal."""
    async with database.reading.connect() as connection:
        number = (await connection.scalar(select(func.max(_NODES.c.number))) or 0) + 1
    epoch = f"n{number}-{secrets.token_hex(3)}"
    row = {"epoch": epoch, "started_at": now, "number": number}
    await database.write(lambda connection: connection.execute(insert(_NODES), row))
    return epoch


async def stored_deadlines(database: Database) -> dict[str, tuple[str, datetime]]:
    """subject → (noun, time)"""
    async with database.reading.connect() as connection:
        rows = (await connection.execute(select(_DEADLINES))).all()
    return {row.subject: (row.noun, row.due_at) for row in rows}
