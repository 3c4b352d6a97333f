"""A real recogniser behind sherpa's protocol: CMU PocketSphinx, which brings an English model with its package.

Its small model hears a synthetic voice over the telephone well only where it knows what may be said: a grammar of
a dozen sentences, of which the test says one. What nobody said it does not make up: it hears nothing then.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import warnings
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

SENTENCES = (
    "i want to talk to someone",
    "i feel so alone tonight",
    "i have lost my job",
    "nobody understands me",
    "i can not sleep",
    "please call me tomorrow",
    "my brother is very angry",
    "the weather is nice today",
)
_LOUD, _PAUSE_SECONDS, _RATE = 250.0, 0.6, 16_000


class EnglishEar:
    """One connection's: collects a stretch of speech until it pauses, then decodes it."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pocketsphinx import Decoder

            grammar = folder / "calls.gram"
            choices = " | ".join(SENTENCES)
            grammar.write_text(f"#JSGF V1.0;\ngrammar calls;\npublic <call> = {choices} ;\n")
            self._decoder: Any = Decoder(samprate=_RATE, jsgf=str(grammar), lm=None, loglevel="FATAL")
        self._speech: list[np.ndarray[Any, Any]] = []
        self._quiet = 0.0
        self._spoke = False

    def hear(self, samples: np.ndarray[Any, Any]) -> bytes | None:
        """A whole stretch of speech, when it is over."""
        loud = float(np.sqrt(np.mean(samples**2))) > _LOUD
        self._quiet = 0.0 if loud else self._quiet + len(samples) / _RATE
        self._spoke = self._spoke or loud
        self._speech.append(samples)
        if not self._spoke:
            self._speech = self._speech[-5:]  # a little of the silence before helps the decoder
            return None
        return self.stretch() if self._quiet >= _PAUSE_SECONDS else None

    def stretch(self) -> bytes | None:
        if not self._spoke:
            return None
        speech = np.concatenate(self._speech).clip(-32768, 32767).astype("<i2").tobytes()
        self._speech, self._spoke, self._quiet = [], False, 0.0
        return speech

    def decode(self, speech: bytes) -> str:
        self._decoder.start_utt()
        self._decoder.process_raw(speech, full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        return found.hypstr if found is not None else ""


async def _listen(ws: ServerConnection, folder: Path) -> None:
    ear, segment = EnglishEar(folder), 0

    async def say(speech: bytes | None) -> None:
        nonlocal segment
        text = await asyncio.to_thread(ear.decode, speech) if speech else ""
        if text:
            await ws.send(json.dumps({"text": text, "segment": segment, "is_final": True}))
            segment += 1

    with contextlib.suppress(ConnectionClosed):
        while (message := await ws.recv()) != "Done":
            assert isinstance(message, bytes)
            await say(ear.hear(np.frombuffer(message, "<f4") * 32768))
        await say(ear.stretch())
        await ws.send("Done!")
        await ws.wait_closed()


@contextlib.asynccontextmanager
async def english_ear(folder: Path) -> AsyncIterator[str]:
    """Its address, as the setting wants it."""
    async with serve(lambda ws: _listen(ws, folder), "127.0.0.1", 0, ping_interval=None) as server:
        yield f"sherpa+ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
