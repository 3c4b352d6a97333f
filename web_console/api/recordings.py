"""Recordings of calls: consent, pause, what there is, listening with a reason, legal hold.

The sound itself is `sound.py`'s.
"""

from __future__ import annotations

from typing_extensions import TypedDict

from hotline.actions import legal_holds, listening, recordings
from hotline.domain.access import Permission
from hotline.domain.ids import RecordingId
from hotline.errors import Forbidden, HotlineError, NotFound, WrongState
from hotline.live.projections import recording as projection
from hotline.live.projections.contact import ContactView
from hotline.live.projections.recording import LegalHoldView, ListenedView, RecordingView
from web_console.api import sound
from web_console.api.contacts import contact_id_of, shown
from web_console.api.inputs import Reason
from web_console.api.sound import ListeningView
from web_console.openapi import ApiRequest, Body, route

CONFLICTS: tuple[type[HotlineError], ...] = (NotFound, Forbidden, WrongState)
SERVE, LISTEN = Permission.CONTACT_SERVE, Permission.RECORDING_LISTEN


class ContactRecordings(TypedDict):
    """`policy`: whether this service records calls at all; `consent`: None while nobody was asked.
    `listened` only for those who may listen, newest first; `holds` newest first."""

    policy: bool
    consent: bool | None
    may_listen: bool
    recordings: list[RecordingView]
    listened: list[ListenedView]
    holds: list[LegalHoldView]


class Consent(Body):
    agreed: bool


class Paused(Body):
    paused: bool


class Reasoned(Body):
    """Why, in a sentence. Kept, and shown to supervisors."""

    reason: Reason


@route(
    "GET",
    "/api/contacts/{contact_id}/recordings",
    permission=(SERVE, LISTEN),
    answer=ContactRecordings,
    errors=(NotFound, Forbidden),
)
async def list_recordings(request: ApiRequest) -> ContactRecordings:
    """What was recorded of a call, who listened, and whether anything may be deleted."""
    hotline = request.hotline
    found = await recordings.of_contact(hotline, request.actor, contact_id_of(request))
    contact, made, listened, holds = found
    names = hotline.directory
    return {
        "policy": hotline.rules.record_calls,
        "consent": contact.recording_consent,
        "may_listen": request.actor.may(LISTEN),
        "recordings": [projection.view(each, hotline.rules) for each in made],
        "listened": [projection.listened_view(each, names) for each in listened],
        "holds": [projection.hold_view(each, names) for each in holds],
    }


@route(
    "POST",
    "/api/contacts/{contact_id}/recording/consent",
    permission=SERVE,
    body=Consent,
    answer=ContactView,
    errors=CONFLICTS,
)
async def answer_consent(request: ApiRequest) -> ContactView:
    """What the caller said when they were asked. Withdrawn: recording ends, and nothing of it is kept."""
    contact_id, agreed = contact_id_of(request), request.body.agreed
    return shown(request, await recordings.consent(request.hotline, request.actor, contact_id, agreed=agreed))


@route(
    "POST",
    "/api/contacts/{contact_id}/recording",
    permission=SERVE,
    body=Paused,
    answer=ContactView,
    errors=CONFLICTS,
)
async def pause_recording(request: ApiRequest) -> ContactView:
    """Pause or resume the recording of a call that is going on."""
    contact_id, paused = contact_id_of(request), request.body.paused
    return shown(
        request, await recordings.set_paused(request.hotline, request.actor, contact_id, paused=paused)
    )


def _recording_id(request: ApiRequest) -> RecordingId:
    return RecordingId(request.path["recording_id"])


@route(
    "POST",
    "/api/recordings/{recording_id}/listen",
    permission=LISTEN,
    body=Reasoned,
    answer=ListeningView,
    errors=CONFLICTS,
)
async def listen_to_recording(request: ApiRequest) -> ListeningView:
    """Say why, and listen for a while. Each time is journalled."""
    noted = await listening.to_recording(
        request.hotline, request.actor, _recording_id(request), reason=request.body.reason
    )
    return await sound.opened(request, noted)


@route(
    "POST",
    "/api/contacts/{contact_id}/legal-hold",
    permission=Permission.LEGAL_HOLD,
    body=Reasoned,
    answer=LegalHoldView,
    errors=CONFLICTS,
)
async def place_legal_hold(request: ApiRequest) -> LegalHoldView:
    """Nothing of this contact is deleted or erased until the hold is lifted."""
    hold = await legal_holds.place(
        request.hotline, request.actor, contact_id_of(request), reason=request.body.reason
    )
    return projection.hold_view(hold, request.hotline.directory)


@route(
    "POST",
    "/api/contacts/{contact_id}/legal-hold/lift",
    permission=Permission.LEGAL_HOLD,
    body=Reasoned,
    answer=LegalHoldView,
    errors=CONFLICTS,
)
async def lift_legal_hold(request: ApiRequest) -> LegalHoldView:
    """What is past its time is then deleted."""
    hold = await legal_holds.lift(
        request.hotline, request.actor, contact_id_of(request), reason=request.body.reason
    )
    return projection.hold_view(hold, request.hotline.directory)
