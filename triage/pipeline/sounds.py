"""Chinese as it sounds: characters typed or heard for others of the same sound (「吃乐好多药」), and Chinese in
Latin letters ("wo zai lou ding").

A noisy channel over characters: which of those that sound so are likeliest between their neighbours, by counts of the
project's own messages. Tones are not looked at.
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

import numpy as np

from triage.pipeline.ngrams import BREAK, START, Floats, Ids, Ngrams, packed

# A character is put only if it is seen so often.
SURE = 20
# Pairs seen so often, one or both together, are not looked at: they are meant as they stand.
PAIR_SEEN, PAIRS_SEEN = 3, 60
# What another character of the same sound costs (natural logarithms), what a sound like it costs, and by how much it
# must be likelier.
OTHER, ALIKE = 2.0, 1.5
LEAD, LEAD_OVER_NEXT = 7.0, 1.0
# Fewer characters tell too little; of more characters than one in so many no sense can be made.
FEWEST = 4
MOST_SHARE = 3
# How many characters of a text are looked at closely, and how many syllables are read.
MOST_ODD = 40
PASSES = 4
# How far a character's neighbours count.
NEAR = 2
MOST_SYLLABLES = 120
# How many readings of Latin letters are followed at once, and how many ways of cutting a word into syllables.
BEAM = 12
CUTS = 4
LONGEST_WORD = 24
# Characters of the longest word in `kept_words.txt`.
LONGEST_KEPT = 4
# Latin letters are Chinese where that is likelier by so much (natural logarithms) than English, over so many
# syllables; where the text holds no other Latin word less is enough, and beside such a run still less.
SYLLABLES, MARGIN = 3, 20.0
MARGIN_ALONE, MARGIN_BESIDE = 14.0, 10.0
# Each syllable must be so likely on the whole: names and other languages make no such sense.
SENSE = -4.8
# English words that are seen so often are meant as they stand.
COMMON = 60
# A word that no English message holds counts as seen so often.
NEVER = 0.02
# Sounds that many mix up, as typed or as heard.
BEGINNINGS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
ENDS = (("ing", "in"), ("eng", "en"), ("ang", "an"))


def is_chinese(unit: str) -> bool:
    """Whether a token is a Chinese character."""
    return "\u3400" <= unit[0] <= "\u9fff"


@lru_cache(maxsize=1)
def syllables() -> Mapping[str, tuple[str, ...]]:
    """The readings of each common character, without tones."""
    lines = (files("triage.pipeline") / "data" / "syllables.txt").read_text(encoding="utf-8").splitlines()
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if line and not line.startswith("#"):
            syllable, characters = line.split()
            for character in characters:
                found[character] = (*found.get(character, ()), syllable)
    return found


@lru_cache(maxsize=1)
def kept_words() -> frozenset[str]:
    """Words that exist, though the project's messages hold them too seldom to know it: their characters are meant."""
    lines = (files("triage.pipeline") / "data" / "kept_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


class Sounds:
    """Tokens in; what else they may have been meant to be, out."""

    def __init__(self, ngrams: Ngrams, english: Ngrams) -> None:
        self._ngrams = ngrams
        self._english = english
        by_sound: dict[str, list[int]] = {}
        for character, readings in syllables().items():
            number = ngrams.number_of.get(character, 0)
            if number and ngrams.seen[number] >= SURE:
                for reading in readings:
                    by_sound.setdefault(reading, []).append(number)
        self._by_sound = {sound: np.array(numbers, dtype=np.int64) for sound, numbers in by_sound.items()}
        self._start, self._break = ngrams.numbers([START, BREAK]).tolist()
        self._alike = lru_cache(maxsize=4096)(self._sounding_alike)
        self._cuts = lru_cache(maxsize=4096)(self._cut)

    def misheard(self, words: Sequence[str]) -> dict[int, str]:
        """Characters to put for others of the same sound, by their place."""
        chinese = sum(map(is_chinese, words))
        if chinese < FEWEST:
            return {}
        units = self._numbers(words)
        odd = [at for at in self._odd(words, units) if not self._is_word(words, at)]
        found: dict[int, str] = {}
        # the surest of those that stand near each other first: it may show what the others were meant to be
        for _ in range(PASSES):
            better = self._better(words, units, odd) if odd else []
            taken: list[int] = []
            for _, at, number in sorted(better, reverse=True):
                if all(abs(at - other) > NEAR for other in taken):
                    taken.append(at)
                    units[at + 2] = number
                    found[at] = self._ngrams.units[number]
            odd = [at for at in odd if at not in found and any(abs(at - each) <= NEAR for each in taken)]
        return found if MOST_SHARE * len(found) <= chinese + MOST_SHARE else {}

    def _is_word(self, words: Sequence[str], at: int) -> bool:
        """Whether a word that exists covers this character."""
        for size in range(2, LONGEST_KEPT + 1):
            for start in range(max(at - size + 1, 0), at + 1):
                if "".join(words[start : start + size]) in kept_words():
                    return True
        return False

    def _odd(self, words: Sequence[str], units: Ids) -> list[int]:
        """Characters that seldom stand beside their neighbours."""
        beside = self._ngrams.pairs.of(packed(units[1:-2], units[2:-1]))
        before, after = beside[:-1], beside[1:]
        rare = ((before < PAIR_SEEN) | (after < PAIR_SEEN)) & (before + after < PAIRS_SEEN)
        return [at for at in np.flatnonzero(rare).tolist() if is_chinese(words[at])][:MOST_ODD]

    def _better(self, words: Sequence[str], units: Ids, odd: Sequence[int]) -> list[tuple[float, int, int]]:
        """Of these places those where something is far likelier that sounds the same: by how much, where, and what."""
        alike = [self._alike(words[at]) for at in odd]
        # of each place what stands there first, then what may have been meant
        choices = [np.append(units[at + 2], numbers) for at, (numbers, _) in zip(odd, alike, strict=True)]
        costs = np.concatenate([np.append(0.0, cost) for _, cost in alike])
        sizes = [len(each) for each in choices]
        around = [np.repeat(units[[at + step for at in odd]], sizes) for step in (0, 1, 3, 4)]
        likely = self._fit(np.concatenate(choices), *around) - costs
        found = []
        for at, choice, worth in zip(odd, choices, np.split(likely, np.cumsum(sizes)[:-1]), strict=True):
            best, *others = np.argsort(-worth, kind="stable")[:2].tolist()
            gained = float(worth[best] - worth[0])
            if gained >= LEAD and worth[best] - worth[others[0]] >= LEAD_OVER_NEXT:
                found.append((gained, at, int(choice[best])))
        return found

    def spelt(self, words: Sequence[str]) -> dict[int, str]:
        """What Latin words mean that are Chinese, by their place."""
        latin = [word for word in words if word.isascii() and word.isalpha()]
        if all(self._english.often(word) >= COMMON for word in latin):
            return {}
        read = []
        for places, cuts in self._runs(words):
            likely, meant = self._decode(cuts)
            syllables_read = len("".join(meant))
            if likely >= SENSE * syllables_read:
                english = sum(self._as_english(words[at]) for at in places)
                read.append((likely - english, syllables_read, dict(zip(places, meant, strict=True))))
        alone = len(read) == 1 and len(read[0][2]) == len(latin)
        sure = any(
            margin >= (MARGIN_ALONE if alone else MARGIN) and (alone or size >= SYLLABLES)
            for margin, size, _ in read
        )
        if not sure:
            return {}
        return {at: new for margin, _, meant in read if margin >= MARGIN_BESIDE for at, new in meant.items()}

    def _numbers(self, words: Sequence[str]) -> Ids:
        """Of each token; two edges before and two after."""
        inner = [word if is_chinese(word) else BREAK for word in words]
        return self._ngrams.numbers([START, START, *inner, BREAK, BREAK])

    def _fit(self, middle: Ids, far: Ids, near: Ids, beside: Ids, beyond: Ids) -> Floats:
        """How likely each of `middle` is between two units before and two after (logarithms)."""
        ngrams = self._ngrams
        found: Floats = (
            np.log(ngrams.after_two(far, near, middle))
            + np.log(ngrams.after_two(near, middle, beside))
            + np.log(ngrams.after_two(middle, beside, beyond))
        )
        return found

    def _sounding_alike(self, character: str) -> tuple[Ids, Floats]:
        """Other characters of the same sound or one like it, and what each costs."""
        costs: dict[int, float] = {}
        for reading in syllables().get(character, ()):
            for sound, cost in alike(reading).items():
                for number in self._by_sound.get(sound, np.zeros(0, dtype=np.int64)).tolist():
                    costs[number] = min(cost + OTHER, costs.get(number, np.inf))
        costs.pop(self._ngrams.number_of.get(character, 0), None)
        return np.array(list(costs), dtype=np.int64), np.array(list(costs.values()))

    def _runs(self, words: Sequence[str]) -> list[tuple[list[int], list[list[tuple[str, ...]]]]]:
        """Latin words that follow each other, also over lines, and can be cut into syllables: where, and their cuts."""
        found: list[tuple[list[int], list[list[tuple[str, ...]]]]] = []
        going, left = False, MOST_SYLLABLES
        for at, word in enumerate(words):
            if word == "\n":
                continue
            cuts = self._cuts(word) if word.isascii() and word.isalpha() and len(word) <= LONGEST_WORD else []
            if cuts and left > 0:
                left -= len(cuts[0])
                if not going:
                    found.append(([], []))
                found[-1][0].append(at)
                found[-1][1].append(cuts)
            going = bool(cuts) and left > 0
        return [run for run in found if self._may_be_spelt([words[at] for at in run[0]], run[1])]

    def _may_be_spelt(self, words: Sequence[str], cuts: Sequence[Sequence[tuple[str, ...]]]) -> bool:
        """Two syllables or more, and half of the words are none that English messages hold often."""
        odd = sum(self._english.often(word) < COMMON for word in words)
        return 2 * odd >= len(words) and sum(len(each[0]) for each in cuts) > 1

    def _cut(self, word: str) -> list[tuple[str, ...]]:
        """Ways to cut a word into syllables, those of long syllables first."""
        if not word:
            return [()]
        found: list[tuple[str, ...]] = []
        for size in range(min(6, len(word)), 0, -1):
            if word[:size] in self._by_sound:
                found += [(word[:size], *rest) for rest in self._cuts(word[size:])]
            if len(found) >= CUTS:
                break
        return found[:CUTS]

    def _decode(self, run: Sequence[Sequence[tuple[str, ...]]]) -> tuple[float, list[str]]:
        """The likeliest characters of each word, and how likely they are together (a logarithm)."""
        paths = [(0.0, self._start, self._start, [""])]
        for cuts in run:
            further = [path for cut in cuts for path in self._follow(paths, cut)]
            paths = sorted(further, key=lambda path: -path[0])[:BEAM]
            paths = [(likely, first, second, [*meant, ""]) for likely, first, second, meant in paths]
        likely, _, _, meant = paths[0]
        return likely, meant[:-1]

    def _follow(
        self, paths: list[tuple[float, int, int, list[str]]], cut: Sequence[str]
    ) -> list[tuple[float, int, int, list[str]]]:
        """Paths prolonged by the characters of these syllables, within the last word."""
        for syllable in cut:
            choices = self._by_sound[syllable]
            first = np.array([path[1] for path in paths])[:, None]
            second = np.array([path[2] for path in paths])[:, None]
            before = np.array([path[0] for path in paths])[:, None]
            likely = before + np.log(self._ngrams.after_two(first, second, choices[None, :]))
            order = np.argsort(-likely, axis=None, kind="stable")[:BEAM].tolist()
            further = []
            for place in order:
                path, choice = paths[place // len(choices)], int(choices[place % len(choices)])
                meant = [*path[3][:-1], path[3][-1] + self._ngrams.units[choice]]
                further.append((float(likely.flat[place]), path[2], choice, meant))
            paths = further
        return paths

    def _as_english(self, word: str) -> float:
        return math.log((self._english.often(word) + NEVER) / self._english.total)


def alike(syllable: str) -> dict[str, float]:
    """A syllable and those that are mixed up with it, with what each costs."""
    costs = {syllable: 0.0}
    for one, other in BEGINNINGS:
        if syllable.startswith(one):
            costs[other + syllable[len(one) :]] = ALIKE
        elif syllable.startswith(other):
            costs[one + syllable[len(other) :]] = ALIKE
    for each, cost in list(costs.items()):
        for one, other in ENDS:
            if each.endswith(one):
                costs.setdefault(each[: -len(one)] + other, cost + ALIKE)
            elif each.endswith(other):
                costs.setdefault(each[: -len(other)] + one, cost + ALIKE)
    return costs
