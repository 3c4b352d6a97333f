"""Texts on their way out: sent once, followed to the phone, sent again by a person, and never lost unseen.

A text that does not reach somebody at risk becomes work: a call-back, since a phone that takes no text may ring.
If the text arrives after all, the call-back that waits for it is taken away again.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from hotline.actions import messages
from hotline.domain import access, followups, text_consent, texts
from hotline.domain.access import Actor
from hotline.domain.change import CARRIER, NOTHING, Change
from hotline.domain.contacts import AT_RISK, Contact, Delivery, Message
from hotline.domain.followups import Followup, FollowupKind, FollowupState
from hotline.domain.ids import ContactId, FollowupId, MessageId, derived_id
from hotline.domain.people import Person
from hotline.domain.service_rules import ServiceRules
from hotline.domain.text_words import listed_numbers, text_words
from hotline.errors import HotlineError, NotFound, WrongState
from hotline.storage.outbox import Owed
from hotline.storage.working_set import Loaded, Need
from hotline.telephony.carrier import CarrierRefused
from hotline.telephony.messaging import Messenger, SentText, scheme_of

if TYPE_CHECKING:
    from hotline.service import Hotline

log = logging.getLogger(__name__)

_ASKED_AFTER = timedelta(minutes=2)  # a report that has not come by then is asked for
_ASKED_UP_TO = timedelta(hours=6)  # the carrier gives up after four; later nothing changes any more

# What the carrier says of a text, in our words. `accepted`, `scheduled`, `sending` are on their way to `sent`.
_STATES = {
    "accepted": Delivery.QUEUED,
    "scheduled": Delivery.QUEUED,
    "queued": Delivery.QUEUED,
    "sending": Delivery.QUEUED,
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.DELIVERED,
    "undelivered": Delivery.UNDELIVERED,
    "failed": Delivery.FAILED,
    "canceled": Delivery.FAILED,
}


def messenger_of(hotline: Hotline, address: str) -> Messenger:
    """Who carries a text to this address."""
    messenger = hotline.messengers.get(scheme_of(address), hotline.carrier)
    if messenger is None:
        raise CarrierRefused("No carrier is set up.")
    return messenger


# What the outbox sends ------------------------------------------------------------------------------


async def _text(hotline: Hotline, owed: Owed) -> tuple[str, str, Message, Contact]:
    message = await hotline.reader.find(Message, owed.payload["message_id"])
    contact = await hotline.reader.find(Contact, owed.subject)
    to = texts.address_of(contact) if contact is not None else None
    if message is None or contact is None or to is None:
        raise CarrierRefused("There is nobody to send it to.")
    return to, texts.parts_of(message.text)[owed.payload.get("part", 0)], message, contact


async def send_text(hotline: Hotline, owed: Owed) -> str:
    to, text, message, contact = await _text(hotline, owed)
    person = await hotline.reader.find(Person, contact.person_id) if contact.person_id else None
    if person is not None and person.texts_stopped_at is not None:
        raise CarrierRefused("This person wants no texts.", reason=text_consent.STOPPED_AT_CARRIER)
    reference = {"message": message.id, "part": str(owed.payload.get("part", 0))}
    return await messenger_of(hotline, to).send_message(to, text, reference=reference)


async def find_text(hotline: Hotline, owed: Owed) -> str | None:
    """Its own report may have told us; else the carrier is asked for one like it that is none of the others."""
    to, text, message, contact = await _text(hotline, owed)
    part = owed.payload.get("part", 0)
    own = (message.deliveries or [{}] * (part + 1))[part].get("sid")
    if own is not None:
        return str(own)
    table = hotline.reader.table(Message)
    said = await hotline.reader.where(Message, table.c.contact_id == contact.id)
    known = {each["sid"] for one in said for each in one.deliveries or () if each["sid"]}
    return await messenger_of(hotline, to).find_message(to, text, owed.made_at, but_not=known)


def text_sent(loaded: Loaded, owed: Owed, sid: str) -> Change:
    """The carrier has taken it. That it was sent on is told by its reports."""
    message = loaded.find(Message, owed.payload["message_id"])
    if message is None:
        return NOTHING
    return texts.delivered(message, owed.payload.get("part", 0), Delivery.QUEUED, sid=sid)


def text_failed(loaded: Loaded, owed: Owed, error: HotlineError, rules: ServiceRules) -> Change:
    code = error.reason or None if isinstance(error, CarrierRefused) else None
    message = loaded.find(Message, owed.payload["message_id"])
    if message is None:
        return NOTHING
    return _reported(loaded, message, owed.payload.get("part", 0), Delivery.FAILED, code, None, rules)


async def _notice_address(hotline: Hotline, owed: Owed) -> str | None:
    """The open conversation's, where the order came in one; else the person's number."""
    contact_id = owed.payload.get("contact_id")
    contact = await hotline.reader.find(Contact, contact_id) if contact_id else None
    if contact is not None:
        return texts.address_of(contact)
    person = await hotline.reader.find(Person, owed.subject)
    return person.number if person is not None else None


async def send_notice(hotline: Hotline, owed: Owed) -> None:
    """Words outside any conversation: that they are unsubscribed, or welcome again."""
    address = await _notice_address(hotline, owed)
    if address is None:
        raise CarrierRefused("There is nobody to send it to.")
    await messenger_of(hotline, address).send_message(address, _notice(hotline, owed))


async def find_notice(hotline: Hotline, owed: Owed) -> str | None:
    address = await _notice_address(hotline, owed)
    if address is None:
        return None
    words = _notice(hotline, owed)
    return await messenger_of(hotline, address).find_message(address, words, owed.made_at)


def _notice(hotline: Hotline, owed: Owed) -> str:
    language = owed.payload["language"]
    return text_words(owed.payload["code"], language, values(hotline, language))


def values(hotline: Hotline, language: str) -> dict[str, str]:
    """What the service's own texts name."""
    settings = hotline.settings
    name = settings.service_name_zh if language == "zh" else settings.service_name_en
    return {"name": name, "numbers": listed_numbers([each.number for each in settings.numbers], language)}


# What the carrier reports ------------------------------------------------------------------------------


async def reported(hotline: Hotline, message_id: MessageId, part: int, status: SentText) -> None:
    state = _STATES.get(status.status)
    if state is None:
        return

    def decide(loaded: Loaded) -> Change:
        message = loaded.find(Message, message_id)
        if message is None:
            return NOTHING
        return _reported(loaded, message, part, state, status.code, status.sid, hotline.rules)

    await hotline.writer.run(decide, Need(Message, message_id))


def _reported(
    loaded: Loaded,
    message: Message,
    part: int,
    state: Delivery,
    code: int | None,
    sid: str | None,
    rules: ServiceRules,
) -> Change:
    change = texts.delivered(message, part, state, code=code, sid=sid)
    if not change.save:
        return change
    contact = loaded.get(Contact, message.contact_id)
    change = change.then(Change(save=(contact,)))  # so that who hears of the contact hears of its text
    after: Message = change.answer
    if code == text_consent.STOPPED_AT_CARRIER:
        change = change.then(_stopped_at_carrier(loaded, contact))
    if after.delivery in texts.LOST:
        change = change.then(_work_for(loaded, contact, rules))
    elif after.delivery is Delivery.DELIVERED:
        change = change.then(_work_is_over(loaded, contact))
    return change


def _stopped_at_carrier(loaded: Loaded, contact: Contact) -> Change:
    """The carrier knows what we did not: they told it to stop us."""
    person = loaded.find(Person, contact.person_id) if contact.person_id else None
    if person is None or person.texts_stopped_at is not None:
        return NOTHING
    stopped = text_consent.stopped_now(person, loaded.now, CARRIER)
    return stopped.then(texts.stopped_in(contact, loaded.now, CARRIER))


def _work_id(contact: Contact) -> FollowupId:
    return FollowupId(derived_id("fol", contact.id, "undelivered"))


def _work_for(loaded: Loaded, contact: Contact, rules: ServiceRules) -> Change:
    at_risk = contact.level in AT_RISK or followups.is_risky(contact)
    if not at_risk or loaded.find(Followup, _work_id(contact)) is not None:
        return NOTHING
    due_at = loaded.now + rules.call_back_within
    return followups.planned(_work_id(contact), contact, FollowupKind.CALL_BACK, due_at, loaded.now)


def _work_is_over(loaded: Loaded, contact: Contact) -> Change:
    """Texts arrive again before anybody has begun to call."""
    work = loaded.find(Followup, _work_id(contact))
    if work is None or work.state is not FollowupState.OPEN or work.attempts:
        return NOTHING
    return followups.needless(work, loaded.now)


# What people do ---------------------------------------------------------------------------------------


async def resend(hotline: Hotline, actor: Actor, contact_id: ContactId, message_id: MessageId) -> Message:
    """The same words as a new text; the same lost text is sent again once, however often one asks."""
    message = await hotline.reader.find(Message, message_id)
    contact = await hotline.reader.find(Contact, contact_id)
    if message is None or contact is None or message.contact_id != contact_id:
        raise NotFound("There is no such message.")
    access.require_serving(actor, contact)
    if message.delivery not in texts.LOST:
        raise WrongState("Only a text that was not delivered is sent again.", code="not_lost")
    return await messages.send_again(hotline, actor, message)


# Reports that never came --------------------------------------------------------------------------------


async def ask_after_texts(hotline: Hotline) -> None:
    """Every minute: texts of which nothing was heard for a while. Reports may come late, or never."""
    if hotline.carrier is None and not hotline.messengers:
        return
    table, now = hotline.reader.table(Message), hotline.clock.now()
    going = await hotline.reader.where(
        Message,
        table.c.delivery.in_((Delivery.QUEUED.value, Delivery.SENT.value)),
        table.c.at <= now - _ASKED_AFTER,
        table.c.at >= now - _ASKED_UP_TO,
        order=(table.c.at,),
        limit=50,
    )
    for message in going:
        contact = await hotline.reader.find(Contact, message.contact_id)
        for part, each in enumerate(message.deliveries or ()):
            address = texts.address_of(contact) if contact is not None else None
            if address is None or each["sid"] is None:
                continue
            try:
                status = await messenger_of(hotline, address).sent_message(each["sid"])
            except HotlineError:
                log.warning("carrier: it cannot be asked about the text %s", message.id)
                continue
            await reported(hotline, message.id, part, status)
