"""The arithmetic of drift: what moved is marked, what chance moves is not, and contacts count as wholes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domain.triage_drift import (
    Judged,
    Share,
    Tally,
    Tallying,
    bounds,
    drift,
    last_weeks,
    moved,
    stability_index,
    turned,
    week_of,
    z_of,
)
from triage.assessment import Level

WEEK = date(2026, 3, 2)


def share_of(groups: list[tuple[int, int]]) -> Share:
    share = Share()
    for hits, of in groups:
        share = share.plus(hits, of)
    return share


def message(contact: str, level: Level = Level.NONE, *cues: str, score: float = 0.1) -> Judged:
    return Judged(contact, "chat", "zh", level, score, 0.001, cues)


def week(number: int, messages: list[Judged]) -> Tally:
    tallying = Tallying(WEEK + timedelta(weeks=number))
    for each in messages:
        tallying.add(each)
    return tallying.done(frozenset(), frozenset())


def figure(weeks: list[Tally], name: str) -> tuple[Share, str | None]:
    found = next(each for each in drift(weeks).figures if each.name == name)
    return found.now, found.moved


def test_a_week_begins_on_monday_where_the_service_is() -> None:
    assert week_of(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)) == date(2026, 2, 23)
    assert week_of(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == WEEK
    since, until = bounds(WEEK)
    assert week_of(since) == WEEK
    assert week_of(until) == WEEK + timedelta(weeks=1)
    assert last_weeks(WEEK, 2) == [date(2026, 2, 23), WEEK]


def test_a_cue_that_came_up_is_marked_and_one_that_stayed_is_not() -> None:
    calm = [message(f"c{number}", Level.LOW, "burden") for number in range(100)]
    calm += [message(f"d{number}") for number in range(100)]
    odd = [message(f"c{number}", Level.LOW, "burden", "means") for number in range(60)]
    odd += [message(f"d{number}") for number in range(60)]
    weeks = [week(0, calm), week(1, calm), week(2, odd)]
    assert figure(weeks, "cue.means") == (share_of([(1, 1)] * 60 + [(0, 1)] * 60), "up")
    assert figure(weeks, "cue.burden")[1] is None
    assert figure(
        [*weeks[:2], week(2, calm), week(3, [message(f"e{n}") for n in range(80)])], "cue.burden"
    ) == (
        share_of([(0, 1)] * 80),
        "down",
    )


def test_one_contact_that_says_it_fifty_times_moves_nothing() -> None:
    calm = [message(f"c{number}") for number in range(300)]
    talker = [message("one", Level.HIGH, "means") for _ in range(50)]
    once_each = [message(f"m{number}", Level.HIGH, "means") for number in range(50)]
    before = [week(0, calm), week(1, calm)]
    assert figure([*before, week(2, calm + talker)], "alarm.zh.chat")[1] is None
    assert figure([*before, week(2, calm + once_each)], "alarm.zh.chat")[1] == "up"


def test_chance_alone_is_seldom_marked() -> None:
    random = Random(7)
    marked = 0
    for _ in range(400):
        sides = [share_of([(int(random.random() < 0.1), 1) for _ in range(200)]) for _ in range(2)]
        marked += moved(z_of(sides[0], sides[1])) is not None
    assert marked <= 6


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(5, 9)), min_size=1, max_size=30))
def test_the_same_share_is_no_difference(groups: list[tuple[int, int]]) -> None:
    share = share_of(groups)
    z = z_of(share, share)
    assert z is None or z == 0
    assert share.variance(0.5) > 0


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(5, 9)), max_size=9),
    st.lists(st.tuples(st.integers(0, 5), st.integers(5, 9)), max_size=9),
)
def test_weeks_add_up(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    assert share_of(left) + share_of(right) == share_of(left + right)


def test_too_little_is_shown_and_not_judged() -> None:
    assert z_of(share_of([(9, 10)]), share_of([(0, 1000)])) is None
    assert z_of(share_of([(1, 100)]), share_of([(0, 1000)])) is None
    assert stability_index([1] * 10, [100] * 10) is None


def test_the_histogram_is_told_from_its_own_noise() -> None:
    random = Random(3)

    def drawn(middle: float, count: int) -> list[int]:
        bins = [0] * 10
        for _ in range(count):
            bins[max(0, min(9, int(10 * random.gauss(middle, 0.2))))] += 1
        return bins

    same = stability_index(drawn(0.4, 150), drawn(0.4, 3000))
    other = stability_index(drawn(0.6, 150), drawn(0.4, 3000))
    assert same is not None
    assert other is not None
    assert same < 0.1 < other


@pytest.mark.parametrize(
    ("steps", "raised", "lowered"),
    [
        ([(Level.LOW, False), (Level.HIGH, True)], True, False),
        ([(Level.HIGH, False), (Level.LOW, True)], False, True),
        ([(Level.HIGH, False), (Level.HIGH, True)], False, False),
        ([(Level.LOW, True)], False, False),  # nobody had said anything before
        ([(Level.LOW, False), (Level.HIGH, False)], False, False),
        ([(Level.LOW, False), (Level.HIGH, True), (Level.NONE, True)], True, True),
    ],
)
def test_what_a_person_did_to_the_level(steps: list[tuple[Level, bool]], raised: bool, lowered: bool) -> None:
    since, _ = bounds(WEEK)
    told = [("c", since + timedelta(minutes=n), level, person) for n, (level, person) in enumerate(steps)]
    assert turned(told, since) == ({"c"} if raised else set(), {"c"} if lowered else set())
    assert turned(told, since + timedelta(days=1)) == (set(), set())


def test_unassessed_messages_are_in_no_cue_rate() -> None:
    unassessed = [Judged(f"u{n}", "sms", "other", Level.UNASSESSED, None, None, ()) for n in range(10)]
    tally = week(0, [message("c", Level.LOW, "burden"), *unassessed])
    assert tally.shares["cue.burden"].of == 1
    assert (tally.shares["unassessed"].hits, tally.shares["unassessed"].of) == (10, 11)
    assert tally.shares["late"].of == 1
    assert sum(tally.bins) == 1
    assert tally.times is not None
