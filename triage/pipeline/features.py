"""What the additive model looks at: hashed words, neighbours, word parts and cues of one text.

Every feature stands at a token, so that a window of the text is a slice and its weight can be shown where it
comes from. Chinese tokens are single characters, so neighbours are the words; Latin words are also cut into
parts of three to five letters, which survive typing errors. Numbers keep only how many digits they have.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.pipeline.cues import Cue

# Rows of the weight table: a power of two; about four times as many as features that training sees often.
BUCKETS = 1 << 18
_MASK = np.uint64(BUCKETS - 1)
# Odd numbers that spread a pair or three of token hashes over the table.
_FIRST, _SECOND, _THIRD = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xC2B2AE3D27D4EB4F),
    np.uint64(0x165667B19E3779F9),
)
_SHIFT = np.uint64(29)
FIRST_CHINESE = "\u4e00"
PART_SIZES = (3, 4, 5)
# A Latin word longer than this is cut into parts only so far.
LONGEST_WORD = 24
# Words whose hashes are remembered; beyond, all are forgotten and learnt anew.
MOST_REMEMBERED = 20_000
# Any punctuation but these only separates.
MEANT = frozenset("?!")
BREAK = "|"
IDIOM = "<idiom>"


@dataclass(frozen=True, slots=True)
class Features:
    """Feature `i` is row `rows[i]` of the weight table and stands at token `tokens[i]`; sorted by token."""

    rows: NDArray[np.int64]
    tokens: NDArray[np.int64]
    length: int


def _hash(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def simplified(word: str) -> str:
    """The token as the model sees it."""
    first = word[0]
    if first >= FIRST_CHINESE or first.isalpha():
        return word
    if first.isdigit():
        return "0" * min(len(word), 4)
    return word if word in MEANT or (ord(first) > 0x2190 and not 0x3000 <= ord(first) < 0x3040) else BREAK


class FeatureReader:
    """Tokens and cues in, features out."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, NDArray[np.int64]]] = {}

    def __call__(
        self, words: Sequence[str], cues: Sequence[Cue] = (), idioms: Sequence[tuple[int, int]] = ()
    ) -> Features:
        """`idioms`: token spans that mean nothing and are replaced by one mark."""
        tokens = [simplified(word) for word in words]
        for start, end in idioms:
            tokens[start:end] = [IDIOM] * (end - start)
        known = [self._known.get(token) or self._learn(token) for token in tokens]
        single = np.array([item[0] for item in known], dtype=np.uint64)
        place = np.arange(len(tokens), dtype=np.int64)
        rows = [_rows(single * _FIRST)]
        places = [place]
        if len(tokens) > 1:
            rows.append(_rows(single[:-1] * _FIRST + single[1:] * _SECOND))
            places.append(place[:-1])
        if len(tokens) > 2:
            rows.append(_rows(single[:-2] * _FIRST + single[1:-1] * _SECOND + single[2:] * _THIRD))
            places.append(place[:-2])
        for index, item in enumerate(known):
            if item[1].size:
                rows.append(item[1])
                places.append(np.full(item[1].size, index, dtype=np.int64))
        if cues:
            found = sorted((cue.start, row) for cue in cues for row in _cue_rows(cue))
            rows.append(np.array([row for _, row in found], dtype=np.int64))
            places.append(np.array([start for start, _ in found], dtype=np.int64))
        all_places = np.concatenate(places)
        order = np.argsort(all_places, kind="stable")
        return Features(np.concatenate(rows)[order], all_places[order], len(tokens))

    def _learn(self, token: str) -> tuple[int, NDArray[np.int64]]:
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        item = (_hash(token), _parts(token))
        self._known[token] = item
        return item


def _rows(mixed: NDArray[np.uint64]) -> NDArray[np.int64]:
    return ((mixed ^ (mixed >> _SHIFT)) & _MASK).astype(np.int64)


def _parts(token: str) -> NDArray[np.int64]:
    """Parts of a Latin word, with its ends marked."""
    if token[0] >= FIRST_CHINESE or not token[0].isalpha():
        return np.empty(0, dtype=np.int64)
    word = f"<{token[:LONGEST_WORD]}>"
    parts = {word[at : at + size] for size in PART_SIZES for at in range(len(word) - size + 1)}
    hashes = np.array([_hash(f"#{part}") for part in sorted(parts)], dtype=np.uint64)
    return _rows(hashes * _FIRST) if hashes.size else np.empty(0, dtype=np.int64)


def _cue_rows(cue: Cue) -> tuple[int, ...]:
    """A cue by its class, and by its class as it is meant."""
    meant = f"{cue.cue_class}/{cue.polarity}/{cue.time}/{cue.world}/{cue.who or ''}"
    return _hash(f"@{cue.cue_class}") % BUCKETS, _hash(f"@@{meant}") % BUCKETS
