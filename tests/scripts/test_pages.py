"""When the pages are built, and when nothing is done."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def frontend(
    script: Callable[[str], ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ModuleType:
    """A front end of two files, whose npm only writes down what it was asked to do."""
    pages = script("pages")
    folder = tmp_path / "frontend"
    (folder / "src").mkdir(parents=True)
    (folder / "package.json").write_text("{}")
    (folder / "package-lock.json").write_text("{}")
    (folder / "src" / "console.tsx").write_text("export {}")
    places = {"FRONTEND": folder, "PAGES": tmp_path / "pages", "PAGES_STAMP": tmp_path / "pages" / ".digest"}
    places |= {"MODULES": folder / "node_modules", "MODULES_STAMP": folder / "node_modules" / ".installed"}
    for name, place in places.items():
        monkeypatch.setattr(pages, name, place)

    def npm(*arguments: str, python: Path) -> str:
        with (tmp_path / "asked").open("a") as asked:
            asked.write(f"{arguments[-1] if arguments[0] == 'run' else arguments[0]} ")
        (folder / "node_modules").mkdir(exist_ok=True)
        return ""

    monkeypatch.setattr(pages, "npm", npm)
    monkeypatch.delenv("HOTLINE_SKIP_UI", raising=False)
    return pages


def asked(tmp_path: Path) -> list[str]:
    log = tmp_path / "asked"
    return log.read_text().split() if log.exists() else []


def test_the_first_time_installs_and_builds_the_second_does_nothing(
    frontend: ModuleType, tmp_path: Path
) -> None:
    frontend.ensure_pages()
    assert asked(tmp_path) == ["ci", "build"]
    frontend.ensure_pages()
    assert asked(tmp_path) == ["ci", "build"]


def test_an_edit_builds_again_without_installing(frontend: ModuleType, tmp_path: Path) -> None:
    frontend.ensure_pages()
    (tmp_path / "frontend" / "src" / "console.tsx").write_text("export const changed = true")
    frontend.ensure_pages()
    assert asked(tmp_path) == ["ci", "build", "build"]


def test_a_new_package_installs_and_builds(frontend: ModuleType, tmp_path: Path) -> None:
    frontend.ensure_pages()
    (tmp_path / "frontend" / "package-lock.json").write_text('{"packages": {}}')
    frontend.ensure_pages()
    assert asked(tmp_path) == ["ci", "build", "ci", "build"]


def test_a_renamed_file_builds_again(frontend: ModuleType, tmp_path: Path) -> None:
    frontend.ensure_pages()
    source = tmp_path / "frontend" / "src" / "console.tsx"
    source.rename(source.with_name("chat.tsx"))
    frontend.ensure_pages()
    assert asked(tmp_path) == ["ci", "build", "build"]


def test_a_test_of_the_front_end_is_no_part_of_the_pages(frontend: ModuleType, tmp_path: Path) -> None:
    frontend.ensure_pages()
    (tmp_path / "frontend" / "src" / "console.test.tsx").write_text("")
    frontend.ensure_pages()
    assert asked(tmp_path) == ["ci", "build"]


def test_the_pages_can_be_left_out(
    frontend: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_SKIP_UI", "1")
    frontend.ensure_pages()
    assert asked(tmp_path) == []


def test_pages_that_went_missing_are_built_again(frontend: ModuleType, tmp_path: Path) -> None:
    frontend.ensure_pages()
    (tmp_path / "pages" / ".digest").unlink()
    frontend.ensure_pages()
    assert asked(tmp_path) == ["ci", "build", "build"]
