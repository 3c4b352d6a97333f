"""In which language a message is written, as far as letters tell: for figures by language, not for judging it."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Literal

Language = Literal["zh", "en", "mixed", "other"]

_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_LATIN = re.compile("[A-Za-z]+")
# One English word in a Chinese sentence (an "ok", a name, a brand) does not make it a mixture.
_WORDS_THAT_MIX = 2


def language_of(text: str) -> Language:
    """`zh`, `en`, `mixed` (both, more than a word of English), or `other`: other scripts, numbers, pictures."""
    if text.isascii():
        return "en" if _LATIN.search(text) else "other"
    words = len(_LATIN.findall(text))
    if _HAN.search(text):
        return "mixed" if words >= _WORDS_THAT_MIX else "zh"
    letters = sum(map(str.isalpha, text))
    return "en" if letters and 2 * sum(map(len, _LATIN.findall(text))) > letters else "other"


@cache
def traditional_pairs() -> dict[str, str]:
    """Traditional character → the simplified one; source and choices stand in the file."""
    raw = (files("triage.pipeline") / "data" / "traditional.txt").read_text(encoding="utf-8")
    pairs = (pair for line in raw.splitlines() if not line.startswith("#") for pair in line.split())
    return {pair[0]: pair[1] for pair in pairs}


def script_of(text: str) -> Literal["simplified", "traditional", "latin"]:
    """Which characters the text is written in: traditional if it holds any that are only that."""
    if not _HAN.search(text):
        return "latin"
    return "traditional" if any(character in traditional_pairs() for character in text) else "simplified"
