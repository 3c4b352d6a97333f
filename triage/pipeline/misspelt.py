"""English words with letters lost, added, swapped or mistaken: "evrything", "teh", "wont wrk".

A noisy channel: what may have been meant, how likely it stands between its neighbours, and what the mistake costs.
Only words that the project's messages hold seldom or never are repaired, towards ones that they hold often; where two
are as likely, none.
"""

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from string import ascii_lowercase

import numpy as np

from triage.pipeline.ngrams import BREAK, START, Floats, Ngrams

# A word that is seen so often is meant as it stands; one may be put only if it is seen so often.
COMMON = 60
SURE = 30
# Up to how many letters are looked at, and how many words of a message.
LONGEST = 15
MOST = 24
# What each mistake costs (natural logarithms): a letter added, lost, two swapped, one mistaken; more where it is the
# first letter, and letters left out that can be guessed.
ADDED, LOST, SWAPPED, MISTAKEN = 2.5, 2.5, 1.5, 4.0
FIRST_LETTER = 2.5
ABBREVIATED, EACH_LETTER = 3.0, 0.7
# By how much the repaired word must be likelier: more for short words, which have many neighbours, and for words
# that are only rare; and than the next best repair.
LEAD, LEAD_SHORT, LEAD_LONG, LEAD_RARE = 5.0, 6.5, 3.5, 6.0
SHORT, LONG = 3, 6
# A shorter word that no other stands beside is left: nothing tells what was meant.
STANDS_ALONE = 5
LEAD_OVER_NEXT = 1.5
# Of a message in another language few words are known, and most stay unknown.
FEWEST_KNOWN, MOST_UNKNOWN = 0.3, 0.5
VOWELS = frozenset("aeiouy")


class Misspelt:
    """Words in, repairs out."""

    def __init__(self, ngrams: Ngrams, known: frozenset[str]) -> None:
        """`known`: words that are never repaired (those of the rules)."""
        self._ngrams = ngrams
        self._known = known
        self._sure = {
            word
            for word, seen in zip(ngrams.units, ngrams.seen.tolist(), strict=True)
            if seen >= SURE and word.isascii() and word.isalpha()
        }
        self._by_consonants: dict[str, list[str]] = {}
        for word in sorted(self._sure):
            self._by_consonants.setdefault(_consonants(word), []).append(word)
        self._meant = lru_cache(maxsize=8192)(self._candidates)

    def __call__(self, words: Sequence[str]) -> dict[int, str]:
        """What to put, by the place of the word."""
        often = [self._ngrams.often(word) if word.isalpha() else COMMON for word in words]
        odd = [at for at, word in enumerate(words) if often[at] < COMMON and self._may_be_wrong(word)]
        latin = [at for at, word in enumerate(words) if word.isascii() and word.isalpha()]
        known = sum(often[at] >= COMMON or words[at] in self._known for at in latin)
        if not odd or len(odd) > MOST or known < FEWEST_KNOWN * len(latin):
            return {}
        read = list(words)
        found = {}
        for at in odd:
            better = self._better(read, at)
            if better:
                read[at] = found[at] = better
        unknown = sum(not often[at] and at not in found for at in odd)
        return found if unknown <= MOST_UNKNOWN * len(latin) else {}

    def _may_be_wrong(self, word: str) -> bool:
        return SHORT <= len(word) <= LONGEST and word.isascii() and word.isalpha() and word not in self._known

    def _better(self, words: Sequence[str], at: int) -> str:
        word = words[at]
        meant, costs = self._meant(word)
        if not meant:
            return ""
        before = words[at - 1] if at else START
        after = words[at + 1] if at + 1 < len(words) else BREAK
        if len(word) < STANDS_ALONE and _unit(before) in (START, BREAK) and _unit(after) == BREAK:
            return ""
        likely = self._fit(before, [*meant, word], after)
        worth = likely[:-1] - costs
        best, *others = np.argsort(-worth, kind="stable")[:2].tolist()
        if others and worth[best] - worth[others[0]] < LEAD_OVER_NEXT:
            return ""
        return meant[best] if worth[best] - likely[-1] >= self._lead(word) else ""

    def _lead(self, word: str) -> float:
        if self._ngrams.often(word):
            return LEAD_RARE
        if len(word) <= SHORT:
            return LEAD_SHORT
        return LEAD_LONG if len(word) >= LONG else LEAD

    def _fit(self, before: str, words: Sequence[str], after: str) -> Floats:
        """How likely each word is between two (logarithms); what was never kept counts as seen once."""
        ngrams = self._ngrams
        numbers = ngrams.numbers([_unit(unit) for unit in (before, after, *words)])
        middle = numbers[2:]
        first = np.log(ngrams.after(np.full_like(middle, numbers[0]), middle))
        first[middle == 0] = -math.log(ngrams.total)
        found: Floats = first + np.log(ngrams.after(middle, np.full_like(middle, numbers[1])))
        return found

    def _candidates(self, word: str) -> tuple[list[str], Floats]:
        """Words that may have been meant, and the cost of the least mistake that makes each of them `word`."""
        costs: dict[str, float] = {}
        for cost, made in _one_mistake(word):
            for each in self._sure.intersection(made):
                each_cost = cost + (FIRST_LETTER if each[0] != word[0] else 0.0)
                costs[each] = min(each_cost, costs.get(each, each_cost))
        for each in self._by_consonants.get(_consonants(word), ()):
            if _has_letters_of(each, word):
                cost = ABBREVIATED + EACH_LETTER * (len(each) - len(word))
                costs[each] = min(cost, costs.get(each, cost))
        costs.pop(word, None)
        meant = sorted(costs)
        return meant, np.array([costs[each] for each in meant])


def _unit(word: str) -> str:
    """As it was counted: whatever is no Latin word only parts others."""
    return word if word == START or (word.isascii() and word.isalpha()) else BREAK


def _one_mistake(word: str) -> Iterator[tuple[float, list[str]]]:
    """What one mistake of each kind makes of `word`, with its cost."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield ADDED, [head + rest[1:] for head, rest in halves if rest]
    yield SWAPPED, [head + rest[1] + rest[0] + rest[2:] for head, rest in halves if len(rest) > 1]
    yield LOST, [head + letter + rest for head, rest in halves for letter in ascii_lowercase]
    yield MISTAKEN, [head + letter + rest[1:] for head, rest in halves if rest for letter in ascii_lowercase]


def _consonants(word: str) -> str:
    """The first letter and the consonants, none twice in a row: evrything and everything are both "evrthng"."""
    kept = word[0]
    for letter in word[1:]:
        if letter not in VOWELS and letter != kept[-1]:
            kept += letter
    return kept


def _has_letters_of(word: str, short: str) -> bool:
    """Whether letters left out of `word` leave `short`."""
    rest = iter(word)
    return len(word) > len(short) and all(letter in rest for letter in short)
