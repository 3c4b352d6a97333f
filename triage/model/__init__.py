"""The additive model that comes with the package: weights, thresholds, and its card (README.md).

Also what every other model's folder must hold: an operator's own, made by `python -m triage train`.
"""

import json
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from triage.assessment import Kind, Level

WEIGHTS = "weights.npz"
SETTINGS = "model.json"
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
FEATURES = 3


class ModelError(ValueError):
    """A model that cannot be used; one sentence says which folder and why."""


def shipped_folder() -> Traversable:
    """Where the package's own model lies."""
    return files("triage") / "model"


def read_settings(folder: Path | Traversable) -> dict[str, Any]:
    """The settings of a model, checked; cheap, so that a wrong folder is found before anything is loaded."""
    try:
        settings: Any = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"no triage model in {folder}: {type(error).__name__} at {SETTINGS}") from None
    if not isinstance(settings, dict) or not (folder / WEIGHTS).is_file():
        raise ModelError(f"no triage model in {folder}: {SETTINGS} or {WEIGHTS} is missing or empty")
    made_for = (settings.get("heads"), settings.get("buckets"), settings.get("features"))
    if made_for != (list(HEADS), BUCKETS, FEATURES):
        raise ModelError(f"the triage model in {folder} was trained for another version: train it again")
    found: dict[str, Any] = settings
    return found
