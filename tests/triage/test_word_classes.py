"""Word classes: words that stand in the same places come together, the same every time, and help with words unseen."""

from itertools import product

import pytest

from triage.model import read_word_classes, word_classes_text, word_classes_version
from triage.pipeline import Pipeline
from triage.pipeline.features import FeatureReader, units_of
from triage.training import word_classes as module
from triage.training.word_classes import word_classes

FOODS = ("bread", "soup", "rice", "cake")
TOOLS = ("hammer", "saw", "drill", "spade")
SENTENCES = [
    *([who, "ate", "the", food, "hungrily"] for who, food in product(("he", "she", "we"), FOODS)),
    *([who, "sharpened", "her", tool, "outside"] for who, tool in product(("mum", "dad", "gran"), TOOLS)),
]
PLACES = ("天台", "楼顶", "桥上", "河边")
THINGS = ("绳子", "菜刀", "药片", "汽油")
CHINESE = [
    *([*f"我站在{place}吹风", "！"] for place in PLACES for _ in range(3)),
    *([*f"他买了{thing}回来", "！"] for thing in THINGS for _ in range(3)),
]


def class_of(unit: str, classes: list[list[str]]) -> list[str]:
    found = [members for members in classes if unit in members]
    assert len(found) == 1, unit
    return found[0]


def test_words_in_the_same_places_are_one_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WORD_CLASSES", 8)
    classes = word_classes(SENTENCES)
    assert set(FOODS) <= set(class_of("bread", classes))
    assert set(TOOLS) <= set(class_of("saw", classes))
    assert class_of("bread", classes) != class_of("saw", classes)


def test_chinese_is_read_by_pairs_of_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAIR_CLASSES", 6)
    monkeypatch.setattr(module, "PAIR_SEEN", 3)
    classes = word_classes(CHINESE)
    assert set(PLACES) <= set(class_of("天台", classes))
    assert set(THINGS) <= set(class_of("绳子", classes))
    assert class_of("天台", classes) != class_of("绳子", classes)


def test_rare_units_are_in_no_class() -> None:
    classes = word_classes([*SENTENCES, ["once", "only"]])
    assert not any("once" in members for members in classes)


def test_the_same_messages_give_the_same_classes() -> None:
    assert word_classes(SENTENCES) == word_classes(SENTENCES)


def test_units_stand_at_tokens() -> None:
    assert units_of(["我", "在", "roof", "上", "|"]) == ["我在", "在", "roof", "上", "|"]
    assert units_of([]) == []


def test_a_class_counts_for_all_its_words(pipeline: Pipeline) -> None:
    reader = FeatureReader({}, [["kettles", "saucers"], ["polished", "scrubbed"]])
    one, other, third = (
        set(reader(pipeline.read(text)).rows.tolist())
        for text in ("kettles polished", "saucers scrubbed", "curtains ironed")
    )
    assert len(one & other) == 3  # each class, and both together
    assert not one & other & third


def test_the_shipped_classes_hold_every_unit_once() -> None:
    units = [unit for members in read_word_classes() for unit in members]
    assert len(units) == len(set(units)) > 10_000
    text = word_classes_text(read_word_classes())
    assert word_classes_version(text) == word_classes_version()
