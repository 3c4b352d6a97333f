"""Follow-ups: our own calls back, call-back tasks and supervisors' reviews."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AwareDatetime
from typing_extensions import TypedDict

from hotline.actions import calling_back, followups
from hotline.domain.access import Permission
from hotline.domain.followups import AttemptOutcome, Followup
from hotline.domain.ids import ContactId, FollowupId
from hotline.errors import Forbidden, Invalid, NotFound
from hotline.live.projections import followup as projection
from hotline.live.projections.followup import FollowupView
from web_console.api.inputs import Id, Listing, Note, Reason, Version
from web_console.api.moves import CONFLICTS, Move, handlers_of
from web_console.openapi import ApiRequest, Body, Query, route

WORK = Permission.FOLLOWUP_WORK


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


Step = Move[FollowupId, Followup]
MOVES = (
    Step(
        "take_followup",
        "take",
        WORK,
        Seen,
        lambda at, wish: followups.take(*at, version=wish.version),
        "One winner; the others hear `taken`.",
    ),
    Step(
        "attempt_followup",
        "attempt",
        WORK,
        Attempt,
        lambda at, wish: followups.attempt(*at, outcome=wish.outcome, note=wish.note, version=wish.version),
        "One try to reach the person; after the last one without an answer, at risk, a supervisor decides.",
    ),
    Step(
        "done_followup",
        "done",
        WORK,
        Done,
        lambda at, wish: followups.done(*at, note=wish.note, version=wish.version),
        "Done; the next one of the level's schedule is planned.",
    ),
    Step(
        "reschedule_followup",
        "reschedule",
        WORK,
        Reschedule,
        lambda at, wish: followups.reschedule(
            *at, due_at=wish.due_at, reason=wish.reason, version=wish.version
        ),
        errors=(*CONFLICTS, Invalid),
    ),
    Step(
        "cancel_followup",
        "cancel",
        WORK,
        Cancel,
        lambda at, wish: followups.cancel(*at, reason=wish.reason, version=wish.version),
    ),
)
HANDLERS = handlers_of(MOVES, "/api/followups/{followup_id}", followup_id_of, shown, FollowupView)


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
