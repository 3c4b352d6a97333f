"""Text messages (SMS): one open conversation per number, each message once."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from hotline.actions import contacts as contact_actions
from hotline.actions.carrier_events import met_person
from hotline.actions.consequences import with_consequences
from hotline.domain import contact_moves, people, texts
from hotline.domain.change import CARRIER, Change
from hotline.domain.contacts import Channel, Contact, Message, Sender
from hotline.domain.ids import ContactId, derived_id
from hotline.domain.people import Person
from hotline.errors import WrongState
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline

log = logging.getLogger(__name__)


async def incoming_text(hotline: Hotline, *, message_sid: str, raw_number: str, text: str) -> Message | None:
    """A text joins the open conversation of its number, or opens one. Nothing to answer: None."""
    number = people.caller_number(raw_number)
    if number.lookup is None or not text.strip():
        log.info("carrier: a text without words or without a number to answer")
        return None
    contact = await _conversation(hotline, message_sid, number, number.lookup)
    try:
        return await _received(hotline, contact.id, message_sid, text)
    except WrongState:  # it ended in this very moment: the text opens a new one
        contact = await _conversation(hotline, message_sid, number, number.lookup)
        return await _received(hotline, contact.id, message_sid, text)


async def _received(hotline: Hotline, contact_id: ContactId, message_sid: str, text: str) -> Message:
    text = text.replace("\x00", "")[: contact_actions.MAX_MESSAGE_LENGTH]
    return await contact_actions.receive_message(
        hotline, contact_id, client_id=message_sid, text=text, sender=Sender.HELP_SEEKER
    )


async def _conversation(
    hotline: Hotline, message_sid: str, number: people.CallerNumber, lookup: str
) -> Contact:
    phone_hash = hotline.sealer.lookup_hash(lookup)
    new_id = ContactId(derived_id("con", "text", message_sid))

    def decide(loaded: Loaded) -> Change:
        opened_by_it = loaded.find(Contact, new_id)
        if opened_by_it is not None:
            return Change(answer=opened_by_it)
        met = met_person(loaded, number, phone_hash)
        person: Person = met.answer
        own = loaded.where(Contact, "person_id", person.id)
        joined = [
            each for each in own if loaded.find(Message, contact_actions.message_id_of(each.id, message_sid))
        ]
        going_on = joined[0] if joined else texts.open_one(own)
        if going_on is not None:
            return met.answering(going_on)
        contact = Contact(
            id=new_id,
            channel=Channel.SMS,
            language=people.likely_language(number),
            person_id=person.id,
            number=number.dialable,
            number_masked=number.masked,
            opened_at=loaded.now,
        )
        opened = contact_moves.open_contact(contact, loaded.now, CARRIER)
        change = with_consequences(loaded, None, opened, hotline.rules)
        welcomed = contact_actions.automatic(loaded, opened.answer, "text_welcome")
        return met.then(change).then(welcomed).answering(welcomed.answer)

    contact: Contact = await hotline.writer.run(decide, Need(Contact, new_id))
    return contact
