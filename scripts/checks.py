"""The checks before pytest: format, lint, types, front end, Dockerfile. Standard library only.

Each is a command; its output is shown only when it fails. They run side by side, one per core.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pages
from bootstrap import ROOT, VENV

if TYPE_CHECKING:
    from pathlib import Path

TOOLS = VENV / "bin"
TYPED = ("triage", "hotline", "web_console", "scripts", "tests")


@dataclass(frozen=True)
class Check:
    name: str
    command: tuple[str | Path, ...]
    folder: Path = ROOT
    environment: dict[str, str] = field(default_factory=dict)


def all_checks() -> list[Check]:
    """The slowest first, so that they end together."""
    typed = [name for name in TYPED if (ROOT / name).is_dir()]
    commands = [path for path in sorted((ROOT / "scripts").iterdir()) if path.is_file() and not path.suffix]
    return [
        Check("mypy --strict", (TOOLS / "mypy", "--scripts-are-modules", *typed, *commands)),
        *(frontend_checks() if pages.has_frontend() else []),
        Check("ruff format", (TOOLS / "ruff", "format", "--check", ".")),
        Check("ruff check", (TOOLS / "ruff", "check", ".")),
        Check("hadolint", (TOOLS / "hadolint", "docker/Dockerfile")),
    ]


def frontend_checks() -> list[Check]:
    """TypeScript and Vitest; and what else the package offers under the usual names."""
    programs = pages.MODULES / ".bin"
    environment = pages.node_environment()
    checks = [
        Check("vitest", (programs / "vitest", "run"), pages.FRONTEND, environment),
        Check("tsc --noEmit", (programs / "tsc", "--noEmit"), pages.FRONTEND, environment),
    ]
    offered = pages.scripts_of_package()
    for name in ("format:check", "lint"):
        if name in offered:
            command = pages.npm_command("run", "--silent", name)
            checks.append(Check(f"npm run {name}", command, pages.FRONTEND, environment))
    return checks


def run_checks(checks: list[Check]) -> list[str]:
    """Names of those that failed."""
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {pool.submit(run_one, check): check for check in checks}
        for done in as_completed(running):
            problem, seconds = done.result()
            name = running[done].name
            verdict = "ok" if problem is None else "FAILED"
            print(f"{name}: {verdict} ({seconds:.1f} s)", flush=True)
            if problem is not None:
                failed.append(name)
                print(problem, flush=True)
    return failed


def run_one(check: Check) -> tuple[str | None, float]:
    """What the check complains of, if it does, and how long it took."""
    started = time.monotonic()
    try:
        done = subprocess.run(
            check.command,
            cwd=check.folder,
            env={**os.environ, **check.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        return f"{check.command[0]}: {error.strerror}", time.monotonic() - started
    return (done.stdout or "no output") if done.returncode else None, time.monotonic() - started


if __name__ == "__main__":
    sys.exit(bool(run_checks(all_checks())))
