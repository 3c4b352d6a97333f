"""Follow-ups: our own calls back, call-back tasks and supervisors' reviews."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AwareDatetime
from typing_extensions import TypedDict

from hotline.actions import calling_back, followups
from hotline.domain.access import Permission
from hotline.domain.followups import AttemptOutcome, Followup
from hotline.domain.ids import ContactId, FollowupId
from hotline.errors import Forbidden, HotlineError, Invalid, NotFound, StaleVersion, Taken, WrongState
from hotline.live.projections import followup as projection
from hotline.live.projections.followup import FollowupView
from web_console.api.inputs import Id, Listing, Note, Reason, Version
from web_console.openapi import ApiRequest, Body, Query, route

WORK = Permission.FOLLOWUP_WORK
CONFLICTS: tuple[type[HotlineError], ...] = (NotFound, Forbidden, Taken, StaleVersion, WrongState)


class FollowupsQuery(Query):
    state: Literal["due", "open", "all"] = "open"


class Plan(Body):
    contact_id: Id
    due_at: AwareDatetime
    note: Note | None = None


class Seen(Body):
    """`version` may be left out where the sender does not care what has changed."""

    version: Version | None = None


class Attempt(Seen):
    outcome: AttemptOutcome
    note: Note | None = None


class Done(Seen):
    note: Note | None = None


class Reschedule(Seen):
    due_at: AwareDatetime
    reason: Reason


class Cancel(Seen):
    reason: Reason


def followup_id_of(request: ApiRequest) -> FollowupId:
    return FollowupId(request.path["followup_id"])


def shown(request: ApiRequest, followup: Followup) -> FollowupView:
    return projection.view(followup, request.hotline.directory, request.hotline.rules)


@route("GET", "/api/followups", permission=WORK, query=FollowupsQuery, answer=Listing[FollowupView])
async def list_followups(request: ApiRequest) -> dict[str, Any]:
    """By due time; with `state=all` the latest ended ones after the open ones."""
    wish: FollowupsQuery = request.query
    found = await followups.visible(request.hotline, request.actor, wish.state)
    return {"items": [shown(request, each) for each in found], "next": None}


@route(
    "GET",
    "/api/followups/{followup_id}",
    permission=WORK,
    answer=FollowupView,
    errors=(NotFound, Forbidden),
)
async def get_followup(request: ApiRequest) -> FollowupView:
    return shown(request, await followups.find(request.hotline, request.actor, followup_id_of(request)))


@route(
    "POST",
    "/api/followups",
    permission=WORK,
    body=Plan,
    answer=FollowupView,
    status=201,
    errors=(NotFound, Forbidden, Invalid),
)
async def plan_followup(request: ApiRequest) -> FollowupView:
    wish: Plan = request.body
    followup = await followups.plan(
        request.hotline,
        request.actor,
        ContactId(wish.contact_id),
        due_at=wish.due_at,
        note=wish.note,
        idempotency_key=request.idempotency_key,
    )
    return shown(request, followup)


@route(
    "POST",
    "/api/followups/{followup_id}/take",
    permission=WORK,
    body=Seen,
    answer=FollowupView,
    errors=CONFLICTS,
)
async def take_followup(request: ApiRequest) -> FollowupView:
    """One winner; the others hear `taken`."""
    wish: Seen = request.body
    followup = await followups.take(
        request.hotline, request.actor, followup_id_of(request), version=wish.version
    )
    return shown(request, followup)


@route(
    "POST",
    "/api/followups/{followup_id}/attempt",
    permission=WORK,
    body=Attempt,
    answer=FollowupView,
    errors=CONFLICTS,
)
async def attempt_followup(request: ApiRequest) -> FollowupView:
    """One try to reach the person; after the last one without an answer, at risk, a supervisor decides."""
    wish: Attempt = request.body
    followup = await followups.attempt(
        request.hotline,
        request.actor,
        followup_id_of(request),
        outcome=wish.outcome,
        note=wish.note,
        version=wish.version,
    )
    return shown(request, followup)


class CallBegun(TypedDict):
    followup: FollowupView
    contact_id: str


@route(
    "POST",
    "/api/followups/{followup_id}/call",
    permission=Permission.CONTACT_SERVE,
    body=Seen,
    answer=CallBegun,
    errors=(*CONFLICTS, "no_telephone", "no_number", "no_room"),
)
async def call_back(request: ApiRequest) -> CallBegun:
    """The counselor's phone rings, then the person's; what came of the try is noted by itself."""
    wish: Seen = request.body
    followup_id = followup_id_of(request)
    contact = await calling_back.start(request.hotline, request.actor, followup_id, version=wish.version)
    followup = await followups.find(request.hotline, request.actor, followup_id)
    return {"followup": shown(request, followup), "contact_id": contact.id}


@route(
    "POST",
    "/api/followups/{followup_id}/done",
    permission=WORK,
    body=Done,
    answer=FollowupView,
    errors=CONFLICTS,
)
async def done_followup(request: ApiRequest) -> FollowupView:
    """Done; the next one of the level's schedule is planned."""
    wish: Done = request.body
    followup = await followups.done(
        request.hotline, request.actor, followup_id_of(request), note=wish.note, version=wish.version
    )
    return shown(request, followup)


@route(
    "POST",
    "/api/followups/{followup_id}/reschedule",
    permission=WORK,
    body=Reschedule,
    answer=FollowupView,
    errors=(*CONFLICTS, Invalid),
)
async def reschedule_followup(request: ApiRequest) -> FollowupView:
    wish: Reschedule = request.body
    followup = await followups.reschedule(
        request.hotline,
        request.actor,
        followup_id_of(request),
        due_at=wish.due_at,
        reason=wish.reason,
        version=wish.version,
    )
    return shown(request, followup)


@route(
    "POST",
    "/api/followups/{followup_id}/cancel",
    permission=WORK,
    body=Cancel,
    answer=FollowupView,
    errors=CONFLICTS,
)
async def cancel_followup(request: ApiRequest) -> FollowupView:
    wish: Cancel = request.body
    followup = await followups.cancel(
        request.hotline, request.actor, followup_id_of(request), reason=wish.reason, version=wish.version
    )
    return shown(request, followup)
