"""Accept, decline, miss an offer; take a waiting contact by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.actions import offer_endings
from hotline.actions.consequences import with_consequences
from hotline.actions.deadlines import when_due
from hotline.actions.messages import automatic
from hotline.domain import access, calls, contact_moves, kept_places, offers, phones, ringing
from hotline.domain import presence as presences
from hotline.domain.access import Actor, Permission
from hotline.domain.calls import Leg, LegState
from hotline.domain.change import NOTHING, Change
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import ContactId, OfferId, StaffId
from hotline.domain.offers import Offer, OfferState
from hotline.domain.phones import Phone, RungAt
from hotline.domain.presence import Presence
from hotline.domain.service_rules import ServiceRules
from hotline.errors import Forbidden, NotFound, Taken, WrongState
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline


def made(loaded: Loaded, contact_id: str, staff_id: str, rules: ServiceRules) -> Change:
    """The contact is offered to this counselor; who was only rung beside a colleague stops ringing for that one.
    `rules`: with what was ruled at the console."""
    contact, presence = loaded.get(Contact, contact_id), loaded.get(Presence, staff_id)
    change = Change()
    if presence.offer_id is not None and contact.offer_id is None and contact.state is ContactState.WAITING:
        other = loaded.get(Contact, loaded.get(Offer, presence.offer_id).contact_id)
        if staff_id in other.also_offered:
            change = offer_endings.ended(loaded, presence.offer_id, OfferState.WITHDRAWN)
            presence = loaded.get(Presence, staff_id)
    offer_id = OfferId(loaded.new_id("off"))
    offered = loaded.see(offers.make_offer(contact, presence, offer_id, loaded.now, rules))
    to_be_called = kept_places.is_kept(contact) and contact.number is not None
    if offered.save and contact.channel is Channel.CALL and (contact.call_sid or to_be_called):
        offered = offered.then(_telephone(loaded, contact, presence.id, offer_id))
    return change.then(offered)


def _telephone(loaded: Loaded, contact: Contact, staff_id: StaffId, offer_id: OfferId) -> Change:
    """A number of their own rings with the offer; in the browser the offer itself is what rings."""
    if RungAt.NUMBER not in phones.rung_at(loaded.find(Phone, staff_id)):
        return Change()
    return loaded.see(calls.ring_with_offer(contact, staff_id, offer_id, loaded.now))


def _accepted(loaded: Loaded, offer_id: OfferId) -> Change:
    """At the console: their own number rings on, if it does, and is theirs now."""
    change = offers.accepted(loaded.get(Offer, offer_id))
    leg = loaded.find(Leg, calls.leg_of_offer(offer_id))
    if leg is None or leg.state is LegState.ENDED:
        return change
    return loaded.see(calls.accepted_at_console(leg, loaded.now)).then(change)


def accepted_by_phone(loaded: Loaded, leg: Leg, sid: str, hotline: Hotline) -> Change:
    """They picked up and pressed a key while their offer was open. The first one has the caller."""
    offer = loaded.get(Offer, leg.offer_id or "")
    contact = loaded.get(Contact, offer.contact_id)
    first = loaded.see(calls.picked_up_with_offer(leg, sid, loaded.now)).then(
        offers.accepted(offer, by_telephone=True)
    )
    change = _assigned(loaded, contact, offer.staff_id, first, hotline)
    return change.then(calls.fetched(change.answer, loaded.get(Leg, leg.id)))


def _assigned(
    loaded: Loaded,
    contact: Contact,
    staff_id: StaffId,
    first: Change,
    hotline: Hotline,
    *,
    by_hand: bool = False,
) -> Change:
    """The contact is this counselor's now; the person is told."""
    said = automatic(loaded, contact, "counselor_joined")
    move = contact_moves.assign(said.answer or contact, staff_id, loaded.now)
    change = first.then(said).then(move)
    change = change.answering(move.answer)
    return with_consequences(loaded, contact, change, hotline.rules, by_hand=by_hand)


async def accept(hotline: Hotline, actor: Actor, offer_id: OfferId) -> Contact:
    """In time and still open: the contact. Twice: the same answer. Too late: `taken` or `offer_over`."""

    def decide(loaded: Loaded) -> Change:
        offer = loaded.get(Offer, offer_id)
        if offer.staff_id != actor.staff_id:
            raise Forbidden("This offer was made to somebody else.")
        contact = loaded.get(Contact, offer.contact_id)
        if offer.state is OfferState.ACCEPTED and contact.counselor_id == actor.staff_id:
            return Change(answer=contact)
        if contact.counselor_id not in (None, actor.staff_id) and contact.state is not ContactState.WAITING:
            raise Taken("Somebody else has this contact.", by=contact.counselor_id)
        return _assigned(loaded, contact, actor.staff_id, _accepted(loaded, offer_id), hotline)

    contact: Contact = await hotline.writer.run(decide, Need(Offer, offer_id))
    return contact


async def decline(hotline: Hotline, actor: Actor, offer_id: OfferId) -> Offer:
    def decide(loaded: Loaded) -> Change:
        offer = loaded.get(Offer, offer_id)
        if offer.staff_id != actor.staff_id:
            raise Forbidden("This offer was made to somebody else.")
        if offer.state is OfferState.DECLINED:
            return Change(answer=offer)
        offers.refuse_unless_open(offer)
        return _ended(loaded, offer, OfferState.DECLINED)

    offer: Offer = await hotline.writer.run(decide, Need(Offer, offer_id))
    return offer


def _ended(loaded: Loaded, offer: Offer, state: OfferState) -> Change:
    change = offer_endings.ended(loaded, offer.id, state)
    return change.answering(loaded.get(Offer, offer.id))


def _unanswered(loaded: Loaded, offer: Offer) -> Change:
    if offer.state is not OfferState.OPEN or offer.expires_at > loaded.now:
        return NOTHING
    presence = loaded.find(Presence, offer.staff_id)
    could_answer = presence is not None and presence.connected
    return _ended(loaded, offer, OfferState.MISSED if could_answer else OfferState.WITHDRAWN)


on_deadline = when_due(Offer, _unanswered)
"""Not answered in time: missed; the next counselor is asked, this one becomes not ready. Whose console is away at that
moment, as all are after a restart, has not looked away: nobody could have answered."""


async def take(hotline: Hotline, actor: Actor, contact_id: ContactId) -> Contact:
    """A permitted person picks a waiting contact. Only one can; the others hear who has it.

    Counselors keep to what they would be offered, but for a rest and an offer, which are theirs to end; supervisors
    may take whatever the capacity allows.
    """
    access.require(actor, Permission.CONTACT_SERVE)
    supervising = actor.may(Permission.CONTACT_SUPERVISE)

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        if contact.state is ContactState.ACTIVE and contact.counselor_id == actor.staff_id:
            return Change(answer=contact)
        if contact.state is not ContactState.WAITING:
            raise Taken("Somebody else has this contact.", by=contact.counselor_id)
        presence = loaded.find(Presence, actor.staff_id)
        if presence is None or not presence.connected:
            raise WrongState("Open the console first.", code="not_connected")
        if not supervising:
            presences.refuse_beside_imminent(presence)
        first = Change()
        own = ringing.open_offers(contact).get(actor.staff_id)
        if own is not None:
            first = _accepted(loaded, OfferId(own))
        return _assigned(loaded, contact, actor.staff_id, first, hotline, by_hand=supervising)

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


async def take_next(hotline: Hotline, actor: Actor) -> Contact:
    """The first one who waits, by the queue's own order, of a channel for which there is room."""
    access.require(actor, Permission.CONTACT_SERVE)
    presence = await hotline.reader.find(Presence, actor.staff_id)
    for waiting in hotline.matcher.room.waiting_in_order():
        if presence is not None and not presences.has_room(presence, waiting.channel, hotline.rules):
            continue
        try:
            return await take(hotline, actor, waiting.contact_id)
        except Taken:
            continue
    raise NotFound("Nobody is waiting.", code="nobody_waiting")
