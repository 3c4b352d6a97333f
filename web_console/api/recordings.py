"""Recordings of calls: consent, pause, what there is, listening with a reason, legal hold.

The sound itself has no place in the API's description: it is streamed to who has just said why they listen, in
ranges, to a player and not to a page of its own, and kept by no cache.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime

from aiohttp import web
from typing_extensions import TypedDict

from hotline.actions import legal_holds, recordings
from hotline.domain.access import Permission
from hotline.domain.ids import ListeningId, RecordingId
from hotline.errors import Forbidden, HotlineError, NotFound, WrongState
from hotline.live.projections import recording as projection
from hotline.live.projections.contact import ContactView
from hotline.live.projections.recording import LegalHoldView, ListenedView, RecordingView
from web_console.api.contacts import contact_id_of, shown
from web_console.api.inputs import Reason
from web_console.identity import HOTLINE, identity_of
from web_console.openapi import ID_PATTERN, ApiRequest, Body, route

CONFLICTS: tuple[type[HotlineError], ...] = (NotFound, Forbidden, WrongState)
SERVE, LISTEN = Permission.CONTACT_SERVE, Permission.RECORDING_LISTEN


class ContactRecordings(TypedDict):
    """`policy`: whether this service records calls at all; `consent`: None while nobody was asked.
    `listened` only for those who may listen, newest first; `holds` newest first."""

    policy: bool
    consent: bool | None
    may_listen: bool
    recordings: list[RecordingView]
    listened: list[ListenedView]
    holds: list[LegalHoldView]


class RecordingsInTrouble(TypedDict):
    recordings: list[RecordingView]


class ListeningView(TypedDict):
    """`audio` opens the sound, to this person alone, until `until`."""

    id: str
    audio: str
    seconds: int | None
    until: datetime


class Consent(Body):
    agreed: bool


class Paused(Body):
    paused: bool


class Reasoned(Body):
    """Why, in a sentence. Kept, and shown to supervisors."""

    reason: Reason


@route(
    "GET",
    "/api/contacts/{contact_id}/recordings",
    permission=(SERVE, LISTEN),
    answer=ContactRecordings,
    errors=(NotFound, Forbidden),
)
async def list_recordings(request: ApiRequest) -> ContactRecordings:
    """What was recorded of a call, who listened, and whether anything may be deleted."""
    hotline = request.hotline
    found = await recordings.of_contact(hotline, request.actor, contact_id_of(request))
    contact, made, listened, holds = found
    names = hotline.directory
    return {
        "policy": hotline.rules.record_calls,
        "consent": contact.recording_consent,
        "may_listen": request.actor.may(LISTEN),
        "recordings": [projection.view(each, hotline.rules) for each in made],
        "listened": [projection.listened_view(each, names) for each in listened],
        "holds": [projection.hold_view(each, names) for each in holds],
    }


@route("GET", "/api/recordings/in-trouble", permission=LISTEN, answer=RecordingsInTrouble)
async def list_recordings_in_trouble(request: ApiRequest) -> RecordingsInTrouble:
    """Recordings that could not be made, fetched, or removed at the carrier."""
    found = await recordings.in_trouble(request.hotline, request.actor)
    return {"recordings": [projection.view(each, request.hotline.rules) for each in found]}


@route(
    "POST",
    "/api/contacts/{contact_id}/recording/consent",
    permission=SERVE,
    body=Consent,
    answer=ContactView,
    errors=CONFLICTS,
)
async def answer_consent(request: ApiRequest) -> ContactView:
    """What the caller said when they were asked. Withdrawn: recording ends, and nothing of it is kept."""
    contact_id, agreed = contact_id_of(request), request.body.agreed
    return shown(request, await recordings.consent(request.hotline, request.actor, contact_id, agreed=agreed))


@route(
    "POST",
    "/api/contacts/{contact_id}/recording",
    permission=SERVE,
    body=Paused,
    answer=ContactView,
    errors=CONFLICTS,
)
async def pause_recording(request: ApiRequest) -> ContactView:
    """Pause or resume the recording of a call that is going on."""
    contact_id, paused = contact_id_of(request), request.body.paused
    return shown(
        request, await recordings.set_paused(request.hotline, request.actor, contact_id, paused=paused)
    )


def _recording_id(request: ApiRequest) -> RecordingId:
    return RecordingId(request.path["recording_id"])


@route(
    "POST",
    "/api/recordings/{recording_id}/listen",
    permission=LISTEN,
    body=Reasoned,
    answer=ListeningView,
    errors=CONFLICTS,
)
async def listen_to_recording(request: ApiRequest) -> ListeningView:
    """Say why, and listen for a while. Each time is journalled."""
    recording_id = _recording_id(request)
    listening = await recordings.listen(
        request.hotline, request.actor, recording_id, reason=request.body.reason
    )
    recording = await recordings.to_be_heard(request.hotline, request.actor, recording_id, listening.id)
    return {
        "id": listening.id,
        "audio": f"/recordings/{recording_id}/audio?listening={listening.id}",
        "seconds": recording.seconds,
        "until": listening.until,
    }


@route(
    "POST",
    "/api/recordings/{recording_id}/fetch",
    permission=LISTEN,
    answer=RecordingView,
    errors=CONFLICTS,
)
async def fetch_recording_again(request: ApiRequest) -> RecordingView:
    """Fetch it from the carrier now, instead of at the next try."""
    found = await recordings.fetch_again(request.hotline, request.actor, _recording_id(request))
    return projection.view(found, request.hotline.rules)


@route(
    "POST",
    "/api/contacts/{contact_id}/legal-hold",
    permission=Permission.LEGAL_HOLD,
    body=Reasoned,
    answer=LegalHoldView,
    errors=CONFLICTS,
)
async def place_legal_hold(request: ApiRequest) -> LegalHoldView:
    """Nothing of this contact is deleted or erased until the hold is lifted."""
    hold = await legal_holds.place(
        request.hotline, request.actor, contact_id_of(request), reason=request.body.reason
    )
    return projection.hold_view(hold, request.hotline.directory)


@route(
    "POST",
    "/api/contacts/{contact_id}/legal-hold/lift",
    permission=Permission.LEGAL_HOLD,
    body=Reasoned,
    answer=LegalHoldView,
    errors=CONFLICTS,
)
async def lift_legal_hold(request: ApiRequest) -> LegalHoldView:
    """What is past its time is then deleted."""
    hold = await legal_holds.lift(
        request.hotline, request.actor, contact_id_of(request), reason=request.body.reason
    )
    return projection.hold_view(hold, request.hotline.directory)


# The sound ---------------------------------------------------------------------------------------

_RANGE = re.compile(r"^bytes=(\d{0,15})-(\d{0,15})$")
_ID = re.compile(ID_PATTERN)
_HEADERS = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "no-store, private",
    "Content-Disposition": "inline",
    "X-Content-Type-Options": "nosniff",
}


async def recording_audio(request: web.Request) -> web.StreamResponse:
    """The sound, or a range of it. A browser that would open or save it as a page of its own is refused."""
    actor = identity_of(request).actor
    if request.headers.get("Sec-Fetch-Dest", "audio") not in ("audio", "video", "empty"):
        raise Forbidden("A recording is listened to in the console.", code="reason_needed")
    recording_id, listening_id = request.match_info["recording_id"], request.query.get("listening", "")
    if not _ID.match(recording_id) or not _ID.match(listening_id):
        raise NotFound("There is no such address.")
    hotline = request.app[HOTLINE]
    recording = await recordings.to_be_heard(
        hotline, actor, RecordingId(recording_id), ListeningId(listening_id)
    )
    size = recording.size or 0
    span = _span(request.headers.get("Range"), size)
    if span is None:
        return web.Response(status=416, headers={**_HEADERS, "Content-Range": f"bytes */{size}"})
    start, end = span
    pieces = hotline.audio.open_audio(recording.id, recording.file_key or "", size, start, end)
    return await _streamed(request, pieces, start, end, size)


async def _streamed(
    request: web.Request, pieces: AsyncIterator[bytes], start: int, end: int, size: int
) -> web.StreamResponse:
    """The first piece is read before the answer begins: a file that does not open is still a refusal."""
    first = await anext(pieces, b"") if request.method != "HEAD" else b""
    response = web.StreamResponse(status=206 if "Range" in request.headers else 200, headers=_HEADERS)
    response.content_type = "audio/wav"
    response.content_length = end - start
    if response.status == 206:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    await response.prepare(request)
    if request.method == "HEAD":
        return response
    await response.write(first)
    async for piece in pieces:
        await response.write(piece)
    await response.write_eof()
    return response


def _span(header: str | None, size: int) -> tuple[int, int] | None:
    """From, and up to but without; None if that range does not exist. What is no single range is the whole."""
    if header is None:
        return 0, size
    asked = _RANGE.match(header)
    if asked is None or header == "bytes=-":
        return None
    first, last = asked.groups()
    if not first:
        return (max(0, size - int(last)), size) if int(last) and size else None
    start, end = int(first), min(int(last) + 1 if last else size, size)
    return (start, end) if start < end else None
