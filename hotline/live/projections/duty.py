"""Duty, a shift of one day and a hand-over, as everybody with shifts sees them."""

from __future__ import annotations

from datetime import date, datetime

from typing_extensions import TypedDict

from hotline.domain import access, duty_ring, handovers, shift_swaps
from hotline.domain.duty import Duty
from hotline.domain.duty_ring import DutyRing, RingState
from hotline.domain.handovers import Handover
from hotline.domain.service_rules import ServiceRules
from hotline.domain.shift_swaps import ShiftSwap, SwapState
from hotline.domain.shifts import DutyRole, Occurrence
from hotline.live.directory import Directory, Name
from hotline.live.projections.next_step import NextView, next_view


class OnDutyView(TypedDict):
    """`planned`: the role has a roster; without one nothing is known about who is on duty."""

    role: DutyRole
    planned: bool
    people: list[Name]


class GapView(TypedDict):
    role: DutyRole
    start: datetime
    end: datetime


class AbsentView(TypedDict):
    role: DutyRole
    who: Name
    since: datetime


class DutyView(TypedDict):
    id: str
    on_duty: list[OnDutyView]
    gaps: list[GapView]
    absent: list[AbsentView]
    version: int


class DutyRingView(TypedDict):
    """How far the duty telephones are: `number` is the one that rang last, from 1."""

    id: str
    state: RingState
    since: datetime
    number: int
    next: NextView | None
    version: int


def ring_view(ring: DutyRing, rules: ServiceRules) -> DutyRingView:
    return {
        "id": ring.id,
        "state": ring.state,
        "since": ring.since,
        "number": ring.number + 1,
        "next": next_view(duty_ring.due(ring, rules), None),
        "version": ring.version,
    }


class OccurrenceView(TypedDict):
    role: DutyRole
    day: date
    start: datetime
    end: datetime
    people: list[Name]
    shift_id: str | None
    name: str


class HandoverView(TypedDict):
    """The lists are what was open when it was written."""

    id: str
    role: DutyRole
    written_by: Name | None
    written_at: datetime
    note: str
    contact_ids: list[str]
    alert_ids: list[str]
    followup_ids: list[str]
    accepted_by: Name | None
    accepted_at: datetime | None
    late: bool
    next: NextView | None
    version: int


class ShiftSwapView(TypedDict):
    """`asked`: the one colleague who is asked; null: whoever may do the shift. `approved_by_supervisor`: taking it is
    not enough, a supervisor has to approve."""

    id: str
    role: DutyRole
    shift_id: str
    day: date
    starts_at: datetime
    ends_at: datetime
    given_by: Name | None
    asked: Name | None
    taken_by: Name | None
    decided_by: Name | None
    state: SwapState
    approved_by_supervisor: bool
    made_at: datetime
    next: NextView | None
    version: int


def audience(_value: Duty | ShiftSwap | DutyRing) -> tuple[str, ...]:
    return (access.DUTY,)


def named(names: Directory, staff_ids: list[str]) -> list[Name]:
    return [Name(id=each, name=(names.name(each) or {"name": "–"})["name"]) for each in staff_ids]


def view(duty: Duty, names: Directory) -> DutyView:
    return {
        "id": duty.id,
        "on_duty": [
            {
                "role": role,
                "planned": role in duty.planned,
                "people": named(names, duty.on_duty.get(role, [])),
            }
            for role in DutyRole
        ],
        "gaps": [
            {
                "role": DutyRole(each["role"]),
                "start": datetime.fromisoformat(each["start"]),
                "end": datetime.fromisoformat(each["end"]),
            }
            for each in duty.gaps
        ],
        "absent": [
            {
                "role": DutyRole(each["role"]),
                "who": named(names, [each["staff_id"]])[0],
                "since": datetime.fromisoformat(each["since"]),
            }
            for each in duty.absent
        ],
        "version": duty.version,
    }


def occurrence_view(occurrence: Occurrence, names: Directory) -> OccurrenceView:
    return {
        "role": occurrence.role,
        "day": occurrence.day,
        "start": occurrence.start,
        "end": occurrence.end,
        "people": named(names, list(occurrence.staff_ids)),
        "shift_id": occurrence.shift_id,
        "name": occurrence.name,
    }


def handover_view(handover: Handover, names: Directory, rules: ServiceRules) -> HandoverView:
    return {
        "id": handover.id,
        "role": handover.role,
        "written_by": names.name(handover.written_by),
        "written_at": handover.written_at,
        "note": handover.note,
        "contact_ids": handover.contact_ids,
        "alert_ids": handover.alert_ids,
        "followup_ids": handover.followup_ids,
        "accepted_by": names.name(handover.accepted_by),
        "accepted_at": handover.accepted_at,
        "late": handover.accepted_at is None and handover.rung > 0,
        "next": next_view(handovers.due(handover, rules), None),
        "version": handover.version,
    }


def swap_view(swap: ShiftSwap, names: Directory, rules: ServiceRules) -> ShiftSwapView:
    asked = shift_swaps.who_is_next(swap)
    return {
        "id": swap.id,
        "role": swap.role,
        "shift_id": swap.shift_id,
        "day": swap.day,
        "starts_at": swap.starts_at,
        "ends_at": swap.ends_at,
        "given_by": names.name(swap.given_by),
        "asked": names.name(swap.asked_id),
        "taken_by": names.name(swap.taken_by),
        "decided_by": names.name(swap.decided_by),
        "state": swap.state,
        "approved_by_supervisor": rules.swaps_approved,
        "made_at": swap.made_at,
        "next": next_view(shift_swaps.due(swap, rules), names.name(asked)),
        "version": swap.version,
    }
