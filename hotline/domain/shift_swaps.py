"""Giving away one's own shift of one day: offered to a colleague or to all who may do it, taken, approved.

    offered ──take──▶ taken ──approve──▶ approved (the plan differs on this day)
       │                │
       └── withdraw, decline, refuse, lapse ──▶ over

| move      | from           | to        | who                                                                  |
|-----------|----------------|-----------|----------------------------------------------------------------------|
| offer     | –              | offered   | whoever is on this shift on this day, before it begins               |
| take      | offered        | taken     | the colleague who is asked; where nobody is, anybody of the role     |
| take      | offered        | approved  | the same, where the service asks for no approval                     |
| decline   | offered        | declined  | the colleague who is asked                                           |
| step_back | taken          | offered   | who took it                                                          |
| withdraw  | offered, taken | withdrawn | who offered it                                                       |
| approve   | taken          | approved  | a supervisor                                                         |
| refuse    | offered, taken | refused   | a supervisor                                                         |
| lapse     | offered, taken | lapsed    | the clock when the shift begins; or the shift is gone from the plan  |

Until it is approved the giver is on duty: an offer that nobody took changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlmodel import SQLModel

from hotline.domain import shifts
from hotline.domain.change import MACHINE, Change, Due, Event
from hotline.domain.ids import OverrideId, ShiftId, ShiftSwapId, StaffId, derived_id
from hotline.domain.service_rules import ServiceRules
from hotline.domain.shifts import DutyRole, Occurrence, Override, OverrideKind, Shift
from hotline.errors import Forbidden, Invalid, Taken, WrongState


class SwapState(StrEnum):
    OFFERED = "offered"
    TAKEN = "taken"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    LAPSED = "lapsed"


OPEN = (SwapState.OFFERED, SwapState.TAKEN)


class ShiftSwap(SQLModel):
    """`asked_id`: the one colleague who is asked; None: whoever may do the shift. `starts_at` and `ends_at` are the
    shift's, as they were when it was offered."""

    id: ShiftSwapId
    role: DutyRole
    shift_id: ShiftId
    day: date
    starts_at: datetime
    ends_at: datetime
    given_by: StaffId
    asked_id: StaffId | None = None
    taken_by: StaffId | None = None
    decided_by: StaffId | None = None
    state: SwapState = SwapState.OFFERED
    made_at: datetime
    over_at: datetime | None = None
    version: int = 1


def due(swap: ShiftSwap, _rules: ServiceRules) -> Due | None:
    return Due("swap_lapses", swap.starts_at) if swap.state in OPEN else None


def who_is_next(swap: ShiftSwap) -> StaffId | None:
    """Who has to do something now; None: a group, which the console names by the state."""
    return swap.asked_id if swap.state is SwapState.OFFERED else None


def offer(swap: ShiftSwap, on_that_day: Occurrence, others: Sequence[ShiftSwap], now: datetime) -> Change:
    if swap.given_by not in on_that_day.staff_ids:
        raise Forbidden("Only one's own shift can be offered.")
    if on_that_day.start <= now:
        raise Invalid("The shift has begun.", code="shift_begun")
    if swap.asked_id is not None and swap.asked_id in on_that_day.staff_ids:
        raise Invalid("Who is asked is on this shift already.", code="already_on_shift")
    if any(each.state in OPEN and _same_duty(each, swap) for each in others):
        raise Taken("This shift is on offer already.", code="swap_open")
    return _changed(swap, "offered", swap.given_by)


def _same_duty(one: ShiftSwap, other: ShiftSwap) -> bool:
    return (one.shift_id, one.day, one.given_by) == (other.shift_id, other.day, other.given_by)


def take(
    swap: ShiftSwap,
    actor: StaffId,
    now: datetime,
    shift: Shift,
    differing: Sequence[Override],
    *,
    needs_approval: bool,
) -> Change:
    """Refuses who is on the shift already, or at work elsewhere in the plan is left to them and the supervisor."""
    if swap.taken_by == actor and swap.state in (SwapState.TAKEN, SwapState.APPROVED):
        return Change(answer=swap)
    if swap.state in (SwapState.TAKEN, SwapState.APPROVED) and swap.taken_by is not None:
        raise Taken("Somebody else has taken it.", by=swap.taken_by)
    _require(swap, SwapState.OFFERED)
    if actor == swap.given_by or swap.asked_id not in (None, actor):
        raise Forbidden("This shift is offered to somebody else.")
    refuse_gone(swap, actor, shift, differing, now)
    if needs_approval:
        return _moved(swap, SwapState.TAKEN, "taken", actor, taken_by=actor)
    return _agreed(swap.model_copy(update={"taken_by": actor}), shift, differing, actor, now)


def refuse_gone(
    swap: ShiftSwap, taker: StaffId | None, shift: Shift, differing: Sequence[Override], now: datetime
) -> None:
    """The plan may have changed since it was offered."""
    if swap.starts_at <= now:
        raise WrongState("The shift has begun.", code="shift_begun")
    today = shifts.on_day(shift, swap.day, differing)
    if today is None or swap.given_by not in today.staff_ids:
        raise WrongState("Who offered this shift is not on it any more.", code="swap_outdated")
    if taker in today.staff_ids:
        raise WrongState("Who takes it is on this shift already.", code="already_on_shift")


def approve(
    swap: ShiftSwap, actor: StaffId, now: datetime, shift: Shift, differing: Sequence[Override]
) -> Change:
    if swap.state is SwapState.APPROVED:
        return Change(answer=swap)
    _require(swap, SwapState.TAKEN)
    refuse_gone(swap, swap.taken_by, shift, differing, now)
    return _agreed(swap, shift, differing, actor, now)


def _agreed(
    swap: ShiftSwap, shift: Shift, differing: Sequence[Override], actor: StaffId, now: datetime
) -> Change:
    """The day differs from the plan; the giver is on duty no more."""
    override = Override(
        id=OverrideId(derived_id("ovr", swap.id)),
        kind=OverrideKind.SWAP,
        role=swap.role,
        day=swap.day,
        shift_id=swap.shift_id,
        out_id=swap.given_by,
        in_id=swap.taken_by,
    )
    change = shifts.differ(override, shift, actor, differing)
    fields = {"taken_by": swap.taken_by, "decided_by": actor, "over_at": now}
    return change.then(_moved(swap, SwapState.APPROVED, "approved", actor, **fields))


def step_back(swap: ShiftSwap, actor: StaffId) -> Change:
    if swap.taken_by != actor:
        raise Forbidden("Somebody else has taken it.")
    _require(swap, SwapState.TAKEN)
    return _moved(swap, SwapState.OFFERED, "stepped_back", actor, taken_by=None)


def decline(swap: ShiftSwap, actor: StaffId, now: datetime) -> Change:
    if swap.asked_id != actor:
        raise Forbidden("This shift is not offered to you by name.")
    return _over(swap, SwapState.DECLINED, actor, now, SwapState.OFFERED)


def withdraw(swap: ShiftSwap, actor: StaffId, now: datetime) -> Change:
    if swap.given_by != actor:
        raise Forbidden("Only who offered it can withdraw it.")
    return _over(swap, SwapState.WITHDRAWN, actor, now, *OPEN)


def refuse(swap: ShiftSwap, actor: StaffId, now: datetime) -> Change:
    return _over(swap, SwapState.REFUSED, actor, now, *OPEN)


def lapse(swap: ShiftSwap, now: datetime) -> Change:
    """The shift begins, or is gone from the plan."""
    if swap.state not in OPEN:
        return Change(answer=swap)
    return _over(swap, SwapState.LAPSED, MACHINE, now, *OPEN)


def _over(swap: ShiftSwap, state: SwapState, actor: str, now: datetime, *allowed: SwapState) -> Change:
    if swap.state is state:
        return Change(answer=swap)
    _require(swap, *allowed)
    return _moved(swap, state, state.value, actor, over_at=now)


def _require(swap: ShiftSwap, *allowed: SwapState) -> None:
    if swap.state not in allowed:
        raise WrongState("This offer of a shift is over, or has moved on.")


def _moved(swap: ShiftSwap, state: SwapState, what: str, actor: str, **fields: Any) -> Change:
    moved = swap.model_copy(update={**fields, "state": state, "version": swap.version + 1})
    return _changed(moved, what, actor)


def _changed(swap: ShiftSwap, what: str, actor: str) -> Change:
    facts: dict[str, Any] = {
        "role": swap.role,
        "shift_id": swap.shift_id,
        "day": swap.day.isoformat(),
        "state": swap.state,
    }
    facts |= {"given_by": swap.given_by, "asked_id": swap.asked_id, "taken_by": swap.taken_by}
    return Change((swap,), (Event("shift_swap", what, swap.id, actor, facts),), answer=swap)
