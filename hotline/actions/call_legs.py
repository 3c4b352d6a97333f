"""What the carrier reports of the phones that it rang: picked up, in vain, lost. One unit of the writer each.

A leg that ends leaves nobody behind: see `leg_fails`. The moves themselves are in `domain/calls.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from hotline.actions import call_transfers as transfer_actions
from hotline.actions import calling_back, offers
from hotline.actions.calls import with_room
from hotline.actions.carrier_events import call_status
from hotline.actions.consequences import with_consequences
from hotline.actions.deadlines import when_due
from hotline.actions.notes import noted
from hotline.domain import (
    call_room,
    call_transfers,
    calls,
    contact_moves,
    inbound,
    kept_places,
    outside_line,
    passing_on,
    phones,
)
from hotline.domain import presence as presences
from hotline.domain.calls import CallState, Leg, LegKind, LegState
from hotline.domain.change import CARRIER, MACHINE, NOTHING, Change
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import ContactId, LegId
from hotline.domain.inbound import LineFlag
from hotline.domain.phones import Phone, RungAt
from hotline.domain.presence import Presence
from hotline.domain.service_rules import ServiceRules
from hotline.errors import HotlineError
from hotline.storage.working_set import Loaded, Need
from hotline.telephony.carrier import CallGone, CallSid, CallStatus

if TYPE_CHECKING:
    from hotline.service import Hotline


@dataclass(frozen=True, slots=True)
class Entered:
    """A phone that was picked up, and how it enters the room. `coached`: whose ear a supervisor whispers into."""

    leg: Leg
    language: str
    coached: str | None = None


async def leg_answered(hotline: Hotline, leg_id: LegId, sid: str) -> Entered:
    """They picked up. A leg that is over by now stays over: its phone is told so."""

    def decide(loaded: Loaded) -> Change:
        leg = loaded.get(Leg, leg_id)
        contact = loaded.get(Contact, leg.contact_id)
        if leg.offer_id is not None and leg.state is not LegState.ENDED:
            answered = offers.accepted_by_phone(loaded, leg, sid, hotline)
        else:
            legs = loaded.where(Leg, "contact_id", contact.id)
            answered = calls.leg_answered(leg, contact, legs, sid, loaded.now)
        change = with_room(loaded, contact.id, answered)
        leg, contact = loaded.get(Leg, leg_id), loaded.get(Contact, leg.contact_id)
        if answered.save and call_transfers.is_cold_target(contact, leg):
            over = transfer_actions.handed_over(loaded, contact, CARRIER, hotline.rules)
            change = change.then(with_room(loaded, contact.id, over))
        legs = loaded.where(Leg, "contact_id", contact.id)
        return change.answering(Entered(leg, contact.language, _coached(legs)))

    entered: Entered = await hotline.writer.run(decide, Need(Leg, leg_id))
    return entered


def _coached(legs: list[Leg]) -> str | None:
    own = [leg for leg in calls.live_legs(legs, LegKind.COUNSELOR) if leg.state is LegState.BRIDGED]
    return own[-1].sid if own else None


async def is_wanted(hotline: Hotline, leg_id: LegId) -> tuple[bool, bool]:
    """Whether a telephone that was picked up is still to be connected; if not, whether a colleague was first."""
    leg = await hotline.reader.find(Leg, leg_id)
    if leg is None:
        return False, False
    return leg.state is not LegState.ENDED, calls.taken_elsewhere(leg)


async def leg_begun(hotline: Hotline, leg_id: LegId, sid: str) -> None:
    """The carrier says by which name it rings this leg: also where the answer to our order was lost, or is late."""

    def decide(loaded: Loaded) -> Change:
        leg = loaded.get(Leg, leg_id)
        if leg.sid not in (None, sid):  # another one's, by a look at its list
            leg = leg.model_copy(update={"sid": None})
        return with_room(loaded, leg.contact_id, calls.leg_rung(leg, sid))

    await hotline.writer.run(decide, Need(Leg, leg_id))


async def leg_status(hotline: Hotline, leg_id: LegId, status: CallStatus) -> None:
    """The carrier says that a counselor's leg is over: unanswered, or lost in the middle."""
    if not status.is_over:
        return
    leg = await hotline.reader.find(Leg, leg_id)
    if leg is not None and leg.state is LegState.BRIDGED and await _caller_hung_up(hotline, leg.contact_id):
        return

    def decide(loaded: Loaded) -> Change:
        return leg_fails(loaded, loaded.get(Leg, leg_id), status.value, hotline.rules, CARRIER)

    await hotline.writer.run(decide, Need(Leg, leg_id))


async def _caller_hung_up(hotline: Hotline, contact_id: ContactId) -> bool:
    """Both legs end with the caller's going, and either may be reported first: the carrier knows which it was.

    If it cannot be asked, the caller counts as still there: better queued in vain than forgotten.
    """
    contact = await hotline.reader.find(Contact, contact_id)
    if contact is None or contact.call_sid is None or hotline.carrier is None:
        return False
    try:
        status = await hotline.carrier.call_status(CallSid(contact.call_sid))
    except CallGone:
        status = CallStatus.COMPLETED
    except HotlineError:
        return False
    await call_status(hotline, contact.call_sid, status)
    return status.is_over


def _due_leg(loaded: Loaded, leg: Leg) -> Change:
    due = calls.due(leg, loaded.rules)
    if due is None or due.at > loaded.now:
        return NOTHING
    return leg_fails(loaded, leg, due.what, loaded.rules, MACHINE, hang_up=True)


on_leg_deadline = when_due(Leg, _due_leg)
"""Not answered, or answered and never bridged."""


def leg_fails(
    loaded: Loaded, leg: Leg, why: str, rules: ServiceRules, actor: str, *, hang_up: bool = False
) -> Change:
    """A phone was not picked up, or its line broke. The caller is never without somebody or a deadline."""
    if leg.state is LegState.ENDED:
        return Change()
    over = loaded.see(calls.leg_over(leg, why, actor, loaded.now, hang_up=hang_up))
    contact = loaded.get(Contact, leg.contact_id)
    if leg.offer_id is not None:
        follows = Change()  # they may still accept at the console
    elif leg.kind is not LegKind.COUNSELOR:
        follows = _party_gone(loaded, contact, why, rules)
    elif contact.state is not ContactState.ACTIVE or contact.counselor_id != leg.staff_id:
        follows = Change()
    else:
        follows = _own_leg_gone(loaded, contact, leg, why, rules, actor)
    return over.then(with_room(loaded, contact.id, follows))


def _own_leg_gone(
    loaded: Loaded, contact: Contact, leg: Leg, why: str, rules: ServiceRules, actor: str
) -> Change:
    being_reached = kept_places.is_being_reached(contact)
    back = None if being_reached or why in _FINAL else _way_back(loaded, contact, leg, rules)
    if back is not None:
        return back
    if _rings_elsewhere(loaded, leg):
        return Change()
    if being_reached and LineFlag.TO_CALL_BACK in contact.line_flags:
        kept = kept_places.without_line(contact)
        return kept.then(_counselor_gone(loaded, kept.answer, leg, rules, actor))
    if being_reached:
        return calling_back.given_up(loaded, contact, why)
    return _counselor_gone(loaded, contact, leg, rules, actor)


def _rings_elsewhere(loaded: Loaded, leg: Leg) -> bool:
    """Another telephone of the same counselor still rings for this caller."""
    legs = loaded.where(Leg, "contact_id", leg.contact_id)
    return any(each.staff_id == leg.staff_id for each in calls.other_telephones(leg, legs))


_FINAL = ("leg_unanswered", "leg_not_bridged", "not_joined")
"""Ways for a leg to end after which its counselor is not rung again."""

_RUNG_AGAIN_AFTER = timedelta(seconds=2)
"""A console that comes back takes about that long to be reachable; the first attempt is made at once."""


def _way_back(loaded: Loaded, contact: Contact, leg: Leg, rules: ServiceRules) -> Change | None:
    """The counselor's line broke in the conversation: their phone rings again, the caller stays in the room with words.
    None if they were never there, or have had their time."""
    now = loaded.now
    if leg.state is LegState.BRIDGED:
        until, not_before = now + rules.counselor_gone_after, None
    elif leg.back_until is not None and now + _RUNG_AGAIN_AFTER < leg.back_until:
        until, not_before = leg.back_until, now + _RUNG_AGAIN_AFTER
    else:
        return None
    change = Change()
    for at in _rung_again_at(loaded, leg):
        again = Leg(
            id=LegId(loaded.new_id("leg")),
            contact_id=contact.id,
            staff_id=leg.staff_id,
            caller_waits=True,
            back_until=until,
            rung_at=at,
            made_at=now,
        )
        change = change.then(calls.ring(loaded.get(Contact, contact.id), again, MACHINE, not_before))
        loaded.see(change)
    return change


def _rung_again_at(loaded: Loaded, leg: Leg) -> tuple[RungAt | None, ...]:
    """All their telephones once the line broke; after that each one for itself."""
    if leg.state is not LegState.BRIDGED or leg.staff_id is None:
        return (leg.rung_at,)
    return phones.rung_at(loaded.find(Phone, leg.staff_id))


def _counselor_gone(loaded: Loaded, contact: Contact, leg: Leg, rules: ServiceRules, actor: str) -> Change:
    """A colleague who was being consulted takes over; who passed the caller on gets them back; else the front of the
    queue. Who did not pick up is offered nothing more until they say so; whose console is away has not looked away."""
    picked_up = leg.state in (LegState.ANSWERED, LegState.BRIDGED)
    lost = picked_up or leg.back_until is not None
    change = _consulted_takes_over(loaded, contact, rules)
    if change is None and not lost:
        change = _first_has_it_again(loaded, contact, rules)
    if change is None:
        what = "leg_lost" if lost else "leg_unanswered"
        left = contact if lost else passing_on.came_back(contact)
        requeued = contact_moves.requeue(left, loaded.now, what=what, actor=actor, to_front=True)
        change = with_consequences(loaded, contact, requeued, rules)
    if not picked_up and leg.staff_id is not None:
        presence = loaded.find(Presence, leg.staff_id)
        if presence is not None and presence.connected:
            change = change.then(loaded.see(presences.missed_offer(presence, loaded.now)))
    return change


def _first_has_it_again(loaded: Loaded, contact: Contact, rules: ServiceRules) -> Change | None:
    """Who passed the caller on, and whose colleague did not pick up: they know the caller, and their phone rings."""
    first = passing_on.goes_back_to(contact)
    if first is None or not passing_on.is_still_free(loaded.find(Presence, first), contact, rules):
        return None
    back = contact_moves.hand_to(passing_on.came_back(contact), first, MACHINE, loaded.now)
    return with_consequences(loaded, contact, back, rules)


def _consulted_takes_over(loaded: Loaded, contact: Contact, rules: ServiceRules) -> Change | None:
    transfer = call_room.room_of(contact).transfer
    if transfer is None:
        return None
    consulted = loaded.find(Leg, transfer.party_id)
    if (
        consulted is None
        or consulted.kind is not LegKind.CONSULTED
        or consulted.state is not LegState.BRIDGED
    ):
        return None
    presence = loaded.find(Presence, str(consulted.staff_id))
    if presence is None or not presences.is_there(presence):
        return None
    if not presences.has_room(presence, Channel.CALL, rules):
        return None
    return transfer_actions.taken_over(loaded, contact, consulted, MACHINE, rules)


def _party_gone(loaded: Loaded, contact: Contact, why: str, rules: ServiceRules) -> Change:
    """A caller who was handed over to them is not left in an empty room: they have a way back, for a moment to whom
    they had before; at the front, unless the party has said goodbye. What was written stays among the notes."""
    legs = loaded.where(Leg, "contact_id", contact.id)
    others = [each for each in calls.live_legs(legs) if each.state is LegState.BRIDGED]
    if others or contact.call_state != CallState.HANDED_OVER:
        return Change()
    who = contact.counselor_id
    talked_for = loaded.now - (contact.ended_at or loaded.now)
    goodbye = outside_line.was_goodbye(why, talked_for, rules)
    written = Change() if not (contact.note and who) else noted(loaded, contact, "wrap_up", contact.note, who)
    back = contact_moves.back_to_waiting(
        inbound.flagged(contact, LineFlag.CAME_BACK),
        loaded.now,
        what="came_back_from_outside",
        actor=CARRIER,
        to_front=outside_line.comes_to_front(contact, goodbye=goodbye),
        wished=(who, loaded.now + rules.wished_counselor_for) if who else None,
    )
    return written.then(with_consequences(loaded, contact, back, rules))
