"""A school's report: what is demanded, what it asks of the school, and how it follows its contact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domain import school_reports as domain
from hotline.domain.access import Actor, Role
from hotline.domain.change import Change
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import AlertId, ContactId, SchoolId, SchoolReportId, StaffId
from hotline.domain.school_report_forms import (
    ASKED_AT_ONCE,
    ASKS,
    LEVEL_OF,
    Color,
    CrisisFacts,
    age_band,
    asked_at_once,
    kinds_of,
)
from hotline.domain.school_reports import ReportState, School, SchoolReport
from hotline.domain.service_rules import ServiceRules
from hotline.errors import Invalid, WrongState
from triage.assessment import Level

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
RULES = ServiceRules()
SCHOOL = School(id=SchoolId("school_1"), name="Seaside Middle School", stage="junior", district="Xigang")
TEACHER = StaffId("staff_teacher")
COUNSELOR = StaffId("staff_counselor")


def facts(**changes: Any) -> CrisisFacts:
    given_facts = {"level_color": "orange", "what_happened": "学生写下了告别的话", "event_types": ["plan"]}
    return CrisisFacts.model_validate(given_facts | {"reporter_phone": "0411-12345678"} | changes)


def reported(**changes: Any) -> SchoolReport:
    return told(
        domain.submitted(
            SchoolReportId("report_0000000000abcdef"),
            facts(**changes),
            SCHOOL,
            ContactId("con_1"),
            TEACHER,
            NOW,
        )
    )


def told(change: Change) -> SchoolReport:
    answer = change.answer
    assert isinstance(answer, SchoolReport)
    return answer


def contact(state: ContactState, **fields: Any) -> Contact:
    return Contact(id=ContactId("con_1"), channel=Channel.SCHOOL, state=state, opened_at=NOW, **fields)


# The form ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"event_types": ["boredom"]}, "event_types"),
        ({"what_happened": "   "}, "what_happened"),
        ({"reporter_role": "king"}, "reporter_role"),
        ({"requested_help": ["crisis_team", "money"]}, "requested_help"),
        ({"found_at": "2026-11-20T08:00:00"}, "found_at"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(Invalid) as refused:
        reported(**changes)
    assert [field.path for field in refused.value.fields] == [path]


def test_a_report_knows_its_level_its_kinds_and_its_number() -> None:
    report = reported(event_types=["plan", "self_harm", "bereavement"])
    assert (report.state, report.level, report.number) == (
        ReportState.SUBMITTED,
        Level.HIGH,
        "XY20261120-ABCDEF",
    )
    assert kinds_of(facts(event_types=["plan", "self_harm", "bereavement"])) == ["self_harm", "suicide"]


def test_colours_stand_for_levels_in_order() -> None:
    assert [LEVEL_OF[color].rank for color in Color] == sorted(
        (LEVEL_OF[c].rank for c in Color), reverse=True
    )
    assert set(ASKED_AT_ONCE) == set(Color)
    assert {ask.code for asks in ASKED_AT_ONCE.values() for ask in asks} <= set(ASKS)


@pytest.mark.parametrize(
    ("age", "band"), [(None, None), (13, "under14"), (14, "14to17"), (18, "18to25"), (60, "60plus")]
)
def test_age_bands(age: int | None, band: str | None) -> None:
    assert age_band(age) == band


# What is asked ---------------------------------------------------------------------------------------


def test_red_asks_for_company_the_guardian_and_the_principal_at_once() -> None:
    codes = [ask.code for ask in asked_at_once(facts(level_color="red", event_types=["plan"]))]
    assert codes == ["call_emergency", "stay_with", "tell_guardian", "tell_principal", "report_bureau"]


def test_what_was_done_already_is_not_asked() -> None:
    given_facts = facts(level_color="red", called_120=True, guardian_told=True)
    assert [ask.code for ask in asked_at_once(given_facts)] == [
        "stay_with",
        "tell_principal",
        "report_bureau",
    ]


def test_harm_to_a_minor_asks_to_check_the_mandatory_report() -> None:
    assert "mandatory_report" in [a.code for a in asked_at_once(facts(event_types=["sexual_assault"]))]
    adult = facts(event_types=["sexual_assault"], student_age=20)
    assert "mandatory_report" not in [a.code for a in asked_at_once(adult)]


def test_done_by_the_school_and_by_nobody_else() -> None:
    report = reported()
    done = told(domain.update(report, TEACHER, NOW, note=None, done=["stay_with"], by_school=True))
    assert [each["code"] for each in done.asked if each["done_at"]] == ["stay_with"]
    for wrong in (
        {"done": ["stay_with"], "by_school": False},
        {"done": ["interview"], "by_school": True},
        {"done": [], "by_school": True},
    ):
        with pytest.raises(Invalid):
            domain.update(report, TEACHER, NOW, note=None, **wrong)  # type: ignore[arg-type]


def test_what_is_late_is_told_once_and_an_idle_report_again_and_again() -> None:
    report = reported()
    assert domain.next_ask(report) == NOW + timedelta(hours=1)
    first = domain.due(report, RULES)
    assert first is not None
    assert (first.what, first.at) == ("ask_overdue", NOW + timedelta(hours=1))
    change = domain.on_deadline(report, first.at, RULES)
    assert [(event.what, event.facts["codes"]) for event in change.events] == [("ask_overdue", ["stay_with"])]
    second = domain.due(told(change), RULES)
    assert second is not None
    assert second.at > first.at
    whats = []
    at, current = NOW, report
    for _ in range(8):
        pending = domain.due(current, RULES)
        assert pending is not None
        assert pending.at >= at
        at, change = pending.at, domain.on_deadline(current, pending.at, RULES)
        current = told(change)
        whats.append(change.events[0].what)
    assert whats.count("ask_overdue") == 3
    assert whats[-1] == "review_due"


def test_an_idle_report_is_told_once_after_a_long_stop() -> None:
    idle = reported().model_copy(update={"asked": []})
    later = NOW + RULES.school_asked_within * 5
    again = domain.due(told(domain.on_deadline(idle, later, RULES)), RULES)
    assert again is not None
    assert again.at > later


def test_before_its_time_a_deadline_changes_nothing() -> None:
    assert domain.on_deadline(reported(), NOW, RULES).save == ()


# The level -------------------------------------------------------------------------------------------


def test_the_school_may_say_that_it_is_worse_and_never_that_it_is_better() -> None:
    report = reported()
    worse = told(domain.worsened(report, Color.RED, True, TEACHER, NOW))
    assert (worse.level, worse.facts["act_in_progress"]) == (Level.IMMINENT, True)
    asked = [each["code"] for each in worse.asked]
    assert len(asked) == len(set(asked))
    assert "report_bureau" in asked
    with pytest.raises(Invalid):
        domain.worsened(worse, Color.BLUE, False, TEACHER, NOW)
    assert domain.worsened(worse, Color.RED, True, TEACHER, NOW).save == ()


def test_a_closed_report_is_not_worsened_but_says_what_to_do() -> None:
    closed = told(domain.on_contact(reported(), contact(ContactState.CLOSED), NOW))
    with pytest.raises(WrongState):
        domain.worsened(closed, Color.RED, True, TEACHER, NOW)


# Following the contact ---------------------------------------------------------------------------------


def test_it_follows_its_contact_to_the_end() -> None:
    report = reported()
    assert domain.on_contact(report, contact(ContactState.WAITING), NOW).save == ()
    received = told(domain.on_contact(report, contact(ContactState.ACTIVE, counselor_id=COUNSELOR), NOW))
    assert (received.state, received.handled_by) == (ReportState.RECEIVED, COUNSELOR)
    asked = told(domain.ask(received, "call_back", timedelta(hours=1), COUNSELOR, NOW))
    assert asked.state is ReportState.BEING_HANDLED
    assert domain.ask(asked, "call_back", timedelta(hours=9), COUNSELOR, NOW).save == ()
    closed = told(domain.on_contact(asked, contact(ContactState.CLOSED, counselor_id=COUNSELOR), NOW))
    assert (closed.state, closed.handled_by, closed.closed_at) == (ReportState.CLOSED, COUNSELOR, NOW)
    pending = domain.due(closed, RULES)
    assert pending is not None
    assert pending.what == "ask_overdue"


def test_an_alert_is_a_step_that_the_school_sees_once() -> None:
    active = contact(ContactState.ACTIVE, counselor_id=COUNSELOR, alert_id=AlertId("alr_1"))
    report = told(domain.on_contact(reported(), active, NOW))
    raised = told(domain.on_alert(report, "raised", NOW))
    assert (raised.steps[-1]["kind"], raised.state) == ("alert:raised", ReportState.RECEIVED)
    assert domain.on_alert(raised, "raised", NOW).save == ()
    assert told(domain.on_alert(raised, "acknowledged", NOW)).state is ReportState.BEING_HANDLED


CONTACTS = st.builds(
    contact,
    st.sampled_from(ContactState),
    counselor_id=st.sampled_from([None, COUNSELOR]),
    alert_id=st.sampled_from([None, AlertId("alr_1")]),
)


@given(st.lists(CONTACTS, max_size=12))
def test_states_only_go_forward_and_nothing_said_is_in_an_event(history: list[Contact]) -> None:
    report = reported(what_happened="学生写下了告别的话", student_name="李小红")
    order = list(ReportState)
    for each in history:
        change = domain.on_contact(report, each, NOW)
        after = told(change)
        assert order.index(after.state) >= order.index(report.state)
        assert domain.on_contact(after, each, NOW).save == ()
        assert "李小红" not in repr(change.events)
        report = after
    assert domain.due(report, RULES) is not None


# Who reads -------------------------------------------------------------------------------------------


def test_who_reads_a_report() -> None:
    def actor(role: Role, staff_id: str = "staff_x", organisation: str | None = None) -> Actor:
        return Actor(StaffId(staff_id), frozenset({role}), None, organisation)

    waiting = reported()
    active = contact(ContactState.ACTIVE, counselor_id=COUNSELOR)
    handled = told(domain.on_contact(waiting, active, NOW))
    mine, other = actor(Role.SCHOOL, organisation=SCHOOL.id), actor(Role.SCHOOL, organisation="school_2")
    assert domain.may_read(mine, waiting)
    assert not domain.may_read(other, waiting)
    assert domain.may_read(actor(Role.COUNSELOR), waiting)
    assert not domain.may_read(actor(Role.COUNSELOR), handled)
    assert domain.may_read(actor(Role.COUNSELOR, COUNSELOR), handled)
    assert domain.may_read(actor(Role.SUPERVISOR), handled)
    for stranger in (Role.POLICE, Role.REFERRAL_WORKER, Role.AUDITOR):
        assert not domain.may_read(actor(stranger, organisation=SCHOOL.id), handled)
