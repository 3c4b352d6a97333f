"""A contact's encounter from its opening to its end: who comes, joins, asks for help, leaves, and what falls due.

What is said in it is in `actions/messages.py`, risk in `actions/risk.py`, offers in `actions/offers.py`, the close
sheet in `actions/closing.py`.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from hotline.actions import calling_back, duty_telling, messages, same_counselor
from hotline.actions.consequences import with_consequences
from hotline.actions.deadlines import when_due
from hotline.actions.notes import noted
from hotline.actions.switchboard import chats_paused
from hotline.domain import access, contact_moves, duty_call, kept_places, skills
from hotline.domain.access import Actor, Permission
from hotline.domain.change import NOTHING, PERSON, Change, Event
from hotline.domain.contacts import (
    Channel,
    Contact,
    ContactState,
    EndedBy,
)
from hotline.domain.ids import ContactId, derived_id
from hotline.domain.service_rules import ServiceRules
from hotline.domain.switchboard import PARTNER_WORDS
from hotline.errors import Forbidden, NotSignedIn
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline

_MINOR_BANDS = ("under14", "14to17")


def token_hash(secret: str) -> str:
    """What is stored of a chat's token."""
    return hashlib.sha256(secret.encode()).hexdigest()


# Opening ------------------------------------------------------------------------------------------


async def open_chat(
    hotline: Hotline,
    *,
    language: str,
    nickname: str | None = None,
    topic: str | None = None,
    age_band: str | None = None,
    idempotency_key: str | None = None,
    same_counselor_as: str | None = None,
) -> tuple[Contact, str]:
    """A new chat and the token that opens it: "<contact id>.<secret>". The same key again gives the same chat.

    `same_counselor_as`: the token of an earlier chat, whose counselor the person would like again.
    """
    if age_band in _MINOR_BANDS and not hotline.rules.minors_may_chat_anonymously:
        raise Forbidden("Anonymous chat is not open to minors here; please call.", code="minors_not_allowed")
    if idempotency_key is not None:
        secret = hotline.sealer.lookup_hash(f"chat token {idempotency_key}")
        contact_id = ContactId(derived_id("con", hotline.sealer.lookup_hash(f"chat {idempotency_key}")))
    else:
        secret = secrets.token_urlsafe(32)
        contact_id = ContactId(derived_id("con", secrets.token_hex(16)))

    wished = same_counselor.of_contact(hotline, await _earlier(hotline, same_counselor_as))
    paused = chats_paused(hotline, language)

    def decide(loaded: Loaded) -> Change:
        known = loaded.find(Contact, contact_id)
        if known is not None:
            return Change(answer=known)
        if paused:
            raise Forbidden("New chats are paused; please call.", code="chats_paused")
        contact = Contact(
            id=contact_id,
            channel=Channel.CHAT,
            language=language,
            nickname=nickname,
            topic=topic,
            age_band=age_band,
            tags=["minor"] if age_band in _MINOR_BANDS else [],
            skills=skills.wished_by(hotline.rules.skills, topic=topic, age_band=age_band),
            token_hash=token_hash(secret),
            opened_at=loaded.now,
            person_gone_since=loaded.now,
        )
        opened = contact_moves.open_contact(contact, loaded.now)
        return opened.then(same_counselor.wished(loaded, opened.answer, wished))

    contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact, f"{contact_id}.{secret}"


async def _earlier(hotline: Hotline, token: str | None) -> Contact | None:
    """None for a token that opens nothing: a wish is no reason to refuse a chat."""
    try:
        return await contact_of_token(hotline, token) if token is not None else None
    except NotSignedIn:
        return None


async def contact_of_token(hotline: Hotline, token: str) -> Contact:
    """The contact that a chat's token opens."""
    contact_id, _, secret = token.partition(".")
    contact = await hotline.reader.find(Contact, contact_id) if contact_id.isascii() else None
    stored = contact.token_hash if contact is not None else None
    if contact is None or not secrets.compare_digest(stored or "", token_hash(secret)) or stored is None:
        raise NotSignedIn("This chat is not known here.", code="wrong_token")
    return contact


# What the person does -------------------------------------------------------------------------------


async def person_connected(hotline: Hotline, contact_id: ContactId, *, connected: bool) -> Contact:
    """The person's page came or went (the last of its sockets)."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        move = contact_moves.person_connected if connected else contact_moves.person_gone
        return move(contact, loaded.now)

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


async def awaited_anew(hotline: Hotline) -> None:
    """At a start. No socket outlives its process, and no clock of theirs may have run while they could not reach us.
    A call's line is held by the carrier, not by us."""
    column = hotline.reader.table(Contact).c
    open_page = (column.state != ContactState.CLOSED) & (column.channel != Channel.CALL)
    away = column.person_gone_since.is_not(None) | column.silence_warned_at.is_not(None)
    counted = away & (column.state != ContactState.WRAP_UP)
    for each in await hotline.reader.where(Contact, open_page, column.person_connected.is_(True) | counted):

        def decide(loaded: Loaded, contact_id: ContactId = each.id) -> Change:
            return contact_moves.awaited_anew(loaded.get(Contact, contact_id), loaded.now)

        await hotline.writer.run(decide, Need(Contact, each.id))


async def person_leaves(hotline: Hotline, contact_id: ContactId) -> Contact:
    """The person ends the chat."""
    return await _end(hotline, contact_id, by=EndedBy.PERSON, reason="left", actor=PERSON)


async def carrier_ends(hotline: Hotline, contact_id: ContactId, *, by: EndedBy, reason: str) -> Contact:
    """The line went dead, by whichever side. Ending twice changes nothing."""
    return await _end(hotline, contact_id, by=by, reason=reason, actor="carrier")


async def _end(hotline: Hotline, contact_id: ContactId, *, by: EndedBy, reason: str, actor: str) -> Contact:
    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        if contact.state in (ContactState.WRAP_UP, ContactState.CLOSED):
            return Change(answer=contact)
        change = contact_moves.end(contact, by=by, reason=reason, actor=actor, now=loaded.now)
        return with_consequences(loaded, contact, change, hotline.rules)

    ended: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return ended


async def keep_feedback(hotline: Hotline, contact_id: ContactId, helped: int, comment: str | None) -> None:
    """The person's answers after the chat: 1 … 5, and a few words. Given again, the newer ones stand."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        contact = contact.model_copy(update={"feedback_helped": helped, "feedback_comment": comment})
        event = Event("contact", "feedback_given", contact_id, PERSON, {"helped": helped})
        return Change((contact,), (event,))

    await hotline.writer.run(decide, Need(Contact, contact_id))


# What staff do ---------------------------------------------------------------------------------------


async def end_conversation(hotline: Hotline, actor: Actor, contact_id: ContactId) -> Contact:
    """The counselor ends the conversation; wrap-up follows, unless nobody was reached yet."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        access.require_held(actor, contact)
        contact_moves.refuse_unless(contact, ContactState.ACTIVE)
        if kept_places.is_being_reached(contact):
            return calling_back.stopped(loaded, contact, actor.staff_id)
        said = messages.automatic(loaded, contact, "ended")
        current = said.answer or contact
        by = EndedBy.COUNSELOR if contact.counselor_id == actor.staff_id else EndedBy.SUPERVISOR
        change = said.then(
            contact_moves.end(current, by=by, reason="completed", actor=actor.staff_id, now=loaded.now)
        )
        return with_consequences(loaded, contact, change, hotline.rules)

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


async def request_help(
    hotline: Hotline, actor: Actor, contact_id: ContactId, *, note: str | None = None
) -> Contact:
    """The counselor asks for a supervisor."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        access.require_held(actor, contact)
        change = contact_moves.request_help(contact, actor.staff_id, loaded.now)
        if note and change.save:
            asked = noted(loaded, contact, "help", note, actor.staff_id)
            change = change.then(asked).answering(change.answer)
        return change

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


async def join(hotline: Hotline, actor: Actor, contact_id: ContactId) -> Contact:
    """A supervisor joins a conversation, visibly and journalled."""
    access.require(actor, Permission.CONTACT_SUPERVISE)

    def decide(loaded: Loaded) -> Change:
        return contact_moves.join(loaded.get(Contact, contact_id), actor.staff_id)

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


async def leave(hotline: Hotline, actor: Actor, contact_id: ContactId) -> Contact:
    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        access.require_serving(actor, contact)
        return contact_moves.leave(contact, actor.staff_id)

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


def _due_contact(loaded: Loaded, contact: Contact) -> Change:
    said = _said_by_deadline(loaded, contact, loaded.rules)
    change = contact_moves.on_deadline(said.answer or contact, loaded.now, loaded.rules)
    if not change.save:
        return NOTHING
    if change.answer.wait_rung > contact.wait_rung:
        rota, waits = loaded.rota, change.answer
        told = duty_call.about_waiting(waits, rota)
        clock = duty_telling.clock_begins(loaded, told)
        change = change.then(Change(effects=told)).then(clock).answering(waits)
        if duty_call.concerns(waits, rota):
            change = change.then(Change(effects=duty_call.about_absent(rota.absent(), loaded.now)))
    return with_consequences(loaded, contact, said.then(change), loaded.rules)


on_deadline = when_due(Contact, _due_contact)
"""Waits too long, is silent, asks for help in vain, is written up for long."""


def _said_by_deadline(loaded: Loaded, contact: Contact, rules: ServiceRules) -> Change:
    """The words that go with what is due now, if there are any."""
    due = contact_moves.due(contact, rules)
    if due is None or due.at > loaded.now:
        return Change()
    if due.what == "partner_shown":
        text = PARTNER_WORDS[contact.language].format(number=rules.partner_number)
        return messages.automatic(loaded, contact, "partner_line", text=text)
    stays = contact_moves.stays_open_in_silence(contact)
    if due.what == "answer_owed":
        return messages.automatic(loaded, contact, "answer_owed")
    if due.what == "silence_warned":
        return messages.automatic(loaded, contact, "silence_waits" if stays else "silence_warned")
    if due.what == "silence_ends":
        return messages.automatic(loaded, contact, "ended")
    return Change()
