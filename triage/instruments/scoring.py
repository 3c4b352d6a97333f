"""From answers to a result: pure, and never an understatement.

An unknown answer (missing or None) gives a range: `level` is what is certain, `level_high` what it
could still be. Rules by `method`:

| method | level |
|---|---|
| highest | the highest level of any answered option; nothing is summed |
| sum | the band of the total; an option's own level is a floor besides (PHQ-9 item 9, hard rules) |
| asq | the highest level of any answered option: any yes or refusal to 1–4 is positive, to 5 acute |
| grade | the level of the one chosen grade |

The policy table's `floor` rows then raise what single answers ask for, never lower it: an instrument says what its
authors published, the table what this service makes of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from triage.assessment import Kind, Level, highest
from triage.instruments.catalogue import Band, Instrument, Item, Option, Step, instrument

Floors = Mapping[tuple[str, str, str | int | bool], Level]


class InstrumentError(ValueError):
    """Answers that do not fit the instrument. `code` is stable; no answer is quoted."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True, slots=True)
class InstrumentResult:
    """What the answers mean. `level` is the floor for the conversation, `level_high` the worst case of what
    is still unknown; `low`/`high` are totals where the instrument sums, else None. `steps` is what comes next."""

    instrument_id: str
    version: str
    level: Level
    level_high: Level
    low: int | None
    high: int | None
    complete: bool
    flags: tuple[str, ...]
    summary_zh: str
    summary_en: str
    act_in_progress: bool = False
    steps: tuple[Step, ...] = ()
    kinds: tuple[Kind, ...] = ()


def score(instrument_id: str, answers: Mapping[str, Any], floors: Floors | None = None) -> InstrumentResult:
    """Score answers `{item id: option value or None}`; `floors` by instrument, item and answer, by default the
    project's policy table's.

    Raises InstrumentError with code `unknown_instrument`, `unknown_item` or `unknown_option`.
    """
    published = instrument(instrument_id)
    if published is None:
        raise InstrumentError("unknown_instrument", "no such instrument")
    found = _with_floors(published, _default_floors() if floors is None else floors)
    chosen = _check(found, answers)
    open_items = [item for item in _asked(found, chosen) if item.id not in chosen]
    level = highest(_certain_level(found, chosen), Level.NONE)
    level_high = highest(level, _worst_level(found, chosen, open_items))
    low, high = _totals(found, chosen, open_items)
    flags = _flags(found, chosen, open_items)
    summary_zh, summary_en = _summaries(found, level, level_high, low, high)
    return InstrumentResult(
        found.id,
        found.version,
        level,
        level_high,
        low,
        high,
        not open_items,
        flags,
        summary_zh,
        summary_en,
        act_in_progress=any(option.emergency for option in chosen.values()),
        steps=tuple(step for step in found.steps if _follows(step, chosen, level)),
        kinds=_kinds(found, chosen, level),
    )


def _kinds(found: Instrument, chosen: Mapping[str, Option], level: Level) -> tuple[Kind, ...]:
    """From moderate on what the instrument is about; always what a chosen answer is about."""
    own = found.kinds if level.rank >= Level.MODERATE.rank else ()
    return tuple(dict.fromkeys((*own, *(kind for option in chosen.values() for kind in option.kinds))))


def _default_floors() -> Floors:
    from triage.policy import default_table

    return default_table().floors


def _with_floors(found: Instrument, floors: Floors) -> Instrument:
    """The instrument with what the policy table makes of its answers; True is not 1."""
    own = {
        (item, type(value), value): level for (name, item, value), level in floors.items() if name == found.id
    }
    if not own:
        return found

    def raised(item: Item, option: Option) -> Option:
        floor = own.get((item.id, type(option.value), option.value))
        return (
            option
            if floor is None
            else option.model_copy(update={"level": highest(floor, option.level or floor)})
        )

    items = tuple(
        item.model_copy(update={"options": tuple(raised(item, option) for option in item.options)})
        for item in found.items
    )
    return found.model_copy(update={"items": items})


def _follows(step: Step, chosen: Mapping[str, Option], level: Level) -> bool:
    """Whether the step comes next: by an answer, or by the floor."""
    by_answer = any(
        rule.item in chosen and any(_same(chosen[rule.item].value, value) for value in rule.values)
        for rule in step.answers
    )
    return by_answer or (step.at is not None and level.rank >= step.at.rank)


def _same(left: object, right: object) -> bool:
    return type(left) is type(right) and left == right


def _check(found: Instrument, answers: Mapping[str, Any]) -> dict[str, Option]:
    chosen: dict[str, Option] = {}
    for item_id, value in answers.items():
        item = found.item(item_id)
        if item is None:
            raise InstrumentError("unknown_item", "the instrument has no such item")
        if value is None:
            continue
        option = item.option(value)
        if option is None:
            raise InstrumentError("unknown_option", f"item {item.id} has no such option")
        chosen[item_id] = option
    return chosen


def _asked(found: Instrument, chosen: Mapping[str, Option]) -> Iterator[Item]:
    """Items that are asked, given the answers so far; an open question may still lead to its follow-ups."""
    for item in found.items:
        conditions = item.shown_if
        if not conditions or any(
            rule.item not in chosen or chosen[rule.item].value in rule.values for rule in conditions
        ):
            yield item


def _certain_level(found: Instrument, chosen: Mapping[str, Option]) -> Level:
    levels = [option.level for option in chosen.values() if option.level is not None]
    if found.method == "sum":
        levels.append(_band(found, sum(option.points for option in chosen.values())).level)
    return highest(*levels) if levels else Level.NONE


def _worst_level(found: Instrument, chosen: Mapping[str, Option], open_items: list[Item]) -> Level:
    levels = [option.level for item in open_items for option in item.options if option.level is not None]
    if found.method == "sum":
        levels.append(_band(found, _totals(found, chosen, open_items)[1] or 0).level)
    return highest(*levels) if levels else Level.NONE


def _totals(
    found: Instrument, chosen: Mapping[str, Option], open_items: list[Item]
) -> tuple[int | None, int | None]:
    if found.method != "sum":
        return None, None
    low = sum(option.points for option in chosen.values())
    return low, low + sum(max(option.points for option in item.options) for item in open_items)


def _band(found: Instrument, total: int) -> Band:
    return next(band for band in found.bands if band.minimum <= total <= band.maximum)


def _flags(found: Instrument, chosen: Mapping[str, Option], open_items: list[Item]) -> tuple[str, ...]:
    flags = ["incomplete"] if open_items else []
    if found.unverified:
        flags.append("unverified_weights")
    if found.id == "phq9" and "9" in chosen and chosen["9"].points >= 1:
        flags.append("suicide_inquiry")
    return tuple(flags)


LEVEL_NAMES = {
    Level.NONE: ("未见风险", "no risk reported"),
    Level.LOW: ("低", "low"),
    Level.MODERATE: ("中", "moderate"),
    Level.HIGH: ("高", "high"),
    Level.IMMINENT: ("危急", "imminent"),
}


def _summaries(
    found: Instrument, level: Level, level_high: Level, low: int | None, high: int | None
) -> tuple[str, str]:
    zh, en = LEVEL_NAMES[level]
    if low is not None and high is not None:
        band = _band(found, low)
        zh, en = f"{low} 分，{band.name_zh}", f"{low} points, {band.name_en}"
        if high != low:
            zh = f"至少 {low} 分（最多 {high} 分），至少{band.name_zh}，信息不全"
            en = f"at least {low} points (at most {high}), at least {band.name_en}; answers missing"
    elif level_high is not level:
        zh, en = f"至少：{zh}，信息不全", f"at least: {en}; answers missing"
    if low is not None and level.rank > _band(found, low).level.rank:
        zh += f"；按硬性规则为{LEVEL_NAMES[level][0]}"
        en += f"; {LEVEL_NAMES[level][1]} by a hard rule"
    return zh, en
