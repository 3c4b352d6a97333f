"""Reading a contact's record. Who reads what was said leaves an entry in the journal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hotline.domain import access
from hotline.domain.access import Actor, Permission
from hotline.domain.change import Change, Event
from hotline.domain.contacts import Contact, ContactState, LevelStep, Message
from hotline.domain.ids import ContactId
from hotline.errors import Forbidden, NotFound

if TYPE_CHECKING:
    from hotline.service import Hotline


async def get(hotline: Hotline, actor: Actor, contact_id: ContactId) -> Contact:
    """A contact that this person serves or joined, or supervises; while it waits, every counselor."""
    contact = await hotline.reader.find(Contact, contact_id)
    if contact is None:
        raise NotFound("There is no such contact.")
    if not access.may_read_contact(actor, contact) and contact.state is not ContactState.WAITING:
        raise Forbidden("This contact is served by somebody else.")
    return contact


async def page(
    hotline: Hotline,
    actor: Actor,
    *,
    state: ContactState | None,
    mine: bool,
    before: tuple[datetime, str] | None,
    limit: int,
) -> list[Contact]:
    """Newest first. `before`: when the last one of the page before was opened, and its id."""
    table = hotline.reader.table(Contact)
    conditions = []
    if mine or not actor.may(Permission.CONTACT_SUPERVISE):
        conditions.append(table.c.counselor_id == actor.staff_id)
    if state is not None:
        conditions.append(table.c.state == state)
    if before is not None:
        at, last_id = before
        conditions.append((table.c.opened_at < at) | ((table.c.opened_at == at) & (table.c.id < last_id)))
    order = (table.c.opened_at.desc(), table.c.id.desc())
    return await hotline.reader.where(Contact, *conditions, order=order, limit=limit)


async def content(hotline: Hotline, actor: Actor, contact_id: ContactId) -> Contact:
    """The contact, for somebody who is about to read what was said, written or answered in it. Journalled."""
    contact = await get(hotline, actor, contact_id)
    if not access.may_read_contact(actor, contact):
        raise Forbidden("Take the contact first: what was said is for whoever serves it.")
    await _journal_reading(hotline, actor, contact)
    return contact


async def messages(
    hotline: Hotline, actor: Actor, contact_id: ContactId, *, before_seq: int | None, limit: int
) -> list[Message]:
    """The newest page before `before_seq`, oldest first."""
    await content(hotline, actor, contact_id)
    table = hotline.reader.table(Message)
    conditions = [table.c.contact_id == contact_id]
    if before_seq is not None:
        conditions.append(table.c.seq < before_seq)
    newest = await hotline.reader.where(
        Message, *conditions, order=(table.c.seq.desc(),), limit=limit, quick=True
    )
    return list(reversed(newest))


async def _journal_reading(hotline: Hotline, actor: Actor, contact: Contact) -> None:
    """Its own counselor reads while serving; anybody else's reading is an event of its own."""
    if contact.counselor_id == actor.staff_id and contact.state is not ContactState.CLOSED:
        return
    event = Event("contact", "content_read", contact.id, actor.staff_id, {"version": contact.version})
    await hotline.writer.run(lambda _loaded: Change(events=(event,)))


async def level_steps(hotline: Hotline, actor: Actor, contact_id: ContactId) -> list[LevelStep]:
    await content(hotline, actor, contact_id)
    table = hotline.reader.table(LevelStep)
    return await hotline.reader.where(
        LevelStep, table.c.contact_id == contact_id, order=(table.c.at, table.c.id)
    )
