"""One message through the whole pipeline."""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import cast

import numpy as np
import spacy
from numpy.typing import NDArray

from triage.assessment import Assessment, Level, Turn, unassessed
from triage.languages import language_of
from triage.model import read_word_classes, shipped_folder
from triage.pipeline import context as _context  # registers the component
from triage.pipeline.answers import (
    LONGEST_ANSWER,
    Asked,
    adopt_answer,
    as_answered,
    is_bare_answer,
    is_denial,
    is_hum,
    is_known_answer,
    last_question,
    may_ask,
)
from triage.pipeline.collector import collector_paused
from triage.pipeline.cues import Cue, CueMatcher
from triage.pipeline.features import FeatureReader, Features, no_features
from triage.pipeline.frames import FrameTable
from triage.pipeline.language import is_readable
from triage.pipeline.lexicon import Lexicon, read
from triage.pipeline.model import NO_OPINION, Model, Opinion, read_model
from triage.pipeline.normalise import Normaliser
from triage.pipeline.reading import Reading
from triage.pipeline.speech import begun_before, clean_speech, doubted, only_now
from triage.pipeline.spelling import Speller, Spelling, read_spelling
from triage.pipeline.tokenizer import split
from triage.pipeline.verdict import asked, level_of, reconsidered, sum_up

# A chat message may hold 4,000 characters; whatever is longer is read this far and the rest left unread.
MOST_CHARACTERS = 8_000
# An answer stands at the beginning of a turn.
ANSWER_CHARACTERS = 200
# What a counselor said is read from its end.
ASKED_CHARACTERS = 240
# Earlier help-seeker turns whose cues may complete a frame.
WINDOW_TURNS = 5
# Turns before this one that the model reads together with it, while they are short: people say it in pieces.
TURNS_TOGETHER = 4
TOGETHER_CHARACTERS = 400
TOKENS_TOGETHER = 120
# Of fewer tokens than these the model can tell nothing: two Chinese words are four characters. Of few that were heard
# some may be misheard.
FEW_WRITTEN = {"en": 3, "zh": 4}
FEW_HEARD = 5
TIMES = frozenset({"time_now", "time_soon", "time_later"})
NOTHING: NDArray[np.float64] = np.zeros(0)
# The first plane of GB 2312: the 3,755 commonest Chinese characters.
COMMON_CHARACTERS = bytes(
    byte for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF) for byte in (row, cell)
).decode("gb2312", "ignore")
CONFIG = {"nlp": {"tokenizer": {"@tokenizers": "triage.mixed_tokenizer.v1"}}}


class Pipeline:
    """Loaded once; then one call a message. Not for several threads at once."""

    def __init__(
        self,
        lexicon: Lexicon,
        model: Model | None,
        word_classes: Sequence[Sequence[str]] = (),
        spelling: Spelling | None = None,
    ) -> None:
        """Without a model only the rules speak; `word_classes` are those that it was learnt with; without
        `spelling` messages are read as they were written, as it learnt from them.
        """
        self.lexicon = lexicon
        self._adopt(model)
        self.nlp = spacy.blank("xx", config=CONFIG)
        matcher = cast("CueMatcher", self.nlp.add_pipe("triage_cues"))
        self.nlp.add_pipe(_context.NAME)
        # only spellings are compared: shapes, prefixes and the like of every new word would cost a third
        self.nlp.vocab.lex_attr_getters = {}  # type: ignore[attr-defined]
        # common words stay known; others are made for a message and forgotten with it
        for word in sorted(matcher.words | lexicon.everyday | set(COMMON_CHARACTERS)):
            self.nlp.vocab[word]
        self._words = matcher.vocabulary | lexicon.everyday
        speller = Speller(spelling, self._words | lexicon.respellings.kept) if spelling else None
        self.normalise = Normaliser(self._words, lexicon.respellings, speller)
        self._frames = FrameTable(lexicon.frames)
        self._features = FeatureReader(lexicon.alike, word_classes)
        # Earlier turns come again with every message; their reading is kept for a while.
        self._reread = lru_cache(maxsize=512)(self.read)
        self._refeatured = lru_cache(maxsize=512)(self._features_again)
        self._reanswered = lru_cache(maxsize=512)(self._answer)

    def using(self, model: Model) -> "Pipeline":
        """The same rules with another model."""
        other = copy(self)
        other._adopt(model)
        return other

    def _adopt(self, model: Model | None) -> None:
        self.model = model
        self.version = f"{self.lexicon.version}+{model.version}" if model else self.lexicon.version

    def assess(self, text: str, history: Sequence[Turn] = (), *, speech: bool = False) -> Assessment:
        """Level, reasons and tags of one help-seeker turn."""
        begun = begun_before(text, history) if speech else ""
        reading = self.read(text, speech, begun)
        answered = self._answered(text, history, speech)
        if not reading.readable and not answered:
            return unassessed(self.version)
        cues = [*_own(reading, history), *answered, *self._earlier(history, speech)]
        fired = self._frames.fire(cues)
        if speech and not answered:
            fired = doubted(fired)
        language = "en" if language_of(reading.normalised.text) == "en" else "zh"
        opinion, shares = NO_OPINION, NOTHING
        if self.model is not None:
            features = self.features(reading)
            # a segment that this one goes on from is read with it already
            earlier = self._earlier_features(history[:-1] if begun else history, features.length, speech)
            if not is_bare_answer(reading.normalised.text, history):
                enough = len(reading.words) >= (FEW_HEARD if speech else FEW_WRITTEN[language])
                opinion, shares = _opinion(self.model, features, earlier, language, enough=enough)
            opinion, shares = self._by_question(
                self.model, text, history, features, earlier, (opinion, shares), language
            )
        return sum_up(reading, fired, cues, opinion, shares, self.version)

    def _by_question(
        self,
        model: Model,
        text: str,
        history: Sequence[Turn],
        answer: Features,
        earlier: Sequence[Features],
        found: tuple[Opinion, NDArray[np.float64]],
        language: str,
    ) -> tuple[Opinion, NDArray[np.float64]]:
        """The opinion of this turn read with the counselor's question, and the turns before, where it is graver."""
        text = self.normalise(as_answered(text[:ANSWER_CHARACTERS])).text
        turns = last_question(history, is_hum(text)) if len(text) <= LONGEST_ANSWER else []
        question = "\n".join(turn.text for turn in turns)[-ASKED_CHARACTERS:]
        if not answer.length or not may_ask(question) or is_known_answer(text, question.lower()):
            return found
        opinion, shares = _by_its_question(
            model, self._refeatured(question, False), answer, earlier, language
        )
        if opinion.level.rank <= found[0].level.rank:
            return found
        return replace(opinion, holds_to=found[0].holds_to), shares

    def _earlier_features(self, history: Sequence[Turn], length: int, speech: bool) -> list[Features]:
        """Of the help-seeker's last turns, the oldest first, as far back as they are short."""
        found: list[Features] = []
        for turn in reversed(history):
            if turn.speaker != "help_seeker":
                continue
            if len(turn.text) > TOGETHER_CHARACTERS or len(found) == TURNS_TOGETHER:
                break
            features = self._refeatured(turn.text, speech)
            length += features.length
            if length > TOKENS_TOGETHER:
                break
            if features.length:
                found.insert(0, features)
        return found

    def _features_again(self, text: str, speech: bool) -> Features:
        return self.features(self._reread(text, speech))

    def level_with(self, text: str, opinion: Opinion) -> Level:
        """The level of a single written message, were this the model's opinion."""
        reading = self.read(text)
        fired = self._frames.fire(reading.cues)
        opinion = asked(fired, reading, opinion)
        return level_of(reconsidered(fired, reading, opinion), opinion)

    def features(self, reading: Reading) -> Features:
        """What the additive model looks at."""
        return self._features(reading)

    def words(self, text: str) -> list[str]:
        """A written message as the tokenizer cuts it."""
        return split(self.normalise(text[:MOST_CHARACTERS]).text)[0]

    def tokens(self, words: Sequence[str]) -> list[str]:
        """What the additive model looks at of such words, idioms as their words."""
        return self._features.tokens(words, ())[0]

    def read(self, text: str, speech: bool = False, before: str = "") -> Reading:
        """The cues of one text, as they are meant; `before`: what it goes on from, read with it."""
        normalised = self.normalise((before + text)[:MOST_CHARACTERS])
        if speech:
            clean_speech(normalised)
        with self.nlp.memory_zone():
            doc = self.nlp(normalised.text)
            cues: list[Cue] = doc.user_data["cues"]
            words: list[str] = doc.user_data["words"]
            sizes = [len(word) + space for word, space in zip(words, doc.user_data["spaces"], strict=True)]
            idioms: list[tuple[int, int]] = doc.user_data["idioms"]
            marks: list[Cue] = doc.user_data["marks"]
        offsets = list(accumulate(sizes, initial=0))
        if before:
            cues = only_now(normalised, cues, offsets, len(before))
        readable = bool(cues) or is_readable(words, self._words)
        return Reading(normalised, words, cues, idioms, marks, offsets, readable)

    def _earlier(self, history: Sequence[Turn], speech: bool) -> list[Cue]:
        """Cues of the window and of what was answered in it, marked as not of this turn."""
        own = [place for place, turn in enumerate(history) if turn.speaker == "help_seeker"][-WINDOW_TURNS:]
        cues: list[Cue] = []
        for place in own:
            cues += _own(self._reread(history[place].text, speech), history[:place])
            cues += self._answered(history[place].text, history[:place], speech)
        return [_remembered(cue) for cue in cues]

    def _answered(self, text: str, history: Sequence[Turn], speech: bool) -> Sequence[Cue]:
        """What a short answer takes over from the counselor's question."""
        asked = last_question(history, is_hum(text))
        return self._reanswered(text, tuple(turn.text for turn in asked), speech) if asked else ()

    def _answer(self, text: str, asked: tuple[str, ...], speech: bool) -> tuple[Cue, ...]:
        said = self.normalise(as_answered(text[:ANSWER_CHARACTERS]))
        if speech:
            clean_speech(said)
        turns = [self._reread(each, False) for each in asked]
        questions = [
            Asked(turn.normalised.text, [(cue, turn.offsets[cue.start]) for cue in turn.cues])
            for turn in turns
        ]
        return tuple(adopt_answer(said.text, len(split(said.text)[0]), questions))


def _opinion(
    model: Model, features: Features, earlier: Sequence[Features], language: str, *, enough: bool
) -> tuple[Opinion, NDArray[np.float64]]:
    """Of this turn, if it has `enough` words, or of the last turns together where that is graver; and what each token
    adds.
    """
    opinion, shares = NO_OPINION, NOTHING
    if enough:
        opinion = model.judge(features, language)
        shares = model.shares(features, opinion)
    if earlier and features.length and opinion.level is not Level.IMMINENT:
        wider, added = model.judge_together([*earlier, features], language)
        # this turn must add to it: nothing rises again for an "ok" after what was said before
        adds = wider.level.rank > opinion.level.rank and added.sum() > 0
        if adds and wider.level.rank > _reached(model, earlier, language).rank:
            # dull turns before must not cast doubt on what is said now
            least = max(opinion.holds_to, wider.holds_to, key=lambda level: level.rank)
            return replace(wider, holds_to=least), added
    return opinion, shares


def _by_its_question(
    model: Model, question: Features, answer: Features, earlier: Sequence[Features], language: str
) -> tuple[Opinion, NDArray[np.float64]]:
    """Of an answer and its question, or of both after the turns before where that is graver.

    The answer must add to it: neither a grave question nor what was said before raises anything again.
    """
    opinion, shares = model.judge_answer(question, answer, (), language)
    if shares.sum() <= 0:
        opinion, shares = NO_OPINION, NOTHING
    if earlier and opinion.level is not Level.IMMINENT:
        wider, added = model.judge_answer(question, answer, earlier, language)
        if wider.level.rank > opinion.level.rank and added.sum() > 0:
            unanswered, _ = model.judge_answer(question, no_features(), earlier, language)
            if wider.level.rank > max(unanswered.level.rank, _reached(model, earlier, language).rank):
                return wider, added
    return opinion, shares


def _reached(model: Model, turns: Sequence[Features], language: str) -> Level:
    """What these turns had reached when they were said."""
    if len(turns) == 1:
        return model.judge(turns[0], language).level
    return model.judge_together(turns, language)[0].level


def _own(reading: Reading, history: Sequence[Turn]) -> list[Cue]:
    """The cues of a turn, without the time that it denies."""
    timed = any(cue.cue_class in TIMES for cue in reading.cues)
    if timed and is_denial(reading.normalised.text, history):
        return [cue for cue in reading.cues if cue.cue_class not in TIMES]
    return reading.cues


def _remembered(cue: Cue) -> Cue:
    return Cue(cue.entry, cue.start, cue.end, cue.polarity, cue.time, cue.world, cue.who, current=False)


@cache
def load(folder: Path | None = None) -> Pipeline:
    """The pipeline, loaded once a process; `folder`: an operator's own model instead of the shipped one.

    Raises `ModelError` for a folder that holds no model of this version.
    """
    if folder is None:
        with collector_paused():
            return Pipeline(read(), read_model(shipped_folder()), read_word_classes(), read_spelling())
    return load().using(read_model(folder))
