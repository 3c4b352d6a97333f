"""Find cues: literal hits by spaCy's PhraseMatcher, joined to patterns with gaps by a short walk."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from triage.pipeline.lexicon import Entry, Lexicon, read
from triage.pipeline.numbers import find_numbers
from triage.pipeline.patterns import NUMBERS
from triage.pipeline.tokenizer import MixedTokenizer

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


# What must follow a first hit: fragment numbers with the gap before each.
Tail = tuple[tuple[int, int], ...]


class CueMatcher:
    """spaCy component: writes `doc.user_data["cues"]`, sorted by start."""

    def __init__(self, vocab: Vocab, lexicon: Lexicon) -> None:
        self._matcher = PhraseMatcher(vocab)
        self._keys: dict[int, frozenset[int]] = {}  # fragment -> hashes of its literals
        self._begins: dict[int, tuple[tuple[Entry, Tail], ...]] = {}  # hash -> patterns that begin with it
        self._number_keys = {name: vocab.strings.add(name) for name in NUMBERS}
        self._compile(vocab, lexicon)

    def _compile(self, vocab: Vocab, lexicon: Lexicon) -> None:
        tokenize = MixedTokenizer(vocab)
        numbers: dict[frozenset[str], int] = {}
        begins: dict[frozenset[str], list[tuple[Entry, Tail]]] = defaultdict(list)
        for entry in lexicon.entries:
            for first, *rest in entry.steps:
                tail = tuple((numbers.setdefault(step.literals, len(numbers)), step.gap) for step in rest)
                begins[first.literals].append((entry, tail))
        of_literal: dict[str, list[tuple[Entry, Tail]]] = defaultdict(list)
        for literals, patterns in begins.items():
            for literal in literals:
                of_literal[literal].extend(patterns)
        for literal in set(of_literal).union(*numbers):
            key = vocab.strings.add(literal)
            self._begins[key] = tuple(of_literal.get(literal, ()))
            if literal not in NUMBERS:
                self._matcher.add(literal, [tokenize(literal)])
        for literals, number in numbers.items():
            self._keys[number] = frozenset(vocab.strings[literal] for literal in literals)

    def __call__(self, doc: Doc) -> Doc:
        """Find all cues of the doc."""
        words: list[str] = doc.user_data["words"]
        hits: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for key, start, end in self._matcher(doc):
            hits[key].append((start, end))
        for name, start, end in find_numbers(words):
            hits[self._number_keys[name]].append((start, end))
        walk = _Walk(hits, self._keys, list(accumulate((word in HARD for word in words), initial=0)))
        cues: list[Cue] = []
        for key, spans in hits.items():
            for entry, tail in self._begins.get(key, ()):
                if tail and not walk.spans(tail[0][0]):
                    continue
                for start, end in spans:
                    last = walk.follow(tail, end)
                    if last:
                        cues.append(Cue(entry, start, last))
        doc.user_data["cues"] = _thin_out(_longest(cues))
        return doc


class _Walk:
    """Completes patterns over the hits of one text; a fragment's spans are gathered when first asked for."""

    def __init__(
        self, hits: dict[int, list[tuple[int, int]]], keys: dict[int, frozenset[int]], hard: list[int]
    ) -> None:
        self._hits = hits
        self._present = frozenset(hits)
        self._keys = keys
        self._hard = hard
        self._gathered: dict[int, list[tuple[int, int]]] = {}

    def spans(self, fragment: int) -> list[tuple[int, int]]:
        """Where the fragment stands; of two from one token the longer first."""
        found = self._gathered.get(fragment)
        if found is None:
            found = [span for key in self._keys[fragment] & self._present for span in self._hits[key]]
            found.sort(key=lambda span: (span[0], -span[1]))
            self._gathered[fragment] = found
        return found

    def follow(self, tail: Tail, end: int) -> int:
        """The end of the first way to complete the pattern from `end`, or 0."""
        if not tail:
            return end
        fragment, gap = tail[0]
        spans = self.spans(fragment)
        for index in range(bisect_left(spans, (end,)), len(spans)):
            start, stop = spans[index]
            if start > end + gap or self._hard[start] != self._hard[end]:
                break
            last = self.follow(tail[1:], stop)
            if last:
                return last
        return 0


def _longest(cues: list[Cue]) -> list[Cue]:
    """Of cues of one class inside each other only the longest."""
    cues.sort(key=lambda cue: (cue.start, -cue.end))
    kept: list[Cue] = []
    furthest: dict[str, Cue] = {}
    for cue in cues:
        before = furthest.get(cue.cue_class)
        if before is not None and before.covers(cue):
            continue
        furthest[cue.cue_class] = cue
        kept.append(cue)
    return kept


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
    return CueMatcher(nlp.vocab, read())
