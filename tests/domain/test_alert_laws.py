"""An alert's laws over random histories: anybody does anything at any time."""

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hotline.domain import alert_ladder, alert_moves, alerts, dispatch
from hotline.domain.access import (
    POLICE_DESK,
    SUPERVISION,
    alert_audience,
)
from hotline.domain.alerts import (
    MOVES,
    OPEN,
    Alert,
    AlertFacts,
    AlertState,
    Move,
    Outcome,
    ResponderKind,
)
from hotline.domain.change import MACHINE, Change
from hotline.domain.contacts import ContactState
from hotline.domain.ids import AlertId, StaffId
from hotline.errors import HotlineError
from tests.domain.alert_examples import (
    COUNSELOR,
    DESK,
    DISPATCHER,
    NOW,
    OTHER,
    RULES,
    SECOND,
    TEAM,
    contact,
    due_at,
    signal,
)

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
