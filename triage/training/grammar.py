"""The template grammar: plain statements of every frame, its denials and its past, filled from slots.

The written texts lean towards what is hard to see; the grammar gives what is said outright. `grammar.json`:
for each language slots (name → words) and lines `[LEVEL kinds, how many, template]`.
"""

import json
import random
import re
from collections.abc import Iterator
from importlib.resources import files

from triage.training.labelled import Labelled, read_line

_SLOT = re.compile(r"\{(\w+)\}")
# The same sentences every time; any number would do.
SEED = 20_261


def grammar_texts() -> list[Labelled]:
    """Every language's sentences, no sentence twice."""
    raw = json.loads((files("triage.training") / "grammar.json").read_text(encoding="utf-8"))
    found: dict[str, Labelled] = {}
    for language, part in raw.items():
        for number, (label, count, template) in enumerate(part["say"]):
            chance = random.Random(f"{SEED}/{language}/{number}")  # noqa: S311 - made-up sentences
            for text in _fill(template, part["slots"], count, chance):
                found.setdefault(
                    text, read_line(f"{label} | {text}", language, f"{language}/grammar{number}:0")
                )
    return list(found.values())


def _fill(template: str, slots: dict[str, list[str]], count: int, chance: random.Random) -> Iterator[str]:
    for _ in range(count):
        text = _SLOT.sub(lambda match: chance.choice(slots[match.group(1)]), template)
        yield text.removeprefix(" ")
