"""Longer texts made of the short ones: several harmless messages in one, and a grave one among harmless ones.

Written messages are mostly short, and the grave ones longer than the harmless; without these the model would take
length for danger, and a clause in a long text would drown. Parts come from one block, so that folds stay apart.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from triage.assessment import Level
from triage.training.labelled import Labelled

# The same texts every time; any number would do.
SEED = 7
# Messages joined into one.
FEWEST, MOST = 2, 7
# Texts made of each block: of harmless messages, of low ones, and of a grave one among harmless ones.
HARMLESS, LOW, HIDDEN = 3, 1, 2
JOINTS = {"zh": ("，", "。", " ", "。", "\n"), "en": (". ", " ", ", ", ". ", "\n")}


def longer_texts(messages: Sequence[Labelled]) -> list[Labelled]:
    """New texts of every block that has what they need."""
    blocks: dict[str, list[Labelled]] = defaultdict(list)
    for message in messages:
        if not message.asked:
            blocks[message.block].append(message)
    return [text for block, parts in blocks.items() for text in _of_block(block, parts)]


def _of_block(block: str, parts: Sequence[Labelled]) -> Iterator[Labelled]:
    chance = random.Random(f"{SEED}/{block}")  # noqa: S311 - made-up texts
    harmless = [part for part in parts if part.level is Level.NONE]
    low = [part for part in parts if part.level.rank <= Level.LOW.rank]
    grave = [part for part in parts if part.level.rank >= Level.HIGH.rank and not part.tags]
    if len(harmless) > FEWEST:
        for _ in range(HARMLESS):
            yield _joined(chance, chance.sample(harmless, min(chance.randint(FEWEST, MOST), len(harmless))))
        for hidden in chance.sample(grave, min(HIDDEN, len(grave))):
            around = chance.sample(harmless, FEWEST)
            around.insert(chance.randint(0, FEWEST), hidden)
            yield _joined(chance, around)
    if len(low) > len(harmless) + 1:
        for _ in range(LOW):
            yield _joined(chance, chance.sample(low, min(chance.randint(FEWEST, MOST), len(low))))


def _joined(chance: random.Random, parts: Sequence[Labelled]) -> Labelled:
    """One text, as grave as the gravest part."""
    gravest = max(parts, key=lambda part: part.level.rank)
    joint = chance.choice(JOINTS[gravest.language])
    return replace(gravest, text=joint.join(part.text.rstrip("。.") for part in parts))
