"""What many consoles hear at once is gathered: of each thing its last state, every now and then.

    change ──near topics──▶ at once        (who holds it, who joined, who is being asked)
       └─────far topics───▶ gathered ──0.1 s, or as long as the last lot needs to leave──▶ one frame per console

A queue that all counselors see changes several times with every person who comes. Told one by one that is the
number of changes times the number of consoles; gathered it is bounded by `_BYTES_PER_SECOND`, whatever happens, and
what came and went between two lots is never told. So the more there is to do, the later the lists follow, and the
frames that somebody waits for never stand behind them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.domain.access import QUEUE, SUPERVISION

FAR = frozenset({QUEUE, SUPERVISION})
NOUNS = frozenset({"contact", "presence", "offer"})
"""Those that change with every step of every conversation; anything else is told at once."""

SPOKEN = "spoken"
"""The change that tells a part of a contact only; any other beside it tells the whole."""

_SOONEST_SECONDS = 0.1  # pages gather for as long themselves before they draw
_BYTES_PER_SECOND = (
    20_000_000  # for all consoles together: a sixth of a gigabit line, a few per cent of a core
)
_MOST_BYTES = 200_000  # of one lot to one console: a fifth of what an outbox holds


@dataclass(slots=True)
class Gathered:
    """One thing that changed since the last lot."""

    noun: str
    key: str
    what: str
    value: Any
    at: datetime
    known: frozenset[str]
    """The far topics that knew of it before."""
    passed: frozenset[str]
    """All far topics that it was in since."""


@dataclass(frozen=True, slots=True)
class Told:
    """A frame for whoever hears one of `topics` and none of `but`. `contact_id`: whose content may stand in it."""

    topics: frozenset[str]
    but: frozenset[str]
    frame: bytes
    contact_id: str | None = None

    def is_for(self, topics: frozenset[str]) -> bool:
        return not topics.isdisjoint(self.topics) and topics.isdisjoint(self.but)


class Gathering:
    """Pure: what was gathered, and when the next lot may leave."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], Gathered] = {}
        self._free_at = 0.0

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, new: Gathered, *, learned: frozenset[str]) -> None:
        """`learned`: far topics of which somebody has been told at once."""
        entry = self._entries.setdefault((new.noun, new.key), new)
        if entry is not new:
            entry.what = entry.what if new.what == SPOKEN else new.what
            entry.value, entry.at, entry.passed = new.value, new.at, entry.passed | new.passed
        entry.known |= learned

    def wait(self, now: float) -> float:
        """Seconds until the next lot may leave."""
        return max(_SOONEST_SECONDS, self._free_at - now)

    def take(self, told_by: Callable[[Gathered], Iterable[Told]]) -> Iterator[Told]:
        """The frames of the next lot, what has waited longest first; the rest stays for another."""
        size = 0
        while self._entries and size < _MOST_BYTES:
            key = next(iter(self._entries))
            for told in told_by(self._entries.pop(key)):
                size += len(told.frame)
                yield told

    def left(self, now: float, sent: int) -> None:
        """A lot of so many bytes in all has been given to the sockets."""
        self._free_at = now + sent / _BYTES_PER_SECOND


def several(frames: list[bytes]) -> bytes:
    """Frames as one: a page reads it in one go."""
    return frames[0] if len(frames) == 1 else b'{"type":"several","frames":[' + b",".join(frames) + b"]}"


class Lot:
    """One lot, put together for each console; those who hear the same share the same bytes."""

    def __init__(self, told: list[Told]) -> None:
        self._told = told
        self._but = frozenset(topic for each in told for topic in each.but)
        self._shared: dict[frozenset[str], bytes | None] = {}

    def of(self, topics: frozenset[str]) -> bytes | None:
        """Their frame; None if there is nothing for them."""
        if not topics.isdisjoint(self._but):
            return self._made(topics)
        far = topics & FAR
        if far not in self._shared:
            self._shared[far] = self._made(far)
        return self._shared[far]

    def _made(self, topics: frozenset[str]) -> bytes | None:
        frames = [each.frame for each in self._told if each.is_for(topics)]
        return several(frames) if frames else None
