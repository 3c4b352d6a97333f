"""The kinds of effects the carrier is owed: whether still wanted, how sent, how asked for after a crash, what follows.

| kind            | payload          | twice is harmless | refused or failed                                  |
|-----------------|------------------|-------------------|----------------------------------------------------|
| ring_counselor  | leg_id           | no: find_leg      | the caller goes to the front of the queue          |
| hang_up_leg     | leg_id           | yes               | nothing: the leg is over on our side               |
| join_room       | call_sid, leg_id | yes               | the caller is gone, or goes to the front           |
| ring_party      | leg_id           | no: find_party    | the party is shown as not reached                  |
| return_to_queue | call_sid         | yes               | the caller is gone: the contact ends               |
| hold_caller     | call_sid         | yes               | nothing: the caller hears the room                 |
| hold_leg        | leg_id           | yes               | nothing: they hear the room                        |
| supervise       | leg_id           | yes               | the supervisor's line is hung up: never overheard  |
| announce        | what             | no: not repeated  | nothing                                            |
| stop_transcript | call_sid         | yes               | nothing: what comes is not taken in                |
| hang_up         | call_sid         | yes               | nothing: the contact is over on our side           |
| transcribe      | call_sid         | yes               | nothing: shown as failed already                   |
| call_person     | leg_id           | no: asked for     | the call back ends; the try does not count          |
| remove_voicemail | recording_sid   | yes               | the carrier keeps a copy that nobody asks for       |
| fetch_voicemail | recording_sid    | yes               | the message is shown without its sound             |
| ask_after_voicemail | voicemail_id, call_sid | yes          | asked again ten minutes later, for half a day      |
| send_text       | message_id, part | no: find_message  | shown at the message; work, if they are at risk    |
| tell_duty_number | alert_id or contact_id | no: find_message | journalled; the consoles go on ringing      |
| tell_absent     | staff_id         | no: find_message  | journalled; supervisors see who is missing         |
| ring_duty       | attempt, number  | no: asked for     | the next duty telephone                            |
| join_duty       | call_sid         | yes               | the caller waits on, at the front                  |
| send_notice     | code, language   | no: find_message  | nothing: it was said out of courtesy               |
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hotline.actions import calling_back, duty_rings, duty_texts, text_delivery, voicemails
from hotline.actions.call_legs import leg_fails
from hotline.actions.calls import with_room
from hotline.actions.carrier_events import line_over
from hotline.actions.phones import phone_of
from hotline.domain import call_room, call_transfers, calls, phones
from hotline.domain.calls import Leg, LegKind, LegState, Supervision
from hotline.domain.change import MACHINE, NOTHING, Change
from hotline.domain.contacts import Contact, ContactState, EndedBy
from hotline.domain.phones import RungAt
from hotline.domain.service_rules import ServiceRules
from hotline.errors import HotlineError, NotFound
from hotline.storage.outbox import Owed
from hotline.storage.working_set import Loaded
from hotline.telephony.call_rooms import PartyLeg
from hotline.telephony.carrier import CallGone, CallSid, Carrier, CarrierRefused, CounselorLeg

if TYPE_CHECKING:
    from hotline.service import Hotline


_RUNG_BEFORE = timedelta(minutes=10)  # an order waits for a busy carrier for two minutes at most


def _always(_loaded: Loaded, _owed: Owed) -> bool:
    return True


def _nothing_sent(_loaded: Loaded, _owed: Owed, _result: Any) -> Change:
    return NOTHING


def _nothing_failed(_loaded: Loaded, _owed: Owed, _error: HotlineError, _rules: ServiceRules) -> Change:
    return NOTHING


@dataclass(frozen=True, slots=True)
class Order:
    """`find` stands only where sending twice would be seen by somebody."""

    send: Callable[[Hotline, Owed], Awaitable[Any]]
    wanted: Callable[[Loaded, Owed], bool] = _always
    find: Callable[[Hotline, Owed], Awaitable[Any]] | None = None
    sent: Callable[[Loaded, Owed, Any], Change] = _nothing_sent
    failed: Callable[[Loaded, Owed, HotlineError, ServiceRules], Change] = _nothing_failed


def _carrier(hotline: Hotline) -> Carrier:
    if hotline.carrier is None:
        raise CarrierRefused("No carrier is set up.")
    return hotline.carrier


# The counselor's leg -----------------------------------------------------------------------------


async def _leg(hotline: Hotline, owed: Owed) -> Leg:
    leg = await hotline.reader.find(Leg, owed.payload["leg_id"])
    if leg is None:
        raise NotFound("There is no such leg.")
    return leg


async def _to_ring(hotline: Hotline, leg: Leg) -> CounselorLeg:
    if leg.staff_id is None:
        raise CarrierRefused("There is nobody to ring.")
    phone = await phone_of(hotline, leg.staff_id)
    at = leg.rung_at or phones.rung_at(phone)[0]
    number = phone.number if phone is not None and at is RungAt.NUMBER else None
    return CounselorLeg(leg.id, leg.contact_id, leg.staff_id, calls.ring_for(leg, hotline.rules), number)


async def _ring(hotline: Hotline, owed: Owed) -> CallSid:
    return await _carrier(hotline).ring_counselor(await _to_ring(hotline, await _leg(hotline, owed)))


async def _find_ring(hotline: Hotline, owed: Owed) -> CallSid | None:
    leg = await _leg(hotline, owed)
    if leg.sid is not None:  # its own reports told us
        return CallSid(leg.sid)
    others = await _lines_known(hotline, owed)
    return await _carrier(hotline).find_leg(await _to_ring(hotline, leg), owed.made_at, but_not=others)


async def _lines_known(hotline: Hotline, owed: Owed) -> set[str]:
    """Of the other telephones that are rung: two contacts may ring the same desk at once, each on a line of its own."""
    table = hotline.reader.table(Leg).c
    since = owed.made_at - _RUNG_BEFORE
    legs = await hotline.reader.where(Leg, table.made_at >= since, table.sid.is_not(None))
    return {each.sid for each in legs if each.sid is not None}


def _ring_wanted(loaded: Loaded, owed: Owed) -> bool:
    leg = loaded.find(Leg, owed.payload["leg_id"])
    return leg is not None and leg.state is not LegState.ENDED


def _ring_sent(loaded: Loaded, owed: Owed, sid: CallSid) -> Change:
    return with_room(loaded, owed.subject, calls.leg_rung(loaded.get(Leg, owed.payload["leg_id"]), sid))


def _ring_failed(loaded: Loaded, owed: Owed, _error: HotlineError, rules: ServiceRules) -> Change:
    return leg_fails(loaded, loaded.get(Leg, owed.payload["leg_id"]), "not_rung", rules, MACHINE)


async def _party_to_ring(hotline: Hotline, leg: Leg) -> PartyLeg:
    contact = await hotline.reader.find(Contact, leg.contact_id)
    if contact is None or leg.number is None:
        raise CarrierRefused("There is no number to ring.")
    confirmed = call_transfers.is_cold_target(contact, leg) and leg.kind is not LegKind.EMERGENCY_DESK
    ring_for = hotline.rules.party_answered_within
    return PartyLeg(leg.id, leg.contact_id, ring_for, leg.number, confirmed)


async def _ring_party(hotline: Hotline, owed: Owed) -> CallSid:
    return await _carrier(hotline).ring_party(await _party_to_ring(hotline, await _leg(hotline, owed)))


async def _find_party(hotline: Hotline, owed: Owed) -> CallSid | None:
    leg = await _leg(hotline, owed)
    if leg.sid is not None:
        return CallSid(leg.sid)
    others = await _lines_known(hotline, owed)
    return await _carrier(hotline).find_party(
        await _party_to_ring(hotline, leg), owed.made_at, but_not=others
    )


async def _hang_up_leg(hotline: Hotline, owed: Owed) -> None:
    leg = await _leg(hotline, owed)
    if leg.sid is not None:
        await _carrier(hotline).hang_up(CallSid(leg.sid))


# The caller's call --------------------------------------------------------------------------------


def _contact(loaded: Loaded, owed: Owed) -> Contact:
    return loaded.get(Contact, owed.subject)


async def _join(hotline: Hotline, owed: Owed) -> None:
    await _carrier(hotline).join_room(CallSid(owed.payload["call_sid"]), owed.subject)


def _join_wanted(loaded: Loaded, owed: Owed) -> bool:
    leg = loaded.find(Leg, owed.payload["leg_id"])
    return leg is not None and leg.state in (LegState.ANSWERED, LegState.BRIDGED)


def _join_failed(loaded: Loaded, owed: Owed, error: HotlineError, rules: ServiceRules) -> Change:
    if isinstance(error, CallGone):
        return _caller_gone(loaded, owed, error, rules)
    return leg_fails(
        loaded, loaded.get(Leg, owed.payload["leg_id"]), "not_joined", rules, MACHINE, hang_up=True
    )


async def _return(hotline: Hotline, owed: Owed) -> None:
    await _carrier(hotline).return_to_queue(CallSid(owed.payload["call_sid"]), owed.subject)


def _return_wanted(loaded: Loaded, owed: Owed) -> bool:
    """Also where somebody was quick to take them: whoever is fetched out of the room that they are fetched to ends it
    under the one who is there."""
    contact = _contact(loaded, owed)
    in_room = calls.caller_in_room(contact, loaded.where(Leg, "contact_id", contact.id))
    return contact.state in (ContactState.WAITING, ContactState.ACTIVE) and not in_room


def _caller_gone(loaded: Loaded, owed: Owed, error: HotlineError, rules: ServiceRules) -> Change:
    """The carrier knows no such call: the caller hung up, and that report has not come (yet).

    A carrier that only does not answer says nothing about the caller: they go on waiting.
    """
    if not isinstance(error, CallGone):
        return NOTHING
    return line_over(loaded, _contact(loaded, owed), EndedBy.CARRIER, rules)


# The room -----------------------------------------------------------------------------------------


async def _hold_caller(hotline: Hotline, owed: Owed) -> None:
    """As the room is now, not as it was when this was owed."""
    contact = await hotline.reader.find(Contact, owed.subject)
    if contact is None:
        raise NotFound("There is no such contact.")
    on = call_room.room_of(contact).on_hold
    await _carrier(hotline).hold(CallSid(owed.payload["call_sid"]), contact.id, on=on)


def _hold_wanted(loaded: Loaded, owed: Owed) -> bool:
    contact = _contact(loaded, owed)
    return calls.caller_in_room(contact, loaded.where(Leg, "contact_id", contact.id))


async def _hold_leg(hotline: Hotline, owed: Owed) -> None:
    leg = await _leg(hotline, owed)
    if leg.sid is not None:
        await _carrier(hotline).hold(CallSid(leg.sid), leg.contact_id, on=leg.on_hold)


def _leg_in_room(loaded: Loaded, owed: Owed) -> bool:
    leg = loaded.find(Leg, owed.payload["leg_id"])
    return leg is not None and leg.state is LegState.BRIDGED and leg.sid is not None


async def _supervise(hotline: Hotline, owed: Owed) -> None:
    leg = await _leg(hotline, owed)
    table = hotline.reader.table(Leg).c
    own = await hotline.reader.where(
        Leg,
        table.contact_id == leg.contact_id,
        table.kind == LegKind.COUNSELOR,
        table.state == LegState.BRIDGED,
    )
    coached = CallSid(own[-1].sid) if own and own[-1].sid else None
    mode = leg.mode or Supervision.MONITOR
    await _carrier(hotline).supervise(CallSid(leg.sid or ""), leg.contact_id, mode.value, coached)


def _supervise_failed(loaded: Loaded, owed: Owed, _error: HotlineError, rules: ServiceRules) -> Change:
    leg = loaded.get(Leg, owed.payload["leg_id"])
    return leg_fails(loaded, leg, "not_supervised", rules, MACHINE, hang_up=True)


async def _announce(hotline: Hotline, owed: Owed) -> None:
    await _carrier(hotline).announce(owed.subject, owed.payload["what"])


async def _announced_already(_hotline: Hotline, _owed: Owed) -> bool:
    """Whether it was heard cannot be asked: words that come twice disturb more than words that are missed."""
    return True


async def _stop_transcript(hotline: Hotline, owed: Owed) -> None:
    await _carrier(hotline).stop_transcription(CallSid(owed.payload["call_sid"]))


async def _hang_up(hotline: Hotline, owed: Owed) -> None:
    await _carrier(hotline).hang_up(CallSid(owed.payload["call_sid"]))


async def _transcribe(hotline: Hotline, owed: Owed) -> None:
    await _carrier(hotline).start_transcription(CallSid(owed.payload["call_sid"]), owed.payload["language"])


def _transcribe_wanted(loaded: Loaded, owed: Owed) -> bool:
    contact = _contact(loaded, owed)
    elsewhere = (calls.CallState.ENDED, calls.CallState.HANDED_OVER, calls.CallState.OUTSIDE)
    return contact.transcript != calls.Transcript.LIVE and contact.call_state not in elsewhere


def _silence_wanted(loaded: Loaded, owed: Owed) -> bool:
    """Still with somebody outside: whoever is back already is listened to."""
    return _contact(loaded, owed).call_state in (calls.CallState.HANDED_OVER, calls.CallState.OUTSIDE)


ORDERS: dict[str, Order] = {
    "ring_counselor": Order(_ring, _ring_wanted, _find_ring, _ring_sent, _ring_failed),
    "hang_up_leg": Order(_hang_up_leg),
    "join_room": Order(_join, _join_wanted, failed=_join_failed),
    "ring_party": Order(_ring_party, _ring_wanted, _find_party, _ring_sent, _ring_failed),
    "hold_caller": Order(_hold_caller, _hold_wanted),
    "hold_leg": Order(_hold_leg, _leg_in_room),
    "supervise": Order(_supervise, _leg_in_room, failed=_supervise_failed),
    "announce": Order(_announce, find=_announced_already),
    "stop_transcript": Order(_stop_transcript, _silence_wanted),
    "return_to_queue": Order(_return, _return_wanted, failed=_caller_gone),
    "hang_up": Order(_hang_up),
    "transcribe": Order(_transcribe, _transcribe_wanted),
    "send_text": Order(
        text_delivery.send_text,
        find=text_delivery.find_text,
        sent=text_delivery.text_sent,
        failed=text_delivery.text_failed,
    ),
    "tell_duty_number": Order(duty_texts.send, duty_texts.wanted, duty_texts.find, failed=duty_texts.failed),
    "tell_absent": Order(
        duty_texts.send_to_absent,
        duty_texts.still_absent,
        duty_texts.find_to_absent,
        failed=duty_texts.absent_not_told,
    ),
    "ring_duty": Order(
        duty_rings.send, duty_rings.wanted, duty_rings.find, duty_rings.sent, duty_rings.failed
    ),
    "join_duty": Order(duty_rings.join, duty_rings.join_wanted, failed=duty_rings.not_joined),
    "call_person": Order(
        calling_back.send,
        calling_back.wanted,
        calling_back.find,
        calling_back.sent,
        calling_back.failed,
    ),
    "fetch_voicemail": Order(
        voicemails.fetch,
        voicemails.is_fetched_still,
        sent=voicemails.fetched,
        failed=voicemails.not_fetched,
    ),
    "ask_after_voicemail": Order(
        voicemails.ask,
        voicemails.is_asked_for_still,
        sent=voicemails.answered,
        failed=voicemails.not_answered,
    ),
    "remove_voicemail": Order(voicemails.remove_at_carrier),
    "send_notice": Order(text_delivery.send_notice, find=text_delivery.find_notice),
}
