"""What streaming recognisers say on their WebSockets: FunASR's runtime and sherpa-onnx's servers. Pure.

| address          | audio               | a final segment is                          | end of audio           |
|------------------|---------------------|---------------------------------------------|------------------------|
| funasr+ws(s)://… | PCM, 60 ms a piece  | `2pass-offline`; `2pass-online` are pieces  | `is_speaking: false`   |
| sherpa+ws(s)://… | 32-bit floats       | `is_final`, or the next `segment` begins    | `Done`                 |

A connection has a protocol of its own: each remembers what is recognised and not yet final, so that a break loses
none of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from hotline.setting_forms import recogniser_address
from hotline.telephony.media_stream import SAMPLE_RATE, as_floats

_LONGEST_SEGMENT = 8_000  # characters: some ten minutes without a breath; more is a fault of the recogniser


class RecogniserProtocol(Protocol):
    subprotocols: tuple[str, ...]
    ends_by_quiet: bool
    """Nothing tells that the last segment was the last, but that no more comes."""

    def greeting(self, name: str) -> tuple[str, ...]: ...

    def audio(self, pcm: bytes) -> bytes: ...

    def farewell(self) -> str:
        """No more audio: say what is left."""
        ...

    def hear(self, said: str | bytes) -> list[str]:
        """The segments that are final with this message. What is not understood is passed over."""
        ...

    @property
    def so_far(self) -> str:
        """What is recognised of the sentence that is being said."""
        ...

    def left_over(self) -> str:
        """What was recognised and will never become final, because the connection is gone. Once."""
        ...

    @property
    def is_done(self) -> bool:
        """After the farewell: nothing more will come."""
        ...


def _object(said: str | bytes) -> dict[str, Any]:
    try:
        content = orjson.loads(said)
    except orjson.JSONDecodeError:
        return {}
    return content if isinstance(content, dict) else {}


def _text(content: dict[str, Any]) -> str:
    text = content.get("text")
    return text.strip()[:_LONGEST_SEGMENT] if isinstance(text, str) else ""


@dataclass(slots=True)
class FunAsr:
    """`mode: 2pass`: pieces while somebody speaks, and the corrected sentence, punctuated, at its end."""

    subprotocols: tuple[str, ...] = ("binary",)  # its server refuses whoever does not offer it
    ends_by_quiet: bool = True
    _pieces: str = ""

    def greeting(self, name: str) -> tuple[str, ...]:
        settings = {
            "mode": "2pass",
            "wav_name": name,
            "wav_format": "pcm",
            "audio_fs": SAMPLE_RATE,
            "is_speaking": True,
            "chunk_size": [5, 10, 5],  # pieces of 600 ms, 300 ms of them still to come
            "chunk_interval": 10,  # ten messages make one such piece: 60 ms each
            "itn": True,
        }
        return (orjson.dumps(settings).decode(),)

    def audio(self, pcm: bytes) -> bytes:
        return pcm

    def farewell(self) -> str:
        return '{"is_speaking": false}'

    def hear(self, said: str | bytes) -> list[str]:
        content = _object(said)
        mode, text = content.get("mode"), _text(content)
        if mode in ("2pass-online", "online"):
            self._pieces = (self._pieces + text)[-_LONGEST_SEGMENT:]
            return []
        if mode not in ("2pass-offline", "offline"):
            return []
        self._pieces = ""
        return [text] if text else []

    @property
    def so_far(self) -> str:
        return self._pieces

    def left_over(self) -> str:
        pieces, self._pieces = self._pieces, ""
        return pieces

    @property
    def is_done(self) -> bool:
        return False


@dataclass(slots=True)
class Sherpa:
    """Its C++ server says `is_final` and `Done!`; the one in Python only counts segments and closes."""

    subprotocols: tuple[str, ...] = ()
    ends_by_quiet: bool = False
    _segment: int = -1
    _so_far: str = ""
    _done: bool = False

    def greeting(self, name: str) -> tuple[str, ...]:
        del name  # the protocol has no place for it
        return ()

    def audio(self, pcm: bytes) -> bytes:
        return as_floats(pcm)

    def farewell(self) -> str:
        return "Done"

    def hear(self, said: str | bytes) -> list[str]:
        if said == "Done!":
            self._done = True
            return []
        content = _object(said)
        segment = content.get("segment")
        if not isinstance(segment, int):
            return []
        final = []
        if segment != self._segment:
            final.append(self.left_over())
            self._segment = segment
        self._so_far = _text(content)
        if content.get("is_final") is True:
            final.append(self.left_over())
        return [text for text in final if text]

    @property
    def so_far(self) -> str:
        return self._so_far

    def left_over(self) -> str:
        so_far, self._so_far = self._so_far, ""
        return so_far

    @property
    def is_done(self) -> bool:
        return self._done


@dataclass(frozen=True, slots=True)
class RecogniserAddress:
    """`funasr+wss://asr.example.org:10095` → which protocol, and where. `{language}` becomes zh or en."""

    protocol: type[FunAsr] | type[Sherpa]
    url: str

    @classmethod
    def of(cls, setting: str) -> RecogniserAddress:
        speech, url = recogniser_address(setting)
        return cls(_PROTOCOLS[speech], url)

    def in_language(self, language: str) -> str:
        return self.url.replace("{language}", language)


_PROTOCOLS: dict[str, type[FunAsr] | type[Sherpa]] = {"funasr": FunAsr, "sherpa": Sherpa}
