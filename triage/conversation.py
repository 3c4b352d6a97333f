"""How turns add up to the level of a conversation.

| what happens | peak | level shown |
|---|---|---|
| a turn is assessed | rises or stays | the peak |
| a turn could not be assessed | stays | "unassessed" while the peak is below moderate |
| its late assessment arrives (`late=True`) | rises or stays | the mark is taken back |
| an instrument gives a floor | rises or stays | the peak |
| a counselor overrides, with a reason kept elsewhere | stays | the override |
| a new imminent frame after an override | rises | the override, with `suggestion` set |
| an act in progress | imminent | imminent, override or not |

Nothing automatic lowers. `trend` says where the last turns go; it is shown to people and moves nothing: "easing" is
no all-clear. Only the help-seeker's turns are folded; what a counselor said is read in the assessment of the answer to
it. Pure: values in, values out.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from triage.assessment import Assessment, Kind, Level, highest

T = TypeVar("T")


# Turns that the trend looks at: its newer half against its older half. Fewer than four say nothing yet.
TREND_TURNS = 6
LEAST_FOR_A_TREND = 4


class Trend(StrEnum):
    """Where the last turns go."""

    RISING = "rising"
    STEADY = "steady"
    EASING = "easing"


@dataclass(frozen=True, slots=True)
class ConversationState:
    """All that triage remembers of a conversation; `as_json`/`from_json` store it."""

    peak: Level = Level.NONE
    current: Level = Level.NONE
    act_in_progress: bool = False
    kinds: tuple[Kind, ...] = ()
    tags: tuple[str, ...] = ()
    override: Level | None = None
    suggestion: Level | None = None
    imminent_frames: tuple[str, ...] = ()
    unassessed_turns: int = 0
    turns: int = 0
    score: float = 0.0
    recent: tuple[int, ...] = ()

    @property
    def level(self) -> Level:
        """The level that people see and the queue uses."""
        if self.override is not None:
            return self.override
        if self.unassessed_turns and self.peak.rank < Level.MODERATE.rank:
            return Level.UNASSESSED
        return self.peak

    @property
    def trend(self) -> Trend:
        """The mean rank of the newer half of the last turns against that of the older half."""
        if len(self.recent) < LEAST_FOR_A_TREND:
            return Trend.STEADY
        half = len(self.recent) // 2
        older, newer = self.recent[:half], self.recent[-half:]
        if sum(newer) == sum(older):
            return Trend.STEADY
        return Trend.RISING if sum(newer) > sum(older) else Trend.EASING


def fold(state: ConversationState, assessment: Assessment, *, late: bool = False) -> ConversationState:
    """Add one help-seeker turn. `late`: this turn was first folded as unassessed."""
    waiting = max(0, state.unassessed_turns - 1) if late else state.unassessed_turns
    turns = state.turns if late else state.turns + 1
    if assessment.level is Level.UNASSESSED:
        return replace(
            state,
            current=Level.UNASSESSED,
            turns=turns,
            unassessed_turns=state.unassessed_turns if late else state.unassessed_turns + 1,
        )
    frames = _imminent_frames(assessment)
    is_new = is_news(state.imminent_frames, assessment)
    folded = replace(
        state,
        peak=highest(state.peak, assessment.level),
        current=assessment.level,
        act_in_progress=state.act_in_progress or assessment.act_in_progress,
        kinds=_union(state.kinds, assessment.kinds),
        tags=_union(state.tags, assessment.tags),
        imminent_frames=_union(state.imminent_frames, frames),
        unassessed_turns=waiting,
        turns=turns,
        score=max(state.score, assessment.score),
        recent=(*state.recent, assessment.level.rank)[-TREND_TURNS:],
    )
    return _after_override(folded, assessment, is_new)


def _after_override(state: ConversationState, assessment: Assessment, is_new: bool) -> ConversationState:
    """What a person decided stands, except against an act in progress."""
    if state.override is None or state.override is Level.IMMINENT:
        return state
    if assessment.act_in_progress:
        return replace(state, override=None, suggestion=None)
    if assessment.level is Level.IMMINENT and is_new:
        return replace(state, suggestion=Level.IMMINENT)
    return state


def raise_floor(state: ConversationState, floor: Level) -> ConversationState:
    """An instrument or an open alert holds the conversation at least here."""
    if floor is Level.UNASSESSED or floor.rank <= state.peak.rank:
        return state
    suggestion = floor if state.override is not None and state.override.rank < floor.rank else None
    return replace(state, peak=floor, suggestion=suggestion or state.suggestion)


def set_override(state: ConversationState, level: Level | None) -> ConversationState:
    """A named person's decision (None takes it back); acts and frames seen so far are known to them."""
    return replace(
        state,
        override=level,
        suggestion=None,
        act_in_progress=state.act_in_progress and level in (None, Level.IMMINENT),
    )


def is_news(seen: Collection[str | None], assessment: Assessment) -> bool:
    """Whether an imminent turn says something that `seen` (frames known to who decided) does not hold.

    Danger that no frame names (the model's) is news each time: nobody can say that it is the same.
    """
    if assessment.level is not Level.IMMINENT:
        return False
    named = [item.frame for item in assessment.evidence if item.frame is not None]
    return not named or any(frame not in seen for frame in named)


def _imminent_frames(assessment: Assessment) -> tuple[str, ...]:
    if assessment.level is not Level.IMMINENT:
        return ()
    return tuple(dict.fromkeys(item.frame for item in assessment.evidence if item.frame))


def _union(left: tuple[T, ...], right: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*left, *right)))


def as_json(state: ConversationState) -> dict[str, Any]:
    """Plain JSON values; no words of anyone."""
    return asdict(state)


def from_json(stored: dict[str, Any]) -> ConversationState:
    """The inverse of `as_json`; unknown keys of newer versions are left out, missing ones get defaults."""
    known = {name: stored[name] for name in ConversationState.__slots__ if name in stored}
    for name in ("peak", "current"):
        if name in known:
            known[name] = Level(known[name])
    for name in ("override", "suggestion"):
        if known.get(name) is not None:
            known[name] = Level(known[name])
    if "kinds" in known:
        known["kinds"] = tuple(Kind(kind) for kind in known["kinds"])
    for name in ("tags", "imminent_frames", "recent"):
        if name in known:
            known[name] = tuple(known[name])
    return ConversationState(**known)
