"""Temporary files lie in memory only while a run is on, and only where there is plenty; what was started is stopped."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.sources import ROOT


@pytest.fixture
def services(
    script: Callable[[str], ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ModuleType:
    """With a folder for memory, and room in it."""
    services = script("services")
    monkeypatch.setattr(services, "MEMORY", tmp_path)
    monkeypatch.setattr(services, "MEMORY_FREE_BYTES", 1)
    monkeypatch.setattr(tempfile, "tempdir", None)
    return services


@pytest.mark.parametrize("before", [None, "/"])
def test_temporary_files_go_to_memory_and_back(
    services: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    if before is None:
        monkeypatch.delenv("TMPDIR", raising=False)
    else:
        monkeypatch.setenv("TMPDIR", before)
    with services.temporary_files_in_memory() as folder:
        assert folder.parent == tmp_path
        assert Path(tempfile.mkdtemp()).parent == folder
        assert os.environ["TMPDIR"] == str(folder)
    assert not folder.exists()
    assert os.environ.get("TMPDIR") == before
    assert not Path(tempfile.gettempdir()).is_relative_to(tmp_path)


def test_without_plenty_of_room_they_stay(services: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MEMORY_FREE_BYTES", 2**60)
    before = tempfile.gettempdir()
    with services.temporary_files_in_memory() as folder:
        assert folder is None
        assert tempfile.gettempdir() == before


def test_memory_that_runs_low_is_no_room(services: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert services.free_memory() > 2**20
    monkeypatch.setattr(services, "free_memory", lambda: 1)
    assert not services.has_room(services.MEMORY)


BENCHMARK_WITH_ANOTHER_DATABASE = """
import contextlib, runpy, sys, services

@contextlib.contextmanager
def postgresql():
    try:
        print("started", flush=True)
        yield ""
    finally:
        print("stopped", flush=True)

services.postgresql = postgresql
sys.argv = ["benchmark", "--rounds", "1"]
runpy.run_module("benchmark", run_name="__main__")
"""


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_a_benchmark_that_is_killed_stops_its_database(told: signal.Signals) -> None:
    command = [sys.executable, "-c", BENCHMARK_WITH_ANOTHER_DATABASE]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'scripts'}{os.pathsep}{ROOT}"}
    running = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
    )
    try:
        assert running.stdout is not None
        assert running.stdout.readline() == "started\n"
        running.send_signal(told)
        rest, _ = running.communicate(timeout=60)
    finally:
        running.kill()
        running.communicate()
    assert rest == "stopped\n"
    assert running.returncode == 128 + told


PRINTS_WHERE_IT_IS_KEPT = "import sys; sys.path.insert(0, sys.argv[1]); import kept; print(kept.__cached__)"


def test_a_module_is_compiled_once_and_nothing_of_it_stays(
    services: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    (tmp_path / "kept.py").write_text("")
    with services.compiled_once() as environment:
        command = [sys.executable, "-c", PRINTS_WHERE_IT_IS_KEPT, str(tmp_path)]
        answer = subprocess.run(
            command, env={**os.environ, **environment}, capture_output=True, text=True, check=True
        )
        compiled = Path(answer.stdout.strip())
        assert compiled.is_file()
        assert compiled.is_relative_to(environment["PYTHONPYCACHEPREFIX"])
    assert not compiled.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["kept.py"]
