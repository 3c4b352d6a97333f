"""Who contacts are about: their earlier contacts, their number where it is needed, and their right to be forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.actions import recordings
from hotline.actions.notes import noted
from hotline.domain import access, alerts, followups, people
from hotline.domain.access import Actor, Permission
from hotline.domain.alerts import Alert
from hotline.domain.change import Change, Event
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.followups import Followup
from hotline.domain.ids import ContactId, PersonId
from hotline.domain.people import Person
from hotline.domain.person_flags import PersonFlag
from hotline.errors import Forbidden, NotFound, WrongState
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline

SHOWN_FOR_SECONDS = 60
"""Long enough to dial or to write down, short enough not to stand on a screen that others see."""

_LATEST = 50  # earlier contacts that help somebody to prepare; the rest is found by supervisors


async def profile(hotline: Hotline, actor: Actor, person_id: PersonId) -> tuple[Person, list[Contact]]:
    """The person and their latest contacts: for supervisors, and for who serves one of them now. Journalled."""
    person, contacts = await require_knowing(hotline, actor, person_id)
    event = Event("person", "read", person.id, actor.staff_id, {"contacts": len(contacts)})
    await hotline.writer.run(lambda _loaded: Change(events=(event,)))
    return person, contacts


async def require_knowing(
    hotline: Hotline, actor: Actor, person_id: PersonId
) -> tuple[Person, list[Contact]]:
    """The person with their latest contacts, or a refusal: for who serves one of them now, and supervisors."""
    access.require(actor, Permission.CONTACT_SERVE)
    person = await hotline.reader.find(Person, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    column = hotline.reader.table(Contact).c
    contacts = await hotline.reader.where(
        Contact, column.person_id == person_id, order=(column.opened_at.desc(),), limit=_LATEST
    )
    if not actor.may(Permission.CONTACT_SUPERVISE) and not any(_serves(actor, each) for each in contacts):
        raise Forbidden("This person is not in contact with you now.")
    return person, contacts


def _serves(actor: Actor, contact: Contact) -> bool:
    return contact.state is not ContactState.CLOSED and access.may_read_contact(actor, contact)


async def unmask(hotline: Hotline, actor: Actor, contact_id: ContactId, *, reason: str) -> str:
    """The whole number: for who holds the contact, and with a permission of its own. Journalled before it is told.

    The reason is a note of the contact, sealed like all that is written; the journal names the note.
    """

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        holds = contact.counselor_id == actor.staff_id and contact.state is not ContactState.CLOSED
        if not holds:
            access.require(actor, Permission.CONTACT_UNMASK)
        if contact.number is None:
            raise WrongState("There is no number: it was hidden, or this is no call.", code="no_number")
        note = noted(loaded, contact, "unmask", reason, actor.staff_id)
        facts = {"version": contact.version, "note_id": note.save[0].id}  # type: ignore[attr-defined]
        event = Event("contact", "unmasked", contact.id, actor.staff_id, facts)
        return note.then(Change(events=(event,), answer=contact.number))

    number: str = await hotline.writer.run(decide, Need(Contact, contact_id))
    return number


async def erase(hotline: Hotline, actor: Actor, person_id: PersonId) -> Person:
    """Forget the person and what was said in all their contacts, for ever.

    A backup made earlier still holds it, until it is thrown away in its turn.
    """
    access.require(actor, Permission.PERSON_ERASE)

    def decide(loaded: Loaded) -> Change:
        person = loaded.get(Person, person_id)
        contacts = loaded.where(Contact, "person_id", person_id)
        still_open = any(
            alert.state in alerts.OPEN
            for contact in contacts
            for alert in loaded.where(Alert, "contact_id", contact.id)
        ) or any(
            followups.is_open(followup)
            for contact in contacts
            for followup in loaded.where(Followup, "contact_id", contact.id)
        )
        erased = people.erase(person, contacts, still_open=still_open, actor=actor.staff_id, now=loaded.now)
        erased = recordings.erased(loaded, contacts, actor.staff_id).then(erased)
        return erased.then(Change(remove=tuple(loaded.where(PersonFlag, "person_id", person_id))))

    person: Person = await hotline.writer.run(decide, Need(Person, person_id))
    return person
