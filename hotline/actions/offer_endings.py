"""How an open offer ends without being accepted: the contact and the counselor are free for others.

Every ending goes through `ended`, whoever causes it: nothing that belongs to an offer is left behind.
"""

from __future__ import annotations

from hotline.domain import calls, offers, ringing
from hotline.domain import presence as presences
from hotline.domain.calls import Leg
from hotline.domain.change import MACHINE, Change
from hotline.domain.contacts import Channel, Contact
from hotline.domain.ids import OfferId
from hotline.domain.offers import Offer, OfferState
from hotline.domain.presence import Presence
from hotline.storage.working_set import Loaded


def ended(loaded: Loaded, offer_id: str, state: OfferState) -> Change:
    """Nothing if it is over already."""
    offer = loaded.get(Offer, OfferId(offer_id))
    if offer.state is not OfferState.OPEN:
        return Change()
    contact, presence = loaded.get(Contact, offer.contact_id), loaded.get(Presence, offer.staff_id)
    beside = state is OfferState.MISSED and offers.rang_beside(offer, _offers(loaded, contact))
    change = loaded.see(
        offers.ended(offer, contact, presence, state, loaded.now, beside_others=beside),
    )
    if offer.channel is not Channel.CALL:
        return change
    leg = loaded.find(Leg, calls.leg_of_offer(offer.id))
    if leg is None:
        return change
    return change.then(loaded.see(calls.leg_over(leg, state.value, MACHINE, loaded.now, hang_up=True)))


def _offers(loaded: Loaded, contact: Contact) -> list[Offer]:
    return loaded.where(Offer, "contact_id", contact.id)


def taken(loaded: Loaded, contact: Contact) -> Change:
    """A colleague has it: those who are still asked missed nothing, nor did who let it ring beside others before."""
    change = all_ended(loaded, contact, OfferState.TAKEN)
    since = contact.waiting_since or contact.opened_at
    if loaded.now - since < loaded.rules.offer_within:
        return change  # nobody can have let it ring to the end
    for offer in _offers(loaded, contact):
        if offer.state is not OfferState.MISSED or offer.made_at < since:
            continue
        presence = loaded.find(Presence, offer.staff_id)
        if presence is not None:
            change = change.then(loaded.see(presences.blameless(presence)))
    return change


def all_ended(loaded: Loaded, contact: Contact, state: OfferState) -> Change:
    """All open offers of this contact, as it was when they were open."""
    change = Change()
    for offer_id in ringing.open_offers(contact).values():
        change = change.then(ended(loaded, offer_id, state))
    return change
