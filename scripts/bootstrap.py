"""From nothing but `python3` to a working `.venv`; standard library only.

Every command in this folder starts here. Packages come from `requirements.lock`, by hash; the project itself is
installed editable. A stamp in `.venv` holds a digest of what was installed, so the second time costs milliseconds.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / ".installed"
OLDEST_PYTHON = (3, 11)

# What the editable install is made from; a change in the code itself needs no new install.
INSTALLED_FROM = (ROOT / "pyproject.toml", LOCK, ROOT / "scripts" / "build_hook.py")


class StepFailed(Exception):
    """A step of the installation did not work; the message says what to do, in words."""


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """One line on standard error: what is being done, and then how long it took."""
    print(f"→ {what} … ", end="", file=sys.stderr, flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print("failed", file=sys.stderr, flush=True)
        raise
    print(f"{time.monotonic() - started:.1f} s", file=sys.stderr, flush=True)


def run(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> str:
    """The command's output; `StepFailed` with the end of it when the command fails or is not there."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise StepFailed(f"{command[0]} cannot be started: {error.strerror}") from error
    if done.returncode != 0:
        last_lines = "\n".join(done.stdout.splitlines()[-60:])
        raise StepFailed(f"{' '.join(map(str, command))}\n{last_lines}")
    return done.stdout


def can_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*packages: str) -> None:
    """Debian packages, for root only. RUNLEVEL=1 keeps a freshly installed server from starting by itself."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    run(["apt-get", "update", "-q"], env=quiet)
    run(["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages], env=quiet)


def ensure_environment() -> None:
    """A `.venv` that holds exactly the lock and this project. Two at once wait for each other."""
    require_python()
    if is_fresh():
        return
    with alone_in(ROOT):
        if is_fresh():
            return
        STAMP.unlink(missing_ok=True)
        ensure_interpreter()
        ensure_uv()
        install_packages()
        STAMP.write_text(digest(INSTALLED_FROM))


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Of several commands started at once, one works while the others wait; a killed one blocks nobody."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def require_python() -> None:
    """Go on with a newer interpreter of this machine where `python3` itself is too old."""
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return
    for minor in range(OLDEST_PYTHON[1] + 8, OLDEST_PYTHON[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])
    raise StepFailed(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")


def is_fresh() -> bool:
    try:
        return PYTHON.exists() and STAMP.read_text() == digest(INSTALLED_FROM)
    except FileNotFoundError:
        return False


def digest(files: Sequence[Path]) -> str:
    """Of names and contents, in order. The checkout's place counts: an editable install points to it."""
    total = hashlib.sha256(str(ROOT).encode())
    for file in files:
        total.update(f"{file}\0".encode() + file.read_bytes())
    return total.hexdigest()


def ensure_interpreter() -> None:
    if PYTHON.exists() and works(PYTHON):
        return
    if importlib.util.find_spec("ensurepip") is None:
        if not can_apt():
            raise StepFailed("Python's venv is missing here: install Debian's python3-venv, then try again")
        with step("Installing Debian's python3-venv"):
            apt_install("python3-venv")
    with step("Making .venv"):
        run([sys.executable, "-m", "venv", VENV])


def works(python: Path) -> bool:
    probe = [str(python), "-c", "import sys; raise SystemExit(sys.version_info < (3, 11))"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def ensure_uv() -> None:
    """By pip, at the version and hash of the lock; uv then installs everything else ten times as fast."""
    pinned = locked("uv")
    wanted = pinned.split(None, 1)[0].partition("==")[2]
    uv = VENV / "bin" / "uv"
    if uv.exists() and run([uv, "--version"]).split()[1] == wanted:
        return
    with step(f"Installing uv {wanted}"), tempfile.TemporaryDirectory() as folder:
        only_uv = Path(folder) / "uv.txt"
        only_uv.write_text(pinned)
        if not works_with_pip(PYTHON):
            run([PYTHON, "-m", "ensurepip"])
        pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        run([*pip, "--no-deps", "--require-hashes", "-r", only_uv])


def works_with_pip(python: Path) -> bool:
    return (
        subprocess.run([str(python), "-m", "pip", "--version"], capture_output=True, check=False).returncode
        == 0
    )


def locked(package: str) -> str:
    """The lock's entry of one package: its pin and its hashes."""
    lines = LOCK.read_text().splitlines(keepends=True)
    first = next(i for i, line in enumerate(lines) if line.startswith(f"{package}=="))
    last = next(i for i in range(first, len(lines)) if not lines[i].rstrip().endswith("\\"))
    return "".join(lines[first : last + 1])


def install_packages() -> None:
    uv = [str(VENV / "bin" / "uv"), "--no-config", "pip"]
    here = ["--python", str(PYTHON)]
    with step("Installing the packages of requirements.lock"):
        run([*uv, "sync", *here, "--require-hashes", LOCK])
    with step("Installing the project"):
        # The pages are built apart from this (pages.py): an editable install would not notice changes in them.
        editable = [*uv, "install", *here, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
        run(editable, env={"HOTLINE_SKIP_UI": "1"})


def exec_module(module: str) -> NoReturn:
    """For the other commands here: become `.venv/bin/python -m module` with this command's arguments."""
    become(PYTHON, "-m", module, *sys.argv[1:])


def become(program: Path, *arguments: str, build_pages: bool = False) -> NoReturn:
    """Make everything ready, then replace this process by the program."""
    with explained():
        ensure_environment()
        if build_pages:
            from pages import ensure_pages

            ensure_pages()
    os.execv(program, [str(program), *arguments])


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """A failed step ends the command with its message instead of a traceback."""
    try:
        yield
    except StepFailed as failure:
        raise SystemExit(f"\n{failure}") from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
