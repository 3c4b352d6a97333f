"""Text messages (SMS): what is said to a person by text is owed to the carrier, once per message."""

from __future__ import annotations

from collections.abc import Iterable

from hotline.domain.change import Effect
from hotline.domain.contacts import Channel, Contact, ContactState, Message, Sender

_TO_THE_PERSON = (Sender.COUNSELOR, Sender.SUPERVISOR, Sender.AUTOMATIC)


def owed(contact: Contact, message: Message) -> tuple[Effect, ...]:
    if contact.channel is not Channel.SMS or message.sender not in _TO_THE_PERSON:
        return ()
    return (Effect("send_text", contact.id, f"{message.id}:send", {"message_id": message.id}),)


def open_one(contacts: Iterable[Contact]) -> Contact | None:
    """The one conversation of this number that is still going on."""
    going = (ContactState.WAITING, ContactState.ACTIVE)
    found = [each for each in contacts if each.channel is Channel.SMS and each.state in going]
    return max(found, key=lambda each: each.opened_at, default=None)
