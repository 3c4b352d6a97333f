"""The bars of the design, on cases written for this project; one message at a time says which fails."""

import json
from pathlib import Path
from typing import Any

import pytest

from triage.assessment import Level
from triage.pipeline import Pipeline

FOLDER = Path(__file__).parent / "cases"


def cases(language: str) -> list[dict[str, Any]]:
    lines = (FOLDER / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def ranks(pipeline: Pipeline, rows: list[dict[str, Any]]) -> list[int]:
    return [pipeline.assess(row["text"]).level.queue_rank for row in rows]


def share(flags: list[bool]) -> float:
    return sum(flags) / len(flags)


@pytest.mark.parametrize("language", ["zh", "en"])
class TestBars:
    def test_imminent_is_seen(self, language: str, pipeline: Pipeline) -> None:
        found = ranks(pipeline, [row for row in cases(language) if row["level"] == "imminent"])
        assert share([rank >= Level.HIGH.rank for rank in found]) >= 0.95
        assert share([rank == Level.IMMINENT.rank for rank in found]) >= 0.80

    def test_high_is_at_least_moderate(self, language: str, pipeline: Pipeline) -> None:
        found = ranks(pipeline, [row for row in cases(language) if row["level"] in ("high", "imminent")])
        assert share([rank >= Level.MODERATE.rank for rank in found]) >= 0.92

    def test_harmless_raises_no_alarm(self, language: str, pipeline: Pipeline) -> None:
        found = ranks(pipeline, [row for row in cases(language) if row["level"] == "none"])
        assert share([rank >= Level.MODERATE.rank for rank in found]) <= 0.05

    def test_levels_are_accepted(self, language: str, pipeline: Pipeline) -> None:
        rows = cases(language)
        good = [pipeline.assess(row["text"]).level.value in row["accept"] for row in rows]
        assert share(good) >= 0.92


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
    ("我想自杀", "我想 自 杀"),
    ("我想自杀", "我想自\u200b杀"),
    ("i want to kill myself", "i want to k.i.l.l myself"),
]


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_a_pair_that_differs_in_nothing_that_matters_gets_one_level(
    left: str, right: str, pipeline: Pipeline
) -> None:
    assert pipeline.assess(left).level is pipeline.assess(right).level
