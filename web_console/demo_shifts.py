"""A plan of duty for the demo: three shifts round the clock, with a hole in the small hours of Sunday to be seen."""

from __future__ import annotations

from collections.abc import Mapping

from hotline.actions import shifts
from hotline.domain.access import Actor
from hotline.domain.ids import ShiftId, StaffId
from hotline.domain.shifts import DutyRole, Shift
from hotline.service import Hotline

_EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]
_NOT_SATURDAY = [0, 1, 2, 3, 4, 6]
_PLAN = (
    ("day", "白班 Day", DutyRole.COUNSELOR, _EVERY_DAY, "08:00", "16:00", ("counselor1", "counselor2")),
    (
        "evening",
        "晚班 Evening",
        DutyRole.COUNSELOR,
        _EVERY_DAY,
        "16:00",
        "00:00",
        ("counselor3", "counselor4"),
    ),
    ("midnight", "前夜 Night", DutyRole.COUNSELOR, _EVERY_DAY, "00:00", "02:00", ("counselor1",)),
    ("night", "后夜 Late night", DutyRole.COUNSELOR, _NOT_SATURDAY, "02:00", "08:00", ("counselor2",)),
    ("lead", "督导 Supervision", DutyRole.SUPERVISOR, _EVERY_DAY, "00:00", "00:00", ("supervisor",)),
)
"""Dispatchers have no roster here: there is one of them, and without a roster the whole role is called."""


async def seed_shifts(hotline: Hotline, supervisor: Actor, ids: Mapping[str, StaffId]) -> None:
    """Only into an empty plan: what somebody changed stays changed."""
    if hotline.roster.patterns or await shifts.duty_now(hotline, supervisor) is not None:
        return
    for key, name, role, weekdays, starts, ends, people in _PLAN:
        shift = Shift(
            id=ShiftId(f"shf_demo_{key}"),
            name=name,
            role=role,
            weekdays=weekdays,
            starts=starts,
            ends=ends,
            staff_ids=[ids[each] for each in people],
        )
        await shifts.plan(hotline, supervisor, shift)
