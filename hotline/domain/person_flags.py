"""What whoever serves a person must know before the first word, for a time: a flag on the person.

    set ──▶ standing ──lift──▶ over
                │
                └──its time comes──▶ over

| code             | says                                                   | stands at most |
|------------------|--------------------------------------------------------|----------------|
| violence_risk    | whoever goes there does not go alone                   | 180 days       |
| no_voicemail     | others hear it: leave no message, say no name          | a year         |
| interpreter      | which language or sign language is needed              | two years      |
| unsafe_to_text   | others read the phone                                  | a year         |
| guardian_agreed  | a guardian knows and may be called                     | a year         |
| other            | what the note says                                     | 180 days       |

A flag never stands for ever: what is not renewed by a person falls away, so that nobody is marked for life.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import SQLModel

from hotline.domain.change import MACHINE, Change, Due, Event
from hotline.domain.ids import PersonFlagId, PersonId, StaffId
from hotline.domain.service_rules import ServiceRules
from hotline.errors import FieldProblem, Invalid, WrongState


class FlagCode(StrEnum):
    VIOLENCE_RISK = "violence_risk"
    NO_VOICEMAIL = "no_voicemail"
    INTERPRETER = "interpreter"
    UNSAFE_TO_TEXT = "unsafe_to_text"
    GUARDIAN_AGREED = "guardian_agreed"
    OTHER = "other"


_HALF_A_YEAR, _YEAR = timedelta(days=180), timedelta(days=365)
STANDS_AT_MOST: dict[FlagCode, timedelta] = {
    FlagCode.VIOLENCE_RISK: _HALF_A_YEAR,
    FlagCode.NO_VOICEMAIL: _YEAR,
    FlagCode.INTERPRETER: 2 * _YEAR,
    FlagCode.UNSAFE_TO_TEXT: _YEAR,
    FlagCode.GUARDIAN_AGREED: _YEAR,
    FlagCode.OTHER: _HALF_A_YEAR,
}


class PersonFlag(SQLModel):
    """`ended_by` is None where its time came."""

    id: PersonFlagId
    person_id: PersonId
    code: FlagCode
    note: str | None = None
    set_by: StaffId
    set_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    ended_by: StaffId | None = None


def stands(flag: PersonFlag, now: datetime) -> bool:
    return flag.ended_at is None and flag.expires_at > now


def due(flag: PersonFlag, _rules: ServiceRules) -> Due | None:
    return Due("flag_expires", flag.expires_at) if flag.ended_at is None else None


def put(flag: PersonFlag, now: datetime) -> Change:
    """A new flag; refused if it would stand too long or already be over."""
    if flag.expires_at <= now:
        raise Invalid("A flag ends in the future.", fields=(FieldProblem("expires_at", "lies in the past"),))
    if flag.expires_at > now + STANDS_AT_MOST[flag.code]:
        problem = f"is more than {STANDS_AT_MOST[flag.code].days} days away"
        raise Invalid("A flag does not stand so long.", fields=(FieldProblem("expires_at", problem),))
    return _changed(flag, "set", flag.set_by)


def lift(flag: PersonFlag, actor: StaffId, now: datetime) -> Change:
    if flag.ended_at is not None:
        raise WrongState("The flag is over already.")
    return _changed(flag.model_copy(update={"ended_at": now, "ended_by": actor}), "lifted", actor)


def on_deadline(flag: PersonFlag, now: datetime, rules: ServiceRules) -> Change:
    next_due = due(flag, rules)
    if next_due is None or next_due.at > now:
        return Change(answer=flag)
    return _changed(flag.model_copy(update={"ended_at": now}), "expired", MACHINE)


def _changed(flag: PersonFlag, what: str, actor: str) -> Change:
    facts = {"person_id": flag.person_id, "code": flag.code, "expires_at": flag.expires_at}
    return Change((flag,), (Event("person_flag", what, flag.id, actor, facts),), answer=flag)
