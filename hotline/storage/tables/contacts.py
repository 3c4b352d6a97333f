from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Table
from sqlmodel import Field, SQLModel

from hotline.domain import contact_moves
from hotline.domain.contacts import (
    Channel,
    Contact,
    ContactState,
    Delivery,
    Draft,
    EndedBy,
    InstrumentAnswers,
    LevelSource,
    LevelStep,
    Message,
    Note,
    Sender,
)
from hotline.domain.erasure import SEALED_OF_CONTACT
from hotline.domain.ids import (
    AlertId,
    ContactId,
    FollowupId,
    MessageId,
    NoteId,
    OfferId,
    PersonId,
    SchoolReportId,
    StaffId,
)
from hotline.storage.columns import Sealed
from hotline.storage.nouns import Noun
from triage.assessment import Level


class ContactRow(Contact, table=True):
    __tablename__ = "contacts"
    __table_args__ = (
        Index("contacts_by_state", "state", "opened_at"),
        Index("contacts_by_retention", "content_erased_at", "closed_at"),
    )

    id: ContactId = Field(primary_key=True, sa_type=String)
    channel: Channel = Field(sa_type=String)
    state: ContactState = Field(sa_type=String)
    nickname: str | None = Field(default=None, sa_type=Sealed)
    person_id: PersonId | None = Field(default=None, sa_type=String, index=True)
    number: str | None = Field(default=None, sa_type=Sealed)
    number_masked: str | None = Field(default=None, sa_type=Sealed)
    level: Level = Field(sa_type=String)
    peak_level: Level = Field(sa_type=String)
    level_source: LevelSource = Field(sa_type=String)
    kinds: list[str] = Field(sa_type=JSON)
    tags: list[str] = Field(sa_type=JSON)
    reasons: list[dict[str, Any]] = Field(sa_type=JSON)
    unassessed_seqs: list[int] = Field(sa_type=JSON)
    instrument_floor: Level | None = Field(default=None, sa_type=String)
    override_level: Level | None = Field(default=None, sa_type=String)
    override_by: StaffId | None = Field(default=None, sa_type=String)
    override_reason: str | None = Field(default=None, sa_type=Sealed)
    opened_at: datetime
    counselor_id: StaffId | None = Field(default=None, sa_type=String, index=True)
    joined: list[str] = Field(sa_type=JSON)
    offer_id: OfferId | None = Field(default=None, sa_type=String)
    offered_to_id: StaffId | None = Field(default=None, sa_type=String)
    also_offered: dict[str, str] = Field(sa_type=JSON, sa_column_kwargs={"server_default": "{}"})
    refused_by: list[str] = Field(sa_type=JSON)
    skills: list[str] = Field(sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    wished_counselor_id: StaffId | None = Field(default=None, sa_type=String)
    ended_by: EndedBy | None = Field(default=None, sa_type=String)
    note: str | None = Field(default=None, sa_type=Sealed)
    safety_plan: dict[str, str] | None = Field(default=None, sa_type=Sealed)
    feedback_comment: str | None = Field(default=None, sa_type=Sealed)
    alert_id: AlertId | None = Field(default=None, sa_type=String)
    school_report_id: SchoolReportId | None = Field(default=None, sa_type=String)
    line_flags: list[str] = Field(sa_type=JSON)
    followup_id: FollowupId | None = Field(default=None, sa_type=String)
    call_sid: str | None = Field(default=None, index=True)
    room: dict[str, Any] | None = Field(default=None, sa_type=Sealed)
    passed_on: dict[str, Any] | None = Field(default=None, sa_type=Sealed)
    text_address: str | None = Field(default=None, sa_type=Sealed)


class MessageRow(Message, table=True):
    __tablename__ = "messages"
    __table_args__ = (
        Index("messages_by_contact", "contact_id", "seq", unique=True),
        Index("messages_by_time", "at"),
    )

    id: MessageId = Field(primary_key=True, sa_type=String)
    contact_id: ContactId = Field(sa_type=String, foreign_key="contacts.id")
    sender: Sender = Field(sa_type=String)
    staff_id: StaffId | None = Field(default=None, sa_type=String)
    text: str = Field(sa_type=Sealed)
    level: Level | None = Field(default=None, sa_type=String)
    kinds: list[str] = Field(sa_type=JSON)
    evidence: list[dict[str, Any]] = Field(sa_type=JSON)
    delivery: Delivery | None = Field(default=None, sa_type=String)
    deliveries: list[dict[str, Any]] | None = Field(default=None, sa_type=JSON)


class NoteRow(Note, table=True):
    __tablename__ = "notes"

    id: NoteId = Field(primary_key=True, sa_type=String)
    contact_id: ContactId = Field(sa_type=String, foreign_key="contacts.id", index=True)
    staff_id: StaffId = Field(sa_type=String)
    text: str = Field(sa_type=Sealed)


class DraftRow(Draft, table=True):
    __tablename__ = "drafts"

    id: str = Field(primary_key=True)
    contact_id: ContactId = Field(sa_type=String, foreign_key="contacts.id", index=True)
    staff_id: StaffId = Field(sa_type=String)
    text: str = Field(sa_type=Sealed)


class InstrumentAnswersRow(InstrumentAnswers, table=True):
    __tablename__ = "instrument_answers"

    id: str = Field(primary_key=True)
    contact_id: ContactId = Field(sa_type=String, foreign_key="contacts.id", index=True)
    staff_id: StaffId = Field(sa_type=String)
    answers: dict[str, Any] = Field(sa_type=Sealed)
    level_floor: Level | None = Field(default=None, sa_type=String)


class LevelStepRow(LevelStep, table=True):
    __tablename__ = "level_steps"

    id: str = Field(primary_key=True)
    contact_id: ContactId = Field(sa_type=String, foreign_key="contacts.id", index=True)
    level: Level = Field(sa_type=String)
    source: LevelSource = Field(sa_type=String)
    kinds: list[str] = Field(sa_type=JSON)
    staff_id: StaffId | None = Field(default=None, sa_type=String)
    reason: str | None = Field(default=None, sa_type=Sealed)


def _of_contact(name: str, model: type[SQLModel], row: type[SQLModel], *sealed: str) -> Noun:
    table: Table = row.__table__  # type: ignore[attr-defined]
    return Noun(name, model, table, sealed=sealed, sealed_under="contact_id", lookups=("contact_id",))


NOTES = _of_contact("note", Note, NoteRow, "text")
DRAFTS = _of_contact("draft", Draft, DraftRow, "text")
INSTRUMENT_ANSWERS = _of_contact("instrument_answers", InstrumentAnswers, InstrumentAnswersRow, "answers")
LEVEL_STEPS = _of_contact("level_step", LevelStep, LevelStepRow, "reason")
CONTACTS = Noun(
    "contact",
    Contact,
    ContactRow.__table__,  # type: ignore[attr-defined]
    sealed=SEALED_OF_CONTACT,
    lookups=("counselor_id", "call_sid", "person_id"),
    due=contact_moves.due,
    tracked=("state", "level", "counselor_id", "version"),
)
MESSAGES = Noun(
    "message",
    Message,
    MessageRow.__table__,  # type: ignore[attr-defined]
    sealed=("text",),
    sealed_under="contact_id",
    lookups=("contact_id",),
    tracked=("contact_id", "seq"),
)
