"""Alerts in every state, for the tests of their moves and laws."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hotline.domain import alert_ladder, alert_moves, alerts, dispatch
from hotline.domain.alerts import (
    Alert,
    AlertSource,
    ResponderKind,
)
from hotline.domain.change import Change
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.dispatch import Team, TeamId
from hotline.domain.ids import AlertId, ContactId, StaffId
from hotline.domain.service_rules import ServiceRules
from triage.assessment import Level
from triage.policy import AlertTarget

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
RULES = ServiceRules()
COUNSELOR, OTHER, DISPATCHER, SECOND = (StaffId(f"stf_{each}") for each in ("anna", "ben", "chen", "deng"))
TEAM = Team(id=TeamId("tea_1"), kind=ResponderKind.CRISIS_TEAM, name_zh="危机干预队", name_en="Crisis team")
DESK = Team(id=TeamId("tea_2"), kind=ResponderKind.POLICE_DESK, name_zh="接警台", name_en="Police desk")


def contact(**fields: Any) -> Contact:
    made = Contact(
        id=ContactId("con_1"),
        channel=Channel.CALL,
        state=ContactState.ACTIVE,
        opened_at=NOW,
        counselor_id=COUNSELOR,
        number="+8613900000000",
        level=Level.IMMINENT,
        kinds=["suicide"],
    )
    return made.model_copy(update=fields)


def signal(*, act: bool = False, kinds: tuple[str, ...] = ("suicide",), **fields: Any) -> alert_moves.Signal:
    target = AlertTarget.AMBULANCE if act else AlertTarget.CRISIS_TEAM
    given = {"source": AlertSource.TRIAGE, "target": target, "level": Level.IMMINENT} | fields
    return alert_moves.Signal(kinds=kinds, act_in_progress=act, **given)


def opened(asked: alert_moves.Signal | None = None, held: Contact | None = None) -> Alert:
    change = alert_moves.open_alert(AlertId("alr_1"), held or contact(), asked or signal(), NOW, RULES)
    alert: Alert = change.answer
    return alert


def raised() -> Alert:
    return opened(signal(act=True))


def after(alert: Alert, *moves: Callable[[Alert], Change]) -> Alert:
    for move in moves:
        alert = move(alert).answer
    return alert


def acknowledged(alert: Alert | None = None) -> Alert:
    alert = alert or raised()
    return after(alert, lambda each: alert_moves.acknowledge(each, DISPATCHER, NOW, version=each.version))


def assigned(team: Team = TEAM) -> Alert:
    return after(
        acknowledged(), lambda each: dispatch.assign(each, team, DISPATCHER, NOW, version=each.version)
    )


def due_at(alert: Alert) -> datetime:
    step = alerts.next_step(alert)
    assert step is not None
    return step.at


def run_out(alert: Alert, times: int = 1) -> Alert:
    """The clock runs out, so many times."""
    for _ in range(times):
        alert = alert_ladder.on_deadline(alert, due_at(alert), RULES).answer
    return alert
