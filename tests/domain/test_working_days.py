"""Working days in Shanghai, on the published holidays of 2025 and 2026."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.calendar_data import work_calendar
from hotline.domain.working_days import (
    NoHolidayNotice,
    WorkCalendar,
    day_is_over,
    local_day,
    months_after,
)

CHINA = work_calendar()
KNOWN_DAYS = st.dates(date(2025, 1, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 20), True),  # a Friday
        (date(2026, 11, 21), False),  # a Saturday
        (date(2026, 10, 1), False),  # National Day
        (date(2026, 10, 10), True),  # a Saturday worked for National Day
        (date(2026, 2, 17), False),  # Spring Festival
    ],
)
def test_holidays_and_weekends_worked_in_their_stead(day: date, works: bool) -> None:
    assert CHINA.is_working_day(day) is works


def test_the_day_of_receipt_is_day_zero() -> None:
    friday = date(2026, 11, 20)
    assert CHINA.after(friday, 0).on == friday
    assert CHINA.after(friday, 1).on == date(2026, 11, 23)
    assert CHINA.after(friday, 5).on == date(2026, 11, 27)


def test_a_count_across_national_day() -> None:
    """Received on Wednesday 30 September 2026: 1 to 7 October are off, Saturday 10 October is worked."""
    counted = CHINA.after(date(2026, 9, 30), 5)
    assert (counted.on, counted.provisional) == (date(2026, 10, 13), False)


def test_a_year_without_a_notice_is_not_guessed_in_silence() -> None:
    unknown = max(CHINA.years) + 1
    with pytest.raises(NoHolidayNotice) as refused:
        CHINA.is_working_day(date(unknown, 3, 1))
    assert refused.value.year == unknown
    assert CHINA.after(date(unknown - 1, 12, 30), 5).provisional
    assert not CHINA.after(date(unknown - 1, 11, 2), 5).provisional


def test_an_operators_correction_wins() -> None:
    moved = CHINA.with_overrides(off=[date(2026, 11, 23)], worked=[date(2026, 11, 21)])
    assert not moved.is_working_day(date(2026, 11, 23))
    assert moved.is_working_day(date(2026, 11, 21))
    year = max(CHINA.years) + 1
    declared = CHINA.with_overrides(off=[date(year, 1, 1)], years=[year])
    assert not declared.is_working_day(date(year, 1, 1))
    assert not declared.after(date(year, 1, 1), 3).provisional


def test_both_off_and_worked_means_off() -> None:
    day = date(2026, 11, 21)
    assert not CHINA.with_overrides(off=[day], worked=[day]).is_working_day(day)


def test_days_are_days_in_shanghai() -> None:
    late_evening = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    assert local_day(late_evening) == date(2026, 11, 21)
    assert local_day(late_evening - timedelta(seconds=1)) == date(2026, 11, 20)
    assert day_is_over(date(2026, 11, 20)) == late_evening


@given(KNOWN_DAYS, st.integers(1, 60))
def test_counting_forth_and_back_agree(day: date, days: int) -> None:
    counted = CHINA.after(day, days)
    assert not counted.provisional
    assert CHINA.is_working_day(counted.on)
    assert CHINA.between(day, counted.on) == days
    assert CHINA.between(day, counted.on - timedelta(days=1)) == days - 1


@given(KNOWN_DAYS, st.integers(0, 30), st.integers(0, 30))
def test_counts_add_up(day: date, first: int, second: int) -> None:
    assert CHINA.after(CHINA.after(day, first).on, second) == CHINA.after(day, first + second)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 36))
def test_months_after(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
    assert later.day <= day.day


def test_months_after_the_last_of_a_month() -> None:
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2026, 11, 21), 1) == date(2026, 12, 21)


def test_a_count_longer_than_a_year_is_refused() -> None:
    with pytest.raises(ValueError, match="working days"):
        WorkCalendar(frozenset(), frozenset(), frozenset()).after(date(2026, 1, 1), 400)
