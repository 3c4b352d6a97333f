"""Every class of cues that a counselor may see as a reason has a name in both languages."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "web_console" / "frontend" / "src" / "words"


def _classes() -> set[str]:
    """A file a class; context only changes what cues mean, and `words` are sets for patterns."""
    files = (ROOT / "triage" / "lexicon").glob("*/*.json")
    names = {each.stem for each in files if not each.stem.startswith(("context_", "words"))}
    assert names
    return names | {"model"}


def test_every_class_has_a_name() -> None:
    for language in ("zh-CN", "en"):
        told = (WORDS / language / "triage.ts").read_text(encoding="utf-8")
        named = set(re.findall(r"^  cue_(\w+):", told, re.MULTILINE))
        assert _classes() - named == set(), f"add them to words/{language}/triage.ts"
