"""An alert, as the board, the counselor, supervisors and those who go see it: the payload, the clock, the steps.

Kinds of steps: proposed, raised, confirmed, act_began, signs_added, rang_<role>, acknowledged, declined,
assigned, handed_to_police, not_assigned, not_departed, en_route, late, on_scene, contact_confirmed,
asked_to_confirm_contact, handed_over, asked_to_close, contact_taken, contact_moved, contact_waits,
contact_ended, updated, closed, cancelled, dismissed. Frames are `alert.<kind>`, `rang` without its role.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, cast

from typing_extensions import TypedDict

from hotline.domain import alerts
from hotline.domain.access import alert_audience
from hotline.domain.alerts import Alert, AlertSource, AlertState, Asked, Certainty, Outcome, ResponderKind
from hotline.live.directory import Directory, Name
from hotline.live.projections.next_step import NextView, next_view
from triage.assessment import Level
from triage.policy import AlertTarget

_STEPS_IN_A_FRAME = 50  # the newest; the alert's own page has them all

DeadlineFor = Literal["confirm", "acknowledge", "assign", "depart", "arrive", "confirm_contact", "close"]


class RungView(TypedDict):
    role: str
    seconds: int


class ResponderView(TypedDict):
    kind: ResponderKind
    id: str | None
    name: str
    name_zh: str
    name_en: str


class StepView(TypedDict):
    at: datetime
    actor: Name | None
    kind: str
    note: str | None


class AlertView(TypedDict):
    """`rung` is the place in `ladder` that rings now, `round` how often the ladder began again. `what` is what
    a person wrote; until then `reason_zh` and `reason_en` say why help was proposed."""

    id: str
    contact_id: str
    school_report_id: str | None
    state: AlertState
    version: int
    target: AlertTarget
    level: Level
    kinds: list[str]
    act_in_progress: bool
    source: AlertSource
    reason_zh: str | None
    reason_en: str | None
    district: str | None
    created_at: datetime
    raised_at: datetime | None
    raised_by: Name | None
    deadline: datetime | None
    deadline_for: DeadlineFor | None
    next: NextView | None
    rung: int
    round: int
    called: list[Name]
    ladder: list[RungView]
    notified: list[str]
    declined_by: list[str]
    acknowledged_by: Name | None
    assigned_to: ResponderView | None
    what: str | None
    where: str | None
    where_certainty: Certainty
    means: str | None
    danger_to_others: bool
    callback: str | None
    asked: Asked
    person: str | None
    counselor: Name | None
    still_in_contact: bool
    steps: list[StepView]
    outcome: Outcome | None
    cancel_reason: str | None
    ended_at: datetime | None


def audience(alert: Alert) -> tuple[str, ...]:
    return alert_audience(alert)


def view(alert: Alert, names: Directory, *, steps: int | None = _STEPS_IN_A_FRAME) -> AlertView:
    """`steps`: how many of the newest; None for all."""
    step = alerts.next_step(alert)
    return {
        "id": alert.id,
        "contact_id": alert.contact_id,
        "school_report_id": alert.school_report_id,
        "state": alert.state,
        "version": alert.version,
        "target": alert.target,
        "level": alert.level,
        "kinds": alert.kinds,
        "act_in_progress": alert.act_in_progress,
        "source": alert.source,
        "reason_zh": alert.reason_zh,
        "reason_en": alert.reason_en,
        "district": alert.district,
        "created_at": alert.created_at,
        "raised_at": alert.raised_at,
        "raised_by": names.name(alert.raised_by),
        "deadline": step.at if step else None,
        "deadline_for": cast(DeadlineFor, step.what) if step else None,
        "next": next_view(step, _in_hand(alert, names)),
        "rung": alert.rung,
        "round": alert.round,
        "called": [name for name in map(names.name, alert.called) if name is not None],
        "ladder": cast(list[RungView], alert.ladder),
        "notified": alert.notified,
        "declined_by": alert.declined_by,
        "acknowledged_by": names.name(alert.acknowledged_by),
        "assigned_to": _responder(alert),
        "what": alert.what,
        "where": alert.where,
        "where_certainty": alert.where_certainty,
        "means": alert.means,
        "danger_to_others": alert.danger_to_others,
        "callback": alert.callback,
        "asked": alert.asked,
        "person": alert.person,
        "counselor": names.name(alert.counselor_id),
        "still_in_contact": alert.still_in_contact,
        "steps": [
            step_view(each, names) for each in (alert.steps if steps is None else alert.steps[-steps:])
        ],
        "outcome": alert.outcome,
        "cancel_reason": alert.cancel_reason,
        "ended_at": alert.ended_at,
    }


def _in_hand(alert: Alert, names: Directory) -> Name | None:
    """Who has answered for it; while it only rings, nobody has."""
    if alert.state is AlertState.PROPOSED:
        return names.name(alert.counselor_id) if alert.rung == 0 else None
    return names.name(alert.acknowledged_by)


def step_view(step: dict[str, Any], names: Directory) -> StepView:
    return {
        "at": datetime.fromisoformat(step["at"]),
        "actor": names.name(step["actor"]),
        "kind": step["kind"],
        "note": step["note"],
    }


def _responder(alert: Alert) -> ResponderView | None:
    if alert.assigned_kind is None:
        return None
    zh, en = alert.assigned_zh or "", alert.assigned_en or ""
    return {"kind": alert.assigned_kind, "id": alert.assigned_id, "name": zh, "name_zh": zh, "name_en": en}
