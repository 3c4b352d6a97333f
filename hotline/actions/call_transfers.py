"""Handing a caller on from the room of a call: to a colleague, a skill, a number outside, or back to the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.actions.call_room import dialled_number, in_room, outside_leg
from hotline.actions.consequences import with_consequences
from hotline.actions.notes import noted
from hotline.actions.transfers import may_override, refuse_hand_over
from hotline.domain import call_room, call_transfers, calls, contact_moves, passing_on, skills
from hotline.domain import presence as presences
from hotline.domain.access import Actor
from hotline.domain.call_room import TransferMode
from hotline.domain.calls import HANDED_OVER, OF_STAFF, Leg, LegKind
from hotline.domain.change import Change
from hotline.domain.contacts import Channel, Contact, EndedBy
from hotline.domain.ids import ContactId, LegId, StaffId
from hotline.domain.presence import Presence
from hotline.domain.service_rules import ServiceRules
from hotline.errors import FieldProblem, Invalid, WrongState
from hotline.storage.working_set import Loaded

if TYPE_CHECKING:
    from hotline.service import Hotline


def _written(loaded: Loaded, contact: Contact, note: str | None, actor: Actor) -> Change:
    """The words for whoever gets the caller, among the contact's notes too."""
    return noted(loaded, contact, "transfer", note, actor.staff_id) if note and note.strip() else Change()


async def transfer_to_staff(
    hotline: Hotline,
    actor: Actor,
    contact_id: ContactId,
    *,
    mode: TransferMode,
    staff_id: StaffId,
    note: str | None = None,
    override: str | None = None,
) -> Contact:
    """Cold: theirs at once; if they do not pick up it comes back, or goes to the front. Warm: they are asked first.
    `override`: why a supervisor asks somebody who serves an imminent contact, or looks away, all the same."""
    may_override(actor, override)

    def move(loaded: Loaded, contact: Contact, legs: list[Leg]) -> Change:
        call_room.refuse_another(contact, legs)
        call_transfers.refuse_second_transfer(contact)
        if staff_id == contact.counselor_id:
            raise WrongState("They have this call already.", code="has_it_already")
        overridden = refuse_hand_over(loaded, actor, contact, staff_id, override)
        written = _written(loaded, contact, note, actor).then(overridden)
        if mode is TransferMode.COLD:
            passed = passing_on.with_note(
                contact, by=actor.staff_id, to_id=staff_id, note=note, now=loaded.now
            )
            moved = contact_moves.hand_to(passed, staff_id, actor.staff_id, loaded.now)
            by_hand = bool(overridden.events)
            return written.then(with_consequences(loaded, contact, moved, hotline.rules, by_hand=by_hand))
        leg = Leg(
            id=LegId(loaded.new_id("leg")),
            contact_id=contact.id,
            kind=LegKind.CONSULTED,
            staff_id=staff_id,
            made_at=loaded.now,
        )
        return written.then(_begun(contact, leg, mode, actor, overridden=bool(overridden.events)))

    return await in_room(hotline, actor, contact_id, move)


def _begun(
    contact: Contact, leg: Leg, mode: TransferMode, actor: Actor, *, overridden: bool = False
) -> Change:
    by = contact.counselor_id or actor.staff_id
    rung = calls.ring(contact, leg, actor.staff_id)
    return rung.then(call_transfers.begin_transfer(contact, leg, mode, by, overridden=overridden))


async def transfer_to_number(
    hotline: Hotline,
    actor: Actor,
    contact_id: ContactId,
    *,
    mode: TransferMode,
    number: str,
    kind: LegKind,
    note: str | None = None,
) -> Contact:
    """Warm: the counselor speaks with them first. Cold: when they answer, the caller is theirs. Until then the
    caller has their counselor, who gets them back if nobody answers."""
    if kind in OF_STAFF:
        raise Invalid("This is no outside party.", fields=(FieldProblem("kind", "is not an outside party"),))
    dialled = await dialled_number(hotline, actor, contact_id, number)

    def move(loaded: Loaded, contact: Contact, legs: list[Leg]) -> Change:
        call_room.refuse_another(contact, legs)
        call_transfers.refuse_second_transfer(contact)
        begun = _begun(contact, outside_leg(loaded, contact, kind, dialled), mode, actor)
        return _written(loaded, contact, note, actor).then(begun)

    return await in_room(hotline, actor, contact_id, move)


async def transfer_to_queue(
    hotline: Hotline, actor: Actor, contact_id: ContactId, *, skill: str, note: str | None = None
) -> Contact:
    """Back to the front of the queue, for somebody with this skill."""
    wished = skills.checked_wish(hotline.rules.all_skills, [skill])

    def move(loaded: Loaded, contact: Contact, _legs: list[Leg]) -> Change:
        if contact.channel is not Channel.CALL:
            raise WrongState("This is no call.", code="wrong_channel")
        moved = contact_moves.requeue(
            passing_on.with_note(contact, by=actor.staff_id, to_id=None, note=note, now=loaded.now),
            loaded.now,
            what="transferred_to_queue",
            actor=actor.staff_id,
            to_front=True,
            skills=wished,
        )
        written = _written(loaded, contact, note, actor)
        return written.then(with_consequences(loaded, contact, moved, hotline.rules))

    return await in_room(hotline, actor, contact_id, move)


async def consult_skill(
    hotline: Hotline, actor: Actor, contact_id: ContactId, *, skill: str, note: str | None = None
) -> Contact:
    """A colleague who is free and has this skill is asked first: the best of them, then who was idle longest."""
    (wished,) = skills.checked_wish(hotline.rules.all_skills, [skill])
    table = hotline.reader.table(Presence).c
    able = [
        each
        for each in await hotline.reader.where(Presence, table.connected.is_(True))
        if each.skills.get(wished, 0) > 0
        and presences.why_not_offered(each, Channel.CALL, hotline.rules) is None
        and each.id != actor.staff_id
    ]
    if not able:
        raise WrongState("Nobody with this skill is free now.", code="nobody_with_skill")
    best = min(able, key=lambda each: (-each.skills[wished], each.idle_since, each.id))
    return await transfer_to_staff(
        hotline, actor, contact_id, mode=TransferMode.WARM, staff_id=best.id, note=note
    )


async def complete_transfer(hotline: Hotline, actor: Actor, contact_id: ContactId) -> Contact:
    """Who was consulted has the caller now. A colleague who may not take a call any more is refused, as before they
    were rung: the two go on speaking, the caller stays as they are."""

    def move(loaded: Loaded, contact: Contact, legs: list[Leg]) -> Change:
        leg = call_transfers.transfer_target(contact, legs)
        if leg.staff_id is None:
            return handed_over(loaded, contact, actor.staff_id, hotline.rules)
        presence = loaded.find(Presence, leg.staff_id)
        call_transfers.refuse_completion(contact, leg, presence, hotline.rules)
        return taken_over(loaded, contact, leg, actor.staff_id, hotline.rules)

    return await in_room(hotline, actor, contact_id, move)


def taken_over(loaded: Loaded, contact: Contact, leg: Leg, actor: str, rules: ServiceRules) -> Change:
    staff_id = StaffId(str(leg.staff_id))
    theirs = loaded.see(call_transfers.taken_over(leg))
    by = contact.counselor_id or StaffId(actor)
    passed = passing_on.with_note(contact, by=by, to_id=staff_id, note=None, now=loaded.now)
    moved = contact_moves.hand_to(passed, staff_id, actor, loaded.now)
    transfer = call_room.room_of(contact).transfer
    by_hand = transfer is not None and transfer.overridden
    return theirs.then(with_consequences(loaded, contact, moved, rules, by_hand=by_hand))


def handed_over(loaded: Loaded, contact: Contact, actor: str, rules: ServiceRules) -> Change:
    """For us the conversation is over; the caller goes on with the outside party."""
    ended = contact_moves.end(contact, by=EndedBy.COUNSELOR, reason=HANDED_OVER, actor=actor, now=loaded.now)
    return with_consequences(loaded, contact, ended, rules)


async def cancel_transfer(hotline: Hotline, actor: Actor, contact_id: ContactId) -> Contact:
    return await in_room(
        hotline,
        actor,
        contact_id,
        lambda loaded, contact, legs: call_transfers.cancel_transfer(
            contact, legs, actor.staff_id, loaded.now
        ),
    )
