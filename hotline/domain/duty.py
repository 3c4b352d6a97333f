"""Who is on duty now, who ought to be there and is not, and when nobody will be: one row, looked at whenever a shift
begins or ends, when somebody of it would be late, after every change of the plan, and once a day at least.

A notice stays as long as what it says is so: it goes by being put right, not by being clicked away.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from hotline.domain import shifts
from hotline.domain.change import MACHINE, Change, Due, Event
from hotline.domain.ids import StaffId
from hotline.domain.service_rules import ServiceRules
from hotline.domain.shifts import DutyRole, Override, Shift

DUTY_ID = "duty"
_SHOWN_GAPS = 20  # a plan with more holes than that is no plan yet


class Duty(SQLModel):
    """`on_duty` is by role; `gaps` are `{role, start, end}`, `absent` are `{role, staff_id, since}`."""

    id: str = DUTY_ID
    planned: list[str] = Field(default_factory=list)
    on_duty: dict[str, list[str]] = Field(default_factory=dict)
    gaps: list[dict[str, Any]] = Field(default_factory=list)
    absent: list[dict[str, Any]] = Field(default_factory=list)
    looked_at: datetime
    next_look_at: datetime
    version: int = 1


def due(duty: Duty, _rules: ServiceRules) -> Due | None:
    return Due("look_at_duty", duty.next_look_at)


def look(
    known: Duty | None,
    patterns: Sequence[Shift],
    overrides: Sequence[Override],
    is_there: Callable[[StaffId], bool],
    now: datetime,
    rules: ServiceRules,
    gone: Collection[str] = (),
    plan_changed: bool = False,
) -> Change:
    """What is so now. An event only if it differs from what was told before, or the plan does."""
    late = rules.shift_late_after
    rota = shifts.rota(patterns, overrides, now, gone=gone)
    running = shifts.occurrences(patterns, overrides, None, now, now + late, gone)
    absent = shifts.missing(running, is_there, now, late)
    again = shifts.next_change(patterns, overrides, now, late_after=late)
    fields: dict[str, Any] = {
        "planned": sorted(rota.planned),
        "on_duty": {role.value: list(rota.of(role)) for role in DutyRole},
        "gaps": _gaps(known, patterns, overrides, now, gone),
        "absent": [_absent(each.role, who, each.start) for each, who in absent],
    }
    fields |= {"looked_at": now, "next_look_at": min(again, now + late) if absent else again}
    version = 1 if known is None else known.version + 1
    duty = Duty.model_validate({"id": DUTY_ID, **fields, "version": version})
    if known is not None and not plan_changed and _seen(known) == _seen(duty):
        return Change((duty,), answer=duty)
    facts = {
        "gaps": len(duty.gaps),
        "absent": [each["staff_id"] for each in duty.absent],
        "on_duty": duty.on_duty,
    }
    return Change((duty,), (Event("duty", "changed", DUTY_ID, MACHINE, facts),), answer=duty)


def _gaps(
    known: Duty | None,
    patterns: Sequence[Shift],
    overrides: Sequence[Override],
    now: datetime,
    gone: Collection[str],
) -> list[dict[str, Any]]:
    """One that runs already keeps the beginning that was told."""
    begun = {} if known is None else {(each["role"], each["end"]): each["start"] for each in known.gaps}
    found = []
    for each in shifts.gaps(patterns, overrides, now, now + shifts.LOOKED_AHEAD, gone)[:_SHOWN_GAPS]:
        end, start = each.end.isoformat(), each.start.isoformat()
        if each.start <= now:
            start = min(begun.get((each.role.value, end), start), start)
        found.append({"role": each.role.value, "start": start, "end": end})
    return found


def _absent(role: DutyRole, who: StaffId, since: datetime) -> dict[str, Any]:
    return {"role": role.value, "staff_id": who, "since": since.isoformat()}


def _seen(duty: Duty) -> tuple[Any, ...]:
    return duty.planned, duty.on_duty, duty.gaps, duty.absent
