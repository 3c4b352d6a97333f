"""Messages left on the line: who has them, what they say, what came of them."""

from __future__ import annotations

from typing import Any, Literal

from hotline.actions import listening, voicemails
from hotline.domain.access import Permission
from hotline.domain.ids import VoicemailId
from hotline.domain.voicemails import Voicemail, VoicemailOutcome
from hotline.errors import Forbidden, HotlineError, NotFound, StaleVersion, Taken, WrongState
from hotline.live.projections import voicemail as projection
from hotline.live.projections.voicemail import VoicemailView
from web_console.api import sound
from web_console.api.inputs import Listing, Note, Reason, Version
from web_console.api.sound import ListeningView
from web_console.openapi import ApiRequest, Body, Query, route

WORK = Permission.FOLLOWUP_WORK
CONFLICTS: tuple[type[HotlineError], ...] = (NotFound, Forbidden, Taken, StaleVersion, WrongState)


class VoicemailsQuery(Query):
    state: Literal["open", "all"] = "open"


class SeenVoicemail(Body):
    version: Version | None = None


class Listens(Body):
    """Why, in a sentence."""

    reason: Reason


class DoneVoicemail(SeenVoicemail):
    outcome: VoicemailOutcome
    note: Note | None = None


def voicemail_id_of(request: ApiRequest) -> VoicemailId:
    return VoicemailId(request.path["voicemail_id"])


def shown(request: ApiRequest, voicemail: Voicemail) -> VoicemailView:
    return projection.view(voicemail, request.hotline.directory, request.hotline.rules)


@route("GET", "/api/voicemails", permission=WORK, query=VoicemailsQuery, answer=Listing[VoicemailView])
async def list_voicemails(request: ApiRequest) -> dict[str, Any]:
    """By the time by which they are to be heard; with `state=all` the latest ended ones after them."""
    found = await voicemails.visible(request.hotline, request.actor, request.query.state)
    return {"items": [shown(request, each) for each in found], "next": None}


@route(
    "POST",
    "/api/voicemails/{voicemail_id}/take",
    permission=WORK,
    body=SeenVoicemail,
    answer=VoicemailView,
    errors=CONFLICTS,
)
async def take_voicemail(request: ApiRequest) -> VoicemailView:
    """One winner; the others hear `taken`."""
    return shown(
        request,
        await voicemails.take(
            request.hotline, request.actor, voicemail_id_of(request), version=request.body.version
        ),
    )


@route(
    "POST",
    "/api/voicemails/{voicemail_id}/give-back",
    permission=WORK,
    body=SeenVoicemail,
    answer=VoicemailView,
    errors=CONFLICTS,
)
async def give_back_voicemail(request: ApiRequest) -> VoicemailView:
    return shown(
        request,
        await voicemails.give_back(
            request.hotline, request.actor, voicemail_id_of(request), version=request.body.version
        ),
    )


@route(
    "POST",
    "/api/voicemails/{voicemail_id}/listen",
    permission=WORK,
    body=Listens,
    answer=ListeningView,
    errors=CONFLICTS,
)
async def listen_to_voicemail(request: ApiRequest) -> ListeningView:
    """Say why, and listen for a while. Each time is journalled."""
    noted = await listening.to_voicemail(
        request.hotline, request.actor, voicemail_id_of(request), reason=request.body.reason
    )
    return await sound.opened(request, noted)


@route(
    "POST",
    "/api/voicemails/{voicemail_id}/done",
    permission=WORK,
    body=DoneVoicemail,
    answer=VoicemailView,
    errors=CONFLICTS,
)
async def done_voicemail(request: ApiRequest) -> VoicemailView:
    """What came of it; not before somebody has heard or read it."""
    wish: DoneVoicemail = request.body
    voicemail = await voicemails.done(
        request.hotline,
        request.actor,
        voicemail_id_of(request),
        outcome=wish.outcome,
        note=wish.note,
        version=wish.version,
    )
    return shown(request, voicemail)
