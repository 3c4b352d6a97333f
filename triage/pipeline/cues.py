"""Find cues: literal hits from one pass over the tokens, joined to patterns with gaps by a short walk."""

import re
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import prod

from spacy.language import Language
from spacy.tokens import Doc

from triage.pipeline.lexicon import Entry, Lexicon, read
from triage.pipeline.literals import LiteralTrie, Span
from triage.pipeline.numbers import find_numbers
from triage.pipeline.patterns import NUMBERS
from triage.pipeline.tokenizer import split

# Sentence ends: no pattern reaches across them.
HARD = frozenset("。！？!?;；\n…")
# Clause ends: context stops here, patterns may go on. (A space between Chinese clauses is not a token.)
SOFT = HARD | frozenset(',，、:：—~()（）"“”')
# A message that says the same thing over and over says nothing new, it only costs time: of each class the
# first and the last few are kept.
MOST_OF_A_CLASS = 12


@dataclass(slots=True)
class Cue:
    """An entry found at tokens start:end. Context fills in the rest (see context.py)."""

    entry: Entry
    start: int
    end: int
    polarity: str = "affirmed"  # affirmed | negated
    time: str = "present"  # present | recent | past | intended
    world: str = "real"  # real | fiction
    who: str = "unstated"  # self | other | unstated
    current: bool = True  # False: from an earlier turn

    @property
    def cue_class(self) -> str:
        """The class of the entry."""
        return self.entry.cue_class

    def overlaps(self, other: "Cue") -> bool:
        """Whether the two share a token."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: "Cue") -> bool:
        """Whether every token of the other is ours too."""
        return self.start <= other.start and other.end <= self.end


# What must follow a first hit: set numbers with the gap before each.
Tail = tuple[tuple[int, int], ...]
# Rare sets are looked for first. How common a word is, the lexicon's own examples say; one that they do not
# know counts as this many times seen, and a number, which is no word, stands in so large a share of texts.
UNSEEN = 0.3
SHARE_WITH_NUMBERS = 0.3
_LATIN = re.compile(r"[a-z']+")
# Where an entry fired: start, -end, number of the entry.
_Hit = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Way:
    """A pattern of several steps: the entry's number, the set it begins with, and what follows."""

    entry: int
    first: int
    tail: Tail
    rarest: int
    others: tuple[int, ...]  # what must be there beside the rarest


class CueMatcher:
    """spaCy component: writes `doc.user_data["cues"]`, sorted by start.

    Texts that belong to the same sets are one *group*: a hit says only its group. A pattern of one step fires on a
    hit; one of several is looked at where a hit belongs to its rarest set, and walked if all its sets are there.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._entries = lexicon.entries
        self._classes = [entry.cue_class for entry in lexicon.entries]
        numbered = _Numbered(lexicon)
        members: list[list[int]] = [[] for _ in numbered.literals]
        for packed, number in numbered.sets.items():
            for literal in array("I", packed):
                members[literal].append(number)
        groups: dict[tuple[int, ...], int] = {}
        group_of = {
            text: groups.setdefault(tuple(numbers), len(groups))
            for text, numbers in zip(numbered.literals, members, strict=True)
        }
        self._number_groups = {name: group_of.pop(name) for name in NUMBERS if name in group_of}
        self._trie = LiteralTrie(group_of.items())
        # the tokens that patterns are made of, and the Latin words that they are written in
        self.words = self._trie.words
        self.vocabulary = frozenset(_LATIN.findall(" ".join(group_of)))
        # by group: the entries that fire at once
        self._single = [_all_of(numbers, numbered.single) for numbers in groups]
        self._place_ways(numbered.ways, groups)

    def _place_ways(self, ways: list[_Way], groups: Mapping[tuple[int, ...], int]) -> None:
        """Each way under its rarest set, with one bit for each of the other sets that it needs."""
        bits: dict[int, int] = {}
        placed: dict[int, list[tuple[int, _Way]]] = defaultdict(list)
        for way in ways:
            need = sum(1 << bits.setdefault(number, len(bits)) for number in way.others)
            placed[way.rarest].append((need, way))
        # by set
        self._ways = {number: tuple(found) for number, found in placed.items()}
        walked = bits.keys() | placed.keys()
        # by group: the bits of its sets, and the sets at which to look for ways
        self._bits = [sum(1 << bits[number] for number in numbers if number in bits) for numbers in groups]
        self._rarest = [tuple(number for number in numbers if number in placed) for numbers in groups]
        # by set: its groups
        of_set: dict[int, list[int]] = defaultdict(list)
        for numbers, group in groups.items():
            for number in walked.intersection(numbers):
                of_set[number].append(group)
        self._groups = {number: frozenset(found) for number, found in of_set.items()}

    def __call__(self, doc: Doc) -> Doc:
        """Find all cues of the doc, sentence by sentence, since no pattern reaches further."""
        words: list[str] = doc.user_data["words"]
        found: list[_Hit] = []
        start = 0
        for index, word in enumerate(words):
            if word in HARD:
                if index > start:
                    self._search(words, start, index, found)
                start = index + 1
        if start < len(words):
            self._search(words, start, len(words), found)
        doc.user_data["cues"] = _thin_out(self._longest(self._without_talk(found, words)))
        return doc

    def _without_talk(self, found: list[_Hit], words: list[str]) -> list[_Hit]:
        """What was found, without what counts only alone where something else is said as well."""
        alone = [hit for hit in found if self._entries[hit[2]].alone]
        if not alone:
            return found
        covered = {index for start, minus_end, _ in alone for index in range(start, -minus_end)}
        if all(index in covered or not word.isalnum() for index, word in enumerate(words)):
            return found
        return [hit for hit in found if not self._entries[hit[2]].alone]

    def _search(self, words: list[str], start: int, end: int, found: list[_Hit]) -> None:
        """Add what stands in words[start:end] to `found`, as (start, -end, number of the entry)."""
        hits = self._trie.find(words, start, end)
        for name, first, after in find_numbers(words[start:end]):
            group = self._number_groups.get(name)
            if group is not None:
                hits[group].append((start + first, start + after))
        present = 0
        rarest: set[int] = set()
        for group, spans in hits.items():
            present |= self._bits[group]
            rarest.update(self._rarest[group])
            for entry in self._single[group]:
                found += [(first, -after, entry) for first, after in spans]
        walk = _Walk(hits, self._groups)
        for number in rarest:
            for need, way in self._ways[number]:
                if need & present == need:
                    walk.complete(way, found)

    def _longest(self, found: list[_Hit]) -> list[Cue]:
        """Of cues of one class inside each other only the longest, of equal ones the first of the lexicon."""
        found.sort()
        kept: list[Cue] = []
        furthest: dict[str, int] = {}
        for start, minus_end, number in found:
            cue_class = self._classes[number]
            if -minus_end > furthest.get(cue_class, 0):
                furthest[cue_class] = -minus_end
                kept.append(Cue(self._entries[number], start, -minus_end))
        return kept


class _Numbered:
    """The lexicon in numbers: its literals, its sets of them, which entry fires on one set and which on several.

    Sets are packed as soon as they are read: as sets of strings they would take ten times the memory.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.literals: dict[str, int] = {}
        self.sets: dict[bytes, int] = {}
        self.single: dict[int, list[int]] = defaultdict(list)
        several: dict[tuple[int, int, Tail], None] = {}
        for entry, steps in lexicon.ways():
            first, *others = [self._number(step.literals) for step in steps]
            if others:
                gaps = (step.gap for step in steps[1:])
                several[entry, first, tuple(zip(others, gaps, strict=True))] = None
            else:
                self.single[first].append(entry)
        self.ways = list(self._rarest_first(several, _Shares(lexicon)))

    def _number(self, literals: frozenset[str]) -> int:
        known = self.literals
        packed = array("I", sorted([known.setdefault(literal, len(known)) for literal in literals])).tobytes()
        return self.sets.setdefault(packed, len(self.sets))

    def _rarest_first(self, several: Iterable[tuple[int, int, Tail]], shares: "_Shares") -> Iterator[_Way]:
        of_literal = [shares.of(literal) for literal in self.literals]
        of_set = [sum(of_literal[literal] for literal in array("I", packed)) for packed in self.sets]
        for entry, first, tail in several:
            rarest, *others = sorted({first, *(number for number, _ in tail)}, key=of_set.__getitem__)
            yield _Way(entry, first, tail, rarest, tuple(others))


def _all_of(numbers: Iterable[int], single: Mapping[int, list[int]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(entry for number in numbers for entry in single.get(number, ())))


class _Shares:
    """In how large a share of texts a literal may stand, judged by its words."""

    def __init__(self, lexicon: Lexicon) -> None:
        texts = [text for entry in lexicon.entries for text in (*entry.examples, *entry.counter_examples)]
        seen = Counter(word for text in texts for word in set(split(text.lower())[0]))
        self._words = {word: (count + UNSEEN) / len(texts) for word, count in seen.items()}
        self._unseen = UNSEEN / max(len(texts), 1)

    def of(self, literal: str) -> float:
        """At most one; a number's is a guess."""
        if literal in NUMBERS:
            return SHARE_WITH_NUMBERS
        # near enough to the tokenizer's words, and the literals are many
        words = literal.split() if literal.isascii() else literal
        return prod([self._words.get(word, self._unseen) for word in words])


class _Walk:
    """Completes patterns over the hits of one sentence; a set's spans are gathered when first asked for."""

    def __init__(self, hits: dict[int, list[Span]], groups: Mapping[int, frozenset[int]]) -> None:
        self._hits = hits
        self._present = hits.keys()
        self._groups = groups
        self._gathered: dict[int, list[Span]] = {}

    def spans(self, number: int) -> list[Span]:
        """Where the set stands; of two from one token the longer first."""
        found = self._gathered.get(number)
        if found is None:
            groups = self._groups[number] & self._present
            found = [span for group in groups for span in self._hits[group]]
            if len(found) > 1:
                found.sort(key=lambda span: (span[0], -span[1]))
            self._gathered[number] = found
        return found

    def complete(self, way: _Way, found: list[_Hit]) -> None:
        """Add the first way to complete the pattern from each of its beginnings."""
        for start, end in self.spans(way.first):
            last = self.follow(way.tail, end)
            if last:
                found.append((start, -last, way.entry))

    def follow(self, tail: Tail, end: int) -> int:
        """The end of the first way to complete the pattern from `end`, or 0."""
        number, gap = tail[0]
        spans = self.spans(number)
        for index in range(bisect_left(spans, (end,)), len(spans)):
            start, stop = spans[index]
            if start > end + gap:
                break
            last = self.follow(tail[1:], stop) if len(tail) > 1 else stop
            if last:
                return last
        return 0


def _thin_out(cues: list[Cue]) -> list[Cue]:
    """At most `MOST_OF_A_CLASS` of each class, from both ends of the text."""
    if len(cues) <= MOST_OF_A_CLASS:
        return cues
    places: dict[str, list[int]] = defaultdict(list)
    for index, cue in enumerate(cues):
        places[cue.cue_class].append(index)
    half = MOST_OF_A_CLASS // 2
    kept = {index for found in places.values() for index in (*found[:half], *found[-half:])}
    return [cue for index, cue in enumerate(cues) if index in kept]


@Language.factory("triage_cues")
def create_cue_matcher(nlp: Language, name: str) -> CueMatcher:
    """For `nlp.add_pipe("triage_cues")`."""
    return CueMatcher(read())
