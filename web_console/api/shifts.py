"""The plan of duty: patterns, days that differ, who is on duty now, hand-overs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from hotline.actions import handovers, shifts
from hotline.domain.access import Permission
from hotline.domain.ids import HandoverId, OverrideId, ShiftId, StaffId
from hotline.domain.shifts import DEFAULT_ZONE, DutyRole, Override, OverrideKind, Shift
from hotline.errors import Forbidden, Invalid, NotFound, StaleVersion, Taken, WrongState
from hotline.live.directory import Name
from hotline.live.projections import duty as projection
from hotline.live.projections.duty import DutyRingView, DutyView, HandoverView, OccurrenceView
from web_console.api.inputs import Id, Listing, Moment, Reason, Version
from web_console.openapi import ApiRequest, Body, Query, route

READ, PLAN = Permission.SHIFT_READ, Permission.SHIFT_PLAN

ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Zone = Annotated[str, Field(min_length=1, max_length=64)]


class PlanQuery(Query):
    since: Moment
    days: Annotated[int, Field(ge=1, le=42)] = 7


class PlanShift(Body):
    """`version` is the one that was seen; None for a new pattern. Weekdays count from Monday = 0."""

    version: Version | None = None
    name: Annotated[str, Field(max_length=60)] = ""
    role: DutyRole
    weekdays: Annotated[list[int], Field(min_length=1, max_length=7)]
    starts: ClockTime
    ends: ClockTime
    time_zone: Zone = DEFAULT_ZONE
    staff_ids: Annotated[list[Id], Field(max_length=100)]
    first_day: date | None = None
    last_day: date | None = None


class DifferBody(Body):
    """`starts`, `ends` and `time_zone` only for an extra duty that belongs to no shift."""

    kind: OverrideKind
    role: DutyRole
    day: date
    shift_id: Id | None = None
    out_id: Id | None = None
    in_id: Id | None = None
    starts: ClockTime | None = None
    ends: ClockTime | None = None
    time_zone: Zone | None = None


class WriteHandover(Body):
    role: DutyRole
    note: Reason


class ShiftView(TypedDict):
    id: str
    name: str
    role: DutyRole
    weekdays: list[int]
    starts: str
    ends: str
    time_zone: str
    people: list[Name]
    first_day: date | None
    last_day: date | None
    version: int


class DutyOverride(TypedDict):
    id: str
    kind: OverrideKind
    role: DutyRole
    day: date
    shift_id: str | None
    out: Name | None
    comes: Name | None
    starts: str | None
    ends: str | None


class DutyPlan(TypedDict):
    shifts: list[ShiftView]
    overrides: list[DutyOverride]
    occurrences: list[OccurrenceView]


class DutyNow(TypedDict):
    """`duty` is None as long as nothing was ever planned, `ring` as long as no duty telephone was ever needed."""

    duty: DutyView | None
    ring: DutyRingView | None
    now: datetime


def shift_view(request: ApiRequest, shift: Shift) -> ShiftView:
    return {
        "id": shift.id,
        "name": shift.name,
        "role": shift.role,
        "weekdays": shift.weekdays,
        "starts": shift.starts,
        "ends": shift.ends,
        "time_zone": shift.time_zone,
        "people": projection.named(request.hotline.directory, shift.staff_ids),
        "first_day": shift.first_day,
        "last_day": shift.last_day,
        "version": shift.version,
    }


def override_view(request: ApiRequest, override: Override) -> DutyOverride:
    names = request.hotline.directory
    return {
        "id": override.id,
        "kind": override.kind,
        "role": override.role,
        "day": override.day,
        "shift_id": override.shift_id,
        "out": names.name(override.out_id),
        "comes": names.name(override.in_id),
        "starts": override.starts,
        "ends": override.ends,
    }


@route("GET", "/api/shifts", permission=READ, query=PlanQuery, answer=DutyPlan, errors=(Invalid,))
async def read_plan(request: ApiRequest) -> DutyPlan:
    """The patterns, what differs, and the shifts that come of both, from `since` on."""
    wish: PlanQuery = request.query
    found, overrides, occurrences = shifts.plan_of(request.hotline, request.actor, wish.since, wish.days)
    names = request.hotline.directory
    return {
        "shifts": [shift_view(request, each) for each in found],
        "overrides": [override_view(request, each) for each in overrides],
        "occurrences": [projection.occurrence_view(each, names) for each in occurrences],
    }


@route(
    "PUT",
    "/api/shifts/{shift_id}",
    permission=PLAN,
    body=PlanShift,
    answer=ShiftView,
    errors=(Invalid, StaleVersion),
)
async def plan_shift(request: ApiRequest) -> ShiftView:
    """A new pattern under an id of the sender's making, or a known one changed."""
    wish: PlanShift = request.body
    fields = wish.model_dump(exclude={"version"})
    shift = Shift(id=ShiftId(request.path["shift_id"]), version=wish.version or 1, **fields)
    return shift_view(request, await shifts.plan(request.hotline, request.actor, shift))


@route("DELETE", "/api/shifts/{shift_id}", permission=PLAN, errors=(NotFound,))
async def drop_shift(request: ApiRequest) -> None:
    """The pattern and its differing days are gone; the journal keeps that they were."""
    await shifts.drop(request.hotline, request.actor, ShiftId(request.path["shift_id"]))


@route(
    "POST",
    "/api/shift-overrides",
    permission=PLAN,
    body=DifferBody,
    answer=DutyOverride,
    status=201,
    errors=(NotFound, Invalid),
)
async def differ_from_plan(request: ApiRequest) -> DutyOverride:
    """A swap, a sickness or an extra duty on a single day."""
    wish: DifferBody = request.body
    fields: dict[str, Any] = wish.model_dump()
    for name in ("out_id", "in_id"):
        fields[name] = StaffId(fields[name]) if fields[name] else None
    override = Override(id=OverrideId(""), **fields)
    made = await shifts.differ(
        request.hotline, request.actor, override, idempotency_key=request.idempotency_key
    )
    return override_view(request, made)


@route("DELETE", "/api/shift-overrides/{override_id}", permission=PLAN, errors=(NotFound,))
async def undo_override(request: ApiRequest) -> None:
    await shifts.undo(request.hotline, request.actor, OverrideId(request.path["override_id"]))


@route("GET", "/api/duty", permission=READ, answer=DutyNow)
async def read_duty(request: ApiRequest) -> DutyNow:
    """Who is on duty now, who is missing, and when nobody will be in the next seven days."""
    found = await shifts.duty_now(request.hotline, request.actor)
    shown = projection.view(found, request.hotline.directory) if found is not None else None
    ring = await shifts.duty_ring_now(request.hotline, request.actor)
    rung = projection.ring_view(ring, request.hotline.rules) if ring is not None else None
    return {"duty": shown, "ring": rung, "now": request.hotline.clock.now()}


@route("GET", "/api/handovers", permission=READ, answer=Listing[HandoverView])
async def list_handovers(request: ApiRequest) -> dict[str, Any]:
    """The latest, newest first."""
    hotline = request.hotline
    found = await handovers.latest(hotline, request.actor)
    shown = [projection.handover_view(each, hotline.directory, hotline.rules) for each in found]
    return {"items": shown, "next": None}


@route(
    "POST",
    "/api/handovers",
    permission=READ,
    body=WriteHandover,
    answer=HandoverView,
    status=201,
    errors=(Forbidden,),
)
async def write_handover(request: ApiRequest) -> HandoverView:
    """The note and, by ids, what is open for the writer at this moment."""
    wish: WriteHandover = request.body
    hotline = request.hotline
    written = await handovers.write(
        hotline, request.actor, wish.role, wish.note, idempotency_key=request.idempotency_key
    )
    return projection.handover_view(written, hotline.directory, hotline.rules)


@route(
    "POST",
    "/api/handovers/{handover_id}/accept",
    permission=READ,
    answer=HandoverView,
    errors=(NotFound, Forbidden, Taken, WrongState),
)
async def accept_handover(request: ApiRequest) -> HandoverView:
    """One winner; the writer cannot accept their own."""
    hotline = request.hotline
    accepted = await handovers.accept(hotline, request.actor, HandoverId(request.path["handover_id"]))
    return projection.handover_view(accepted, hotline.directory, hotline.rules)
