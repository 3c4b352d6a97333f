"""The person behind contacts: pseudonymous, masked, and with a right to be forgotten."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from hotline.actions import people
from hotline.domain.access import Permission
from hotline.domain.contacts import Contact
from hotline.domain.ids import PersonId
from hotline.domain.people import Person
from hotline.errors import Forbidden, Invalid, NotFound, WrongState
from web_console.api.contacts import contact_id_of
from web_console.api.inputs import Reason
from web_console.openapi import ApiRequest, Body, route


class EarlierContact(TypedDict):
    id: str
    channel: str
    state: str
    level: str
    peak_level: str
    opened_at: datetime
    disposition: str | None


class PersonView(TypedDict):
    """`contacts`: the latest, newest first."""

    id: str
    number_masked: str | None
    first_seen_at: datetime
    last_seen_at: datetime
    erased_at: datetime | None
    contacts: list[EarlierContact]


class NumberView(TypedDict):
    """Shown for so long, and then masked again."""

    number: str
    shown_for_seconds: int


class Unmask(Body):
    reason: Reason


def earlier_view(contact: Contact) -> EarlierContact:
    return {
        "id": contact.id,
        "channel": contact.channel,
        "state": contact.state,
        "level": contact.level,
        "peak_level": contact.peak_level,
        "opened_at": contact.opened_at,
        "disposition": contact.disposition,
    }


def person_view(person: Person, contacts: list[Contact]) -> PersonView:
    return {
        "id": person.id,
        "number_masked": person.number_masked,
        "first_seen_at": person.first_seen_at,
        "last_seen_at": person.last_seen_at,
        "erased_at": person.erased_at,
        "contacts": [earlier_view(each) for each in contacts],
    }


@route(
    "GET",
    "/api/people/{person_id}",
    permission=Permission.CONTACT_SERVE,
    answer=PersonView,
    errors=(NotFound, Forbidden),
)
async def get_person_in_contact(request: ApiRequest) -> PersonView:
    """A person in contact with you now, and their earlier contacts. Journalled."""
    found = await people.profile(request.hotline, request.actor, PersonId(request.path["person_id"]))
    return person_view(*found)


@route(
    "DELETE",
    "/api/people/{person_id}",
    permission=Permission.PERSON_ERASE,
    errors=(NotFound, Forbidden, WrongState),
)
async def erase_person(request: ApiRequest) -> None:
    """Forget a person: their number, and all that was said in their contacts, for ever."""
    await people.erase(request.hotline, request.actor, PersonId(request.path["person_id"]))


@route(
    "POST",
    "/api/contacts/{contact_id}/unmask",
    permission=(Permission.CONTACT_SERVE, Permission.CONTACT_UNMASK),
    body=Unmask,
    answer=NumberView,
    errors=(NotFound, Forbidden, WrongState, Invalid),
)
async def unmask_number(request: ApiRequest) -> NumberView:
    """The caller's whole number, for who holds the contact or may unmask, with the reason. Journalled."""
    wish: Unmask = request.body
    number = await people.unmask(request.hotline, request.actor, contact_id_of(request), reason=wish.reason)
    return {"number": number, "shown_for_seconds": people.SHOWN_FOR_SECONDS}
