"""The order of the whole run: the longest files first, each file whole and in its own order."""

from collections.abc import Callable
from types import ModuleType, SimpleNamespace

import pytest

from tests.architecture.sources import ROOT


@pytest.fixture
def longest_first(script: Callable[[str], ModuleType]) -> ModuleType:
    return script("longest_first")


def test_every_file_that_is_named_is_there(longest_first: ModuleType) -> None:
    assert [name for name in longest_first.SECONDS if not (ROOT / name).is_file()] == []


def test_the_longest_come_first_and_files_stay_whole(longest_first: ModuleType) -> None:
    names = [
        "tests/domain/test_short.py::test_b",
        "tests/journeys/test_story.py::test_a",
        "tests/domain/test_short.py::test_a",
        "tests/triage/test_training.py::test_z",
        "tests/domain/test_many.py::test_a",
        "tests/domain/test_many.py::test_b",
        "tests/domain/test_many.py::test_c",
    ]
    items = [SimpleNamespace(nodeid=name) for name in names]
    longest_first.pytest_collection_modifyitems(items)
    assert [item.nodeid for item in items] == [names[3], names[1], *names[4:7], names[0], names[2]]
