"""How many counselors one contact rings at.

| contact                                                     | rings at                                     |
|-------------------------------------------------------------|----------------------------------------------|
| imminent; or of a queue that `ring_rules.py` names          | `ring_at_once_most` counselors at once       |
| has waited `ring_at_once_after`                             | the same: nobody waits through slow turns    |
| any other                                                   | by turn: the best, then the next             |

The first of them is the offer itself (`offer_id`), the others ring beside it (`also_offered`). Whoever accepts first
has the contact, and all others stop ringing. Who rings beside gives way as soon as somebody else waits whom nobody
is asked for: ringing at several never lets another one wait.
"""

from __future__ import annotations

from datetime import datetime

from hotline.domain.contacts import Contact
from hotline.domain.ring_rules import queue_name
from hotline.domain.service_rules import ServiceRules
from triage.assessment import Level


def open_offers(contact: Contact) -> dict[str, str]:
    """The open offers of a contact by counselor, the one that was made first on top."""
    if contact.offer_id is None or contact.offered_to_id is None:
        return {}
    return {contact.offered_to_id: contact.offer_id, **contact.also_offered}


def queue_names(contact: Contact) -> set[str]:
    """The queues in which it stands: of its channel, of its language, of each skill that it asks for."""
    channel, language = contact.channel.value, contact.language
    found = {queue_name(channel), queue_name(channel, language)}
    for skill in contact.skills:
        found |= {queue_name(channel, None, skill), queue_name(channel, language, skill)}
    return found


def at_once_from(contact: Contact, rules: ServiceRules) -> datetime:
    """From when on this waiting contact rings at several."""
    since = contact.waiting_since or contact.opened_at
    if contact.level is Level.IMMINENT or not queue_names(contact).isdisjoint(rules.ring_at_once):
        return since
    return since + rules.ring_at_once_after


def may_ring_more(contact: Contact, rules: ServiceRules) -> bool:
    """On offer, and fewer phones ring than may, now or later."""
    return contact.offer_id is not None and len(open_offers(contact)) < rules.ring_at_once_most


def rings_more(contact: Contact, now: datetime, rules: ServiceRules) -> bool:
    return may_ring_more(contact, rules) and at_once_from(contact, rules) <= now


def offered(contact: Contact, staff_id: str, offer_id: str) -> dict[str, object]:
    """What changes in the contact: the first offer, or one more beside it."""
    if contact.offer_id is None:
        return {"offer_id": offer_id, "offered_to_id": staff_id, "also_offered": {}}
    return {"also_offered": {**contact.also_offered, staff_id: offer_id}}


def without(contact: Contact, offer_id: str) -> dict[str, object]:
    """The same with one offer less; the next one takes the place of the first."""
    left = {staff: offer for staff, offer in open_offers(contact).items() if offer != offer_id}
    first = next(iter(left), None)
    return {
        "offer_id": left.pop(first) if first is not None else None,
        "offered_to_id": first,
        "also_offered": left,
    }


NONE_OPEN: dict[str, object] = {"offer_id": None, "offered_to_id": None, "also_offered": {}}
