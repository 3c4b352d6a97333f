"""People read a weekly sample of messages that triage found harmless, and say what each really is.

The sample: of every week that is over, the messages of each language graded none or low whose keyed hash of (week,
message) is smallest. So it is random, nobody can choose it, and it is the same whenever it is asked for.
A reading is a label: (the message's own words, the level a person gave). The words stay in the message, sealed.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from sqlmodel import Field, SQLModel

from hotline.domain.change import Change, Event
from hotline.domain.contacts import Message
from hotline.domain.ids import ContactId, MessageId, StaffId, derived_id
from triage.assessment import Level

SAMPLED = (Level.NONE, Level.LOW)
SAMPLED_PER_LANGUAGE = 20
"""A quarter of an hour of reading; if 1 % were missed, a year of weeks would find about ten."""

Verdict = Literal["right", "missed", "too_high"]


class TriageReading(SQLModel):
    """`given` is triage's level, `level` the reader's. One for each message: the last one stands."""

    id: str
    contact_id: ContactId
    message_id: MessageId
    week: date
    staff_id: StaffId
    given: Level
    level: Level
    kinds: list[str] = Field(default_factory=list)
    at: datetime


def reading_id(message_id: str) -> str:
    return derived_id("rdg", message_id)


def verdict(given: Level, level: Level) -> Verdict:
    if level.rank == given.rank:
        return "right"
    return "missed" if level.rank > given.rank else "too_high"


def read(
    message: Message, week: date, level: Level, kinds: list[str], staff_id: StaffId, now: datetime
) -> Change:
    """A person read the message and says what level it calls for."""
    given = message.level or Level.UNASSESSED
    reading = TriageReading(
        id=reading_id(message.id),
        contact_id=message.contact_id,
        message_id=message.id,
        week=week,
        staff_id=staff_id,
        given=given,
        level=level,
        kinds=kinds,
        at=now,
    )
    facts = {"message_id": message.id, "given": given, "level": level, "verdict": verdict(given, level)}
    return Change(
        (reading,), (Event("triage_reading", "given", reading.id, staff_id, facts),), answer=reading
    )
