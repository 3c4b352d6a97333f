from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlmodel import Field

from hotline.domain import followups as domain
from hotline.domain.followups import Followup, FollowupKind, FollowupState
from hotline.domain.ids import ContactId, FollowupId, StaffId
from hotline.storage.columns import Sealed
from hotline.storage.nouns import Noun
from triage.assessment import Level


class FollowupRow(Followup, table=True):
    __tablename__ = "followups"
    __table_args__ = (Index("followups_by_state", "state", "due_at"),)

    id: FollowupId = Field(primary_key=True, sa_type=String)
    contact_id: ContactId = Field(sa_type=String, foreign_key="contacts.id", index=True)
    kind: FollowupKind = Field(sa_type=String)
    state: FollowupState = Field(sa_type=String)
    level: Level = Field(sa_type=String)
    due_at: datetime
    created_by: StaffId | None = Field(default=None, sa_type=String)
    owner_id: StaffId | None = Field(default=None, sa_type=String)
    attempts: list[dict[str, Any]] = Field(sa_type=JSON)
    steps: list[dict[str, Any]] = Field(sa_type=Sealed)
    note: str | None = Field(default=None, sa_type=Sealed)
    nickname: str | None = Field(default=None, sa_type=Sealed)
    number_masked: str | None = Field(default=None, sa_type=Sealed)


FOLLOWUPS = Noun(
    "followup",
    Followup,
    FollowupRow.__table__,  # type: ignore[attr-defined]
    sealed=("steps", "note", "nickname", "number_masked"),
    sealed_under="contact_id",
    lookups=("contact_id",),
    due=domain.due,
    tracked=("contact_id", "kind", "state", "level", "owner_id", "due_at", "version"),
)
