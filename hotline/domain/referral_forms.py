"""What people fill in: the application (form A), consent, and what each later move brings with it.

Field names follow the national forms as far as they are known; the Measures' own seven templates could not
be read. Nothing here is a diagnosis of ours: diagnosis, medication and danger grade are only ever copied
from a hospital's or the health service's record, and say so.

`gaps` names everything that is missing at once, by JSON path, and holds the law of consent:

- it was given, by whom, when and how, for which parts, to which named receivers;
- under 14 it is the guardian's (Personal Information Protection Law, art. 31);
- nothing is passed on that it does not cover.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal

from sqlmodel import Field, SQLModel

from hotline.domain.referral_codes import CONSENT_WAYS, NEEDS, Channel, ConsentBy, ConsentScope
from hotline.errors import FieldProblem

_STRICT = {"extra": "forbid", "hide_input_in_errors": True}
_GUARDIAN_CONSENTS_BELOW = 14  # years: PIPL art. 31

_LONGEST_NAME = 200
LONG = 2000  # characters of any note or reason


class ReferralPerson(SQLModel):
    """Whom it is about. `sex` by GB/T 2261.1: 0 unknown, 1 male, 2 female, 9 not stated."""

    model_config = _STRICT  # type: ignore[assignment]

    name: str | None = Field(default=None, max_length=100)
    sex: Literal["0", "1", "2", "9"] | None = None
    birth_date: date | None = None
    id_type: str | None = Field(default=None, max_length=20)
    id_number: str | None = Field(default=None, max_length=40)
    phone: str | None = Field(default=None, max_length=40)
    address: str | None = Field(default=None, max_length=300)
    division_code: str | None = Field(default=None, max_length=12)
    guardian_name: str | None = Field(default=None, max_length=100)
    guardian_relation: str | None = Field(default=None, max_length=40)
    guardian_phone: str | None = Field(default=None, max_length=40)
    marital_status: str | None = Field(default=None, max_length=40)
    education: str | None = Field(default=None, max_length=40)
    occupation: str | None = Field(default=None, max_length=60)
    economic_status: str | None = Field(default=None, max_length=60)
    insurance: str | None = Field(default=None, max_length=60)
    disability_certificate: str | None = Field(default=None, max_length=60)


class HealthFacts(SQLModel):
    """Copied from a hospital's or the health service's record, which `source` names."""

    model_config = _STRICT  # type: ignore[assignment]

    source: str | None = Field(default=None, max_length=200)
    diagnosis: str | None = Field(default=None, max_length=300)
    diagnosed_on: date | None = None
    medication: str | None = Field(default=None, max_length=500)
    last_discharge_on: date | None = None
    registered_severe: Literal["yes", "no", "unknown"] | None = None
    danger_grade: int | None = Field(default=None, ge=0, le=5)


class Consent(SQLModel):
    """`receivers` are institution ids or names; whoever is not named here gets nothing."""

    model_config = _STRICT  # type: ignore[assignment]

    given: bool = False
    by: ConsentBy | None = None
    how: str | None = Field(default=None, max_length=40)
    at: datetime | None = None
    scope: list[ConsentScope] = Field(default_factory=list, max_length=10)
    receivers: list[str] = Field(default_factory=list, max_length=10)


class Application(SQLModel):
    model_config = _STRICT  # type: ignore[assignment]

    channel: Channel = Channel.OTHER
    person: ReferralPerson = Field(default_factory=ReferralPerson)
    health: HealthFacts | None = None
    needs: list[str] = Field(default_factory=list, max_length=len(NEEDS))
    district: str | None = Field(default=None, max_length=60)
    preferred_institution_id: str | None = Field(default=None, max_length=60)
    consent: Consent = Field(default_factory=Consent)
    note: str | None = Field(default=None, max_length=LONG)
    risk_note: str | None = Field(default=None, max_length=LONG)


class MoveForm(SQLModel):
    """What a move brings with it; which fields it needs stands in the tables of moves."""

    model_config = _STRICT  # type: ignore[assignment]

    version: int
    note: str | None = Field(default=None, max_length=LONG)
    reason: str | None = Field(default=None, max_length=LONG)
    application: Application | None = None
    checks: list[str] = Field(default_factory=list, max_length=10)
    institution_id: str | None = Field(default=None, max_length=60)
    receiver_consent: str | None = Field(default=None, max_length=40)
    decline_reason: str | None = Field(default=None, max_length=40)
    services: list[str] = Field(default_factory=list, max_length=len(NEEDS))
    closure_code: str | None = Field(default=None, max_length=40)
    reached: bool | None = None
    way: Literal["phone", "visit", "online"] | None = None
    details: dict[str, str] = Field(default_factory=dict, max_length=40)


DETAILS: dict[str, frozenset[str]] = {
    "register": frozenset({"identity_checked_by", "medical_opinion", "special_conditions"}),
    "refer": frozenset({"urgency", "documents"}),
    "found_suitable": frozenset(
        {"mental_state", "insight", "physical_health", "daily_living", "social_function", "work_ability"}
        | {"family_support", "strengths", "wishes", "instruments", "risk_plan", "assessors"}
    ),
    "found_unsuitable": frozenset({"mental_state", "physical_health", "assessors", "advice"}),
    "sign": frozenset({"place", "schedule", "term", "fees", "emergency_contact", "plan", "signed_on"}),
    "continue": frozenset({"attendance", "goals", "change", "incidents", "plan"}),
    "propose_closing": frozenset({"goals", "change", "aftercare"}),
    "visit": frozenset(
        {"living", "medication", "symptoms", "rehospitalised", "work_or_school", "risk_asked", "needs"}
        | {"satisfaction", "action"}
    ),
}
"""Forms B to H: what a move may record beside its codes. Values are plain words of at most `LONG`."""


def age_on(birth_date: date, day: date) -> int:
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def gaps(application: Application, today: date) -> tuple[FieldProblem, ...]:
    """All that keeps this application from being submitted."""
    return (*_person_gaps(application, today), *_need_gaps(application), *_consent_gaps(application, today))


def _person_gaps(application: Application, today: date) -> Iterator[FieldProblem]:
    person = application.person
    if not (person.name or "").strip():
        yield FieldProblem("person.name", "needed")
    if not (person.phone or person.guardian_phone):
        yield FieldProblem("person.phone", "needed: theirs or the guardian's")
    if person.birth_date is not None and not 0 <= age_on(person.birth_date, today) <= 130:
        yield FieldProblem("person.birth_date", "not a likely date of birth")


def _need_gaps(application: Application) -> Iterator[FieldProblem]:
    if not application.needs:
        yield FieldProblem("needs", "at least one")
    if any(need not in NEEDS for need in application.needs):
        yield FieldProblem("needs", "unknown code")
    if not application.district:
        yield FieldProblem("district", "needed")
    health = application.health
    if health is not None and not (health.source or "").strip():
        yield FieldProblem("health.source", "needed: which record this was copied from")


def _consent_gaps(application: Application, today: date) -> Iterator[FieldProblem]:
    consent = application.consent
    if not consent.given:
        yield FieldProblem("consent.given", "nothing is passed on without consent")
        return
    if consent.by is None:
        yield FieldProblem("consent.by", "needed: the person or the guardian")
    if consent.how not in CONSENT_WAYS:
        yield FieldProblem("consent.how", "needed" if not consent.how else "unknown code")
    if not [each for each in consent.receivers if each.strip()]:
        yield FieldProblem("consent.receivers", "needed: who will receive it")
    if any(len(each) > _LONGEST_NAME for each in consent.receivers):
        yield FieldProblem("consent.receivers", "too long")
    for part in sorted(parts_of(application) - set(consent.scope)):
        yield FieldProblem("consent.scope", f"does not cover: {part}")
    born = application.person.birth_date
    if born is not None and age_on(born, today) < _GUARDIAN_CONSENTS_BELOW and consent.by is ConsentBy.PERSON:
        yield FieldProblem("consent.by", "under 14 the guardian consents")


def parts_of(application: Application) -> set[ConsentScope]:
    """Which kinds of information this application holds."""
    parts = {ConsentScope.IDENTITY, ConsentScope.NEEDS}
    if application.note:
        parts.add(ConsentScope.SUMMARY)
    if application.health is not None:
        parts.add(ConsentScope.HEALTH)
    if application.risk_note or (application.health and application.health.danger_grade is not None):
        parts.add(ConsentScope.RISK)
    return parts
