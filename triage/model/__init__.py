"""The additive model that comes with the package: weights, thresholds, word classes, and its card (README.md).

Also what every other model's folder must hold: an operator's own, made by `python -m triage train`.
"""

import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from triage.assessment import Kind, Level

WEIGHTS = "weights.npz"
SETTINGS = "model.json"
# One class a line, its words (of Chinese, pairs of characters) by blanks; the package's own, for every model.
WORD_CLASSES = "word_classes.txt"
# What stands beside what in the project's messages, for repairs of spelling; the package's own, for every model.
SPELLING = "spelling.npz"
# Heads, in the order of the columns: is it at least this level, is something being done, what is it about, who.
LEVEL_HEADS = (Level.LOW, Level.MODERATE, Level.HIGH, Level.IMMINENT)
# To what an ambiguous frame may be held where the text as a whole is no graver, the lowest first.
HELD_LEVELS = (Level.LOW, Level.MODERATE)
ACT_HEAD = "act_in_progress"
TAG_HEADS = ("third_party", "minor")
HEADS = (*(level.value for level in LEVEL_HEADS), ACT_HEAD, *(kind.value for kind in Kind), *TAG_HEADS)
# What features are hashed into: a power of two, several times as many as features that training sees, so that few
# share one.
BUCKETS = 1 << 22
# What the features are made of; a model learnt from others would read noise.
FEATURES = 4


class ModelError(ValueError):
    """A model that cannot be used; one sentence says which folder and why."""


def shipped_folder() -> Traversable:
    """Where the package's own model lies."""
    return files("triage") / "model"


def read_word_classes() -> list[list[str]]:
    """Words that are used alike, for `FeatureReader`."""
    return [line.split() for line in _word_classes_text().splitlines()]


def word_classes_text(classes: Sequence[Sequence[str]]) -> str:
    """As they are stored."""
    return "".join(" ".join(members) + "\n" for members in classes)


def word_classes_version(text: str | None = None) -> str:
    """Changes when any class does; of the package's own unless told."""
    return hashlib.sha256((_word_classes_text() if text is None else text).encode()).hexdigest()[:12]


def _word_classes_text() -> str:
    return (shipped_folder() / WORD_CLASSES).read_text(encoding="utf-8")


def read_settings(folder: Path | Traversable) -> dict[str, Any]:
    """The settings of a model, checked; cheap, so that a wrong folder is found before anything is loaded."""
    try:
        settings: Any = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"no triage model in {folder}: {type(error).__name__} at {SETTINGS}") from None
    if not isinstance(settings, dict) or not (folder / WEIGHTS).is_file():
        raise ModelError(f"no triage model in {folder}: {SETTINGS} or {WEIGHTS} is missing or empty")
    made_for = tuple(settings.get(name) for name in ("heads", "buckets", "features", "word_classes"))
    if made_for != (list(HEADS), BUCKETS, FEATURES, word_classes_version()):
        raise ModelError(f"the triage model in {folder} was trained for another version: train it again")
    found: dict[str, Any] = settings
    return found
