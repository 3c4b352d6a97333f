"""The person's own wish for the counselor of last time: asked for by themselves, waited for a while, never a condition.

Who was last with them is known by the token of an earlier chat, which only they have, or by the number that calls.
Neither tells them a name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.domain import access, contact_moves
from hotline.domain.access import Permission
from hotline.domain.change import PERSON, Change
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.ids import PersonId, StaffId
from hotline.domain.presence import Presence, PresenceState
from hotline.storage.working_set import Loaded

if TYPE_CHECKING:
    from hotline.service import Hotline

_LOOKED_AT = 5  # of one person's contacts, the latest


def of_contact(hotline: Hotline, earlier: Contact | None) -> StaffId | None:
    return _serves_still(hotline, earlier.counselor_id) if earlier is not None else None


async def at_work(hotline: Hotline, contact: Contact) -> StaffId | None:
    """The counselor of this caller's latest contact that was answered, if they are at work and not wished for yet."""
    if contact.person_id is None or contact.wished_counselor_id is not None:
        return None
    last = await _of_person(hotline, contact.person_id, contact.id)
    presence = await hotline.reader.find(Presence, last) if last is not None else None
    if presence is None or not presence.connected or presence.state is not PresenceState.AVAILABLE:
        return None
    return last


async def _of_person(hotline: Hotline, person_id: PersonId, but: str) -> StaffId | None:
    column = hotline.reader.table(Contact).c
    latest = await hotline.reader.where(
        Contact, column.person_id == person_id, order=(column.opened_at.desc(),), limit=_LOOKED_AT
    )
    served = (each.counselor_id for each in latest if each.id != but and each.counselor_id is not None)
    return _serves_still(hotline, next(served, None))


def _serves_still(hotline: Hotline, staff_id: StaffId | None) -> StaffId | None:
    staff = hotline.feed.directory.staff(staff_id) if staff_id is not None else None
    if staff is None or staff.disabled:
        return None
    return staff_id if Permission.CONTACT_SERVE in access.permissions_of(staff.roles) else None


def wished(loaded: Loaded, contact: Contact, staff_id: StaffId | None) -> Change:
    """Waited for as long as the rules say, if they are at work; at risk not for long (`domain/routing.py`)."""
    if staff_id is None or contact.state is not ContactState.WAITING:
        return Change(answer=contact)
    until = loaded.now + loaded.rules.wished_counselor_for
    return contact_moves.wishes(contact, contact.skills, (staff_id, until), PERSON)
