"""What goes with a contact that is passed on: from whom, to whom, and the words for whoever takes it.

| passed on to … | who reads the note                | nobody takes it                                          |
|----------------|-----------------------------------|----------------------------------------------------------|
| the queue      | whom it is offered to, who has it | it waits on, as everybody does                           |
| a colleague    | the colleague                     | back to who had it, if they are free; else the front     |

It comes back once: who passed it on and does not pick up either is no better than the queue.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import SQLModel

from hotline.domain import presence as presences
from hotline.domain.contacts import Contact
from hotline.domain.ids import StaffId
from hotline.domain.presence import Presence, WhyNot
from hotline.domain.service_rules import ServiceRules


class PassedOn(SQLModel):
    """`from_id` had it, `by` passed it on (they, or a supervisor), `to_id` None is the queue.
    `came_back`: who was to get it did not pick up."""

    from_id: StaffId | None
    by: StaffId
    to_id: StaffId | None
    note: str | None = None
    at: datetime
    came_back: bool = False


def passed_on_of(contact: Contact) -> PassedOn | None:
    return None if contact.passed_on is None else PassedOn.model_validate(contact.passed_on)


def kept(passed_on: PassedOn) -> dict[str, Any]:
    return passed_on.model_dump(mode="json", exclude_defaults=True)


def with_note(
    contact: Contact, *, by: StaffId, to_id: StaffId | None, note: str | None, now: datetime
) -> Contact:
    passed_on = PassedOn(
        from_id=contact.counselor_id, by=by, to_id=to_id, note=(note or "").strip() or None, at=now
    )
    return contact.model_copy(update={"passed_on": kept(passed_on)})


def note_of(contact: Contact) -> str | None:
    passed_on = passed_on_of(contact)
    return None if passed_on is None else passed_on.note


def goes_back_to(contact: Contact) -> StaffId | None:
    """Who gets it back if the colleague who was to take it does not pick up."""
    passed_on = passed_on_of(contact)
    if passed_on is None or passed_on.came_back or passed_on.to_id is None:
        return None
    waits_for_them = contact.counselor_id == passed_on.to_id
    return passed_on.from_id if waits_for_them and passed_on.from_id != passed_on.to_id else None


def came_back(contact: Contact) -> Contact:
    passed_on = passed_on_of(contact)
    if passed_on is None:
        return contact
    return contact.model_copy(update={"passed_on": kept(passed_on.model_copy(update={"came_back": True}))})


def is_still_free(presence: Presence | None, contact: Contact, rules: ServiceRules) -> bool:
    """Nothing else has come to them meanwhile. A rest that this very contact earned them does not keep it away."""
    if presence is None:
        return False
    return presences.why_not_offered(presence, contact.channel, rules) in (None, WhyNot.RESTING)
