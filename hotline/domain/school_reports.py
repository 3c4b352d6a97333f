"""A school's report of a crisis: it enters the same queue as a contact and follows that contact.

    submitted ──a counselor has it──▶ received ──they write, ask or raise──▶ being_handled ──contact closed──▶ closed

| what                | who                         | does                                                        |
|---------------------|-----------------------------|-------------------------------------------------------------|
| submit              | the school                  | report, contact at its level, what is asked of the school   |
| update (note, done) | the school                  | a step; what was asked is done                              |
| worsened            | the school                  | the level rises, and more is asked; it never falls here     |
| update (note)       | counselor, supervisor       | a step that the school reads                                |
| ask                 | counselor, supervisor       | one more thing asked of the school, with a deadline          |
| the contact changes | (follows)                   | received, handled by …, closed                              |
| the alert changes   | (follows)                   | a step: help is on the way …                                |

Deadlines: what was asked and is not done is told once when it is late, also after the report is closed; an
open report in which nothing happens is told again after each `school_asked_within`. States only go forward.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from hotline.domain.access import Actor, Permission
from hotline.domain.change import MACHINE, Change, Due, Event
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.ids import ContactId, SchoolId, SchoolReportId, StaffId
from hotline.domain.school_report_forms import (
    ASKS,
    LEVEL_OF,
    Ask,
    Color,
    CrisisFacts,
    asked_at_once,
    wrong,
)
from hotline.domain.service_rules import ServiceRules
from hotline.domain.working_days import local_day
from hotline.errors import FieldProblem, Invalid, WrongState
from triage.assessment import Level


class ReportState(StrEnum):
    SUBMITTED = "submitted"
    RECEIVED = "received"
    BEING_HANDLED = "being_handled"
    CLOSED = "closed"


_ORDER = tuple(ReportState)
_COLORS = tuple(Color)  # worst first


class School(SQLModel):
    """`stage`: primary, junior, senior, vocational or university. `demo`: made up, for showing the program."""

    id: SchoolId
    name: str
    code: str | None = None
    stage: str
    district: str
    demo: bool = False


class SchoolReport(SQLModel):
    """`facts` is the form of `school_report_forms.py` as JSON; sealed with the steps."""

    id: SchoolReportId
    number: str
    state: ReportState = ReportState.SUBMITTED
    version: int = 1
    school_id: SchoolId
    school_name: str
    district: str
    reporter_id: StaffId
    level_color: Color
    level: Level
    facts: dict[str, Any] = Field(default_factory=dict)
    contact_id: ContactId
    handled_by: StaffId | None = None
    alert_state: str | None = None
    asked: list[dict[str, Any]] = Field(default_factory=list)
    steps: list[dict[str, Any]] = Field(default_factory=list)
    created_at: datetime
    last_step_at: datetime
    closed_at: datetime | None = None
    content_erased_at: datetime | None = None
    review_rung: int = 0


class SchoolReportDraft(SQLModel):
    """A half-filled form; `id` is made from the staff id. Its answers need not be valid yet."""

    id: str
    staff_id: StaffId
    answers: dict[str, Any] = Field(default_factory=dict)
    saved_at: datetime


# Who -----------------------------------------------------------------------------------------------


def may_read(actor: Actor, report: SchoolReport) -> bool:
    """The school itself, supervisors, who handles it, and all counselors while it waits for one."""
    if actor.may(Permission.SCHOOL_REPORT) and actor.organisation_id == report.school_id:
        return True
    if not actor.may(Permission.SCHOOL_READ):
        return False
    if actor.may(Permission.CONTACT_SUPERVISE) or report.handled_by == actor.staff_id:
        return True
    return report.handled_by is None and report.state is ReportState.SUBMITTED


def is_school(actor: Actor, report: SchoolReport) -> bool:
    return actor.may(Permission.SCHOOL_REPORT) and actor.organisation_id == report.school_id


# Deadlines -------------------------------------------------------------------------------------------


def due(report: SchoolReport, rules: ServiceRules) -> Due | None:
    """The next thing that is told by itself; only a closed report without open asks has none."""
    pending = [Due("ask_overdue", _by(each)) for each in report.asked if _is_pending(each)]
    if report.state is not ReportState.CLOSED:
        span = rules.school_asked_within * (report.review_rung + 1)
        pending.append(Due("review_due", report.last_step_at + span))
    return min(pending, key=lambda each: each.at, default=None)


def next_ask(report: SchoolReport) -> datetime | None:
    """By when the school has to have done the next thing."""
    return min((_by(each) for each in report.asked if each["done_at"] is None), default=None)


def _by(asked: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(asked["by"])


def _is_pending(asked: dict[str, Any]) -> bool:
    return asked["done_at"] is None and not asked["told"]


def on_deadline(report: SchoolReport, now: datetime, rules: ServiceRules) -> Change:
    next_due = due(report, rules)
    if next_due is None or next_due.at > now:
        return Change(answer=report)
    if next_due.what == "review_due":
        spans = (now - report.last_step_at) // rules.school_asked_within  # after a long stop: told once
        later = report.model_copy(update={"review_rung": max(report.review_rung + 1, spans)})
        return _told(later, "review_due", MACHINE, rung=later.review_rung)
    late = [each for each in report.asked if _is_pending(each) and _by(each) <= now]
    codes = [each["code"] for each in late]
    asked = [each | {"told": each["told"] or each in late} for each in report.asked]
    return _told(report.model_copy(update={"asked": asked}), "ask_overdue", MACHINE, codes=codes)


# What can happen -------------------------------------------------------------------------------------


def submitted(
    report_id: SchoolReportId,
    facts: CrisisFacts,
    school: School,
    contact_id: ContactId,
    reporter: StaffId,
    now: datetime,
) -> Change:
    """The report of a complete form; what it asks of the school goes with it."""
    problems = wrong(facts)
    if problems:
        raise Invalid("The report is not complete.", fields=problems)
    report = SchoolReport(
        id=report_id,
        number=f"XY{local_day(now):%Y%m%d}-{report_id[-6:].upper()}",
        school_id=school.id,
        school_name=school.name,
        district=school.district,
        reporter_id=reporter,
        level_color=facts.level_color,
        level=LEVEL_OF[facts.level_color],
        facts=facts.model_dump(mode="json", exclude_none=True),
        contact_id=contact_id,
        asked=[_asked(ask, now, None) for ask in asked_at_once(facts)],
        created_at=now,
        last_step_at=now,
    )
    report = _stepped(report, "submitted", reporter, now)
    return _told(report, "submitted", reporter, level=report.level, contact_id=contact_id)


def update(
    report: SchoolReport, actor: StaffId, now: datetime, *, note: str | None, done: list[str], by_school: bool
) -> Change:
    """Something to add. The school says what it has done of what was asked."""
    open_codes = {each["code"] for each in report.asked if each["done_at"] is None}
    known = {each["code"] for each in report.asked}
    if (done and not by_school) or not known.issuperset(done):
        raise Invalid("That was not asked.", fields=(FieldProblem("done", "was not asked"),))
    if report.content_erased_at is not None:
        raise WrongState("The report is too old to be added to: please report anew.", code="report_too_old")
    if not note and not done:
        raise Invalid("There is nothing to add.", fields=(FieldProblem("note", "needed"),))
    newly = [code for code in dict.fromkeys(done) if code in open_codes]
    asked = [
        each | {"done_at": now.isoformat()} if each["code"] in newly and each["done_at"] is None else each
        for each in report.asked
    ]
    report = report.model_copy(update={"asked": asked})
    for code in newly:
        report = _stepped(report, f"done:{code}", actor, now)
    if note:
        report = _stepped(report, "updated", actor, now, note)
    if not by_school:
        report = _forward(report, ReportState.BEING_HANDLED)
    return _told(report, "updated", actor, done=newly)


def ask(report: SchoolReport, code: str, within: timedelta, actor: StaffId, now: datetime) -> Change:
    """One more thing asked of the school. Asked again while open, the earlier deadline stays."""
    if code not in ASKS:
        raise Invalid("That cannot be asked.", fields=(FieldProblem("code", "unknown code"),))
    if report.state is ReportState.CLOSED:
        raise WrongState("The report is closed.")
    if any(each["code"] == code and each["done_at"] is None for each in report.asked):
        return Change(answer=report)
    report = report.model_copy(update={"asked": [*report.asked, _asked(Ask(code, within), now, actor)]})
    report = _forward(_stepped(report, f"asked:{code}", actor, now), ReportState.BEING_HANDLED)
    return _told(report, "asked", actor, code=code)


def worsened(
    report: SchoolReport, color: Color, act_in_progress: bool, actor: StaffId, now: datetime
) -> Change:
    """The school says that it is worse than reported: the level rises, and what that asks is asked."""
    if report.state is ReportState.CLOSED:
        raise WrongState("The report is closed: please call the hotline, or report anew.")
    if _COLORS.index(color) > _COLORS.index(report.level_color):
        raise Invalid("Only the hotline lowers a level.", fields=(FieldProblem("level_color", "is lower"),))
    if color is report.level_color and act_in_progress <= bool(report.facts.get("act_in_progress")):
        return Change(answer=report)
    worse = {"level_color": color.value, "act_in_progress": act_in_progress}
    facts = CrisisFacts.model_validate(report.facts | worse)
    new = [_asked(each, now, None) for each in asked_at_once(facts, rise_from=report.level_color)]
    fields: dict[str, Any] = {"level_color": color, "level": LEVEL_OF[color], "asked": [*report.asked, *new]}
    fields["facts"] = facts.model_dump(mode="json", exclude_none=True)
    report = _stepped(report.model_copy(update=fields), f"worsened:{color.value}", actor, now)
    return _told(report, "worsened", actor, level=report.level)


def on_contact(report: SchoolReport, contact: Contact, now: datetime) -> Change:
    """The report follows its contact, forward only."""
    state = max(report.state, _state_of(report, contact), key=_ORDER.index)
    handled_by = contact.counselor_id if contact.counselor_id is not None else report.handled_by
    if contact.state is ContactState.WAITING:
        handled_by = None
    if state is report.state and handled_by == report.handled_by:
        return Change(answer=report)
    after = report.model_copy(update={"handled_by": handled_by, "state": state})
    if after.state is not report.state:
        after = _stepped(after, after.state.value, handled_by, now)
    if after.state is ReportState.CLOSED and report.state is not ReportState.CLOSED:
        after = after.model_copy(update={"closed_at": now})
    return _told(after, after.state.value, MACHINE, handled_by=handled_by)


def _state_of(report: SchoolReport, contact: Contact) -> ReportState:
    if contact.state is ContactState.CLOSED:
        return ReportState.CLOSED
    if contact.state is ContactState.WRAP_UP:
        return ReportState.BEING_HANDLED
    return ReportState.RECEIVED if contact.state is ContactState.ACTIVE else report.state


_BY_A_PERSON = frozenset({"acknowledged", "assigned", "en_route", "on_scene", "handed_over"})
"""States of an alert in which somebody at the other end has it in hand."""


def on_alert(report: SchoolReport, alert_state: str, now: datetime) -> Change:
    """What the school sees of the help that was asked for."""
    if alert_state == report.alert_state:
        return Change(answer=report)
    report = _stepped(
        report.model_copy(update={"alert_state": alert_state}), f"alert:{alert_state}", None, now
    )
    if alert_state in _BY_A_PERSON:
        report = _forward(report, ReportState.BEING_HANDLED)
    return _told(report, "alert_changed", MACHINE, alert_state=alert_state)


def _forward(report: SchoolReport, state: ReportState) -> SchoolReport:
    if _ORDER.index(state) <= _ORDER.index(report.state):
        return report
    return report.model_copy(update={"state": state})


def _asked(asked: Ask, now: datetime, by_whom: StaffId | None) -> dict[str, Any]:
    by = (now + asked.within).isoformat()
    return {"code": asked.code, "by": by, "asked_by": by_whom, "done_at": None, "told": False}


def _stepped(
    report: SchoolReport, kind: str, actor: StaffId | None, now: datetime, note: str | None = None
) -> SchoolReport:
    step = {"at": now.isoformat(), "kind": kind, "note": note, "actor": actor}
    return report.model_copy(update={"steps": [*report.steps, step], "last_step_at": now, "review_rung": 0})


def _told(report: SchoolReport, what: str, actor: str, **facts: Any) -> Change:
    quiet = what in ("review_due", "ask_overdue")
    if not quiet and what != "submitted":
        report = report.model_copy(update={"version": report.version + 1})
    facts = {"state": report.state, **facts}
    return Change((report,), (Event("school_report", what, report.id, actor, facts),), answer=report)
