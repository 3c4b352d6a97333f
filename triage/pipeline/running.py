"""One message through the whole pipeline."""

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import accumulate
from typing import cast

import spacy

from triage.assessment import Assessment, Evidence, Kind, Level, Turn, unassessed
from triage.pipeline import context as _context  # registers the component
from triage.pipeline.answers import Asked, adopt_answer, last_question
from triage.pipeline.cues import Cue, CueMatcher
from triage.pipeline.frames import Fired, FrameTable
from triage.pipeline.language import is_readable
from triage.pipeline.lexicon import Lexicon, read
from triage.pipeline.normalise import Normalised, Normaliser
from triage.pipeline.speech import clean_speech
from triage.pipeline.tokenizer import split

# A chat message may hold 4,000 characters; whatever is longer is read this far and the rest left unread.
MOST_CHARACTERS = 8_000
# An answer stands at the beginning of a turn.
ANSWER_CHARACTERS = 200
# Earlier help-seeker turns whose cues may complete a frame.
WINDOW_TURNS = 5
# Where the levels lie on 0…1, so that scores order messages and never contradict levels.
SCORE_FLOOR = {Level.NONE: 0.0, Level.LOW: 0.15, Level.MODERATE: 0.4, Level.HIGH: 0.65, Level.IMMINENT: 0.85}
SCORE_ROOM = 0.14

CONFIG = {"nlp": {"tokenizer": {"@tokenizers": "triage.mixed_tokenizer.v1"}}}


class Reading:
    """What one text says: its cues and, for the current turn, where they stand in the raw text."""

    __slots__ = ("cues", "normalised", "offsets", "readable")

    def __init__(self, normalised: Normalised, cues: list[Cue], offsets: list[int], readable: bool) -> None:
        self.normalised = normalised
        self.cues = cues
        self.offsets = offsets
        self.readable = readable

    def raw_span(self, cue: Cue) -> tuple[int, int]:
        """Start and end of the cue in the raw text, without the space after it."""
        start, end = self.offsets[cue.start], self.offsets[cue.end]
        while end - 1 > start and self.normalised.text[end - 1] == " ":
            end -= 1
        return self.normalised.raw_span(start, end)


class Pipeline:
    """Loaded once; then one call a message. Not for several threads at once."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.nlp = spacy.blank("xx", config=CONFIG)
        matcher = cast("CueMatcher", self.nlp.add_pipe("triage_cues"))
        self.nlp.add_pipe(_context.NAME)
        # only spellings are compared: shapes, prefixes and the like of every new word would cost a third
        self.nlp.vocab.lex_attr_getters = {}  # type: ignore[attr-defined]
        # words of the lexicon stay known; others are made for a message and forgotten with it
        for word in sorted(matcher.words):
            self.nlp.vocab[word]
        self._words = matcher.vocabulary | lexicon.everyday
        self.normalise = Normaliser(self._words, lexicon.respellings)
        self._frames = FrameTable(lexicon.frames)
        # Earlier turns come again with every message; their reading is kept for a while.
        self._reread = lru_cache(maxsize=512)(self.read)
        self._reanswered = lru_cache(maxsize=512)(self._answer)

    def assess(self, text: str, history: Sequence[Turn] = (), *, speech: bool = False) -> Assessment:
        """Level, reasons and tags of one help-seeker turn."""
        reading = self.read(text, speech)
        answered = self._answered(text, history, speech)
        if not reading.readable and not answered:
            return unassessed(self.lexicon.version)
        cues = [*reading.cues, *answered, *self._earlier(history, speech)]
        fired = self._frames.fire(cues)
        return self._sum_up(reading, fired, cues)

    def read(self, text: str, speech: bool = False) -> Reading:
        """The cues of one text, as they are meant."""
        normalised = self.normalise(text[:MOST_CHARACTERS])
        if speech:
            clean_speech(normalised)
        with self.nlp.memory_zone():
            doc = self.nlp(normalised.text)
            cues: list[Cue] = doc.user_data["cues"]
            words: list[str] = doc.user_data["words"]
            sizes = [len(word) + space for word, space in zip(words, doc.user_data["spaces"], strict=True)]
        offsets = list(accumulate(sizes, initial=0))
        return Reading(normalised, cues, offsets, bool(cues) or is_readable(words, self._words))

    def _earlier(self, history: Sequence[Turn], speech: bool) -> list[Cue]:
        """Cues of the window and of what was answered in it, marked as not of this turn."""
        own = [place for place, turn in enumerate(history) if turn.speaker == "help_seeker"][-WINDOW_TURNS:]
        cues: list[Cue] = []
        for place in own:
            cues += self._reread(history[place].text, speech).cues
            cues += self._answered(history[place].text, history[:place], speech)
        return [_remembered(cue) for cue in cues]

    def _answered(self, text: str, history: Sequence[Turn], speech: bool) -> Sequence[Cue]:
        """What a short answer takes over from the counselor's question."""
        asked = last_question(history)
        return self._reanswered(text, tuple(turn.text for turn in asked), speech) if asked else ()

    def _answer(self, text: str, asked: tuple[str, ...], speech: bool) -> tuple[Cue, ...]:
        said = self.normalise(text[:ANSWER_CHARACTERS])
        if speech:
            clean_speech(said)
        turns = [self._reread(each, False) for each in asked]
        questions = [
            Asked(turn.normalised.text, [(cue, turn.offsets[cue.start]) for cue in turn.cues]) for turn in turns
        ]
        return tuple(adopt_answer(said.text, len(split(said.text)[0]), questions))

    def _sum_up(self, reading: Reading, fired: list[Fired], cues: list[Cue]) -> Assessment:
        level = max((item.frame.floor for item in fired), key=lambda floor: floor.rank, default=Level.NONE)
        ordered = sorted(fired, key=lambda item: -item.frame.floor.rank)
        used = {id(cue): cue for item in fired for cue in item.cues}
        doubt = 1.0
        for cue in used.values():
            doubt *= 1.0 - cue.entry.weight
        return Assessment(
            level=level,
            score=round(SCORE_FLOOR[level] + SCORE_ROOM * (1.0 - doubt), 4),
            kinds=_kinds(ordered),
            tags=_tags(ordered, cues),
            act_in_progress=any(item.frame.act and item.frame.floor is Level.IMMINENT for item in fired),
            evidence=tuple(_evidence(reading, ordered)),
            lexicon_version=self.lexicon.version,
        )


def _remembered(cue: Cue) -> Cue:
    return Cue(cue.entry, cue.start, cue.end, cue.polarity, cue.time, cue.world, cue.who, current=False)


def _kinds(ordered: list[Fired]) -> tuple[Kind, ...]:
    """Kinds of the frames from moderate on, of the highest first; if none reaches it, of all."""
    grave = [item for item in ordered if item.frame.floor.rank >= Level.MODERATE.rank] or ordered
    return tuple(dict.fromkeys(kind for item in grave for kind in item.frame.kinds))


def _tags(ordered: list[Fired], cues: list[Cue]) -> tuple[str, ...]:
    tags = [tag for item in ordered for tag in item.frame.tags]
    for cue in cues if tags or ordered else ():
        if cue.world == "real" and cue.polarity == "affirmed" and cue.current:
            tags.extend(cue.entry.tags)
    if any(cue.who == "other" and cue.current for item in ordered for cue in item.cues[:1]):
        tags.append("third_party")
    return tuple(dict.fromkeys(tags))


def _evidence(reading: Reading, ordered: list[Fired]) -> list[Evidence]:
    """Each cue of this turn once, with the gravest frame that it belongs to."""
    found: dict[tuple[int, int, str], Evidence] = {}
    for item in ordered:
        for cue in item.cues:
            if not cue.current:
                continue
            start, end = reading.raw_span(cue)
            composed = len(item.cues) > 1
            found.setdefault(
                (start, end, cue.cue_class),
                Evidence(
                    start,
                    end,
                    cue.cue_class,
                    item.frame.id,
                    f"{cue.entry.why_zh}；{item.frame.why_zh}" if composed else item.frame.why_zh,
                    f"{cue.entry.why_en}; {item.frame.why_en}" if composed else item.frame.why_en,
                ),
            )
    return list(found.values())


@cache
def load() -> Pipeline:
    """The pipeline of the shipped lexicon, loaded once a process."""
    return Pipeline(read())
