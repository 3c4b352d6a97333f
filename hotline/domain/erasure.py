"""A contact without its content: on a person's wish (`people.py`), or because its time is over (`retention.py`)."""

from __future__ import annotations

from datetime import datetime

from hotline.domain import contact_moves
from hotline.domain.change import Change
from hotline.domain.contacts import Contact

SEALED_OF_CONTACT = (
    "nickname",
    "number",
    "number_masked",
    "override_reason",
    "note",
    "safety_plan",
    "feedback_comment",
    "room",
    "text_address",
    "passed_on",
)
"""What a contact's own row holds of the person: emptied, so that the row itself stays readable."""


def contact_without_content(contact: Contact, now: datetime) -> Change:
    """What was said and written in it is noise from here on, and nothing is added to it."""
    emptied = dict.fromkeys(SEALED_OF_CONTACT)
    after = contact_moves.moved(contact, **emptied, content_erased_at=now)
    return Change(save=(after,), erase=(contact.id,), answer=after)
