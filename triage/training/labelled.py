"""Labelled messages: the project's own texts, and operators' files.

The project's texts (`texts/<lang>/*.txt`) hold one message a line, `LEVEL kinds | text`:

| letter | level |
|---|---|
| `A` | imminent, and something is being done |
| `I`, `H`, `M`, `L`, `N` | imminent, high, moderate, low, none |

An answer to a counselor's question is written `question => answer`.

`kinds` is a comma list, `-` for none, with `+third` where somebody else tells it and `+minor` where a child is at
risk. An operator's file is JSON lines as `./scripts/evaluate-triage` reads them: `text`, `level`, and if known
`lang`, `kinds`, `tags`, `act_in_progress`, and `asked`: the counselor's words that the text answers.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from triage.assessment import ASSESSED_LEVELS, Kind, Level
from triage.pipeline.lexicon import LANGUAGES

LETTERS = {
    "N": Level.NONE,
    "L": Level.LOW,
    "M": Level.MODERATE,
    "H": Level.HIGH,
    "I": Level.IMMINENT,
    "A": Level.IMMINENT,
}
TAGS = {"third": "third_party", "minor": "minor"}
# Stands between a counselor's words and the answer.
ANSWERS = " => "
# Neighbouring lines are often twins; a block of lines is kept on one side of any split.
BLOCK = 25


class LabelError(ValueError):
    """A line that is no labelled message; names the file and the line, never the words."""


# Which sample of harmless messages one belongs to, if to any: thresholds are chosen on these.
Harmless = Literal["", "tempting", "plain", "evasion"]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One message with what a careful supervisor would say of it; `block` names lines that belong together."""

    text: str
    language: str
    level: Level
    act_in_progress: bool
    kinds: frozenset[Kind]
    tags: frozenset[str]
    block: str
    harmless_as: Harmless = ""
    asked: str = ""
    """The counselor's words that the text answers; its level is that of both."""


# The project's harmless messages without dangerous twins: written to tempt, or a plain sample of ordinary life.
HARMLESS_AS: dict[str, Harmless] = {
    "harmless_traps.txt": "tempting",
    "harmless_again.txt": "tempting",
    "everyday_low_moderate.txt": "tempting",
    "everyday_more.txt": "tempting",
    "typical_harmless.txt": "tempting",
    "sms_students.txt": "plain",
    "sms_families.txt": "plain",
    "sms_work.txt": "plain",
    "sms_dull.txt": "plain",
    "sms_middle_a.txt": "plain",
    "sms_middle_b.txt": "plain",
    "sms_middle_c.txt": "plain",
    "sms_phones_a.txt": "plain",
    "sms_phones_b.txt": "plain",
    "sms_phones_c.txt": "plain",
}


def own_texts() -> list[Labelled]:
    """Every message that the project wrote, in the order of the files' names."""
    root = files("triage.training") / "texts"
    found: list[Labelled] = []
    for language in LANGUAGES:
        for file in sorted((root / language).iterdir(), key=lambda item: item.name):
            lines = file.read_text(encoding="utf-8").splitlines()
            found += (
                read_line(line, language, f"{language}/{file.name}:{number}")
                for number, line in enumerate(lines, 1)
            )
    return found


def read_line(line: str, language: str, place: str) -> Labelled:
    """One line of the project's texts; `place` is file:line."""
    head, bar, text = line.partition("|")
    letter, _, about = head.strip().partition(" ")
    marks = [mark for mark in about.replace("+", ",").replace(" ", ",").split(",") if mark.strip("-")]
    file, _, number = place.rpartition(":")
    asked, answers, text = text.rpartition(ANSWERS)
    try:
        if not bar or not text.strip() or (answers and not asked.strip()):
            raise KeyError("text")
        return Labelled(
            text=text.strip(),
            asked=asked.strip(),
            language=language,
            level=LETTERS[letter],
            act_in_progress=letter == "A",
            kinds=frozenset(Kind(mark) for mark in marks if mark not in TAGS),
            tags=frozenset(TAGS[mark] for mark in marks if mark in TAGS),
            block=f"{file}:{int(number) // BLOCK}",
            harmless_as=HARMLESS_AS.get(file.rpartition("/")[2], ""),
        )
    except (KeyError, ValueError):
        raise LabelError(f"{place}: not a labelled message") from None


def operators_texts(path: Path) -> Iterator[Labelled]:
    """The messages of an operator's JSON lines file."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            yield _operators_line(line, f"{path.name}:{number}")


def _operators_line(line: str, place: str) -> Labelled:
    try:
        row: dict[str, Any] = json.loads(line)
        text, level = row["text"], Level(row["level"])
        language = row.get("lang") or ("zh" if any("\u4e00" <= c <= "\u9fff" for c in text) else "en")
        if level not in ASSESSED_LEVELS or language not in LANGUAGES or not text.strip():
            raise ValueError("level")
        return Labelled(
            text=text,
            language=language,
            level=level,
            act_in_progress=bool(row.get("act_in_progress")),
            kinds=frozenset(Kind(kind) for kind in row.get("kinds", ())),
            tags=frozenset(row.get("tags", ())),
            block=place,
            asked=row.get("asked") or "",
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise LabelError(f"{place}: not a labelled message") from None
