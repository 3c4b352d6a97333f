from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlmodel import Field

from hotline.domain import calls as domain
from hotline.domain.calls import Leg, LegState
from hotline.domain.ids import ContactId, LegId, StaffId
from hotline.storage.nouns import Noun


class LegRow(Leg, table=True):
    __tablename__ = "legs"

    id: LegId = Field(primary_key=True, sa_type=String)
    contact_id: ContactId = Field(sa_type=String, foreign_key="contacts.id", index=True)
    staff_id: StaffId = Field(sa_type=String)
    state: LegState = Field(sa_type=String)
    made_at: datetime


LEGS = Noun(
    "leg",
    Leg,
    LegRow.__table__,  # type: ignore[attr-defined]
    lookups=("contact_id",),
    due=domain.due,
    tracked=("state", "contact_id", "staff_id"),
)
