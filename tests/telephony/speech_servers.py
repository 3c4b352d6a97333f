"""Recognisers on real WebSockets that speak the two protocols as the originals do, and "recognise" by loudness:
a loud stretch that is followed by a pause is a sentence. Faults on request."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from hotline.telephony import recognisers

LOUD = 500.0
PAUSE_SECONDS = 0.3
RATE = 16_000


class Ear:
    """Samples in, sentences out: `第1句`, `第2句` … and the seconds that each was loud."""

    def __init__(self) -> None:
        self.seconds = self._quiet = self._loud = 0.0
        self.sentences = 0

    def hear(self, samples: np.ndarray[Any, Any]) -> tuple[str, bool]:
        """What is being said, and whether the sentence is over."""
        seconds = len(samples) / RATE
        self.seconds += seconds
        if len(samples) and float(np.sqrt(np.mean(samples.astype(float) ** 2))) > LOUD:
            self._loud += seconds
            self._quiet = 0.0
        else:
            self._quiet += seconds
        if not self._loud:
            return "", False
        if self._quiet >= PAUSE_SECONDS:
            return self.end(), True
        return f"第{self.sentences + 1}", False

    def end(self) -> str:
        if not self._loud:
            return ""
        self.sentences += 1
        self._loud = 0.0
        return f"第{self.sentences}句"


@dataclass
class SpeechServer:
    """`kind`: funasr, sherpa (C++) or sherpa-python. `mischief` is called with each connection first."""

    kind: str
    url: str = ""
    connections: int = 0
    open: set[ServerConnection] = field(default_factory=set)
    greetings: list[dict[str, Any]] = field(default_factory=list)
    ears: list[Ear] = field(default_factory=list)
    reads: asyncio.Event = field(default_factory=asyncio.Event)
    garbage: tuple[str | bytes, ...] = ()
    breaks_after_seconds: float | None = None

    async def serve_one(self, ws: ServerConnection) -> None:
        self.connections += 1
        self.open.add(ws)
        ear = Ear()
        self.ears.append(ear)
        with contextlib.suppress(ConnectionClosed):
            for each in self.garbage:
                await ws.send(each)
            await (self._funasr(ws, ear) if self.kind == "funasr" else self._sherpa(ws, ear))
        self.open.discard(ws)

    async def _heard(self, ws: ServerConnection, ear: Ear) -> str | bytes:
        await self.reads.wait()
        if self.breaks_after_seconds is not None and ear.seconds >= self.breaks_after_seconds:
            self.breaks_after_seconds = None
            ws.transport.abort()
        return await ws.recv()

    async def _funasr(self, ws: ServerConnection, ear: Ear) -> None:
        said = ""
        while True:
            message = await self._heard(ws, ear)
            if isinstance(message, str):
                content = json.loads(message)
                if content["is_speaking"]:
                    self.greetings.append(content)
                    continue
                if last := ear.end():
                    await self._say(ws, "2pass-offline", last, True)
                continue
            assert len(message) <= 1920, "the recogniser's own detection of speech expects 60 ms"
            text, over = ear.hear(np.frombuffer(message, "<i2"))
            if over:
                said = ""
                await self._say(ws, "2pass-offline", text, False)
            elif text and text != said:
                await self._say(ws, "2pass-online", text[len(said) :], False)
                said = text

    async def _say(self, ws: ServerConnection, mode: str, text: str, final: bool) -> None:
        name = self.greetings[-1]["wav_name"]
        answer = {"mode": mode, "wav_name": name, "text": text, "is_final": final}
        await ws.send(json.dumps(answer, ensure_ascii=False))

    async def _sherpa(self, ws: ServerConnection, ear: Ear) -> None:
        own = self.kind == "sherpa"
        segment = 0
        while (message := await self._heard(ws, ear)) != "Done":
            assert isinstance(message, bytes)
            samples = np.frombuffer(message, "<f4")
            assert len(samples) == 0 or np.abs(samples).max() <= 1
            text, over = ear.hear(samples * 32768)
            answer: dict[str, Any] = {"text": text, "segment": segment}
            if own:
                answer |= {"is_final": over, "tokens": [], "timestamps": [], "start_time": 0.0}
            await ws.send(json.dumps(answer, ensure_ascii=False))
            segment += over
        last = {"text": ear.end(), "segment": segment} | ({"is_final": True, "is_eof": True} if own else {})
        await ws.send(json.dumps(last, ensure_ascii=False))
        if own:
            await ws.send("Done!")
            await ws.wait_closed()


@contextlib.asynccontextmanager
async def speech_server(kind: str, port: int = 0, **given: Any) -> AsyncIterator[SpeechServer]:
    server = SpeechServer(kind, **given)
    server.reads.set()
    # As FunASR's: without the subprotocol it does not talk to anybody.
    subprotocols: Any = ["binary"] if kind == "funasr" else None
    async with serve(
        server.serve_one, "127.0.0.1", port, subprotocols=subprotocols, ping_interval=None
    ) as ws:
        port = ws.sockets[0].getsockname()[1]
        server.url = f"{kind.partition('-')[0]}+ws://127.0.0.1:{port}"
        try:
            yield server
        finally:
            server.reads.set()
        for each in list(server.open):
            each.transport.abort()


def quicken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recogniser's client is as impatient as these servers: the same order of events in a tenth of the time."""
    for name, seconds in {
        "_FIRST_PAUSE_SECONDS": 0.02,
        "_LONGEST_PAUSE_SECONDS": 0.1,
        "_STEADY_SECONDS": 0.05,
        "_SHOWN_AFTER_SECONDS": 0.15,
        "_QUIET_SECONDS": 0.2,
        "_LAST_WORDS_SECONDS": 1.0,
    }.items():
        monkeypatch.setattr(recognisers, name, seconds)
