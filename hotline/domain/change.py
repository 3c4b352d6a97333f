"""What a decision returns: the values to save, what happened, and what is owed to the outside.

A decision is pure: it is given what was loaded and the time, and returns a `Change`. It may be asked
again with the same input (when a row was missing, after a deadlock), so it must give the same answer.
Values are never changed in place: `value.model_copy(update={…})`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlmodel import SQLModel

Value = SQLModel
"""A noun's value as the domain knows it: it has an `id`."""

MACHINE = "machine"
PERSON = "person"
CARRIER = "carrier"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, in the past tense: `Event("contact", "level_raised", contact.id, actor, {…})`.

    `facts` go into the journal: ids, codes, times and numbers; never anything that a person said or is called.
    `actor` is a staff id, or MACHINE, PERSON, CARRIER.
    """

    noun: str
    what: str
    subject: str
    actor: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effect:
    """Something owed to the outside, in the imperative: `Effect("hang_up", contact.id, {"call_sid": …})`.

    `payload` holds ids and codes only; texts are read again, unsealed, when it is sent.
    `key` makes the effect once: the same key is never stored twice.
    """

    kind: str
    subject: str
    key: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """How far an owed effect has come: `sending`, `sent`, `failed`, or `pending` again from `next_at` on."""

    key: str
    state: str
    attempts: int
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """What happens next to a thing, and when, if nothing happens before."""

    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    save: tuple[Value, ...] = ()
    events: tuple[Event, ...] = ()
    effects: tuple[Effect, ...] = ()
    remove: tuple[Value, ...] = ()
    answer: Any = None
    settled: tuple[Settled, ...] = ()
    erase: tuple[str, ...] = ()
    """Subjects whose data key is destroyed: what was sealed under it can never be read again."""

    def then(self, other: Change) -> Change:
        """Both, in this order; the later answer wins where it has one."""
        return Change(
            self.save + other.save,
            self.events + other.events,
            self.effects + other.effects,
            self.remove + other.remove,
            self.answer if other.answer is None else other.answer,
            self.settled + other.settled,
            self.erase + other.erase,
        )

    def answering(self, answer: Any) -> Change:
        return replace(self, answer=answer)


NOTHING = Change()


# What was committed -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Saved:
    """One value of a committed unit, before and after it."""

    noun: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Committed:
    """What listeners hear of one committed unit. `first_seq` is the seq of its first event."""

    epoch: str
    first_seq: int
    at: datetime
    events: tuple[Event, ...]
    effects: tuple[Effect, ...]
    saved: dict[tuple[str, str], Saved]

    def after(self, noun: str, key: str) -> Any:
        saved = self.saved.get((noun, key))
        return saved.after if saved else None
