"""What is said in a contact: by the person, by staff, by the service itself; saved once, triaged, read.

How a contact begins and ends is in `actions/contacts.py`, how a text comes and goes in `actions/texts.py`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from hotline.actions import risk as risk_actions
from hotline.actions.risk import Timed
from hotline.domain import access, contact_moves, texts
from hotline.domain.access import Actor, Permission
from hotline.domain.automatic_words import words
from hotline.domain.change import PERSON, Change, Event
from hotline.domain.contacts import FROM_PERSON, Channel, Contact, ContactState, Message, Sender
from hotline.domain.ids import ContactId, MessageId, StaffId, derived_id
from hotline.domain.service_rules import ServiceRules
from hotline.errors import FieldProblem, Invalid, WrongState
from hotline.storage.working_set import Loaded, Need
from triage.assessment import Assessment, Turn
from triage.languages import language_of

if TYPE_CHECKING:
    from hotline.service import Hotline

MAX_LENGTH = 4000  # characters; a longer one is refused with a sentence, never cut
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def check_text(text: str) -> None:
    """1 to 4,000 characters, no NUL, no lone surrogates, not only white space."""
    if not text.strip():
        raise Invalid("The message is empty.", fields=(FieldProblem("text", "is empty"),))
    if len(text) > MAX_LENGTH:
        problem = f"is longer than {MAX_LENGTH} characters"
        raise Invalid("The message is too long.", fields=(FieldProblem("text", problem),), code="too_long")
    if "\x00" in text or _HALF_CHARACTER.search(text):
        raise Invalid(
            "The text is not valid Unicode.", fields=(FieldProblem("text", "is not valid Unicode"),)
        )


def automatic(
    loaded: Loaded, contact: Contact, code: str, *, text: str | None = None, message_id: str | None = None
) -> Change:
    """Words of the service itself, as a turn of the conversation; only where somebody can read them."""
    if contact.channel not in (Channel.CHAT, Channel.SMS) or contact.texts_stopped_at is not None:
        return Change()
    message = Message(
        id=MessageId(message_id or loaded.new_id("msg")),
        contact_id=contact.id,
        seq=0,
        sender=Sender.AUTOMATIC,
        code=code,
        text=text or words(code, contact.language),
        at=loaded.now,
    )
    contact, message = contact_moves.add_message(contact, message, loaded.now)
    message = texts.queued(contact, message)
    told = (Event("message", "added", message.id, "machine"),)
    return Change((contact, message), told, texts.owed(contact, message), answer=contact)


def message_id_of(contact_id: str, client_id: str) -> MessageId:
    """The same client id in the same contact is the same message."""
    return MessageId(derived_id("msg", contact_id, client_id))


def refuse_other_words(saved: Message, text: str) -> None:
    """The same client id again is the same message: other words under it would be acknowledged and lost."""
    if saved.text != text:
        problem = FieldProblem("client_id", "was used for other words")
        raise Invalid("This id was used for other words.", fields=(problem,), code="client_id_used")


async def receive(
    hotline: Hotline,
    contact_id: ContactId,
    *,
    client_id: str,
    text: str,
    sender: Sender,
    staff_id: StaffId | None = None,
    check: Callable[[Contact], None] | None = None,
    speech: bool = False,
) -> Message:
    """Save one turn, once; triaged within 50 ms or saved unassessed. Returns after the commit.

    `check` may refuse by looking at the contact as it is in the transaction.
    """
    check_text(text)
    message_id = message_id_of(contact_id, client_id)
    assessing: asyncio.Task[Timed] | None = None
    timed: Timed | None = None
    if sender in FROM_PERSON:
        history = await hotline.memory.turns(contact_id)
        assessing = asyncio.create_task(risk_actions.timed(hotline, contact_id, text, history, speech=speech))
        timed = await _in_time(assessing, hotline.triage_wait_seconds)

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        known = loaded.find(Message, message_id)
        if known is not None:
            # Said already: the same answer as then, though the contact may be over by now.
            return Change(answer=known)
        if check is not None:
            check(contact)
        message = Message(
            id=message_id,
            contact_id=contact_id,
            seq=0,
            sender=sender,
            staff_id=staff_id,
            client_id=client_id,
            text=text,
            at=loaded.now,
            lang=language_of(text) if assessing is not None else None,
            triage_seconds=timed.seconds if timed is not None else None,
        )
        return _added(loaded, contact, message, timed.assessment if timed else None, hotline.rules)

    message: Message = await hotline.writer.run(decide, Need(Contact, contact_id), Need(Message, message_id))
    # of a message said again, triage read these words and may be late for the first time only
    if assessing is not None and timed is None and message.text == text:
        hotline.background.start(risk_actions.assess_late(hotline, contact_id, message, assessing))
    return message


async def _in_time(assessing: asyncio.Task[Timed], seconds: float) -> Timed | None:
    done, _ = await asyncio.wait((assessing,), timeout=seconds)
    return assessing.result() if done else None


def _added(
    loaded: Loaded, contact: Contact, message: Message, assessment: Assessment | None, rules: ServiceRules
) -> Change:
    before = contact
    contact, message = contact_moves.add_message(contact, message, loaded.now)
    message = texts.queued(contact, message)
    actor = PERSON if message.sender in FROM_PERSON else (message.staff_id or "machine")
    facts = {"contact_id": contact.id, "seq": message.seq, "sender": message.sender}
    if message.sender not in FROM_PERSON:
        added = (Event("message", "added", message.id, actor, facts),)
        return Change((contact, message), added, texts.owed(contact, message), answer=message)
    judged, message, change = risk_actions.judged(loaded, contact, message, assessment)
    told = Change((judged, message), (Event("message", "added", message.id, actor, facts),))
    if not change.events and judged.level != before.level:
        change = change.then(Change(events=(Event("contact", "unassessed", contact.id, "machine"),)))
    return told.then(change).answering(message)


async def send(
    hotline: Hotline, actor: Actor, contact_id: ContactId, *, client_id: str, text: str
) -> Message:
    """A counselor's or supervisor's words to the person."""
    message = await _sent(hotline, actor, contact_id, f"{actor.staff_id}:{client_id}", text)
    refuse_other_words(message, text)
    return message


async def send_again(hotline: Hotline, actor: Actor, lost: Message) -> Message:
    """Words that did not arrive, once more; the same new message, whoever asks for it."""
    return await _sent(hotline, actor, lost.contact_id, f"again:{lost.id}", lost.text)


async def _sent(hotline: Hotline, actor: Actor, contact_id: ContactId, client_id: str, text: str) -> Message:
    access.require(actor, Permission.CONTACT_SERVE)

    def check(contact: Contact) -> None:
        access.require_serving(actor, contact)
        if contact.channel not in (Channel.CHAT, Channel.SMS):
            raise Invalid("This contact is not written to.", code="wrong_channel")
        if contact.texts_stopped_at is not None:
            raise WrongState("They want no more texts: call them instead.", code="texts_stopped")
        contact_moves.refuse_unless(contact, ContactState.ACTIVE)

    supervising = actor.may(Permission.CONTACT_SUPERVISE)
    return await receive(
        hotline,
        contact_id,
        client_id=client_id,
        text=text,
        sender=Sender.SUPERVISOR if supervising else Sender.COUNSELOR,
        staff_id=actor.staff_id,
        check=check,
    )


async def read_by_person(hotline: Hotline, contact_id: ContactId, seq: int) -> None:
    await hotline.writer.run(
        lambda loaded: contact_moves.read_by_person(loaded.get(Contact, contact_id), seq),
        Need(Contact, contact_id),
    )


async def read_by_staff(hotline: Hotline, actor: Actor, contact_id: ContactId, seq: int) -> None:
    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        access.require_serving(actor, contact)
        if contact.counselor_id != actor.staff_id:
            return Change(answer=contact)
        return contact_moves.read_by_staff(contact, seq, actor.staff_id)

    await hotline.writer.run(decide, Need(Contact, contact_id))


def recent_turns(messages: list[Message]) -> list[Turn]:
    """What triage may look back on, oldest first."""
    return [
        Turn("help_seeker" if each.sender in FROM_PERSON else "counselor", each.text)
        for each in messages
        if each.sender is not Sender.AUTOMATIC
    ]
