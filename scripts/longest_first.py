"""A pytest plugin for the whole run: the files that take longest are begun first, so that no process works alone at
the end while the others are done. Within a file the order stays."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

# Seconds of a core, roughly, on two cores side by side. A file that is not named counts a third of a second a test;
# only the order matters, so a figure that is no longer true costs little.
SECONDS = {
    "tests/triage/test_training.py": 240,
    "tests/journeys/test_pictures.py": 150,
    "tests/server/test_nothing_said_is_told.py": 90,
    "tests/telephony/test_calls.py": 60,
    "tests/telephony/test_call_room.py": 60,
    "tests/telephony/test_recordings.py": 60,
    "tests/domain/test_laws.py": 60,
    "tests/telephony/test_call_laws.py": 60,
    "tests/web_console/test_openapi.py": 60,
    "tests/telephony/test_webhooks.py": 45,
    "tests/telephony/test_texts.py": 45,
    "tests/web_console/test_care.py": 40,
    "tests/web_console/test_routes.py": 40,
}
_A_TEST = 0.33
_A_JOURNEY = 15.0  # a server, a browser, several windows


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
