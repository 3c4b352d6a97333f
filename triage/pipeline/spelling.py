"""Undo mistakes of typing and hearing in a whole text: English letters, Chinese sounds, Chinese in Latin letters.

What may have been meant is weighed by how words and characters stand beside each other in the project's own messages
(`model/spelling.npz`); a text that holds nothing odd is left as it is. Rules and model both read what was meant, and
evidence still points at what was written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.model import SPELLING, shipped_folder
from triage.pipeline.misspelt import Misspelt
from triage.pipeline.ngrams import BREAK, Counts, Ngrams
from triage.pipeline.normalise import Normalised
from triage.pipeline.sounds import Sounds, is_chinese
from triage.pipeline.tokenizer import split

# As they are stored: the units as one text, the rest as numbers.
PARTS = ("units", "seen", "pairs", "pairs_seen", "triples", "triples_seen")
SEPARATOR = "\n"
# What joins letters to an address, a code or a name; a stop does so only where no space follows.
GLUE = frozenset("@_/\\#&=+.")
STOPS = frozenset(".")
Numbers = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Spelling:
    """What stands beside what: English words, and Chinese characters."""

    en: Ngrams
    zh: Ngrams


class Speller:
    """Changes normalised text in place."""

    def __init__(self, spelling: Spelling, known: frozenset[str]) -> None:
        """`known`: English words that are never repaired."""
        self._misspelt = Misspelt(spelling.en, known)
        self._sounds = Sounds(spelling.zh, spelling.en)

    def spelt(self, text: Normalised) -> None:
        """Put Chinese that stands in Latin letters."""
        words, spaces = split(text.text)
        if any(word.isascii() and word.isalpha() for word in words):
            _put(text, words, spaces, self._sounds.spelt(words))

    def mend(self, text: Normalised) -> None:
        """Put what was meant where it was mistyped or misheard."""
        words, spaces = split(text.text)
        meant: dict[int, str] = {}
        if not text.text.isascii():
            meant |= self._sounds.misheard(words)
        if any(word.isascii() and word.isalpha() for word in words):
            meant |= self._misspelt(_free_standing(words, spaces))
        _put(text, words, spaces, meant)


def _free_standing(words: Sequence[str], spaces: Sequence[bool]) -> list[str]:
    """The words, but for those that are part of an address, a code or a name with signs."""
    free = list(words)
    for at, word in enumerate(words):
        if word in GLUE or word[0].isdigit():
            if at and not spaces[at - 1] and (word not in STOPS or (at + 1 < len(words) and not spaces[at])):
                free[at - 1] = BREAK
            if at + 1 < len(words) and not spaces[at]:
                free[at + 1] = BREAK
    return free


def _put(text: Normalised, words: Sequence[str], spaces: Sequence[bool], meant: Mapping[int, str]) -> None:
    if not meant:
        return
    sizes = (len(word) + space for word, space in zip(words, spaces, strict=True))
    offsets = list(accumulate(sizes, initial=0))
    for at in sorted(meant, reverse=True):
        new = meant[at]
        # no space between Chinese words
        joined = is_chinese(new) and at + 1 in meant and is_chinese(meant[at + 1])
        text.replace(offsets[at], offsets[at + 1] if joined else offsets[at] + len(words[at]), new)


def read_spelling(folder: Path | Traversable | None = None) -> Spelling:
    """Of the package's own model unless told."""
    with (folder or shipped_folder()).joinpath(SPELLING).open("rb") as file, np.load(file) as arrays:
        return Spelling(*(_ngrams(arrays, language) for language in ("en", "zh")))


def spelling_arrays(spelling: Spelling) -> dict[str, Numbers]:
    """As they are stored."""
    found: dict[str, Numbers] = {}
    for language, ngrams in (("en", spelling.en), ("zh", spelling.zh)):
        parts = (
            np.frombuffer(SEPARATOR.join(ngrams.units).encode(), dtype=np.uint8),
            ngrams.seen,
            *(part for counts in (ngrams.pairs, ngrams.triples) for part in (counts.keys, counts.seen)),
        )
        found |= {f"{language}_{name}": part for name, part in zip(PARTS, parts, strict=True)}
    return found


def _ngrams(arrays: Mapping[str, Numbers], language: str) -> Ngrams:
    units, seen, *counts = (arrays[f"{language}_{name}"] for name in PARTS)
    words = units.tobytes().decode().split(SEPARATOR)
    return Ngrams(words, seen, Counts(*counts[:2]), Counts(*counts[2:]))
