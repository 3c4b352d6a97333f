"""What triage said, as columns and codes: for figures over weeks. Reads no sealed column and nobody's words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, or_, select

from hotline.domain.contacts import FROM_PERSON, LevelSource
from hotline.domain.triage_drift import Judged
from hotline.storage.reading import Reader
from hotline.storage.tables.contacts import ContactRow, LevelStepRow, MessageRow
from triage.assessment import Level

_MESSAGES: Table = MessageRow.__table__  # type: ignore[attr-defined]
_CONTACTS: Table = ContactRow.__table__  # type: ignore[attr-defined]
_STEPS: Table = LevelStepRow.__table__  # type: ignore[attr-defined]

PAGE = 1_000
"""Rows at a time: some ten milliseconds of the event loop, between which others are served."""


def _said(since: datetime, until: datetime) -> ColumnElement[bool]:
    m = _MESSAGES.c
    return and_(m.at >= since, m.at < until, m.sender.in_(FROM_PERSON), m.level.is_not(None))


def _after(at: datetime, key: str) -> ColumnElement[bool]:
    m = _MESSAGES.c
    return or_(m.at > at, and_(m.at == at, m.id > key))


async def judged(reader: Reader, since: datetime, until: datetime) -> AsyncIterator[Judged]:
    """Every help-seeker's message of this time that triage was asked about."""
    m = _MESSAGES.c
    statement = (
        select(
            m.id,
            m.at,
            m.contact_id,
            _CONTACTS.c.channel,
            m.lang,
            m.level,
            m.score,
            m.triage_seconds,
            m.evidence,
        )
        .join(_CONTACTS, _CONTACTS.c.id == m.contact_id)
        .where(_said(since, until))
        .order_by(m.at, m.id)
        .limit(PAGE)
    )
    page = await reader.rows(statement)
    while page:
        for row in page:
            cues = tuple(each["cue"] for each in row.evidence)
            level, lang = Level(row.level), row.lang or "unknown"
            yield Judged(row.contact_id, row.channel, lang, level, row.score, row.triage_seconds, cues)
        last = page[-1]
        page = await reader.rows(statement.where(_after(last.at, last.id))) if len(page) == PAGE else ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that may be sampled."""

    id: str
    contact_id: str
    at: datetime
    channel: str
    lang: str
    level: Level


async def graded(
    reader: Reader, since: datetime, until: datetime, levels: tuple[Level, ...]
) -> AsyncIterator[Candidate]:
    """Every help-seeker's message of this time that was given one of these levels."""
    m = _MESSAGES.c
    statement = (
        select(m.id, m.at, m.contact_id, _CONTACTS.c.channel, m.lang, m.level)
        .join(_CONTACTS, _CONTACTS.c.id == m.contact_id)
        .where(_said(since, until), m.level.in_(levels))
        .order_by(m.at, m.id)
        .limit(PAGE)
    )
    page = await reader.rows(statement)
    while page:
        for row in page:
            yield Candidate(
                row.id, row.contact_id, row.at, row.channel, row.lang or "unknown", Level(row.level)
            )
        last = page[-1]
        page = await reader.rows(statement.where(_after(last.at, last.id))) if len(page) == PAGE else ()


async def level_steps(
    reader: Reader, since: datetime, until: datetime
) -> list[tuple[str, datetime, Level, bool]]:
    """The steps, in order, of the contacts in which a person set the level in this time: for `turned`."""
    s = _STEPS.c
    overridden = select(s.contact_id).where(s.source == LevelSource.OVERRIDE, s.at >= since, s.at < until)
    statement = (
        select(s.contact_id, s.at, s.level, s.source)
        .where(s.contact_id.in_(overridden), s.at < until)
        .order_by(s.at, s.id)
    )
    rows = await reader.rows(statement)
    return [(row.contact_id, row.at, Level(row.level), row.source == LevelSource.OVERRIDE) for row in rows]
