"""Which rows have had their time: a few ids at once, by indexes. Whether they really go is decided one by one
(`domain/retention.py`); what is left out here only keeps the same few from being looked at again and again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select

from hotline.domain.contacts import Channel, ContactState
from hotline.domain.retention import SOUND_LEFT, SOUND_MADE, TO_BE_HEARD
from hotline.domain.school_reports import ReportState
from hotline.domain.shift_swaps import OPEN
from hotline.storage.nouns import Noun
from hotline.storage.tables.alerts import ALERTS
from hotline.storage.tables.contacts import CONTACTS
from hotline.storage.tables.followups import FOLLOWUPS
from hotline.storage.tables.line import VOICEMAILS
from hotline.storage.tables.people import PEOPLE
from hotline.storage.tables.recordings import LEGAL_HOLDS, RECORDINGS
from hotline.storage.tables.school_reports import SCHOOL_REPORTS
from hotline.storage.tables.shifts import SHIFT_SWAPS


def old_contacts(before: datetime, limit: int, *, texts: bool) -> Select[Any]:
    """Ids; `texts`: of text messages, or of all other channels."""
    contact, sound, message = CONTACTS.table.c, RECORDINGS.table.c, VOICEMAILS.table.c
    person = PEOPLE.table.c
    of_texts = contact.channel == Channel.SMS
    return (
        select(contact.id)
        .where(
            contact.content_erased_at.is_(None),
            contact.closed_at <= before,
            contact.state == ContactState.CLOSED,
            of_texts if texts else ~of_texts,
            ~_held(contact.id),
            ~_ended_later(ALERTS, contact.id, before),
            ~_ended_later(FOLLOWUPS, contact.id, before),
            ~exists().where(sound.contact_id == contact.id, sound.state.in_(SOUND_MADE)),
            ~exists().where(
                message.contact_id == contact.id,
                or_(message.state.in_(TO_BE_HEARD), message.audio.in_(SOUND_LEFT)),
            ),
            ~exists().where(person.id == contact.person_id, person.last_seen_at > before),
        )
        .order_by(contact.closed_at)
        .limit(limit)
    )


def _held(contact_id: ColumnElement[str]) -> ColumnElement[bool]:
    hold = LEGAL_HOLDS.table.c
    return exists().where(hold.contact_id == contact_id, hold.lifted_at.is_(None))


def _ended_later(noun: Noun, contact_id: ColumnElement[str], before: datetime) -> ColumnElement[bool]:
    column = noun.table.c
    later = or_(column.ended_at.is_(None), column.ended_at > before)
    return exists().where(column.contact_id == contact_id, later)


def old_reports(before: datetime, limit: int) -> Select[Any]:
    report = SCHOOL_REPORTS.table.c
    return (
        select(report.id)
        .where(
            report.content_erased_at.is_(None),
            report.state == ReportState.CLOSED,
            report.closed_at <= before,
            ~_held(report.contact_id),
        )
        .order_by(report.closed_at)
        .limit(limit)
    )


def old_swaps(before: datetime, limit: int) -> Select[Any]:
    swap = SHIFT_SWAPS.table.c
    over = swap.over_at <= before
    return select(swap.id).where(swap.state.notin_(OPEN), over).order_by(swap.over_at).limit(limit)
