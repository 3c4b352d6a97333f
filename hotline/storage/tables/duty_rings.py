from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlmodel import Field

from hotline.domain import duty_ring
from hotline.domain.duty_ring import DutyRing, RingState
from hotline.storage.nouns import Noun


class DutyRingRow(DutyRing, table=True):
    __tablename__ = "duty_rings"

    id: str = Field(primary_key=True)
    state: RingState = Field(sa_type=String)
    since: datetime


DUTY_RINGS = Noun(
    "duty_ring",
    DutyRing,
    DutyRingRow.__table__,  # type: ignore[attr-defined]
    due=duty_ring.due,
    tracked=("state", "attempt", "number"),
)
