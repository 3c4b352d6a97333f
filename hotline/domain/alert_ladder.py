"""How an alert goes on by itself: the ladder that rings, and what happens when a clock runs out.

A proposal climbs counselor → supervisor → everyone and stays with everyone. A raised alert climbs the ladder
it was raised with, then begins again from the first rung: `round` counts, and each rung of a round rings once.
Lower rungs go on ringing. The later rounds ring without new steps: the record stays readable, the journal
has them all.

Where there is a roster, a rung calls those on duty by name, in their order (`by_duty`), and a rung on which nobody
stands is passed over at once. With everyone the duty telephone is told.

| rung            | calls, where there is a roster          | without one                 |
|-----------------|-----------------------------------------|-----------------------------|
| counselor       | who is with the person                  | the same                    |
| dispatcher      | the first dispatcher on duty            | all dispatchers             |
| next_dispatcher | the next one who was not called yet     | all dispatchers             |
| supervisor      | all supervisors on duty                 | all supervisors             |
| everyone        | all who see the board                   | the same                    |
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hotline.domain.alerts import Alert, AlertState, changed, next_step, noted
from hotline.domain.change import MACHINE, NOTHING, Change
from hotline.domain.duty_call import about_alert
from hotline.domain.ids import StaffId
from hotline.domain.service_rules import LadderRung, ServiceRules
from hotline.domain.shifts import DutyRole, Rota

COUNSELOR, SUPERVISOR, EVERYONE = "counselor", "supervisor", "everyone"
_CONFIRMERS = (COUNSELOR, SUPERVISOR, EVERYONE)
_SHORTEST_RUNG = timedelta(seconds=1)  # a rung rings before the next one does, however short the time


# Snapshots of the rules ---------------------------------------------------------------------------


def clocks(rules: ServiceRules, act_in_progress: bool) -> dict[str, int]:
    spans = {
        "assign": rules.assign_within,
        "depart": rules.depart_within,
        "arrive": rules.arrive_within,
        "confirm_contact": rules.confirm_contact_every(act_in_progress),
        "close": rules.close_alert_within,
    }
    return {what: int(span.total_seconds()) for what, span in spans.items()}


def confirmers(rules: ServiceRules) -> list[dict[str, Any]]:
    """The ladder of a proposal."""
    return _snapshot(tuple(LadderRung(role, rules.confirm_alert_within) for role in _CONFIRMERS))


def responders(rules: ServiceRules, act_in_progress: bool) -> list[dict[str, Any]]:
    """The ladder of a raised alert; an operator's empty one would leave nobody to ring.

    Rungs are cut short so that the last one rings when policy wants the alert acknowledged, at the latest.
    """
    rungs = rules.alert_ladder or ServiceRules().alert_ladder
    left = rules.acknowledge_alert_within(act_in_progress)
    cut = []
    for rung in rungs[:-1]:
        span = min(rung.within, max(left, _SHORTEST_RUNG))
        cut.append(LadderRung(rung.role, span))
        left -= span
    return _snapshot((*cut, rungs[-1]))


def _snapshot(rungs: tuple[LadderRung, ...]) -> list[dict[str, Any]]:
    return [{"role": each.role, "seconds": int(each.within.total_seconds())} for each in rungs]


# Who is called by name ----------------------------------------------------------------------------

_ON_THE_ROSTER = {
    "dispatcher": DutyRole.DISPATCHER,
    "next_dispatcher": DutyRole.DISPATCHER,
    SUPERVISOR: DutyRole.SUPERVISOR,
}


def by_duty(alert: Alert, now: datetime, rota: Rota) -> Change:
    """For an alert that has just rung: who on duty is called; on past rungs where nobody is. Nothing if it goes on
    as it is."""
    if alert.state not in (AlertState.PROPOSED, AlertState.RAISED):
        return NOTHING
    before, passed = alert, []
    held: list[str] = [] if alert.rung == 0 else alert.called
    while _called(alert, held, rota) == [] and alert.rung + 1 < len(alert.ladder):
        passed.append(alert.ladder[alert.rung]["role"])
        alert = _passed_over(alert, now)
    called = list(dict.fromkeys([*held, *(_called(alert, held, rota) or [])]))
    if called != alert.called:
        alert = alert.model_copy(update={"called": called})
    told = Change(effects=about_alert(alert, rota))
    if alert is before:
        return told
    facts = {"called": called, "rung": alert.rung, "round": alert.round}
    return changed(alert, "passed_over" if passed else "called", MACHINE, passed=passed, **facts).then(told)


def _passed_over(alert: Alert, now: datetime) -> Alert:
    role, above = alert.ladder[alert.rung]["role"], alert.ladder[alert.rung + 1]["role"]
    notified = alert.notified if above in alert.notified else [*alert.notified, above]
    fields: dict[str, Any] = {"rung": alert.rung + 1, "notified": notified}
    if alert.round == 0:
        fields["steps"] = noted(alert, f"nobody_{role}", None, now)
    return alert.model_copy(update=fields)


def _called(alert: Alert, held: list[str], rota: Rota) -> list[StaffId] | None:
    """Whom this rung calls by name; None where it calls a whole role, whoever they are."""
    role = alert.ladder[alert.rung]["role"]
    on = _ON_THE_ROSTER.get(role)
    if on is None or on not in rota.planned:
        return None
    people = [each for each in rota.of(on) if each not in alert.declined_by]
    if on is DutyRole.SUPERVISOR:
        return people
    return [each for each in people if each not in held][:1]


# When a clock runs out ----------------------------------------------------------------------------


def on_deadline(alert: Alert, now: datetime, rules: ServiceRules) -> Change:
    """What `next_step` says, if the time has come; nothing if it has moved on."""
    step = next_step(alert)
    if step is None or step.at > now:
        return Change(answer=alert)
    if step.what in ("confirm", "acknowledge"):
        return climbed(alert, now)
    if step.what == "assign":
        return rung_anew(alert, "not_assigned", now)
    if step.what == "depart":
        return rung_anew(alert, "not_departed", now)
    if step.what == "arrive":
        late = alert.model_copy(update={"late_told": True, "steps": noted(alert, "late", None, now)})
        return changed(late, "late", MACHINE)
    return _asked_again(alert, step.what, now)


def climbed(alert: Alert, now: datetime) -> Change:
    """The next rung rings too."""
    at_the_top = alert.rung + 1 >= len(alert.ladder)
    again = 0 if alert.state is AlertState.RAISED else alert.rung
    rung = again if at_the_top else alert.rung + 1
    fields: dict[str, Any] = {"rung": rung, "clock_at": now}
    if at_the_top:
        fields |= {"round": alert.round + 1, "declined_by": []}
    role = alert.ladder[rung]["role"]
    if role not in alert.notified:
        fields |= {"notified": [*alert.notified, role], "steps": noted(alert, f"rang_{role}", None, now)}
    alert = alert.model_copy(update=fields)
    return changed(alert, "rang", MACHINE, role=role, rung=rung, round=alert.round)


def rung_anew(alert: Alert, what: str, now: datetime) -> Change:
    """Back to those who need an answer, from the first rung. An assigned team stays named: it may yet go."""
    first = alert.ladder[0]["role"]
    alert = alert.model_copy(
        update={
            "state": AlertState.RAISED,
            "state_since": now,
            "clock_at": now,
            "version": alert.version + 1,
            "acknowledged_by": None,
            "declined_by": [],
            "rung": 0,
            "round": alert.round + 1,
            "notified": [first],
            "steps": noted(alert, what, None, now),
        }
    )
    return changed(alert, what, MACHINE, role=first, rung=0, round=alert.round)


def _asked_again(alert: Alert, what: str, now: datetime) -> Change:
    """ "Contact made?", "How did it end?" A step only the first time in a row."""
    kind = f"asked_to_{what}"
    fields: dict[str, Any] = {"clock_at": now}
    if alert.steps[-1]["kind"] != kind:
        fields |= {"steps": noted(alert, kind, None, now)}
    return changed(alert.model_copy(update=fields), kind, MACHINE)
