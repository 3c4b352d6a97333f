"""The published holidays of mainland China as a `WorkCalendar`, from the `chinesecalendar` package.

The package needs a release for each new year (the notice appears in November). What it lacks, and local
corrections, are settings; `hotline doctor` says when the coming year is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

from chinese_calendar import constants

from hotline.domain.care_rules import CareRules
from hotline.domain.working_days import WorkCalendar
from hotline.settings import Settings


@cache
def published_calendar() -> WorkCalendar:
    days_off: dict[date, str] = constants.holidays
    days_worked: dict[date, str] = constants.workdays
    # Every year's notice names holidays; make-up weekends alone would not prove that a year is there.
    years = frozenset(day.year for day in days_off)
    return WorkCalendar(years, frozenset(days_off), frozenset(days_worked))


def work_calendar(
    days_off: Iterable[date] = (), days_worked: Iterable[date] = (), complete_years: Iterable[int] = ()
) -> WorkCalendar:
    """The published calendar with the operator's corrections, which win."""
    return published_calendar().with_overrides(off=days_off, worked=days_worked, years=complete_years)


def care_rules(settings: Settings) -> CareRules:
    """The limits of referral and rehabilitation as this service is set up."""
    calendar = work_calendar(settings.days_off, settings.days_worked, settings.holiday_years)
    return CareRules(calendar).with_counts(settings.care_limits)
