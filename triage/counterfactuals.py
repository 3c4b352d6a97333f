"""The same message with something changed that must not matter: his or hers, north or south, how it is typed.

Used by the evaluation: a pair that gets two levels means that somebody's danger is judged by who they are.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

# Invisible between any two characters, as copied text carries it.
ZERO_WIDTH = "\u200b"
_SPOTS = re.compile(r"(?<=\w)(?=\w)")


def variants(text: str) -> Iterator[tuple[str, str]]:
    """(what was changed, changed text) for each change that the text allows."""
    for change, swap in _swaps():
        other = swap(text)
        if other != text:
            yield change, other
    for change, other in (
        ("typing", text.upper()),
        ("typing", _invisible(text)),
        ("script", _traditional(text)),
    ):
        if other != text:
            yield change, other


@cache
def _pairs() -> dict[str, Any]:
    raw: dict[str, Any] = json.loads((files("triage") / "counterfactuals.json").read_text(encoding="utf-8"))
    del raw["source"]
    return raw


def _swaps() -> Iterator[tuple[str, Any]]:
    """One swap a change and language: every word of a pair becomes the other, all at once."""
    for change, languages in _pairs().items():
        for pairs in languages.values():
            yield change, _swap(tuple((pair[0], pair[1]) for pair in pairs))


@cache
def _swap(pairs: tuple[tuple[str, str], ...]) -> Any:
    other: dict[str, str] = {}
    for first, second in pairs:
        other.setdefault(first, second)
        other.setdefault(second, first)
    words = sorted(other, key=len, reverse=True)
    # a Latin word whole; Chinese anywhere
    parts = [rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in words]
    found = re.compile("|".join(parts), re.IGNORECASE)
    return lambda text: found.sub(lambda match: other[match.group().lower()], text)


def _invisible(text: str) -> str:
    """A zero-width space in the middle of the text, inside a word."""
    spots = [match.start() for match in _SPOTS.finditer(text)]
    at = spots[len(spots) // 2] if spots else 0
    return text[:at] + ZERO_WIDTH + text[at:] if spots else text


def _traditional(text: str) -> str:
    return "".join(_to_traditional().get(character, character) for character in text)


@cache
def _to_traditional() -> dict[str, str]:
    """Simplified to traditional, where only one traditional character is meant."""
    from triage.languages import traditional_pairs

    found: dict[str, list[str]] = {}
    for traditional, simplified in traditional_pairs().items():
        found.setdefault(simplified, []).append(traditional)
    return {simplified: forms[0] for simplified, forms in found.items() if len(forms) == 1}
