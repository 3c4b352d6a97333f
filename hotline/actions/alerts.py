"""Alerts: signals of the machine (parts of other decisions), and what people do with an alert.

`signal` and `on_contact_changed` are called inside the decisions of contacts and school reports: they return a
`Change` and write nothing themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hotline.actions import duty_telling, school_reports
from hotline.actions.deadlines import when_due
from hotline.domain import access, alert_ladder, alert_moves, alerts, contact_moves, dispatch
from hotline.domain.access import Actor, Permission
from hotline.domain.alerts import Alert, AlertFacts, AlertSource, AlertState, Outcome, ResponderKind
from hotline.domain.change import NOTHING, Change, Event
from hotline.domain.contacts import Contact
from hotline.domain.dispatch import Team, TeamId
from hotline.domain.ids import AlertId, ContactId, StaffId
from hotline.errors import FieldProblem, Invalid, NotFound
from hotline.storage.working_set import Loaded, Need
from triage.policy import AlertTarget, Proposal

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.service import Hotline

P = Permission


# Parts of other decisions ---------------------------------------------------------------------------


def open_alert_of(loaded: Loaded, contact_id: ContactId) -> Alert | None:
    """The one open alert of a contact."""
    known = loaded.where(Alert, "contact_id", contact_id)
    return next((each for each in reversed(known) if each.state in alerts.OPEN), None)


def signal(loaded: Loaded, contact: Contact, proposal: Proposal, source: AlertSource | str) -> Change:
    """What policy proposes for this contact: the open alert rises by it, or a new one comes into being.

    `contact` is the contact as it is about to be saved; a new alert saves it again with its `alert_id`, so put
    this change after the contact's own. Call it for what is new (this turn, this answer), not for a level that
    merely stands: after an alert has ended, a signal opens a new one.
    """
    asked = alert_moves.signal_of(contact, proposal, AlertSource(source))
    known = open_alert_of(loaded, contact.id)
    if known is not None:
        return _told(loaded, alert_moves.signalled(known, asked, loaded.now, loaded.rules))
    alert_id = AlertId(loaded.new_id("alr"))
    opened = alert_moves.open_alert(alert_id, contact, asked, loaded.now, loaded.rules)
    return _told(loaded, opened.then(_linked(contact, opened.answer)))


def _told(loaded: Loaded, change: Change) -> Change:
    """With what follows from an alert that moved: who on duty is called, and the school that reported it sees how
    far help has come."""
    if _last(change) is None:
        return change
    change = change.then(_by_duty(loaded, change))
    moved = [each for each in change.save if isinstance(each, Alert)]
    return change.then(school_reports.on_alert_changed(loaded, moved[-1], loaded.now))


def _by_duty(loaded: Loaded, change: Change) -> Change:
    """Answers the alert as it stands at the end, where the alert was the answer."""
    alert = _last(change)
    rang = any(each.noun == "alert" and "rung" in each.facts for each in change.events)
    rung = alert_ladder.by_duty(alert, loaded.now, loaded.rota) if alert is not None and rang else NOTHING
    clock = duty_telling.clock_begins(loaded, rung.effects)
    rung = rung.then(clock).answering(rung.answer)
    return rung if isinstance(change.answer, Alert) else rung.answering(None)


def _last(change: Change) -> Alert | None:
    return next((each for each in reversed(change.save) if isinstance(each, Alert)), None)


def _linked(contact: Contact, alert: Alert) -> Change:
    contact = contact_moves.moved(contact, alert_id=alert.id)
    event = Event("contact", "alert_opened", contact.id, alert.raised_by or "machine", {"alert_id": alert.id})
    return Change((contact,), (event,))


def on_contact_changed(loaded: Loaded, contact: Contact, now: datetime) -> Change:
    """The contact got, lost or changed its counselor, or ended: its open alert says so."""
    alert = loaded.find(Alert, contact.alert_id) if contact.alert_id is not None else None
    if alert is None or alert.state not in alerts.OPEN:
        return NOTHING
    return _told(loaded, alert_moves.follow_contact(alert, contact, now))


# Raising ----------------------------------------------------------------------------------------------


async def raise_alert(
    hotline: Hotline,
    actor: Actor,
    contact_id: ContactId,
    facts: AlertFacts,
    *,
    idempotency_key: str | None = None,
) -> tuple[Alert, bool]:
    """A person asks for help: a new alert (True), or the open one confirmed or updated (False)."""
    access.require(actor, P.ALERT_RAISE)
    target = facts.target
    if target is None or facts.what is None:
        raise Invalid("An alert says who is to go, and why.", fields=_missing(facts))

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        access.require_serving(actor, contact)
        alert_id = AlertId(loaded.id_of("alr", idempotency_key, actor.staff_id))
        made = loaded.find(Alert, alert_id)
        if made is not None:
            access.require_alert(actor, made)
            return Change(answer=(made, False))
        known = open_alert_of(loaded, contact_id)
        if known is not None:
            change = alert_moves.asked_by_person(known, actor.staff_id, facts, loaded.now, loaded.rules)
            told = _told(loaded, change)
            return told.answering((_last(told) or change.answer, False))
        asked = _asked(contact, actor, target)
        change = alert_moves.open_alert(alert_id, contact, asked, loaded.now, loaded.rules, facts)
        told = _told(loaded, change.then(_linked(contact, change.answer)))
        return told.answering((_last(told), True))

    answer: tuple[Alert, bool] = await hotline.writer.run(
        decide, Need(Contact, contact_id), Need(Alert, contact_id, "contact_id")
    )
    return answer


def _missing(facts: AlertFacts) -> tuple[FieldProblem, ...]:
    return tuple(
        FieldProblem(name, "is needed") for name in ("target", "what") if getattr(facts, name) is None
    )


def _asked(contact: Contact, actor: Actor, target: AlertTarget) -> alert_moves.Signal:
    supervising = actor.may(P.CONTACT_SUPERVISE)
    return alert_moves.Signal(
        AlertSource.SUPERVISOR if supervising else AlertSource.COUNSELOR,
        target,
        contact.level,
        tuple(contact.kinds),
        contact.act_in_progress,
        raised_by=actor.staff_id,
    )


# Moves ------------------------------------------------------------------------------------------------

Decide = Callable[[Loaded, Alert], Change]


async def _move(hotline: Hotline, alert_id: AlertId, decide_alert: Decide) -> Alert:
    def decide(loaded: Loaded) -> Change:
        return _told(loaded, decide_alert(loaded, loaded.get(Alert, alert_id)))

    alert: Alert = await hotline.writer.run(decide, Need(Alert, alert_id))
    return alert


async def confirm(
    hotline: Hotline, actor: Actor, alert_id: AlertId, *, version: int, facts: AlertFacts
) -> Alert:
    """A named person confirms a proposal; from here on the board rings."""
    access.require(actor, P.ALERT_RAISE, P.ALERT_DISPATCH)

    def decide(loaded: Loaded, alert: Alert) -> Change:
        access.require_alert(actor, alert)
        return alert_moves.confirm(alert, actor.staff_id, facts, loaded.now, loaded.rules, version=version)

    return await _move(hotline, alert_id, decide)


async def dismiss(hotline: Hotline, actor: Actor, alert_id: AlertId, *, version: int, reason: str) -> Alert:
    access.require(actor, P.ALERT_RAISE)

    def decide(loaded: Loaded, alert: Alert) -> Change:
        access.require_alert(actor, alert)
        return alert_moves.dismiss(alert, actor.staff_id, reason, loaded.now, version=version)

    return await _move(hotline, alert_id, decide)


async def acknowledge(hotline: Hotline, actor: Actor, alert_id: AlertId, *, version: int) -> Alert:
    access.require(actor, P.ALERT_DISPATCH)
    return await _move(
        hotline,
        alert_id,
        lambda loaded, alert: alert_moves.acknowledge(alert, actor.staff_id, loaded.now, version=version),
    )


async def decline(hotline: Hotline, actor: Actor, alert_id: AlertId, *, version: int, reason: str) -> Alert:
    """A dispatcher, or the team that was assigned: not I; the next rung rings."""

    def decide(loaded: Loaded, alert: Alert) -> Change:
        access.require_responding(actor, alert)
        sent = not actor.may(P.ALERT_DISPATCH)
        return alert_moves.decline(
            alert, actor.staff_id, reason, loaded.now, version=version, by_those_sent=sent
        )

    return await _move(hotline, alert_id, decide)


async def assign(
    hotline: Hotline, actor: Actor, alert_id: AlertId, *, version: int, team_id: TeamId
) -> Alert:
    access.require(actor, P.ALERT_DISPATCH)

    def decide(loaded: Loaded, alert: Alert) -> Change:
        team = loaded.get(Team, team_id)
        return dispatch.assign(alert, team, actor.staff_id, loaded.now, version=version)

    return await _move(hotline, alert_id, decide)


async def hand_over_to_police(hotline: Hotline, actor: Actor, alert_id: AlertId, *, version: int) -> Alert:
    """To the desk of the alert's district, else to the first one, else to whoever has the desk's role."""
    access.require(actor, P.ALERT_DISPATCH)

    def decide(loaded: Loaded, alert: Alert) -> Change:
        desks = loaded.where(Team, "kind", ResponderKind.POLICE_DESK)
        desk = next((each for each in desks if each.district == alert.district), desks[0] if desks else None)
        return dispatch.hand_over_to_police(alert, desk, actor.staff_id, loaded.now, version=version)

    return await _move(hotline, alert_id, decide)


_Gone = Callable[[Alert, StaffId, "datetime", int], Change]


async def _respond(hotline: Hotline, actor: Actor, alert_id: AlertId, version: int, move: _Gone) -> Alert:
    def decide(loaded: Loaded, alert: Alert) -> Change:
        access.require_responding(actor, alert)
        return move(alert, actor.staff_id, loaded.now, version)

    return await _move(hotline, alert_id, decide)


async def en_route(hotline: Hotline, actor: Actor, alert_id: AlertId, *, version: int) -> Alert:
    return await _respond(
        hotline,
        actor,
        alert_id,
        version,
        lambda alert, by, now, v: dispatch.en_route(alert, by, now, version=v),
    )


async def on_scene(hotline: Hotline, actor: Actor, alert_id: AlertId, *, version: int) -> Alert:
    return await _respond(
        hotline,
        actor,
        alert_id,
        version,
        lambda alert, by, now, v: dispatch.on_scene(alert, by, now, version=v),
    )


async def confirm_contact(
    hotline: Hotline, actor: Actor, alert_id: AlertId, *, version: int, note: str | None = None
) -> Alert:
    return await _respond(
        hotline,
        actor,
        alert_id,
        version,
        lambda alert, by, now, v: dispatch.confirm_contact(alert, by, note, now, version=v),
    )


async def handed_over(
    hotline: Hotline, actor: Actor, alert_id: AlertId, *, version: int, note: str | None = None
) -> Alert:
    return await _respond(
        hotline,
        actor,
        alert_id,
        version,
        lambda alert, by, now, v: dispatch.handed_over(alert, by, note, now, version=v),
    )


async def close(
    hotline: Hotline,
    actor: Actor,
    alert_id: AlertId,
    *,
    version: int,
    outcome: Outcome,
    note: str | None = None,
) -> Alert:
    return await _respond(
        hotline,
        actor,
        alert_id,
        version,
        lambda alert, by, now, v: alert_moves.close(alert, by, outcome, note, now, version=v),
    )


async def cancel(hotline: Hotline, actor: Actor, alert_id: AlertId, *, version: int, reason: str) -> Alert:

    def decide(loaded: Loaded, alert: Alert) -> Change:
        access.require_cancelling(actor, alert)
        return alert_moves.cancel(alert, actor.staff_id, reason, loaded.now, version=version)

    return await _move(hotline, alert_id, decide)


async def update(
    hotline: Hotline,
    actor: Actor,
    alert_id: AlertId,
    *,
    version: int,
    facts: AlertFacts,
    note: str | None = None,
) -> Alert:
    """Later facts for those who go, from whoever sees the alert."""

    def decide(loaded: Loaded, alert: Alert) -> Change:
        access.require_alert(actor, alert)
        return alert_moves.update(alert, actor.staff_id, facts, note, loaded.now, version=version)

    return await _move(hotline, alert_id, decide)


on_deadline = when_due(
    Alert, lambda loaded, alert: _told(loaded, alert_ladder.on_deadline(alert, loaded.now, loaded.rules))
)
"""A clock ran out: rings on, comes back to the board, or asks again."""


# Reading -----------------------------------------------------------------------------------------------


async def find(hotline: Hotline, actor: Actor, alert_id: AlertId) -> Alert:
    alert = await hotline.reader.find(Alert, alert_id)
    if alert is None:
        raise NotFound("There is no such alert.")
    access.require_alert(actor, alert)
    return alert


LATEST = 200  # of those that are over; older ones are found from their contacts


async def visible(hotline: Hotline, actor: Actor, *, only_open: bool) -> list[Alert]:
    """Open ones by the time that is left, then (if asked) the latest that are over."""
    access.require(actor, P.ALERT_READ, P.ALERT_RESPOND, P.ALERT_POLICE)
    column = hotline.reader.table(Alert).c
    running = await hotline.reader.where(Alert, column.state.in_(sorted(alerts.OPEN)))
    over: list[Alert] = []
    if not only_open:
        over = await hotline.reader.where(
            Alert, column.state.not_in(sorted(alerts.OPEN)), order=(column.created_at.desc(),), limit=LATEST
        )
    running.sort(key=_time_left)
    return [each for each in (*running, *over) if access.may_read_alert(actor, each)]


def _time_left(alert: Alert) -> tuple[bool, datetime]:
    """Proposals after what has been raised."""
    step = alerts.next_step(alert)
    return (alert.state is AlertState.PROPOSED, step.at if step else alert.created_at)
