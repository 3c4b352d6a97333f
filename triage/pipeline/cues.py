"""Find cues: literal hits by spaCy's PhraseMatcher, joined to patterns with gaps by a short walk."""

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
SOFT = HARD | frozenset(",，、:：—~()（）\"“”")
# More cues than this in one message say nothing new and only cost time.
MOST_CUES = 200


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


class CueMatcher:
    """spaCy component: writes `doc.user_data["cues"]`, sorted by start."""

    def __init__(self, vocab: Vocab, lexicon: Lexicon) -> None:
        self._matcher = PhraseMatcher(vocab)
        self._fragments: dict[int, tuple[int, ...]] = {}
        self._numbers: dict[str, tuple[int, ...]] = {}
        self._rest: dict[int, list[tuple[Entry, tuple[tuple[int, int], ...]]]] = defaultdict(list)
        self._compile(vocab, lexicon)

    def _compile(self, vocab: Vocab, lexicon: Lexicon) -> None:
        numbers: dict[frozenset[str], int] = {}
        for entry in lexicon.entries:
            for steps in entry.steps:
                ids = [numbers.setdefault(step.literals, len(numbers)) for step in steps]
                tail = tuple((number, step.gap) for number, step in zip(ids[1:], steps[1:], strict=True))
                self._rest[ids[0]].append((entry, tail))
        of_literal: dict[str, list[int]] = defaultdict(list)
        for literals, number in numbers.items():
            for literal in literals:
                of_literal[literal].append(number)
        tokenize = MixedTokenizer(vocab)
        for name in NUMBERS:
            self._numbers[name] = tuple(of_literal.pop(name, ()))
        for literal, fragment_ids in of_literal.items():
            self._matcher.add(literal, [tokenize(literal)])
            self._fragments[vocab.strings[literal]] = tuple(fragment_ids)

    def __call__(self, doc: Doc) -> Doc:
        """Find all cues of the doc."""
        hits: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for key, start, end in self._matcher(doc):
            for fragment in self._fragments[key]:
                hits[fragment].append((start, end))
        words = [token.text for token in doc]
        for name, start, end in find_numbers(words):
            for fragment in self._numbers[name]:
                hits[fragment].append((start, end))
        for spans in hits.values():
            spans.sort(key=lambda span: (span[0], -span[1]))  # of two from one token the longer first
        hard = list(accumulate((word in HARD for word in words), initial=0))
        cues: list[Cue] = []
        for fragment, spans in hits.items():
            for entry, rest in self._rest.get(fragment, ()):
                for start, end in spans:
                    last = _follow(rest, end, hits, hard) if rest else end
                    if last:
                        cues.append(Cue(entry, start, last))
        doc.user_data["words"] = words
        doc.user_data["cues"] = _longest(cues)[:MOST_CUES]
        return doc


def _follow(
    rest: tuple[tuple[int, int], ...], end: int, hits: dict[int, list[tuple[int, int]]], hard: list[int]
) -> int:
    """The end of the first way to complete the pattern from here, or 0."""
    fragment, gap = rest[0]
    for start, stop in hits.get(fragment, ()):
        if end <= start <= end + gap and hard[start] == hard[end]:
            last = _follow(rest[1:], stop, hits, hard) if len(rest) > 1 else stop
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


@Language.factory("triage_cues")
def create_cue_matcher(nlp: Language, name: str) -> CueMatcher:
    """For `nlp.add_pipe("triage_cues")`."""
    return CueMatcher(nlp.vocab, read())
