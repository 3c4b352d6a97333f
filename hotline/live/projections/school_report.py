"""A school's report: for the school itself, who handles it, and supervisors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from hotline.domain import school_reports as domain
from hotline.domain.access import SUPERVISION, school_topic, serving_topic
from hotline.domain.alerts import AlertState
from hotline.domain.school_report_forms import ASKS, Color
from hotline.domain.school_reports import ReportState, SchoolReport
from hotline.live.directory import Directory, Name
from triage.assessment import Level


class AskedView(TypedDict):
    """`by` is a project default, or what the counselor set; never a legal limit."""

    code: str
    zh: str
    en: str
    by: datetime
    done_at: datetime | None


class StepView(TypedDict):
    """`kind`: submitted, received, being_handled, closed, updated, asked:<code>, done:<code>, alert:<state> …"""

    at: datetime
    kind: str
    note: str | None
    actor: Name | None


class SchoolReportView(TypedDict):
    id: str
    number: str
    state: ReportState
    level_color: Color
    level: Level
    contact_id: str
    school: str
    reporter: str | None
    facts: dict[str, Any]
    handled_by: Name | None
    alert_state: AlertState | None
    asked_of_school: list[AskedView]
    due_at: datetime | None
    steps: list[StepView]
    created_at: datetime
    content_erased_at: datetime | None
    version: int


def audience(report: SchoolReport) -> tuple[str, ...]:
    topics = (school_topic(report.school_id), SUPERVISION)
    return topics if report.handled_by is None else (*topics, serving_topic(report.handled_by))


def view(report: SchoolReport, names: Directory) -> SchoolReportView:
    reporter = names.name(report.reporter_id)
    return {
        "id": report.id,
        "number": report.number,
        "state": report.state,
        "level_color": report.level_color,
        "level": report.level,
        "contact_id": report.contact_id,
        "school": report.school_name,
        "reporter": report.facts.get("reporter_name") or (reporter["name"] if reporter else None),
        "facts": report.facts,
        "handled_by": names.name(report.handled_by),
        "alert_state": AlertState(report.alert_state) if report.alert_state else None,
        "asked_of_school": [_asked(each) for each in report.asked],
        "due_at": domain.next_ask(report),
        "steps": [_step(each, names) for each in report.steps],
        "created_at": report.created_at,
        "content_erased_at": report.content_erased_at,
        "version": report.version,
    }


def _asked(asked: dict[str, Any]) -> AskedView:
    word = ASKS[asked["code"]]
    done_at = asked["done_at"]
    return {
        "code": word.code,
        "zh": word.zh,
        "en": word.en,
        "by": datetime.fromisoformat(asked["by"]),
        "done_at": datetime.fromisoformat(done_at) if done_at else None,
    }


def _step(step: dict[str, Any], names: Directory) -> StepView:
    return {
        "at": datetime.fromisoformat(step["at"]),
        "kind": step["kind"],
        "note": step["note"],
        "actor": names.name(step["actor"]),
    }
