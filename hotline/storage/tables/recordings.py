from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, String
from sqlmodel import Field

from hotline.domain import recordings as domain
from hotline.domain.ids import ContactId, LegalHoldId, ListeningId, RecordingId, StaffId
from hotline.domain.legal_holds import LegalHold
from hotline.domain.listenings import Listening, SoundId
from hotline.domain.recordings import Recording, RecordingState, Wanted
from hotline.storage.columns import Sealed
from hotline.storage.nouns import Noun


class RecordingRow(Recording, table=True):
    __tablename__ = "recordings"
    __table_args__ = (Index("recordings_by_state", "state", "made_at"),)

    id: RecordingId = Field(primary_key=True, sa_type=String)
    contact_id: ContactId = Field(sa_type=String, foreign_key="contacts.id", index=True)
    state: RecordingState = Field(sa_type=String)
    wanted: Wanted = Field(sa_type=String)
    paused_by: StaffId | None = Field(default=None, sa_type=String)
    made_at: datetime
    size: int | None = Field(default=None, sa_type=BigInteger)
    file_key: str | None = Field(default=None, sa_type=Sealed)
    given_up_by: StaffId | None = Field(default=None, sa_type=String)
    given_up_reason: str | None = Field(default=None, sa_type=Sealed)


RECORDINGS = Noun(
    "recording",
    Recording,
    RecordingRow.__table__,  # type: ignore[attr-defined]
    sealed=("file_key", "given_up_reason"),
    sealed_under="contact_id",
    lookups=("contact_id",),
    due=domain.due,
    tracked=("contact_id", "state", "wanted", "held", "delete_at"),
)


class ListeningRow(Listening, table=True):
    __tablename__ = "listenings"

    id: ListeningId = Field(primary_key=True, sa_type=String)
    sound_id: SoundId = Field(sa_type=String, index=True)
    contact_id: ContactId = Field(sa_type=String)
    staff_id: StaffId = Field(sa_type=String)
    reason: str = Field(sa_type=Sealed)
    at: datetime
    until: datetime


LISTENINGS = Noun(
    "listening",
    Listening,
    ListeningRow.__table__,  # type: ignore[attr-defined]
    sealed=("reason",),
    sealed_under="contact_id",
    tracked=("sound_id", "contact_id", "staff_id"),
)


class LegalHoldRow(LegalHold, table=True):
    __tablename__ = "legal_holds"

    id: LegalHoldId = Field(primary_key=True, sa_type=String)
    contact_id: ContactId = Field(sa_type=String, foreign_key="contacts.id", index=True)
    placed_by: StaffId = Field(sa_type=String)
    placed_at: datetime
    reason: str = Field(sa_type=Sealed)
    lifted_by: StaffId | None = Field(default=None, sa_type=String)
    lift_reason: str | None = Field(default=None, sa_type=Sealed)


LEGAL_HOLDS = Noun(
    "legal_hold",
    LegalHold,
    LegalHoldRow.__table__,  # type: ignore[attr-defined]
    sealed=("reason", "lift_reason"),
    sealed_under="contact_id",
    lookups=("contact_id",),
    tracked=("contact_id", "lifted_at"),
)
