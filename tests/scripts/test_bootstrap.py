"""What the bootstrap reads from the lock, and when it thinks that everything is installed."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.sources import ROOT


@pytest.fixture
def bootstrap(script: Callable[[str], ModuleType]) -> ModuleType:
    return script("bootstrap")


def test_uv_is_installed_by_its_pin_and_hashes(bootstrap: ModuleType) -> None:
    entry = bootstrap.locked("uv")
    assert entry.startswith("uv==")
    assert entry.count("--hash=sha256:") > 5
    assert "# via" not in entry
    assert not entry.rstrip().endswith("\\")


def test_a_changed_lock_is_installed_again(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, stamp = tmp_path / "requirements.lock", tmp_path / ".installed"
    lock.write_text("uv==1.0 --hash=sha256:00\n")
    monkeypatch.setattr(bootstrap, "INSTALLED_FROM", (lock,))
    monkeypatch.setattr(bootstrap, "STAMP", stamp)
    monkeypatch.setattr(bootstrap, "PYTHON", Path(sys.executable))
    assert not bootstrap.is_fresh()
    stamp.write_text(bootstrap.digest((lock,)))
    assert bootstrap.is_fresh()
    lock.write_text("uv==1.1 --hash=sha256:00\n")
    assert not bootstrap.is_fresh()


def test_a_failed_step_shows_the_end_of_its_output(bootstrap: ModuleType) -> None:
    loud = "print('why it failed'); raise SystemExit(3)"
    with pytest.raises(bootstrap.StepFailed, match="why it failed"):
        bootstrap.run([sys.executable, "-c", loud])


def test_a_missing_program_is_named(bootstrap: ModuleType) -> None:
    with pytest.raises(bootstrap.StepFailed, match="no-such-program"):
        bootstrap.run(["/no-such-program"])


def test_of_two_commands_one_waits(bootstrap: ModuleType, tmp_path: Path) -> None:
    """The second process gets the folder only after the first has let it go."""
    folder = str(ROOT / "scripts")
    taking = f"import sys; sys.path.insert(0, {folder!r}); import pathlib, bootstrap\n"
    taking += f"with bootstrap.alone_in(pathlib.Path({str(tmp_path)!r})): print('got it', flush=True)"
    with bootstrap.alone_in(tmp_path):
        second = subprocess.Popen([sys.executable, "-c", taking], stdout=subprocess.PIPE, text=True)
        with pytest.raises(subprocess.TimeoutExpired):
            second.communicate(timeout=0.5)
    assert second.communicate(timeout=30)[0] == "got it\n"
