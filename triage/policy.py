"""What follows from a level, as tables that an operator may replace.

`propose` turns level, kinds and tags into the help that is proposed; `decide_level` joins what the
text said with what instruments say. Clocks and actions follow the project's triage scale: T0 is
imminent with an act in progress, T1 imminent, T2 high, T3 moderate, T4 low.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Literal

from triage.assessment import Kind, Level, highest

Urgency = Literal["propose", "raise_at_once"]


class AlertTarget(StrEnum):
    """Who is asked to go."""

    CRISIS_TEAM = "crisis_team"
    POLICE = "police"
    AMBULANCE = "ambulance"


@dataclass(frozen=True)
class Proposal:
    """Help to ask for: a person confirms within `confirm_within`, or it has been raised already."""

    target: AlertTarget
    urgency: Urgency
    confirm_within: timedelta
    reason_zh: str
    reason_en: str


@dataclass(frozen=True)
class Rule:
    """One row: it applies when every condition that it names holds. Empty conditions always hold."""

    target: AlertTarget
    reason_zh: str
    reason_en: str
    kinds: frozenset[Kind] = frozenset()
    tags: frozenset[str] = frozenset()
    in_progress: bool | None = None

    def applies(self, kinds: Iterable[Kind], tags: Iterable[str], act_in_progress: bool) -> bool:
        """Whether the row speaks about this message."""
        return (
            (not self.kinds or not self.kinds.isdisjoint(kinds))
            and (not self.tags or not self.tags.isdisjoint(tags))
            and self.in_progress in (None, act_in_progress)
        )


# Read from the top, the first row that applies decides. A body that may be failing comes first: minutes
# count there most. A weapon or violence towards people needs the police before anyone else may go in.
TARGETS: tuple[Rule, ...] = (
    Rule(
        AlertTarget.AMBULANCE,
        "可能已服药过量或身体情况危急，需要急救",
        "Possible overdose or a medical emergency: an ambulance is needed",
        kinds=frozenset({Kind.OVERDOSE}),
    ),
    Rule(
        AlertTarget.AMBULANCE,
        "已经伤害了身体，需要急救",
        "The body has been harmed: an ambulance is needed",
        tags=frozenset({"act_done"}),
        in_progress=True,
    ),
    Rule(
        AlertTarget.POLICE,
        "有人正在施暴或持有凶器，需要警方先到场",
        "Violence under way or a weapon: police have to be there first",
        kinds=frozenset({Kind.VIOLENCE}),
    ),
    Rule(
        AlertTarget.POLICE,
        "正在遭受侵害，需要警方到场保护",
        "Someone is being abused now: police protection is needed",
        kinds=frozenset({Kind.ABUSE}),
    ),
    Rule(
        AlertTarget.CRISIS_TEAM,
        "近期有生命危险，建议危机干预队介入",
        "Life may be in danger soon: the crisis team is proposed",
    ),
)

# A person has one minute to confirm before the supervisor is asked (supervisor joins within 60 s on T0).
CONFIRM_WITHIN = timedelta(seconds=60)


def propose(
    level: Level,
    kinds: Iterable[Kind],
    tags: Iterable[str],
    act_in_progress: bool,
    *,
    table: Sequence[Rule] = TARGETS,
    confirm_within: timedelta = CONFIRM_WITHIN,
) -> Proposal | None:
    """What help a conversation calls for; None below imminent.

    A machine only proposes; an act in progress goes to the dispatch board at once, where a person decides.
    """
    if level is not Level.IMMINENT and not act_in_progress:
        return None
    kinds, tags = tuple(kinds), tuple(tags)
    rule = next((row for row in table if row.applies(kinds, tags, act_in_progress)), TARGETS[-1])
    urgency: Urgency = "raise_at_once" if act_in_progress else "propose"
    return Proposal(rule.target, urgency, confirm_within, rule.reason_zh, rule.reason_en)


@dataclass(frozen=True)
class Standing:
    """A level with the names of what holds it there, highest first."""

    level: Level
    because: tuple[str, ...]


def decide_level(text_level: Level, instrument_floors: Iterable[tuple[str, Level]] = ()) -> Standing:
    """Join the text's level with instrument floors: the highest wins and every holder is named."""
    holders = [("text", text_level), *instrument_floors]
    level = highest(*(floor for _, floor in holders))
    because = tuple(name for name, floor in holders if floor is level and level is not Level.NONE)
    return Standing(level, because)


def with_reason(proposal: Proposal, reason_zh: str, reason_en: str) -> Proposal:
    """The same proposal with an operator's own wording."""
    return replace(proposal, reason_zh=reason_zh, reason_en=reason_en)
