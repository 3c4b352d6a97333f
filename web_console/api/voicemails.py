"""Messages left on the line: who has them, what they say, what came of them."""

from __future__ import annotations

from collections.abc import Callable
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
from web_console.openapi import ApiRequest, Body, Handler, Query, route

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


def voicemail_move(path: str, body: type[Body], answer: Any = VoicemailView) -> Callable[[Handler], Handler]:
    """A route that does something with a message left, for whoever works on what is owed."""
    full = f"/api/voicemails/{{voicemail_id}}/{path}"
    return route("POST", full, permission=WORK, body=body, answer=answer, errors=CONFLICTS)


@route("GET", "/api/voicemails", permission=WORK, query=VoicemailsQuery, answer=Listing[VoicemailView])
async def list_voicemails(request: ApiRequest) -> dict[str, Any]:
    """By the time by which they are to be heard; with `state=all` the latest ended ones after them."""
    found = await voicemails.visible(request.hotline, request.actor, request.query.state)
    return {"items": [shown(request, each) for each in found], "next": None}


@voicemail_move("take", SeenVoicemail)
async def take_voicemail(request: ApiRequest) -> VoicemailView:
    """One winner; the others hear `taken`."""
    wanted, version = voicemail_id_of(request), request.body.version
    return shown(request, await voicemails.take(request.hotline, request.actor, wanted, version=version))


@voicemail_move("give-back", SeenVoicemail)
async def give_back_voicemail(request: ApiRequest) -> VoicemailView:
    wanted, version = voicemail_id_of(request), request.body.version
    return shown(request, await voicemails.give_back(request.hotline, request.actor, wanted, version=version))


@voicemail_move("listen", Listens, ListeningView)
async def listen_to_voicemail(request: ApiRequest) -> ListeningView:
    """Say why, and listen for a while. Each time is journalled."""
    noted = await listening.to_voicemail(
        request.hotline, request.actor, voicemail_id_of(request), reason=request.body.reason
    )
    return await sound.opened(request, noted)


@voicemail_move("done", DoneVoicemail)
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
