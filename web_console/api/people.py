"""The person behind contacts: pseudonymous, masked, and with a right to be forgotten."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from hotline.actions import people
from hotline.domain.access import Permission
from hotline.domain.contacts import Contact
from hotline.domain.ids import PersonId
from hotline.domain.people import Person
from hotline.errors import Forbidden, NotFound, WrongState
from web_console.api.contacts import contact_id_of
from web_console.openapi import ApiRequest, route


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
    number: str


def person_view(person: Person, contacts: list[Contact]) -> PersonView:
    return {
        "id": person.id,
        "number_masked": person.number_masked,
        "first_seen_at": person.first_seen_at,
        "last_seen_at": person.last_seen_at,
        "erased_at": person.erased_at,
        "contacts": [
            {
                "id": each.id,
                "channel": each.channel,
                "state": each.state,
                "level": each.level,
                "peak_level": each.peak_level,
                "opened_at": each.opened_at,
                "disposition": each.disposition,
            }
            for each in contacts
        ],
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
    answer=NumberView,
    errors=(NotFound, Forbidden, WrongState),
)
async def unmask_number(request: ApiRequest) -> NumberView:
    """The caller's whole number, for who holds the contact or may unmask. Journalled."""
    return {"number": await people.unmask(request.hotline, request.actor, contact_id_of(request))}
