"""Telling the person behind the roster: a telephone that somebody of the service carries (`HOTLINE_DUTY_NUMBERS`).

It is the last rung: told when everyone is asked about an alert, and when somebody waits while nobody is on duty. The
text has ids only: whoever reads it signs in to see more. Unanswered it is rung (`duty_ring.py`). Whoever is planned and
not at work is told as well, at the telephone of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hotline.domain.alerts import Alert
from hotline.domain.change import Effect
from hotline.domain.contacts import RISKY, Contact, ContactState
from hotline.domain.ids import StaffId
from hotline.domain.shifts import Rota
from triage.assessment import Level

TELL_DUTY_NUMBER = "tell_duty_number"
TELL_ABSENT = "tell_absent"

_ROUNDS = 3
"""Of one alert: a telephone that has not been answered three times is not in anybody's hand."""
_RISKY_FROM_RUNG = 2
"""At risk and told to supervisors twice in vain: then it is told outside, whoever is planned."""


def has_reached_everyone(alert: Alert) -> bool:
    role: str = alert.ladder[alert.rung]["role"]
    return role == "everyone"


def about_alert(alert: Alert, rota: Rota) -> tuple[Effect, ...]:
    """When everyone rings."""
    if not rota.has_duty_number or alert.round >= _ROUNDS or not has_reached_everyone(alert):
        return ()
    key = f"{alert.id}:duty:{alert.state}:{alert.round}"
    return (Effect(TELL_DUTY_NUMBER, alert.id, key, {"alert_id": alert.id}),)


def concerns(contact: Contact, rota: Rota) -> bool:
    """A wait that has escalated, and nobody is on duty for it; or one at risk that supervisors were told of in vain.

    On duty is who is at work, by the plan or without: a plan alone answers no call.
    """
    if contact.state is not ContactState.WAITING or contact.wait_rung == 0:
        return False
    at_risk = contact.level in (*RISKY, Level.UNASSESSED)
    return not rota.takes_contacts() or (at_risk and contact.wait_rung >= _RISKY_FROM_RUNG)


def about_waiting(contact: Contact, rota: Rota) -> tuple[Effect, ...]:
    """When a wait has just escalated, once for each wait."""
    if not rota.has_duty_number or not concerns(contact, rota):
        return ()
    since = contact.waiting_since or contact.opened_at
    key = f"{contact.id}:duty:{int(since.timestamp())}"
    return (Effect(TELL_DUTY_NUMBER, contact.id, key, {"contact_id": contact.id}),)


def about_absent(staff_ids: Iterable[StaffId], now: datetime) -> tuple[Effect, ...]:
    """Whoever is planned and not at work, once an hour at most."""
    hour = now.strftime("%Y-%m-%dT%H")
    return tuple(Effect(TELL_ABSENT, each, f"{each}:absent:{hour}", {"staff_id": each}) for each in staff_ids)
