"""What the additive model looks at: hashed words, neighbours, word parts and cues of one text.

Words that only say who it is (`lexicon/alike.json`: his or hers, mother or father, the north's word or the
south's) count as one, so that nobody's danger is judged by them.

Every feature stands at a token, so that a window of the text is a slice and its weight can be shown where it
comes from. Chinese tokens are single characters, so neighbours are the words; Latin words also count by their
stem and by how they begin. Two words with one to three between them count together too, a Latin one by its stem.
Words also count by their class, alone and with a neighbour's: words that are used alike (`model/word_classes.txt`,
learnt by `triage/training/word_classes.py`), in Chinese pairs of characters. Numbers keep only how many digits they
have.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from triage.model import BUCKETS
from triage.pipeline.cues import HARD, Cue
from triage.pipeline.literals import LiteralTrie
from triage.pipeline.reading import Reading

_MASK = np.uint64(BUCKETS - 1)
# Odd numbers that spread a pair or three of token hashes over the table.
_FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xC2B2AE3D27D4EB4F),
    np.uint64(0x165667B19E3779F9),
    np.uint64(0xD6E8FEB86659FD93),
    np.uint64(0xA0761D6478BD642F),
)
# How far the two words of a pair stand apart; farther pairs only add noise.
APART = (2, 3, 4)
_SHIFT = np.uint64(29)
FIRST_CHINESE = "\u4e00"
ENDINGS = ("n't", "'s", "ing", "ied", "ies", "ed", "es", "s", "ly")
SHORTEST_STEM = 3
# A word begins with so many letters; typing errors mostly come later.
BEGINNING = 5
# Tokens from which a text is also read sentence by sentence; a shorter sentence is read with the next, a longer one
# in parts.
LONG = 48
ENDS = HARD | {"."}
SHORTEST_SENTENCE = 8
LONGEST_SENTENCE = 36
# The question stands at the end of what the counselor said: so many tokens of it are read.
MOST_ASKED = 40
# Features (ten or eleven a token) up to which a text may gain from its length.
STEADY = 330.0
# Words whose hashes are remembered; beyond, all are forgotten and learnt anew.
MOST_REMEMBERED = 20_000
# Any punctuation but these only separates.
MEANT = frozenset("?!")
BREAK = "|"
IDIOM = "<idiom>"
# The class of whatever is in none.
UNCLASSED = "%"


@dataclass(frozen=True, slots=True)
class Features:
    """Feature `i` is row `rows[i]` of the weight table and stands at token `tokens[i]`; sorted by token.

    `windows`: token spans to be read by themselves; the first is the whole text. `sentences`: every sentence.
    """

    rows: NDArray[np.int64]
    tokens: NDArray[np.int64]
    windows: NDArray[np.int64]
    length: int
    sentences: NDArray[np.int64]


def sentences_of(words: Sequence[str]) -> list[tuple[int, int]]:
    """Every sentence."""
    ends = [index + 1 for index, word in enumerate(words) if word in ENDS and index + 1 < len(words)]
    return list(pairwise([0, *ends, len(words)]))


def windows_of(words: Sequence[str]) -> list[tuple[int, int]]:
    """The whole text and, of a long one, each sentence and each two that follow each other."""
    whole = (0, len(words))
    if len(words) <= LONG:
        return [whole]
    sentences = []
    start = 0
    for index, word in enumerate(words):
        if word in ENDS or index + 1 - start >= LONGEST_SENTENCE:
            if index + 1 - start >= SHORTEST_SENTENCE:
                sentences.append((start, index + 1))
                start = index + 1
            elif index + 1 - start >= LONGEST_SENTENCE:
                start = index + 1
    if len(words) - start >= SHORTEST_SENTENCE:
        sentences.append((start, len(words)))
    pairs = [(first[0], second[1]) for first, second in pairwise(sentences)]
    return [whole, *sentences, *pairs]


def no_features() -> Features:
    """Of no text."""
    none = np.zeros(0, dtype=np.int64)
    whole = np.zeros((1, 2), dtype=np.int64)
    return Features(none, none, whole, 0, whole)


def together(parts: Sequence[Features]) -> Features:
    """Texts that follow each other as one, without what would stand across their joints; read as a whole only."""
    starts = np.cumsum([0, *(part.length for part in parts)])
    whole = np.array([[0, starts[-1]]], dtype=np.int64)
    return Features(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.tokens + start for part, start in zip(parts, starts, strict=False)]),
        whole,
        int(starts[-1]),
        whole,
    )


def answered(question: Features, answer: Features) -> Features:
    """An answer together with what the counselor asked: the question's words count as asked, not as said."""
    first = int(np.searchsorted(question.tokens, max(question.length - MOST_ASKED, 0)))
    asked = ((question.rows[first:].astype(np.uint64) * _FIFTH) & _MASK).astype(np.int64)
    return together([replace(question, rows=asked, tokens=question.tokens[first:]), answer])


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


def units_of(tokens: Sequence[str]) -> list[str]:
    """What may belong to a word class, one at each token: a Chinese character with the next one, or the token."""
    units = list(tokens)
    for at, (token, following) in enumerate(pairwise(tokens)):
        if token[0] >= FIRST_CHINESE and following[0] >= FIRST_CHINESE:
            units[at] = token + following
    return units


def is_pair(unit: str) -> bool:
    """Whether a unit is two Chinese characters."""
    return len(unit) > 1 and unit[0] >= FIRST_CHINESE


def divisor(count: NDArray[np.int64]) -> NDArray[np.float64]:
    """What the sum of so many features' weights is divided by.

    The root of their number, so that two cues in ten words weigh as they do in twenty; and beyond `STEADY`
    features their number, since a long text would else add up small weights to a large score.
    """
    found: NDArray[np.float64] = np.maximum(np.sqrt(count + 1.0), (count + 1.0) / np.sqrt(STEADY))
    return found


class FeatureReader:
    """Tokens and cues in, features out."""

    def __init__(self, alike: Mapping[str, Iterable[str]], word_classes: Sequence[Sequence[str]]) -> None:
        """`alike`: words that count as one, by the mark that stands for them; `word_classes`: units used alike."""
        self._marks = [f"<{mark}>" for mark in alike]
        self._alike = LiteralTrie((word, number) for number, mark in enumerate(alike) for word in alike[mark])
        self._known: dict[str, tuple[int, int, tuple[int, ...]]] = {}
        self._classes = {
            unit: mark
            for number, members in enumerate(word_classes)
            for mark in (_hash(f"{UNCLASSED}{number}"),)
            for unit in members
        }
        self._unclassed = _hash(UNCLASSED)

    def __call__(self, reading: Reading) -> Features:
        """Empty text has no features."""
        tokens, places = self.tokens(reading.words, reading.idioms)
        known = [self._known.get(token) or self._learn(token) for token in tokens]
        single = np.array([item[0] for item in known], dtype=np.uint64)
        place = np.array(places, dtype=np.int64)
        mixed = [single * _FIRST]
        at = [place]
        if len(tokens) > 1:
            mixed.append(single[:-1] * _FIRST + single[1:] * _SECOND)
            at.append(place[:-1])
        if len(tokens) > 2:
            mixed.append(single[:-2] * _FIRST + single[1:-1] * _SECOND + single[2:] * _THIRD)
            at.append(place[:-2])
        stems = np.array([item[1] for item in known], dtype=np.uint64)
        for apart in APART:
            mixed.append(stems[:-apart] * _SECOND + stems[apart:] * _FOURTH)
            at.append(place[:-apart])
        classes = np.array(
            [self._classes.get(unit, self._unclassed) for unit in units_of(tokens)], dtype=np.uint64
        )
        mixed += [
            classes * _FIRST,
            classes[:-1] * _FIRST + classes[1:] * _SECOND,
            classes[:-2] * _SECOND + classes[2:] * _FOURTH,
        ]
        at += [place, place[:-1], place[:-2]]
        others = [(index, row) for index, item in zip(places, known, strict=True) for row in item[2]]
        others += [(cue.start, row) for cue in reading.cues for row in _cue_rows(cue)]
        others += [(mark.start, _hash(f"!{mark.cue_class}")) for mark in reading.marks]
        if others:
            found = np.array(others, dtype=np.uint64)
            mixed.append(found[:, 1] * _FIRST)
            at.append(found[:, 0].astype(np.int64))
        rows, all_places = _rows(np.concatenate(mixed)), np.concatenate(at)
        order = np.argsort(all_places, kind="stable")
        windows = np.array(windows_of(reading.words), dtype=np.int64)
        sentences = np.array(sentences_of(reading.words), dtype=np.int64)
        return Features(rows[order], all_places[order], windows, len(reading.words), sentences)

    def tokens(self, words: Sequence[str], idioms: Sequence[tuple[int, int]]) -> tuple[list[str], list[int]]:
        """Tokens as the model sees them, and where each stands: what is alike or an idiom becomes one mark."""
        spans = [(start, end, IDIOM) for start, end in idioms]
        for number, found in self._alike.find(words, 0, len(words)).items():
            spans += [(start, end, self._marks[number]) for start, end in found]
        # of spans that begin together the longest
        spans.sort(key=lambda span: (span[0], -span[1]))
        tokens: list[str] = []
        places: list[int] = []
        at = 0
        for start, end, mark in [*spans, (len(words), len(words), "")]:
            if start < at:
                continue
            tokens += [simplified(word) for word in words[at:start]]
            places += range(at, start)
            if mark:
                tokens.append(mark)
                places.append(start)
            at = end
        return tokens, places

    def _learn(self, token: str) -> tuple[int, int, tuple[int, ...]]:
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        parts = _parts(token)
        item = (_hash(token), parts[0] if parts else _hash(token), parts)
        self._known[token] = item
        return item


def _rows(mixed: NDArray[np.uint64]) -> NDArray[np.int64]:
    return ((mixed ^ (mixed >> _SHIFT)) & _MASK).astype(np.int64)


def _parts(token: str) -> tuple[int, ...]:
    """The stem of a Latin word, and how it begins."""
    if token[0] >= FIRST_CHINESE or not token[0].isalpha():
        return ()
    beginning = (_hash(f"#{token[:BEGINNING]}~"),) if len(token) > BEGINNING else ()
    return (_hash(f"#{stem(token)}"), *beginning)


def stem(word: str) -> str:
    """An English word without its commonest endings: swallowed, swallowing, swallows → swallow."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            word = word[: -len(ending)]
            break
    if len(word) > SHORTEST_STEM and word[-1] == word[-2]:
        word = word[:-1]
    return word.removesuffix("e") if len(word) > SHORTEST_STEM else word


def _cue_rows(cue: Cue) -> tuple[int, ...]:
    """A cue by its class, and by its class as it is meant."""
    meant = f"{cue.cue_class}/{cue.polarity}/{cue.time}/{cue.world}/{cue.who or ''}"
    return _hash(f"@{cue.cue_class}"), _hash(f"@@{meant}")
