"""Where a caller goes next: read off the contact and what the caller wished, whenever the carrier asks."""

from __future__ import annotations

from hotline.actions import carrier_events, inbound, outside, partner_line
from hotline.domain import kept_places
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.ids import ContactId
from hotline.domain.inbound import LineFlag, Wish
from hotline.errors import NotFound
from web_console.webhooks.signed import Webhook

OVER = (ContactState.WRAP_UP, ContactState.CLOSED)


async def next_script(webhook: Webhook, contact_id: ContactId, *, again: bool) -> str:
    """The room, if a counselor is in it; else what the caller asked for; else the queue.

    `again`: the line was fetched by us, or fell out of the room. What the caller had wished before that is over: it
    would send somebody whose counselor was lost to a tone or to another telephone instead of the front of the queue.
    """
    if again:
        await _came_back(webhook, contact_id)
    contact, counselor_is_there = await carrier_events.whereabouts(webhook.hotline, contact_id)
    if contact.state in OVER:
        return webhook.scripts.goodbye(contact.language)
    if kept_places.is_kept(contact):
        return webhook.scripts.over("call_back_promised", contact.language)
    if counselor_is_there:
        await carrier_events.in_room(webhook.hotline, contact_id)
        return webhook.scripts.room(contact_id)
    wish = await inbound.wish_of(webhook.hotline, webhook.needed("CallSid"))
    if wish is Wish.MESSAGE:
        return await message_script(webhook)
    if wish is Wish.FALLBACK:
        return await duty_script(webhook, contact, 0)
    if wish is Wish.PARTNER:
        await partner_line.put_through(webhook.hotline, contact_id)
        number = webhook.hotline.rules.partner_number
        return webhook.scripts.partner(contact_id, contact.language, number)
    return webhook.scripts.queue(contact_id, contact.language, _why_again(contact) if again else None)


def _why_again(contact: Contact) -> str:
    if LineFlag.CAME_BACK not in contact.line_flags:
        return "again"
    return "back_after_goodbye" if contact.interrupted_since is None else "back_from_outside"


async def contact_of(webhook: Webhook, contact_id: ContactId) -> Contact:
    contact = await webhook.hotline.reader.find(Contact, contact_id)
    if contact is None:
        raise NotFound("There is no such contact.")
    return contact


async def _came_back(webhook: Webhook, contact_id: ContactId) -> None:
    """Their line is with us, so it is with no other telephone: they may be offered to ours again."""
    call_sid = webhook.needed("CallSid")
    if await inbound.wish_of(webhook.hotline, call_sid) is not None:
        await inbound.wishes(webhook.hotline, call_sid, None)
    contact = await webhook.hotline.reader.find(Contact, contact_id)
    if contact is not None and LineFlag.WITH_FALLBACK in contact.line_flags:
        await outside.duty_telephone(webhook.hotline, contact_id, rings=False)


async def duty_script(webhook: Webhook, contact: Contact, rung: int) -> str:
    """The duty telephone after `rung` others; the queue, with words, once all of them rang in vain."""
    hotline, numbers = webhook.hotline, outside.telephones(webhook.hotline)
    if rung < len(numbers):
        await outside.duty_telephone(hotline, contact.id, rings=True)
        return webhook.scripts.duty_telephone(contact.id, contact.language, numbers[rung], rung)
    await outside.duty_telephone(hotline, contact.id, rings=False)
    return webhook.scripts.straight_in(contact.id, contact.language, ("duty_unanswered",), listen=False)


async def message_script(webhook: Webhook) -> str:
    """The tone, and what is said after it."""
    contact, voicemail = await inbound.begin_message(
        webhook.hotline, webhook.needed("CallSid"), webhook.said("From")
    )
    listens = contact.state in OVER  # whoever waited is listened to already
    return webhook.scripts.message(voicemail.id, contact.id, voicemail.language, listen=listens)


def place_of(contact: Contact, place: int | None) -> int | None:
    return place if contact.state is ContactState.WAITING else None
