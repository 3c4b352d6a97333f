"""Sound that is not as it should be: what, since when, and the two things a person can do about it."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from hotline.actions import sound_troubles
from hotline.actions.sound_troubles import Troubled
from hotline.domain.access import Permission
from hotline.domain.ids import RecordingId
from hotline.domain.recordings import Recording, due
from hotline.domain.service_rules import ServiceRules
from hotline.domain.sound_troubles import FINAL, Trouble
from hotline.errors import Forbidden, HotlineError, NotFound, WrongState
from web_console.api.inputs import Reason
from web_console.openapi import ApiRequest, Body, route

MEND = Permission.RECORDING_MEND
CONFLICTS: tuple[type[HotlineError], ...] = (NotFound, Forbidden, WrongState)


class SoundTroubleView(TypedDict):
    """`is_message`: it was left on the line. `next_try_at`: tried again by itself then, None if by nobody."""

    id: str
    contact_id: str
    is_message: bool
    trouble: Trouble
    since: datetime
    seconds: int | None
    next_try_at: datetime | None
    held: bool
    may_try: bool
    may_give_up: bool


class SoundTroubles(TypedDict):
    items: list[SoundTroubleView]


class GiveUp(Body):
    """Why, in a sentence: kept with it."""

    reason: Reason


def _view(each: Troubled, rules: ServiceRules) -> SoundTroubleView:
    sound = each.sound
    coming = due(sound, rules) if isinstance(sound, Recording) else None
    overdue = each.trouble is Trouble.OVERDUE
    return {
        "id": sound.id,
        "contact_id": sound.contact_id,
        "is_message": not isinstance(sound, Recording),
        "trouble": each.trouble,
        "since": each.since,
        "seconds": sound.seconds,
        "next_try_at": coming.at if coming is not None and not overdue else None,
        "held": sound.held,
        "may_try": each.trouble not in FINAL,
        "may_give_up": not overdue and not sound.held,
    }


async def _all(request: ApiRequest) -> SoundTroubles:
    found = await sound_troubles.in_trouble(request.hotline, request.actor)
    return {"items": [_view(each, request.hotline.rules) for each in found]}


def _sound_id(request: ApiRequest) -> RecordingId:
    return RecordingId(request.path["sound_id"])


@route("GET", "/api/sounds/in-trouble", permission=MEND, answer=SoundTroubles)
async def list_sounds_in_trouble(request: ApiRequest) -> SoundTroubles:
    """Recordings and messages that could not be made, fetched, kept whole, or deleted in time; newest first."""
    return await _all(request)


@route("POST", "/api/sounds/{sound_id}/try-again", permission=MEND, answer=SoundTroubles, errors=CONFLICTS)
async def try_sound_again(request: ApiRequest) -> SoundTroubles:
    """Now, instead of at the next try. Answers all that is in trouble then."""
    await sound_troubles.try_again(request.hotline, request.actor, _sound_id(request))
    return await _all(request)


@route(
    "POST",
    "/api/sounds/{sound_id}/give-up",
    permission=MEND,
    body=GiveUp,
    answer=SoundTroubles,
    errors=CONFLICTS,
)
async def give_up_sound(request: ApiRequest) -> SoundTroubles:
    """Nobody tries any more; what is left of it goes. Journalled, with the reason kept beside it."""
    await sound_troubles.give_up(
        request.hotline, request.actor, _sound_id(request), reason=request.body.reason
    )
    return await _all(request)
