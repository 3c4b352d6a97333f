"""How often somebody may fail, as a law over random histories."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.auth.throttle import Throttle
from hotline.errors import SlowDown

START = datetime(2026, 3, 2, tzinfo=UTC)
WINDOW = timedelta(seconds=60)
LIMIT = 3


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from("ab")), max_size=60))
def test_never_more_than_the_limit_within_any_window(steps: list[tuple[int, str]]) -> None:
    throttle = Throttle()
    now = START
    failed: dict[str, list[datetime]] = {"a": [], "b": []}
    for seconds, key in steps:
        now += timedelta(seconds=seconds)
        recent = [at for at in failed[key] if at + WINDOW > now]
        if len(recent) < LIMIT:
            throttle.admit(key, LIMIT, WINDOW, now)
            throttle.note_failure(key, WINDOW, now)
            failed[key].append(now)
        else:
            with pytest.raises(SlowDown) as slow:
                throttle.admit(key, LIMIT, WINDOW, now)
            assert timedelta(seconds=slow.value.retry_after) == recent[-LIMIT] + WINDOW - now


def test_success_forgives() -> None:
    throttle = Throttle()
    for _ in range(LIMIT):
        throttle.note_failure("a", WINDOW, START)
    with pytest.raises(SlowDown):
        throttle.admit("a", LIMIT, WINDOW, START)
    throttle.forgive("a")
    throttle.admit("a", LIMIT, WINDOW, START)


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    throttle = Throttle()
    for _ in range(LIMIT):
        throttle.note_failure("a", WINDOW, START)
    throttle.admit("a", LIMIT, WINDOW, START - timedelta(hours=1))
