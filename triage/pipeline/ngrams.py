"""How often words, or Chinese characters, stand beside each other in the project's own messages.

Counted by `triage/training/spelling.py`; what is seen seldom is not kept. Logarithms of shares, all at once for
whole arrays of units.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]

# What stands before a text, what parts one (punctuation, the other language, the end), and what is in no message.
START, BREAK, UNKNOWN = "<s>", "|", ""
# Units are packed into one number, so many bits each.
BITS = 16
# How much a unit's own share counts beside that of the pair, and how many sightings make a pair trusted with a triple.
ALONE = 0.2
TRUST = 4.0
TRUSTED = 0.85


def packed(*units: Ids) -> Ids:
    """Two or three units as one number."""
    key = units[0]
    for unit in units[1:]:
        key = (key << BITS) | unit
    return key


@dataclass(frozen=True, slots=True)
class Counts:
    """Sorted packed units, and how often each was seen."""

    keys: Ids
    seen: NDArray[np.uint32]

    def of(self, keys: Ids) -> Floats:
        """Nothing for what is not kept."""
        if not len(self.keys):
            return np.zeros(keys.shape)
        at = self.keys.searchsorted(keys)
        at[at == len(self.keys)] = 0
        found: Floats = self.seen[at] * (self.keys[at] == keys)
        return found


@dataclass(frozen=True, slots=True)
class Ngrams:
    """Units by number (0 is what is unknown), and how often each stood alone, in pairs and in threes."""

    units: Sequence[str]
    seen: NDArray[np.uint32]
    pairs: Counts
    triples: Counts
    total: int = field(init=False)
    number_of: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """Look-ups that follow from the rest."""
        object.__setattr__(self, "total", max(int(self.seen.sum(dtype=np.int64)), 1))
        object.__setattr__(self, "number_of", {unit: number for number, unit in enumerate(self.units)})

    def often(self, unit: str) -> int:
        """How often a unit was seen."""
        return int(self.seen[self.number_of.get(unit, 0)])

    def numbers(self, units: Sequence[str]) -> Ids:
        """Each unit's number."""
        return np.array([self.number_of.get(unit, 0) for unit in units], dtype=np.int64)

    def share(self, unit: Ids) -> Floats:
        """Of all units; half a sighting for the unknown."""
        found: Floats = (self.seen[unit] + 0.5) / self.total
        return found

    def after(self, before: Ids, unit: Ids) -> Floats:
        """How likely `unit` is after `before`."""
        found: Floats = (1 - ALONE) * self.pairs.of(packed(before, unit)) / np.maximum(self.seen[before], 1)
        return found + ALONE * self.share(unit)

    def after_two(self, first: Ids, second: Ids, unit: Ids) -> Floats:
        """How likely `unit` is after two others: as after the second where the two were seldom seen together."""
        pair = self.pairs.of(packed(first, second))
        # the share after both, as far as they were seen together, and of the rest the share after the second
        trusted = TRUSTED / (pair + TRUST)
        found: Floats = trusted * self.triples.of(packed(first, second, unit))
        return found + (1 - trusted * pair) * self.after(second, unit)
