"""Own shifts offered to colleagues, taken, approved: the plan differs only once all of it has happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from hotline.actions import shifts as plan
from hotline.actions.deadlines import when_due
from hotline.domain import access
from hotline.domain import shift_swaps as domain
from hotline.domain import shifts as shift_domain
from hotline.domain.access import Actor, Permission
from hotline.domain.change import NOTHING, Change
from hotline.domain.ids import ShiftId, ShiftSwapId, StaffId
from hotline.domain.shift_swaps import ShiftSwap
from hotline.domain.shifts import Override, Shift
from hotline.errors import FieldProblem, Invalid
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline

P = Permission
_LATEST = 50


async def offer(
    hotline: Hotline,
    actor: Actor,
    shift_id: ShiftId,
    day: date,
    asked_id: StaffId | None,
    *,
    idempotency_key: str | None = None,
) -> ShiftSwap:
    access.require(actor, P.SHIFT_READ)

    def decide(loaded: Loaded) -> Change:
        swap_id = ShiftSwapId(loaded.id_of("swp", idempotency_key, actor.staff_id))
        known = loaded.find(ShiftSwap, swap_id)
        if known is not None:
            return Change(answer=known)
        shift = loaded.get(Shift, shift_id)
        today = shift_domain.on_day(shift, day, loaded.where(Override, "shift_id", shift_id))
        if today is None:
            problem = FieldProblem("day", "the shift does not begin on this day")
            raise Invalid("Some of the input is not valid.", fields=(problem,))
        if asked_id is not None:
            plan.refuse_strangers(hotline, shift.role, "asked_id", [asked_id])
        swap = ShiftSwap(
            id=swap_id,
            role=shift.role,
            shift_id=shift_id,
            day=day,
            starts_at=today.start,
            ends_at=today.end,
            given_by=actor.staff_id,
            asked_id=asked_id,
            made_at=loaded.now,
        )
        return domain.offer(swap, today, loaded.where(ShiftSwap, "shift_id", shift_id), loaded.now)

    made: ShiftSwap = await hotline.writer.run(
        decide,
        Need(Shift, shift_id),
        Need(Override, shift_id, "shift_id"),
        Need(ShiftSwap, shift_id, "shift_id"),
    )
    return made


async def take(hotline: Hotline, actor: Actor, swap_id: ShiftSwapId) -> ShiftSwap:
    """Somebody of the role. Where the service asks for no approval, the plan differs at once."""
    access.require(actor, P.SHIFT_READ)

    def decide(loaded: Loaded) -> Change:
        swap, shift, differing = _with_its_shift(loaded, swap_id)
        plan.refuse_strangers(hotline, swap.role, "taken_by", [actor.staff_id])
        asks = loaded.rules.swaps_approved
        return domain.take(swap, actor.staff_id, loaded.now, shift, differing, needs_approval=asks)

    return await _decided_and_looked(hotline, swap_id, decide)


async def approve(hotline: Hotline, actor: Actor, swap_id: ShiftSwapId) -> ShiftSwap:
    access.require(actor, P.SHIFT_PLAN)

    def decide(loaded: Loaded) -> Change:
        swap, shift, differing = _with_its_shift(loaded, swap_id)
        if swap.taken_by is not None:
            plan.refuse_strangers(hotline, swap.role, "taken_by", [swap.taken_by])
        return domain.approve(swap, actor.staff_id, loaded.now, shift, differing)

    return await _decided_and_looked(hotline, swap_id, decide)


async def refuse(hotline: Hotline, actor: Actor, swap_id: ShiftSwapId) -> ShiftSwap:
    access.require(actor, P.SHIFT_PLAN)
    return await _moved(
        hotline, swap_id, lambda swap, loaded: domain.refuse(swap, actor.staff_id, loaded.now)
    )


async def decline(hotline: Hotline, actor: Actor, swap_id: ShiftSwapId) -> ShiftSwap:
    access.require(actor, P.SHIFT_READ)
    return await _moved(
        hotline, swap_id, lambda swap, loaded: domain.decline(swap, actor.staff_id, loaded.now)
    )


async def withdraw(hotline: Hotline, actor: Actor, swap_id: ShiftSwapId) -> ShiftSwap:
    access.require(actor, P.SHIFT_READ)
    return await _moved(
        hotline, swap_id, lambda swap, loaded: domain.withdraw(swap, actor.staff_id, loaded.now)
    )


async def step_back(hotline: Hotline, actor: Actor, swap_id: ShiftSwapId) -> ShiftSwap:
    access.require(actor, P.SHIFT_READ)
    return await _moved(hotline, swap_id, lambda swap, _loaded: domain.step_back(swap, actor.staff_id))


def _begins(loaded: Loaded, swap: ShiftSwap) -> Change:
    pending = domain.due(swap, loaded.rules)
    if pending is None or pending.at > loaded.now:
        return NOTHING
    return domain.lapse(swap, loaded.now)


on_deadline = when_due(ShiftSwap, _begins)
"""The shift begins: nobody has agreed to anything, and who offered it is on duty."""


async def latest(hotline: Hotline, actor: Actor) -> list[ShiftSwap]:
    access.require(actor, P.SHIFT_READ)
    column = hotline.reader.table(ShiftSwap).c
    return await hotline.reader.where(ShiftSwap, order=(column.made_at.desc(),), limit=_LATEST)


def _with_its_shift(loaded: Loaded, swap_id: ShiftSwapId) -> tuple[ShiftSwap, Shift, list[Override]]:
    swap = loaded.get(ShiftSwap, swap_id)
    return swap, loaded.get(Shift, swap.shift_id), list(loaded.where(Override, "shift_id", swap.shift_id))


async def _decided_and_looked(
    hotline: Hotline, swap_id: ShiftSwapId, decide: Callable[[Loaded], Change]
) -> ShiftSwap:
    decided: ShiftSwap = await hotline.writer.run(decide, Need(ShiftSwap, swap_id))
    if decided.state is domain.SwapState.APPROVED:
        await plan.look(hotline, plan_changed=True)
    return decided


async def _moved(
    hotline: Hotline, swap_id: ShiftSwapId, move: Callable[[ShiftSwap, Loaded], Change]
) -> ShiftSwap:
    moved: ShiftSwap = await hotline.writer.run(
        lambda loaded: move(loaded.get(ShiftSwap, swap_id), loaded), Need(ShiftSwap, swap_id)
    )
    return moved
