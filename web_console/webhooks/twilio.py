"""Twilio's webhooks: what it asks to do with a line, and what it reports. One action each.

Whenever the carrier asks what a caller does next, the contact's own state is the answer (`_next`): late, repeated
and reordered requests end in the same place.
"""

from __future__ import annotations

import json

from hotline.actions import call_legs, carrier_events
from hotline.domain.calls import Transcript
from hotline.domain.ids import ContactId, LegId
from hotline.telephony import addresses
from hotline.telephony.carrier import CallStatus
from web_console.webhooks.door import DOOR, waiting_round
from web_console.webhooks.duty import DUTY
from web_console.webhooks.elsewhere import ELSEWHERE
from web_console.webhooks.messages import MESSAGE_WEBHOOKS
from web_console.webhooks.signed import Webhook, report, script, script_or
from web_console.webhooks.whereabouts import next_script

# Lines ---------------------------------------------------------------------------------------------


@script
async def voice_fallback(webhook: Webhook) -> str:
    """The carrier could not use our answer."""
    return webhook.scripts.fallback()


async def _next(webhook: Webhook, *, again: bool) -> str:
    return await next_script(webhook, ContactId(webhook.asked("contact")), again=again)


@script
async def room(webhook: Webhook) -> str:
    return await _next(webhook, again=True)


@script
async def queue(webhook: Webhook) -> str:
    return await _next(webhook, again=True)


@script
async def room_left(webhook: Webhook) -> str:
    """The caller is out of the room and still on the line: the counselor's side ended."""
    return await _next(webhook, again=True)


@script
async def queue_left(webhook: Webhook) -> str:
    """Out of the carrier's queue: by our own order, by hanging up, or because it is full."""
    result = webhook.said("QueueResult")
    if result == "hangup":
        await carrier_events.call_status(webhook.hotline, webhook.needed("CallSid"), CallStatus.COMPLETED)
    if result in ("hangup", "redirected", "redirected-from-bridged", "bridged", "bridging-in-process"):
        return webhook.scripts.nothing()
    if result in ("queue-full", "error", "system-error"):
        return await waiting_round(webhook, in_queue=False)
    return await _next(webhook, again=False)


@script_or(lambda webhook: webhook.scripts.leg_over())
async def leg_at_number(webhook: Webhook) -> str:
    """The telephone at a counselor's own number was picked up: is it a person?"""
    wanted, taken = await call_legs.is_wanted(webhook.hotline, LegId(webhook.asked("leg")))
    if not wanted:
        return webhook.scripts.leg_over(taken=taken)
    return webhook.scripts.leg_at_number(webhook.asked("leg"), webhook.asked("contact"))


# Reports -------------------------------------------------------------------------------------------


def _status(webhook: Webhook) -> CallStatus | None:
    try:
        return CallStatus(webhook.needed("CallStatus"))
    except ValueError:
        return None


@report
async def leg_status(webhook: Webhook) -> None:
    status, leg_id = _status(webhook), LegId(webhook.asked("leg"))
    if status is not None:
        await call_legs.leg_status(webhook.hotline, leg_id, status)
    elif webhook.said("CallStatus") == "initiated":
        await call_legs.leg_begun(webhook.hotline, leg_id, webhook.needed("CallSid"))


@report
async def status(webhook: Webhook) -> None:
    """The caller's call is over."""
    told = _status(webhook)
    if told is not None:
        await carrier_events.call_status(webhook.hotline, webhook.needed("CallSid"), told)


@report
async def room_events(webhook: Webhook) -> None:
    """Who entered the room. Going is told by the calls' own status."""
    contact_id = ContactId(webhook.asked("contact"))
    caller = carrier_events.contact_of_call(webhook.needed("CallSid")) == contact_id
    if webhook.said("StatusCallbackEvent") == "participant-join" and caller:
        await carrier_events.in_room(webhook.hotline, contact_id)


_TRANSCRIPT_EVENTS = {
    "transcription-started": Transcript.LIVE,
    "transcription-stopped": Transcript.OFF,
    "transcription-error": Transcript.FAILED,
}


@report
async def transcription(webhook: Webhook) -> None:
    event, call_sid = webhook.said("TranscriptionEvent"), webhook.needed("CallSid")
    if event in _TRANSCRIPT_EVENTS:
        await carrier_events.transcript_is(webhook.hotline, call_sid, _TRANSCRIPT_EVENTS[event])
    elif event == "transcription-content" and webhook.said("Final") != "true":
        text = _spoken(webhook.said("TranscriptionData"))
        await carrier_events.partial_line(webhook.hotline, call_sid, track=webhook.said("Track"), text=text)
    elif event == "transcription-content":
        await carrier_events.transcript_line(
            webhook.hotline,
            call_sid,
            transcript_sid=webhook.needed("TranscriptionSid"),
            sequence=webhook.needed("SequenceId"),
            track=webhook.said("Track"),
            text=_spoken(webhook.said("TranscriptionData")),
        )


@report
async def stream_status(webhook: Webhook) -> None:
    """The carrier could not stream the call's audio to us. That a stream began or ended its socket says."""
    if webhook.said("StreamEvent") == "stream-error":
        await carrier_events.transcript_is(
            webhook.hotline, webhook.needed("CallSid"), _TRANSCRIPT_EVENTS["transcription-error"]
        )


def _spoken(data: str) -> str:
    try:
        content = json.loads(data)
    except ValueError:
        return ""
    text = content.get("transcript") if isinstance(content, dict) else None
    return text if isinstance(text, str) else ""


WEBHOOKS = {
    **DOOR,
    **ELSEWHERE,
    **DUTY,
    addresses.VOICE_FALLBACK: voice_fallback,
    addresses.QUEUE: queue,
    addresses.QUEUE_LEFT: queue_left,
    addresses.ROOM: room,
    addresses.ROOM_LEFT: room_left,
    addresses.ROOM_EVENTS: room_events,
    addresses.LEG_AT_NUMBER: leg_at_number,
    addresses.LEG_STATUS: leg_status,
    addresses.STATUS: status,
    addresses.TRANSCRIPTION: transcription,
    addresses.STREAM_STATUS: stream_status,
    **MESSAGE_WEBHOOKS,
}
