from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, Date, String
from sqlmodel import Field

from hotline.domain.ids import ContactId, MessageId, StaffId
from hotline.domain.triage_readings import TriageReading
from hotline.storage.nouns import Noun
from triage.assessment import Level


class TriageReadingRow(TriageReading, table=True):
    __tablename__ = "triage_readings"

    id: str = Field(primary_key=True)
    contact_id: ContactId = Field(sa_type=String, foreign_key="contacts.id", index=True)
    message_id: MessageId = Field(sa_type=String, foreign_key="messages.id")
    week: date = Field(sa_type=Date, index=True)
    staff_id: StaffId = Field(sa_type=String)
    given: Level = Field(sa_type=String)
    level: Level = Field(sa_type=String)
    kinds: list[str] = Field(sa_type=JSON)


TRIAGE_READINGS = Noun(
    "triage_reading",
    TriageReading,
    TriageReadingRow.__table__,  # type: ignore[attr-defined]
    tracked=("message_id", "given", "level"),
)
