"""Which words are used alike: classes learnt from the project's messages, so that what is known of "pills" helps with
"capsules".

Exchange clustering: each unit goes to the class by which its neighbours are foretold best, one unit after the other,
until few move (Martin, Liermann and Ney 1998; in the one-sided form of Uszkoreit and Brants 2008). It counts in whole
numbers, so the same messages give the same classes on every machine. Labels play no part.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from triage.pipeline.features import is_pair, units_of

# Of words, and of pairs of Chinese characters: how many classes, and how often a unit is seen at least.
WORD_CLASSES, WORD_SEEN = 300, 3
PAIR_CLASSES, PAIR_SEEN = 400, 8
ROUNDS = 5
# The share of units below which too few move for another round.
FEW_MOVE = 0.01
# Whole numbers stand for so many parts of one.
PARTS = 1024
EDGE = ""


def word_classes(texts: Sequence[Sequence[str]]) -> list[list[str]]:
    """Classes of units, the most frequent of each first; `texts`: of each message the tokens that the model sees."""
    read = [(tokens, units_of(tokens)) for tokens in texts]
    seen = Counter(unit for _, units in read for unit in units)
    known = [unit for unit, _ in sorted(seen.items(), key=lambda item: (-item[1], item[0]))]
    words = [unit for unit in known if not is_pair(unit) and seen[unit] >= WORD_SEEN]
    pairs = [unit for unit in known if is_pair(unit) and seen[unit] >= PAIR_SEEN]
    found = []
    for members, most in ((words, WORD_CLASSES), (pairs, PAIR_CLASSES)):
        classes: dict[int, list[str]] = {}
        for unit, number in zip(members, _exchange(_neighbours(read, members), most).tolist(), strict=True):
            classes.setdefault(number, []).append(unit)
        found += list(classes.values())
    return found


def _neighbours(read: Sequence[tuple[Sequence[str], Sequence[str]]], members: Sequence[str]) -> csr_matrix:
    """How often each unit (rows) has each neighbour (columns): the token before and after, of a pair also the pairs."""
    rows_of = {unit: row for row, unit in enumerate(members)}
    columns_of: dict[tuple[int, str], int] = {}
    rows, columns = [], []
    for tokens, units in read:
        padded, around = [EDGE, *tokens, EDGE, EDGE], [EDGE, EDGE, *units, EDGE, EDGE]
        for at, unit in enumerate(units):
            row = rows_of.get(unit)
            if row is None:
                continue
            beside = [(0, padded[at]), (1, padded[at + 2])]
            if is_pair(unit):
                beside = [(0, padded[at]), (1, padded[at + 3]), (2, around[at]), (3, around[at + 4])]
            rows += [row] * len(beside)
            columns += [columns_of.setdefault(item, len(columns_of)) for item in beside]
    ones = np.ones(len(rows), dtype=np.int64)
    table = csr_matrix((ones, (rows, columns)), shape=(len(members), len(columns_of)), dtype=np.int64)
    table.sum_duplicates()
    return table


def _exchange(table: csr_matrix, classes: int) -> NDArray[np.int64]:
    """The class of each row."""
    units = table.shape[0]
    classes = min(classes, units)
    own = np.arange(units, dtype=np.int64) % max(classes, 1)
    ends, neighbours, counts = table.indptr, table.indices, table.data
    together = np.zeros((table.shape[1], classes), dtype=np.int32)
    for unit in range(units):
        here = slice(ends[unit], ends[unit + 1])
        together[neighbours[here], own[unit]] += counts[here].astype(np.int32)
    sizes = together.sum(axis=0, dtype=np.int64)
    worth = _worth(int(counts.sum()) + 1)
    for _ in range(ROUNDS):
        moved = 0
        for unit in range(units):
            here = slice(ends[unit], ends[unit + 1])
            beside, often = neighbours[here], counts[here].astype(np.int32)
            all_of_it = int(often.sum())
            together[beside, own[unit]] -= often
            sizes[own[unit]] -= all_of_it
            there = together[beside]
            gain = (worth[there + often[:, None]] - worth[there]).sum(axis=0)
            gain -= worth[sizes + all_of_it] - worth[sizes]
            best = int(gain.argmax())
            moved += best != own[unit]
            own[unit] = best
            together[beside, best] += often
            sizes[best] += all_of_it
        if moved < FEW_MOVE * units:
            break
    return own


def _worth(most: int) -> NDArray[np.int64]:
    """x·log(x) of the numbers below `most`, in whole parts."""
    numbers = np.arange(most, dtype=np.float64)
    numbers[0] = 1.0
    found: NDArray[np.int64] = np.rint(numbers * np.log(numbers) * PARTS).astype(np.int64)
    return found
