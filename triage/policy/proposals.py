"""The table read for one conversation: whom to ask to go, who is told, what is to be done.

`propose` turns level, kinds and tags into the help that is proposed; `guide` says what else the table asks for;
`decide_level` joins what the text said with what instruments say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from triage.assessment import Kind, Level, highest
from triage.policy.table import AlertTarget, PolicyTable, StepRow, TellRow, Tier, default_table

Urgency = Literal["propose", "raise_at_once"]


@dataclass(frozen=True)
class Proposal:
    """Help to ask for: a person confirms within `confirm_within`, or it has been raised already."""

    target: AlertTarget
    urgency: Urgency
    confirm_within: timedelta
    reason_zh: str
    reason_en: str


def propose(
    level: Level,
    kinds: Iterable[Kind],
    tags: Iterable[str],
    act_in_progress: bool,
    *,
    table: PolicyTable | None = None,
) -> Proposal | None:
    """What help a conversation calls for; None below imminent.

    A machine only proposes; an act in progress goes to the dispatch board at once, where a person decides.
    """
    table = table or default_table()
    tier = table.tier(level, act_in_progress)
    if tier.alert == "none":
        return None
    kinds, tags = tuple(kinds), tuple(tags)
    row = next(each for each in table.targets if each.applies(tier.id, kinds, tags))
    within = table.tier(Level.IMMINENT).clocks.alert_confirmed_within or timedelta()
    return Proposal(row.target, tier.alert, within, row.zh, row.en)


@dataclass(frozen=True)
class Guidance:
    """What the table asks for beside the alert."""

    tier: Tier
    tells: tuple[TellRow, ...]
    steps: tuple[StepRow, ...]


def guide(
    level: Level,
    kinds: Iterable[Kind],
    tags: Iterable[str],
    act_in_progress: bool,
    *,
    table: PolicyTable | None = None,
) -> Guidance:
    """The tier of a conversation with every row that applies to it."""
    table = table or default_table()
    tier = table.tier(level, act_in_progress)
    kinds, tags = tuple(kinds), tuple(tags)
    return Guidance(
        tier,
        tuple(row for row in table.tells if row.applies(tier.id, kinds, tags)),
        tuple(row for row in table.steps if row.applies(tier.id, kinds, tags)),
    )


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
