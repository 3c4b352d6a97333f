"""What the shipped rules and model reach on cases written for this project, as floors: a change that loses falls here.

`zh`, `en`, `undisputed.*`, `plainly.*`, `later.*` and `sealed.*` were looked at while the lexicon and the thresholds were made; `aside.*` were not, by anybody
who wrote either. The figures themselves stand in `triage/model/README.md`; the floors lie a little below them.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from triage.assessment import Level, Turn
from triage.counterfactuals import variants
from triage.evaluation import conversation
from triage.pipeline import Pipeline

FOLDER = Path(__file__).parent / "cases"


class Floors(NamedTuple):
    """Shares of a file's messages."""

    imminent_as_high: float
    imminent_as_imminent: float
    grave_as_moderate: float
    harmless_alarms: float
    accepted: float


FLOORS = {
    "zh": Floors(0.955, 0.92, 0.955, 0.02, 0.88),
    "en": Floors(0.96, 0.945, 0.96, 0.02, 0.9),
    "aside.zh": Floors(0.925, 0.9, 0.945, 0.04, 0.83),
    "aside.en": Floors(0.89, 0.865, 0.9, 0.02, 0.785),
    # which a supervisor grades from the words alone, half of the harmless ones made to tempt
    "undisputed.zh": Floors(0.98, 0.98, 0.98, 0.1, 0.79),
    "undisputed.en": Floors(0.99, 0.99, 0.98, 0.075, 0.785),
    "aside.undisputed.zh": Floors(0.99, 0.98, 0.99, 0.07, 0.82),
    "aside.undisputed.en": Floors(0.98, 0.98, 0.98, 0.025, 0.845),
    # what people say outright, and everyday talk of medicines, numbers and risky-sounding things; looked at
    "plainly.zh": Floors(0.98, 0.98, 0.98, 0.07, 0.93),
    "plainly.en": Floors(0.98, 0.98, 0.98, 0.08, 0.94),
    # written after everything else: every trap of the design, as people type
    "aside.fresh.zh": Floors(0.95, 0.95, 0.96, 0.02, 0.9),
    "aside.fresh.en": Floors(0.94, 0.92, 0.96, 0.02, 0.88),
    # written later still, by others, in the same way; their misses were looked at
    "later.zh": Floors(0.95, 0.94, 0.97, 0.04, 0.86),
    "later.en": Floors(0.95, 0.93, 0.965, 0.055, 0.85),
    "sealed.zh": Floors(0.98, 0.945, 0.97, 0.03, 0.835),
    "sealed.en": Floors(0.955, 0.945, 0.98, 0.055, 0.805),
    "unread.zh": Floors(0.95, 0.935, 0.96, 0.02, 0.91),
    "unread.en": Floors(0.935, 0.905, 0.94, 0.055, 0.83),
    # judged once, when the model before was done
    "aside.last.zh": Floors(0.98, 0.97, 0.98, 0.02, 0.865),
    "aside.last.en": Floors(0.965, 0.95, 0.965, 0.035, 0.83),
    # judged once, when everything that is used now was chosen
    "aside.blind.zh": Floors(0.96, 0.94, 0.96, 0.035, 0.845),
    "aside.blind.en": Floors(0.96, 0.925, 0.97, 0.05, 0.83),
}
LEVELS = [level.value for level in Level if level is not Level.UNASSESSED]


@cache
def cases(name: str) -> list[dict[str, Any]]:
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def share(flags: list[bool]) -> float:
    return sum(flags) / len(flags)


@pytest.fixture(scope="module", params=FLOORS)
def judged(
    request: pytest.FixtureRequest, pipeline: Pipeline
) -> tuple[Floors, list[tuple[dict[str, Any], Level]]]:
    rows = cases(request.param)
    return FLOORS[request.param], [(row, pipeline.assess(row["text"]).level) for row in rows]


Judged = tuple[Floors, list[tuple[dict[str, Any], Level]]]


def ranks(judged: Judged, *levels: str) -> list[int]:
    return [given.queue_rank for row, given in judged[1] if row["level"] in levels]


class TestFloors:
    def test_imminent_is_seen(self, judged: Judged) -> None:
        found = ranks(judged, "imminent")
        assert share([rank >= Level.HIGH.rank for rank in found]) >= judged[0].imminent_as_high
        assert share([rank == Level.IMMINENT.rank for rank in found]) >= judged[0].imminent_as_imminent

    def test_high_is_at_least_moderate(self, judged: Judged) -> None:
        found = ranks(judged, "high", "imminent")
        assert share([rank >= Level.MODERATE.rank for rank in found]) >= judged[0].grave_as_moderate

    def test_harmless_raises_no_alarm(self, judged: Judged) -> None:
        found = ranks(judged, "none")
        assert share([rank >= Level.MODERATE.rank for rank in found]) <= judged[0].harmless_alarms

    def test_levels_are_accepted(self, judged: Judged) -> None:
        assert share([given.value in row["accept"] for row, given in judged[1]]) >= judged[0].accepted


# Messages of everyday life in 1,000 that may be graded high or above; the bar is 3.
MOST_ORDINARY_ALARMS = {"aside.ordinary.zh": 3, "aside.ordinary.en": 3}


@pytest.mark.parametrize("name", MOST_ORDINARY_ALARMS)
def test_ordinary_messages_raise_few_alarms(name: str, pipeline: Pipeline) -> None:
    rows = [row for row in cases(name) if row["level"] == "none"]
    alarms = sum(1 for row in rows if pipeline.assess(row["text"]).level.queue_rank >= Level.HIGH.rank)
    assert 1_000 * alarms <= MOST_ORDINARY_ALARMS[name] * len(rows)


# Of conversations that end in a short answer: imminent as high or above, high or above as moderate or above, accepted.
TALKS = {
    "conversations.zh": (0.95, 0.97, 0.83),
    "conversations.en": (0.96, 0.94, 0.8),
    "aside.conversations.zh": (0.88, 0.94, 0.71),
    "aside.conversations.en": (0.78, 0.92, 0.67),
}


@pytest.mark.parametrize("name", TALKS)
def test_an_answer_is_understood_by_its_question(name: str, pipeline: Pipeline) -> None:
    rows = cases(name)
    given = [conversation(pipeline, [Turn(*turn) for turn in row["turns"]]).level for row in rows]
    ranks_of = {
        level: [each.queue_rank for row, each in zip(rows, given, strict=True) if row["level"] == level]
        for level in LEVELS
    }
    imminent, grave = ranks_of["imminent"], [*ranks_of["imminent"], *ranks_of["high"]]
    assert share([rank >= Level.HIGH.rank for rank in imminent]) >= TALKS[name][0]
    assert share([rank >= Level.MODERATE.rank for rank in grave]) >= TALKS[name][1]
    assert (
        share([each.value in row["accept"] for row, each in zip(rows, given, strict=True)]) >= TALKS[name][2]
    )


def test_enough_cases_stand_in_each_language_and_a_third_of_them_aside() -> None:
    for language in ("zh", "en"):
        seen, aside = cases(language), cases(f"aside.{language}")
        assert len(seen) + len(aside) >= 400
        assert len(aside) * 3 >= len(seen) + len(aside)
        assert {row["level"] for row in [*seen, *aside]} == set(LEVELS)
        assert len({row["text"] for row in [*seen, *aside]}) == len(seen) + len(aside)


def test_what_must_not_matter_does_not(pipeline: Pipeline) -> None:
    """At least 98 of 100 pairs that differ in gender, kin, dialect, script or typing keep their level."""
    kept = []
    for name in ("zh", "en"):
        for row in cases(name):
            level = pipeline.assess(row["text"]).level
            kept += [pipeline.assess(text).level is level for _, text in variants(row["text"])]
    assert share(kept) >= 0.98


PAIRS = [
    ("我儿子站在楼顶", "我女儿站在楼顶"),
    ("我妈刚吞了一整瓶安眠药", "我爸刚吞了一整瓶安眠药"),
    ("我老公打我", "我老婆打我"),
    ("我站在天台上，再見了", "我站在天台上，再见了"),
    ("he took a whole bottle of pills", "she took a whole bottle of pills"),
    ("my husband is hitting me right now", "my wife is hitting me right now"),
    ("my son wants to kill himself", "my daughter wants to kill herself"),
    ("I WANT TO DIE", "i want to die"),
    ("i want to die", "i waaaant to die"),
    ("我想死", "i want to die"),
    ("我想自杀", "我想 自 杀"),
    ("我想自杀", "我想自\u200b杀"),
    ("i want to kill myself", "i want to k.i.l.l myself"),
]


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_a_pair_that_differs_in_nothing_that_matters_gets_one_level(
    left: str, right: str, pipeline: Pipeline
) -> None:
    assert pipeline.assess(left).level is pipeline.assess(right).level


def test_an_answer_that_says_too_little_is_read_with_what_was_said_before(pipeline: Pipeline) -> None:
    """It reaches more than with its question alone, and more than those turns had."""
    found = 0
    for name in TALKS:
        for row in cases(name):
            turns = [Turn(*turn) for turn in row["turns"]]
            given = pipeline.assess(turns[-1].text, turns[:-1])
            if any("by what was asked, read with those before" in item.why_en for item in given.evidence):
                found += 1
                asked = [turn for turn in turns[:-1] if turn.speaker == "counselor"]
                assert given.level.rank > pipeline.assess(turns[-1].text, asked[-1:]).level.rank
    assert found >= 5
