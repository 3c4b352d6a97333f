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
# A doubtable frame that is never doubted where its cues are nearly all that a text says.
AMID = "amid"


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
    """One row of the table.

    `doubtable`: its cues also stand in harmless talk, so a text that resembles nothing so grave through and through
    holds it to low or moderate; `amid`: its cues seldom stand together in harmless talk, so it is held only amid other
    words; `plain`: it says the thing itself, so where a text says nothing else the rules decide
    alone (all in `verdict.py`).
    """

    id: str
    floor: Level
    slots: tuple[tuple[Want, ...], ...]
    never: tuple[Want, ...]
    near: int
    kinds: tuple[Kind, ...]
    tags: tuple[str, ...]
    act: bool
    doubtable: bool
    amid: bool
    plain: bool
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
            doubtable="doubtable" in raw,
            amid=raw.get("doubtable") == AMID,
            plain=raw.get("plain", False),
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
        told = _Told(cues)
        fired = []
        for classes, frame in self._anchors:
            if present.isdisjoint(classes):
                continue
            if any(cue.current for cue in told.fitting(frame.never)):
                continue
            filled = _fill(frame, told)
            if filled is not None:
                fired.append(Fired(frame, filled))
        return fired


class _Told:
    """The cues of one message, found by class: a long message has many, and every frame asks."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._cues = cues
        self._places: dict[str, list[int]] = {}
        for index, cue in enumerate(cues):
            self._places.setdefault(cue.cue_class, []).append(index)

    def fitting(self, slot: tuple[Want, ...]) -> list[Cue]:
        """The cues that fill the slot, in their order."""
        cues = self._cues
        found = {
            index for want in slot for index in self._places.get(want.cue_class, ()) if want.fits(cues[index])
        }
        return [cues[index] for index in sorted(found)]


def _fill(frame: Frame, told: _Told) -> tuple[Cue, ...] | None:
    """The first way to fill all slots; earlier turns may fill some, but not all."""
    slots = []
    for slot in frame.slots:
        fitting = told.fitting(slot)
        if not fitting:
            return None
        slots.append(fitting)
    first, *others = slots
    for anchor in first:
        chosen = [anchor]
        for fitting in others:
            nearest = _nearest(anchor, fitting, chosen, frame.near)
            if nearest is None:
                break
            chosen.append(nearest)
        else:
            if any(cue.current for cue in chosen):
                return tuple(chosen)
    return None


def _nearest(anchor: Cue, fitting: Sequence[Cue], chosen: Sequence[Cue], near: int) -> Cue | None:
    """Of the cues not chosen yet the nearest one, those of this turn first; None if all are too far."""
    best: Cue | None = None
    best_key = (True, near + 1)
    for cue in fitting:
        distance = 0
        if cue.current and anchor.current:
            distance = max(0, cue.start - anchor.end, anchor.start - cue.end)
            if distance > near:
                continue
        key = (not cue.current, distance)
        if key < best_key and cue not in chosen:
            best, best_key = cue, key
    return best
