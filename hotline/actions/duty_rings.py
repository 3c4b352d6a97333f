"""The duty telephones in action: rung with a spoken notice, and what their keys do.

The clock begins with the text (`duty_telling.py`). Whoever presses 1 is connected to the caller who is next; that
caller counts as with the duty telephone (`outside.py`), so nobody else is offered them meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.actions import outside
from hotline.domain import contact_moves, duty_call, duty_ring, inbound, outside_line
from hotline.domain.alerts import Alert, AlertState
from hotline.domain.calls import CallState
from hotline.domain.change import CARRIER, Change, Effect
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.duty_ring import DUTY_RING_ID, DutyRing
from hotline.domain.ids import ContactId
from hotline.domain.inbound import LineFlag
from hotline.domain.service_rules import ServiceRules
from hotline.errors import HotlineError
from hotline.storage.outbox import Owed
from hotline.storage.working_set import Loaded, Need
from hotline.telephony.call_rooms import DutyCall
from hotline.telephony.carrier import CallGone, CallSid, Carrier, CarrierRefused

if TYPE_CHECKING:
    from hotline.service import Hotline


@dataclass(frozen=True, slots=True)
class Notice:
    """What whoever picks up hears. `written`: how many of them wait in writing. `next_caller`: None where nobody
    waits on a line that can be connected now."""

    count: int
    written: int
    minutes: int
    alerts: int
    next_caller: ContactId | None


async def _waiting(hotline: Hotline) -> list[Contact]:
    column = hotline.reader.table(Contact).c
    found = await hotline.reader.where(
        Contact, column.state == ContactState.WAITING, column.channel != Channel.WALK_IN
    )
    return [each for each in found if not outside_line.is_away(each)]


async def _alerts(hotline: Hotline) -> int:
    """Those that have reached everyone, and nobody has answered."""
    column = hotline.reader.table(Alert).c
    states = (AlertState.PROPOSED, AlertState.RAISED)
    found = await hotline.reader.where(Alert, column.state.in_(states))
    return sum(1 for each in found if duty_call.has_reached_everyone(each))


async def on_deadline(hotline: Hotline, _id: str) -> None:
    rota = hotline.roster.rota(hotline.clock.now())
    waits = any(duty_call.concerns(each, rota) for each in await _waiting(hotline))
    waits = waits or await _alerts(hotline) > 0
    telephones = len(hotline.duty_telephones.now.numbers)

    def decide(loaded: Loaded) -> Change:
        ring = loaded.get(DutyRing, DUTY_RING_ID)
        return duty_ring.on_deadline(
            ring, loaded.now, loaded.rules, anybody_waits=waits, telephones=telephones
        )

    await hotline.writer.run(decide, Need(DutyRing, DUTY_RING_ID))


# What the carrier asks and reports --------------------------------------------------------------------------------


async def notice(hotline: Hotline) -> Notice:
    waiting, now = await _waiting(hotline), hotline.clock.now()
    longest = min((each.waiting_since or each.opened_at for each in waiting), default=now)
    next_caller = _next_caller(hotline, waiting)
    return Notice(
        count=len(waiting),
        written=sum(1 for each in waiting if each.channel is not Channel.CALL),
        minutes=int((now - longest).total_seconds() // 60),
        alerts=await _alerts(hotline),
        next_caller=next_caller.id if next_caller is not None else None,
    )


def _next_caller(hotline: Hotline, waiting: list[Contact]) -> Contact | None:
    """By the queue's own order, of those whose line can be connected at this moment."""
    there = {each.id for each in waiting if _can_be_connected(each)}
    order = hotline.matcher.room.waiting_in_order()
    return next((each.contact for each in order if each.contact_id in there), None)


def _can_be_connected(contact: Contact) -> bool:
    on_line = contact.channel is Channel.CALL and contact.call_sid is not None
    return on_line and contact.call_state == CallState.QUEUED and contact.state is ContactState.WAITING


async def no_key(hotline: Hotline, attempt: int) -> None:
    """Not picked up, or nobody pressed a key: the next telephone rings."""
    telephones = len(hotline.duty_telephones.now.numbers)
    await hotline.writer.run(
        lambda loaded: duty_ring.unanswered(
            loaded.get(DutyRing, DUTY_RING_ID), attempt, loaded.now, telephones
        ),
        Need(DutyRing, DUTY_RING_ID),
    )


async def acknowledge(hotline: Hotline, attempt: int) -> None:
    await hotline.writer.run(
        lambda loaded: duty_ring.acknowledged(
            loaded.get(DutyRing, DUTY_RING_ID), attempt, loaded.now, takes=False
        ),
        Need(DutyRing, DUTY_RING_ID),
    )


async def take_next(hotline: Hotline, attempt: int, duty_sid: str) -> ContactId | None:
    """The next caller is fetched to the telephone where the key was pressed, on the line `duty_sid`; None if nobody
    waits on a line now."""
    for contact in await _in_order(hotline):
        if await _taken(hotline, contact.id, attempt, duty_sid):
            return contact.id
    await acknowledge(hotline, attempt)
    return None


async def _in_order(hotline: Hotline) -> list[Contact]:
    there = {each.id for each in await _waiting(hotline) if _can_be_connected(each)}
    return [each.contact for each in hotline.matcher.room.waiting_in_order() if each.contact_id in there]


async def _taken(hotline: Hotline, contact_id: ContactId, attempt: int, duty_sid: str) -> bool:
    carrier_listens = not hotline.settings.transcription_url

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        ring = loaded.get(DutyRing, DUTY_RING_ID)
        if not _can_be_connected(contact) or contact.offer_id is not None or ring.attempt != attempt:
            return Change(answer=False)
        away = inbound.flagged(
            contact, LineFlag.WITH_FALLBACK, LineFlag.FALLBACK_TRIED, LineFlag.NOBODY_THERE
        )
        away = contact_moves.moved(away)
        event = contact_moves.event(away, "duty_telephone_took", CARRIER, attempt=attempt)
        change = loaded.see(Change((away,), (event,)))
        took = loaded.see(outside_line.taken(away, loaded.rules, carrier_listens=carrier_listens))
        key = f"{contact.id}:duty:{attempt}"
        payload = {"call_sid": contact.call_sid, "duty_sid": duty_sid, "attempt": attempt}
        owed = Effect("join_duty", contact.id, key, payload)
        acknowledged = duty_ring.acknowledged(ring, attempt, loaded.now, takes=True)
        return change.then(took).then(acknowledged).then(Change(effects=(owed,))).answering(True)

    taken: bool = await hotline.writer.run(decide, Need(Contact, contact_id), Need(DutyRing, DUTY_RING_ID))
    return taken


# The orders (see carrier_orders.py) -------------------------------------------------------------------------------


def _call(hotline: Hotline, owed: Owed) -> tuple[Carrier, DutyCall]:
    numbers, place = hotline.duty_telephones.now.numbers, owed.payload["number"]
    if hotline.carrier is None or place >= len(numbers):
        raise CarrierRefused("There is no such duty telephone.")
    return hotline.carrier, DutyCall(owed.payload["attempt"], duty_ring.RINGS_FOR, numbers[place])


async def send(hotline: Hotline, owed: Owed) -> CallSid:
    carrier, call = _call(hotline, owed)
    return await carrier.ring_duty(call)


async def find(hotline: Hotline, owed: Owed) -> CallSid | None:
    carrier, call = _call(hotline, owed)
    return await carrier.find_duty(call, owed.made_at)


def wanted(loaded: Loaded, owed: Owed) -> bool:
    ring = loaded.find(DutyRing, DUTY_RING_ID)
    return ring is not None and ring.attempt == owed.payload["attempt"]


def sent(loaded: Loaded, owed: Owed, sid: CallSid) -> Change:
    return duty_ring.named(loaded.get(DutyRing, DUTY_RING_ID), owed.payload["attempt"], sid)


def failed(loaded: Loaded, owed: Owed, _error: HotlineError, _rules: ServiceRules) -> Change:
    """Its deadline rings the next one."""
    return Change()


async def join(hotline: Hotline, owed: Owed) -> None:
    if hotline.carrier is None:
        raise CarrierRefused("No carrier is set up.")
    if await _has_hung_up(hotline.carrier, CallSid(owed.payload["duty_sid"])):
        raise CarrierRefused("Nobody is there any more.")
    await hotline.carrier.join_duty(CallSid(owed.payload["call_sid"]), owed.subject)


async def _has_hung_up(carrier: Carrier, duty_sid: CallSid) -> bool:
    """Whoever pressed 1 and did not wait: the caller would be alone in the room."""
    try:
        return (await carrier.call_status(duty_sid)).is_over
    except CallGone:
        return True


def join_wanted(loaded: Loaded, owed: Owed) -> bool:
    return outside_line.speaks_outside(loaded.get(Contact, owed.subject))


def not_joined(loaded: Loaded, owed: Owed, error: HotlineError, _rules: ServiceRules) -> Change:
    """The caller hung up, which their own report says; else they wait on, are offered to ours again, and nobody has
    them in hand."""
    contact = loaded.get(Contact, owed.subject)
    if isinstance(error, CallGone) or contact.state is not ContactState.WAITING:
        return Change()
    ring = loaded.get(DutyRing, DUTY_RING_ID)
    return outside.given_back(contact).then(duty_ring.not_met(ring, owed.payload["attempt"], loaded.now))
