"""How an open offer ends without being accepted: the contact and the counselor are free for others.

Every ending goes through `ended`, whoever causes it: nothing that belongs to an offer is left behind.
"""

from __future__ import annotations

from hotline.domain import calls, offers, ringing
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
    change = loaded.see(offers.ended(offer, contact, presence, state, loaded.now))
    if offer.channel is not Channel.CALL:
        return change
    leg = loaded.find(Leg, calls.leg_of_offer(offer.id))
    if leg is None:
        return change
    return change.then(loaded.see(calls.leg_over(leg, state.value, MACHINE, loaded.now, hang_up=True)))


def all_ended(loaded: Loaded, contact: Contact, state: OfferState) -> Change:
    """All open offers of this contact, as it was when they were open."""
    change = Change()
    for offer_id in ringing.open_offers(contact).values():
        change = change.then(ended(loaded, offer_id, state))
    return change
