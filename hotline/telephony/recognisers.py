"""A streaming recogniser of our own as its client sees it: audio in without waiting, final segments out.

    connecting ──▶ listening ──broken, slow, garbage──▶ pause ──▶ connecting …
                       └── finish: farewell, last words ──▶ over

Whatever fails on that side costs the call nothing: audio that cannot be sent waits a few seconds in a bounded
buffer, then its oldest is dropped and counted; the connection is tried again for as long as the call lasts.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedOK, WebSocketException
from websockets.typing import Subprotocol

from hotline.telephony.media_stream import BYTES_PER_SECOND
from hotline.telephony.recogniser_protocols import RecogniserAddress, RecogniserProtocol

log = logging.getLogger(__name__)

# The library writes frames, and with them what was said, into the log at the level of debugging: not this one.
_silent = logging.getLogger(f"{__name__}.socket")
_silent.setLevel(logging.CRITICAL)

_PIECE = BYTES_PER_SECOND * 60 // 1000  # 60 ms: what FunASR expects, and little enough to add no delay
_MOST_WAITING = 5 * BYTES_PER_SECOND // _PIECE  # five seconds: older speech helps nobody who listens now
_CONNECT_SECONDS = 5.0
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.25, 8.0
_STEADY_SECONDS = 1.0  # a connection that lasted this long counts as restored
_SHOWN_AFTER_SECONDS = 2.0  # a shorter break loses nothing, the buffer holds it
_LAST_WORDS_SECONDS = 8.0  # to recognise what is left when the call is over
_QUIET_SECONDS = 3.0  # after the end of the audio, where nothing else tells that all was said
_PING_SECONDS = 5.0  # who does not answer within ten is stuck or more than ten seconds behind: begin anew
_STUCK_SECONDS = (
    10.0  # who reads nothing for so long; the library's own ping waits behind the audio, for ever
)
_SOCKET_BUFFER = 65_536  # bytes, one to two seconds: more would hide from us that nobody reads
_LARGEST_ANSWER = 1_048_576  # bytes


@dataclass(slots=True)
class Tally:
    """For operators: since the start of the process."""

    listening: int = 0
    breaks: int = 0
    dropped_seconds: float = 0.0
    segments: int = 0


class Recogniser:
    """One track of one call. `heard` gets each final segment, `partly` what is being said meanwhile; `working` whether
    the transcript can be relied on."""

    def __init__(
        self,
        address: RecogniserAddress,
        language: str,
        name: str,
        heard: Callable[[str], None],
        working: Callable[[bool], None],
        tally: Tally,
        partly: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self._address, self._language, self._name = address, language, name
        self._heard, self._working, self._tally = heard, working, tally
        self._partly = partly
        self._part = bytearray()
        self._waiting: deque[bytes] = deque()
        self._woken = asyncio.Event()
        self._finishing = False
        self._farewell_said = False
        self._overflowed = False
        self._verdict: asyncio.TimerHandle | None = None
        self._verdict_is: bool | None = None
        self._said: bool | None = None
        self._task = asyncio.create_task(self._run(), name="recogniser")

    def feed(self, pcm: bytes) -> None:
        """Audio, of any length. Never waits and never fails."""
        self._part += pcm
        while len(self._part) >= _PIECE:
            self._waiting.append(bytes(self._part[:_PIECE]))
            del self._part[:_PIECE]
        while len(self._waiting) > _MOST_WAITING:
            self._waiting.popleft()
            self._tally.dropped_seconds += _PIECE / BYTES_PER_SECOND
            self._overflowed = True
            self._judge(False, after=0)
        self._woken.set()

    async def finish(self) -> None:
        """No more audio comes: what is left is recognised if that takes no longer than a few seconds."""
        if self._part:
            self._waiting.append(bytes(self._part))
        self._finishing = True
        self._woken.set()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._task), _LAST_WORDS_SECONDS)
        await self.cancel()

    async def cancel(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if self._verdict is not None:
            self._verdict.cancel()

    # Whether it works, without flickering ---------------------------------------------------------

    def _judge(self, works: bool, *, after: float) -> None:
        """Say so once it has been so for a while; the opposite in between takes it back."""
        if self._verdict is not None:
            if self._verdict_is is works and after:
                return
            self._verdict.cancel()
        self._verdict, self._verdict_is = None, works
        if after:
            self._verdict = asyncio.get_running_loop().call_later(after, self._say, works)
        else:
            self._say(works)

    def _say(self, works: bool) -> None:
        self._verdict = None
        if works is not self._said and not (works and self._overflowed):
            self._said = works
            self._working(works)

    # The connection -------------------------------------------------------------------------------

    async def _run(self) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while True:
            began = asyncio.get_running_loop().time()
            try:
                if await self._connected():
                    return
            except (OSError, WebSocketException, TimeoutError) as error:
                log.info("recogniser: no connection (%s)", type(error).__name__)
            if self._farewell_said:
                return
            self._tally.breaks += 1
            self._judge(False, after=_SHOWN_AFTER_SECONDS)
            if asyncio.get_running_loop().time() - began > _LONGEST_PAUSE_SECONDS:
                pause = _FIRST_PAUSE_SECONDS  # it had worked for a while
            await asyncio.sleep(pause * (0.5 + random.random()))  # noqa: S311  (not all calls at once)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def _connected(self) -> bool:
        """Converse until it breaks; True if everything was said on both sides."""
        protocol = self._address.protocol()
        async with connect(
            self._address.in_language(self._language),
            subprotocols=[Subprotocol(each) for each in protocol.subprotocols] or None,
            open_timeout=_CONNECT_SECONDS,
            close_timeout=1,
            ping_interval=_PING_SECONDS,
            ping_timeout=_PING_SECONDS * 2,
            max_size=_LARGEST_ANSWER,
            compression=None,
            proxy=None,  # audio goes where the setting says, whatever the environment names
            logger=_silent,
        ) as ws:
            _keep_little(ws)
            self._tally.listening += 1
            sending = asyncio.create_task(self._send(ws, protocol), name="recogniser's audio")
            try:
                return await self._listen(ws, protocol)
            finally:
                self._tally.listening -= 1
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
                self._take([protocol.left_over()])

    async def _listen(self, ws: ClientConnection, protocol: RecogniserProtocol) -> bool:
        while not protocol.is_done:
            try:
                async with asyncio.timeout(_QUIET_SECONDS):
                    said = await ws.recv()
            except TimeoutError:
                if self._farewell_said and protocol.ends_by_quiet:
                    return True
            except ConnectionClosedOK:
                return self._farewell_said
            else:
                so_far = protocol.so_far
                self._take(protocol.hear(said))
                if protocol.so_far not in ("", so_far):
                    self._partly(protocol.so_far)
        return True

    def _take(self, segments: list[str]) -> None:
        for segment in filter(None, segments):
            self._tally.segments += 1
            self._heard(segment)

    async def _send(self, ws: ClientConnection, protocol: RecogniserProtocol) -> None:
        """What waits, as it comes. A break ends this quietly: whoever reads notices it too."""
        try:
            await self._send_all(ws, protocol)
        except TimeoutError:
            ws.transport.abort()
        except WebSocketException:
            return

    async def _send_all(self, ws: ClientConnection, protocol: RecogniserProtocol) -> None:
        for each in protocol.greeting(self._name):
            await _sent(ws, each)
        self._judge(True, after=_STEADY_SECONDS)
        while True:
            self._woken.clear()
            while self._waiting:
                await _sent(ws, protocol.audio(self._waiting.popleft()))
            if self._overflowed:
                self._overflowed = False
                self._judge(True, after=_STEADY_SECONDS)
            if self._finishing:
                await _sent(ws, protocol.farewell())
                self._farewell_said = True
                return
            await self._woken.wait()


async def answers(address: RecogniserAddress, language: str) -> bool:
    """Whether a recogniser is there at all: for whoever sets it up."""
    subprotocols = [Subprotocol(each) for each in address.protocol().subprotocols] or None
    try:
        async with connect(
            address.in_language(language),
            subprotocols=subprotocols,
            open_timeout=_CONNECT_SECONDS,
            close_timeout=1,
            proxy=None,
            logger=_silent,
        ):
            return True
    except (OSError, WebSocketException, TimeoutError):
        return False


async def _sent(ws: ClientConnection, message: str | bytes) -> None:
    async with asyncio.timeout(_STUCK_SECONDS):
        await ws.send(message)


def _keep_little(ws: ClientConnection) -> None:
    connection: socket.socket | None = ws.transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SOCKET_BUFFER)
