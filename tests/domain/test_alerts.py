"""An alert's laws over random histories, and its moves one by one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hotline.domain import alert_ladder, alert_moves, alerts, dispatch
from hotline.domain.access import (
    ALERTS,
    POLICE_DESK,
    SUPERVISION,
    alert_audience,
    organisation_topic,
    staff_topic,
)
from hotline.domain.alerts import (
    MOVES,
    OPEN,
    Alert,
    AlertFacts,
    AlertSource,
    AlertState,
    Move,
    Outcome,
    ResponderKind,
)
from hotline.domain.change import MACHINE, Change, Due
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.dispatch import Team, TeamId
from hotline.domain.ids import AlertId, ContactId, StaffId
from hotline.domain.service_rules import LadderRung, ServiceRules
from hotline.errors import HotlineError, StaleVersion, Taken, WrongState
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


# The table ------------------------------------------------------------------------------------------


def test_every_move_leaves_open_states_only() -> None:
    assert set(MOVES) == set(Move)
    for move, (states, to) in MOVES.items():
        assert states <= OPEN, move
        assert states, move
        assert to is None or isinstance(to, AlertState)


def test_every_state_is_reached_and_left_as_the_table_says() -> None:
    reached = {to for _, to in MOVES.values() if to is not None} | {AlertState.PROPOSED}
    assert reached == set(AlertState)


# Proposals ------------------------------------------------------------------------------------------


def test_a_proposal_asks_the_counselor_then_the_supervisor_then_everyone_again_and_again() -> None:
    alert = opened()
    assert alert.state is AlertState.PROPOSED
    assert alerts.next_step(alert) == Due("confirm", NOW + timedelta(seconds=60))
    roles = [alert.ladder[alert.rung]["role"]]
    for _ in range(4):
        alert = run_out(alert)
        roles.append(alert.ladder[alert.rung]["role"])
    assert roles == ["counselor", "supervisor", "everyone", "everyone", "everyone"]
    assert alert.notified == ["counselor", "supervisor", "everyone"]
    assert alert.state is AlertState.PROPOSED  # a machine confirms nothing


def test_without_a_counselor_the_supervisor_is_asked_at_once() -> None:
    alert = opened(held=contact(state=ContactState.WAITING, counselor_id=None))
    assert alert.notified == ["supervisor"]
    assert due_at(alert) == NOW + RULES.confirm_alert_within


def test_a_proposal_that_loses_its_counselor_goes_to_the_supervisor_at_once() -> None:
    alert = opened()
    lost = contact(state=ContactState.WAITING, counselor_id=None)
    alert = alert_moves.follow_contact(alert, lost, NOW + timedelta(seconds=10)).answer
    assert alert.ladder[alert.rung]["role"] == "supervisor"
    assert alert.counselor_id is None
    assert alert.still_in_contact


def test_an_act_in_progress_goes_to_the_board_at_once() -> None:
    alert = raised()
    assert alert.state is AlertState.RAISED
    assert alert.raised_by is None
    assert alert.notified == ["dispatcher"]
    assert alert.target is AlertTarget.AMBULANCE


def test_a_proposal_is_raised_when_the_act_begins() -> None:
    alert = alert_moves.signalled(opened(), signal(act=True, kinds=("overdose",)), NOW, RULES).answer
    assert alert.state is AlertState.RAISED
    assert alert.kinds == ["overdose", "suicide"]
    assert alert.target is AlertTarget.AMBULANCE
    assert alert.version == 2


def test_the_same_signal_twice_changes_nothing() -> None:
    for alert in (opened(), raised(), assigned()):
        asked = signal(act=alert.act_in_progress)
        change = alert_moves.signalled(alert, asked, NOW, RULES)
        assert change == Change(answer=alert)


def test_a_later_signal_lowers_nothing_and_redirects_nobody_who_was_sent() -> None:
    alert = after(assigned(), lambda each: Change(answer=each.model_copy(update={"act_in_progress": False})))
    after_it = alert_moves.signalled(alert, signal(act=True, target=AlertTarget.POLICE), NOW, RULES).answer
    assert after_it.act_in_progress
    assert after_it.target is alert.target
    assert after_it.state is AlertState.ASSIGNED
    assert due_at(after_it) == due_at(alert)


def test_confirming_keeps_the_name_and_the_facts() -> None:
    facts = AlertFacts(target=AlertTarget.POLICE, what="在桥上", danger_to_others=False)
    change = alert_moves.confirm(opened(), COUNSELOR, facts, NOW, RULES, version=1)
    alert: Alert = change.answer
    assert (alert.state, alert.raised_by, alert.target) == (AlertState.RAISED, COUNSELOR, AlertTarget.POLICE)
    assert alert.what == "在桥上"
    assert "在桥上" not in str(change.events)
    with pytest.raises(Taken) as refused:
        alert_moves.confirm(alert, OTHER, AlertFacts(), NOW, RULES, version=1)
    assert refused.value.by == COUNSELOR


# The ladder -----------------------------------------------------------------------------------------


def test_the_ladder_rings_every_rung_once_a_round_for_ever() -> None:
    alert = raised()
    rungs = [(alert.round, alert.rung)]
    times = [NOW]
    for _ in range(11):
        times.append(due_at(alert))
        alert = run_out(alert)
        rungs.append((alert.round, alert.rung))
    assert rungs == [(turn, rung) for turn in range(3) for rung in range(4)]
    spans = [(later - earlier).seconds for earlier, later in pairwise(times)]
    assert spans[:8] == [60, 45, 45, 60] * 2
    assert alert.version == raised().version  # ringing changes nothing that somebody decides about


def test_an_alert_climbs_the_ladder_it_was_raised_with() -> None:
    alert = raised()
    changed_rules = ServiceRules(alert_ladder=(LadderRung("nobody", timedelta(days=1)),))
    alert = alert_ladder.on_deadline(alert, due_at(alert), changed_rules).answer
    assert alert.ladder[alert.rung]["role"] == "next_dispatcher"


def test_an_empty_ladder_still_rings_somebody() -> None:
    asked, rules = signal(act=True), ServiceRules(alert_ladder=())
    alert: Alert = alert_moves.open_alert(AlertId("alr_1"), contact(), asked, NOW, rules).answer
    assert alert.notified == ["dispatcher"]
    assert run_out(alert).rung == 1


def test_a_deadline_that_has_not_come_does_nothing() -> None:
    alert = raised()
    early = alert_ladder.on_deadline(alert, due_at(alert) - timedelta(seconds=1), RULES)
    assert early == Change(answer=alert)


def test_declining_rings_the_next_rung_at_once() -> None:
    alert = alert_moves.decline(raised(), DISPATCHER, "在外出警", NOW, version=1).answer
    assert alert.rung == 1
    assert alert.declined_by == [DISPATCHER]
    assert due_at(alert) == NOW + timedelta(seconds=45)


def test_who_gives_it_back_is_not_rung_again_before_the_others() -> None:
    alert = acknowledged()
    alert = alert_moves.decline(alert, DISPATCHER, "交班", NOW, version=alert.version).answer
    assert (alert.state, alert.acknowledged_by, alert.rung) == (AlertState.RAISED, None, 1)


# Acknowledged, assigned, on the way -----------------------------------------------------------------


def test_two_acknowledge_and_one_wins() -> None:
    alert = acknowledged()
    with pytest.raises(Taken) as refused:
        alert_moves.acknowledge(alert, SECOND, NOW, version=1)
    assert refused.value.by == DISPATCHER
    assert alert_moves.acknowledge(alert, DISPATCHER, NOW, version=1) == Change(answer=alert)  # asked again


def test_a_stale_look_is_refused() -> None:
    alert = acknowledged()
    with pytest.raises(StaleVersion):
        dispatch.assign(alert, TEAM, DISPATCHER, NOW, version=alert.version - 1)


def test_acknowledged_but_not_assigned_rings_again() -> None:
    alert = run_out(acknowledged())
    assert (alert.state, alert.acknowledged_by, alert.round, alert.rung) == (AlertState.RAISED, None, 1, 0)


def test_assigned_but_not_departed_is_back_on_the_board_and_the_team_may_still_go() -> None:
    alert = run_out(assigned())
    assert alert.state is AlertState.RAISED
    assert alert.assigned_id == TEAM.id
    alert = dispatch.en_route(alert, StaffId("stf_team"), NOW, version=alert.version).answer
    assert alert.state is AlertState.EN_ROUTE


def test_nobody_departs_who_was_not_assigned() -> None:
    alert = acknowledged()
    with pytest.raises(WrongState):
        dispatch.en_route(alert, DISPATCHER, NOW, version=alert.version)


def test_on_the_way_contact_is_asked_for_every_ten_minutes_and_lateness_is_told_once() -> None:
    alert = dispatch.en_route(assigned(), DISPATCHER, NOW, version=3).answer
    asked: list[tuple[str, int]] = []
    for _ in range(5):
        step = alerts.next_step(alert)
        assert step is not None
        asked.append((step.what, int((step.at - NOW).total_seconds() // 60)))
        alert = alert_ladder.on_deadline(alert, step.at, RULES).answer
    assert sorted(asked[2:4]) == [("arrive", 30), ("confirm_contact", 30)]
    assert [asked[0], asked[1], asked[4]] == [("confirm_contact", each) for each in (10, 20, 40)]
    later = NOW + timedelta(minutes=45)
    alert = dispatch.confirm_contact(alert, DISPATCHER, None, later, version=alert.version).answer
    assert due_at(alert) == later + timedelta(minutes=10)


def test_from_the_scene_to_the_outcome() -> None:
    team = StaffId("stf_team")
    alert = after(
        assigned(),
        lambda each: dispatch.en_route(each, team, NOW, version=each.version),
        lambda each: dispatch.on_scene(each, team, NOW, version=each.version),
        lambda each: dispatch.handed_over(each, team, "送市二院", NOW, version=each.version),
    )
    assert due_at(alert) == NOW + RULES.close_alert_within
    with pytest.raises(WrongState):
        alert_moves.cancel(alert, DISPATCHER, "误报", NOW, version=alert.version)
    alert = alert_moves.close(alert, team, Outcome.TO_HOSPITAL, None, NOW, version=alert.version).answer
    assert (alert.state, alert.outcome, alert.ended_at) == (AlertState.CLOSED, Outcome.TO_HOSPITAL, NOW)
    assert alerts.next_step(alert) is None
    kinds = [each["kind"] for each in alert.steps]
    assert kinds == ["raised", "acknowledged", "assigned", "en_route", "on_scene", "handed_over", "closed"]


def test_another_team_replaces_the_first_and_gets_its_own_time() -> None:
    later = NOW + timedelta(minutes=4)
    alert = assigned()
    alert = dispatch.hand_over_to_police(alert, DESK, DISPATCHER, later, version=alert.version).answer
    assert (alert.assigned_kind, alert.target) == (ResponderKind.POLICE_DESK, AlertTarget.POLICE)
    assert due_at(alert) == later + RULES.depart_within


def test_when_the_conversation_ends_the_counselors_name_stays() -> None:
    alert = raised()
    over = contact(state=ContactState.WRAP_UP)
    alert = alert_moves.follow_contact(alert, over, NOW).answer
    assert (alert.counselor_id, alert.still_in_contact) == (COUNSELOR, False)
    assert alert_moves.follow_contact(alert, contact(state=ContactState.CLOSED), NOW) == Change()


# Who sees it ----------------------------------------------------------------------------------------


def test_a_proposal_is_not_yet_on_the_board() -> None:
    alert = opened()
    assert alert_audience(alert) == (SUPERVISION, staff_topic(COUNSELOR))
    assert ALERTS in alert_audience(run_out(alert, 2))


def test_those_who_go_see_it_only_when_it_is_given_to_them() -> None:
    to_police = opened(signal(act=True, target=AlertTarget.POLICE))
    assert POLICE_DESK not in alert_audience(acknowledged(to_police))
    assert organisation_topic(TEAM.id) in alert_audience(assigned())
    handed = dispatch.hand_over_to_police(assigned(), None, DISPATCHER, NOW, version=3).answer
    assert POLICE_DESK in alert_audience(handed)
    assert organisation_topic(TEAM.id) not in alert_audience(handed)


# Laws -------------------------------------------------------------------------------------------------

_PEOPLE = st.sampled_from([COUNSELOR, OTHER, DISPATCHER, SECOND])
_MOVES: dict[Move, Callable[[Alert, StaffId, datetime, int], Change]] = {
    Move.CONFIRM: lambda a, by, now, v: alert_moves.confirm(
        a, by, AlertFacts(what="?"), now, RULES, version=v
    ),
    Move.DISMISS: lambda a, by, now, v: alert_moves.dismiss(a, by, "no", now, version=v),
    Move.ACKNOWLEDGE: lambda a, by, now, v: alert_moves.acknowledge(a, by, now, version=v),
    Move.DECLINE: lambda a, by, now, v: alert_moves.decline(a, by, "no", now, version=v),
    Move.ASSIGN: lambda a, by, now, v: dispatch.assign(a, TEAM, by, now, version=v),
    Move.HAND_OVER_TO_POLICE: lambda a, by, now, v: dispatch.hand_over_to_police(a, DESK, by, now, version=v),
    Move.EN_ROUTE: lambda a, by, now, v: dispatch.en_route(a, by, now, version=v),
    Move.ON_SCENE: lambda a, by, now, v: dispatch.on_scene(a, by, now, version=v),
    Move.CONFIRM_CONTACT: lambda a, by, now, v: dispatch.confirm_contact(a, by, None, now, version=v),
    Move.HANDED_OVER: lambda a, by, now, v: dispatch.handed_over(a, by, None, now, version=v),
    Move.CLOSE: lambda a, by, now, v: alert_moves.close(a, by, Outcome.SAFE, None, now, version=v),
    Move.CANCEL: lambda a, by, now, v: alert_moves.cancel(a, by, "no", now, version=v),
    Move.UPDATE: lambda a, by, now, v: alert_moves.update(a, by, AlertFacts(), f"{now}", now, version=v),
}


_USUAL = {
    AlertState.PROPOSED: Move.CONFIRM,
    AlertState.RAISED: Move.ACKNOWLEDGE,
    AlertState.ACKNOWLEDGED: Move.ASSIGN,
    AlertState.ASSIGNED: Move.EN_ROUTE,
    AlertState.EN_ROUTE: Move.ON_SCENE,
    AlertState.ON_SCENE: Move.HANDED_OVER,
}


class AlertHistories(RuleBasedStateMachine):
    """Anybody does anything at any time, clocks run out, signals come: the laws hold."""

    @initialize(act=st.booleans(), held=st.booleans())
    def begin(self, act: bool, held: bool) -> None:
        self.now = NOW
        self.contact = contact() if held else contact(state=ContactState.WAITING, counselor_id=None)
        self.rings: list[tuple[str, int, int]] = []
        self.phase = 0
        asked = signal(act=act)
        self.take(alert_moves.open_alert(AlertId("alr_1"), self.contact, asked, NOW, RULES), None)

    def take(self, change: Change, before: Alert | None) -> None:
        self.alert: Alert = change.answer
        if before is None or (before.state is AlertState.PROPOSED) != (
            self.alert.state is AlertState.PROPOSED
        ):
            self.phase += 1  # another ladder
        for event in change.events:
            assert (
                not set(event.facts)
                - {"contact_id", "role", "rung", "round", "fields", "outcome", "team_id", "kind"}
                - {
                    "counselor_id",
                    "disclosed",
                }
            )
            if "rung" in event.facts:
                ring = (str(self.phase), event.facts["round"], event.facts["rung"])
                assert ring not in self.rings, "asked twice for one rung"
                self.rings.append(ring)
        if before is not None:
            self.compare(before, change)

    def compare(self, before: Alert, change: Change) -> None:
        now_alert = self.alert
        if before.state not in OPEN:
            assert now_alert.state is before.state, "an ended alert moved"
        assert now_alert.level.rank >= before.level.rank
        assert set(now_alert.kinds) >= set(before.kinds)
        assert now_alert.act_in_progress or not before.act_in_progress
        assert now_alert.version >= before.version
        if now_alert.state is not before.state:
            assert now_alert.version > before.version, "a state moved behind the version's back"
            assert change.events
        assert now_alert.steps[: len(before.steps)] == before.steps, "the record was rewritten"

    @precondition(lambda self: self.alert.state in _USUAL)
    @rule(by=_PEOPLE, seconds=st.integers(0, 40))
    def it_goes_its_usual_way(self, by: StaffId, seconds: int) -> None:
        """So that histories get as far as the scene and the hand-over."""
        self.somebody_moves(_USUAL[self.alert.state], by, 1, seconds)

    @rule(move=st.sampled_from(sorted(Move)), by=_PEOPLE, stale=st.integers(0, 9), seconds=st.integers(0, 90))
    def anybody_does_anything(self, move: Move, by: StaffId, stale: int, seconds: int) -> None:
        self.somebody_moves(move, by, stale, seconds)

    def somebody_moves(self, move: Move, by: StaffId, stale: int, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        before = self.alert
        version = before.version - (1 if stale == 0 else 0)
        try:
            change = _MOVES[move](before, by, self.now, version)
        except HotlineError:
            return
        self.take(change, before)
        if change.save:
            states, to = MOVES[move]
            assert before.state in states
            assert version == before.version
            assert to is None or self.alert.state is to
            again = _MOVES[move](self.alert, by, self.now, version) if move is not Move.DECLINE else None
            assert again is None or not again.save, "the same request twice moved twice"

    @precondition(lambda self: self.alert.state in OPEN)
    @rule()
    def the_clock_runs_out(self) -> None:
        before = self.alert
        self.now = max(self.now, due_at(before))
        change = alert_ladder.on_deadline(before, self.now, RULES)
        self.take(change, before)
        assert change.events, "a clock ran out and nobody heard of it"
        assert due_at(self.alert) > self.now or alerts.next_step(self.alert) != alerts.next_step(before)
        assert all(event.actor == MACHINE for event in change.events)
        assert self.alert.state not in (AlertState.CLOSED, AlertState.CANCELLED, AlertState.DISMISSED)

    @precondition(lambda self: self.alert.state in OPEN)
    @rule(act=st.booleans(), kinds=st.lists(st.sampled_from(["suicide", "overdose", "violence"]), max_size=2))
    def the_machine_signals(self, act: bool, kinds: list[str]) -> None:
        before = self.alert
        asked = signal(act=act, kinds=tuple(kinds))
        self.take(alert_moves.signalled(before, asked, self.now, RULES), before)
        if before.state is AlertState.PROPOSED and not self.alert.act_in_progress:
            assert self.alert.state is AlertState.PROPOSED, "a machine confirmed"
        assert not alert_moves.signalled(self.alert, asked, self.now, RULES).save

    @precondition(lambda self: self.alert.state in OPEN)
    @rule(by=st.sampled_from([COUNSELOR, OTHER, None]), over=st.booleans())
    def the_contact_moves(self, by: StaffId | None, over: bool) -> None:
        before = self.alert
        state = ContactState.WRAP_UP if over else (ContactState.ACTIVE if by else ContactState.WAITING)
        moved = contact(state=state, counselor_id=by)
        change = alert_moves.follow_contact(before, moved, self.now)
        if change.save:
            self.take(change, before)
            assert not alert_moves.follow_contact(self.alert, moved, self.now).save

    @invariant()
    def an_open_alert_has_a_deadline_and_somebody_to_hear_it(self) -> None:
        if not hasattr(self, "alert"):
            return
        step = alerts.next_step(self.alert)
        assert (step is not None) == (self.alert.state in OPEN)
        assert (self.alert.ended_at is None) == (self.alert.state in OPEN)
        assert SUPERVISION in alert_audience(self.alert)
        if self.alert.state in (AlertState.ACKNOWLEDGED, AlertState.ASSIGNED):
            assert self.alert.acknowledged_by is not None
        if self.alert.state in (AlertState.ASSIGNED, AlertState.EN_ROUTE, AlertState.ON_SCENE):
            assert self.alert.assigned_kind is not None

    @invariant()
    def nobody_unasked_hears_of_it(self) -> None:
        if hasattr(self, "alert") and self.alert.assigned_kind is not ResponderKind.POLICE_DESK:
            assert POLICE_DESK not in alert_audience(self.alert)


TestAlertHistories = AlertHistories.TestCase
TestAlertHistories.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
