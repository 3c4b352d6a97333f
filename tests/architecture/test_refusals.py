"""Every refusal that can reach a person at the console has words of its own, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "web_console" / "frontend" / "src" / "words"
CODE = re.compile(r"""code(?:: str)? ?= ?"([a-z_]+)\"""")
# Said by the chat page and the sign-in in their own places, or told to programs only.
ELSEWHERE = {
    *("chat_over", "chats_paused", "minors_not_allowed", "wrong_token", "code_needed"),
    *("refused", "setting", "text_stopped", "not_stored"),
}


def refusals() -> set[str]:
    """What the domain, the actions and the interfaces of the console refuse with."""
    folders = (ROOT / "hotline" / "domain", ROOT / "hotline" / "actions", ROOT / "web_console" / "api")
    files = [ROOT / "hotline" / "errors.py", *(file for folder in folders for file in folder.rglob("*.py"))]
    return {code for file in files for code in CODE.findall(file.read_text())}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_each_refusal_has_words(language: str) -> None:
    has_words = set(
        re.findall(r"^  error_([a-z_]+):", (WORDS / language / "ui.ts").read_text(), re.MULTILINE)
    )
    found = refusals()
    assert {"already_on_shift", "supervisor_needed"} <= found
    assert found - ELSEWHERE - has_words == set()
