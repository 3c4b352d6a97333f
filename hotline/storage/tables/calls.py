from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlmodel import Field

from hotline.domain import calls as domain
from hotline.domain.calls import Leg, LegKind, LegState, Supervision
from hotline.domain.ids import ContactId, LegId, OfferId, StaffId
from hotline.domain.phones import RungAt
from hotline.storage.columns import Sealed
from hotline.storage.nouns import Noun


class LegRow(Leg, table=True):
    __tablename__ = "legs"
    __table_args__ = (Index("legs_by_state", "state"),)

    id: LegId = Field(primary_key=True, sa_type=String)
    contact_id: ContactId = Field(sa_type=String, foreign_key="contacts.id", index=True)
    kind: LegKind = Field(sa_type=String)
    staff_id: StaffId | None = Field(default=None, sa_type=String)
    number: str | None = Field(default=None, sa_type=Sealed)
    number_masked: str | None = Field(default=None, sa_type=Sealed)
    mode: Supervision | None = Field(default=None, sa_type=String)
    offer_id: OfferId | None = Field(default=None, sa_type=String)
    rung_at: RungAt | None = Field(default=None, sa_type=String)
    state: LegState = Field(sa_type=String)
    made_at: datetime


LEGS = Noun(
    "leg",
    Leg,
    LegRow.__table__,  # type: ignore[attr-defined]
    sealed=("number", "number_masked"),
    sealed_under="contact_id",
    lookups=("contact_id",),
    due=domain.due,
    tracked=("state", "contact_id", "staff_id", "kind"),
)
