"""One line of the simulated carrier: what it was told to do, and where it is. `simulator.py` moves it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from xml.etree import ElementTree

from hotline.telephony.carrier import CallStatus

_CHINESE_CHARACTERS_PER_SECOND = 4.5
_LETTERS_PER_SECOND = 15.0
_MUSIC_SECONDS = 5.0
_GATHER_SECONDS = 5.0

NESTING = {
    "Response": {"Say", "Play", "Pause", "Gather", "Record", "Enqueue", "Dial", "Start", "Redirect", "Hangup"}
    | {"Leave", "Reject"},
    "Gather": {"Say", "Play", "Pause"},
    "Dial": {"Conference", "Client", "Number"},
    "Start": {"Transcription", "Stream"},
    "Say": set[str](),
}


class ScriptError(Exception):
    """What we were answered is no script that the carrier can obey."""


@dataclass(frozen=True, slots=True)
class Verb:
    name: str
    text: str
    options: dict[str, str]
    children: tuple[Verb, ...] = ()


def parse_script(document: str) -> list[Verb]:
    """The verbs of a TwiML document; refuses what the carrier would refuse."""
    try:
        root = ElementTree.fromstring(document)  # noqa: S314  (our own server's answer, in tests and demos)
    except ElementTree.ParseError:
        raise ScriptError("not XML") from None
    if root.tag != "Response":
        raise ScriptError("no Response")
    return list(_verbs(root))


def _verbs(parent: ElementTree.Element) -> Iterator[Verb]:
    allowed = NESTING.get(parent.tag, set())
    for element in parent:
        if element.tag not in allowed:
            raise ScriptError(f"{element.tag} in {parent.tag}")
        yield Verb(element.tag, (element.text or "").strip(), dict(element.attrib), tuple(_verbs(element)))


def seconds_of(verb: Verb) -> float:
    """How long a verb keeps the line busy."""
    if verb.name == "Say":
        chinese = sum(1 for each in verb.text if "\u4e00" <= each <= "\u9fff")
        return chinese / _CHINESE_CHARACTERS_PER_SECOND + (len(verb.text) - chinese) / _LETTERS_PER_SECOND
    if verb.name == "Pause":
        return float(verb.options.get("length", "1"))
    if verb.name == "Gather":
        return sum(map(seconds_of, verb.children)) + float(verb.options.get("timeout", _GATHER_SECONDS))
    return _MUSIC_SECONDS


class Way(StrEnum):
    """Inbound: a person called us. Outbound: we had a counselor's phone rung."""

    INBOUND = "inbound"
    OUTBOUND = "outbound-api"


@dataclass(slots=True)
class Transcription:
    sid: str
    callback: str
    language: str
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class AudioStream:
    """The line's audio is to be sent to `url`, by whoever has sockets."""

    sid: str
    url: str
    tracks: str


@dataclass(slots=True)
class Line:
    sid: str
    way: Way
    from_: str
    to: str
    made_at: datetime
    status: CallStatus = CallStatus.RINGING
    first_url: str = ""
    status_callback: str = ""
    rings_until: datetime | None = None
    answers_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    script: deque[Verb] = field(default_factory=deque)
    busy_until: datetime | None = None
    asking: int | None = None
    """The number of the request whose answer will be the next script."""
    queue: Verb | None = None
    queued_at: datetime | None = None
    room: str | None = None
    room_options: dict[str, str] = field(default_factory=dict)
    dial: Verb | None = None
    held: bool = False
    muted: bool = False
    coaches: str | None = None
    """Whose ear alone hears this line."""
    beside: set[int] = field(default_factory=set)
    """Requests whose answers are only heard (on hold, an announcement): the line stays where it is."""
    fell_back: bool = False
    transcription: Transcription | None = None
    stream: AudioStream | None = None
    gathering: Verb | None = None
    record: Verb | None = None
    dials: str | None = None
    """The line of the telephone that this one is to be connected to."""
    dialled_by: str | None = None
    was_connected: bool = False
    presses_at: datetime | None = None
    heard: list[str] = field(default_factory=list)
    """What was said to this line, in order: what a test may look at."""

    @property
    def is_over(self) -> bool:
        return self.status.is_over
