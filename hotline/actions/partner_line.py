"""The partner line: callers are put through to it, chats are shown its number; by diversion, or when the wait has
become too long.

| caller             | then                                                             |
|--------------------|------------------------------------------------------------------|
| put through        | not offered to ours meanwhile; still waiting, with all deadlines |
| talked with them   | the contact ends                                                 |
| nobody picked up,  |                                                                  |
| or the line broke  | at the front of our queue, and not put through again             |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.actions import offer_endings
from hotline.actions.consequences import with_consequences
from hotline.actions.messages import automatic
from hotline.domain import contact_moves, outside_line, switchboard
from hotline.domain.change import CARRIER, MACHINE, Change, Committed
from hotline.domain.contacts import Contact, ContactState, EndedBy
from hotline.domain.ids import ContactId
from hotline.domain.offers import OfferState
from hotline.domain.switchboard import Diversion, DivertTo
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline


def goes_to(hotline: Hotline, contact: Contact) -> DivertTo | None:
    """Where this waiting caller goes now instead of waiting on: the partner line, or a message and a call back."""
    diversions = hotline.matcher.diversions.values()
    return switchboard.line_goes_to(diversions, contact, hotline.clock.now(), hotline.rules)


async def put_through(hotline: Hotline, contact_id: ContactId) -> Contact:
    """The partner line is rung for this caller."""
    return await _marked(hotline, contact_id, switchboard.AT_PARTNER, "partner_rung")


async def came_back(hotline: Hotline, contact_id: ContactId) -> Contact:
    """Nobody picked up there: the caller is with us again, before all others of their risk."""
    return await _marked(hotline, contact_id, switchboard.PARTNER_TRIED, "partner_unanswered")


async def _marked(hotline: Hotline, contact_id: ContactId, diverted: str, what: str) -> Contact:
    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        if contact.state is not ContactState.WAITING or contact.diverted == diverted:
            return Change(answer=contact)
        since = loaded.now if diverted == switchboard.PARTNER_TRIED else contact.interrupted_since
        change = offer_endings.all_ended(loaded, contact, OfferState.WITHDRAWN)
        contact = loaded.get(Contact, contact_id)
        contact = contact_moves.moved(contact, diverted=diverted, interrupted_since=since)
        told = (contact_moves.event(contact, what, CARRIER),)
        back = outside_line.back(contact) if diverted == switchboard.PARTNER_TRIED else Change()
        return change.then(Change((contact,), told)).then(back).answering(back.answer or contact)

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


async def talked(hotline: Hotline, contact_id: ContactId) -> Contact:
    """They spoke with the partner line, and that is over."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        if contact.state is not ContactState.WAITING:
            return Change(answer=contact)
        over = contact_moves.end(
            contact, by=EndedBy.PERSON, reason="partner_line", actor=CARRIER, now=loaded.now
        )
        return with_consequences(loaded, contact, over, loaded.rules)

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


# Chats and texts ----------------------------------------------------------------------------------


def shown(loaded: Loaded, contact: Contact) -> Change:
    """The partner line's number in the conversation, once; they go on waiting."""
    number = loaded.rules.partner_number
    if contact.state is not ContactState.WAITING or contact.diverted is not None or not number:
        return Change(answer=contact)
    text = switchboard.PARTNER_WORDS[contact.language].format(number=number)
    said = automatic(loaded, contact, "partner_line", text=text)
    told: Contact = contact_moves.moved(said.answer or contact, diverted=switchboard.PARTNER_SHOWN)
    event = contact_moves.event(told, "partner_shown", MACHINE)
    return said.then(Change((told,), (event,))).answering(told)


async def _show(hotline: Hotline, contact_id: ContactId) -> None:
    await hotline.writer.run(
        lambda loaded: shown(loaded, loaded.get(Contact, contact_id)), Need(Contact, contact_id)
    )


def hear(hotline: Hotline, committed: Committed) -> None:
    """A listener of the writer: whoever begins to wait in a queue that is diverted to the partner line, and whoever
    waits there when it is diverted, is shown its number."""
    if not hotline.matcher.diversions:
        return
    for saved in committed.saved.values():
        if isinstance(saved.after, Contact):
            _consider(hotline, saved.after)
        elif isinstance(saved.after, Diversion) and saved.after.to is DivertTo.PARTNER:
            for entry in hotline.matcher.room.waiting_in_order():
                _consider(hotline, entry.contact)


def _consider(hotline: Hotline, contact: Contact) -> None:
    if contact.diverted is not None or contact.channel not in switchboard.WRITTEN:
        return
    diversions = hotline.matcher.diversions.values()
    found = switchboard.of_contact(diversions, contact, hotline.clock.now())
    if found is not None and found.to is DivertTo.PARTNER:
        hotline.background.start(_show(hotline, contact.id))
