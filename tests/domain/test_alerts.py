"""An alert's moves one by one, and who sees it."""

from datetime import timedelta
from itertools import pairwise

import pytest

from hotline.domain import alert_ladder, alert_moves, alerts, dispatch
from hotline.domain.access import (
    ALERTS,
    POLICE_DESK,
    SUPERVISION,
    alert_audience,
    serving_topic,
    team_topic,
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
from hotline.domain.change import Change, Due
from hotline.domain.contacts import ContactState
from hotline.domain.ids import AlertId, StaffId
from hotline.domain.service_rules import LadderRung, ServiceRules
from hotline.errors import StaleVersion, Taken, WrongState
from tests.domain.alert_examples import (
    COUNSELOR,
    DESK,
    DISPATCHER,
    NOW,
    OTHER,
    RULES,
    SECOND,
    TEAM,
    acknowledged,
    after,
    assigned,
    contact,
    due_at,
    opened,
    raised,
    run_out,
    signal,
)
from triage.policy import AlertTarget

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
    assert spans[:8] == [60, 45, 15, 60] * 2  # everybody is rung within the two minutes of the policy table
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
    assert alert_audience(alert) == (SUPERVISION, serving_topic(COUNSELOR))
    assert ALERTS in alert_audience(run_out(alert, 2))


def test_those_who_go_see_it_only_when_it_is_given_to_them() -> None:
    to_police = opened(signal(act=True, target=AlertTarget.POLICE))
    assert POLICE_DESK not in alert_audience(acknowledged(to_police))
    assert team_topic(TEAM.id) in alert_audience(assigned())
    handed = dispatch.hand_over_to_police(assigned(), None, DISPATCHER, NOW, version=3).answer
    assert POLICE_DESK in alert_audience(handed)
    assert team_topic(TEAM.id) not in alert_audience(handed)
