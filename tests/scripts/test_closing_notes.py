"""What could not be run is said again just above pytest's closing line, which stays the last."""

import os
import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import ROOT


def last_lines(tmp_path: Path, notes: str) -> list[str]:
    (tmp_path / "test_nothing.py").write_text("def test_nothing(): pass\n")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "scripts.closing_notes",
            "--rootdir",
            tmp_path,
            "-c",
            os.devnull,
            tmp_path,
        ],
        cwd=ROOT,
        env={**os.environ, "HOTLINE_TEST_NOTES": notes},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-3:]


def test_a_note_stands_above_the_closing_line(tmp_path: Path) -> None:
    heading, note, closing = last_lines(tmp_path, "could not be run: tests on PostgreSQL")
    assert "beside the tests" in heading
    assert note == "could not be run: tests on PostgreSQL"
    assert "1 passed" in closing


def test_without_notes_nothing_is_added(tmp_path: Path) -> None:
    *before, closing = last_lines(tmp_path, "")
    assert not any("beside" in line for line in before)
    assert "1 passed" in closing
