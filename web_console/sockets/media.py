"""`GET /twilio/media`: the carrier streams a call's audio here, for our own recogniser. Signed like a webhook.

The socket only reads: audio goes into a bounded buffer, and what recognises or saves it never holds it up.
Nothing is sent to the carrier on it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from aiohttp import WSCloseCode, WSMsgType, web

from hotline.actions import media_streams
from hotline.actions.media_streams import Ending, MediaStream
from hotline.domain.change import Committed
from hotline.domain.contacts import Contact
from hotline.errors import Forbidden, HotlineError
from hotline.service import Hotline
from hotline.telephony.media_stream import BadFrame, Frame, Media, Start, Stop, parse
from hotline.telephony.recognisers import Tally
from hotline.telephony.signatures import Signatures
from web_console.identity import HOTLINE
from web_console.server_address import SERVER_ADDRESS
from web_console.sockets.frames import HEARTBEAT_SECONDS, LARGEST_FRAME, ended_by_a_code

log = logging.getLogger(__name__)

_START_SECONDS = 10.0  # from the handshake to `start`; the carrier sends both at once
_MOST_BAD_FRAMES = 20  # of one socket: then it is not the carrier's


class OpenStreams:
    """The streams of this process: the newest of each call counts."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline
        self._open: dict[str, tuple[MediaStream, web.WebSocketResponse]] = {}
        self._ending: set[MediaStream] = set()
        self.tally = Tally()
        hotline.writer.listen(self.hear)

    def hear(self, committed: Committed) -> None:
        """A listener of the writer."""
        for saved in committed.saved.values():
            if saved.noun == "contact" and isinstance(saved.after, Contact):
                found = self._open.get(saved.after.call_sid or "")
                if found is not None:
                    found[0].hear(saved.after)

    async def begin(self, start: Start, socket: web.WebSocketResponse) -> MediaStream:
        stream = await media_streams.begin(self._hotline, start, self.tally)
        before = self._open.get(start.call_sid)
        self._open[start.call_sid] = (stream, socket)
        if before is not None:
            self._hotline.background.start(_close(before[1]))
        await media_streams.look_again(self._hotline, stream)
        return stream

    def end(self, stream: MediaStream, *, stopped: bool) -> None:
        """What was said last is recognised after the socket is gone."""
        ending = Ending.STOPPED if stopped else Ending.LOST
        current = self._open.get(stream.start.call_sid)
        if current is not None and current[0] is stream:
            del self._open[stream.start.call_sid]
        else:
            ending = Ending.REPLACED
        self._ending.add(stream)
        self._hotline.background.start(self._over(stream, ending))

    async def _over(self, stream: MediaStream, ending: Ending) -> None:
        try:
            await stream.over(ending)
        finally:
            await stream.cancel()
            self._ending.discard(stream)

    def gauges(self) -> Mapping[tuple[str, str], float]:
        tally = self.tally
        return {
            ("hotline_media_streams", "Calls whose audio comes to us."): float(len(self._open)),
            ("hotline_recognisers_listening", "Open connections to the recogniser."): float(tally.listening),
            ("hotline_recogniser_breaks", "Connections that broke or were refused."): float(tally.breaks),
            ("hotline_recogniser_segments", "Final segments heard."): float(tally.segments),
            ("hotline_audio_dropped_seconds", "Audio nobody recognised in time."): tally.dropped_seconds,
        }


async def _close(socket: web.WebSocketResponse) -> None:
    await socket.close(code=WSCloseCode.POLICY_VIOLATION)


STREAMS = web.AppKey("open_streams", OpenStreams)


def require_signature(request: web.Request) -> None:
    """The handshake's signature is over the address with `wss`; its form is empty."""
    settings = request.app[HOTLINE].settings
    address = request.app[SERVER_ADDRESS].address + request.raw_path
    signatures = Signatures(settings.twilio_auth_token, settings.twilio_account_sid)
    if not signatures.accepts("ws" + address.removeprefix("http"), {}, request.headers):
        raise Forbidden("The request is not signed by the carrier.", code="not_signed")


async def media(request: web.Request) -> web.StreamResponse:
    require_signature(request)
    hotline, streams = request.app[HOTLINE], request.app[STREAMS]
    if not hotline.settings.transcription_url:
        raise Forbidden("No recogniser is set up here.")
    socket = web.WebSocketResponse(
        compress=False, max_msg_size=LARGEST_FRAME, heartbeat=HEARTBEAT_SECONDS, autoping=True
    )
    await socket.prepare(request)
    async with ended_by_a_code(socket, request.path):
        reader = _Reader(socket)
        stream = await _begun(reader, streams, hotline)
        if stream is not None:
            stopped = False
            try:
                stopped = await _fed(reader, stream)
            finally:
                streams.end(stream, stopped=stopped)
        await socket.close()
    return socket


class _Reader:
    """The frames of one socket; a few bad ones are passed over."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self._bad = 0

    async def next(self) -> Frame | None:
        """None at the end of the socket."""
        while True:
            message = await self.socket.receive()
            if message.type is not WSMsgType.TEXT and message.type is not WSMsgType.BINARY:
                return None
            try:
                return parse(message.data)
            except BadFrame as bad:
                self._bad += 1
                log.info("media: a frame of no use (%s)", bad)
            if self._bad > _MOST_BAD_FRAMES:
                await self.socket.close(code=WSCloseCode.POLICY_VIOLATION)
                return None


async def _begun(reader: _Reader, streams: OpenStreams, hotline: Hotline) -> MediaStream | None:
    """The stream, once the carrier says of which call it is; None if it is none of ours."""
    try:
        async with asyncio.timeout(_START_SECONDS):
            frame = await reader.next()
            while not isinstance(frame, Start | None):
                frame = await reader.next()
    except TimeoutError:
        return None
    if frame is None or frame.account_sid != hotline.settings.twilio_account_sid:
        return None
    try:
        return await streams.begin(frame, reader.socket)
    except HotlineError as refusal:
        log.info("media: a stream was refused (%s)", refusal.code)
        await reader.socket.close(code=WSCloseCode.POLICY_VIOLATION)
        return None


async def _fed(reader: _Reader, stream: MediaStream) -> bool:
    """Until the carrier stops (True) or the socket is gone."""
    while (frame := await reader.next()) is not None:
        if isinstance(frame, Media):
            stream.feed(frame.track, frame.mulaw)
        elif isinstance(frame, Stop):
            return True
    return False
