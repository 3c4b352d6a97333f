"""What the carrier reports of a call, each made into one unit of the writer.

Every report may come late, twice or out of order: the ids (call, leg, transcript sequence) and the pure moves of
`domain/calls.py` make the same thing said again change nothing. What the caller hears next is read off the
contact that each of these returns.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.actions import contacts as contact_actions
from hotline.actions import followups
from hotline.actions.consequences import with_consequences
from hotline.domain import calls, contact_moves, people
from hotline.domain import presence as presences
from hotline.domain.calls import CallState, Leg, LegState, Transcript
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
        met = met_person(loaded, number, phone_hash)
        contact = Contact(
            id=contact_id,
            channel=Channel.CALL,
            language=people.likely_language(number),
            person_id=met.answer.id if met.answer else None,
            number=number.dialable,
            number_masked=number.masked,
            person_connected=True,
            call_sid=call_sid,
            call_state=CallState.GREETING.value,
            transcript=Transcript.OFF.value,
            opened_at=loaded.now,
        )
        opened = contact_moves.open_contact(contact, loaded.now, CARRIER)
        return met.then(with_consequences(loaded, None, opened, hotline.rules)).answering(opened.answer)

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


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
        return change.answering(_last_contact(change, contact))

    contact: Contact = await hotline.writer.run(
        decide, Need(Contact, contact_id), Need(Leg, contact_id, "contact_id")
    )
    return contact


def _last_contact(change: Change, contact: Contact) -> Contact:
    return next((each for each in reversed(change.save) if isinstance(each, Contact)), contact)


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
        Leg, legs.c.contact_id == contact_id, legs.c.state.in_([LegState.ANSWERED, LegState.BRIDGED])
    )
    return contact, bool(there) and contact.state is ContactState.ACTIVE


# Legs --------------------------------------------------------------------------------------------


async def leg_answered(hotline: Hotline, leg_id: LegId, sid: str) -> Leg:
    """The counselor picked up. A leg that is over by now stays over: its phone is told so."""

    def decide(loaded: Loaded) -> Change:
        leg = loaded.get(Leg, leg_id)
        contact = loaded.get(Contact, leg.contact_id)
        change = calls.leg_answered(leg, contact, sid, loaded.now)
        return change.answering(change.save[0] if change.save else leg)

    leg: Leg = await hotline.writer.run(decide, Need(Leg, leg_id))
    return leg


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
    """The caller goes to the front of the queue; who did not pick up looks away and is offered nothing."""
    if leg.state is LegState.ENDED:
        return Change()
    contact = loaded.get(Contact, leg.contact_id)
    served = contact.state is ContactState.ACTIVE and contact.counselor_id == leg.staff_id
    over = calls.leg_over(leg, why, actor, loaded.now, hang_up=hang_up)
    if not served:
        return over
    picked_up = leg.state in (LegState.ANSWERED, LegState.BRIDGED)
    what = "leg_lost" if picked_up else "leg_unanswered"
    requeued = contact_moves.requeue(contact, loaded.now, what=what, actor=actor, to_front=True)
    change = _without(with_consequences(loaded, contact, requeued, rules), leg).then(over)
    if not picked_up:
        presence = next(
            (
                each
                for each in reversed(change.save)
                if isinstance(each, Presence) and each.id == leg.staff_id
            ),
            None,
        )
        if presence is not None:
            change = change.then(presences.missed_offer(presence, loaded.now))
    return change


def _without(change: Change, leg: Leg) -> Change:
    """`change` without the release of this leg, which ended in its own way."""
    return replace(
        change,
        save=tuple(each for each in change.save if not (isinstance(each, Leg) and each.id == leg.id)),
        events=tuple(each for each in change.events if each.subject != leg.id),
        effects=tuple(each for each in change.effects if each.key != f"{leg.id}:hang_up"),
    )


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
    if contact.state not in (ContactState.WAITING, ContactState.ACTIVE):
        return Change()
    reason = "completed" if contact.state is ContactState.ACTIVE else "abandoned"
    ended = contact_moves.end(contact, by=by, reason=reason, actor=CARRIER, now=loaded.now)
    return with_consequences(loaded, contact, ended, rules)


async def ask_after_lines(hotline: Hotline) -> None:
    """At start and every minute: which calls are still on the line? Reports may come late, or never."""
    if hotline.carrier is None:
        return
    column = hotline.reader.table(Contact).c
    going_on = (ContactState.WAITING, ContactState.ACTIVE)
    for contact in await hotline.reader.where(
        Contact, column.channel == Channel.CALL, column.state.in_(going_on)
    ):
        if contact.call_sid is None:
            continue
        try:
            status = await hotline.carrier.call_status(CallSid(contact.call_sid))
        except CallGone:
            status = CallStatus.FAILED
        except HotlineError:
            log.warning("carrier: it cannot be asked about %s", contact.id)
            continue
        await call_status(hotline, contact.call_sid, status)


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
    if track == _COUNSELOR_TRACK and contact.call_state != CallState.BRIDGED:
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
