"""The operators' commands, as somebody types them."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hotline.settings import described_settings
from hotline.storage.sealing import new_master_key
from web_console.cli import app

PASSWORD = "a long enough sentence"


class Commands:
    def __init__(self, data: Path) -> None:
        self.data = data
        self._runner = CliRunner()

    def run(self, *arguments: str, typed: str = "") -> Result:
        """An exception that is no plain refusal fails the test."""
        result = self._runner.invoke(app, list(arguments), input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Commands]:
    import logging
    import sys
    import threading

    for name in list(os.environ):
        if name.startswith("HOTLINE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HOTLINE_PUBLIC_URL", "https://hotline.example.org")
    root = logging.getLogger()
    before = root.handlers[:], root.level, sys.excepthook, threading.excepthook
    yield Commands(tmp_path / "data")
    logging.captureWarnings(False)
    root.handlers[:], sys.excepthook, threading.excepthook = before[0], before[2], before[3]
    root.setLevel(before[1])


def test_an_account_from_its_link_to_its_end(commands: Commands) -> None:
    added = commands.run("user", "add", "wang", "--name", "王敏", "--role", "admin", "--role", "supervisor")
    assert added.exit_code == 0, added.output
    assert re.search(r"https://hotline\.example\.org/setup\?token=[\w-]{40,}", added.output)
    listed = commands.run("user", "list").output
    assert "wang" in listed
    assert "supervisor, admin" in listed
    assert "invited" in listed
    for command, state in (("disable", "disabled"), ("enable", "invited"), ("reset", "invited")):
        assert commands.run("user", command, "wang").exit_code == 0
        assert state in commands.run("user", "list").output


def test_a_password_may_be_typed(commands: Commands) -> None:
    added = commands.run(
        "user", "add", "chen", "--role", "counselor", "--password-stdin", typed=f"{PASSWORD}\n"
    )
    assert added.exit_code == 0
    assert "token" not in added.output
    assert "ready" in commands.run("user", "list").output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("user", "add", "no name!", "--role", "admin"), "username"),
        (("user", "add", "wang", "--role", "king"), "king"),
        (("user", "disable", "nobody"), "no account"),
        (("user", "add", "wang", "--role", "admin", "--password-stdin"), "10 to 128"),
        (("restore", "/nowhere/file"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    commands: Commands, arguments: tuple[str, ...], words: str
) -> None:
    result = commands.run(*arguments, typed="short\n")
    assert result.exit_code != 0
    assert words in result.output
    assert "Traceback" not in result.output


def test_a_wrong_setting_stops_every_command(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_LISTEN_PORT", "eighty")
    for command in (("serve",), ("demo",), ("user", "list"), ("db", "check"), ("doctor",)):
        result = commands.run(*command)
        assert result.exit_code == 1
        assert "HOTLINE_LISTEN_PORT" in result.output


def test_the_schema(commands: Commands) -> None:
    assert commands.run("db", "check").exit_code == 1
    assert commands.run("db", "upgrade").exit_code == 0
    assert commands.run("db", "check").exit_code == 0


def test_the_journal_is_whole_until_somebody_changes_it(commands: Commands) -> None:
    import sqlite3

    commands.run("user", "add", "wang", "--role", "admin")
    commands.run("user", "disable", "wang")
    verified = commands.run("audit", "verify")
    assert verified.exit_code == 0, verified.output
    assert "2 entries, 2 of them sealed, 0 problems" in verified.output
    with sqlite3.connect(commands.data / "hotline.sqlite3") as database:
        database.execute("UPDATE journal SET entry = replace(entry, 'disabled', 'praised')")
    database.close()
    broken = commands.run("audit", "verify")
    assert broken.exit_code == 1
    assert "do not fit their seal" in broken.output


def test_no_new_key_is_made_beside_sealed_data(commands: Commands, tmp_path: Path) -> None:
    commands.run("user", "add", "wang", "--role", "admin")
    file = tmp_path / "backup.jsonl.gz"
    assert commands.run("backup", str(file)).exit_code == 0
    key = commands.data / "secret-key"
    kept = key.read_text()

    def refused(*arguments: str) -> None:
        result = commands.run(*arguments)
        assert result.exit_code == 1
        assert "put the kept copy of the key file" in result.output

    key.unlink()
    for arguments in (("user", "list"), ("audit", "verify"), ("backup", str(tmp_path / "other"))):
        refused(*arguments)
    (commands.data / "hotline.sqlite3").unlink()
    refused("restore", str(file))
    assert not key.exists()
    key.write_text(new_master_key())
    refused("audit", "verify")  # nothing was altered
    key.write_text(kept)
    assert "wang" in commands.run("user", "list").output


def test_the_doctor_of_a_good_and_of_a_bad_installation(
    commands: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for name in ("index.html", "chat.html", "school.html", "embed.js"):
        (pages / name).touch()
    monkeypatch.setattr("web_console.cli.PAGES", pages)
    assert "will be made at the first start" in commands.run("doctor").output
    commands.run("user", "add", "wang", "--role", "admin")
    well = commands.run("doctor")
    assert well.exit_code == 0, well.output
    assert "✗" not in well.output

    (commands.data / "secret-key").chmod(0o644)
    monkeypatch.setenv("HOTLINE_PUBLIC_URL", "http://hotline.example.org")
    monkeypatch.setenv("HOTLINE_TWILIO_ACCOUNT_SID", "AC1")
    monkeypatch.setenv("HOTLINE_TWILIO_AUTH_TOKEN", "t")
    monkeypatch.setenv("HOTLINE_LISTEN_PROT", "1")
    (pages / "chat.html").unlink()
    commands.run("user", "disable", "wang")
    ill = commands.run("doctor")
    assert ill.exit_code == 1
    for words in ("chmod 600", "without TLS", "HOTLINE_TWILIO_NUMBER", "HOTLINE_LISTEN_PROT is no setting"):
        assert words in ill.output
    for words in ("nobody is an administrator", "chat.html not built", "cannot reach the webhooks"):
        assert words in ill.output


def test_the_doctor_sees_a_lost_key_and_an_unknown_database(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands.run("user", "add", "wang", "--role", "admin")
    (commands.data / "secret-key").unlink()
    assert "the key that sealed it is missing" in commands.run("doctor").output
    monkeypatch.setenv("HOTLINE_DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/none")
    ill = commands.run("doctor")
    assert "PostgreSQL does not answer" in ill.output
    assert "secret" not in ill.output.replace("secret-key", "")


def test_the_doctor_sees_that_the_journal_s_heads_go_nowhere(
    commands: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_JOURNAL_EXPORT_DIR", str(tmp_path / "away"))
    assert "HOTLINE_JOURNAL_EXPORT_DIR" in commands.run("doctor").output
    (tmp_path / "away").mkdir()
    assert "HOTLINE_JOURNAL_EXPORT_DIR" not in commands.run("doctor").output


def test_the_doctor_lists_every_setting(commands: Commands) -> None:
    output = commands.run("doctor", "--settings").output
    for each in described_settings():
        assert each.variable in output


def test_a_backup_is_private_whole_and_without_the_key(commands: Commands, tmp_path: Path) -> None:
    import gzip

    commands.run("user", "add", "wang", "--role", "admin")
    file = tmp_path / "backup.jsonl.gz"
    made = commands.run("backup", str(file))
    assert made.exit_code == 0, made.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (commands.data / "secret-key").read_text().strip().encode() not in gzip.decompress(
        file.read_bytes()
    )
    assert "0 recordings and messages" in made.output
    again = commands.run("backup", str(file))
    assert again.exit_code == 1
    assert "never overwrites" in again.output
    full = commands.run("restore", str(file))
    assert full.exit_code == 1
    assert "not empty" in full.output


def test_drift_says_what_the_weeks_hold(commands: Commands) -> None:
    told = commands.run("drift", "--weeks", "3")
    assert told.exit_code == 0, told.output
    assert "0 messages of 0 contacts" in told.output
    assert "Figure" in told.output
    assert commands.run("drift", "--weeks", "1").exit_code == 2
