"""Whatever may happen next to a thing, the console has words for it, in both languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "web_console" / "frontend" / "src" / "words"
BESIDE_DEADLINES = {"in_conversation"}
"""What a projection says where no clock runs."""


def codes_of(source: str) -> set[str]:
    """The words that stand as `what` in a `Due`, or in a table whose values become one."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("Due", "_span_due")
        ):
            what = node.args[1 if node.func.id == "_span_due" else 0]
            found |= _words(what)
        elif isinstance(node, ast.Assign) and any(ast.unparse(each) == "_WAITS_FOR" for each in node.targets):
            found |= _words(node.value)
    return found


def _words(tree: ast.AST) -> set[str]:
    constants = (each.value for each in ast.walk(tree) if isinstance(each, ast.Constant))
    return {each for each in constants if isinstance(each, str)}


def all_codes() -> set[str]:
    files = sorted((ROOT / "hotline" / "domain").glob("*.py"))
    return set().union(*(codes_of(each.read_text(encoding="utf-8")) for each in files)) | BESIDE_DEADLINES


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_code_has_words(language: str) -> None:
    text = (WORDS / language / "next.ts").read_text(encoding="utf-8")
    worded = set(re.findall(r"^  (\w+):", text, flags=re.MULTILINE))
    codes = all_codes()
    assert {"wait_escalates", "acknowledge", "assign", "falls_due", "late"} <= codes
    assert codes - worded == set()


def test_words_without_a_code_are_none() -> None:
    text = (WORDS / "en" / "next.ts").read_text(encoding="utf-8")
    worded = set(re.findall(r"^  (\w+):", text, flags=re.MULTILINE))
    of_the_sentence = {"when_now", "when_in", "when_at", "when_on", "in_hand", "somebody", "something"}
    assert worded - all_codes() == of_the_sentence


def test_a_code_is_seen() -> None:
    assert codes_of('def due(a, b):\n    return Due("a" if a else "b", b)\n') == {"a", "b"}
    assert codes_of('_WAITS_FOR = {1: "assign"}\nx = _span_due(alert, "confirm")\n') == {"assign", "confirm"}
