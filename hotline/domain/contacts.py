"""A contact: one encounter, by chat, call, SMS, school report or walk-in, with what belongs to it.

What can happen to it is in `contact_moves.py`; levels are `risk.py`'s; who is offered what is `routing.py`'s.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

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
from triage.assessment import Level


class Channel(StrEnum):
    CHAT = "chat"
    CALL = "call"
    SMS = "sms"
    SCHOOL = "school"
    WALK_IN = "walk_in"


class ContactState(StrEnum):
    WAITING = "waiting"
    ACTIVE = "active"
    WRAP_UP = "wrap_up"
    CLOSED = "closed"


class Sender(StrEnum):
    HELP_SEEKER = "help_seeker"
    COUNSELOR = "counselor"
    SUPERVISOR = "supervisor"
    AUTOMATIC = "automatic"
    TRANSCRIPT_HELP_SEEKER = "transcript_help_seeker"
    TRANSCRIPT_COUNSELOR = "transcript_counselor"


class Delivery(StrEnum):
    """How far a text message has come on its way to the person's phone, in the order in which it is believed."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    UNDELIVERED = "undelivered"
    DELIVERED = "delivered"


class EndedBy(StrEnum):
    PERSON = "person"
    COUNSELOR = "counselor"
    SILENCE = "silence"
    CARRIER = "carrier"
    SUPERVISOR = "supervisor"


class LevelSource(StrEnum):
    TRIAGE = "triage"
    OVERRIDE = "override"
    INSTRUMENT = "instrument"
    REPORT = "report"
    KEY = "key"
    NONE = "none"


class Contact(SQLModel):
    id: ContactId
    channel: Channel
    state: ContactState = ContactState.WAITING
    version: int = 1
    language: str = "zh"
    nickname: str | None = None
    topic: str | None = None
    age_band: str | None = None
    district: str | None = None
    person_id: PersonId | None = None
    token_hash: str | None = None
    number: str | None = None
    number_masked: str | None = None

    level: Level = Level.UNASSESSED
    peak_level: Level = Level.UNASSESSED
    level_source: LevelSource = LevelSource.NONE
    act_in_progress: bool = False
    kinds: list[str] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    reasons: list[dict[str, Any]] = Field(default_factory=list)
    unassessed_seqs: list[int] = Field(default_factory=list)
    instrument_floor: Level | None = None
    override_level: Level | None = None
    override_by: StaffId | None = None
    override_reason: str | None = None
    override_at: datetime | None = None
    imminent_anew_seq: int | None = None
    """The newest message since the override that is imminent: for a person to decide again."""

    opened_at: datetime
    waiting_since: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    closed_at: datetime | None = None
    content_erased_at: datetime | None = None
    last_person_at: datetime | None = None
    last_staff_at: datetime | None = None
    counselor_id: StaffId | None = None
    joined: list[str] = Field(default_factory=list)
    offer_id: OfferId | None = None
    offered_to_id: StaffId | None = None
    also_offered: dict[str, str] = Field(default_factory=dict)
    refused_by: list[str] = Field(default_factory=list)
    interrupted_since: datetime | None = None
    wait_rung: int = 0
    skills: list[str] = Field(default_factory=list)
    wished_counselor_id: StaffId | None = None
    wished_until: datetime | None = None
    diverted: str | None = None

    last_seq: int = 0
    read_by_person_seq: int = 0
    read_by_staff_seq: int = 0
    person_connected: bool = False
    person_gone_since: datetime | None = None
    silence_warned_at: datetime | None = None
    silence_handed_over: bool = False
    help_requested_at: datetime | None = None
    help_rung: int = 0
    wrap_up_rung: int = 0

    ended_by: EndedBy | None = None
    end_reason: str | None = None
    disposition: str | None = None
    note: str | None = None
    safety_plan: dict[str, str] | None = None
    feedback_helped: int | None = None
    feedback_comment: str | None = None
    alert_id: AlertId | None = None
    school_report_id: SchoolReportId | None = None
    line_flags: list[str] = Field(default_factory=list)
    followup_id: FollowupId | None = None
    call_sid: str | None = None
    call_state: str | None = None
    hung_up_by: str | None = None
    room: dict[str, Any] | None = None
    transcript: str | None = None
    recording_consent: bool | None = None
    recording: str | None = None
    passed_on: dict[str, Any] | None = None
    texts_stopped_at: datetime | None = None
    text_address: str | None = None


class Message(SQLModel):
    """One turn. `seq` counts from 1 within its contact; `evidence` holds offsets into `text`, never text.

    Of a help-seeker's turn: `lang` is what it is written in (`triage/languages.py`), `score` orders messages within
    a level, `triage_seconds` is how long the answer took, `judged_by` names the lexicon and the model that judged
    (`<lexicon>+<model>`). All are None before they are known.
    Of a text message to the person: `deliveries` says of each part `{state, code, sid}`, `delivery` of the whole,
    `delivery_code` is the carrier's error number.
    """

    id: MessageId
    contact_id: ContactId
    seq: int
    sender: Sender
    staff_id: StaffId | None = None
    client_id: str | None = None
    code: str | None = None
    text: str
    at: datetime
    level: Level | None = None
    kinds: list[str] = Field(default_factory=list)
    act_in_progress: bool = False
    evidence: list[dict[str, Any]] = Field(default_factory=list)
    lang: str | None = None
    score: float | None = None
    triage_seconds: float | None = None
    judged_by: str | None = None
    delivery: Delivery | None = None
    delivery_code: int | None = None
    deliveries: list[dict[str, Any]] | None = None


class Note(SQLModel):
    """Words among staff about a contact. kind: transfer, help, wrap_up, instrument …"""

    id: NoteId
    contact_id: ContactId
    kind: str
    staff_id: StaffId
    text: str
    at: datetime


class Draft(SQLModel):
    """A half-written sentence, kept per contact, person and kind (composer, note). `id` is made of the three."""

    id: str
    contact_id: ContactId
    staff_id: StaffId
    kind: str
    text: str


class InstrumentAnswers(SQLModel):
    """A filled instrument: which version, what was answered, what it said."""

    id: str
    contact_id: ContactId
    staff_id: StaffId
    instrument_id: str
    instrument_version: str
    answers: dict[str, Any]
    level_floor: Level | None
    at: datetime


class LevelStep(SQLModel):
    """One step of a contact's level over time. `reason` is a person's, where a person set it."""

    id: str
    contact_id: ContactId
    at: datetime
    level: Level
    score: float | None = None
    source: LevelSource
    seq: int | None = None
    kinds: list[str] = Field(default_factory=list)
    staff_id: StaffId | None = None
    reason: str | None = None


FROM_PERSON = (Sender.HELP_SEEKER, Sender.TRANSCRIPT_HELP_SEEKER)
AT_RISK = (Level.MODERATE, Level.HIGH, Level.IMMINENT, Level.UNASSESSED)
RISKY = (Level.HIGH, Level.IMMINENT)
