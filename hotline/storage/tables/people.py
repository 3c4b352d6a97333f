from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlmodel import Field

from hotline.domain import person_flags
from hotline.domain.ids import PersonFlagId, PersonId, StaffId
from hotline.domain.people import Person
from hotline.domain.person_flags import FlagCode, PersonFlag
from hotline.domain.text_consent import TextConsent
from hotline.storage.columns import Sealed
from hotline.storage.nouns import Noun


class PersonRow(Person, table=True):
    __tablename__ = "people"

    id: PersonId = Field(primary_key=True, sa_type=String)
    phone_hash: str | None = Field(default=None, unique=True)
    number: str | None = Field(default=None, sa_type=Sealed)
    number_masked: str | None = Field(default=None, sa_type=Sealed)
    first_seen_at: datetime
    plan: str | None = Field(default=None, sa_type=Sealed)
    plan_by: StaffId | None = Field(default=None, sa_type=String)


class PersonFlagRow(PersonFlag, table=True):
    __tablename__ = "person_flags"

    id: PersonFlagId = Field(primary_key=True, sa_type=String)
    person_id: PersonId = Field(sa_type=String, foreign_key="people.id", index=True)
    code: FlagCode = Field(sa_type=String)
    note: str | None = Field(default=None, sa_type=Sealed)
    set_by: StaffId = Field(sa_type=String)
    ended_by: StaffId | None = Field(default=None, sa_type=String)


class TextConsentRow(TextConsent, table=True):
    __tablename__ = "text_consents"

    id: str = Field(primary_key=True)
    person_id: PersonId = Field(sa_type=String, foreign_key="people.id", index=True)


PEOPLE = Noun(
    "person",
    Person,
    PersonRow.__table__,  # type: ignore[attr-defined]
    sealed=("number", "number_masked", "plan"),
    lookups=("phone_hash",),
)
PERSON_FLAGS = Noun(
    "person_flag",
    PersonFlag,
    PersonFlagRow.__table__,  # type: ignore[attr-defined]
    sealed=("note",),
    sealed_under="person_id",
    lookups=("person_id",),
    due=person_flags.due,
    tracked=("person_id", "code"),
)
TEXT_CONSENTS = Noun(
    "text_consent",
    TextConsent,
    TextConsentRow.__table__,  # type: ignore[attr-defined]
    tracked=("person_id", "stopped"),
)
