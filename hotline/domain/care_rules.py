"""The time limits of referral and rehabilitation, and the calendar that counts them.

Only two are laid down by the Measures: 5 working days to verify and confirm a registration, and 5 working
days to refer after that. All others are project defaults: an operator may set them, and no page may show
them as legal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from hotline.domain.referral_codes import Basis
from hotline.domain.working_days import CountedDay, WorkCalendar, months_after


class Unit(StrEnum):
    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Limit:
    count: int
    unit: Unit = Unit.WORKING_DAYS
    basis: Basis = Basis.PROJECT_DEFAULT

    def counted(self, start: date, calendar: WorkCalendar) -> CountedDay:
        """The last day on which it is still in time; `start` is day 0."""
        if self.unit is Unit.WORKING_DAYS:
            return calendar.after(start, self.count)
        if self.unit is Unit.DAYS:
            return CountedDay(start + timedelta(days=self.count))
        return CountedDay(months_after(start, self.count))


@dataclass(frozen=True, slots=True)
class CareRules:
    calendar: WorkCalendar
    verify: Limit = Limit(5, basis=Basis.MEASURES)
    """From receipt to a confirmed registration."""
    refer: Limit = Limit(5, basis=Basis.MEASURES)
    """From the confirmed registration to the referral."""
    submit: Limit = Limit(5)
    """A draft that nobody submits is brought to its filer's mind."""
    complete: Limit = Limit(5)
    """What was returned is completed; the clock of `verify` stands still meanwhile."""
    answer: Limit = Limit(5)
    refer_again: Limit = Limit(5)
    """After a refusal the same span starts afresh."""
    assess: Limit = Limit(10)
    agree: Limit = Limit(10)
    evaluate: Limit = Limit(6, Unit.MONTHS)
    finish_evaluation: Limit = Limit(10)
    review_suspension: Limit = Limit(30, Unit.DAYS)
    settle_unsuitable: Limit = Limit(5)
    confirm_closing: Limit = Limit(5)
    visit_again: Limit = Limit(5)
    """Nobody was reached at a return visit."""
    archive: Limit = Limit(10)
    visit_months: tuple[int, ...] = (1, 3, 6, 12)
    """Return visits, in months after closure."""

    def limit(self, name: str) -> Limit:
        found: Limit = getattr(self, name)
        return found

    def with_counts(self, counts: Mapping[str, int]) -> CareRules:
        """With an operator's own limits, in each one's unit."""
        changed: dict[str, Any] = {name: replace(self.limit(name), count=counts[name]) for name in counts}
        return replace(self, **changed)


_A_YEAR = {Unit.WORKING_DAYS: 250, Unit.DAYS: 366, Unit.MONTHS: 12}
_DEFAULTS = {each.name: each.default for each in fields(CareRules) if isinstance(each.default, Limit)}
LIMIT_NAMES = tuple(_DEFAULTS)
SETTABLE: Mapping[str, int] = {
    name: _A_YEAR[limit.unit] for name, limit in _DEFAULTS.items() if limit.basis is Basis.PROJECT_DEFAULT
}
"""The limits that an operator may set, and the most each may be."""
