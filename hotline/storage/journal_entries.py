"""Reading the journal, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Table, and_, or_, select

from hotline.storage.reading import Reader
from hotline.storage.tables.system import JournalRow, NodeRow

_JOURNAL: Table = JournalRow.__table__  # type: ignore[attr-defined]
_NODES: Table = NodeRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class JournalEntry:
    node: int
    """The start of the node that wrote it: 1 is the first ever."""
    seq: int
    at: datetime
    actor: str
    noun: str
    what: str
    subject: str
    facts: dict[str, Any]


async def entries(
    reader: Reader, *, subject: str | None = None, before: tuple[int, int] | None = None, limit: int
) -> list[JournalEntry]:
    """`before`: (node, seq) of the last one of the page before."""
    statement = (
        select(_JOURNAL, _NODES.c.number)
        .join(_NODES, _NODES.c.epoch == _JOURNAL.c.epoch)
        .order_by(_NODES.c.number.desc(), _JOURNAL.c.seq.desc())
        .limit(limit)
    )
    if subject is not None:
        statement = statement.where(_JOURNAL.c.subject == subject)
    if before is not None:
        node, seq = before
        statement = statement.where(
            or_(_NODES.c.number < node, and_(_NODES.c.number == node, _JOURNAL.c.seq < seq))
        )
    return [_entry(row) for row in await reader.rows(statement)]


def _entry(row: Any) -> JournalEntry:
    facts: dict[str, Any] = orjson.loads(row.entry).get("facts", {})
    return JournalEntry(row.number, row.seq, row.at, row.actor, row.noun, row.what, row.subject, facts)
