"""The additive model: how much a text resembles messages of each level, word by word.

A score is the sum of the weights of the text's features over (mostly) the root of their number, plus a bias; so every
word's share can be shown. Weights are whole numbers, so the sums are the same on every machine. Rules set floors and
the model may set a higher one; a rule that harmless talk may fill counts less where the model finds nothing grave at
all (`holds_to`). `triage/model/README.md` says what it learnt from and how well it does; `triage/training/` makes it.

A long text is also read sentence by sentence, so that one is not drowned by a page around it; and the last turns
of a conversation as one text, since people say it in pieces.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from triage.assessment import Kind, Level
from triage.model import (
    ACT_HEAD,
    HEADS,
    HELD_LEVELS,
    LEVEL_HEADS,
    TAG_HEADS,
    WEIGHTS,
    ModelError,
    read_settings,
)
from triage.pipeline.features import Features, answered, divisor, together

# A sentence has to be so much surer than a whole text: a long text has many, and one may look grave by chance.
WINDOW_DOUBT = 0.5


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model says of a text; `margins` are distances above each head's threshold, `window` its tokens."""

    level: Level
    probability: float
    act_in_progress: bool
    kinds: tuple[Kind, ...]
    tags: tuple[str, ...]
    window: tuple[int, int]
    holds_to: Level
    """What a doubtable frame in the text can reach at most: low where no part of it resembles anything grave, moderate
    where none resembles high danger, imminent otherwise."""
    with_earlier: bool = False
    """Of the last turns read together; `window` is the last one."""
    with_question: bool = False
    """Of an answer read with the counselor's question; `window` is the answer."""


NO_OPINION = Opinion(Level.NONE, 0.0, False, (), (), (0, 0), Level.IMMINENT)


class Model:
    """Weights, biases and thresholds; loaded once a process."""

    def __init__(self, rows: NDArray[np.uint32], weights: NDArray[np.int8], settings: dict[str, Any]) -> None:
        self.version: str = settings["version"]
        # Sorted; as they were stored, since a copy of either is large.
        self._rows, self._weights = rows, weights
        self._scale = np.array(settings["scale"])
        self._bias = np.array(settings["bias"])
        self._thresholds = {lang: np.array(row) for lang, row in settings["thresholds"].items()}
        self._asked = {lang: np.array(row) for lang, row in settings["asked"].items()}
        self._held: dict[str, dict[str, float]] = settings["held"]
        self._slopes = {lang: np.array(row) for lang, row in settings["calibration"].items()}

    def scores(self, features: Features, spans: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """Scores of each span of tokens (rows) and head (columns); of the windows unless told."""
        spans = features.windows if spans is None else spans
        sums = np.zeros((len(features.rows) + 1, len(HEADS)), dtype=np.int32)
        np.cumsum(self._weights_of(features.rows), axis=0, dtype=np.int32, out=sums[1:])
        left = np.searchsorted(features.tokens, spans[:, 0])
        right = np.searchsorted(features.tokens, spans[:, 1])
        scores: NDArray[np.float64] = (sums[right] - sums[left]) / divisor(right - left)[:, None]
        weighed: NDArray[np.float64] = scores * self._scale + self._bias
        return weighed

    def _weights_of(self, rows: NDArray[np.int64]) -> NDArray[np.int8]:
        sought = rows.astype(self._rows.dtype)
        at = np.minimum(np.searchsorted(self._rows, sought), len(self._rows) - 1)
        found: NDArray[np.int8] = self._weights[at]
        found[self._rows[at] != sought] = 0
        return found

    def judge(self, features: Features, language: str) -> Opinion:
        """The level that the most alarming window reaches."""
        if not features.length:
            return NO_OPINION
        scores = self.scores(features, np.concatenate([features.windows, features.sentences]))
        whole = len(features.windows)
        opinion = self.opinion(scores[:whole], features.windows, language)
        # one grave sentence among dull ones is enough for its rules to stand, if surer than a whole text has to be
        scores[whole:] -= WINDOW_DOUBT
        return replace(opinion, holds_to=self._holds_to(scores, language))

    def judge_together(self, turns: Sequence[Features], language: str) -> tuple[Opinion, NDArray[np.float64]]:
        """What the turns say as one text, and what each token of the last adds to that."""
        whole = together(turns)
        opinion = self.opinion(self.scores(whole), whole.windows, language)
        shares = self.shares(whole, opinion)[whole.length - turns[-1].length :]
        return replace(opinion, window=(0, turns[-1].length), with_earlier=True), shares

    def judge_answer(
        self, question: Features, answer: Features, earlier: Sequence[Features], language: str
    ) -> tuple[Opinion, NDArray[np.float64]]:
        """What an answer says by what was asked, after `earlier` turns if any, and what each of its tokens adds."""
        whole = together([*earlier, answered(question, answer)])
        scores = self.scores(whole)
        # the levels have thresholds of their own here
        scores[:, : len(LEVEL_HEADS)] += (
            self._thresholds[language][: len(LEVEL_HEADS)] - self._asked[language]
        )
        opinion = self.opinion(scores, whole.windows, language)
        shares = self.shares(whole, opinion)[whole.length - answer.length :]
        return replace(
            opinion, window=(0, answer.length), with_question=True, with_earlier=bool(earlier)
        ), shares

    def opinion(self, scores: NDArray[np.float64], spans: NDArray[np.int64], language: str) -> Opinion:
        """What scores of windows mean."""
        margins = scores - self._thresholds[language]
        margins[1:] -= WINDOW_DOUBT
        reached = margins[:, : len(LEVEL_HEADS)] >= 0
        ranks = np.where(reached.any(axis=1), len(LEVEL_HEADS) - reached[:, ::-1].argmax(axis=1), 0)
        window = int(np.lexsort((margins[:, len(LEVEL_HEADS) - 1], ranks))[-1])
        rank = int(ranks[window])
        level = Level.from_rank(rank)
        flags = dict(zip(HEADS, margins[window] >= 0, strict=True))
        danger = rank >= Level.MODERATE.rank
        head = max(rank, 1) - 1
        slope, offset = self._slopes[language][head]
        return Opinion(
            level=level,
            probability=float(1.0 / (1.0 + np.exp(-(slope * scores[window, head] + offset)))),
            act_in_progress=level is Level.IMMINENT and bool(flags[ACT_HEAD]),
            kinds=self._kinds(margins[window]) if danger else (),
            tags=tuple(tag for tag in TAG_HEADS if danger and flags[tag]),
            window=(int(spans[window, 0]), int(spans[window, 1])),
            holds_to=self._holds_to(scores, language),
        )

    def _holds_to(self, scores: NDArray[np.float64], language: str) -> Level:
        """See `Opinion.holds_to`; each level by the gravest score of the head above it."""
        for level in HELD_LEVELS:
            if (
                scores[:, LEVEL_HEADS.index(Level.from_rank(level.rank + 1))].max()
                < self._held[language][level.value]
            ):
                return level
        return Level.IMMINENT

    def _kinds(self, margins: NDArray[np.float64]) -> tuple[Kind, ...]:
        """Every kind whose head says so, strongest first; the strongest if none does."""
        first = HEADS.index(next(iter(Kind)).value)
        found = margins[first : first + len(Kind)]
        order = [int(index) for index in np.argsort(-found)]
        kinds = tuple(Kind)
        return tuple(kinds[index] for index in order if found[index] >= 0) or (kinds[order[0]],)

    def shares(self, features: Features, opinion: Opinion) -> NDArray[np.float64]:
        """What each token adds to the score of the opinion's level; it and the bias sum up to the score."""
        head = max(opinion.level.rank, 1) - 1
        start, end = opinion.window
        left, right = np.searchsorted(features.tokens, (start, end))
        weights = self._weights_of(features.rows[left:right])[:, head] * self._scale[head]
        shares: NDArray[np.float64] = np.bincount(
            features.tokens[left:right], weights / divisor(np.array(right - left)), minlength=features.length
        ).astype(np.float64)
        return shares


def read_model(folder: Path | Traversable) -> Model:
    """The model in a folder; raises `ModelError` with a sentence."""
    settings = read_settings(folder)
    try:
        with (folder / WEIGHTS).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            rows, weights = arrays["rows"], arrays["weights"]
            if not len(rows) or weights.shape != (len(rows), len(HEADS)):
                raise ValueError
            return Model(rows, weights, settings)
    except (OSError, EOFError, KeyError, ValueError, IndexError, BadZipFile) as error:
        raise ModelError(f"the triage model in {folder} cannot be read: {type(error).__name__}") from None
