"""Own shifts offered to colleagues: read, offered, taken, approved."""

from __future__ import annotations

from datetime import date
from typing import Any

from hotline.actions import shift_swaps
from hotline.domain.access import Permission
from hotline.domain.ids import ShiftId, ShiftSwapId, StaffId
from hotline.domain.shift_swaps import ShiftSwap
from hotline.errors import Forbidden, Invalid, NotFound, Taken, WrongState
from hotline.live.projections.duty import ShiftSwapView, swap_view
from web_console.api.inputs import Id, Listing
from web_console.openapi import ApiRequest, Body, route

PLAN_CHANGED = ("shift_begun", "already_on_shift", "swap_outdated")
READ, PLAN = Permission.SHIFT_READ, Permission.SHIFT_PLAN


class OfferShift(Body):
    """`asked_id`: one colleague; None: whoever may do the shift."""

    shift_id: Id
    day: date
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


@route(
    "POST",
    "/api/shift-swaps/{swap_id}/take",
    permission=READ,
    answer=ShiftSwapView,
    errors=(NotFound, Invalid, Forbidden, Taken, WrongState, *PLAN_CHANGED),
)
async def take_shift(request: ApiRequest) -> ShiftSwapView:
    """One winner. With the service's approval switched off, the plan differs at once."""
    return _shown(request, await shift_swaps.take(request.hotline, request.actor, _id(request)))


@route(
    "POST",
    "/api/shift-swaps/{swap_id}/approve",
    permission=PLAN,
    answer=ShiftSwapView,
    errors=(NotFound, Invalid, WrongState, *PLAN_CHANGED),
)
async def approve_swap(request: ApiRequest) -> ShiftSwapView:
    return _shown(request, await shift_swaps.approve(request.hotline, request.actor, _id(request)))


@route(
    "POST",
    "/api/shift-swaps/{swap_id}/refuse",
    permission=PLAN,
    answer=ShiftSwapView,
    errors=(NotFound, WrongState),
)
async def refuse_swap(request: ApiRequest) -> ShiftSwapView:
    return _shown(request, await shift_swaps.refuse(request.hotline, request.actor, _id(request)))


@route(
    "POST",
    "/api/shift-swaps/{swap_id}/decline",
    permission=READ,
    answer=ShiftSwapView,
    errors=(NotFound, Forbidden, WrongState),
)
async def decline_shift(request: ApiRequest) -> ShiftSwapView:
    return _shown(request, await shift_swaps.decline(request.hotline, request.actor, _id(request)))


@route(
    "POST",
    "/api/shift-swaps/{swap_id}/withdraw",
    permission=READ,
    answer=ShiftSwapView,
    errors=(NotFound, Forbidden, WrongState),
)
async def withdraw_shift(request: ApiRequest) -> ShiftSwapView:
    return _shown(request, await shift_swaps.withdraw(request.hotline, request.actor, _id(request)))


@route(
    "POST",
    "/api/shift-swaps/{swap_id}/step-back",
    permission=READ,
    answer=ShiftSwapView,
    errors=(NotFound, Forbidden, WrongState),
)
async def step_back(request: ApiRequest) -> ShiftSwapView:
    """Who took it does not come after all: it is on offer again."""
    return _shown(request, await shift_swaps.step_back(request.hotline, request.actor, _id(request)))
