"""The on-premise line as a carrier: SIP on one side, on the other the same requests and webhooks as the carrier's.

    telephone ──SIP──▶ Phone ─┐
                              ├─ every 20 ms: what the lines say ─▶ what the calls do
    service ──requests──▶ LocalCarrier (lines, queue, rooms, scripts) ──signed webhooks──▶ service
                              └──▶ MediaLine: a call's audio to the service's recogniser

The engine that plays the carrier in tests obeys the scripts here too, so a line in the house behaves as one
outside; only the sound is real. Texts are not sent: a SIP trunk has none.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any

from websockets.exceptions import WebSocketException

from hotline.telephony.carrier import CallStatus
from hotline.telephony.media_stream import as_mulaw
from hotline.telephony.simulated_line import AudioStream, Line, Way
from hotline.telephony.simulator import SimulatedCarrier
from web_console.simulation.carrier_server import CarrierServer
from web_console.simulation.media_line import MediaLine
from web_console.sip_line.phone import Answered, Happening, Over, Phone, PhoneCall, Pressed, Rings
from web_console.sip_line.voice import Voice

log = logging.getLogger(__name__)

_TICK_SECONDS = 0.02  # one packet of audio
_SILENCE = b"\xff" * 160  # 20 ms
_MOST_WAITING = 250  # frames, five seconds: as the recogniser's own client keeps


class LocalCarrier(SimulatedCarrier):
    """Who is rung answers when their telephone says so."""

    def ring(self, phone: str, url: str, status_callback: str, ring_for: timedelta, now: datetime) -> Line:
        line = super().ring(phone, url, status_callback, ring_for, now)
        line.answers_at = None
        return line


class Gateway:
    """`counselor`: the SIP address of a counselor's telephone, with {to} for their identity or number."""

    def __init__(self, phone: Phone, server: CarrierServer, voice: Voice, counselor: str) -> None:
        self._phone, self._server, self._voice, self._counselor = phone, server, voice, counselor
        self._carrier = server.carrier
        self._calls: dict[str, PhoneCall] = {}
        self._sids: dict[PhoneCall, str] = {}
        self._spoken_to: set[str] = set()
        self._streams: dict[str, AudioStream] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        try:
            while True:
                self._phone.pump()
                while self._phone.happened:
                    self._note(self._phone.happened.popleft())
                self._follow()
                await asyncio.sleep(_TICK_SECONDS)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._calls.clear()
            self._sids.clear()

    # From the telephones to the lines -------------------------------------------------------------

    def _note(self, happening: Happening) -> None:
        now, call = self._server.clock.now(), happening.call
        sid = self._sids.get(call)
        if isinstance(happening, Rings):
            call.ring()
            sid = self._carrier.call_in(happening.number, now)
            self._calls[sid], self._sids[call] = call, sid
        elif sid is None or sid not in self._carrier.lines:
            pass
        elif isinstance(happening, Answered):
            line = self._carrier.lines[sid]
            if line.way is Way.OUTBOUND:
                line.answers_at = now
        elif isinstance(happening, Pressed):
            self._carrier.press(sid, happening.digit, now)
        elif isinstance(happening, Over):
            line = self._carrier.lines[sid]
            unanswered = line.status in (CallStatus.RINGING, CallStatus.QUEUED)
            self._carrier.end(line, CallStatus.NO_ANSWER if unanswered else CallStatus.COMPLETED, now)
        self._server.wake()

    # From the lines to the telephones -------------------------------------------------------------

    def _follow(self) -> None:
        for sid, line in list(self._carrier.lines.items()):
            call = self._calls.get(sid)
            if call is None and line.way is Way.OUTBOUND and not line.is_over:
                self._dial(line)
            elif call is not None and line.is_over:
                self._hung_up(sid, call)
            elif call is not None and line.status is CallStatus.IN_PROGRESS:
                self._in_progress(line, call)

    def _dial(self, line: Line) -> None:
        to = line.to.removeprefix("client:")
        call = self._phone.dial(self._counselor.format(to=to))
        self._calls[line.sid], self._sids[call] = call, line.sid

    def _hung_up(self, sid: str, call: PhoneCall) -> None:
        if not call.is_over:
            call.end()
            return
        del self._calls[sid], self._sids[call]
        self._spoken_to.discard(sid)
        self._streams.pop(sid, None)

    def _in_progress(self, line: Line, call: PhoneCall) -> None:
        if not call.sounds:
            if line.way is Way.INBOUND:
                call.pick_up()
            return
        call.hears(self._heard_by(line))
        if line.sid not in self._spoken_to:
            self._spoken_to.add(line.sid)
            self._start(self._speak(line, call))
        if line.stream is not None and self._streams.get(line.sid) != line.stream:
            self._streams[line.sid] = line.stream
            self._start(self._stream(line, call))

    def _heard_by(self, line: Line) -> set[PhoneCall]:
        room = self._carrier.rooms.get(line.room or "")
        if room is None or line.held:
            return set()
        others = [self._carrier.lines[sid] for sid in room.members if sid != line.sid]
        return {
            self._calls[other.sid]
            for other in others
            if other.sid in self._calls
            and self._calls[other.sid].sounds
            and not (other.held or other.muted)
            and other.coaches in (None, line.sid)
        }

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _speak(self, line: Line, call: PhoneCall) -> None:
        """The words of the scripts, one sentence after the other, for as long as the line lasts."""
        said = 0
        while call.sounds:
            if _in_conversation(line):
                call.play(None)  # the voice of the house does not speak into a conversation
                said = len(line.heard)
            elif len(line.heard) > said:
                text, said = " ".join(line.heard[said:]), len(line.heard)
                sound = await self._voice.spoken(text)
                if sound is not None and not _in_conversation(line):  # while it was being spoken to the file
                    call.play(sound)
            await asyncio.sleep(_TICK_SECONDS * 5)

    async def _stream(self, line: Line, call: PhoneCall) -> None:
        """The call's audio to the service, in real time; silence where nothing is to be heard."""
        said: deque[bytes] = deque(maxlen=_MOST_WAITING)
        heard: deque[bytes] = deque(maxlen=_MOST_WAITING)
        call.tap(said.append, heard.append)
        stream = line.stream
        try:
            async with MediaLine(self._carrier, line) as media:
                while not line.is_over and line.stream == stream:
                    while said:
                        await media.hears("inbound", as_mulaw(said.popleft()))
                        await media.hears("outbound", as_mulaw(heard.popleft()) if heard else _SILENCE)
                    await asyncio.sleep(_TICK_SECONDS)
                with contextlib.suppress(WebSocketException):
                    await media.stop()
        except (OSError, WebSocketException) as error:
            log.warning("sip line: a call's audio could not be streamed (%s)", type(error).__name__)


def _in_conversation(line: Line) -> bool:
    return line.room is not None
