"""Own shifts offered to colleagues: read, offered, taken, approved."""

from __future__ import annotations

from typing import Any

from hotline.actions import shift_swaps
from hotline.domain.access import Permission
from hotline.domain.ids import ShiftId, ShiftSwapId, StaffId
from hotline.domain.shift_swaps import ShiftSwap
from hotline.errors import Forbidden, Invalid, NotFound, Taken, WrongState
from hotline.live.projections.duty import ShiftSwapView, swap_view
from web_console.api.inputs import Day, Id, Listing
from web_console.api.moves import Move, handlers_of
from web_console.openapi import ApiRequest, Body, route

PLAN_CHANGED = ("shift_begun", "already_on_shift", "swap_outdated")
READ, PLAN = Permission.SHIFT_READ, Permission.SHIFT_PLAN


class OfferShift(Body):
    """`asked_id`: one colleague; None: whoever may do the shift."""

    shift_id: Id
    day: Day
    asked_id: Id | None = None


def _shown(request: ApiRequest, swap: ShiftSwap) -> ShiftSwapView:
    return swap_view(swap, request.hotline.directory, request.hotline.rules)


def _id(request: ApiRequest) -> ShiftSwapId:
    return ShiftSwapId(request.path["swap_id"])


@route("GET", "/api/shift-swaps", permission=READ, answer=Listing[ShiftSwapView])
async def list_swaps(request: ApiRequest) -> dict[str, Any]:
    """The latest, newest first, also those that are over."""
    found = await shift_swaps.latest(request.hotline, request.actor)
    return {"items": [_shown(request, each) for each in found], "next": None}


@route(
    "POST",
    "/api/shift-swaps",
    permission=READ,
    body=OfferShift,
    answer=ShiftSwapView,
    status=201,
    errors=(NotFound, Invalid, Forbidden, "shift_begun", "already_on_shift", "swap_open"),
)
async def offer_shift(request: ApiRequest) -> ShiftSwapView:
    """One's own shift of one day. Until somebody else has it, it stays one's own."""
    wish: OfferShift = request.body
    asked = StaffId(wish.asked_id) if wish.asked_id else None
    made = await shift_swaps.offer(
        request.hotline,
        request.actor,
        ShiftId(wish.shift_id),
        wish.day,
        asked,
        idempotency_key=request.idempotency_key,
    )
    return _shown(request, made)


GONE = (NotFound, Forbidden, WrongState)
Step = Move[ShiftSwapId, ShiftSwap]
MOVES = (
    Step(
        "take_shift",
        "take",
        READ,
        None,
        lambda at, _: shift_swaps.take(*at),
        "One winner. With the service's approval switched off, the plan differs at once.",
        (NotFound, Invalid, Forbidden, Taken, WrongState, *PLAN_CHANGED),
    ),
    Step(
        "approve_swap",
        "approve",
        PLAN,
        None,
        lambda at, _: shift_swaps.approve(*at),
        errors=(NotFound, Invalid, WrongState, *PLAN_CHANGED),
    ),
    Step(
        "refuse_swap",
        "refuse",
        PLAN,
        None,
        lambda at, _: shift_swaps.refuse(*at),
        errors=(NotFound, WrongState),
    ),
    Step("decline_shift", "decline", READ, None, lambda at, _: shift_swaps.decline(*at), errors=GONE),
    Step("withdraw_shift", "withdraw", READ, None, lambda at, _: shift_swaps.withdraw(*at), errors=GONE),
    Step(
        "step_back",
        "step-back",
        READ,
        None,
        lambda at, _: shift_swaps.step_back(*at),
        "Who took it does not come after all: it is on offer again.",
        GONE,
    ),
)
HANDLERS = handlers_of(MOVES, "/api/shift-swaps/{swap_id}", _id, _shown, ShiftSwapView)
