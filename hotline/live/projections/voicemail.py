"""A message left on the line, as those who answer it see it."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from hotline.domain import voicemails
from hotline.domain.access import voicemail_audience
from hotline.domain.service_rules import ServiceRules
from hotline.domain.voicemails import Audio, Voicemail, VoicemailOutcome, VoicemailState
from hotline.live.directory import Directory, Name
from hotline.live.projections.alert import StepView, step_view
from hotline.live.projections.next_step import NextView, next_view
from triage.assessment import Level


class VoicemailView(TypedDict):
    id: str
    contact_id: str
    state: VoicemailState
    level: Level
    language: str
    due_at: datetime
    fell_due: bool
    overdue: bool
    owner: Name | None
    audio: Audio
    seconds: int | None
    transcript: str | None
    number_masked: str | None
    listened: int
    outcome: VoicemailOutcome | None
    steps: list[StepView]
    created_at: datetime
    next: NextView | None
    version: int


def audience(voicemail: Voicemail) -> tuple[str, ...]:
    return voicemail_audience(voicemail)


def view(voicemail: Voicemail, names: Directory, rules: ServiceRules) -> VoicemailView:
    owner = names.name(voicemail.owner_id)
    return {
        "id": voicemail.id,
        "contact_id": voicemail.contact_id,
        "state": voicemail.state,
        "level": voicemail.level,
        "language": voicemail.language,
        "due_at": voicemail.due_at,
        "fell_due": voicemail.fell_due,
        "overdue": voicemails.is_open(voicemail) and voicemail.overdue_rung > 0,
        "owner": owner,
        "audio": voicemail.audio,
        "seconds": voicemail.seconds,
        "transcript": voicemail.transcript,
        "number_masked": voicemail.number_masked,
        "listened": voicemail.listened,
        "outcome": voicemail.outcome,
        "steps": [step_view(each, names) for each in voicemail.steps],
        "created_at": voicemail.created_at,
        "next": next_view(voicemails.due(voicemail, rules), owner),
        "version": voicemail.version,
    }
