"""The ring of the duty telephones: whoever waits is rung for again and again, a key gives time, and it ends by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domain import duty_ring
from hotline.domain.duty_ring import DutyRing, RingState
from hotline.domain.service_rules import ServiceRules

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
RULES = ServiceRules()


def when_due(ring: DutyRing, *, waits: bool = True, telephones: int = 2) -> DutyRing:
    next_due = duty_ring.due(ring, RULES)
    assert next_due is not None
    change = duty_ring.on_deadline(ring, next_due.at, RULES, anybody_waits=waits, telephones=telephones)
    after: DutyRing = change.answer
    return after


def test_one_telephone_after_the_other_then_a_pause_and_again() -> None:
    ring: DutyRing = duty_ring.told(None, NOW).answer
    seen = []
    for _ in range(6):
        ring = when_due(ring)
        seen.append((ring.state, ring.number))
    first, second = (RingState.RINGING, 0), (RingState.RINGING, 1)
    assert seen == [first, second, (RingState.IN_VAIN, 1)] * 2


def test_a_key_gives_time_and_a_late_report_of_another_ring_changes_nothing() -> None:
    ring = when_due(duty_ring.told(None, NOW).answer)
    earlier = ring.attempt - 1
    assert duty_ring.acknowledged(ring, earlier, NOW, takes=False).save == ()
    assert duty_ring.unanswered(ring, earlier, NOW, 2).save == ()
    taken: DutyRing = duty_ring.acknowledged(ring, ring.attempt, NOW, takes=True).answer
    assert taken.state is RingState.ACKNOWLEDGED
    assert duty_ring.unanswered(taken, taken.attempt, NOW, 2).save == (), "their line ends after the talk"
    next_due = duty_ring.due(taken, RULES)
    assert next_due is not None
    assert next_due.at == NOW + RULES.duty_acknowledged_for
    assert when_due(taken).state is RingState.RINGING


def test_a_second_text_does_not_begin_it_anew() -> None:
    ring = when_due(duty_ring.told(None, NOW).answer)
    assert duty_ring.told(ring, NOW + timedelta(minutes=9)).save == ()
    over = when_due(ring, waits=False)
    assert duty_ring.told(over, NOW).answer.state is RingState.TOLD


@pytest.mark.parametrize("state", [each for each in RingState if each is not RingState.OVER])
def test_it_is_over_once_nobody_waits(state: RingState) -> None:
    ring = DutyRing(state=state, since=NOW)
    assert when_due(ring, waits=False).state is RingState.OVER
    assert when_due(ring, telephones=0).state is RingState.OVER


@given(st.lists(st.sampled_from(["due", "1", "2", "none", "late", "told"]), max_size=30), st.integers(1, 4))
def test_whatever_happens_it_has_a_deadline_or_is_over(happenings: list[str], telephones: int) -> None:
    ring: DutyRing = duty_ring.told(None, NOW).answer
    for each in happenings:
        if each == "due" and duty_ring.due(ring, RULES) is not None:
            ring = when_due(ring, telephones=telephones)
        elif each in ("1", "2"):
            ring = duty_ring.acknowledged(ring, ring.attempt, NOW, takes=each == "1").answer
        elif each in ("none", "late"):
            attempt = ring.attempt - (1 if each == "late" else 0)
            ring = duty_ring.unanswered(ring, attempt, NOW, telephones).answer
        elif each == "told":
            ring = duty_ring.told(ring, NOW).answer
        assert (duty_ring.due(ring, RULES) is None) == (ring.state is RingState.OVER)
        assert 0 <= ring.number < telephones
