"""The offer: one contact, one counselor, one countdown. A contact may have several open (`ringing.py`).

| offer     | by                                    |
|-----------|---------------------------------------|
| open      | made: the contact and the counselor are reserved for each other until `expires_at` |
| accepted  | the counselor, in time                |
| declined  | the counselor: next one, they stay available |
| missed    | the deadline: next one, they become not ready; beside others only the second time on end |
| taken     | a colleague accepted first: nobody missed anything, nor who let it ring beside them before |
| withdrawn | the contact ended or is wanted elsewhere, or the counselor was lost or away when it ran out |
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from hotline.domain import passing_on, ringing
from hotline.domain import presence as presences
from hotline.domain.change import MACHINE, Change, Due, Event
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import ContactId, OfferId, StaffId
from hotline.domain.presence import Presence
from hotline.domain.service_rules import ServiceRules
from hotline.domain.suitability import why_suited
from hotline.errors import WrongState
from triage.assessment import Level


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    MISSED = "missed"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"


class Offer(SQLModel):
    """`note`: what whoever had the contact before wrote for the next one.
    `by_telephone`: accepted by a key at their own number, so that their console goes to the contact by itself."""

    id: OfferId
    contact_id: ContactId
    staff_id: StaffId
    state: OfferState = OfferState.OPEN
    made_at: datetime
    expires_at: datetime
    channel: Channel
    level: Level
    waiting_since: datetime
    why_zh: str | None = None
    why_en: str | None = None
    note: str | None = None
    by_telephone: bool = False
    suits: list[dict[str, Any]] = Field(default_factory=list)
    """Why this counselor (`suitability.py`)."""


def due(offer: Offer, rules: ServiceRules) -> Due | None:
    return Due("offer_missed", offer.expires_at) if offer.state is OfferState.OPEN else None


def _offer_event(offer: Offer, what: str, actor: str) -> Event:
    return Event("offer", what, offer.id, actor, {"contact_id": offer.contact_id, "staff_id": offer.staff_id})


def _made_event(offer: Offer) -> Event:
    facts = {"contact_id": offer.contact_id, "staff_id": offer.staff_id, "suits": offer.suits}
    return Event("offer", "made", offer.id, MACHINE, facts)


def _contact_freed(contact: Contact, offer_id: str, *, refused_by: str | None) -> Contact:
    refused = contact.refused_by if refused_by is None else [*contact.refused_by, refused_by]
    return contact.model_copy(
        update={
            **ringing.without(contact, offer_id),
            "refused_by": refused,
            "version": contact.version + 1,
        }
    )


def make_offer(
    contact: Contact, presence: Presence, offer_id: OfferId, now: datetime, rules: ServiceRules
) -> Change:
    """Reserve the two for each other; nothing if either has moved on meanwhile."""
    if contact.state is not ContactState.WAITING or presence.id in ringing.open_offers(contact):
        return Change()
    if contact.offer_id is not None and not ringing.rings_more(contact, now, rules):
        return Change()
    if presences.why_not_offered(presence, contact.channel, rules) is not None:
        return Change()
    offer = Offer(
        id=offer_id,
        contact_id=contact.id,
        staff_id=presence.id,
        made_at=now,
        expires_at=now + rules.offer_within,
        channel=contact.channel,
        level=contact.level,
        waiting_since=contact.waiting_since or contact.opened_at,
        why_zh=contact.reasons[0]["why_zh"] if contact.reasons else None,
        why_en=contact.reasons[0]["why_en"] if contact.reasons else None,
        note=passing_on.note_of(contact),
        suits=why_suited(contact, presence),
    )
    contact = contact.model_copy(
        update={**ringing.offered(contact, presence.id, offer.id), "version": contact.version + 1}
    )
    presence = presence.model_copy(update={"offer_id": offer.id})
    return Change(
        save=(offer, contact, presence),
        events=(_made_event(offer), Event("contact", "offered", contact.id, MACHINE)),
        answer=offer,
    )


def refuse_unless_open(offer: Offer) -> None:
    if offer.state is not OfferState.OPEN:
        raise WrongState(f"The offer was {offer.state}.", code="offer_over")


def accepted(offer: Offer, *, by_telephone: bool = False) -> Change:
    refuse_unless_open(offer)
    offer = offer.model_copy(update={"state": OfferState.ACCEPTED, "by_telephone": by_telephone})
    return Change(save=(offer,), events=(_offer_event(offer, "accepted", offer.staff_id),), answer=offer)


def rang_beside(offer: Offer, others: Iterable[Offer]) -> bool:
    """Whether a colleague was asked the same at the same time and did not answer either, or is asked still."""
    return any(
        each.id != offer.id
        and each.contact_id == offer.contact_id
        and each.state in (OfferState.OPEN, OfferState.MISSED)
        and each.made_at < offer.expires_at
        and offer.made_at < each.expires_at
        for each in others
    )


def ended(
    offer: Offer,
    contact: Contact,
    presence: Presence,
    state: OfferState,
    now: datetime,
    *,
    beside_others: bool = False,
) -> Change:
    """Declined, missed, taken or withdrawn: the contact is free for the next counselor, the counselor is freed too."""
    refuse_unless_open(offer)
    offer = offer.model_copy(update={"state": state})
    refused_by = offer.staff_id if state is OfferState.DECLINED else None
    actor = offer.staff_id if state is OfferState.DECLINED else MACHINE
    change = Change(save=(offer,), events=(_offer_event(offer, state.value, actor),), answer=offer)
    if offer.id in ringing.open_offers(contact).values():
        contact = _contact_freed(contact, offer.id, refused_by=refused_by)
        change = change.then(
            Change(save=(contact,), events=(Event("contact", "offer_ended", contact.id, actor),))
        )
    if presence.offer_id == offer.id:
        freed = presence.model_copy(update={"offer_id": None})
        if state is OfferState.MISSED:
            change = change.then(presences.missed_offer(freed, now, beside_others=beside_others))
        else:
            change = change.then(presences.load_changed(freed))
    return change.answering(offer)
