from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlmodel import Field

from hotline.domain.ids import PersonId
from hotline.domain.people import Person
from hotline.storage.columns import Sealed
from hotline.storage.nouns import Noun


class PersonRow(Person, table=True):
    __tablename__ = "people"

    id: PersonId = Field(primary_key=True, sa_type=String)
    phone_hash: str | None = Field(default=None, unique=True)
    number: str | None = Field(default=None, sa_type=Sealed)
    number_masked: str | None = Field(default=None, sa_type=Sealed)
    first_seen_at: datetime


PEOPLE = Noun(
    "person",
    Person,
    PersonRow.__table__,  # type: ignore[attr-defined]
    sealed=("number", "number_masked"),
    lookups=("phone_hash",),
)
