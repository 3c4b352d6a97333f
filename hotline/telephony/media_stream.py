"""A call's audio as the carrier streams it: frames of JSON, μ-law at 8 kHz, made into PCM at 16 kHz. Pure.

    connected ──▶ start ──▶ media · media · dtmf · mark … ──▶ stop

Every number in a frame is a string; media comes 50 times a second for each track.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import orjson

SAMPLE_RATE = 16_000  # Hz: what streaming recognisers are trained on
BYTES_PER_SECOND = SAMPLE_RATE * 2
_LONGEST_MEDIA = 16_000  # characters of base64: one and a half seconds; the carrier sends 20 ms


class Track(StrEnum):
    """Seen from the call: inbound is the person, outbound is what they hear."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class BadFrame(Exception):
    """No frame of this protocol. Says what is wrong, never what was sent."""


@dataclass(frozen=True, slots=True)
class Start:
    stream_sid: str
    account_sid: str
    call_sid: str
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class Media:
    track: Track
    mulaw: bytes


@dataclass(frozen=True, slots=True)
class Stop:
    """The call, or the stream alone, is over."""


@dataclass(frozen=True, slots=True)
class Other:
    """`connected`, `dtmf`, `mark`, and whatever the carrier may add: nothing for us to do."""


Frame = Start | Media | Stop | Other


def parse(text: str | bytes) -> Frame:
    try:
        frame = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadFrame("not JSON") from None
    if not isinstance(frame, dict):
        raise BadFrame("no object")
    event = frame.get("event")
    if event == "media":
        return _media(_part(frame, "media"))
    if event == "start":
        return _start(frame, _part(frame, "start"))
    if not isinstance(event, str):
        raise BadFrame("no event")
    return Stop() if event == "stop" else Other()


def _part(frame: dict[str, Any], name: str) -> dict[str, Any]:
    part = frame.get(name)
    if not isinstance(part, dict):
        raise BadFrame(f"{name} without content")
    return part


def _media(part: dict[str, Any]) -> Media:
    payload = part.get("payload")
    if not isinstance(payload, str) or len(payload) > _LONGEST_MEDIA:
        raise BadFrame("media without a payload, or with too much")
    try:
        return Media(_track(part.get("track")), b64decode(payload, validate=True))
    except (binascii.Error, ValueError):
        raise BadFrame("media that is not base64") from None


def _track(name: object) -> Track:
    """Media and start name tracks differently from the order that began the stream (`inbound_track`)."""
    try:
        return Track(str(name).removesuffix("_track"))
    except ValueError:
        raise BadFrame("an unknown track") from None


def _start(frame: dict[str, Any], part: dict[str, Any]) -> Start:
    form, tracks = _part(part, "mediaFormat"), part.get("tracks")
    said = (form.get("encoding"), str(form.get("sampleRate")), str(form.get("channels", 1)))
    if said != ("audio/x-mulaw", "8000", "1"):
        raise BadFrame("an unknown form of audio")
    sids = [part.get("streamSid", frame.get("streamSid")), part.get("accountSid"), part.get("callSid")]
    if not isinstance(tracks, list) or not all(_is_sid(sid) for sid in sids):
        raise BadFrame("start without tracks or identifiers")
    return Start(str(sids[0]), str(sids[1]), str(sids[2]), tuple(dict.fromkeys(map(_track, tracks))))


def _is_sid(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isalnum() and len(value) <= 64


# Audio -------------------------------------------------------------------------------------------


def _mulaw_table() -> np.ndarray[Any, np.dtype[np.float32]]:
    """G.711: every byte's sample, 16 bits."""
    inverted = ~np.arange(256, dtype=np.uint8)
    exponent, mantissa = (inverted >> 4) & 7, inverted & 15
    size = ((mantissa.astype(np.int32) * 8 + 132) << exponent) - 132
    return np.where(inverted & 128, -size, size).astype(np.float32)


def _between() -> np.ndarray[Any, np.dtype[np.float32]]:
    """The sample half-way between two: a sinc of 16 taps under a Kaiser window, its sum made one."""
    at = np.arange(_TAPS) - (_TAPS - 1) / 2
    taps = np.sinc(at) * np.kaiser(_TAPS, 6.0)
    weights: np.ndarray[Any, np.dtype[np.float32]] = (taps / taps.sum()).astype(np.float32)
    return weights


_TAPS = 16  # half a millisecond each way is enough for the telephone's 3.4 kHz
_SAMPLES = _mulaw_table()
_BETWEEN = _between()


class Upsampler:
    """One track's μ-law at 8 kHz → PCM of 16 bits at 16 kHz, little-endian, without a seam between pieces.

    Its output lags behind by one millisecond.
    """

    def __init__(self) -> None:
        self._past = np.zeros(_TAPS - 1, dtype=np.float32)

    def feed(self, mulaw: bytes) -> bytes:
        heard = np.concatenate((self._past, _SAMPLES[np.frombuffer(mulaw, dtype=np.uint8)]))
        self._past = heard[len(heard) - (_TAPS - 1) :]
        doubled = np.empty((len(mulaw), 2), dtype=np.float32)
        middle = _TAPS // 2 - 1
        doubled[:, 0] = heard[middle : middle + len(mulaw)]
        if mulaw:
            doubled[:, 1] = np.convolve(heard, _BETWEEN, mode="valid")
        return np.clip(np.rint(doubled), -32768, 32767).astype("<i2").tobytes()


def as_floats(pcm: bytes) -> bytes:
    """PCM of 16 bits → 32-bit floats between -1 and 1, little-endian."""
    return (np.frombuffer(pcm, dtype="<i2").astype("<f4") / np.float32(32768)).tobytes()


def as_mulaw(pcm: bytes) -> bytes:
    """PCM of 16 bits → μ-law at the same rate: for lines of the house."""
    nearest = np.searchsorted(_BORDERS, np.frombuffer(pcm, dtype="<i2"))
    return _ASCENDING[nearest].tobytes()


_ASCENDING = np.argsort(_SAMPLES, kind="stable").astype(np.uint8)
_BORDERS = (_SAMPLES[_ASCENDING][:-1] + _SAMPLES[_ASCENDING][1:]) / 2
