"""`python -m triage` as others rely on it."""

import io
import json
import subprocess
import sys
from typing import Any

from triage.__main__ import run


def answers(*lines: str, conversation: bool = False) -> tuple[list[dict[str, Any]], int]:
    out = io.StringIO()
    status = run(lines, out, conversation=conversation)
    return [json.loads(line) for line in out.getvalue().splitlines()], status


def turn(speaker: str, text: str) -> str:
    return json.dumps({"id": 1, "from": speaker, "text": text})


def test_a_message_gets_its_answer() -> None:
    [answer], status = answers('{"id": "a", "text": "我在楼顶，再见了"}')
    assert status == 0
    assert set(answer) >= {"id", "level", "score", "kinds", "tags", "act_in_progress", "evidence"}
    assert (answer["id"], answer["level"], answer["kinds"]) == ("a", "imminent", ["suicide"])
    for item in answer["evidence"]:
        assert "我在楼顶，再见了"[item["start"] : item["end"]] == item["text"]
        assert item["cue"]
        assert item["why"]


def test_a_line_that_is_no_message_is_told_so_and_the_run_goes_on() -> None:
    bad = [
        "x",
        "[]",
        "{}",
        '{"text": 1}',
        '{"text": "a", "lang": "fr"}',
        '{"id": [], "text": "a"}',
        "[" * 5000,
    ]
    found, status = answers(*bad, '{"id": 1, "text": "hello there"}')
    assert status == 1
    assert all("error" in answer for answer in found[:-1])
    assert found[-1]["level"] == "none"


def test_a_conversation_keeps_its_level() -> None:
    found, status = answers(
        turn("counselor", "Are you thinking about suicide?"),
        turn("help_seeker", "yes"),
        turn("help_seeker", "thanks, i feel better now"),
        conversation=True,
    )
    assert status == 0
    assert [answer["level"] for answer in found] == ["none", "moderate", "moderate"]


def test_in_a_conversation_every_line_says_who_speaks() -> None:
    [answer], status = answers('{"id": 1, "text": "hi"}', conversation=True)
    assert "error" in answer
    assert status == 1


def test_the_command_runs_with_bytes_that_are_no_text() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "triage"],
        input=b'{"id": 1, "text": "\xff\xfe \xe6\x88\x91\xe6\x83\xb3\xe8\x87\xaa\xe6\x9d\x80"}\n',
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["level"] == "high"


def test_the_command_reads_over_the_mark_that_an_editor_puts_before_the_first_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "triage"],
        input='{"id": 1, "text": "我想自杀"}\r\n'.encode("utf-8-sig"),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["level"] == "high"
