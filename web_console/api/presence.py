"""One's own presence, and who else is there."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import TypedDict

from hotline.actions import presence
from hotline.domain.access import Permission
from hotline.domain.presence import Presence, PresenceState
from hotline.errors import Invalid
from hotline.live.projections import presence as projection
from hotline.live.projections.presence import PresenceView
from web_console.openapi import ApiRequest, Body, route

Reason = Literal["break", "meal", "debrief", "training", "meeting", "technical", "other"]


class SetPresence(Body):
    """`minutes`: until when, for a break."""

    state: Literal["available", "on_break", "offline"]
    reason: Reason | None = None
    minutes: int | None = Field(default=None, ge=1, le=720)


class Presences(TypedDict):
    items: list[PresenceView]
    next: str | None


@route(
    "PUT",
    "/api/presence",
    permission=Permission.PRESENCE_OWN,
    body=SetPresence,
    answer=PresenceView,
    errors=(Invalid,),
)
async def set_presence(request: ApiRequest) -> PresenceView:
    wish: SetPresence = request.body
    changed = await presence.set_state(
        request.hotline, request.actor, PresenceState(wish.state), reason=wish.reason, minutes=wish.minutes
    )
    return projection.view(changed, request.hotline.directory, request.hotline.rules)


@route("GET", "/api/presence", permission=Permission.STAFF_READ, answer=Presences)
async def presences(request: ApiRequest) -> Presences:
    found = await request.hotline.reader.where(Presence)
    return {
        "items": [projection.view(each, request.hotline.directory, request.hotline.rules) for each in found],
        "next": None,
    }
