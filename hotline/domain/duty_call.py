"""Telling the person behind the roster: a telephone that somebody of the service carries (`HOTLINE_DUTY_NUMBERS`).

It is the last rung: told when everyone is asked about an alert, and when somebody waits while nobody is on duty. The
text has ids only: whoever reads it signs in to see more.
"""

from __future__ import annotations

from hotline.domain.alerts import Alert
from hotline.domain.change import Effect
from hotline.domain.contacts import RISKY, Contact, ContactState
from hotline.domain.shifts import DutyRole, Rota
from triage.assessment import Level

TELL_DUTY_NUMBER = "tell_duty_number"

_ROUNDS = 3
"""Of one alert: a telephone that has not been answered three times is not in anybody's hand."""
_RISKY_FROM_RUNG = 2
"""At risk and told to supervisors twice in vain: then it is told outside, whoever is planned."""


def about_alert(alert: Alert, rota: Rota) -> tuple[Effect, ...]:
    """When everyone rings."""
    if not rota.has_duty_number or alert.round >= _ROUNDS or alert.ladder[alert.rung]["role"] != "everyone":
        return ()
    key = f"{alert.id}:duty:{alert.state}:{alert.round}"
    return (Effect(TELL_DUTY_NUMBER, alert.id, key, {"alert_id": alert.id}),)


def about_waiting(contact: Contact, rota: Rota) -> tuple[Effect, ...]:
    """When a wait has just escalated, once for each wait."""
    if not rota.has_duty_number or contact.state is not ContactState.WAITING:
        return ()
    at_risk = contact.level in (*RISKY, Level.UNASSESSED)
    nobody = rota.nobody(DutyRole.COUNSELOR) and rota.nobody(DutyRole.SUPERVISOR)
    if not nobody and not (at_risk and contact.wait_rung >= _RISKY_FROM_RUNG):
        return ()
    since = contact.waiting_since or contact.opened_at
    key = f"{contact.id}:duty:{int(since.timestamp())}"
    return (Effect(TELL_DUTY_NUMBER, contact.id, key, {"contact_id": contact.id}),)
