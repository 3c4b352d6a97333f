from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, String
from sqlmodel import Field

from hotline.domain import duty as duty_domain
from hotline.domain import handovers as handover_domain
from hotline.domain import shift_swaps as swap_domain
from hotline.domain.duty import Duty
from hotline.domain.handovers import Handover
from hotline.domain.ids import HandoverId, OverrideId, ShiftId, ShiftSwapId, StaffId
from hotline.domain.shift_swaps import ShiftSwap, SwapState
from hotline.domain.shifts import DutyRole, Override, OverrideKind, Shift
from hotline.storage.columns import Sealed
from hotline.storage.nouns import Noun


class ShiftRow(Shift, table=True):
    __tablename__ = "shifts"

    id: ShiftId = Field(primary_key=True, sa_type=String)
    role: DutyRole = Field(sa_type=String)
    weekdays: list[int] = Field(sa_type=JSON)
    staff_ids: list[str] = Field(sa_type=JSON)


class OverrideRow(Override, table=True):
    __tablename__ = "shift_overrides"

    id: OverrideId = Field(primary_key=True, sa_type=String)
    kind: OverrideKind = Field(sa_type=String)
    role: DutyRole = Field(sa_type=String)
    day: date = Field(index=True)
    shift_id: ShiftId | None = Field(default=None, sa_type=String, index=True)
    out_id: StaffId | None = Field(default=None, sa_type=String)
    in_id: StaffId | None = Field(default=None, sa_type=String)


class ShiftSwapRow(ShiftSwap, table=True):
    __tablename__ = "shift_swaps"

    id: ShiftSwapId = Field(primary_key=True, sa_type=String)
    role: DutyRole = Field(sa_type=String)
    shift_id: ShiftId = Field(sa_type=String, index=True)
    given_by: StaffId = Field(sa_type=String)
    asked_id: StaffId | None = Field(default=None, sa_type=String)
    taken_by: StaffId | None = Field(default=None, sa_type=String)
    decided_by: StaffId | None = Field(default=None, sa_type=String)
    state: SwapState = Field(sa_type=String, index=True)


class HandoverRow(Handover, table=True):
    __tablename__ = "handovers"

    id: HandoverId = Field(primary_key=True, sa_type=String)
    role: DutyRole = Field(sa_type=String)
    written_by: StaffId = Field(sa_type=String)
    note: str = Field(sa_type=Sealed)
    contact_ids: list[str] = Field(sa_type=JSON)
    alert_ids: list[str] = Field(sa_type=JSON)
    followup_ids: list[str] = Field(sa_type=JSON)
    reader_ids: list[str] | None = Field(default=None, sa_type=JSON)
    accepted_by: StaffId | None = Field(default=None, sa_type=String)


class DutyRow(Duty, table=True):
    __tablename__ = "duty"

    id: str = Field(primary_key=True)
    planned: list[str] = Field(sa_type=JSON)
    on_duty: dict[str, list[str]] = Field(sa_type=JSON)
    gaps: list[dict[str, Any]] = Field(sa_type=JSON)
    absent: list[dict[str, Any]] = Field(sa_type=JSON)


SHIFTS = Noun("shift", Shift, ShiftRow.__table__, tracked=("role", "staff_ids", "version"))  # type: ignore[attr-defined]
OVERRIDES = Noun(
    "override",
    Override,
    OverrideRow.__table__,  # type: ignore[attr-defined]
    lookups=("shift_id",),
    tracked=("kind", "role", "shift_id", "out_id", "in_id"),
)
SHIFT_SWAPS = Noun(
    "shift_swap",
    ShiftSwap,
    ShiftSwapRow.__table__,  # type: ignore[attr-defined]
    lookups=("shift_id",),
    due=swap_domain.due,
    tracked=("role", "shift_id", "given_by", "taken_by", "state", "version"),
)
HANDOVERS = Noun(
    "handover",
    Handover,
    HandoverRow.__table__,  # type: ignore[attr-defined]
    sealed=("note",),
    due=handover_domain.due,
    tracked=("role", "written_by", "accepted_by", "rung", "version"),
)
DUTY = Noun(
    "duty",
    Duty,
    DutyRow.__table__,  # type: ignore[attr-defined]
    due=duty_domain.due,
    tracked=("version",),
)
