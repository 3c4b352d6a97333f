"""How an alert comes into being, and what signals, the contact and people do to it (`alerts.py` has the table)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.domain import alert_ladder
from hotline.domain.alerts import (
    Alert,
    AlertFacts,
    AlertSource,
    AlertState,
    Asked,
    Move,
    Outcome,
    changed,
    made,
    noted,
    ready,
)
from hotline.domain.change import MACHINE, NOTHING, Change
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.ids import AlertId, StaffId
from hotline.domain.service_rules import ServiceRules
from hotline.errors import Taken
from triage.assessment import Level
from triage.policy import AlertTarget, Proposal


@dataclass(frozen=True, slots=True)
class Signal:
    """Why help is asked for now: by the machine's proposal, or by a person (`raised_by`)."""

    source: AlertSource
    target: AlertTarget
    level: Level
    kinds: tuple[str, ...]
    act_in_progress: bool
    reason_zh: str | None = None
    reason_en: str | None = None
    raised_by: StaffId | None = None


def signal_of(contact: Contact, proposal: Proposal, source: AlertSource) -> Signal:
    """A machine's signal: policy proposes only what is imminent or happening."""
    return Signal(
        source,
        proposal.target,
        Level.IMMINENT,
        tuple(contact.kinds),
        proposal.urgency == "raise_at_once",
        proposal.reason_zh,
        proposal.reason_en,
    )


# Coming into being ----------------------------------------------------------------------------------


def open_alert(
    alert_id: AlertId,
    contact: Contact,
    signal: Signal,
    now: datetime,
    rules: ServiceRules,
    facts: AlertFacts | None = None,
) -> Change:
    """A new alert of this contact: raised if a person asks or an act is in progress, else proposed."""
    alert = Alert(
        id=alert_id,
        contact_id=contact.id,
        school_report_id=contact.school_report_id,
        state=AlertState.PROPOSED,
        source=signal.source,
        target=signal.target,
        level=signal.level,
        kinds=sorted(signal.kinds),
        act_in_progress=signal.act_in_progress,
        reason_zh=signal.reason_zh,
        reason_en=signal.reason_en,
        district=contact.district,
        created_at=now,
        state_since=now,
        clock_at=now,
        ladder=alert_ladder.confirmers(rules),
        clocks=alert_ladder.clocks(rules, signal.act_in_progress),
        asked=Asked.WELFARE_CHECK if signal.target is AlertTarget.CRISIS_TEAM else Asked.RESCUE,
        callback=contact.number,
        person=contact.nickname,
        counselor_id=contact.counselor_id,
        still_in_contact=_in_contact(contact),
    )
    if signal.act_in_progress or signal.raised_by is not None:
        said = told(alert, facts) if facts is not None else {}
        return _raised(alert, "raised", signal.raised_by, now, rules, **said)
    rung = 0 if contact.counselor_id is not None and _in_contact(contact) else 1
    role = alert.ladder[rung]["role"]
    fields = {"rung": rung, "notified": [role], "steps": noted(alert, "proposed", None, now)}
    return changed(alert.model_copy(update=fields), "proposed", MACHINE, role=role, rung=rung, round=0)


def _raised(
    alert: Alert, kind: str, by: StaffId | None, now: datetime, rules: ServiceRules, **fields: Any
) -> Change:
    ladder = alert_ladder.responders(rules, alert.act_in_progress)
    role = ladder[0]["role"]
    fields |= {
        "state": AlertState.RAISED,
        "raised_at": now,
        "raised_by": by,
        "state_since": now,
        "clock_at": now,
        "ladder": ladder,
        "rung": 0,
        "round": 0,
        "notified": [role],
        "steps": noted(alert, kind, by, now),
    }
    return changed(alert.model_copy(update=fields), kind, by or MACHINE, role=role, rung=0, round=0)


# Later signals --------------------------------------------------------------------------------------


def signalled(alert: Alert, signal: Signal, now: datetime, rules: ServiceRules) -> Change:
    """A later signal of the machine about an open alert: it rises, and nothing in it falls.

    A signal that says nothing new changes nothing.
    """
    begins = signal.act_in_progress and not alert.act_in_progress
    fields: dict[str, Any] = {
        "level": max(alert.level, signal.level, key=lambda each: each.rank),
        "kinds": sorted({*alert.kinds, *signal.kinds}),
        "act_in_progress": alert.act_in_progress or signal.act_in_progress,
    }
    if begins and alert.assigned_kind is None:
        fields |= {"target": signal.target, "reason_zh": signal.reason_zh, "reason_en": signal.reason_en}
    if all(getattr(alert, name) == value for name, value in fields.items()):
        return Change(answer=alert)
    after = alert.model_copy(update={**fields, "version": alert.version + 1})
    kind = "act_began" if begins else "signs_added"
    if begins and alert.state is AlertState.PROPOSED:
        return _raised(after, kind, None, now, rules)
    return changed(after.model_copy(update={"steps": noted(after, kind, None, now)}), kind, MACHINE)


def asked_by_person(
    alert: Alert, actor: StaffId, facts: AlertFacts, now: datetime, rules: ServiceRules
) -> Change:
    """A person asks for help where an alert is already open: a proposal is confirmed, another is updated."""
    if alert.state is AlertState.PROPOSED:
        return confirm(alert, actor, facts, now, rules, version=alert.version)
    return update(alert, actor, facts, None, now, version=alert.version)


def follow_contact(alert: Alert, contact: Contact, now: datetime) -> Change:
    """The contact changed hands or ended: the alert says who is with the person now.

    When the conversation is over, the last counselor's name stays. A proposal that lost its counselor goes
    to the supervisor at once.
    """
    still = _in_contact(contact)
    counselor = contact.counselor_id if still else (contact.counselor_id or alert.counselor_id)
    if (counselor, still) == (alert.counselor_id, alert.still_in_contact):
        return NOTHING
    kind = _handed(alert.counselor_id, counselor) if still else "contact_ended"
    alert = alert.model_copy(
        update={
            "counselor_id": counselor,
            "still_in_contact": still,
            "version": alert.version + 1,
            "steps": noted(alert, kind, None, now),
        }
    )
    change = changed(alert, kind, MACHINE, counselor_id=counselor)
    if alert.state is AlertState.PROPOSED and alert.rung == 0 and counselor is None:
        return change.then(alert_ladder.climbed(alert, now))
    return change


def _handed(before: StaffId | None, now: StaffId | None) -> str:
    if now is None:
        return "contact_waits"
    return "contact_taken" if before is None else "contact_moved"


def _in_contact(contact: Contact) -> bool:
    return contact.state in (ContactState.WAITING, ContactState.ACTIVE)


# What people do -------------------------------------------------------------------------------------


def told(alert: Alert, facts: AlertFacts) -> dict[str, Any]:
    """The facts that say something new."""
    said = facts.model_dump(exclude_none=True, include=set(AlertFacts.model_fields))
    return {name: value for name, value in said.items() if getattr(alert, name) != value}


def confirm(
    alert: Alert, actor: StaffId, facts: AlertFacts, now: datetime, rules: ServiceRules, *, version: int
) -> Change:
    if alert.state is not AlertState.PROPOSED and alert.raised_by not in (None, actor):
        raise Taken("Somebody else has confirmed it already.", by=alert.raised_by)
    fields = told(alert, facts)
    if not ready(alert, Move.CONFIRM, actor, version, stands=not fields):
        return Change(answer=alert)
    return _raised(alert, Move.CONFIRM, actor, now, rules, version=alert.version + 1, **fields)


def dismiss(alert: Alert, actor: StaffId, reason: str, now: datetime, *, version: int) -> Change:
    if not ready(alert, Move.DISMISS, actor, version, reason):
        return Change(answer=alert)
    return made(alert, Move.DISMISS, actor, now, reason, cancel_reason=reason)


def acknowledge(alert: Alert, actor: StaffId, now: datetime, *, version: int) -> Change:
    """One winner: who comes second hears who was first."""
    if alert.state is not AlertState.RAISED and alert.acknowledged_by not in (None, actor):
        raise Taken("Somebody else has acknowledged it already.", by=alert.acknowledged_by)
    if not ready(alert, Move.ACKNOWLEDGE, actor, version):
        return Change(answer=alert)
    return made(alert, Move.ACKNOWLEDGE, actor, now, acknowledged_by=actor)


def decline(
    alert: Alert, actor: StaffId, reason: str, now: datetime, *, version: int, by_those_sent: bool = False
) -> Change:
    """Not I: the next rung rings at once. Who had acknowledged gives it back; who was assigned, too, also when they
    had not left in time and it rings again (`by_those_sent`): nobody is to count on them any more."""
    if not ready(alert, Move.DECLINE, actor, version, reason):
        return Change(answer=alert)
    gave_back = {} if alert.state is AlertState.RAISED else {"acknowledged_by": None}
    if by_those_sent or alert.state is AlertState.ASSIGNED:
        gave_back |= {"assigned_kind": None, "assigned_id": None, "assigned_zh": None, "assigned_en": None}
    declined_by = sorted({*alert.declined_by, actor})
    change = made(alert, Move.DECLINE, actor, now, reason, declined_by=declined_by, **gave_back)
    return change.then(alert_ladder.climbed(change.answer, now))


def update(
    alert: Alert, actor: StaffId, facts: AlertFacts, note: str | None, now: datetime, *, version: int
) -> Change:
    """Later facts, for those who are on their way."""
    fields = told(alert, facts)
    if (not fields and not note) or not ready(alert, Move.UPDATE, actor, version, note, stands=not fields):
        return Change(answer=alert)
    return made(alert, Move.UPDATE, actor, now, note, {"fields": sorted(fields)}, **fields)


def cancel(alert: Alert, actor: StaffId, reason: str, now: datetime, *, version: int) -> Change:
    if not ready(alert, Move.CANCEL, actor, version, reason):
        return Change(answer=alert)
    return made(alert, Move.CANCEL, actor, now, reason, cancel_reason=reason)


def close(
    alert: Alert, actor: StaffId, outcome: Outcome, note: str | None, now: datetime, *, version: int
) -> Change:
    if not ready(alert, Move.CLOSE, actor, version, note, stands=alert.outcome is outcome):
        return Change(answer=alert)
    return made(alert, Move.CLOSE, actor, now, note, {"outcome": outcome}, outcome=outcome)
