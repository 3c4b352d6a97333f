"""The kinds of effects the carrier is owed: whether still wanted, how sent, how asked for after a crash, what follows.

| kind            | payload          | twice is harmless | refused or failed                                  |
|-----------------|------------------|-------------------|----------------------------------------------------|
| ring_counselor  | leg_id           | no: find_leg      | the caller goes to the front of the queue          |
| hang_up_leg     | leg_id           | yes               | nothing: the leg is over on our side               |
| join_room       | call_sid, leg_id | yes               | the caller is gone, or goes to the front           |
| return_to_queue | call_sid         | yes               | the caller is gone: the contact ends               |
| hang_up         | call_sid         | yes               | nothing: the contact is over on our side           |
| transcribe      | call_sid         | yes               | nothing: shown as failed already                   |
| send_text       | message_id       | no: find_message  | journalled on the message; shown as not delivered  |
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hotline.actions.carrier_events import leg_fails, line_over
from hotline.domain import calls
from hotline.domain.calls import Leg, LegState
from hotline.domain.change import CARRIER, MACHINE, NOTHING, Change, Event
from hotline.domain.contacts import Contact, ContactState, EndedBy, Message
from hotline.domain.service_rules import ServiceRules
from hotline.errors import HotlineError, NotFound
from hotline.storage.outbox import Owed
from hotline.storage.working_set import Loaded
from hotline.telephony.carrier import CallGone, CallSid, Carrier, CarrierRefused, CounselorLeg

if TYPE_CHECKING:
    from hotline.service import Hotline


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


def _to_ring(hotline: Hotline, leg: Leg) -> CounselorLeg:
    return CounselorLeg(leg.id, leg.contact_id, leg.staff_id, hotline.rules.leg_answered_within)


async def _ring(hotline: Hotline, owed: Owed) -> CallSid:
    return await _carrier(hotline).ring_counselor(_to_ring(hotline, await _leg(hotline, owed)))


async def _find_ring(hotline: Hotline, owed: Owed) -> CallSid | None:
    leg = await _leg(hotline, owed)
    if leg.sid is not None:  # its own reports told us
        return CallSid(leg.sid)
    return await _carrier(hotline).find_leg(_to_ring(hotline, leg), owed.made_at)


def _ring_wanted(loaded: Loaded, owed: Owed) -> bool:
    leg = loaded.find(Leg, owed.payload["leg_id"])
    return leg is not None and leg.state is not LegState.ENDED


def _ring_sent(loaded: Loaded, owed: Owed, sid: CallSid) -> Change:
    return calls.leg_rung(loaded.get(Leg, owed.payload["leg_id"]), sid)


def _ring_failed(loaded: Loaded, owed: Owed, _error: HotlineError, rules: ServiceRules) -> Change:
    return leg_fails(loaded, loaded.get(Leg, owed.payload["leg_id"]), "not_rung", rules, MACHINE)


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
    return _contact(loaded, owed).state is ContactState.WAITING


def _caller_gone(loaded: Loaded, owed: Owed, error: HotlineError, rules: ServiceRules) -> Change:
    """The carrier knows no such call: the caller hung up, and that report has not come (yet).

    A carrier that only does not answer says nothing about the caller: they go on waiting.
    """
    if not isinstance(error, CallGone):
        return NOTHING
    return line_over(loaded, _contact(loaded, owed), EndedBy.CARRIER, rules)


async def _hang_up(hotline: Hotline, owed: Owed) -> None:
    await _carrier(hotline).hang_up(CallSid(owed.payload["call_sid"]))


async def _transcribe(hotline: Hotline, owed: Owed) -> None:
    await _carrier(hotline).start_transcription(CallSid(owed.payload["call_sid"]), owed.payload["language"])


def _transcribe_wanted(loaded: Loaded, owed: Owed) -> bool:
    contact = _contact(loaded, owed)
    over = contact.call_state == calls.CallState.ENDED
    return contact.transcript == calls.Transcript.FAILED and not over


# Texts --------------------------------------------------------------------------------------------


async def _text(hotline: Hotline, owed: Owed) -> tuple[str, str]:
    message = await hotline.reader.find(Message, owed.payload["message_id"])
    contact = await hotline.reader.find(Contact, owed.subject)
    if message is None or contact is None or contact.number is None:
        raise CarrierRefused("There is nobody to send it to.")
    return contact.number, message.text


async def _send_text(hotline: Hotline, owed: Owed) -> str:
    return await _carrier(hotline).send_message(*await _text(hotline, owed))


async def _find_text(hotline: Hotline, owed: Owed) -> str | None:
    return await _carrier(hotline).find_message(*await _text(hotline, owed), owed.made_at)


def _text_failed(_loaded: Loaded, owed: Owed, error: HotlineError, _rules: ServiceRules) -> Change:
    facts = {"contact_id": owed.subject, "code": error.code}
    return Change(events=(Event("message", "not_delivered", owed.payload["message_id"], CARRIER, facts),))


ORDERS: dict[str, Order] = {
    "ring_counselor": Order(_ring, _ring_wanted, _find_ring, _ring_sent, _ring_failed),
    "hang_up_leg": Order(_hang_up_leg),
    "join_room": Order(_join, _join_wanted, failed=_join_failed),
    "return_to_queue": Order(_return, _return_wanted, failed=_caller_gone),
    "hang_up": Order(_hang_up),
    "transcribe": Order(_transcribe, _transcribe_wanted),
    "send_text": Order(_send_text, find=_find_text, failed=_text_failed),
}
