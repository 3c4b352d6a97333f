"""A recording as those see it who may listen, or serve its contact: facts, never a sound."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from hotline.domain.legal_holds import LegalHold
from hotline.domain.listenings import Listening
from hotline.domain.recordings import Recording, RecordingState, due
from hotline.domain.service_rules import ServiceRules
from hotline.live.directory import Directory, Name


class RecordingNextView(TypedDict):
    """What happens next by itself, and when."""

    what: str
    at: datetime


class RecordingView(TypedDict):
    """`trouble`: what went wrong last, a code. `seconds`: its length, once known."""

    id: str
    contact_id: str
    state: RecordingState
    trouble: str | None
    made_at: datetime
    seconds: int | None
    held: bool
    at_carrier: bool
    deleted_at: datetime | None
    deleted_why: str | None
    next: RecordingNextView | None


class ListenedView(TypedDict):
    """Somebody listened, and why."""

    sound_id: str
    by: Name | None
    at: datetime
    reason: str


class LegalHoldView(TypedDict):
    """While `lifted_at` is None nothing of the contact is deleted."""

    id: str
    placed_by: Name | None
    placed_at: datetime
    reason: str
    lifted_by: Name | None
    lifted_at: datetime | None
    lift_reason: str | None


def view(recording: Recording, rules: ServiceRules) -> RecordingView:
    coming = due(recording, rules)
    return {
        "id": recording.id,
        "contact_id": recording.contact_id,
        "state": recording.state,
        "trouble": recording.trouble,
        "made_at": recording.made_at,
        "seconds": recording.seconds,
        "held": recording.held,
        "at_carrier": recording.at_carrier,
        "deleted_at": recording.deleted_at,
        "deleted_why": recording.deleted_why,
        "next": {"what": coming.what, "at": coming.at} if coming else None,
    }


def listened_view(listening: Listening, names: Directory) -> ListenedView:
    return {
        "sound_id": listening.sound_id,
        "by": names.name(listening.staff_id),
        "at": listening.at,
        "reason": listening.reason,
    }


def hold_view(hold: LegalHold, names: Directory) -> LegalHoldView:
    return {
        "id": hold.id,
        "placed_by": names.name(hold.placed_by),
        "placed_at": hold.placed_at,
        "reason": hold.reason,
        "lifted_by": names.name(hold.lifted_by),
        "lifted_at": hold.lifted_at,
        "lift_reason": hold.lift_reason,
    }
