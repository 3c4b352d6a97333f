"""Read the lexicon: one JSON file a cue class and language, checked on load.

`lexicon/<lang>/<class>.json` holds a class with its entries; `lexicon/<lang>/words.json` the word sets
that patterns refer to; `lexicon/respellings.json` what the normaliser undoes; `lexicon/frames.json` the
frames. Classes named `context_…` never raise a level: they change how other cues are read.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from triage.pipeline.normalise import Respellings
from triage.pipeline.patterns import Step, compile_pattern, compile_sets

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the lexicon. `masks`/`unless` are for idioms: what they silence, and what protects it.

    `alone`: it counts only where nothing else is said ("救命" is a cry, "救命啊这题太难" a way of talking).
    `keeps_words`: of an idiom, that the model reads its words all the same.
    """

    id: str
    cue_class: str
    language: str
    weight: float
    patterns: tuple[str, ...]
    source: str
    why_zh: str
    why_en: str
    tags: tuple[str, ...]
    masks: frozenset[str]
    unless: frozenset[str]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    alone: bool = False
    keeps_words: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries of all languages, and a version that changes when any byte of the data does."""

    entries: tuple[Entry, ...]
    sets: dict[str, frozenset[str]]
    respellings: Respellings
    frames: tuple[dict[str, Any], ...]
    everyday: frozenset[str]
    alike: dict[str, list[str]]
    version: str

    def ways(self) -> Iterator[tuple[int, tuple[Step, ...]]]:
        """Every way to read a pattern, with its entry's place. Compiled anew: who matches keeps less than this."""
        for number, entry in enumerate(self.entries):
            for pattern in entry.patterns:
                for steps in compile_pattern(pattern, self.sets):
                    yield number, steps


@cache
def read() -> Lexicon:
    """The lexicon that ships with the package."""
    root = files("triage.lexicon")
    digest = hashlib.sha256()
    entries: list[Entry] = []
    sets = _shared_sets([_json(root / language / "words.json", digest)["sets"] for language in LANGUAGES])
    for language in LANGUAGES:
        folder = root / language
        for file in sorted(folder.iterdir(), key=lambda item: item.name):
            if file.name.endswith(".json") and file.name != "words.json":
                entries.extend(_entries(_json(file, digest), language))
    raw = _json(root / "respellings.json", digest)
    respellings = Respellings(
        raw["words"], raw["latin"], raw["chinese"], raw["mended"], frozenset(raw["kept"].split())
    )
    frames = _json(root / "frames.json", digest)["frames"]
    alike = _json(root / "alike.json", digest)["words"]
    everyday = frozenset(_json(root / "everyday.json", digest)["words"].split())
    _check_unique(entries)
    return Lexicon(tuple(entries), sets, respellings, tuple(frames), everyday, alike, digest.hexdigest()[:12])


def _shared_sets(languages: list[dict[str, list[str]]]) -> dict[str, frozenset[str]]:
    """Word sets of one name belong together: people mix languages within a sentence ("我took了一整瓶")."""
    shared: dict[str, frozenset[str]] = {}
    for sets in map(compile_sets, languages):
        for name, literals in sets.items():
            shared[name] = shared.get(name, frozenset()) | literals
    return shared


def _json(file: Traversable, digest: "hashlib._Hash") -> dict[str, Any]:
    raw = file.read_bytes()
    digest.update(raw)
    loaded: dict[str, Any] = json.loads(raw)
    return loaded


def _entries(data: dict[str, Any], language: str) -> Iterator[Entry]:
    for raw in data["entries"]:
        yield Entry(
            id=f"{language}.{raw['id']}",
            cue_class=raw.get("class", data["class"]),
            language=language,
            weight=raw.get("weight", data.get("weight", 0.3)),
            patterns=tuple(raw["patterns"]),
            source=raw.get("source", data["source"]),
            why_zh=raw.get("why", data["why"])["zh"],
            why_en=raw.get("why", data["why"])["en"],
            tags=tuple(raw.get("tags", data.get("tags", ()))),
            masks=frozenset(raw.get("masks", ())),
            unless=frozenset(raw.get("unless", ())),
            examples=tuple(raw["examples"]),
            counter_examples=tuple(raw.get("counter_examples", ())),
            alone=raw.get("alone", False),
            keeps_words=raw.get("keeps_words", False),
        )


def _check_unique(entries: list[Entry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            raise ValueError(f"lexicon id used twice: {entry.id}")
        seen.add(entry.id)
