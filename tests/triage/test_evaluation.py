"""The evaluation tells the truth about figures it is given, and never shows words unasked."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from triage.counterfactuals import variants
from triage.evaluation import read_rows, share_line, wilson
from triage.languages import script_of

ROWS = [
    {"text": "我站在天台边上，再见了", "level": "imminent", "kinds": ["suicide"], "group": "place"},
    {"text": "我儿子站在天台边上要跳", "level": "imminent", "kinds": ["suicide"], "tags": ["third_party"]},
    {"text": "笑死我了", "level": "none", "group": "idiom"},
    {"text": "dinner at seven, bring the zebracanary", "level": "imminent"},
]


def evaluate(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "triage.evaluation", *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "some.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), encoding="utf-8")
    return file


def test_it_counts_hits_and_lists_misses_by_id(file: Path) -> None:
    done = evaluate(str(file))
    assert done.returncode == 0
    assert "imminent graded high or above                     2/3" in done.stdout
    assert "some:4: expected imminent, given none" in done.stdout
    assert "counterfactual pairs" in done.stdout
    assert "zebracanary" not in done.stdout + done.stderr
    assert "zebracanary" in evaluate(str(file), "--texts").stdout


def test_a_conversation_is_graded_as_far_as_it_came(tmp_path: Path) -> None:
    turns = [
        ["counselor", "Have you taken anything?"],
        ["help_seeker", "about 30"],
        ["counselor", "I am getting help for you. Did you eat today?"],
        ["help_seeker", "no"],
    ]
    file = tmp_path / "talks.jsonl"
    file.write_text(json.dumps({"turns": turns, "level": "imminent"}) + "\n")
    done = evaluate(str(file))
    assert "imminent graded imminent                          1/1" in done.stdout
    file.write_text(json.dumps({"turns": [["stranger", "zebracanary"]], "level": "none"}) + "\n")
    broken = evaluate(str(file))
    assert broken.returncode != 0
    assert "zebracanary" not in broken.stdout + broken.stderr


def test_a_broken_line_is_named_by_its_place(tmp_path: Path) -> None:
    file = tmp_path / "broken.jsonl"
    file.write_text('{"text": "zebracanary", "level": "fatal"}\n')
    done = evaluate(str(file))
    assert done.returncode != 0
    assert "broken.jsonl:1" in done.stderr
    assert "zebracanary" not in done.stdout + done.stderr


def test_a_file_as_other_programs_write_it(tmp_path: Path) -> None:
    """With an editor's mark, both ends of lines, ends of lines inside a message, empty fields, half characters."""
    rows = [
        {"text": "我站在天台边上，再见了", "level": "imminent", "lang": None, "kinds": None, "group": None},
        {"text": "dinner\u2028at\x85seven", "level": "imminent", "tags": None, "accept": None, "group": "a"},
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    lines.append('{"text": "tea \\ud83d", "level": "imminent"}')
    file = tmp_path / "some.jsonl"
    file.write_bytes(("\r\n".join(lines) + "\r\n").encode("utf-8-sig"))
    done = evaluate(str(file), "--texts")
    assert done.returncode == 0, done.stderr
    assert "all: 3 messages" in done.stdout
    assert "some:3: expected imminent" in done.stdout


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b'{"level": "low"}',
        b'{"text": "a", "level": "low", "lang": 5}',
        b'{"text": "a", "level": "low", "kinds": "abuse"}',
        b'{"text": "a", "level": "low", "accept": [[]]}',
        b'{"text": "a", "level": []}',
        b'{"text": "\xff", "level": "low"}',
        b"[" * 100_000,
    ],
)
def test_a_row_that_cannot_be_counted_is_a_sentence(line: bytes, tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_bytes(line)
    with pytest.raises(SystemExit, match=r"some.jsonl:(1: not a labelled message| not UTF-8)"):
        read_rows([file])


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    done = evaluate(str(tmp_path / "gone.jsonl"))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"), [(95, 100, 0.888, 0.978), (0, 20, 0.0, 0.161), (0, 0, 0.0, 1.0)]
)
def test_wilsons_interval(hits: int, total: int, low: float, high: float) -> None:
    """Known values of the interval at 95 %."""
    found = wilson(hits, total)
    assert found == pytest.approx((low, high), abs=0.001)


def test_an_empty_slice_has_no_share() -> None:
    assert "–" in share_line("nothing", 0, 0)


def test_variants_change_the_word_and_nothing_else() -> None:
    found = dict(variants("我女儿说她不想活了"))
    assert found["gender"] == "我儿子说他不想活了"
    english = list(variants("my son says he is done"))
    assert ("gender", "my daughter says she is done") in english
    assert ("typing", "MY SON SAYS HE IS DONE") in english
    assert not [text for _, text in variants("the sonnet") if "daughter" in text]


@pytest.mark.parametrize(
    ("text", "script"), [("我想自殺", "traditional"), ("我想自杀", "simplified"), ("hello", "latin")]
)
def test_script(text: str, script: str) -> None:
    assert script_of(text) == script
