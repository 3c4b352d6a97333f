"""Presence in action: set by the person, lost with the last socket, found again after a restart."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hotline.actions import offer_endings
from hotline.actions.consequences import with_consequences
from hotline.actions.messages import automatic
from hotline.domain import access, calls, contact_moves
from hotline.domain import presence as presences
from hotline.domain.access import Actor, Permission
from hotline.domain.calls import CallState, Leg, LegKind
from hotline.domain.change import MACHINE, Change
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import ContactId, StaffId
from hotline.domain.offers import OfferState
from hotline.domain.presence import Presence, PresenceState
from hotline.domain.skills import with_languages
from hotline.domain.staff import routed_by
from hotline.errors import FieldProblem, Invalid
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline

_LONGEST_BREAK_MINUTES = 12 * 60


def _presence(loaded: Loaded, staff_id: StaffId, hotline: Hotline) -> Presence:
    """Theirs, as the account and the rules of today have it."""
    known = loaded.find(Presence, staff_id) or Presence(
        id=staff_id, since=loaded.now, idle_since=loaded.now, chat_capacity=0, call_capacity=0
    )
    staff = hotline.feed.directory.staff(staff_id)
    can = routed_by(staff) if staff is not None else {"skills": with_languages(known.skills)}
    rules = hotline.rules
    return presences.described(
        known, **can, chat_capacity=rules.chat_capacity, call_capacity=rules.call_capacity
    )


async def set_state(
    hotline: Hotline, actor: Actor, state: PresenceState, *, reason: str | None, minutes: int | None
) -> Presence:
    """Available, on break (reason code, minutes) or offline. Going offline keeps what one holds; available ends a
    rest."""
    access.require(actor, Permission.PRESENCE_OWN)
    if state is PresenceState.NOT_READY:
        raise Invalid(
            "Only a missed offer makes not ready.", fields=(FieldProblem("state", "cannot be chosen"),)
        )
    if minutes is not None and not 1 <= minutes <= _LONGEST_BREAK_MINUTES:
        raise Invalid("A break lasts 1 to 720 minutes.", fields=(FieldProblem("minutes", "is out of range"),))

    def decide(loaded: Loaded) -> Change:
        presence = _presence(loaded, actor.staff_id, hotline)
        until = loaded.now + timedelta(minutes=minutes) if minutes else None
        change = presences.set_state(presence, state, reason=reason, until=until, now=loaded.now)
        if presence.offer_id is not None and state is not PresenceState.AVAILABLE:
            loaded.see(change)
            change = change.then(offer_endings.ended(loaded, presence.offer_id, OfferState.WITHDRAWN))
            change = change.answering(loaded.get(Presence, presence.id))
        return change

    presence: Presence = await hotline.writer.run(decide, Need(Presence, actor.staff_id))
    return presence


async def connected(hotline: Hotline, staff_id: StaffId) -> Presence:
    """The first socket of this person opened."""

    def decide(loaded: Loaded) -> Change:
        return presences.connected(_presence(loaded, staff_id, hotline), loaded.now)

    presence: Presence = await hotline.writer.run(decide, Need(Presence, staff_id))
    return presence


async def disconnected(hotline: Hotline, staff_id: StaffId) -> None:
    """The last socket of this person closed: 20 seconds to come back."""

    def decide(loaded: Loaded) -> Change:
        presence = loaded.find(Presence, staff_id)
        return presences.disconnected(presence, loaded.now) if presence is not None else Change()

    await hotline.writer.run(decide, Need(Presence, staff_id))


async def awaited_anew(hotline: Hotline) -> None:
    """At a start: whoever was there, or seconds ago, has the usual time to come back, however long the restart took."""
    column = hotline.reader.table(Presence).c
    there = column.connected.is_(True) | column.gone_since.is_not(None)
    for each in await hotline.reader.where(Presence, there):

        def decide(loaded: Loaded, staff_id: StaffId = each.id) -> Change:
            return presences.awaited_anew(loaded.get(Presence, staff_id), loaded.now)

        await hotline.writer.run(decide, Need(Presence, each.id))


async def on_deadline(hotline: Hotline, staff_id: StaffId) -> None:
    """A rest is over; or gone for good: what they held goes to the front of the queue, and the people are told."""
    held = await _held(hotline, staff_id)

    def decide(loaded: Loaded) -> Change:
        presence = loaded.get(Presence, staff_id)
        due = presences.due(presence, hotline.rules)
        if due is None or due.at > loaded.now:
            return Change(save=(presence,))
        if due.what == "rest_over":
            return presences.rest_over(presence, loaded.now)
        change = presences.lost(presence, loaded.now)
        return _released(loaded, change, staff_id, held, hotline)

    def decide_again(loaded: Loaded) -> Change:
        presence = loaded.get(Presence, staff_id)
        if presences.is_there(presence) or presence.state is not PresenceState.OFFLINE:
            return Change()
        return _released(loaded, Change(answer=presence), staff_id, came_meanwhile, hotline)

    await hotline.writer.run(decide, Need(Presence, staff_id), *(Need(Contact, each) for each in held))
    came_meanwhile = await _held(hotline, staff_id)
    if came_meanwhile:
        await hotline.writer.run(decide_again, Need(Presence, staff_id))


async def _held(hotline: Hotline, staff_id: StaffId) -> list[ContactId]:
    """The conversations of this counselor. All that they ever held would stop the writer for a while: years."""
    column = hotline.reader.table(Contact).c
    found = await hotline.reader.where(
        Contact, column.counselor_id == staff_id, column.state == ContactState.ACTIVE
    )
    return [each.id for each in found]


def _released(
    loaded: Loaded, change: Change, staff_id: StaffId, held: list[ContactId], hotline: Hotline
) -> Change:
    presence: Presence = loaded.see(change).answer
    if presence.offer_id is not None:
        change = change.then(offer_endings.ended(loaded, presence.offer_id, OfferState.WITHDRAWN))
    for contact_id in held:
        contact = loaded.get(Contact, contact_id)
        if contact.counselor_id != staff_id or contact.state is not ContactState.ACTIVE:
            continue
        if contact.channel is Channel.WALK_IN or _speaks_on_the_telephone(loaded, contact):
            continue
        said = automatic(loaded, contact, "counselor_lost")
        move = contact_moves.requeue(
            said.answer or contact, loaded.now, what="counselor_lost", actor=MACHINE, to_front=True
        )
        change = change.then(with_consequences(loaded, contact, said.then(move), hotline.rules))
    return change


def _speaks_on_the_telephone(loaded: Loaded, contact: Contact) -> bool:
    """With the caller, or picked up and waiting for them: a telephone needs no console, and ends by itself."""
    if contact.call_state == CallState.BRIDGED:
        return True
    if contact.channel is not Channel.CALL:
        return False
    own = calls.live_legs(loaded.where(Leg, "contact_id", contact.id), LegKind.COUNSELOR)
    return any(leg.state in calls.PICKED_UP and leg.staff_id == contact.counselor_id for leg in own)
