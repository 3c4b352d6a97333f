"""Working days of mainland China: Monday to Friday, less the State Council's holidays, plus the weekends
worked in their stead.

The notice for a year is published late in the year before. A year without a notice is never guessed in
silence: `is_working_day` refuses it, and `after` counts it by weekends alone and says `provisional`.
Days are days in Asia/Shanghai (no daylight saving). The day of receipt is day 0 (project default).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_SATURDAY = 5
_LONGEST_COUNT = 250  # working days in a year: a longer span is a mistake


class NoHolidayNotice(ValueError):
    """No holiday notice is known for this year."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no holiday notice is known for {year}")
        self.year = year


@dataclass(frozen=True, slots=True)
class CountedDay:
    """The day a count ends on; `provisional` when it went through a year without a notice."""

    on: date
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """`years` are those whose notice is known; the others hold for weekends only, and say so."""

    years: frozenset[int]
    days_off: frozenset[date]
    days_worked: frozenset[date]

    def with_overrides(
        self, *, off: Iterable[date] = (), worked: Iterable[date] = (), years: Iterable[int] = ()
    ) -> WorkCalendar:
        """Local corrections; they win over the notice. `years` declares a year as complete."""
        off, worked = frozenset(off), frozenset(worked)
        return replace(
            self,
            years=self.years | frozenset(years),
            days_off=(self.days_off - worked) | off,
            days_worked=(self.days_worked - off) | (worked - off),
        )

    def knows(self, day: date) -> bool:
        return day.year in self.years

    def is_working_day(self, day: date) -> bool:
        if not self.knows(day):
            raise NoHolidayNotice(day.year)
        return self._worked(day)

    def after(self, day: date, working_days: int) -> CountedDay:
        """The `working_days`-th working day after `day`, which itself is day 0."""
        if not 0 <= working_days <= _LONGEST_COUNT:
            raise ValueError("a count of working days lies between 0 and a year's")
        provisional = False
        for _ in range(working_days):
            day, guessed = self._next_working_day(day)
            provisional = provisional or guessed
        return CountedDay(day, provisional)

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; 0 if `end` is not later."""
        span = range(1, (end - start).days + 1)
        return sum(self._worked(start + timedelta(days=each)) for each in span)

    def _next_working_day(self, day: date) -> tuple[date, bool]:
        guessed = False
        while True:
            day += timedelta(days=1)
            guessed = guessed or not self.knows(day)
            if self._worked(day):
                return day, guessed

    def _worked(self, day: date) -> bool:
        if day in self.days_worked:
            return True
        return day.weekday() < _SATURDAY and day not in self.days_off


def local_day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def day_is_over(day: date) -> datetime:
    """The first moment after `day` in Shanghai: from then on what was due on it is late."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))
