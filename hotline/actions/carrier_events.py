"""What the carrier reports of a call, each made into one unit of the writer.

Every report may come late, twice or out of order: the ids (call, leg, transcript sequence) and the pure moves of
`domain/calls.py` make the same thing said again change nothing. What the caller hears next is read off the
contact that each of these returns.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from hotline.actions import call_back_wishes, calling_back, followups, messages, outside, voicemails
from hotline.actions.calls import with_room
from hotline.actions.consequences import with_consequences
from hotline.actions.partial_lines import sender_of
from hotline.domain import calls, contact_moves, kept_places, outside_line, people
from hotline.domain.calls import CallState, Leg, LegKind, LegState, Transcript
from hotline.domain.change import CARRIER, Change
from hotline.domain.contacts import Channel, Contact, ContactState, EndedBy, Sender
from hotline.domain.followups import Followup
from hotline.domain.ids import ContactId, PersonId, derived_id
from hotline.domain.people import Person
from hotline.domain.service_rules import ServiceRules
from hotline.errors import NotFound, WrongState
from hotline.storage.working_set import Loaded, Need
from hotline.telephony.carrier import CallStatus

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
        quick=True,
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
        quick=True,
    )
    return any(leg.caller_waits for leg in there)


# The caller's line -------------------------------------------------------------------------------


async def contact_of_line(hotline: Hotline, call_sid: str) -> ContactId:
    """Whoever called is known by the call's own name; whom we called, by what the carrier named the call."""
    called = contact_of_call(call_sid)
    if await hotline.reader.find(Contact, called) is not None:
        return called
    found = await hotline.reader.having(Contact, "call_sid", call_sid)
    return found[0].id if found else called


async def call_status(hotline: Hotline, call_sid: str, status: CallStatus) -> None:
    """The caller's call is over: they hung up, or the line was lost."""
    if not status.is_over:
        return
    contact_id = await contact_of_line(hotline, call_sid)
    by = EndedBy.PERSON if status is CallStatus.COMPLETED else EndedBy.CARRIER

    def decide(loaded: Loaded) -> Change:
        contact = loaded.find(Contact, contact_id)
        if contact is None or contact.call_sid != call_sid:  # of a line that is not theirs any more
            return Change()
        return line_over(loaded, contact, by, hotline.rules)

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
    if contact.state is ContactState.WAITING and outside_line.speaks_outside(contact):
        return outside.talk_over(loaded, contact)
    if contact.state is ContactState.ACTIVE and kept_places.is_being_reached(contact):
        return calling_back.not_reached(loaded, contact)
    if kept_places.is_to_be_called(contact):
        gone = kept_places.line_gone(contact)
        return gone.then(_called_now(loaded, gone.answer))
    if call_back_wishes.is_at_tone(loaded, contact):
        return call_back_wishes.after_message(loaded, contact, by)
    reason = "completed" if contact.state is ContactState.ACTIVE else "abandoned"
    ended = contact_moves.end(contact, by=by, reason=reason, actor=CARRIER, now=loaded.now)
    return with_consequences(loaded, contact, ended, rules)


def _called_now(loaded: Loaded, contact: Contact) -> Change:
    """A counselor is in the room already, and would have fetched them from the line that has just ended."""
    legs = calls.live_legs(loaded.where(Leg, "contact_id", contact.id), LegKind.COUNSELOR)
    there = [leg for leg in legs if leg.state is LegState.ANSWERED]
    return calls.fetched(contact, there[-1]) if there and contact.state is ContactState.ACTIVE else Change()


# The transcript ----------------------------------------------------------------------------------


async def transcript_is(hotline: Hotline, call_sid: str, transcript: Transcript) -> None:
    contact_id = await contact_of_line(hotline, call_sid)
    await hotline.writer.run(
        lambda loaded: calls.transcript_is(loaded.get(Contact, contact_id), transcript, loaded.now),
        Need(Contact, contact_id),
    )


async def transcript_line(
    hotline: Hotline, call_sid: str, *, transcript_sid: str, sequence: str, track: str, text: str
) -> None:
    """A final segment of what was said. What the caller hears of us before a counselor speaks is not a turn."""
    contact_id = await contact_of_line(hotline, call_sid)
    contact = await hotline.reader.find(Contact, contact_id)
    if contact is None or not text.strip():
        return
    sender = sender_of(contact, track, hotline.rules)
    if sender is None:
        return
    hotline.partial_lines.over(contact_id, track)
    counselor = sender is Sender.TRANSCRIPT_COUNSELOR
    for part, start in enumerate(range(0, len(text), messages.MAX_LENGTH)):
        try:
            await messages.receive(
                hotline,
                contact_id,
                client_id=f"{transcript_sid}:{sequence}:{part}",
                text=text[start : start + messages.MAX_LENGTH],
                sender=sender,
                staff_id=contact.counselor_id if counselor else None,
                speech=True,
            )
        except WrongState:
            log.info("carrier: a transcript line came long after the end of %s", contact_id)
            return
    if contact.answered_at is None:
        await voicemails.heard_line(hotline, contact_id)
        await _last_words(hotline, contact_id)


async def partial_line(hotline: Hotline, call_sid: str, *, track: str, text: str) -> None:
    """What is being said, until it is final: shown, and never a turn."""
    hotline.partial_lines.hear(hotline, await contact_of_line(hotline, call_sid), track, text)


async def _last_words(hotline: Hotline, contact_id: ContactId) -> None:
    """The transcript is slower than hanging up: what was said last may make this an abandonment at risk."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        change = followups.after_abandonment(loaded, contact, loaded.now, hotline.rules)
        planned = next((each for each in change.save if isinstance(each, Followup)), None)
        known = planned is not None and loaded.find(Followup, planned.id) is not None
        return Change() if known or contact.answered_at is not None else change

    await hotline.writer.run(decide, Need(Contact, contact_id))
