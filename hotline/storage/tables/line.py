from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, String
from sqlmodel import Field

from hotline.domain import callers, voicemails
from hotline.domain.callers import Block, Verdict
from hotline.domain.ids import BlockId, ContactId, InboundId, StaffId, VoicemailId
from hotline.domain.inbound import InboundCall, Step, Wish
from hotline.domain.line_policy import LinePolicy, Notice, NoticeCode
from hotline.domain.voicemails import Audio, Voicemail, VoicemailOutcome, VoicemailState
from hotline.storage.columns import Sealed
from hotline.storage.nouns import Noun
from triage.assessment import Level


class InboundCallRow(InboundCall, table=True):
    __tablename__ = "inbound_calls"

    id: InboundId = Field(primary_key=True, sa_type=String)
    contact_id: ContactId | None = Field(default=None, sa_type=String, index=True)
    phone_hash: str | None = Field(default=None, index=True)
    at: datetime = Field(index=True)
    verdict: Verdict = Field(sa_type=String)
    step: Step = Field(sa_type=String)
    wish: Wish | None = Field(default=None, sa_type=String)
    flags: list[str] = Field(sa_type=JSON)


class BlockRow(Block, table=True):
    __tablename__ = "blocks"

    id: BlockId = Field(primary_key=True, sa_type=String)
    phone_hash: str = Field(index=True)
    number_masked: str | None = Field(default=None, sa_type=Sealed)
    reason: str = Field(sa_type=Sealed)
    made_by: StaffId = Field(sa_type=String)
    ended_by: StaffId | None = Field(default=None, sa_type=String)


class LinePolicyRow(LinePolicy, table=True):
    __tablename__ = "line_policy"

    id: str = Field(primary_key=True)
    hours: dict[str, Any] = Field(sa_type=JSON)
    changed_by: StaffId | None = Field(default=None, sa_type=String)


class NoticeRow(Notice, table=True):
    __tablename__ = "line_notices"

    id: str = Field(primary_key=True)
    code: NoticeCode = Field(sa_type=String)
    data: bytes = Field(sa_type=LargeBinary)
    uploaded_by: StaffId = Field(sa_type=String)


class VoicemailRow(Voicemail, table=True):
    __tablename__ = "voicemails"

    id: VoicemailId = Field(primary_key=True, sa_type=String)
    contact_id: ContactId = Field(sa_type=String, foreign_key="contacts.id", index=True)
    state: VoicemailState = Field(sa_type=String, index=True)
    level: Level = Field(sa_type=String)
    owner_id: StaffId | None = Field(default=None, sa_type=String)
    audio: Audio = Field(sa_type=String)
    audio_key: str | None = Field(default=None, sa_type=Sealed)
    transcript: str | None = Field(default=None, sa_type=Sealed)
    number_masked: str | None = Field(default=None, sa_type=Sealed)
    outcome: VoicemailOutcome | None = Field(default=None, sa_type=String)
    steps: list[dict[str, Any]] = Field(sa_type=Sealed)


INBOUND_CALLS = Noun(
    "inbound_call",
    InboundCall,
    InboundCallRow.__table__,  # type: ignore[attr-defined]
    lookups=("phone_hash", "contact_id"),
    tracked=("verdict", "step", "contact_id"),
)
BLOCKS = Noun(
    "block",
    Block,
    BlockRow.__table__,  # type: ignore[attr-defined]
    sealed=("number_masked", "reason"),
    lookups=("phone_hash",),
    due=callers.due,
    tracked=("until", "ended_at"),
)
LINE_POLICY = Noun(
    "line",
    LinePolicy,
    LinePolicyRow.__table__,  # type: ignore[attr-defined]
    tracked=("version",),
)
NOTICES = Noun(
    "notice",
    Notice,
    NoticeRow.__table__,  # type: ignore[attr-defined]
    tracked=("content_type",),
)
VOICEMAILS = Noun(
    "voicemail",
    Voicemail,
    VoicemailRow.__table__,  # type: ignore[attr-defined]
    sealed=("audio_key", "transcript", "number_masked", "steps"),
    sealed_under="contact_id",
    lookups=("contact_id",),
    due=voicemails.due,
    tracked=("contact_id", "state", "level", "owner_id", "due_at", "version"),
)
