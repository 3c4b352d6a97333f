"""What is known of a person when their contact rings or opens; the plan for who comes again and again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.actions.people import require_knowing
from hotline.domain import access, people, ringing
from hotline.domain.access import Actor, Permission
from hotline.domain.alerts import OPEN, Alert
from hotline.domain.change import Change, Event
from hotline.domain.contacts import Contact
from hotline.domain.ids import ContactId, PersonId
from hotline.domain.people import Person
from hotline.domain.person_background import NOBODY, Background, background
from hotline.domain.person_flags import PersonFlag
from hotline.errors import Forbidden, NotFound
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline

_COUNTED = 500  # of one person; whoever has more is frequent anyhow


async def of_contact(hotline: Hotline, actor: Actor, contact_id: ContactId) -> Background:
    """For who serves the contact; who is only offered it hears what to mind, but not the plan nor any note.

    Journalled where there was something to read.
    """
    access.require(actor, Permission.CONTACT_SERVE)
    contact = await hotline.reader.find(Contact, contact_id)
    if contact is None:
        raise NotFound("There is no such contact.")
    reads = access.may_read_contact(actor, contact)
    if not reads and actor.staff_id not in ringing.open_offers(contact):
        raise Forbidden("This contact is neither served by you nor offered to you.")
    person = await hotline.reader.find(Person, contact.person_id) if contact.person_id else None
    if person is None:
        return NOBODY
    found = await _found(hotline, person, contact)
    if not (found.count or found.flags or found.plan):
        return found
    event = Event("person", "background_read", person.id, actor.staff_id, {"contact_id": contact.id})
    await hotline.writer.run(lambda _loaded: Change(events=(event,)))
    return found if reads else _without_words(found)


async def _found(hotline: Hotline, person: Person, contact: Contact) -> Background:
    contacts, flags = hotline.reader.table(Contact).c, hotline.reader.table(PersonFlag).c
    alerts = hotline.reader.table(Alert).c
    known = await hotline.reader.where(
        Contact, contacts.person_id == person.id, order=(contacts.opened_at.desc(),), limit=_COUNTED
    )
    theirs = alerts.contact_id.in_([each.id for each in known])
    return background(
        person,
        contact.id,
        known,
        await hotline.reader.where(PersonFlag, flags.person_id == person.id, flags.ended_at.is_(None)),
        await hotline.reader.where(Alert, theirs, alerts.state.in_(sorted(OPEN))),
        hotline.clock.now(),
        hotline.rules,
    )


def _without_words(found: Background) -> Background:
    flags = tuple(each.model_copy(update={"note": None}) for each in found.flags)
    return replace(found, flags=flags, plan=None, earlier=())


async def write_plan(hotline: Hotline, actor: Actor, person_id: PersonId, text: str | None) -> Person:
    """The plan for this person, agreed among staff: by supervisors. None takes it away."""
    access.require(actor, Permission.CONTACT_SUPERVISE)
    await require_knowing(hotline, actor, person_id)

    def decide(loaded: Loaded) -> Change:
        return people.planned(loaded.get(Person, person_id), text, actor.staff_id, loaded.now)

    person: Person = await hotline.writer.run(decide, Need(Person, person_id))
    return person
