"""Duty, a shift of one day and a hand-over, as everybody with shifts sees them."""

from __future__ import annotations

from datetime import date, datetime

from typing_extensions import TypedDict

from hotline.domain import access, handovers
from hotline.domain.duty import Duty
from hotline.domain.handovers import Handover
from hotline.domain.service_rules import ServiceRules
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


def audience(_value: Duty | Handover) -> tuple[str, ...]:
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
