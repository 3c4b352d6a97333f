"""Fit the additive model: features of labelled messages → whole-number weights, thresholds, calibration.

A linear support-vector machine per head. Its solver only adds, multiplies and divides, one example after the
other, so the same messages give the same weights on every machine. Thresholds and calibration come from scores
of messages that the scoring model had not seen (folds of blocks, since neighbouring lines are often twins).
Needs scikit-learn (the extra `train`).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from triage.assessment import Kind, Level
from triage.model import (
    ACT_HEAD,
    BUCKETS,
    FEATURES,
    HEADS,
    HELD_LEVELS,
    LEVEL_HEADS,
    TAG_HEADS,
    word_classes_version,
)
from triage.pipeline import Pipeline
from triage.pipeline.features import Features, answered, divisor
from triage.pipeline.lexicon import LANGUAGES
from triage.pipeline.model import Model
from triage.training.labelled import Harmless, Labelled

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# How closely the weights follow the messages; see the model card for what else was tried.
STRICTNESS = 0.02
# How much a message of the plain sample of ordinary life counts, where another counts 1: the fewest alarms are allowed
# on such.
PLAIN_COUNTS = 2.0
FOLDS = 2
# A feature of one or two messages says something of these only.
SEEN_IN = 3
# Largest weight as a whole number, and the largest that is as good as none: a feature that has no larger one is left
# out (an eighth of them; 16 of 9,934 messages changed their level by it, no imminent one was lost).
LARGEST = 127
NEGLIGIBLE = 5
MOST_ROUNDS = 4_000
# How near the solver comes to its end: of the weights themselves, and of the fits that only score unseen messages.
# Stopped that early, scores differ by a thousandth or so, and thresholds are quantiles of thousands.
TOLERANCE = 1e-2
TOLERANCE_UNSEEN = 3e-2
# Level heads that are the mean of several machines: each draws its line through other messages, and where all agree
# fewer are wrong.
JOINED = {
    Level.HIGH: (Level.MODERATE, Level.HIGH, Level.IMMINENT),
    Level.IMMINENT: (Level.HIGH, Level.IMMINENT),
}
# The heads whose "yes" is chosen on unseen messages; the others say yes from 0 on.
WITH_THRESHOLD = (*range(len(LEVEL_HEADS)), HEADS.index(ACT_HEAD))


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights as they are stored, what else the model needs, and the scores of messages when they were unseen."""

    rows: NDArray[np.uint32]
    weights: NDArray[np.int8]
    settings: dict[str, Any]
    unseen: Floats

    def model(self) -> Model:
        """Ready to judge."""
        return Model(self.rows, self.weights, self.settings)


def features_of(pipeline: Pipeline, messages: Sequence[Labelled]) -> list[Features]:
    """As the running system would read them."""
    return [_features(pipeline, message) for message in messages]


def _features(pipeline: Pipeline, message: Labelled) -> Features:
    own = pipeline.features(pipeline.read(message.text))
    if not message.asked:
        return own
    return answered(pipeline.features(pipeline.read(message.asked)), own)


def matrix(features: Sequence[Features]) -> csr_matrix:
    """Messages × buckets; each row's values are counts over what scores are divided by."""
    sizes = [len(item.rows) for item in features]
    values = np.repeat(1.0 / divisor(np.array(sizes)), sizes)
    columns = np.concatenate([item.rows for item in features])
    ends = np.concatenate([[0], np.cumsum(sizes)])
    table = csr_matrix((values, columns, ends), shape=(len(features), BUCKETS))
    table.sum_duplicates()
    return table


def answers(messages: Sequence[Labelled]) -> tuple[Bools, Bools]:
    """For each message and head: what is true, and whether the message teaches that head anything."""
    truth = np.zeros((len(messages), len(HEADS)), dtype=bool)
    counts = np.ones_like(truth)
    for row, message in enumerate(messages):
        grave = message.level.rank >= Level.MODERATE.rank
        told = {ACT_HEAD} if message.act_in_progress else set()
        told |= {level.value for level in LEVEL_HEADS if message.level.rank >= level.rank}
        told |= {kind.value for kind in message.kinds} | message.tags
        for column, head in enumerate(HEADS):
            truth[row, column] = head in told
            if head in TAG_HEADS or head in {kind.value for kind in Kind}:
                counts[row, column] = grave
    return truth, counts


def _fit_heads(
    table: csr_matrix, truth: Bools, counts: Bools, weight: Floats, columns: Sequence[int], tolerance: float
) -> tuple[Floats, Floats]:
    coefficients = np.zeros((len(HEADS), BUCKETS))
    bias = np.full(len(HEADS), -1.0)
    # what no message has is left out, in the same order: the solver walks its weights over and over
    used = np.unique(table.indices)
    narrow = table[:, used]
    for column in columns:
        rows = np.flatnonzero(counts[:, column])
        target = truth[rows, column]
        if target.all() or not target.any():
            continue  # nothing to learn: the head stays silent
        machine = LinearSVC(
            C=STRICTNESS,
            dual=True,
            # heads with a threshold find their line on unseen messages; rare kinds and tags need theirs drawn fairly
            class_weight=None if column in WITH_THRESHOLD else "balanced",
            random_state=0,
            max_iter=MOST_ROUNDS,
            tol=tolerance,
        )
        machine.fit(narrow[rows], target, sample_weight=weight[rows])
        coefficients[column, used] = machine.coef_[0]
        bias[column] = machine.intercept_[0]
    return coefficients, bias


def unseen_scores(
    table: csr_matrix, truth: Bools, counts: Bools, weight: Floats, blocks: Sequence[str]
) -> Floats:
    """Scores of each message by a model that saw neither it nor its block; of the heads that have thresholds."""
    names = list(dict.fromkeys(blocks))
    fold_of = {name: index % FOLDS for index, name in enumerate(names)}
    folds = np.array([fold_of[block] for block in blocks])
    scores = np.zeros(truth.shape)
    for fold in range(FOLDS):
        seen, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        coefficients, bias = _fit_heads(
            table[seen], truth[seen], counts[seen], weight[seen], WITH_THRESHOLD, TOLERANCE_UNSEEN
        )
        scores[held] = table[held] @ coefficients.T + bias
    return scores


def _join(table: Floats, spreads: Floats) -> Floats:
    """Scores or coefficients, one column a head, with the level heads of `JOINED` averaged, each in its own measure."""
    joined = table.copy()
    for level, levels in JOINED.items():
        own, parts = HEADS.index(level.value), [HEADS.index(part.value) for part in levels]
        # a machine that had nothing to learn says the same of all
        if all(spreads[part] > 0 for part in parts):
            shares = [table[..., part] * (spreads[own] / spreads[part]) for part in parts]
            joined[..., own] = sum(shares) / len(parts)
    return joined


def _spreads(scores: Floats) -> Floats:
    """How far each head's scores lie apart; in round figures, so that no machine's last digit matters."""
    found: Floats = np.round(scores.std(axis=0), 2)
    return found


def fit(
    messages: Sequence[Labelled],
    features: Sequence[Features],
    *,
    weights: Sequence[float] | None = None,
    word_classes: str | None = None,
) -> Fitted:
    """Train on all messages; `weights`: how much each counts (1 unless told); `word_classes`: the version of those
    that the features were read with, the shipped ones unless told.
    """
    table = matrix(features)
    rarity = _rarity(table)
    table = table @ diags(rarity)
    table.eliminate_zeros()
    truth, counts = answers(messages)
    weight = np.ones(len(messages)) if weights is None else np.array(weights)
    weight = weight * [PLAIN_COUNTS if message.harmless_as == "plain" else 1.0 for message in messages]
    unseen = unseen_scores(table, truth, counts, weight, [message.block for message in messages])
    coefficients, bias = _fit_heads(table, truth, counts, weight, range(len(HEADS)), TOLERANCE)
    spreads = _spreads(unseen)
    unseen, bias = _join(unseen, spreads), _join(bias, spreads)
    coefficients = _join(coefficients.T, spreads).T * rarity
    scale = np.maximum(np.abs(coefficients).max(axis=1), 1e-6) / LARGEST
    whole = np.rint(coefficients / scale[:, None]).astype(np.int8)
    rows = np.flatnonzero((np.abs(whole) > NEGLIGIBLE).any(axis=0)).astype(np.uint32)
    kept = np.ascontiguousarray(whole[:, rows].T)
    settings: dict[str, Any] = {
        "heads": list(HEADS),
        "buckets": BUCKETS,
        "features": FEATURES,
        "word_classes": word_classes or word_classes_version(),
        "messages": len(messages),
        "scale": [float(f"{value:.6g}") for value in scale],
        "bias": [round(float(value), 4) for value in bias],
        "thresholds": {},
        "asked": {},
        "held": {},
        "calibration": {},
    }
    for language in LANGUAGES:
        own = np.array([message.language == language and not message.asked for message in messages])
        pairs = np.array([message.language == language and bool(message.asked) for message in messages])
        samples = {
            name: unseen[own & ~truth[:, 0] & np.array([message.harmless_as == name for message in messages])]
            for name in FALSE_ALARMS[language]
        }
        evasions = unseen[pairs & np.array([message.harmless_as == "evasion" for message in messages])]
        settings["thresholds"][language] = _thresholds(
            unseen[own], truth[own], samples, FALSE_ALARMS[language]
        )
        settings["asked"][language] = _thresholds_asked(unseen[pairs], truth[pairs], evasions)
        settings["held"][language] = _held(unseen[own], truth[own])
        settings["calibration"][language] = _calibration(unseen[own], truth[own])
    settings["version"] = hashlib.sha256(rows.tobytes() + kept.tobytes()).hexdigest()[:12]
    return Fitted(rows, kept, settings, unseen)


def _rarity(table: csr_matrix) -> Floats:
    """What a feature is multiplied by before a machine sees it: the logarithm of how rare it is, so that a rare word
    costs less weight; nothing where it was seen too seldom. In round figures, so that no machine's last digit matters.
    """
    seen = np.bincount(table.indices, minlength=BUCKETS)
    known = seen >= SEEN_IN
    found = np.zeros(BUCKETS)
    found[known] = np.round(np.log(table.shape[0] / seen[known]), 3)
    return found


# No score reaches this.
SILENT = 100.0
# Of harmless messages, the share that may reach each level: of those written to tempt, and of ordinary life. The
# stricter of both decides. Chosen for the bars of the model card; English needs more alarms for the same recall.
_SHARES = dict[Level, float]
FALSE_ALARMS: dict[str, dict[Harmless, _SHARES]] = {
    "zh": {
        "tempting": {Level.LOW: 0.03, Level.MODERATE: 0.0225, Level.HIGH: 0.045, Level.IMMINENT: 0.03},
        "plain": {Level.LOW: 0.02, Level.MODERATE: 0.0074, Level.HIGH: 0.0068, Level.IMMINENT: 0.0062},
    },
    "en": {
        "tempting": {Level.LOW: 0.03, Level.MODERATE: 0.023, Level.HIGH: 0.10, Level.IMMINENT: 0.05},
        "plain": {Level.LOW: 0.02, Level.MODERATE: 0.0243, Level.HIGH: 0.0067, Level.IMMINENT: 0.0062},
    },
}
# An act in progress goes to the dispatch board without waiting for a person: it has to be clear.
FALSE_ACTS = 0.004


def _thresholds(
    scores: Floats, truth: Bools, samples: dict[Harmless, Floats], allowed: dict[Harmless, _SHARES]
) -> list[float]:
    """For each head the score from which it says yes."""
    found = []
    for column, head in enumerate(HEADS):
        if column < len(LEVEL_HEADS):
            level = LEVEL_HEADS[column]
            least = [
                np.quantile(sample[:, column], 1.0 - allowed[name][level])
                for name, sample in samples.items()
                if len(sample)
            ]
        else:
            others = scores[~truth[:, column], column]
            least = [np.quantile(others, 1.0 - FALSE_ACTS)] if head == ACT_HEAD and len(others) else []
        found.append(round(float(max(least)), 4) if least else 0.0)
    return found


# Of answers that tell of less than moderate danger, the share that may reach each level together with their question:
# of those written, and of ordinary messages put after a question that asks of danger. The stricter of both decides.
FALSE_ANSWERS: _SHARES = {Level.LOW: 0.05, Level.MODERATE: 0.055, Level.HIGH: 0.05, Level.IMMINENT: 0.042}
FALSE_EVASIONS: _SHARES = {Level.LOW: 0.05, Level.MODERATE: 0.04, Level.HIGH: 0.021, Level.IMMINENT: 0.014}


def _thresholds_asked(scores: Floats, truth: Bools, evasions: Floats) -> list[float]:
    """For each level head the score from which it says yes to an answer read with its question."""
    others = scores[~truth[:, LEVEL_HEADS.index(Level.MODERATE)]]
    found = []
    for column, level in enumerate(LEVEL_HEADS):
        least = [
            np.quantile(sample[:, column], 1.0 - allowed[level])
            for sample, allowed in ((others, FALSE_ANSWERS), (evasions, FALSE_EVASIONS))
            if len(sample)
        ]
        found.append(round(float(max(least)), 4) if least else SILENT)
    return found


# Of messages that call for high or above, the share that resembles so little that frames are held (see
# `Opinion.holds_to`).
HELD: _SHARES = {Level.LOW: 0.12, Level.MODERATE: 0.15}


def _held(scores: Floats, truth: Bools) -> dict[str, float]:
    """By level, the score of the head above it below which a doubtable frame counts as that level at most."""
    grave = scores[truth[:, LEVEL_HEADS.index(Level.HIGH)]]
    if not len(grave):
        return {level.value: -SILENT for level in HELD_LEVELS}
    return {
        level.value: round(float(np.quantile(grave[:, LEVEL_HEADS.index(level) + 1], HELD[level])), 4)
        for level in HELD_LEVELS
    }


def _calibration(scores: Floats, truth: Bools) -> list[list[float]]:
    """Slope and offset by which a level head's score becomes a probability (Platt's method, unseen scores)."""
    found = []
    for column in range(len(LEVEL_HEADS)):
        target = truth[:, column]
        if target.all() or not target.any():
            found.append([1.0, 0.0])
            continue
        curve = LogisticRegression(C=1e6).fit(scores[:, [column]], target)
        found.append([round(float(curve.coef_[0, 0]), 3), round(float(curve.intercept_[0]), 3)])
    return found
