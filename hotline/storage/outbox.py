"""The outbox's reading side: what is owed to the outside and was not settled. It is written by the writer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from hotline.storage.reading import Reader
from hotline.storage.tables.system import OutboxRow


@dataclass(frozen=True, slots=True)
class Owed:
    """One owed effect. `sending` at start means: a crash came between sending and noting the answer."""

    key: str
    kind: str
    subject: str
    payload: Mapping[str, Any]
    state: str
    attempts: int
    next_at: datetime
    made_at: datetime


async def unsettled(reader: Reader) -> list[Owed]:
    """Oldest first."""
    table = OutboxRow.__table__  # type: ignore[attr-defined]
    columns = [table.c[name] for name in Owed.__dataclass_fields__]
    statement = (
        select(*columns)
        .where(table.c.state.in_(("pending", "sending")))
        .order_by(table.c.made_at, table.c.key)
    )
    return [Owed(*row) for row in await reader.rows(statement)]
