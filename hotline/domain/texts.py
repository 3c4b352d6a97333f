"""Text messages (SMS and what else carries a text to a number): owed once per part, and how far each part came.

    queued ──▶ sent ──▶ delivered
       │         └────▶ undelivered      (the phone was off, unreachable, blocked …: the carrier's number says which)
       └──────────────▶ failed           (it was never sent: refused, or too often in vain)

Reports come late, twice and out of order, so they are not steps: of all that was said of a part, the one that
stands furthest down this list is believed:  queued < sent < failed < undelivered < delivered.
A message of several parts is as well as its worst part.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.domain.change import CARRIER, NOTHING, Change, Effect, Event
from hotline.domain.contacts import Channel, Contact, ContactState, Delivery, Message, Sender
from hotline.domain.people import CallerNumber, caller_number

LONGEST_TEXT = 1600
"""Characters in one request to the carrier; it makes segments of it itself (error 21617 beyond)."""

_TO_THE_PERSON = (Sender.COUNSELOR, Sender.SUPERVISOR, Sender.AUTOMATIC)
_LONGEST_ADDRESS = 200
_SHOWN_OF = 12  # characters of a name from which the last four may be shown
_BREAKS = "\n。！？!?.；;，, "

BELIEVED = tuple(Delivery)
_WORST_FIRST = (
    Delivery.FAILED,
    Delivery.UNDELIVERED,
    Delivery.QUEUED,
    Delivery.SENT,
    Delivery.DELIVERED,
)
LOST = (Delivery.FAILED, Delivery.UNDELIVERED)


@dataclass(frozen=True, slots=True)
class TextSender:
    """Who texts. `address` is None for an SMS, whose number says it all; `lookup` finds the person again."""

    number: CallerNumber
    address: str | None
    lookup: str | None


def text_sender(raw: str, schemes: Collection[str]) -> TextSender:
    """`+86139…`, or an address of one of the further `schemes`: `whatsapp:+44770…`, `wechat:openid…`.

    Where the address is a telephone number it is the same person who texts and calls; else the address is all.
    """
    scheme, _, name = raw.strip().partition(":")
    if scheme not in schemes:
        number = caller_number(raw)
        return TextSender(number, None, number.lookup)
    number = caller_number(name)
    if name.startswith("+") and number.lookup is not None:
        return TextSender(number, f"{scheme}:{number.dialable}", number.lookup)
    address = f"{scheme}:{name}"
    known = bool(name) and len(address) <= _LONGEST_ADDRESS and address.isprintable()
    shown = CallerNumber(None, f"…{name[-4:]}" if len(name) > _SHOWN_OF else None)
    return TextSender(shown, address if known else None, address if known else None)


def address_of(contact: Contact) -> str | None:
    """Where its texts go."""
    return contact.text_address or contact.number


def is_texted(contact: Contact, message: Message) -> bool:
    """Whether this turn goes out as a text."""
    return contact.channel is Channel.SMS and message.sender in _TO_THE_PERSON


def parts_of(text: str) -> list[str]:
    """The text as the carrier takes it, cut where one breathes; put together again it is the same text."""
    parts = []
    while len(text) > LONGEST_TEXT:
        cut = max(text.rfind(each, LONGEST_TEXT // 2, LONGEST_TEXT) for each in _BREAKS) + 1
        cut = cut or LONGEST_TEXT
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text]


def queued(contact: Contact, message: Message) -> Message:
    """The message as it is before its first part is sent."""
    if not is_texted(contact, message):
        return message
    parts = [{"state": Delivery.QUEUED.value, "code": None, "sid": None} for _ in parts_of(message.text)]
    return message.model_copy(update={"delivery": Delivery.QUEUED, "deliveries": parts})


def owed(contact: Contact, message: Message) -> tuple[Effect, ...]:
    if not is_texted(contact, message):
        return ()
    return tuple(
        Effect(
            "send_text",
            contact.id,
            f"{message.id}:send" if part == 0 else f"{message.id}:send:{part}",
            {"message_id": message.id, "part": part, "by_itself": message.sender is Sender.AUTOMATIC},
        )
        for part in range(len(parts_of(message.text)))
    )


def delivered(
    message: Message, part: int, state: Delivery, *, code: int | None = None, sid: str | None = None
) -> Change:
    """The carrier's word about one part. Said again, late or after a better one, it changes nothing."""
    parts = [dict(each) for each in message.deliveries or ()]
    if not 0 <= part < len(parts):
        return NOTHING
    was = parts[part]
    if was["sid"] is None:
        was["sid"] = sid
    if BELIEVED.index(state) > BELIEVED.index(Delivery(was["state"])):
        was |= {"state": state.value, "code": code}
    elif state.value == was["state"] and code is not None:
        was["code"] = max(
            code, was["code"] or 0
        )  # two reports, one with its reason: the order must not matter
    whole, why = _whole(parts)
    if parts == message.deliveries:
        return NOTHING
    told = (whole, why) != (message.delivery, message.delivery_code)
    after = message.model_copy(update={"deliveries": parts, "delivery": whole, "delivery_code": why})
    facts = {"contact_id": message.contact_id, "part": part, "state": whole, "code": why}
    events = (Event("message", f"text_{whole.value}", message.id, CARRIER, facts),) if told else ()
    return Change((after,), events, answer=after)


def _whole(parts: list[dict[str, Any]]) -> tuple[Delivery, int | None]:
    worst = min(parts, key=lambda each: _WORST_FIRST.index(Delivery(each["state"])))
    return Delivery(worst["state"]), worst["code"]


def stopped_in(contact: Contact, now: datetime, actor: str) -> Change:
    """The console shows it at the contact: nothing more can be written here."""
    if contact.texts_stopped_at is not None:
        return Change(answer=contact)
    contact = contact.model_copy(update={"texts_stopped_at": now, "version": contact.version + 1})
    return Change((contact,), (Event("contact", "texts_stopped", contact.id, actor),), answer=contact)


def started_in(contact: Contact, actor: str) -> Change:
    if contact.texts_stopped_at is None:
        return Change(answer=contact)
    contact = contact.model_copy(update={"texts_stopped_at": None, "version": contact.version + 1})
    return Change((contact,), (Event("contact", "texts_started", contact.id, actor),), answer=contact)


def open_one(contacts: Iterable[Contact], address: str | None = None) -> Contact | None:
    """The one conversation of this address that is still going on."""
    going = (ContactState.WAITING, ContactState.ACTIVE)
    found = [
        each
        for each in contacts
        if each.channel is Channel.SMS and each.state in going and each.text_address == address
    ]
    return max(found, key=lambda each: each.opened_at, default=None)
