"""Nothing automatic lowers: as laws over arbitrary histories, and the override's few rules."""

import json

from hypothesis import given
from hypothesis import strategies as st

from triage.assessment import Assessment, Evidence, Kind, Level, unassessed
from triage.conversation import ConversationState, as_json, fold, from_json, raise_floor, set_override

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
