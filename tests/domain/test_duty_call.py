"""Who on duty an alert calls, and when the duty telephone is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hotline.domain import alert_ladder, duty_call
from hotline.domain.alerts import Alert, AlertSource, AlertState
from hotline.domain.change import Change
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import AlertId, ContactId, StaffId
from hotline.domain.service_rules import ServiceRules
from hotline.domain.shifts import NO_ROTA, DutyRole, Rota
from triage.assessment import Level
from triage.policy import AlertTarget

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
RULES = ServiceRules()
LI, WANG, ZHAO, BOSS = (StaffId(f"stf_{name}") for name in ("li", "wang", "zhao", "boss"))
EVERY_ROLE = frozenset(DutyRole)


def on(
    *, dispatchers: tuple[StaffId, ...] = (), supervisors: tuple[StaffId, ...] = (), phone: bool = True
) -> Rota:
    people = {DutyRole.DISPATCHER: dispatchers, DutyRole.SUPERVISOR: supervisors}
    return Rota(EVERY_ROLE, people, phone)


def raised() -> Alert:
    return Alert(
        id=AlertId("alr_1"),
        contact_id=ContactId("con_1"),
        state=AlertState.RAISED,
        source=AlertSource.TRIAGE,
        target=AlertTarget.POLICE,
        level=Level.IMMINENT,
        created_at=NOW,
        state_since=NOW,
        clock_at=NOW,
        ladder=alert_ladder.responders(RULES, False),
        clocks=alert_ladder.clocks(RULES, False),
        notified=["dispatcher"],
    )


def rung(alert: Alert, rota: Rota) -> tuple[Alert, Change]:
    change = alert_ladder.by_duty(alert, NOW, rota)
    return change.answer or alert, change


def climbed(alert: Alert, rota: Rota) -> tuple[Alert, Change]:
    return rung(alert_ladder.climbed(alert, NOW).answer, rota)


def role_of(alert: Alert) -> str:
    role: str = alert.ladder[alert.rung]["role"]
    return role


def test_those_on_duty_are_called_in_their_order_then_the_supervisors_then_everyone_and_the_telephone() -> (
    None
):
    rota = on(dispatchers=(LI, WANG, ZHAO), supervisors=(BOSS,))
    called, owed = [], []
    alert, change = rung(raised(), rota)
    for _ in range(4):
        called.append((role_of(alert), list(alert.called)))
        owed.append(len(change.effects))
        alert, change = climbed(alert, rota)
    assert called == [
        ("dispatcher", [LI]),
        ("next_dispatcher", [LI, WANG]),
        ("supervisor", [LI, WANG, BOSS]),
        ("everyone", [LI, WANG, BOSS]),
    ]
    assert owed == [0, 0, 0, 1]
    assert (role_of(alert), alert.called, alert.round) == ("dispatcher", [LI], 1)


def test_a_rung_where_nobody_stands_is_passed_over_at_once() -> None:
    alert, _ = rung(raised(), on(supervisors=(BOSS,)))
    assert (role_of(alert), alert.called) == ("supervisor", [BOSS])
    assert [each["kind"] for each in alert.steps] == ["nobody_dispatcher", "nobody_next_dispatcher"]
    assert {"dispatcher", "next_dispatcher", "supervisor"} <= set(alert.notified)
    one, _ = climbed(rung(raised(), on(dispatchers=(LI,), supervisors=(BOSS,)))[0], on(supervisors=(BOSS,)))
    assert role_of(one) == "supervisor"


def test_who_passed_it_on_is_not_called_again() -> None:
    alert, _ = rung(raised().model_copy(update={"declined_by": [LI]}), on(dispatchers=(LI, WANG)))
    assert alert.called == [WANG]


def test_nobody_at_all_means_everyone_and_the_telephone_at_once() -> None:
    alert, change = rung(raised(), on())
    assert role_of(alert) == "everyone"
    assert [(each.kind, each.payload) for each in change.effects] == [
        ("tell_duty_number", {"alert_id": "alr_1"})
    ]
    assert rung(raised(), on(phone=False))[1].effects == ()


def test_the_telephone_is_told_in_the_first_rounds_only_and_once_in_each() -> None:
    alert, change = rung(raised(), on())
    keys = [each.key for each in change.effects]
    for _ in range(6):
        alert, change = climbed(alert, on())
        keys.extend(each.key for each in change.effects)
    assert len(keys) == len(set(keys)) == 3


def test_without_a_roster_the_ladder_is_the_whole_role_s() -> None:
    alert, change = rung(raised(), NO_ROTA)
    assert alert == raised()
    assert change == Change()
    assert (
        alert_ladder.by_duty(raised().model_copy(update={"state": AlertState.ACKNOWLEDGED}), NOW, on())
        == Change()
    )


@pytest.mark.parametrize("span", range(1, 8))
def test_every_alert_that_rings_has_a_deadline_whoever_is_on_duty(span: int) -> None:
    rotas = [NO_ROTA, on(), on(dispatchers=(LI,)), on(supervisors=(BOSS,))]
    alert, now = raised(), NOW
    for step in range(span * 3):
        rota = rotas[(step * span) % len(rotas)]
        alert = alert_ladder.by_duty(alert, now, rota).answer or alert
        change = alert_ladder.on_deadline(alert, now + timedelta(minutes=5), RULES)
        alert, now = change.answer, now + timedelta(minutes=5)
        assert 0 <= alert.rung < len(alert.ladder)


def waiting(level: Level, wait_rung: int) -> Contact:
    return Contact(
        id=ContactId("con_1"),
        channel=Channel.CHAT,
        opened_at=NOW,
        waiting_since=NOW,
        level=level,
        wait_rung=wait_rung,
    )


def test_a_wait_while_nobody_is_on_duty_is_told_outside() -> None:
    planned = {DutyRole.COUNSELOR: (LI,)}
    nobody, absent = on(), Rota(EVERY_ROLE, planned, has_duty_number=True)
    somebody = Rota(EVERY_ROLE, planned, True, {DutyRole.COUNSELOR: frozenset((LI,))})
    assert duty_call.about_waiting(waiting(Level.LOW, 1), absent), "a plan alone answers no call"
    assert not duty_call.about_waiting(waiting(Level.LOW, 0), absent), "their time is not over"
    assert duty_call.about_waiting(waiting(Level.LOW, 1), nobody)
    assert not duty_call.about_waiting(waiting(Level.LOW, 5), somebody)
    assert not duty_call.about_waiting(waiting(Level.HIGH, 1), somebody)
    assert duty_call.about_waiting(waiting(Level.HIGH, 2), somebody)
    assert not duty_call.about_waiting(waiting(Level.HIGH, 2), on(phone=False))
    answered = waiting(Level.HIGH, 2).model_copy(update={"state": ContactState.ACTIVE})
    assert not duty_call.about_waiting(answered, nobody)


def rota(planned: set[DutyRole], at_work: dict[DutyRole, tuple[StaffId, ...]]) -> Rota:
    people = {DutyRole.COUNSELOR: (LI,), DutyRole.SUPERVISOR: (BOSS,)}
    here = {role: frozenset(who) for role, who in at_work.items()}
    return Rota(frozenset(planned), {each: people[each] for each in planned}, at_work=here)


def test_on_duty_is_who_is_planned_and_at_work() -> None:
    counselors, supervisors = DutyRole.COUNSELOR, DutyRole.SUPERVISOR
    both = {counselors, supervisors}
    assert rota(both, {counselors: (LI,)}).takes_contacts()
    assert not rota(both, {}).takes_contacts()
    assert rota(both, {counselors: (WANG,)}).takes_contacts(), "not planned now, and there all the same"
    assert rota(both, {counselors: (BOSS,)}).takes_contacts(), "planned as supervisor, with both roles"
    assert rota(set(), {counselors: (WANG,)}).takes_contacts(), "without a roster everybody is meant"
    assert rota({counselors}, {supervisors: (BOSS,)}).takes_contacts(), "no roster of supervisors"
    assert not NO_ROTA.takes_contacts()
    assert rota(both, {counselors: (LI,)}).absent() == (BOSS,)


def test_whoever_is_absent_is_told_once_an_hour() -> None:
    first = duty_call.about_absent((LI, WANG), NOW)
    again = duty_call.about_absent((LI,), NOW + timedelta(minutes=59))
    assert [each.payload for each in first] == [{"staff_id": LI}, {"staff_id": WANG}]
    assert first[0].key == again[0].key != duty_call.about_absent((LI,), NOW + timedelta(hours=1))[0].key
