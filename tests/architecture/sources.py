"""Reads the project's sources without running them: modules, what they import, where their functions end."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("triage", "hotline", "web_console")
NOT_OURS = {"node_modules", "__pycache__", "pages", ".venv"}


@dataclass(frozen=True)
class Import:
    """`import a.b` names the module a.b; `from a.b import c` names a.b and the name c (which may be a module)."""

    module: str
    name: str | None
    line: int

    @property
    def library(self) -> str:
        return self.module.partition(".")[0]

    @property
    def candidates(self) -> tuple[str, ...]:
        """The dotted names this may load."""
        return (self.module,) if self.name is None else (self.module, f"{self.module}.{self.name}")


@dataclass(frozen=True)
class Module:
    root: Path
    path: PurePosixPath
    """Relative to the root: `hotline/domain/alerts.py`."""

    @cached_property
    def text(self) -> str:
        return (self.root / self.path).read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=str(self.path))

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.path.parts

    @cached_property
    def imports(self) -> list[Import]:
        """Wherever they stand: at the top, in a function, under TYPE_CHECKING."""
        found: list[Import] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [Import(alias.name, None, node.lineno) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                module = "." * node.level + (node.module or "")
                found += [Import(module, alias.name, node.lineno) for alias in node.names]
        return found

    def is_in(self, place: str) -> bool:
        """`hotline/storage` is a folder, `hotline/cli.py` a file."""
        return self.path == PurePosixPath(place) or PurePosixPath(place) in self.path.parents

    def at(self, line: int) -> str:
        return f"{self.path}:{line}"


def modules(root: Path, *places: str) -> list[Module]:
    """All Python files below these folders; commands without a suffix count by their first line."""
    return [
        Module(root, PurePosixPath(path.relative_to(root).as_posix()))
        for place in places
        for path in sorted(files(root / place))
        if path.suffix == ".py" or is_python_command(path)
    ]


def files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name not in NOT_OURS:
            yield from files(entry)
        elif entry.is_file():
            yield entry


def is_python_command(path: Path) -> bool:
    if path.suffix:
        return False
    with path.open("rb") as opened:
        first = opened.readline(80)
    return first.startswith(b"#!") and b"python" in first
