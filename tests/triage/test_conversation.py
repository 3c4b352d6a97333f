"""Nothing automatic lowers: as laws over arbitrary histories, and the override's few rules."""

import json

from hypothesis import given
from hypothesis import strategies as st

from triage.assessment import Assessment, Evidence, Kind, Level, unassessed
from triage.conversation import ConversationState, Trend, as_json, fold, from_json, raise_floor, set_override

ASSESSED = [level for level in Level if level is not Level.UNASSESSED]


def assessed(level: Level, frame: str = "f", act: bool = False) -> Assessment:
    evidence = (Evidence(0, 1, "cue", frame, "因", "why"),)
    return Assessment(level, 0.5, (Kind.SUICIDE,), ("means",), act, evidence, "v")


assessments = st.one_of(
    st.builds(assessed, st.sampled_from(ASSESSED), st.sampled_from("abc"), st.booleans()),
    st.just(unassessed()),
)


@given(st.lists(assessments, max_size=12))
def test_level_and_peak_never_fall(history: list[Assessment]) -> None:
    state = ConversationState()
    for assessment in history:
        after = fold(state, assessment)
        assert after.peak.rank >= state.peak.rank
        assert after.level.queue_rank >= state.level.queue_rank
        assert after.turns == state.turns + 1
        state = after


@given(st.lists(assessments, max_size=8), st.sampled_from(ASSESSED))
def test_an_override_stands_until_an_act(history: list[Assessment], level: Level) -> None:
    state = set_override(ConversationState(), level)
    for assessment in history:
        state = fold(state, assessment)
    if (
        any(item.act_in_progress and item.level is not Level.UNASSESSED for item in history)
        and level is not Level.IMMINENT
    ):
        assert state.override is None
    else:
        assert state.level is level


@given(st.lists(assessments, max_size=8))
def test_state_survives_storage(history: list[Assessment]) -> None:
    state = ConversationState()
    for assessment in history:
        state = fold(state, assessment)
    assert from_json(json.loads(json.dumps(as_json(state)))) == state


def test_a_new_imminent_frame_after_an_override_is_a_suggestion() -> None:
    state = fold(ConversationState(), assessed(Level.IMMINENT, "known"))
    state = set_override(state, Level.MODERATE)
    assert fold(state, assessed(Level.IMMINENT, "known")).suggestion is None
    after = fold(state, assessed(Level.IMMINENT, "new"))
    assert (after.level, after.suggestion) == (Level.MODERATE, Level.IMMINENT)


def test_unassessed_waits_as_moderate_and_is_lifted_by_its_late_answer() -> None:
    state = fold(ConversationState(), unassessed())
    assert state.level is Level.UNASSESSED
    assert state.level.queue_rank == Level.MODERATE.rank
    assert fold(state, assessed(Level.LOW), late=True).level is Level.LOW
    assert fold(state, assessed(Level.LOW)).level is Level.UNASSESSED
    assert fold(state, assessed(Level.HIGH)).level is Level.HIGH


def test_an_instrument_holds_the_floor() -> None:
    state = raise_floor(ConversationState(), Level.HIGH)
    assert fold(state, assessed(Level.LOW)).level is Level.HIGH
    assert raise_floor(state, Level.LOW).level is Level.HIGH


def test_danger_without_a_frame_is_news_each_time() -> None:
    model = Assessment(
        Level.IMMINENT, 0.9, (Kind.SUICIDE,), (), False, (Evidence(0, 1, "model", None, "因", "why"),), "v"
    )
    state = set_override(fold(ConversationState(), model), Level.LOW)
    assert fold(state, model).suggestion is Level.IMMINENT


def trend_of(*levels: Level) -> Trend:
    state = ConversationState()
    for level in levels:
        state = fold(state, assessed(level))
    return state.trend


def test_the_trend_follows_the_last_turns() -> None:
    low, high = Level.LOW, Level.HIGH
    assert trend_of(low, high) is Trend.STEADY
    assert trend_of(low, low, high, high) is Trend.RISING
    assert trend_of(high, high, low, low) is Trend.EASING
    assert trend_of(high, high, high, high) is Trend.STEADY
    assert trend_of(high, high, *[low] * 6) is Trend.STEADY


@given(st.lists(assessments, max_size=12), st.lists(assessments, max_size=6))
def test_easing_lowers_nothing(history: list[Assessment], calm: list[Assessment]) -> None:
    state = ConversationState()
    for assessment in history:
        state = fold(state, assessment)
    after = state
    for _ in calm:
        after = fold(after, assessed(Level.NONE))
    assert after.peak is state.peak
    assert after.level.queue_rank >= state.level.queue_rank
    assert set(state.tags) <= set(after.tags)
    assert after.act_in_progress == state.act_in_progress


@given(st.lists(assessments, max_size=8), st.lists(assessments, max_size=8), st.sampled_from(ASSESSED))
def test_after_an_override_only_news_is_suggested(
    before: list[Assessment], after: list[Assessment], level: Level
) -> None:
    state = ConversationState()
    for assessment in before:
        state = fold(state, assessment)
    state = set_override(state, level)
    known = set(state.imminent_frames)
    for assessment in after:
        state = fold(state, assessment)
    told = [item for item in after if item.level is Level.IMMINENT]
    fresh = any(each.frame not in known for item in told for each in item.evidence)
    if state.override is not None and state.override is not Level.IMMINENT:
        assert (state.suggestion is Level.IMMINENT) == fresh


@given(st.lists(st.one_of(assessments, st.sampled_from(ASSESSED)), max_size=12))
def test_floors_and_turns_in_any_order_never_lower(history: list[Assessment | Level]) -> None:
    state = ConversationState()
    for each in history:
        after = fold(state, each) if isinstance(each, Assessment) else raise_floor(state, each)
        assert after.peak.rank >= state.peak.rank
        assert after.level.queue_rank >= state.level.queue_rank
        state = after
