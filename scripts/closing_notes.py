"""A pytest plugin: what failed or could not be run before pytest is said again just above its closing line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

# Lines, one note each; set by scripts/test.
NOTES = "HOTLINE_TEST_NOTES"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    notes = os.environ.get(NOTES, "").splitlines()
    if notes:
        terminalreporter.ensure_newline()
        terminalreporter.section("beside the tests")
    for note in notes:
        terminalreporter.write_line(note)
