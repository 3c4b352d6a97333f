"""The plan of duty: patterns and days that differ, made by supervisors; and the look at who is there.

After every change of the plan it is looked at once more who is on duty; in between the deadline of `duty` does it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hotline.domain import access, duty, duty_call, shift_swaps, shifts
from hotline.domain.access import Actor, Permission, Role
from hotline.domain.change import Change
from hotline.domain.duty import DUTY_ID, Duty
from hotline.domain.duty_ring import DUTY_RING_ID, DutyRing
from hotline.domain.ids import OverrideId, ShiftId, StaffId
from hotline.domain.shift_swaps import ShiftSwap
from hotline.domain.shifts import DutyRole, Occurrence, Override, Shift
from hotline.errors import FieldProblem, Invalid
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline

P = Permission

_ROLES = {
    DutyRole.COUNSELOR: (Role.COUNSELOR, Role.SUPERVISOR),
    DutyRole.DISPATCHER: (Role.DISPATCHER, Role.SUPERVISOR),
    DutyRole.SUPERVISOR: (Role.SUPERVISOR,),
}
"""Who may be planned as what: a supervisor may stand in for anybody."""


# Planning ----------------------------------------------------------------------------------------------------


async def plan(hotline: Hotline, actor: Actor, shift: Shift) -> Shift:
    """A new pattern (version 1), or a changed one (the version that was seen)."""
    access.require(actor, P.SHIFT_PLAN)
    refuse_strangers(hotline, shift.role, "staff_ids", shift.staff_ids)

    def decide(loaded: Loaded) -> Change:
        return shifts.plan(shift, loaded.find(Shift, shift.id), actor.staff_id)

    planned: Shift = await hotline.writer.run(decide, Need(Shift, shift.id))
    await look(hotline, plan_changed=True)
    return planned


async def drop(hotline: Hotline, actor: Actor, shift_id: ShiftId) -> None:
    access.require(actor, P.SHIFT_PLAN)

    def decide(loaded: Loaded) -> Change:
        shift = loaded.get(Shift, shift_id)
        differing = loaded.where(Override, "shift_id", shift_id)
        gone = Change()
        for each in differing:
            gone = gone.then(shifts.undo(each, actor.staff_id))
        for swap in loaded.where(ShiftSwap, "shift_id", shift_id):
            gone = gone.then(shift_swaps.lapse(swap, loaded.now))
        return gone.then(shifts.drop(shift, (), actor.staff_id))

    parts = (Need(Override, shift_id, "shift_id"), Need(ShiftSwap, shift_id, "shift_id"))
    await hotline.writer.run(decide, Need(Shift, shift_id), *parts)
    await look(hotline, plan_changed=True)


async def differ(
    hotline: Hotline, actor: Actor, override: Override, *, idempotency_key: str | None = None
) -> Override:
    """A single day differs. `override.id` and, where it belongs to a shift, its role are set here."""
    access.require(actor, P.SHIFT_PLAN)

    def decide(loaded: Loaded) -> Change:
        override_id = OverrideId(loaded.id_of("ovr", idempotency_key, actor.staff_id))
        made = loaded.find(Override, override_id)
        if made is not None:
            return Change(answer=made)
        shift = loaded.get(Shift, override.shift_id) if override.shift_id is not None else None
        role = override.role if shift is None else shift.role
        refuse_strangers(hotline, role, "in_id", [override.in_id] if override.in_id else [])
        new = override.model_copy(update={"id": override_id, "role": role})
        differing = loaded.where(Override, "shift_id", shift.id) if shift is not None else []
        return shifts.differ(new, shift, actor.staff_id, differing)

    made: Override = await hotline.writer.run(decide)
    await look(hotline, plan_changed=True)
    return made


async def undo(hotline: Hotline, actor: Actor, override_id: OverrideId) -> None:
    access.require(actor, P.SHIFT_PLAN)

    def decide(loaded: Loaded) -> Change:
        override = loaded.get(Override, override_id)
        same_shift = loaded.where(Override, "shift_id", override.shift_id) if override.shift_id else []
        return shifts.undo(override, actor.staff_id, same_shift)

    await hotline.writer.run(decide, Need(Override, override_id))
    await look(hotline, plan_changed=True)


def refuse_strangers(hotline: Hotline, role: DutyRole, field: str, staff_ids: list[Any]) -> None:
    for each in staff_ids:
        staff = hotline.directory.staff(each)
        if staff is None or staff.disabled or not set(_ROLES[role]) & set(staff.roles):
            problem = FieldProblem(field, "names somebody who has no account with this role")
            raise Invalid("Some of the input is not valid.", fields=(problem,))


# Looking -----------------------------------------------------------------------------------------------------


async def look(hotline: Hotline, *, plan_changed: bool = False) -> Duty:
    """Who is on duty now, who is missing, where nobody will be. `plan_changed`: the consoles that show the plan
    hear of it, also if nobody is on duty, missing or wanted otherwise than before."""
    roster = hotline.roster
    patterns, overrides, gone = roster.patterns, roster.overrides, roster.gone

    def is_there(staff_id: StaffId) -> bool:
        return hotline.feed.is_anyone_at(access.staff_topic(staff_id))

    def decide(loaded: Loaded) -> Change:
        known = loaded.find(Duty, DUTY_ID)
        looked = duty.look(known, patterns, overrides, is_there, loaded.now, loaded.rules, gone, plan_changed)
        if not looked.events:
            return looked
        absent = [StaffId(each["staff_id"]) for each in looked.answer.absent]
        told = Change(effects=duty_call.about_absent(absent, loaded.now))
        return looked.then(told).answering(looked.answer)

    looked: Duty = await hotline.writer.run(decide, Need(Duty, DUTY_ID))
    return looked


async def came(hotline: Hotline, staff_id: StaffId) -> None:
    """Somebody signed in: who was missing is not missing any more."""
    if staff_id in hotline.roster.absent:
        await look(hotline)


async def on_deadline(hotline: Hotline, _duty_id: str) -> None:
    await look(hotline)


async def duty_now(hotline: Hotline, actor: Actor) -> Duty | None:
    """None as long as nothing was ever planned."""
    access.require(actor, P.SHIFT_READ)
    return await hotline.reader.find(Duty, DUTY_ID)


async def duty_ring_now(hotline: Hotline, actor: Actor) -> DutyRing | None:
    """How far the duty telephones are; None as long as none was ever needed."""
    access.require(actor, P.SHIFT_READ)
    return await hotline.reader.find(DutyRing, DUTY_RING_ID)


def plan_of(
    hotline: Hotline, actor: Actor, since: datetime, days: int
) -> tuple[list[Shift], list[Override], list[Occurrence]]:
    """All patterns, the days that differ, and what comes of both in these days."""
    access.require(actor, P.SHIFT_READ)
    patterns, until = hotline.roster.patterns, since + timedelta(days=days)
    overrides = [
        each
        for each in hotline.roster.overrides
        if (since - timedelta(days=2)).date() <= each.day <= (until + timedelta(days=1)).date()
    ]
    return (
        sorted(patterns, key=lambda each: (each.role, each.starts, each.id)),
        sorted(overrides, key=lambda each: (each.day, each.id)),
        shifts.occurrences(patterns, overrides, None, since, until, hotline.roster.gone),
    )
