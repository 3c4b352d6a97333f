"""What somebody should know of a person before the first word: seen before, how often, how bad, what to mind.

Only what helps to serve them; what was said stays in the contacts where it was said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hotline.domain import alerts as alert_states
from hotline.domain.alerts import Alert
from hotline.domain.contacts import Contact
from hotline.domain.ids import ContactId, PersonId, StaffId
from hotline.domain.people import Person
from hotline.domain.person_flags import PersonFlag, stands
from hotline.domain.service_rules import ServiceRules
from triage.assessment import Level

_LATEST = 5


@dataclass(frozen=True, slots=True)
class Plan:
    text: str
    by: StaffId | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Background:
    """`earlier`: the latest before this contact, newest first. `peak`: the worst of all earlier ones.
    `open_alert`: of an earlier one, and not over yet: whoever serves them now must know that help was asked for."""

    person_id: PersonId | None
    count: int
    recently: int
    is_frequent: bool
    peak: Level | None
    earlier: tuple[Contact, ...]
    flags: tuple[PersonFlag, ...]
    plan: Plan | None
    open_alert: Alert | None = None


NOBODY = Background(None, 0, 0, False, None, (), (), None)


def background(
    person: Person,
    contact_id: ContactId,
    contacts: Iterable[Contact],
    flags: Iterable[PersonFlag],
    alerts: Iterable[Alert],
    now: datetime,
    rules: ServiceRules,
) -> Background:
    before = sorted(
        (each for each in contacts if each.id != contact_id), key=lambda each: each.opened_at, reverse=True
    )
    ids = {each.id for each in before}
    running = [each for each in alerts if each.contact_id in ids and each.state in alert_states.OPEN]
    recently = sum(1 for each in before if each.opened_at > now - rules.frequent_within)
    plan = Plan(person.plan, person.plan_by, person.plan_at) if person.plan else None
    return Background(
        person_id=person.id,
        count=len(before),
        recently=recently,
        is_frequent=recently + 1 >= rules.frequent_from,
        peak=max((each.peak_level for each in before), key=lambda each: each.rank, default=None),
        earlier=tuple(before[:_LATEST]),
        flags=tuple(
            sorted((each for each in flags if stands(each, now)), key=lambda each: (each.code, each.set_at))
        ),
        plan=plan,
        open_alert=max(running, key=lambda each: each.created_at, default=None),
    )
