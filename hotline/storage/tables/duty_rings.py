from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlmodel import Field

from hotline.domain import duty_ring
from hotline.domain.duty_phones import DutyPhones
from hotline.domain.duty_ring import DutyRing, RingState
from hotline.domain.ids import StaffId
from hotline.storage.columns import Sealed
from hotline.storage.nouns import Noun


class DutyRingRow(DutyRing, table=True):
    __tablename__ = "duty_rings"

    id: str = Field(primary_key=True)
    state: RingState = Field(sa_type=String)
    since: datetime


class DutyPhonesRow(DutyPhones, table=True):
    __tablename__ = "duty_phones"

    id: str = Field(primary_key=True)
    numbers: list[str] = Field(sa_type=Sealed)
    alert_text: str | None = Field(default=None, sa_type=Sealed)
    waiting_text: str | None = Field(default=None, sa_type=Sealed)
    changed_by: StaffId | None = Field(default=None, sa_type=String)


DUTY_RINGS = Noun(
    "duty_ring",
    DutyRing,
    DutyRingRow.__table__,  # type: ignore[attr-defined]
    due=duty_ring.due,
    tracked=("state", "attempt", "number"),
)
DUTY_PHONES = Noun(
    "duty_phones",
    DutyPhones,
    DutyPhonesRow.__table__,  # type: ignore[attr-defined]
    sealed=("numbers", "alert_text", "waiting_text"),
    tracked=("version",),
)
