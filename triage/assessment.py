"""What triage says about a message: plain values, no spaCy and no text.

Evidence holds offsets into the raw message, never the words themselves: what a person wrote stays
in the message.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Level(StrEnum):
    """How urgent a message is. UNASSESSED means "nobody looked": it is not below LOW."""

    NONE = "none"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    IMMINENT = "imminent"
    UNASSESSED = "unassessed"

    @property
    def rank(self) -> int:
        """0 for none … 4 for imminent; -1 for unassessed, which lies on no scale."""
        return _RANKS[self]

    @property
    def queue_rank(self) -> int:
        """The rank by which people wait: unassessed waits as if moderate."""
        return _RANKS[Level.MODERATE] if self is Level.UNASSESSED else _RANKS[self]

    @classmethod
    def from_rank(cls, rank: int) -> "Level":
        """The assessed level of a rank, held inside none … imminent."""
        return ASSESSED_LEVELS[max(0, min(rank, len(ASSESSED_LEVELS) - 1))]


ASSESSED_LEVELS = (Level.NONE, Level.LOW, Level.MODERATE, Level.HIGH, Level.IMMINENT)
_RANKS = {level: rank for rank, level in enumerate(ASSESSED_LEVELS)} | {Level.UNASSESSED: -1}


def highest(*levels: Level) -> Level:
    """The most urgent of the levels; unassessed counts as moderate but keeps its name."""
    return max(levels, key=lambda level: (level.queue_rank, level.rank), default=Level.NONE)


class Kind(StrEnum):
    """What the danger is about."""

    SUICIDE = "suicide"
    SELF_HARM = "self_harm"
    VIOLENCE = "violence"
    ABUSE = "abuse"
    PSYCHOSIS = "psychosis"
    OVERDOSE = "overdose"


# What else a message may be marked with, by the lexicon, the model or the channel: what a policy table may ask for.
TAGS = frozenset(
    (
        "act_done",
        "affairs",
        "command_voice",
        "farewell",
        "heard_once",
        "location_known",
        "means",
        "medical",
        "minor",
        "place",
        "plan",
        "prior_attempt",
        "protective",
        "refuge",
        "refuses_help",
        "school",
        "strangled",
        "third_party",
        "time",
        "weapon",
    )
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for a level: where it stands in the RAW text (characters), what it is, why it counts.

    `frame` names the rule that the cue took part in, if any.
    """

    start: int
    end: int
    cue: str
    frame: str | None
    why_zh: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer for one message. `score` is 0…1 and orders messages within a level."""

    level: Level
    score: float
    kinds: tuple[Kind, ...]
    tags: tuple[str, ...]
    act_in_progress: bool
    evidence: tuple[Evidence, ...]
    lexicon_version: str


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier turn of the conversation, for context."""

    speaker: Literal["help_seeker", "counselor"]
    text: str


# Waits in the middle of the moderate band, where the queue puts it.
UNASSESSED_SCORE = 0.5


def unassessed(lexicon_version: str = "") -> Assessment:
    """The honest answer when nothing could be said."""
    return Assessment(Level.UNASSESSED, UNASSESSED_SCORE, (), (), False, (), lexicon_version)
