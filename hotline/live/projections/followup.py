"""A follow-up as counselors and supervisors see it; a review as supervisors do."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from hotline.domain import followups
from hotline.domain.access import followup_audience
from hotline.domain.followups import AttemptOutcome, Followup, FollowupKind, FollowupState
from hotline.domain.service_rules import ServiceRules
from hotline.live.directory import Directory, Name
from hotline.live.projections.alert import StepView, step_view
from hotline.live.projections.next_step import NextView, next_view
from triage.assessment import Level


class AttemptView(TypedDict):
    at: datetime
    by: Name | None
    outcome: AttemptOutcome


class FollowupView(TypedDict):
    """`ended`: done, refused, unreachable or cancelled."""

    id: str
    contact_id: str
    kind: FollowupKind
    state: FollowupState
    due_at: datetime
    fell_due: bool
    overdue: bool
    level: Level
    owner: Name | None
    next: NextView | None
    attempts: list[AttemptView]
    attempts_left: int
    steps: list[StepView]
    note: str | None
    nickname: str | None
    number_masked: str | None
    ended: str | None
    created_at: datetime
    version: int


def audience(followup: Followup) -> tuple[str, ...]:
    return followup_audience(followup)


def view(followup: Followup, names: Directory, rules: ServiceRules) -> FollowupView:
    return {
        "id": followup.id,
        "contact_id": followup.contact_id,
        "kind": followup.kind,
        "state": followup.state,
        "due_at": followup.due_at,
        "fell_due": followup.fell_due,
        "overdue": followups.is_open(followup) and followup.overdue_rung > 0,
        "level": followup.level,
        "owner": names.name(followup.owner_id),
        "next": next_view(followups.due(followup, rules), names.name(followup.owner_id)),
        "attempts": [
            {
                "at": datetime.fromisoformat(each["at"]),
                "by": names.name(each["by"]),
                "outcome": each["outcome"],
            }
            for each in followup.attempts
        ],
        "attempts_left": followups.attempts_left(followup, rules),
        "steps": [step_view(each, names) for each in followup.steps],
        "note": followup.note,
        "nickname": followup.nickname,
        "number_masked": followup.number_masked,
        "ended": followup.ended,
        "created_at": followup.created_at,
        "version": followup.version,
    }
