"""Count what stands beside what in the project's messages: what repairs of spelling are weighed by.

Whole numbers only, so the same messages give the same counts on every machine. Labels play no part.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np

from triage.pipeline.ngrams import BREAK, START, UNKNOWN, Counts, Ngrams, packed
from triage.pipeline.sounds import is_chinese
from triage.pipeline.spelling import Spelling

# How often a word, a pair or a triple is seen at least; what is seen less is as likely a mistake.
WORD_SEEN = 4
SEEN = 3


Units = TypeVar("Units", tuple[str, str], tuple[str, str, str])


def spelling(texts: Iterable[tuple[str, Sequence[str]]]) -> Spelling:
    """`texts`: of each message the language, and the words as the tokenizer cuts them.

    Chinese in Latin letters counts as neither.
    """
    english, chinese = _Counter(with_triples=False), _Counter(with_triples=True)
    for language, words in texts:
        if 2 * sum(map(is_chinese, words)) > len(words):
            chinese.add([word if is_chinese(word) else BREAK for word in words])
        elif language == "en":
            english.add([word if word.isascii() and word.isalpha() else BREAK for word in words])
    return Spelling(english.ngrams(), chinese.ngrams())


class _Counter:
    """Units, pairs and triples of one language."""

    def __init__(self, *, with_triples: bool) -> None:
        self._with_triples = with_triples
        self._seen: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._triples: Counter[tuple[str, str, str]] = Counter()

    def add(self, units: Sequence[str]) -> None:
        """One message."""
        inner = [START, *units, BREAK]
        self._seen.update(inner)
        self._pairs.update(pairwise(inner))
        if self._with_triples:
            self._triples.update(zip(inner, inner[1:], inner[2:], strict=False))

    def ngrams(self) -> Ngrams:
        """What was seen often enough, in one order."""
        kept = sorted(unit for unit, seen in self._seen.items() if seen >= WORD_SEEN)
        numbers = {unit: number for number, unit in enumerate([UNKNOWN, *kept])}
        seen = np.array([0, *(self._seen[unit] for unit in kept)], dtype=np.uint32)
        return Ngrams([UNKNOWN, *kept], seen, _counts(self._pairs, numbers), _counts(self._triples, numbers))


def _counts(counter: Mapping[Units, int], numbers: Mapping[str, int]) -> Counts:
    kept = [
        ([numbers[unit] for unit in units], seen)
        for units, seen in counter.items()
        if seen >= SEEN and all(unit in numbers for unit in units)
    ]
    table = np.array([units for units, _ in kept], dtype=np.int64)
    keys = packed(*table.T) if kept else np.zeros(0, dtype=np.int64)
    order = np.argsort(keys)
    return Counts(keys[order], np.array([seen for _, seen in kept], dtype=np.uint32)[order])
