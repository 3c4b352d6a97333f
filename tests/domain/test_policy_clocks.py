"""The machines take the clocks of a level from the policy table."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hotline.domain import alert_ladder, contact_moves, supervision
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import ContactId, StaffId
from hotline.domain.service_rules import LadderRung, ServiceRules
from triage.assessment import Level
from triage.policy import default_table

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
RULES = ServiceRules()
ANNA = StaffId("sta_anna")


def contact(**fields: Any) -> Contact:
    known: dict[str, Any] = {
        "level": Level.IMMINENT,
        "peak_level": Level.IMMINENT,
        "opened_at": NOW,
        "answered_at": NOW,
    }
    return Contact(id=ContactId("con_1"), channel=Channel.CHAT, **{**known, **fields})


def served(**fields: Any) -> Contact:
    return contact(state=ContactState.ACTIVE, counselor_id=ANNA, **fields)


@pytest.mark.parametrize(
    ("level", "seconds"),
    [(Level.IMMINENT, 60), (Level.HIGH, 60), (Level.MODERATE, 180), (Level.UNASSESSED, 180)],
)
def test_who_waits_is_told_of_after_the_span_of_the_level(level: Level, seconds: int) -> None:
    due = contact_moves.due(contact(level=level, waiting_since=NOW), RULES)
    assert due is not None
    assert due.at == NOW + timedelta(seconds=seconds)


def test_an_operators_span_is_used() -> None:
    rules = ServiceRules(policy=default_table().with_clocks(waiting_escalates_after=timedelta(seconds=20)))
    due = contact_moves.due(contact(waiting_since=NOW), rules)
    assert due is not None
    assert due.at == NOW + timedelta(seconds=20)
    due = contact_moves.due(contact(level=Level.LOW, waiting_since=NOW), rules)
    assert due is not None
    assert due.at == NOW + RULES.waiting_escalates_after


def test_an_act_in_progress_calls_a_supervisor_once() -> None:
    calm, act = served(level=Level.HIGH), served(act_in_progress=True)
    called = supervision.called(calm, act, NOW, RULES).answer
    assert called.help_requested_at == NOW
    assert not supervision.called(act, act, NOW, RULES).save
    due = contact_moves.due(called, RULES)
    assert due is not None
    assert (due.what, due.at) == ("help_rings_again", NOW + timedelta(seconds=60))


@pytest.mark.parametrize(
    "after",
    [
        served(level=Level.IMMINENT),
        served(act_in_progress=True, joined=["sta_super"]),
        contact(act_in_progress=True, waiting_since=NOW),
    ],
)
def test_nobody_is_called_without_an_act_or_with_a_supervisor_there(after: Contact) -> None:
    assert not supervision.called(None, after, NOW, RULES).save


def test_taking_up_a_waiting_contact_with_an_act_calls_a_supervisor() -> None:
    waiting = contact(act_in_progress=True, waiting_since=NOW)
    taken = contact_moves.assign(waiting, ANNA, NOW).answer
    assert supervision.called(waiting, taken, NOW, RULES).answer.help_requested_at == NOW


def test_everybody_has_been_rung_when_policy_wants_the_alert_acknowledged() -> None:
    assert [rung["seconds"] for rung in alert_ladder.responders(RULES, act_in_progress=True)] == [
        60,
        45,
        15,
        60,
    ]
    slow = ServiceRules(alert_ladder=(LadderRung("dispatcher", timedelta(hours=1)),) * 3)
    assert [rung["seconds"] for rung in alert_ladder.responders(slow, act_in_progress=True)] == [120, 1, 3600]


def test_an_operators_loop_of_contact_made_runs_with_the_alert() -> None:
    policy = default_table().with_clocks(contact_confirmed_every=timedelta(minutes=4))
    assert alert_ladder.clocks(ServiceRules(policy=policy), act_in_progress=True)["confirm_contact"] == 240


def test_the_record_of_an_emergency_is_asked_for_in_time() -> None:
    policy = default_table().with_clocks(record_within=timedelta(minutes=5))
    ended = contact(state=ContactState.WRAP_UP, ended_at=NOW)
    due = contact_moves.due(ended, ServiceRules(policy=policy))
    assert due is not None
    assert (due.what, due.at) == ("wrap_up_long", NOW + timedelta(minutes=5))


@pytest.mark.parametrize(
    "long_ago",
    [
        contact(waiting_since=NOW),
        served(help_requested_at=NOW, silence_handed_over=True),
        contact(state=ContactState.WRAP_UP, ended_at=NOW),
    ],
)
def test_what_fell_due_many_times_during_a_stop_is_told_once(long_ago: Contact) -> None:
    later = NOW + timedelta(hours=3)
    told = contact_moves.on_deadline(long_ago, later, RULES)
    assert len(told.events) == 1
    again = contact_moves.due(told.answer, RULES)
    assert again is not None
    assert again.at > later
