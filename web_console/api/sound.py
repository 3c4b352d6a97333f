"""The sound of a recording or of a message left: streamed in ranges to who has just said why they listen.

It has no place in the API's description: it goes to a player, not to a page of its own, and is kept by no cache.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime

from aiohttp import web
from typing_extensions import TypedDict

from hotline.actions import listening
from hotline.domain.ids import ListeningId, RecordingId
from hotline.domain.line_policy import content_type_of
from hotline.domain.listenings import Listening
from hotline.errors import Forbidden, NotFound
from web_console.identity import HOTLINE, identity_of
from web_console.openapi import ID_PATTERN, ApiRequest


class ListeningView(TypedDict):
    """`audio` opens the sound, to this person alone, until `until`."""

    id: str
    audio: str
    seconds: int | None
    until: datetime


async def opened(request: ApiRequest, noted: Listening) -> ListeningView:
    sound = await listening.to_be_heard(request.hotline, request.actor, noted.sound_id, noted.id)
    return {
        "id": noted.id,
        "audio": f"/sounds/{sound.id}?listening={noted.id}",
        "seconds": sound.seconds,
        "until": noted.until,
    }


_HEAD = 16  # bytes: what a kind of audio is known by
_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")
_ID = re.compile(ID_PATTERN)
_HEADERS = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "no-store, private",
    "Content-Disposition": "inline",
    "X-Content-Type-Options": "nosniff",
}


async def audio(request: web.Request) -> web.StreamResponse:
    """The sound, or a range of it. A browser that would open or save it as a page of its own is refused."""
    if request.headers.get("Sec-Fetch-Dest", "audio") not in ("audio", "video", "empty"):
        raise Forbidden("A recording is listened to in the console.", code="reason_needed")
    sound_id, listening_id = request.match_info["sound_id"], request.query.get("listening", "")
    if not _ID.fullmatch(sound_id):
        raise NotFound("There is no such address.")
    if not _ID.fullmatch(listening_id):
        raise Forbidden("Say first why you listen to it.", code="reason_needed")
    hotline, actor = request.app[HOTLINE], identity_of(request).actor
    sound = await listening.to_be_heard(hotline, actor, RecordingId(sound_id), ListeningId(listening_id))
    span = _span(request.headers.get("Range"), sound.size)
    if span is None:
        return web.Response(status=416, headers={**_HEADERS, "Content-Range": f"bytes */{sound.size}"})
    start, end = span
    head = b"".join([each async for each in sound.pieces(hotline, 0, _HEAD)])
    kind = content_type_of(head) or "audio/wav"
    return await _streamed(request, sound.pieces(hotline, start, end), kind, start, end, sound.size)


async def _streamed(
    request: web.Request, pieces: AsyncIterator[bytes], kind: str, start: int, end: int, size: int
) -> web.StreamResponse:
    """The first piece is read before the answer begins: a file that does not open is still a refusal."""
    first = await anext(pieces, b"") if request.method != "HEAD" else b""
    response = web.StreamResponse(status=206 if "Range" in request.headers else 200, headers=_HEADERS)
    response.content_type = kind
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
    asked = _RANGE.fullmatch(header)
    if asked is None or header == "bytes=-":
        return None
    first, last = asked.groups()
    if not first:
        return (max(0, size - int(last)), size) if int(last) and size else None
    start, end = int(first), min(int(last) + 1 if last else size, size)
    return (start, end) if start < end else None
