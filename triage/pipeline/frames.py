"""Compose cues into frames; each frame sets a floor. The table itself is `lexicon/frames.json`.

A frame has slots; every slot must be filled, at most `near` tokens from the first one or from an earlier turn.
A slot names classes, `a|b`, each with conditions: `act_done@past`, `place#self`, `intent@negated`.

| condition | the cue must be |
|---|---|
| (none) | affirmed, present or recent, real |
| `@past`, `@recent` | affirmed and of that time |
| `@intended` | an act that is wanted, feared or asked about, not done |
| `@negated` | denied |
| `@any` | of any time and polarity, but real |
| `@fiction` | told, not lived |
| `#self`, `#other` | about the writer (or nobody named), about someone else |
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from triage.assessment import Kind, Level
from triage.pipeline.cues import Cue

CONDITIONS = frozenset({"", "past", "recent", "intended", "negated", "any", "fiction"})
PERSONS = frozenset({"", "self", "other"})


@dataclass(frozen=True, slots=True)
class Want:
    """One alternative of a slot."""

    cue_class: str
    when: str = ""
    who: str = ""

    @classmethod
    def parse(cls, text: str) -> "Want":
        """Read `class@when#who`."""
        head, _, who = text.partition("#")
        cue_class, _, when = head.partition("@")
        if when not in CONDITIONS or who not in PERSONS:
            raise ValueError(f"unknown condition in a frame: {text}")
        return cls(cue_class, when, who)

    def fits(self, cue: Cue) -> bool:
        """Whether the cue, as it is meant, fills this slot."""
        if cue.cue_class != self.cue_class or not self._fits_person(cue):
            return False
        if self.when == "fiction" or cue.world == "fiction":
            return self.when == "fiction" and cue.world == "fiction"
        if self.when == "any":
            return True
        if self.when == "negated" or cue.polarity == "negated":
            return self.when == "negated" and cue.polarity == "negated"
        return cue.time == self.when if self.when else cue.time in ("present", "recent")

    def _fits_person(self, cue: Cue) -> bool:
        return not self.who or (cue.who == "other") == (self.who == "other")


@dataclass(frozen=True, slots=True)
class Frame:
    """One row of the table."""

    id: str
    floor: Level
    slots: tuple[tuple[Want, ...], ...]
    never: tuple[Want, ...]
    near: int
    kinds: tuple[Kind, ...]
    tags: tuple[str, ...]
    act: bool
    why_zh: str
    why_en: str

    @classmethod
    def read(cls, raw: dict[str, Any]) -> "Frame":
        """One object of frames.json."""
        return cls(
            id=raw["id"],
            floor=Level(raw["floor"]),
            slots=tuple(_wants(slot) for slot in raw["slots"]),
            never=tuple(want for text in raw.get("never", ()) for want in _wants(text)),
            near=raw.get("near", 60),
            kinds=tuple(Kind(kind) for kind in raw.get("kinds", ())),
            tags=tuple(raw.get("tags", ())),
            act=raw.get("act", False),
            why_zh=raw["why"]["zh"],
            why_en=raw["why"]["en"],
        )

    @property
    def classes(self) -> frozenset[str]:
        """The classes of the first slot: without one of them the frame cannot be."""
        return frozenset(want.cue_class for want in self.slots[0])


@dataclass(frozen=True, slots=True)
class Fired:
    """A frame with the cues that filled it."""

    frame: Frame
    cues: tuple[Cue, ...]


def _wants(slot: str) -> tuple[Want, ...]:
    return tuple(Want.parse(part) for part in slot.split("|"))


class FrameTable:
    """All frames, found by the class of their first slot."""

    def __init__(self, raw: Iterable[dict[str, Any]]) -> None:
        self.frames = tuple(Frame.read(row) for row in raw)
        self._anchors = tuple((frame.classes, frame) for frame in self.frames)

    def fire(self, cues: Sequence[Cue]) -> list[Fired]:
        """Every frame that these cues fill, with at least one cue of the current turn."""
        present = {cue.cue_class for cue in cues}
        fired = []
        for classes, frame in self._anchors:
            if present.isdisjoint(classes):
                continue
            if any(want.fits(cue) for want in frame.never for cue in cues if cue.current):
                continue
            filled = _fill(frame, cues)
            if filled is not None:
                fired.append(Fired(frame, filled))
        return fired


def _fill(frame: Frame, cues: Sequence[Cue]) -> tuple[Cue, ...] | None:
    """The first way to fill all slots; earlier turns may fill some, but not all."""
    first, *others = frame.slots
    for anchor in _fitting(first, cues):
        chosen = [anchor]
        for slot in others:
            near = [
                cue
                for cue in _fitting(slot, cues)
                if cue not in chosen
                and (not cue.current or not anchor.current or _distance(cue, anchor) <= frame.near)
            ]
            if not near:
                break
            chosen.append(min(near, key=lambda cue: (not cue.current, _distance(cue, anchor))))
        else:
            if any(cue.current for cue in chosen):
                return tuple(chosen)
    return None


def _fitting(slot: tuple[Want, ...], cues: Sequence[Cue]) -> list[Cue]:
    return [cue for cue in cues if any(want.fits(cue) for want in slot)]


def _distance(left: Cue, right: Cue) -> int:
    if not (left.current and right.current):
        return 0
    return max(0, max(left.start, right.start) - min(left.end, right.end))
