"""Scoring: the highest item, bands, ranges for what is unknown, and hard rules."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.assessment import Level
from triage.instruments import Instrument, InstrumentError, catalogue, score
from triage.instruments.scoring import Floors

BY_ID = {instrument.id: instrument for instrument in catalogue()}


def test_the_catalogue_is_complete_and_bilingual() -> None:
    assert set(BY_ID) == {
        "asq",
        "cssrs-screener",
        "danger-grade",
        "gad7",
        "hotline-12",
        "phq9",
        "school-level",
    }
    for instrument in BY_ID.values():
        assert instrument.licence
        assert instrument.source
        for item in instrument.items:
            assert item.text_zh
            assert item.text_en
            assert len(item.options) >= 2
            assert all(instrument.item(rule.item) for rule in item.shown_if)
            assert all(option.text_zh and option.text_en for option in item.options)


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ({"1": False, "2": False, "6": False}, Level.NONE),
        ({"1": True, "2": False, "6": False}, Level.LOW),
        ({"1": True, "2": True, "3": False, "4": False, "5": False, "6": False}, Level.LOW),
        ({"1": True, "2": True, "3": True, "4": False, "5": False, "6": False}, Level.MODERATE),
        ({"1": True, "2": True, "3": True, "4": True, "5": False, "6": False}, Level.IMMINENT),
        ({"1": True, "2": True, "3": False, "4": False, "5": True, "6": False}, Level.IMMINENT),
        ({"1": False, "2": False, "6": True, "6a": False}, Level.MODERATE),
        ({"1": False, "2": False, "6": True, "6a": True}, Level.IMMINENT),
    ],
)
def test_the_highest_item_of_the_cssrs_screener_decides(answers: dict[str, Any], level: Level) -> None:
    result = score("cssrs-screener", answers)
    assert (result.level, result.level_high, result.complete) == (level, level, True)
    assert result.low is None


def test_an_open_question_gives_a_range() -> None:
    result = score("cssrs-screener", {"1": True, "2": None, "6": False})
    assert (result.level, result.level_high, result.complete) == (Level.LOW, Level.IMMINENT, False)
    assert "信息不全" in result.summary_zh


@pytest.mark.parametrize(
    ("points", "band"), [(0, "none"), (1, "mild"), (2, "moderately severe"), (3, "severe")]
)
def test_phq9_bands(points: int, band: str) -> None:
    result = score("phq9", {str(number): points for number in range(1, 10)})
    assert result.low == result.high == 9 * points
    assert band in result.summary_en


def test_item_nine_opens_an_inquiry_whatever_the_total() -> None:
    result = score("phq9", {str(number): 0 for number in range(1, 9)} | {"9": 1})
    assert "suicide_inquiry" in result.flags
    assert result.level is Level.MODERATE


def test_hard_rules_override_the_hotline_score() -> None:
    result = score("hotline-12", {"ideation": "none", "plan_72h": True})
    assert result.level is Level.IMMINENT
    assert "unverified_weights" in result.flags


def test_the_hotline_scale_reaches_sixteen() -> None:
    worst = {item.id: item.options[-1].value for item in BY_ID["hotline-12"].items if item.unverified}
    assert score("hotline-12", worst).low == 16
    assert len(worst) == 12


def test_a_refusal_is_positive_on_asq() -> None:
    answers = {"1": False, "2": False, "3": False, "4": "refused", "5": False}
    assert score("asq", answers).level is Level.MODERATE
    assert score("asq", answers | {"5": "refused"}).level is Level.HIGH
    assert score("asq", answers | {"5": True}).level is Level.IMMINENT


@pytest.mark.parametrize(
    ("instrument", "answers", "code"),
    [
        ("no-such", {}, "unknown_instrument"),
        ("phq9", {"10": 1}, "unknown_item"),
        ("phq9", {"1": 4}, "unknown_option"),
        ("phq9", {"1": True}, "unknown_option"),
        ("phq9", {"1": "1"}, "unknown_option"),
        ("cssrs-screener", {"1": 1}, "unknown_option"),
        ("phq9", {"1": [1]}, "unknown_option"),
    ],
)
def test_answers_that_do_not_fit_are_refused(instrument: str, answers: dict[str, Any], code: str) -> None:
    with pytest.raises(InstrumentError) as refused:
        score(instrument, answers)
    assert refused.value.code == code


def is_asked(instrument: Instrument, item_id: str, answers: dict[str, Any]) -> bool:
    item = instrument.item(item_id)
    assert item is not None
    return not item.shown_if or any(
        answers.get(rule.item) is None or answers[rule.item] in rule.values for rule in item.shown_if
    )


def answers_to(instrument: Instrument) -> st.SearchStrategy[dict[str, Any]]:
    choices = {
        item.id: st.sampled_from([option.value for option in item.options] + [None])
        for item in instrument.items
    }
    return st.fixed_dictionaries({}, optional=choices)


@given(st.sampled_from(sorted(BY_ID)).flatmap(lambda name: st.tuples(st.just(name), answers_to(BY_ID[name]))))
def test_more_answers_only_narrow_the_range(drawn: tuple[str, dict[str, Any]]) -> None:
    name, answers = drawn
    whole = score(name, answers)
    assert whole.level_high.rank >= whole.level.rank
    for item in answers:
        if not is_asked(BY_ID[name], item, answers):
            continue  # an answer to a question that was not asked counts, but its absence leaves nothing open
        fewer = score(name, {key: value for key, value in answers.items() if key != item})
        assert fewer.level.rank <= whole.level_high.rank
        assert fewer.level_high.rank >= whole.level.rank


@given(st.sampled_from(sorted(BY_ID)).flatmap(lambda name: st.tuples(st.just(name), answers_to(BY_ID[name]))))
def test_answering_more_never_lowers_the_floor(drawn: tuple[str, dict[str, Any]]) -> None:
    name, answers = drawn
    whole = score(name, answers)
    for item in answers:
        fewer = score(name, {key: value for key, value in answers.items() if key != item})
        assert fewer.level.rank <= whole.level.rank
        assert fewer.low is None or whole.low is None or fewer.low <= whole.low


@given(st.data(), st.sampled_from(sorted(BY_ID)))
def test_the_range_contains_every_completion(data: st.DataObject, name: str) -> None:
    """Whoever answers all that is asked, in order, ends inside every range shown on the way."""
    instrument = BY_ID[name]
    partial = {item: value for item, value in data.draw(answers_to(instrument)).items() if value is not None}
    answers = {item: value for item, value in partial.items() if is_asked(instrument, item, partial)}
    ranges = [score(name, answers)]
    for item in instrument.items:
        if item.id not in answers and is_asked(instrument, item.id, answers):
            answers[item.id] = data.draw(st.sampled_from([option.value for option in item.options]))
            ranges.append(score(name, answers))
    final = ranges[-1]
    if all(is_asked(instrument, item, answers) for item in answers):
        assert final.complete
        assert final.level is final.level_high
        for seen in ranges:
            assert seen.level.rank <= final.level.rank <= seen.level_high.rank
            if seen.low is not None and seen.high is not None and final.low is not None:
                assert seen.low <= final.low <= seen.high


def test_the_policy_table_raises_an_answer_and_never_lowers_it() -> None:
    answers = {"1": True, "2": True, "4": True}
    published = score("cssrs-screener", answers, {})
    assert published.level is Level.HIGH
    assert score("cssrs-screener", answers).level is Level.IMMINENT
    lower: Floors = {("cssrs-screener", "4", True): Level.LOW}
    assert score("cssrs-screener", answers, lower).level is Level.HIGH
    assert (
        score("cssrs-screener", {"1": True}, {("cssrs-screener", "1", True): Level.MODERATE}).level
        is Level.MODERATE
    )


def test_what_comes_next_follows_answers_and_floor() -> None:
    asked_now = score("phq9", {str(number): 0 for number in range(1, 9)} | {"9": 1}).steps
    assert any("C-SSRS" in step.text_en for step in asked_now)
    assert not score("phq9", {str(number): 0 for number in range(1, 10)}).steps
    for instrument in BY_ID.values():
        assert instrument.steps
        for step in instrument.steps:
            assert step.text_zh
            assert step.text_en
            for rule in step.answers:
                item = instrument.item(rule.item)
                assert item is not None
                assert all(item.option(value) for value in rule.values)


@pytest.mark.parametrize(
    ("name", "answers"), [("danger-grade", {"grade": 5}), ("hotline-12", {"ongoing_act": True})]
)
def test_what_is_being_done_now_is_an_emergency(name: str, answers: dict[str, Any]) -> None:
    result = score(name, answers)
    assert result.act_in_progress
    assert result.level is Level.IMMINENT
    assert result.kinds


def test_grade_four_is_imminent_without_an_act() -> None:
    assert not score("danger-grade", {"grade": 4}).act_in_progress
