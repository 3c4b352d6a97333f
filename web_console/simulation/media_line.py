"""The simulated carrier's audio on a real socket: a line's stream, as the carrier speaks it, by another library.

A simulated line has no sound of its own: whoever plays the person gives it (μ-law, 8 kHz).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping

import orjson
from websockets.asyncio.client import ClientConnection, connect

from hotline.telephony.signatures import SIGNATURE, Signatures
from hotline.telephony.simulated_line import Line
from hotline.telephony.simulator import SimulatedCarrier

_FRAME = 160  # bytes: 20 ms
_TRACKS = {"both_tracks": ("inbound", "outbound"), "outbound_track": ("outbound",)}


class MediaLine:
    """`async with MediaLine.of(carrier, line) as media: await media.hears("inbound", audio)`."""

    def __init__(self, carrier: SimulatedCarrier, line: Line) -> None:
        if line.stream is None:
            raise ValueError("Nobody ordered this line's audio.")
        self._stream, self._call_sid, self._account = line.stream, line.sid, carrier.account_sid
        self._signature = Signatures(carrier.auth_token, carrier.account_sid).sign(line.stream.url, {})
        self._count = 0
        self._sent = dict.fromkeys(_TRACKS.get(line.stream.tracks, ("inbound",)), 0)
        self._socket: ClientConnection | None = None

    async def __aenter__(self) -> MediaLine:
        headers = {SIGNATURE: self._signature}
        self._socket = await connect(
            self._stream.url, additional_headers=headers, compression=None, proxy=None
        )
        await self._socket.send('{"event":"connected","protocol":"Call","version":"1.0.0"}')
        start = {
            "streamSid": self._stream.sid,
            "accountSid": self._account,
            "callSid": self._call_sid,
            "tracks": list(self._sent),
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {},
        }
        await self._say("start", start)
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Without `stop` before: a line that is cut."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def hears(self, track: str, mulaw: bytes) -> None:
        """Audio on one track; faster than it would sound, if whoever calls does not wait."""
        for at in range(0, len(mulaw), _FRAME):
            self._sent[track] += 1
            media = {
                "track": track,
                "chunk": str(self._sent[track]),
                "timestamp": str(self._sent[track] * 20),
                "payload": b64encode(mulaw[at : at + _FRAME]).decode(),
            }
            await self._say("media", media)

    async def stop(self) -> None:
        await self._say("stop", {"accountSid": self._account, "callSid": self._call_sid})
        if self._socket is not None:
            await self._socket.close()

    async def _say(self, event: str, content: Mapping[str, object]) -> None:
        self._count += 1
        frame = {"event": event, "sequenceNumber": str(self._count), event: content}
        if self._socket is not None:
            await self._socket.send(orjson.dumps(frame | {"streamSid": self._stream.sid}).decode())
