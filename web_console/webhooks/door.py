"""The way in: a call arrives, its caller presses keys or none, waits, leaves a message, is put through to a person.

Which words come next is read off the call at the door (`domain/inbound.py`) and its contact; a report that comes
twice is answered twice with the same words.
"""

from __future__ import annotations

from dataclasses import replace

from hotline.actions import (
    calling_back,
    carrier_events,
    inbound,
    line,
    outside,
    partner_line,
    same_counselor,
    voicemails,
)
from hotline.domain import kept_places
from hotline.domain.callers import Verdict
from hotline.domain.ids import ContactId, VoicemailId
from hotline.domain.inbound import Asked, InboundCall, Step, Wish
from hotline.domain.switchboard import DivertTo
from hotline.errors import Invalid
from hotline.telephony import addresses
from hotline.telephony.carrier import CallStatus
from web_console.webhooks.signed import Webhook, report, script, script_or
from web_console.webhooks.whereabouts import OVER, message_script, next_script, place_of


async def _with_notices(webhook: Webhook) -> Webhook:
    """With the operator's own recordings, where there are some."""
    tokens = await line.notice_tokens(webhook.hotline)
    if not tokens:
        return webhook
    notices = {each: webhook.scripts.addresses.of(line.notice_path(token)) for each, token in tokens.items()}
    return replace(webhook, scripts=replace(webhook.scripts, notices=notices))


# Arriving, and the menu ------------------------------------------------------------------------------------


@script
async def voice(webhook: Webhook) -> str:
    """Somebody calls."""
    door = await inbound.arrive(
        webhook.hotline, webhook.needed("CallSid"), webhook.said("From"), webhook.said("To")
    )
    return await _at_door(await _with_notices(webhook), door)


def _out_of_menu(webhook: Webhook) -> str:
    """A key pressed in the queue leads back to the queue: nobody may be dialled in a wait."""
    waits = webhook.query.get("step") == Step.PASSED
    return webhook.scripts.out_of_queue() if waits else webhook.scripts.fallback()


@script_or(_out_of_menu)
async def menu(webhook: Webhook) -> str:
    """A key, or the silence after the words."""
    step, again = _step_of(webhook)
    key = webhook.said("Digits")[:1]
    door = await inbound.press(
        webhook.hotline,
        webhook.needed("CallSid"),
        webhook.said("From"),
        step=step,
        repeats=again,
        key=key,
        early=bool(webhook.query.get("early")),
    )
    webhook = await _with_notices(webhook)
    if step is Step.PASSED:
        return await _while_waiting(webhook, door)
    return await _at_door(webhook, door)


def _step_of(webhook: Webhook) -> tuple[Step, int]:
    try:
        return Step(webhook.asked("step")), min(int(webhook.asked("again")), 9)
    except ValueError:
        raise Invalid("There is no such step.", code="malformed") from None


async def _at_door(webhook: Webhook, door: inbound.Door) -> str:
    call, contact, scripts = door.call, door.contact, webhook.scripts
    if contact is not None and contact.state in OVER and call.wish is None:
        return scripts.goodbye(contact.language)
    if call.wish is Wish.MESSAGE:
        return await message_script(webhook)
    if call.wish is Wish.CALL_BACK:
        return await _call_back(webhook, door)
    if door.asked is Asked.GOODBYE:
        return scripts.over("closed_goodbye", call.language)
    if call.step is Step.LANGUAGE:
        return scripts.language(call.language, call.repeats)
    if call.step is Step.NOTICE:
        return scripts.notice(call.language, call.repeats, by=call.language_by, recorded=call.asks_recording)
    if call.step is Step.HELD_UP:
        return scripts.held_up(call.verdict.value, call.language, call.repeats)
    if call.step is Step.CLOSED:
        return scripts.closed(call.language, call.repeats, door.opening)
    return await _passed(webhook, door)


_ANSWERED = {
    Asked.IN_DANGER: "danger_heard",
    Asked.NO_RECORDING: "not_recorded",
    Asked.SAME_COUNSELOR: "same_counselor_heard",
}


async def _passed(webhook: Webhook, door: inbound.Door) -> str:
    """Into the queue; whoever is in danger while nobody is there, to a person's telephone."""
    call, contact = door.call, door.contact
    if contact is None:
        raise Invalid("A call that was let in has a contact.", code="malformed")
    if outside.needs_duty_telephone(webhook.hotline, contact):
        await inbound.wishes(webhook.hotline, webhook.needed("CallSid"), Wish.FALLBACK)
        return await next_script(webhook, contact.id, again=False)
    there = await carrier_events.whereabouts(webhook.hotline, contact.id)
    if there[1]:
        return await next_script(webhook, contact.id, again=False)
    said = _ANSWERED.get(door.asked, "hold_on")
    return webhook.scripts.straight_in(
        contact.id, call.language, (said,), listen=_not_listened_to(call, door.asked)
    )


def _not_listened_to(call: InboundCall, asked: Asked) -> bool:
    """Whoever came past a closed door has not heard the notice, with which listening begins."""
    return asked is Asked.IN_DANGER and call.verdict is not Verdict.SERVED


# While waiting ---------------------------------------------------------------------------------------------


async def _while_waiting(webhook: Webhook, door: inbound.Door) -> str:
    contact, in_queue = door.contact, webhook.query.get("at") == "queue"
    if contact is None or contact.state in OVER:
        return webhook.scripts.goodbye(door.call.language)
    if outside.needs_duty_telephone(webhook.hotline, contact):
        await inbound.wishes(webhook.hotline, webhook.needed("CallSid"), Wish.FALLBACK)
        return await _out_of_queue(webhook, contact.id, in_queue=in_queue)
    if door.call.wish is Wish.MESSAGE:
        return await _out_of_queue(webhook, contact.id, in_queue=in_queue)
    if door.call.wish is Wish.CALL_BACK:
        return await _call_back(webhook, door, in_queue=in_queue)
    said = _ANSWERED.get(door.asked)
    return webhook.scripts.goes_on_waiting(contact.id, contact.language, said, in_queue=in_queue)


async def _out_of_queue(webhook: Webhook, contact_id: ContactId, *, in_queue: bool) -> str:
    if in_queue:
        return webhook.scripts.leave_queue()
    return await next_script(webhook, contact_id, again=False)


async def _call_back(webhook: Webhook, door: inbound.Door, *, in_queue: bool = False) -> str:
    call_sid, language = webhook.needed("CallSid"), door.call.language
    contact = await inbound.ask_call_back(webhook.hotline, call_sid, webhook.said("From"))
    if contact is None:
        if door.contact is not None:
            return webhook.scripts.goes_on_waiting(
                door.contact.id, language, "call_back_no_number", in_queue=in_queue
            )
        return webhook.scripts.closed_again(language, "call_back_no_number")
    if contact.state not in OVER and not kept_places.is_kept(
        contact
    ):  # somebody has just taken the call: that is better than any call back
        return webhook.scripts.goes_on_waiting(contact.id, language, None, in_queue=in_queue)
    return webhook.scripts.over("call_back_promised", language)


@script_or(lambda webhook: webhook.scripts.out_of_queue())
async def queue_wait(webhook: Webhook) -> str:
    """One more round of waiting: the place, who is there, and what one may choose."""
    return await waiting_round(webhook, in_queue=True)


async def waiting_round(webhook: Webhook, *, in_queue: bool) -> str:
    hotline, contact_id = webhook.hotline, ContactId(webhook.asked("contact"))
    contact, place = await carrier_events.entered_queue(hotline, contact_id)
    if contact.state in OVER:  # whatever order to hang up was lost: nobody is told to wait for nobody
        return webhook.scripts.goodbye(contact.language)
    if kept_places.is_kept(contact):
        return webhook.scripts.over("call_back_promised", contact.language)
    if in_queue and await carrier_events.is_awaited_in_room(hotline, contact):
        return webhook.scripts.leave_queue()
    if outside.needs_duty_telephone(hotline, contact):
        await inbound.wishes(hotline, webhook.needed("CallSid"), Wish.FALLBACK)
        return await _out_of_queue(webhook, contact_id, in_queue=in_queue)
    goes_to = partner_line.goes_to(hotline, contact)
    if goes_to is not None:
        wish = Wish.PARTNER if goes_to is DivertTo.PARTNER else Wish.MESSAGE
        await inbound.wishes(hotline, webhook.needed("CallSid"), wish)
        return await _out_of_queue(webhook, contact_id, in_queue=in_queue)
    return webhook.scripts.waiting_with_keys(
        contact.id,
        contact.language,
        place_of(contact, place),
        there=outside.is_anybody_there(hotline),
        in_queue=in_queue,
        first=not webhook.query.get("again"),
        same_counselor=await same_counselor.at_work(hotline, contact) is not None,
    )


# Messages --------------------------------------------------------------------------------------------------


@script
async def message_left(webhook: Webhook) -> str:
    """The message is over: by the pound key, by silence, or because it was long enough."""
    if webhook.query.get("silent"):
        return await _nothing_said(webhook)
    contact = await inbound.message_left(webhook.hotline, ContactId(webhook.asked("contact")))
    await _recorded(webhook)
    if kept_places.is_kept(contact):
        return webhook.scripts.over("message_of_danger_kept", contact.language)
    if contact.state not in OVER:  # a counselor has come meanwhile
        await inbound.wishes(webhook.hotline, webhook.needed("CallSid"), None)
        return await next_script(webhook, contact.id, again=False)
    return webhook.scripts.over("message_kept", contact.language)


async def _nothing_said(webhook: Webhook) -> str:
    """Nobody is told that a message was kept which was never spoken, and whoever waited waits on."""
    contact_id = ContactId(webhook.asked("contact"))
    await inbound.wishes(webhook.hotline, webhook.needed("CallSid"), None)
    contact, counselor_is_there = await carrier_events.whereabouts(webhook.hotline, contact_id)
    if contact.state in OVER or counselor_is_there:
        return await next_script(webhook, contact_id, again=False)
    await inbound.nothing_left(webhook.hotline, contact_id)
    return webhook.scripts.straight_in(contact_id, contact.language, ("hold_on",), listen=False)


@report
async def message_recorded(webhook: Webhook) -> None:
    await _recorded(webhook)


async def _recorded(webhook: Webhook) -> None:
    """Told with the end of the message and once more by itself; either may be lost."""
    seconds = webhook.said("RecordingDuration")
    status = webhook.said("RecordingStatus")  # none with the end of the message itself
    absent = status == "absent"
    if status not in ("", "completed", "absent") or not (webhook.said("RecordingSid") or absent):
        return
    await voicemails.recorded(
        webhook.hotline,
        VoicemailId(webhook.asked("voicemail")),
        recording_sid=webhook.said("RecordingSid"),
        seconds=int(seconds) if seconds.isdecimal() and not absent else 0,
    )


# Calls back ------------------------------------------------------------------------------------------------


@script
async def called(webhook: Webhook) -> str:
    """The person whom we call back has answered."""
    contact = await calling_back.answered(
        webhook.hotline, ContactId(webhook.asked("contact")), webhook.needed("CallSid")
    )
    if contact.state in OVER:
        return webhook.scripts.goodbye(contact.language)
    return webhook.scripts.called_back(contact.id, contact.language)


@report
async def called_status(webhook: Webhook) -> None:
    try:
        told = CallStatus(webhook.needed("CallStatus"))
    except ValueError:
        return
    call_sid = webhook.needed("CallSid")
    if not await calling_back.status(webhook.hotline, ContactId(webhook.asked("contact")), told, call_sid):
        await carrier_events.call_status(webhook.hotline, call_sid, told)


DOOR = {
    addresses.CALLED: called,
    addresses.CALLED_STATUS: called_status,
    addresses.VOICE: voice,
    addresses.MENU: menu,
    addresses.QUEUE_WAIT: queue_wait,
    addresses.MESSAGE_LEFT: message_left,
    addresses.MESSAGE_RECORDED: message_recorded,
}
