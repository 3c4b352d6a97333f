"""School reports as they follow their contact and its alert, their deadlines, and who reads them.

What the school itself does is in `actions/school_reporting.py`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hotline.actions.deadlines import when_due
from hotline.domain import access, school_reports
from hotline.domain.access import Actor, Permission
from hotline.domain.alerts import Alert
from hotline.domain.change import NOTHING, Change, Event
from hotline.domain.contacts import Contact
from hotline.domain.ids import SchoolReportId
from hotline.domain.school_reports import SchoolReport
from hotline.errors import FieldProblem, Forbidden, Invalid, NotFound
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline

P = Permission
_LONGEST_ASK = timedelta(days=90)


# Parts of other decisions ---------------------------------------------------------------------------


def on_contact_changed(loaded: Loaded, contact: Contact, now: datetime) -> Change:
    """The contact of a report got, lost or changed its counselor, or ended."""
    if contact.school_report_id is None:
        return NOTHING
    report = loaded.find(SchoolReport, contact.school_report_id)
    return NOTHING if report is None else _silent(school_reports.on_contact(report, contact, now))


def on_alert_changed(loaded: Loaded, alert: Alert, now: datetime) -> Change:
    """The alert of a report moved: the school sees how far help has come."""
    if alert.school_report_id is None:
        return NOTHING
    report = loaded.find(SchoolReport, alert.school_report_id)
    return NOTHING if report is None else _silent(school_reports.on_alert(report, alert.state, now))


def _silent(change: Change) -> Change:
    """Without an answer: the decision that it is a part of has its own."""
    return Change(change.save, change.events)


# What staff do ---------------------------------------------------------------------------------------


async def note(
    hotline: Hotline, actor: Actor, report_id: SchoolReportId, text: str, done: list[str] | None = None
) -> SchoolReport:
    """Words of the counselor or supervisor that the school reads. What was asked is the school's to call done."""

    def decide(loaded: Loaded) -> Change:
        report = loaded.get(SchoolReport, report_id)
        _require_handling(actor, report)
        return school_reports.update(
            report, actor.staff_id, loaded.now, note=text, done=done or [], by_school=False
        )

    report: SchoolReport = await hotline.writer.run(decide, Need(SchoolReport, report_id))
    return report


async def ask(
    hotline: Hotline, actor: Actor, report_id: SchoolReportId, code: str, within: timedelta | None = None
) -> SchoolReport:
    """Ask the school to do something by a time."""
    span = hotline.rules.school_asked_within if within is None else within
    if not timedelta() < span <= _LONGEST_ASK:
        raise Invalid("That time cannot be.", fields=(FieldProblem("within_hours", "is not within 90 days"),))

    def decide(loaded: Loaded) -> Change:
        report = loaded.get(SchoolReport, report_id)
        _require_handling(actor, report)
        return school_reports.ask(report, code, span, actor.staff_id, loaded.now)

    report: SchoolReport = await hotline.writer.run(decide, Need(SchoolReport, report_id))
    return report


def _require_handling(actor: Actor, report: SchoolReport) -> None:
    access.require(actor, P.SCHOOL_READ)
    if report.handled_by != actor.staff_id and not actor.may(P.CONTACT_SUPERVISE):
        raise Forbidden("This report is handled by somebody else.")


on_deadline = when_due(
    SchoolReport, lambda loaded, report: school_reports.on_deadline(report, loaded.now, loaded.rules)
)
"""Something asked is late, or nothing has happened for long."""


# Reading ---------------------------------------------------------------------------------------------


async def get(hotline: Hotline, actor: Actor, report_id: SchoolReportId) -> SchoolReport:
    """For the school, who handles it, and supervisors. Others' reading than the two parties' is journalled."""
    access.require(actor, P.SCHOOL_REPORT, P.SCHOOL_READ)
    report = await hotline.reader.find(SchoolReport, report_id)
    if report is None or not school_reports.may_read(actor, report):
        raise NotFound("There is no such report.")
    if not school_reports.is_school(actor, report) and report.handled_by != actor.staff_id:
        event = Event("school_report", "content_read", report.id, actor.staff_id, {"version": report.version})
        await hotline.writer.run(lambda _loaded: Change(events=(event,)))
    return report


async def page(
    hotline: Hotline, actor: Actor, *, before: tuple[datetime, str] | None, limit: int
) -> list[SchoolReport]:
    """Newest first: a school its own, a supervisor all, a counselor those they handle."""
    access.require(actor, P.SCHOOL_REPORT, P.SCHOOL_READ)
    table = hotline.reader.table(SchoolReport)
    conditions: list[Any] = []
    if not actor.may(P.CONTACT_SUPERVISE):
        mine = table.c.handled_by == actor.staff_id
        if actor.may(P.SCHOOL_REPORT):
            mine = mine | (table.c.school_id == (actor.organisation_id or ""))
        conditions.append(mine)
    if before is not None:
        at, last_id = before
        conditions.append((table.c.created_at < at) | ((table.c.created_at == at) & (table.c.id < last_id)))
    order = (table.c.created_at.desc(), table.c.id.desc())
    return await hotline.reader.where(SchoolReport, *conditions, order=order, limit=limit)
