"""The door's laws over random keys: nobody is kept at it, danger is always heard, nothing counts twice."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domain import inbound
from hotline.domain.callers import Verdict, verdict
from hotline.domain.ids import InboundId
from hotline.domain.inbound import Asked, InboundCall, Step

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
KEYS = st.sampled_from(["", "0", "1", "2", "3", "7", "#", "*"])
LONGEST = 4  # rounds at the door: two steps, each said at most twice


def arrived(found: Verdict, *, recorded: bool = True) -> InboundCall:
    call = InboundCall(
        id=InboundId("inb_1"),
        at=NOW,
        verdict=found,
        language="zh",
        step=Step.LANGUAGE,
        asks_recording=recorded,
    )
    answer: InboundCall = inbound.arrived(call).answer
    return answer


@given(st.lists(KEYS, min_size=LONGEST, max_size=LONGEST), st.booleans())
def test_whatever_is_pressed_nobody_served_is_kept_at_the_door(keys: list[str], recorded: bool) -> None:
    call = arrived(Verdict.SERVED, recorded=recorded)
    for key in keys:
        call, _ = inbound.pressed(call, call.step, call.repeats, key)
    assert call.step is Step.PASSED


@given(st.sampled_from([Verdict.BLOCKED, Verdict.OVER_LIMIT, Verdict.CLOSED]), st.lists(KEYS, max_size=6))
def test_whoever_is_not_served_hears_an_end_or_gets_what_they_asked_for(
    found: Verdict, keys: list[str]
) -> None:
    call, asked = arrived(found), Asked.NOTHING
    for key in [*keys, "", ""]:
        call, asked = inbound.pressed(call, call.step, call.repeats, key)
        if asked is not Asked.NOTHING:
            break
    assert asked in (Asked.IN_DANGER, Asked.MESSAGE, Asked.CALL_BACK, Asked.GOODBYE)


@given(
    st.sampled_from(list(Verdict)),
    st.lists(KEYS, max_size=5),
    st.sampled_from([step for step in Step if step is not Step.LANGUAGE]),
)
def test_danger_is_heard_at_every_step_but_the_language(found: Verdict, keys: list[str], step: Step) -> None:
    call = arrived(found)
    for key in keys:
        call, _ = inbound.pressed(call, call.step, call.repeats, key)
    call, asked = inbound.pressed(call, step, 0, "1")
    assert (asked, call.step, call.wish) == (Asked.IN_DANGER, Step.PASSED, None)


@given(st.sampled_from(list(Verdict)), st.lists(KEYS, max_size=6))
def test_the_same_report_again_moves_nothing(found: Verdict, keys: list[str]) -> None:
    call = arrived(found)
    for key in keys:
        step, repeats = call.step, call.repeats
        call, _ = inbound.pressed(call, step, repeats, key)
        again, _ = inbound.pressed(call, step, repeats, key)
        if step is Step.CLOSED and again.wish is not None:
            continue  # asked twice for the same
        assert again == call


@pytest.mark.parametrize("block", [True, False])
@pytest.mark.parametrize("over_limit", [True, False])
@pytest.mark.parametrize("is_open", [True, False])
def test_at_risk_everybody_is_served(block: bool, over_limit: bool, is_open: bool) -> None:
    standing = object() if block else None
    found = verdict(block=standing, over_limit=over_limit, at_risk=True, is_open=is_open)  # type: ignore[arg-type]
    assert found is Verdict.SERVED
