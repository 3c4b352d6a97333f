"""Whatever the journal tells, the console has words for it, in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "web_console" / "frontend" / "src" / "words"
TOLD_BY = {"Event", "_changed", "_moved", "_over", "requeue"}
"""Calls whose words after the first are what happened; `Event` names the noun first."""


def told(source: str) -> tuple[set[str], set[str]]:
    """The nouns and the happenings that stand in this source as whole words."""
    nouns: set[str] = set()
    whats: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id not in TOLD_BY:
            continue
        if node.func.id == "Event":
            nouns |= set(_words(node.args[0]))
        given = node.args[1:2] if node.func.id == "Event" else node.args[1:]
        for each in (one for one in given if isinstance(one, ast.Constant | ast.IfExp)):
            whats |= set(_words(*ast.walk(each))) - {"machine"}  # who, not what
    return nouns, whats


def _words(*nodes: ast.AST) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not node.value.endswith("_"):
            yield node.value


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_happening_has_words(language: str) -> None:
    text = (WORDS / language / "events.ts").read_text(encoding="utf-8")
    worded = set(re.findall(r"^  (\w+):", text, flags=re.MULTILINE))
    found = [told(each.read_text(encoding="utf-8")) for each in (ROOT / "hotline").rglob("*.py")]
    nouns, whats = (set().union(*sets) for sets in zip(*found, strict=True))
    assert {"contact", "shift_swap"} <= nouns
    assert {"opened", "level_overridden"} <= whats
    assert {each for each in nouns if f"noun_{each}" not in worded} == set()
    assert {each for each in whats if f"what_{each}" not in worded} == set()


def test_a_happening_is_seen() -> None:
    source = 'Event("shift", "dropped", a, b)\n_changed(x, "made" if y else "lost", z)\n'
    assert told(source) == ({"shift"}, {"dropped", "made", "lost"})
