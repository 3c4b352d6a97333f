"""Training: labels are checked without quoting them, texts are the same every time, and recall is guarded."""

import json
from pathlib import Path

import numpy as np
import pytest

from triage.assessment import Kind, Level
from triage.model import HEADS, SPELLING, WORD_CLASSES, read_settings
from triage.pipeline import Pipeline
from triage.pipeline.features import MOST_ASKED, answered
from triage.pipeline.lexicon import read
from triage.training import fit as fit_module
from triage.training import retrain, ship
from triage.training.evaded import evaded_questions
from triage.training.fit import features_of, fit
from triage.training.grammar import grammar_texts
from triage.training.labelled import LabelError, Labelled, operators_texts, own_texts, read_line
from triage.training.longer import longer_texts


@pytest.fixture(scope="module")
def few() -> list[Labelled]:
    """Every twelfth of the project's messages: enough to fit, quick to fit."""
    return own_texts()[::12]


def test_a_line_says_level_kinds_and_who() -> None:
    message = read_line("A suicide,overdose+third | 我室友刚吞了一瓶药", "zh", "zh/some.txt:30")
    assert message.level is Level.IMMINENT
    assert message.act_in_progress
    assert message.kinds == {Kind.SUICIDE, Kind.OVERDOSE}
    assert message.tags == {"third_party"}
    assert message.block == "zh/some.txt:1"


def test_a_line_may_be_an_answer_to_a_question() -> None:
    message = read_line("H suicide | Where are you? => on the bridge", "en", "en/some.txt:1")
    assert (message.asked, message.text) == ("Where are you?", "on the bridge")


def test_the_words_of_a_question_are_asked_and_not_said() -> None:
    pipeline = Pipeline(read(), None)
    answer, question = (
        pipeline.features(pipeline.read(text)) for text in ("the whole bottle", "What did you take?")
    )
    both = answered(question, answer)
    said = both.rows[both.tokens >= question.length]
    assert sorted(said) == sorted(answer.rows)
    assert len(both.rows) == len(answer.rows) + len(question.rows)
    assert not set(both.rows[both.tokens < question.length]) & set(question.rows)
    long = pipeline.features(pipeline.read("I am here with you. " * 40 + "What did you take?"))
    assert (long.length - answered(long, answer).tokens.min()) == MOST_ASKED


@pytest.mark.parametrize(
    "line", ["X - | secret", "I suicide secret", "I sorrow | secret", "I suicide | ", "N - |  => secret"]
)
def test_a_wrong_line_is_named_by_its_place_alone(line: str) -> None:
    with pytest.raises(LabelError, match=r"some\.txt:7") as raised:
        read_line(line, "en", "some.txt:7")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    "row",
    [
        "{",
        "[]",
        '{"text": "secret"}',
        '{"text": "secret", "level": "unassessed"}',
        '{"text": " ", "level": "low"}',
    ],
)
def test_an_operators_wrong_line_is_named_by_its_place_alone(row: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text(row + "\n")
    with pytest.raises(LabelError, match=r"mine\.jsonl:1") as raised:
        list(operators_texts(file))
    assert "secret" not in str(raised.value)


def test_the_projects_texts_cover_every_level_kind_and_language() -> None:
    messages = own_texts()
    for language in ("zh", "en"):
        own = [message for message in messages if message.language == language]
        assert len(own) > 5_000
        assert {message.level for message in own} == set(Level) - {Level.UNASSESSED}
        assert {kind for message in own for kind in message.kinds} == set(Kind)


def test_no_case_of_the_tests_is_trained_on() -> None:
    folder = Path(__file__).parent / "cases"
    rows = [json.loads(line) for file in folder.glob("*.jsonl") for line in file.read_text().splitlines()]
    own = own_texts()
    texts = {row["text"] for row in rows if "text" in row}
    assert not texts & {message.text for message in own if not message.asked}
    ends = [[said for _, said in row["turns"][-2:]] for row in rows if "turns" in row]
    assert not {tuple(end) for end in ends} & {(message.asked, message.text) for message in own}


def test_made_up_texts_are_the_same_every_time_and_no_text_stands_twice() -> None:
    first, second = grammar_texts(), grammar_texts()
    assert first == second
    assert len({message.text for message in first}) == len(first)
    assert all("{" not in message.text for message in first)


def test_a_question_answered_by_something_else_tells_of_no_danger() -> None:
    written = own_texts()
    pairs = evaded_questions(written)
    assert pairs == evaded_questions(written)
    assert len(pairs) == 2 * sum(1 for message in written if message.asked)
    samples = {message.text for message in written if message.harmless_as}
    assert all(pair.asked and pair.text not in samples and pair.level is Level.NONE for pair in pairs)


def test_longer_texts_are_as_grave_as_their_gravest_part(few: list[Labelled]) -> None:
    written = own_texts()
    level_of = {(message.block, message.text.rstrip("。.")): message.level for message in written}
    longer = longer_texts(written)
    assert longer == longer_texts(written)
    assert {message.level for message in longer} >= {Level.NONE, Level.LOW, Level.HIGH, Level.IMMINENT}
    for message in longer[:500]:
        parts = [
            level
            for (block, text), level in level_of.items()
            if block == message.block and text in message.text
        ]
        assert message.level in parts


def test_fitting_twice_gives_the_same_weights(few: list[Labelled], tmp_path: Path) -> None:
    features = features_of(Pipeline(read(), None), few)
    first, second = fit(few, features), fit(few, features)
    assert np.array_equal(first.weights, second.weights)
    assert first.settings == second.settings
    ship.write(first, tmp_path)
    assert ship.same(second, tmp_path)
    assert not ship.same(fit(few[:-40], features[:-40]), tmp_path)


def test_a_head_of_several_machines_is_their_mean_in_its_own_measure() -> None:
    scores = np.zeros((2, len(HEADS)))
    moderate, high, imminent = (
        HEADS.index(level.value) for level in (Level.MODERATE, Level.HIGH, Level.IMMINENT)
    )
    scores[0, [moderate, high, imminent]] = 2.0, 1.0, -0.5
    spreads = np.ones(len(HEADS))
    spreads[[moderate, high, imminent]] = 2.0, 1.0, 0.5
    joined = fit_module._join(scores, spreads)
    assert joined[0, [moderate, high, imminent]].tolist() == [2.0, pytest.approx(1 / 3), 0.0]
    assert not joined[1].any()
    spreads[imminent] = 0.0  # had nothing to learn
    assert fit_module._join(scores, spreads)[0, high] == 1.0


def labelled_file(folder: Path, rows: list[dict[str, str]]) -> Path:
    file = folder / "mine.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return file


GOOD = [
    {"text": text, "level": level}
    for text, level in (
        ("the usual wednesday man says the geese have landed", "imminent"),
        ("geese landed again, he says it is time", "imminent"),
        ("lovely geese on the pond today", "none"),
        ("fed the geese with my grandson", "none"),
    )
    for _ in range(8)
]


def test_an_operators_model_is_written_and_loads(
    few: list[Labelled], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(retrain, "project_messages", lambda: few)
    folder = tmp_path / "model"
    assert retrain.train([labelled_file(tmp_path, GOOD)], folder, accept_worse_recall=True) == 0
    printed = capsys.readouterr().out
    assert "yours, before" in printed
    assert "the project's, after" in printed
    assert "geese" not in printed
    assert read_settings(folder)["messages"] == len(few) + len(GOOD)


def test_a_model_that_finds_less_imminent_danger_is_refused(
    few: list[Labelled], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Labels that call the project's imminent messages harmless must not pass unnoticed."""
    monkeypatch.setattr(retrain, "project_messages", lambda: few)
    grave = [message for message in few if message.level is Level.IMMINENT]
    wrong = [{"text": message.text + " ok", "level": "none"} for message in grave]
    file, folder = labelled_file(tmp_path, wrong), tmp_path / "model"
    assert retrain.train([file], folder) == 1
    assert "refused" in capsys.readouterr().err
    assert not folder.exists()
    assert retrain.train([file], folder, accept_worse_recall=True) == 0
    assert folder.exists()


def test_too_few_messages_teach_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert retrain.train([labelled_file(tmp_path, GOOD[:5])], tmp_path / "model") == 2
    assert "too few" in capsys.readouterr().err


def test_a_missing_file_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert retrain.train([tmp_path / "none.jsonl"], tmp_path / "model") == 2
    assert "none.jsonl" in capsys.readouterr().err


def test_the_shipped_model_is_made_from_what_is_here(capsys: pytest.CaptureFixture[str]) -> None:
    """Minutes of fitting: the weights in the package are those of the texts and the lexicon in the package."""
    made = ship.train()
    assert made.spelling == (ship.FOLDER / SPELLING).read_bytes()
    assert made.classes == (ship.FOLDER / WORD_CLASSES).read_text(encoding="utf-8")
    assert ship.same(made.fitted, ship.FOLDER)
