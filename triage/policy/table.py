"""The policy table as values: tiers with their clocks, and the rows that say who goes, who is told, what is done.

The project's own is `default.toml`; an operator's file has the same form. `read_table` names what is wrong in
one sentence.
"""

import re
import tomllib
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from triage.assessment import TAGS, Kind, Level, highest

_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}
_SPAN = re.compile(r"(\d{1,6}) ?(s|min|h|d)")
_LONGEST = timedelta(days=731)


class PolicyError(ValueError):
    """One sentence that says where the table is wrong and how; no value of it is quoted."""


class AlertTarget(StrEnum):
    """Who is asked to go."""

    CRISIS_TEAM = "crisis_team"
    POLICE = "police"
    AMBULANCE = "ambulance"


def _span(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    span = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else timedelta()
    if not timedelta() < span <= _LONGEST:
        raise ValueError('must be a number and a unit (s, min, h, d), such as "60 s", and at most two years')
    return span


Span = Annotated[timedelta, BeforeValidator(_span)]
Words = Annotated[str, Field(min_length=1, max_length=200)]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Clocks(_Data):
    """What runs while a contact stands at a tier. None: the tier has no such clock of its own."""

    waiting_escalates_after: Span | None = None
    supervisor_joins_within: Span | None = None
    alert_confirmed_within: Span | None = None
    alert_acknowledged_within: Span | None = None
    contact_confirmed_every: Span | None = None
    record_within: Span | None = None
    referral_within: Span | None = None


class FollowUp(_Data):
    """Calls of our own after closing: when, how often a call is tried, and when it is tried again."""

    after: tuple[Span, ...] = Field(min_length=1, max_length=20)
    attempts: int = Field(ge=1, le=20)
    again_after: Span

    @model_validator(mode="after")
    def _rising(self) -> "FollowUp":
        if list(self.after) != sorted(set(self.after)):
            raise ValueError("the times of follow-ups must rise")
        return self


class Tier(_Data):
    """One level (imminent has two: with and without an act in progress)."""

    id: str = Field(pattern=r"^[A-Z][A-Z0-9]{0,7}$")
    level: Level
    act_in_progress: bool = False
    name_zh: Words
    name_en: Words
    alert: Literal["raise_at_once", "propose", "none"]
    clocks: Clocks = Clocks()
    follow_up: FollowUp | None = None


class When(_Data):
    """Holds when each condition that it names holds; without conditions, always."""

    tiers: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    tags: frozenset[str] = frozenset()
    unless_kinds: frozenset[Kind] = frozenset()

    def applies(self, tier: str, kinds: Iterable[Kind], tags: Iterable[str]) -> bool:
        kinds = frozenset(kinds)
        return (
            (not self.tiers or tier in self.tiers)
            and (not self.kinds or not self.kinds.isdisjoint(kinds))
            and (not self.tags or not self.tags.isdisjoint(tags))
            and self.unless_kinds.isdisjoint(kinds)
        )

    @property
    def always(self) -> bool:
        return not (self.tiers or self.kinds or self.tags or self.unless_kinds)


class TargetRow(When):
    target: AlertTarget
    zh: Words
    en: Words


class TellRow(When):
    who: Literal[
        "supervisor", "dispatcher", "guardian", "school", "child_protection", "third_party", "police"
    ]
    zh: Words
    en: Words


class StepRow(When):
    zh: Words
    en: Words


class FloorRow(_Data):
    """An answer asks for at least this level, whatever its instrument says. It raises and never lowers."""

    instrument: str
    item: str
    value: str | int | bool
    level: Level
    why: Words


class PolicyTable(_Data):
    """The whole table. `basis` says whose it is: the project's defaults or an operator's own."""

    version: str = Field(min_length=1, max_length=40)
    basis: Literal["project_default", "operator"]
    tiers: tuple[Tier, ...] = Field(alias="tier")
    targets: tuple[TargetRow, ...] = Field(alias="target", min_length=1)
    tells: tuple[TellRow, ...] = Field(alias="tell", default=())
    steps: tuple[StepRow, ...] = Field(alias="step", default=())
    floor_rows: tuple[FloorRow, ...] = Field(alias="floor", default=())

    @property
    def floors(self) -> dict[tuple[str, str, str | int | bool], Level]:
        """The least level by instrument, item and answer."""
        floors: dict[tuple[str, str, str | int | bool], Level] = {}
        for row in self.floor_rows:
            key = (row.instrument, row.item, row.value)
            floors[key] = highest(row.level, floors.get(key, Level.NONE))
        return floors

    def tier(self, level: Level, act_in_progress: bool = False) -> Tier:
        """The one tier of a level; an act in progress is imminent whatever the level says."""
        level = Level.IMMINENT if act_in_progress else level
        for each in self.tiers:  # asked for with every change of a contact: no generator, no pairs
            if each.level is level and each.act_in_progress is act_in_progress:
                return each
        raise LookupError("the table has no such tier")

    @model_validator(mode="after")
    def _whole(self) -> "PolicyTable":
        for problem in (
            _missing_tier,
            _wrong_alert,
            _slower_above,
            _unknown_tier,
            _unknown_tag,
            _no_last_target,
            _late_proposal,
            _unknown_answer,
        ):
            found = problem(self)
            if found:
                raise ValueError(found)
        return self

    def with_clocks(self, **spans: timedelta) -> "PolicyTable":
        """The same clocks, where a tier has them, with other spans."""
        tiers = tuple(
            tier.model_copy(
                update={
                    "clocks": tier.clocks.model_copy(
                        update={
                            name: span
                            for name, span in spans.items()
                            if getattr(tier.clocks, name) is not None
                        }
                    )
                }
            )
            for tier in self.tiers
        )
        return self.model_copy(update={"tiers": tiers})


# What a table must hold ---------------------------------------------------------------------------------


def _missing_tier(table: PolicyTable) -> str | None:
    needed = [(level, False) for level in Level] + [(Level.IMMINENT, True)]
    given = [(each.level, each.act_in_progress) for each in table.tiers]
    for level, act in needed:
        if given.count((level, act)) != 1:
            which = f"{level}{' with an act in progress' if act else ''}"
            return f"there must be exactly one tier for {which}"
    if len(given) != len(needed):
        return "only imminent may have a tier with an act in progress"
    if len({each.id for each in table.tiers}) != len(given):
        return "two tiers have the same id"
    return None


def _wrong_alert(table: PolicyTable) -> str | None:
    for tier in table.tiers:
        if tier.act_in_progress:
            asked = "raise_at_once"
        elif tier.level is Level.IMMINENT:
            asked = "propose"
        else:
            asked = "none"
        if tier.alert != asked:
            return f"tier {tier.id}: alert must be {asked}"
    top, imminent = table.tier(Level.IMMINENT, True), table.tier(Level.IMMINENT)
    if imminent.clocks.alert_confirmed_within is None:
        return f"tier {imminent.id}: clocks.alert_confirmed_within is needed"
    if top.clocks.supervisor_joins_within is None:
        return f"tier {top.id}: clocks.supervisor_joins_within is needed"
    for tier in (top, imminent):
        for name in ("alert_acknowledged_within", "contact_confirmed_every"):
            if getattr(tier.clocks, name) is None:
                return f"tier {tier.id}: clocks.{name} is needed"
    return None


def _slower_above(table: PolicyTable) -> str | None:
    order = [table.tier(Level.IMMINENT, True), *(table.tier(level) for level in _FALLING)]
    for name in Clocks.model_fields:
        spans = [(tier.id, getattr(tier.clocks, name)) for tier in order]
        known = [(tier_id, span) for tier_id, span in spans if span is not None]
        for (above, faster), (below, slower) in pairwise(known):
            if faster > slower:
                return f"tier {above}: clocks.{name} must not be longer than that of tier {below}"
    return None


_FALLING = (Level.IMMINENT, Level.HIGH, Level.MODERATE, Level.LOW, Level.NONE)


def _unknown_tier(table: PolicyTable) -> str | None:
    ids = {tier.id for tier in table.tiers}
    named: dict[str, tuple[When, ...]] = {"target": table.targets, "tell": table.tells, "step": table.steps}
    for kind, rows in named.items():
        for number, row in enumerate(rows, 1):
            if not row.tiers <= ids:
                return f"{kind} {number}: tiers must be among {', '.join(sorted(ids))}"
    return None


def _unknown_tag(table: PolicyTable) -> str | None:
    """A mistyped one would never apply, and nobody would notice."""
    named: dict[str, tuple[When, ...]] = {"target": table.targets, "tell": table.tells, "step": table.steps}
    for kind, rows in named.items():
        for number, row in enumerate(rows, 1):
            if not row.tags <= TAGS:
                return f"{kind} {number}: tags must be among {', '.join(sorted(TAGS))}"
    return None


def _no_last_target(table: PolicyTable) -> str | None:
    if not table.targets[-1].always:
        return "the last target must have no conditions, so that somebody always goes"
    return None


def _late_proposal(table: PolicyTable) -> str | None:
    """A proposal that waits longer for the counselor than the supervisor may take would make the latter a lie."""
    clocks = table.tier(Level.IMMINENT).clocks
    confirmed, joins = clocks.alert_confirmed_within, clocks.supervisor_joins_within
    if confirmed is not None and joins is not None and confirmed > joins:
        tier = table.tier(Level.IMMINENT).id
        return f"tier {tier}: clocks.alert_confirmed_within must not be longer than clocks.supervisor_joins_within"
    return None


def _unknown_answer(table: PolicyTable) -> str | None:
    from triage.instruments.catalogue import instrument

    for number, row in enumerate(table.floor_rows, 1):
        found = instrument(row.instrument)
        item = found.item(row.item) if found else None
        if item is None or item.option(row.value) is None:
            return f"floor {number}: there is no such answer in the instruments"
        if row.level is Level.UNASSESSED:
            return f"floor {number}: level must be one of none … imminent"
    return None


# Reading ---------------------------------------------------------------------------------------------------


def parse_table(text: str) -> PolicyTable:
    """The table in a TOML text; `PolicyError` with one sentence if it is not one."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"the file is not TOML: {error}") from None
    try:
        return PolicyTable.model_validate(given)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
        message = problem["msg"].removeprefix("Value error, ")
        place = _place(problem["loc"], given)
        raise PolicyError(f"{place}: {message[0].lower()}{message[1:]}" if place else message) from None


def _place(loc: tuple[int | str, ...], given: dict[str, Any]) -> str:
    """`("tier", 0, "clocks", "record_within")` → `tier T0, clocks.record_within`."""
    if len(loc) < 2 or not isinstance(loc[1], int):
        return ".".join(str(each) for each in loc)
    row = given[str(loc[0])][loc[1]]
    name = row.get("id") if loc[0] == "tier" and isinstance(row, dict) else None
    head = f"{loc[0]} {name if isinstance(name, str) else loc[1] + 1}"
    rest = ".".join(str(each) for each in loc[2:])
    return f"{head}, {rest}" if rest else head


def read_table(path: Path) -> PolicyTable:
    """An operator's own table."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors put a mark before the text
    except OSError as error:
        raise PolicyError(f"the file cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise PolicyError("the file is not UTF-8") from None
    return parse_table(text)


@cache
def default_table() -> PolicyTable:
    """The project's own table."""
    return parse_table((files("triage.policy") / "default.toml").read_text(encoding="utf-8"))
