"""How a cue is meant: denied, past, told of someone else, invented, or only an idiom.

After ConText's axes. Triggers are lexicon classes `context_*`; each reaches as far as its clause:

| trigger | reaches | does |
|---|---|---|
| `context_idiom` | its own span | silences the cues inside, unless a protecting class stands in the sentence |
| `context_inert` | its own span | the negations inside are none ("受不了了", "can't stop", "不是不想") |
| `context_negation` | forward, a few tokens of its clause, not past a new subject | polarity of what it meets |
| `context_past`, `context_recent` | its clause, and on until the present is named | time |
| `context_intend` | forward in its clause, unless "already" stands between | an act is only wanted |
| `context_fiction` | its sentence | world |
| `context_self`, `context_other` | forward to the next person named | who |
"""

from bisect import bisect_right
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc

from triage.pipeline.cues import HARD, SOFT, Cue

# Tokens that a negation reaches: "没有想过要自杀" needs four characters, "not really thinking about" four words.
NEGATION_REACH = 5
# Tokens between "想" / "going to" and the act that it speaks of.
INTENT_REACH = 6
FIRST_CHINESE = "\u4e00"
# The component's name in a spaCy pipeline.
NAME = "triage_context"
CONTRAST = "context_contrast"


@dataclass(frozen=True, slots=True)
class Bounds:
    """For each token the number of its clause and of its sentence."""

    clause: list[int]
    sentence: list[int]

    @classmethod
    def of(cls, words: Sequence[str], contrasts: Sequence[Cue], spaces: Set[int] = frozenset()) -> "Bounds":
        """Clauses end at punctuation, before but / 但是 / 可是, and at a space between Chinese words.

        `spaces`: tokens before which such a space stands.
        """
        breaks = spaces | {cue.start for cue in contrasts}
        clause, sentence = [], []
        clause_number = sentence_number = 0
        for index, word in enumerate(words):
            if index in breaks:
                clause_number += 1
            clause.append(clause_number)
            sentence.append(sentence_number)
            if word in SOFT:
                clause_number += 1
            if word in HARD:
                sentence_number += 1
        return cls(clause, sentence)


def chinese_spaces(doc: Doc) -> set[int]:
    """Tokens that follow a space between Chinese characters: people write it for a comma.

    Not where every character is spaced ("不 想 死"), which is a way to hide words.
    """
    words: list[str] = doc.user_data["words"]
    spaces: list[bool] = doc.user_data["spaces"]
    spaced = {
        index
        for index, (before, after) in enumerate(pairwise(words), start=1)
        if spaces[index - 1] and before >= FIRST_CHINESE and after >= FIRST_CHINESE
    }
    return spaced if 3 * len(spaced) < len(words) else set()


class ContextReader:
    """spaCy component: fills in polarity, time, world and who of `doc.user_data["cues"]`, drops the silenced."""

    def __call__(self, doc: Doc) -> Doc:
        """Read the context of all cues; the triggers themselves are left out of the result."""
        found: list[Cue] = doc.user_data["cues"]
        triggers: dict[str, list[Cue]] = {}
        cues: list[Cue] = []
        for cue in found:
            if cue.cue_class.startswith("context_"):
                triggers.setdefault(cue.cue_class, []).append(cue)
            else:
                cues.append(cue)
        bounds = Bounds.of(doc.user_data["words"], triggers.get(CONTRAST, ()), chinese_spaces(doc))
        cues, idioms = _silence(_without_own_threats(cues), triggers.get("context_idiom", ()), bounds)
        if cues:
            _negate(cues, triggers, bounds)
            _date(cues, triggers, bounds)
            _intend(cues, triggers, bounds)
            _attribute(cues, triggers, bounds)
            _set_apart(cues, triggers.get("context_fiction", ()), bounds)
        doc.user_data["cues"] = cues
        doc.user_data["bounds"] = bounds
        doc.user_data["idioms"] = idioms
        doc.user_data["marks"] = [mark for marks in triggers.values() for mark in marks]
        return doc


def _without_own_threats(cues: list[Cue]) -> list[Cue]:
    """「我要杀了我弟」 threatens the brother: no "杀了我" that stands within it threatens the speaker."""
    own = [cue for cue in cues if cue.cue_class == "threat_other"]
    return [
        cue
        for cue in cues
        if cue.cue_class != "threatened"
        or not any(threat.covers(cue) and threat.end - threat.start > cue.end - cue.start for threat in own)
    ]


def _silence(
    cues: list[Cue], idioms: Sequence[Cue], bounds: Bounds
) -> tuple[list[Cue], list[tuple[int, int]]]:
    """Cues inside an idiom mean nothing, unless a longer cue contains it, a protecting class is near, or nothing
    else is said.

    Answers with what is left, and the token spans of the idioms that are to be read over.
    """
    silenced: set[int] = set()
    masked_spans: list[tuple[int, int]] = []
    for idiom in idioms:
        sentence = bounds.sentence[idiom.start]
        if idiom.entry.unless and any(
            cue.cue_class in idiom.entry.unless
            and bounds.sentence[cue.start] == sentence
            and not cue.overlaps(idiom)
            for cue in cues
        ):
            continue
        wider_cue = False
        for index, cue in enumerate(cues):
            masked = not idiom.entry.masks or cue.cue_class in idiom.entry.masks
            wider = cue.covers(idiom) and cue.end - cue.start > idiom.end - idiom.start
            spared = cue.cue_class == "leisure" or cue.entry.alone
            if masked and cue.overlaps(idiom) and not wider and not spared:
                silenced.add(index)
            wider_cue = wider_cue or wider
        if not wider_cue and not idiom.entry.keeps_words:
            masked_spans.append((idiom.start, idiom.end))
    return [cue for index, cue in enumerate(cues) if index not in silenced], masked_spans


def _negate(cues: list[Cue], triggers: dict[str, list[Cue]], bounds: Bounds) -> None:
    inert = triggers.get("context_inert", ())
    persons = triggers.get("context_self", []) + triggers.get("context_other", [])
    negations = [
        trigger
        for trigger in triggers.get("context_negation", ())
        if not any(other.start <= trigger.start < other.end for other in inert)
    ]
    for cue in cues:
        count = sum(_negates(trigger, cue, persons, bounds) for trigger in negations)
        if count % 2:
            cue.polarity = "negated"


def _negates(trigger: Cue, cue: Cue, persons: Sequence[Cue], bounds: Bounds) -> bool:
    """Whether the trigger stands shortly before the cue, in its clause, with no new subject between."""
    # "没有想自杀" holds the cue "有想自杀": the denial may share its first tokens
    if not trigger.start < cue.start <= trigger.end + NEGATION_REACH:
        return False
    if bounds.clause[trigger.start] != bounds.clause[cue.start]:
        return False
    return not any(trigger.end <= person.start and person.end <= cue.start for person in persons)


def _date(cues: list[Cue], triggers: dict[str, list[Cue]], bounds: Bounds) -> None:
    present = triggers.get("context_present", ())
    for name, time in (("context_past", "past"), ("context_recent", "recent")):
        for trigger in triggers.get(name, ()):
            for cue in cues:
                if cue.time == "present" and _dates(trigger, cue, present, bounds):
                    cue.time = time


def _dates(trigger: Cue, cue: Cue, present: Sequence[Cue], bounds: Bounds) -> bool:
    """The past holds in its clause and for what follows in its sentence, until the present is named."""
    if bounds.sentence[trigger.start] != bounds.sentence[cue.start]:
        return False
    same_clause = bounds.clause[trigger.start] == bounds.clause[cue.start]
    if same_clause and cue.start < trigger.start:
        between = range(cue.end, trigger.start)
        return not any(mark.start in between for mark in present)
    if trigger.start > cue.start:
        return False
    return not any(
        trigger.end <= mark.start and bounds.clause[mark.start] <= bounds.clause[cue.start]
        for mark in present
    )


def _intend(cues: list[Cue], triggers: dict[str, list[Cue]], bounds: Bounds) -> None:
    """ "I want to take all the pills": an act that is wanted is not yet done."""
    done = triggers.get("context_done", ())
    for cue in cues:
        if not cue.cue_class.startswith("act_"):
            continue
        for trigger in triggers.get("context_intend", ()):
            near = trigger.start <= cue.start and cue.start - trigger.end <= INTENT_REACH
            same = bounds.clause[trigger.start] == bounds.clause[cue.start]
            if near and same and not any(trigger.end <= mark.start < cue.end for mark in done):
                cue.time = "intended"


def _attribute(cues: list[Cue], triggers: dict[str, list[Cue]], bounds: Bounds) -> None:
    """The person last named before the cue in its sentence is whom it is about."""
    persons = triggers.get("context_self", []) + triggers.get("context_other", [])
    persons.sort(key=lambda person: (person.start, person.end))
    starts = [person.start for person in persons]
    for cue in cues:
        at = bisect_right(starts, cue.start) - 1
        if at < 0:
            continue
        person = persons[at]
        if bounds.sentence[person.start] == bounds.sentence[cue.start]:
            cue.who = "self" if person.cue_class == "context_self" else "other"


def _set_apart(cues: list[Cue], fictions: Sequence[Cue], bounds: Bounds) -> None:
    told = {bounds.sentence[fiction.start] for fiction in fictions}
    for cue in cues:
        if bounds.sentence[cue.start] in told:
            cue.world = "fiction"


@Language.factory(NAME)
def create_context_reader(nlp: Language, name: str) -> ContextReader:
    """For `nlp.add_pipe("triage_context")`."""
    return ContextReader()
