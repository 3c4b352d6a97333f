"""Text messages that come in: one open conversation per number, each message once.

    text ─▶ only an order (STOP, START …)? ─▶ kept, obeyed, confirmed; said in the conversation that is open
         └▶ else: joins the open conversation of its number, or opens one ─▶ triaged like every word
                                                          └▶ welcomed, once, with the place in the queue

The message's id (`MessageSid`) is what makes the same text the same, however often and by whichever way it is told:
by the webhook, again by the carrier's repetition, or by our own asking (`ask_for_texts`).
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hotline.actions import messages as message_actions
from hotline.actions.carrier_events import met_person
from hotline.actions.consequences import with_consequences
from hotline.actions.text_delivery import values
from hotline.domain import access, contact_moves, opening_hours, people, text_consent, texts
from hotline.domain.access import Actor
from hotline.domain.change import CARRIER, NOTHING, PERSON, Change, Effect, Event
from hotline.domain.contacts import (
    AT_RISK,
    Channel,
    Contact,
    ContactState,
    EndedBy,
    Message,
    Sender,
)
from hotline.domain.ids import ContactId, derived_id
from hotline.domain.line_policy import THE_LINE, LinePolicy, hours_of
from hotline.domain.people import Person
from hotline.domain.text_consent import TextConsent, TextWord
from hotline.domain.text_words import text_words
from hotline.domain.texts import TextSender
from hotline.errors import HotlineError, WrongState
from hotline.storage.working_set import Loaded, Need
from hotline.telephony.messaging import ReceivedText
from triage.languages import language_of

if TYPE_CHECKING:
    from hotline.service import Hotline

log = logging.getLogger(__name__)

ASKED_BACK = timedelta(minutes=15)  # a text whose report was lost is found for this long; each is taken once
ASKED_BACK_AT_START = timedelta(
    hours=1
)  # what came in while the service was down, and still waits for an answer


async def incoming_text(
    hotline: Hotline, *, message_sid: str, raw_number: str, text: str, media: int = 0
) -> Message | None:
    """A text joins the open conversation of its number, or opens one. Nothing to answer: None."""
    sender = texts.text_sender(raw_number, hotline.messengers)
    text = text.replace("\x00", "")
    if sender.lookup is None or not (text.strip() or media):
        log.info("carrier: a text without words or without a number to answer")
        return None
    word = text_consent.word_of(text) if not media else None
    if word in (TextWord.STOP, TextWord.START) and await _obeyed(hotline, message_sid, sender, word, text):
        return None
    contact = await _conversation(hotline, message_sid, sender, text)
    try:
        message = await _received(hotline, contact.id, message_sid, text)
    except WrongState:  # it ended in this very moment: the text opens a new one
        contact = await _conversation(hotline, message_sid, sender, text)
        message = await _received(hotline, contact.id, message_sid, text)
    if media:
        await _say_once(hotline, contact.id, "text_media")
    await _welcome(hotline, contact.id, word)
    return message


async def _received(hotline: Hotline, contact_id: ContactId, message_sid: str, text: str) -> Message | None:
    """Every word of it: a text longer than a message of ours is several."""
    message: Message | None = None
    longest = message_actions.MAX_LENGTH
    for part, start in enumerate(range(0, len(text), longest)):
        piece = text[start : start + longest]
        if piece.strip():
            message = await message_actions.receive(
                hotline,
                contact_id,
                client_id=message_sid if part == 0 else f"{message_sid}:{part}",
                text=piece,
                sender=Sender.HELP_SEEKER,
            )
    return message


# The conversation ----------------------------------------------------------------------------------------


async def _conversation(hotline: Hotline, message_sid: str, sender: TextSender, text: str) -> Contact:
    number = sender.number
    phone_hash = hotline.sealer.lookup_hash(sender.lookup or "")
    new_id = ContactId(derived_id("con", "text", message_sid))

    def decide(loaded: Loaded) -> Change:
        opened_by_it = loaded.find(Contact, new_id)
        if opened_by_it is not None:
            return Change(answer=opened_by_it)
        met = met_person(loaded, number, phone_hash)
        person: Person = met.answer
        own = loaded.where(Contact, "person_id", person.id)
        joined = [
            each for each in own if loaded.find(Message, message_actions.message_id_of(each.id, message_sid))
        ]
        going_on = joined[0] if joined else texts.open_one(own, sender.address)
        if going_on is not None:
            return met.answering(going_on)
        contact = Contact(
            id=new_id,
            channel=Channel.SMS,
            language=_language(text, number),
            person_id=person.id,
            number=number.dialable,
            number_masked=number.masked,
            text_address=sender.address,
            texts_stopped_at=person.texts_stopped_at,
            opened_at=loaded.now,
        )
        opened = contact_moves.open_contact(contact, loaded.now, CARRIER)
        return met.then(with_consequences(loaded, None, opened, hotline.rules)).answering(opened.answer)

    contact: Contact = await hotline.writer.run(decide, Need(Contact, new_id))
    return contact


def _language(text: str, number: people.CallerNumber) -> str:
    """As they write; where letters do not tell, as their number suggests."""
    written = language_of(text) if text.strip() else "other"
    if written == "mixed":
        return "zh"
    return written if written in ("zh", "en") else people.likely_language(number)


# What the service says -----------------------------------------------------------------------------------


async def _welcome(hotline: Hotline, contact_id: ContactId, word: TextWord | None) -> None:
    """Once, after the first words are saved and judged: so the place that is told is the true one."""
    contact = await hotline.reader.find(Contact, contact_id)
    if contact is None or contact.state is not ContactState.WAITING:
        return
    if word is TextWord.HELP:
        await _say_once(hotline, contact_id, "text_help")
        return
    now = hotline.clock.now()
    hours = hours_of(await hotline.reader.find(LinePolicy, THE_LINE))
    opens = opening_hours.opens_at(hours, now)
    if not opening_hours.is_open(hours, now) and opens is not None:
        local = opens.astimezone(ZoneInfo(hours.timezone))
        await _say_once(hotline, contact_id, "text_closed", opens=_moment(local, contact.language))
        return
    place = hotline.matcher.place(contact)
    if place is None or place <= 1:
        await _say_once(hotline, contact_id, "text_welcome")
    else:
        await _say_once(hotline, contact_id, "text_welcome_place", ahead=str(place - 1))


def _moment(local: datetime, language: str) -> str:
    if language == "zh":
        return f"{local.month}月{local.day}日{local:%H:%M}"
    return f"on {local.day} {local:%B} at {local:%H:%M}"


_WELCOMES = ("text_welcome", "text_welcome_place", "text_closed", "text_help")


async def _say_once(hotline: Hotline, contact_id: ContactId, code: str, **more: str) -> None:
    """One kind of words once per conversation; a welcome is one kind."""
    kind = "text_welcome" if code in _WELCOMES else code
    message_id = derived_id("msg", contact_id, kind)

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        open_states = (ContactState.WAITING, ContactState.ACTIVE)
        if contact.state not in open_states or loaded.find(Message, message_id) is not None:
            return NOTHING
        words = text_words(code, contact.language, {**values(hotline, contact.language), **more})
        return message_actions.automatic(loaded, contact, code, text=words, message_id=message_id)

    await hotline.writer.run(decide, Need(Contact, contact_id), Need(Message, message_id))


# STOP and START ------------------------------------------------------------------------------------------


async def _obeyed(hotline: Hotline, message_sid: str, sender: TextSender, word: TextWord, text: str) -> bool:
    """The order kept and followed; False if it is no order here: YES from somebody who never stopped."""
    stop = word is TextWord.STOP
    number = sender.number
    phone_hash = hotline.sealer.lookup_hash(sender.lookup or "")
    language = _language(text, number)

    def decide(loaded: Loaded) -> Change:
        if loaded.find(TextConsent, text_consent.consent_id(message_sid)) is not None:
            return Change(answer=True)
        met = met_person(loaded, number, phone_hash)
        person: Person = met.answer
        own = loaded.where(Contact, "person_id", person.id)
        said_before = any(
            loaded.find(Message, message_actions.message_id_of(each.id, message_sid)) for each in own
        )
        if said_before or (not stop and person.texts_stopped_at is None):
            return Change(answer=False)
        ordered = text_consent.ordered(person, message_sid, stopped=stop, now=loaded.now)
        change = met.then(ordered)
        contact = texts.open_one(own, sender.address)
        if contact is not None:
            change = change.then(_said(loaded, contact, message_sid, text, stop=stop))
        code = "text_stopped" if stop else "text_started"
        notice = {"code": code, "language": contact.language if contact is not None else language}
        if contact is not None:
            notice["contact_id"] = contact.id
        owed = Effect("send_notice", person.id, f"{text_consent.consent_id(message_sid)}:notice", notice)
        return change.then(Change(effects=(owed,))).answering(True)

    obeyed: bool = await hotline.writer.run(decide, Need(TextConsent, text_consent.consent_id(message_sid)))
    return obeyed


def _said(loaded: Loaded, contact: Contact, message_sid: str, text: str, *, stop: bool) -> Change:
    """The order as a turn of the open conversation. Who waits and shows no risk is let go; others stay somebody's."""
    before = contact
    message = Message(
        id=message_actions.message_id_of(contact.id, message_sid),
        contact_id=contact.id,
        seq=0,
        sender=Sender.HELP_SEEKER,
        client_id=message_sid,
        text=text.strip(),
        at=loaded.now,
        lang=language_of(text),
    )
    contact, message = contact_moves.add_message(contact, message, loaded.now)
    facts = {"contact_id": contact.id, "seq": message.seq, "sender": message.sender}
    told = Event("message", "added", message.id, PERSON, facts)
    moved = texts.stopped_in(contact, loaded.now, PERSON) if stop else texts.started_in(contact, PERSON)
    change = Change((contact, message), (told,)).then(moved)
    contact = moved.answer
    if stop and contact.level not in AT_RISK and contact.state is ContactState.WAITING:
        ended = contact_moves.end(
            contact, by=EndedBy.PERSON, reason="texts_stopped", actor=PERSON, now=loaded.now
        )
        change = change.then(ended).answering(ended.answer)
    return with_consequences(loaded, before, change, loaded.rules)


async def stop_for(hotline: Hotline, actor: Actor, contact_id: ContactId) -> Contact:
    """Noted by who serves them: they said so in words that are no order."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        access.require_serving(actor, contact)
        person = loaded.find(Person, contact.person_id) if contact.person_id else None
        if contact.channel is not Channel.SMS or person is None:
            raise WrongState("This contact is not texted.", code="wrong_channel")
        stopped = text_consent.stopped_now(person, loaded.now, actor.staff_id)
        moved = texts.stopped_in(contact, loaded.now, actor.staff_id)
        return stopped.then(moved).answering(moved.answer)

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


# Texts whose reports were lost ----------------------------------------------------------------------------


async def ask_for_texts(hotline: Hotline, back: timedelta = ASKED_BACK) -> None:
    """At start and every minute: what came in at the carrier lately. What we have already changes nothing."""
    since = hotline.clock.now() - back
    for messenger in {id(each): each for each in (hotline.carrier, *hotline.messengers.values())}.values():
        if messenger is None:
            continue
        try:
            received = await messenger.received_since(since)
        except HotlineError:
            log.warning("carrier: it cannot be asked for texts")
            continue
        for each in reversed(received):
            await _taken_in(hotline, each)


async def _taken_in(hotline: Hotline, text: ReceivedText) -> None:
    try:
        await incoming_text(
            hotline, message_sid=text.sid, raw_number=text.from_, text=text.text, media=text.media
        )
    except HotlineError as refusal:
        log.info("carrier: a text was of no use (%s)", refusal.code)
