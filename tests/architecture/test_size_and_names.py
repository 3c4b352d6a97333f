"""No file over 500 lines, no function over 60, no module named for nothing in particular."""

from pathlib import Path

import pytest

from tests.architecture import rules
from tests.architecture.sources import PACKAGES, ROOT, files, modules

# Written by a generator from the API's own description.
GENERATED = {"schema.ts", "schema.d.ts", "schema.gen.ts"}
CODE = {".py", ".ts", ".tsx", ".css"}


def code_files() -> list[Path]:
    folders = (*PACKAGES, "scripts", "tests")
    return [file for folder in folders for file in files(ROOT / folder) if file.suffix in CODE]


def test_no_file_is_too_long() -> None:
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines())
        for file in code_files()
        if file.name not in GENERATED and "migrations" not in file.parts
    }
    assert lengths
    assert {name: n for name, n in lengths.items() if n > rules.LONGEST_FILE} == {}


def test_no_function_is_too_long() -> None:
    checked = [m for m in modules(ROOT, *PACKAGES, "scripts", "tests") if not m.is_migration]
    assert checked
    assert [breach for module in checked for breach in rules.long_functions(module)] == []


def test_no_module_has_an_empty_name() -> None:
    vague = [str(f.relative_to(ROOT)) for f in code_files() if rules.is_banned_name(f.stem)]
    assert vague == []


def test_a_long_function_is_seen(tmp_path: Path) -> None:
    (tmp_path / "triage").mkdir()
    (tmp_path / "triage" / "long.py").write_text("def f():\n" + "    pass\n" * rules.LONGEST_FUNCTION)
    (module,) = modules(tmp_path, "triage")
    assert list(rules.long_functions(module)) == ["triage/long.py:1 f has 61 lines"]


@pytest.mark.parametrize("stem", ["utils", "chat_helpers", "session_manager", "base", "date-utils"])
def test_an_empty_name_is_seen(stem: str) -> None:
    assert rules.is_banned_name(stem)


@pytest.mark.parametrize("stem", ["database", "alerts", "routing", "base64_text"])
def test_a_telling_name_is_let_through(stem: str) -> None:
    assert not rules.is_banned_name(stem)
