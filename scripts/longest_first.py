"""A pytest plugin for the whole run: the files that take longest are begun first, so that no process works alone at
the end while the others are done. Within a file the order stays."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

# Seconds of a core, roughly, on two cores side by side. A file that is not named counts a quarter of a second a test;
# only the order matters, so a figure that is no longer true costs little.
SECONDS = {
    "tests/journeys/test_pictures.py": 170,
    "tests/triage/test_training.py": 700,
    "tests/web_console/test_openapi.py": 75,
    "tests/journeys/test_call_pictures.py": 50,
    "tests/server/test_nothing_said_is_told.py": 35,
    "tests/telephony/test_call_room.py": 30,
    "tests/telephony/test_recordings.py": 22,
    "tests/telephony/test_door.py": 20,
    "tests/server/test_killed.py": 18,
    "tests/telephony/test_calls.py": 18,
    "tests/server/test_stalled_console.py": 16,
    "tests/telephony/test_kept_places.py": 15,
    "tests/web_console/test_care.py": 15,
    "tests/domain/test_laws.py": 12,
    "tests/web_console/test_server.py": 12,
    "tests/triage/test_pipeline.py": 11,
}
_A_TEST = 0.25
_A_JOURNEY = 12.0  # a server, a browser, several windows


def seconds_of(file: str, tests: int) -> float:
    """What a file is expected to take."""
    known = SECONDS.get(file)
    if known is not None:
        return known
    return tests * (_A_JOURNEY if "journeys" in PurePath(file).parts else _A_TEST)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.nodeid.partition("::")[0], []).append(item)
    order = sorted(files, key=lambda file: (-seconds_of(file, len(files[file])), file))
    items[:] = [item for file in order for item in files[file]]
