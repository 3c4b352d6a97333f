"""What the carrier reports of a call, each made into one unit of the writer.

Every report may come late, twice or out of order: the ids (call, leg, transcript sequence) and the pure moves of
`domain/calls.py` make the same thing said again change nothing. What the caller hears next is read off the
contact that each of these returns.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from hotline.actions import call_room as room_actions
from hotline.actions import contacts as contact_actions
from hotline.actions import followups
from hotline.actions.calls import with_room
from hotline.actions.consequences import with_consequences
from hotline.domain import call_room, calls, contact_moves, people
from hotline.domain import presence as presences
from hotline.domain.calls import CallState, Leg, LegKind, LegState, Transcript
from hotline.domain.change import CARRIER, MACHINE, Change
from hotline.domain.contacts import Channel, Contact, ContactState, EndedBy, Sender
from hotline.domain.followups import Followup
from hotline.domain.ids import ContactId, LegId, PersonId, derived_id
from hotline.domain.people import Person
from hotline.domain.presence import Presence
from hotline.domain.service_rules import ServiceRules
from hotline.errors import HotlineError, NotFound, WrongState
from hotline.storage.working_set import Loaded, Need
from hotline.telephony.carrier import CallGone, CallSid, CallStatus

if TYPE_CHECKING:
    from hotline.service import Hotline

log = logging.getLogger(__name__)


def contact_of_call(call_sid: str) -> ContactId:
    """The same call is the same contact, however often it is reported."""
    return ContactId(derived_id("con", "call", call_sid))


async def incoming_call(hotline: Hotline, call_sid: str, raw_number: str) -> Contact:
    """A call comes in: a contact, and the person behind its number."""
    contact_id = contact_of_call(call_sid)
    number = people.caller_number(raw_number)
    phone_hash = hotline.sealer.lookup_hash(number.lookup) if number.lookup else None

    def decide(loaded: Loaded) -> Change:
        known = loaded.find(Contact, contact_id)
        if known is not None:
            return Change(answer=known)
        return call_opened(loaded, call_sid, number, phone_hash, people.likely_language(number))

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


def call_opened(
    loaded: Loaded,
    call_sid: str,
    number: people.CallerNumber,
    phone_hash: str | None,
    language: str,
    flags: Iterable[str] = (),
) -> Change:
    """A contact that waits, and the person behind its number. The answer is the contact."""
    met = met_person(loaded, number, phone_hash)
    contact = Contact(
        id=contact_of_call(call_sid),
        channel=Channel.CALL,
        language=language,
        person_id=met.answer.id if met.answer else None,
        number=number.dialable,
        number_masked=number.masked,
        person_connected=True,
        line_flags=sorted(flags),
        call_sid=call_sid,
        call_state=CallState.GREETING.value,
        transcript=Transcript.OFF.value,
        opened_at=loaded.now,
    )
    opened = contact_moves.open_contact(contact, loaded.now, CARRIER)
    return met.then(with_consequences(loaded, None, opened, loaded.rules)).answering(opened.answer)


def met_person(loaded: Loaded, number: people.CallerNumber, phone_hash: str | None) -> Change:
    """The person of this number, known or new; nobody for a hidden or shared number."""
    if phone_hash is None:
        return Change()
    known = next(iter(loaded.where(Person, "phone_hash", phone_hash)), None)
    return people.met(known, PersonId(loaded.new_id("per")), number, phone_hash, loaded.now)


async def _moved(hotline: Hotline, contact_id: ContactId, move: str) -> Contact:
    """One of the moves of `domain.calls` that look at the contact and its legs."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        legs = loaded.where(Leg, "contact_id", contact_id)
        change = (
            calls.entered_queue(contact, legs) if move == "entered_queue" else calls.in_room(contact, legs)
        )
        change = with_room(loaded, contact_id, change)
        return change.answering(loaded.get(Contact, contact_id))

    contact: Contact = await hotline.writer.run(
        decide, Need(Contact, contact_id), Need(Leg, contact_id, "contact_id")
    )
    return contact


async def entered_queue(hotline: Hotline, contact_id: ContactId) -> tuple[Contact, int | None]:
    """The caller waits in the carrier's queue and hears this: their place. Asked again and again."""
    contact = await hotline.reader.find(Contact, contact_id)
    if contact is None:
        raise NotFound("There is no such contact.")
    if contact.call_state == CallState.GREETING:
        contact = await _moved(hotline, contact_id, "entered_queue")
    return contact, hotline.matcher.place(contact)


async def in_room(hotline: Hotline, contact_id: ContactId) -> Contact:
    """The caller enters the room, where the counselor is."""
    return await _moved(hotline, contact_id, "in_room")


async def whereabouts(hotline: Hotline, contact_id: ContactId) -> tuple[Contact, bool]:
    """The contact, and whether a counselor is in its room: what decides where the caller goes next."""
    contact = await hotline.reader.find(Contact, contact_id)
    if contact is None:
        raise NotFound("There is no such contact.")
    legs = hotline.reader.table(Leg)
    there = await hotline.reader.where(
        Leg,
        legs.c.contact_id == contact_id,
        legs.c.kind == LegKind.COUNSELOR,
        legs.c.state.in_([LegState.ANSWERED, LegState.BRIDGED]),
    )
    return contact, bool(there) and contact.state is ContactState.ACTIVE


async def is_awaited_in_room(hotline: Hotline, contact: Contact) -> bool:
    """Whether a caller who stands in the queue has somebody in the room who thinks them there: they fell out of it."""
    if contact.state is not ContactState.ACTIVE or contact.call_state != CallState.BRIDGED:
        return False
    legs = hotline.reader.table(Leg).c
    there = await hotline.reader.where(
        Leg,
        legs.contact_id == contact.id,
        legs.kind == LegKind.COUNSELOR,
        legs.state == LegState.BRIDGED,
    )
    return any(leg.caller_waits for leg in there)


# Legs --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entered:
    """A phone that was picked up, and how it enters the room. `coached`: whose ear a supervisor whispers into."""

    leg: Leg
    language: str
    coached: str | None = None


async def leg_answered(hotline: Hotline, leg_id: LegId, sid: str) -> Entered:
    """They picked up. A leg that is over by now stays over: its phone is told so."""

    def decide(loaded: Loaded) -> Change:
        leg = loaded.get(Leg, leg_id)
        contact = loaded.get(Contact, leg.contact_id)
        answered = calls.leg_answered(leg, contact, sid, loaded.now)
        change = with_room(loaded, contact.id, answered)
        leg, contact = loaded.get(Leg, leg_id), loaded.get(Contact, leg.contact_id)
        if answered.save and call_room.is_cold_target(contact, leg):
            over = room_actions.handed_over(loaded, contact, CARRIER, hotline.rules)
            change = change.then(with_room(loaded, contact.id, over))
        legs = loaded.where(Leg, "contact_id", contact.id)
        return change.answering(Entered(leg, contact.language, _coached(legs)))

    entered: Entered = await hotline.writer.run(decide, Need(Leg, leg_id))
    return entered


def _coached(legs: list[Leg]) -> str | None:
    own = [leg for leg in calls.live_legs(legs, LegKind.COUNSELOR) if leg.state is LegState.BRIDGED]
    return own[-1].sid if own else None


async def leg_status(hotline: Hotline, leg_id: LegId, status: CallStatus) -> None:
    """The carrier says that a counselor's leg is over: unanswered, or lost in the middle."""
    if not status.is_over:
        return
    leg = await hotline.reader.find(Leg, leg_id)
    if leg is not None and leg.state is LegState.BRIDGED and await _caller_hung_up(hotline, leg.contact_id):
        return

    def decide(loaded: Loaded) -> Change:
        return leg_fails(loaded, loaded.get(Leg, leg_id), status.value, hotline.rules, CARRIER)

    await hotline.writer.run(decide, Need(Leg, leg_id))


async def _caller_hung_up(hotline: Hotline, contact_id: ContactId) -> bool:
    """Both legs end with the caller's going, and either may be reported first: the carrier knows which it was.

    If it cannot be asked, the caller counts as still there: better queued in vain than forgotten.
    """
    contact = await hotline.reader.find(Contact, contact_id)
    if contact is None or contact.call_sid is None or hotline.carrier is None:
        return False
    try:
        status = await hotline.carrier.call_status(CallSid(contact.call_sid))
    except CallGone:
        status = CallStatus.COMPLETED
    except HotlineError:
        return False
    await call_status(hotline, contact.call_sid, status)
    return status.is_over


async def on_leg_deadline(hotline: Hotline, leg_id: LegId) -> Change:
    """The leg's `due` has come: not answered, or answered and never bridged."""

    def decide(loaded: Loaded) -> Change:
        leg = loaded.get(Leg, leg_id)
        due = calls.due(leg, hotline.rules)
        if due is None or due.at > loaded.now:
            return Change(save=(leg,))
        return leg_fails(loaded, leg, due.what, hotline.rules, MACHINE, hang_up=True)

    change: Change = await hotline.writer.run(decide, Need(Leg, leg_id))
    return change


def leg_fails(
    loaded: Loaded, leg: Leg, why: str, rules: ServiceRules, actor: str, *, hang_up: bool = False
) -> Change:
    """A phone was not picked up, or its line broke. The caller is never without somebody or a deadline."""
    if leg.state is LegState.ENDED:
        return Change()
    over = loaded.see(calls.leg_over(leg, why, actor, loaded.now, hang_up=hang_up))
    contact = loaded.get(Contact, leg.contact_id)
    if leg.kind is not LegKind.COUNSELOR:
        follows = _party_gone(loaded, contact, leg)
    elif contact.state is not ContactState.ACTIVE or contact.counselor_id != leg.staff_id:
        follows = Change()
    elif why in _FINAL:
        follows = _counselor_gone(loaded, contact, leg, rules, actor)
    else:
        follows = _way_back(loaded, contact, leg, rules) or _counselor_gone(
            loaded, contact, leg, rules, actor
        )
    return over.then(with_room(loaded, contact.id, follows))


_FINAL = ("leg_unanswered", "leg_not_bridged", "not_joined")
"""Ways for a leg to end after which its counselor is not rung again."""

_RUNG_AGAIN_AFTER = timedelta(seconds=2)
"""A console that comes back takes about that long to be reachable; the first attempt is made at once."""


def _way_back(loaded: Loaded, contact: Contact, leg: Leg, rules: ServiceRules) -> Change | None:
    """The counselor's line broke in the conversation: their phone rings again, the caller stays in the room with words.
    None if they were never there, or have had their time."""
    now = loaded.now
    if leg.state is LegState.BRIDGED:
        until, not_before = now + rules.counselor_gone_after, None
    elif leg.back_until is not None and now + _RUNG_AGAIN_AFTER < leg.back_until:
        until, not_before = leg.back_until, now + _RUNG_AGAIN_AFTER
    else:
        return None
    again = Leg(
        id=LegId(loaded.new_id("leg")),
        contact_id=contact.id,
        staff_id=leg.staff_id,
        caller_waits=True,
        back_until=until,
        made_at=now,
    )
    return calls.ring(contact, again, MACHINE, not_before)


def _counselor_gone(loaded: Loaded, contact: Contact, leg: Leg, rules: ServiceRules, actor: str) -> Change:
    """A colleague who was being consulted takes over; else the front of the queue. Who did not pick up is offered
    nothing more until they say so."""
    picked_up = leg.state in (LegState.ANSWERED, LegState.BRIDGED)
    lost = picked_up or leg.back_until is not None
    change = _consulted_takes_over(loaded, contact, rules)
    if change is None:
        what = "leg_lost" if lost else "leg_unanswered"
        requeued = contact_moves.requeue(contact, loaded.now, what=what, actor=actor, to_front=True)
        change = with_consequences(loaded, contact, requeued, rules)
    if not picked_up and leg.staff_id is not None:
        presence = loaded.find(Presence, leg.staff_id)
        if presence is not None:
            change = change.then(loaded.see(presences.missed_offer(presence, loaded.now)))
    return change


def _consulted_takes_over(loaded: Loaded, contact: Contact, rules: ServiceRules) -> Change | None:
    transfer = call_room.room_of(contact).transfer
    if transfer is None:
        return None
    consulted = loaded.find(Leg, transfer.party_id)
    if (
        consulted is None
        or consulted.kind is not LegKind.CONSULTED
        or consulted.state is not LegState.BRIDGED
    ):
        return None
    presence = loaded.find(Presence, str(consulted.staff_id))
    if presence is None or not presences.is_there(presence) or not presences.has_room(presence, Channel.CALL):
        return None
    return room_actions.taken_over(loaded, contact, consulted, MACHINE, rules)


def _party_gone(loaded: Loaded, contact: Contact, leg: Leg) -> Change:
    """Whoever was consulted reads no further; a caller who was handed over to them is not left in an empty room."""
    legs = loaded.where(Leg, "contact_id", contact.id)
    others = [each for each in calls.live_legs(legs) if each.state is LegState.BRIDGED]
    left = call_room.without_consulted(contact, leg)
    if others:
        return left
    return left.then(calls.outside_call_over(contact, legs, "outside", loaded.now))


# The caller's line -------------------------------------------------------------------------------


async def call_status(hotline: Hotline, call_sid: str, status: CallStatus) -> None:
    """The caller's call is over: they hung up, or the line was lost."""
    if not status.is_over:
        return
    contact_id = contact_of_call(call_sid)
    by = EndedBy.PERSON if status is CallStatus.COMPLETED else EndedBy.CARRIER

    def decide(loaded: Loaded) -> Change:
        contact = loaded.find(Contact, contact_id)
        return Change() if contact is None else line_over(loaded, contact, by, hotline.rules)

    await hotline.writer.run(decide, Need(Contact, contact_id))


def line_over(loaded: Loaded, contact: Contact, by: EndedBy, rules: ServiceRules) -> Change:
    """The caller is not on the line any more. Said again, it changes nothing."""
    if contact.call_state == CallState.HANDED_OVER:
        over = calls.outside_call_over(
            contact, loaded.where(Leg, "contact_id", contact.id), by.value, loaded.now
        )
        return with_room(loaded, contact.id, over)
    if contact.state not in (ContactState.WAITING, ContactState.ACTIVE):
        return Change()
    reason = "completed" if contact.state is ContactState.ACTIVE else "abandoned"
    ended = contact_moves.end(contact, by=by, reason=reason, actor=CARRIER, now=loaded.now)
    return with_consequences(loaded, contact, ended, rules)


async def ask_after_lines(hotline: Hotline) -> None:
    """At start and every minute: which lines are still there? Reports may come late, or never.

    The callers first: with a caller's going the other lines of the room are over too.
    """
    if hotline.carrier is None:
        return
    column = hotline.reader.table(Contact).c
    line = (CallState.GREETING, CallState.QUEUED, CallState.RINGING, CallState.BRIDGED, CallState.HANDED_OVER)
    for contact in await hotline.reader.where(
        Contact, column.channel == Channel.CALL, column.call_state.in_(line)
    ):
        if contact.call_sid is None:
            continue
        status = await _status_of(hotline, contact.call_sid, contact.id)
        if status is not None:
            await call_status(hotline, contact.call_sid, status)
    legs = hotline.reader.table(Leg).c
    rung = (LegState.RINGING, LegState.ANSWERED, LegState.BRIDGED)
    for leg in await hotline.reader.where(Leg, legs.state.in_(rung)):
        if leg.sid is None:
            continue
        status = await _status_of(hotline, leg.sid, leg.id)
        if status is not None:
            await leg_status(hotline, leg.id, status)


async def _status_of(hotline: Hotline, sid: str, name: str) -> CallStatus | None:
    """None if the carrier cannot be asked now: the next round asks again."""
    if hotline.carrier is None:
        return None
    try:
        return await hotline.carrier.call_status(CallSid(sid))
    except CallGone:
        return CallStatus.FAILED
    except HotlineError:
        log.warning("carrier: it cannot be asked about %s", name)
        return None


# The transcript ----------------------------------------------------------------------------------

_PERSON_TRACK, _COUNSELOR_TRACK = "inbound_track", "outbound_track"


async def transcript_is(hotline: Hotline, call_sid: str, transcript: Transcript) -> None:
    contact_id = contact_of_call(call_sid)
    await hotline.writer.run(
        lambda loaded: calls.transcript_is(loaded.get(Contact, contact_id), transcript, loaded.now),
        Need(Contact, contact_id),
    )


async def transcript_line(
    hotline: Hotline, call_sid: str, *, transcript_sid: str, sequence: str, track: str, text: str
) -> None:
    """A final segment of what was said. What the caller hears of us before a counselor speaks is not a turn."""
    contact_id = contact_of_call(call_sid)
    contact = await hotline.reader.find(Contact, contact_id)
    if contact is None or not text.strip():
        return
    if contact.call_state == CallState.HANDED_OVER:
        return  # what the two say to each other is not ours to write down
    with_counselor = contact.call_state == CallState.BRIDGED and not call_room.room_of(contact).on_hold
    if track == _COUNSELOR_TRACK and not with_counselor:
        return
    counselor = track == _COUNSELOR_TRACK
    for part, start in enumerate(range(0, len(text), contact_actions.MAX_MESSAGE_LENGTH)):
        try:
            await contact_actions.receive_message(
                hotline,
                contact_id,
                client_id=f"{transcript_sid}:{sequence}:{part}",
                text=text[start : start + contact_actions.MAX_MESSAGE_LENGTH],
                sender=Sender.TRANSCRIPT_COUNSELOR if counselor else Sender.TRANSCRIPT_HELP_SEEKER,
                staff_id=contact.counselor_id if counselor else None,
                speech=True,
            )
        except WrongState:
            log.info("carrier: a transcript line came long after the end of %s", contact_id)
            return
    if contact.answered_at is None:
        await _last_words(hotline, contact_id)


async def _last_words(hotline: Hotline, contact_id: ContactId) -> None:
    """The transcript is slower than hanging up: what was said last may make this an abandonment at risk."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        change = followups.after_abandonment(loaded, contact, loaded.now, hotline.rules)
        planned = next((each for each in change.save if isinstance(each, Followup)), None)
        known = planned is not None and loaded.find(Followup, planned.id) is not None
        return Change() if known or contact.answered_at is not None else change

    await hotline.writer.run(decide, Need(Contact, contact_id))
