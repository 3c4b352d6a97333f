"""What staff do in the room of a call: hold, add and let go of parties, listen. One unit of the writer each.
Transfers are `call_transfers.py`.

Whoever holds the contact (and supervisors) may do all but listen; listening is a supervisor's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from hotline.actions.calls import with_room
from hotline.domain import (
    access,
    call_room,
    call_transfers,
    calls,
    contact_moves,
    outside_numbers,
    people,
)
from hotline.domain.access import Actor, Permission
from hotline.domain.calls import OF_STAFF, Leg, LegKind, Supervision
from hotline.domain.change import Change, Effect, Event
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.ids import ContactId, LegId
from hotline.errors import FieldProblem, Invalid, WrongState
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline

_DIALABLE = re.compile(r"\+?[0-9]{3,15}")
_SEPARATORS = str.maketrans("", "", " -()./")

Move = Callable[[Loaded, Contact, list[Leg]], Change]


async def in_room(
    hotline: Hotline, actor: Actor, contact_id: ContactId, move: Move, *, held: bool = True
) -> Contact:
    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        if held:
            access.require_held(actor, contact)
        change = move(loaded, contact, loaded.where(Leg, "contact_id", contact_id))
        result = with_room(loaded, contact_id, change)
        return result.answering(loaded.get(Contact, contact_id))

    needs = (Need(Contact, contact_id), Need(Leg, contact_id, "contact_id"))
    contact: Contact = await hotline.writer.run(decide, *needs)
    return contact


# Hold and parties -------------------------------------------------------------------------------


async def hold(hotline: Hotline, actor: Actor, contact_id: ContactId, *, on: bool) -> Contact:
    """The caller hears music until they are taken back. Said again, it changes nothing."""
    return await in_room(
        hotline,
        actor,
        contact_id,
        lambda _loaded, contact, legs: call_room.hold(contact, legs, on=on, actor=actor.staff_id),
    )


def checked_number(text: str) -> str:
    """What can be dialled, short numbers such as 110 too: a person decides, never a machine."""
    number = text.strip().translate(_SEPARATORS)
    if not _DIALABLE.fullmatch(number):
        problem = "3 to 15 digits, with + before a country's code"
        raise Invalid("This number cannot be dialled.", fields=(FieldProblem("number", problem),))
    return number


async def dialled_number(hotline: Hotline, actor: Actor, contact_id: ContactId, text: str) -> str:
    """The number as it is dialled; what this service does not dial is refused, and the journal has who wanted it."""
    number, settings = checked_number(text), hotline.settings
    known = (hotline.rules.partner_number, settings.fallback_number, *hotline.duty_telephones.now.numbers)
    helping = (each.number for each in settings.numbers)
    try:
        outside_numbers.refuse_unless_dialled(
            number, hotline.rules.outside_numbers, settings.twilio_number, (*known, *helping)
        )
    except Invalid:
        refused = Event("contact", "outside_number_refused", contact_id, actor.staff_id)
        await hotline.writer.run(lambda _loaded: Change(events=(refused,)))
        raise
    return number


def outside_leg(loaded: Loaded, contact: Contact, kind: LegKind, number: str) -> Leg:
    return Leg(
        id=LegId(loaded.new_id("leg")),
        contact_id=contact.id,
        kind=kind,
        number=number,
        number_masked=people.masked(number.removeprefix("+")),
        made_at=loaded.now,
    )


async def add_party(
    hotline: Hotline, actor: Actor, contact_id: ContactId, *, kind: LegKind, number: str
) -> tuple[Contact, LegId]:
    """An outside number is rung; who answers is in the room with the caller and the counselor."""
    if kind in OF_STAFF:
        raise Invalid("This is no outside party.", fields=(FieldProblem("kind", "is not an outside party"),))
    dialled = await dialled_number(hotline, actor, contact_id, number)
    made: list[LegId] = []

    def move(loaded: Loaded, contact: Contact, legs: list[Leg]) -> Change:
        call_room.refuse_another(contact, legs)
        leg = outside_leg(loaded, contact, kind, dialled)
        made[:] = [leg.id]
        return calls.ring(contact, leg, actor.staff_id)

    contact = await in_room(hotline, actor, contact_id, move)
    return contact, made[0]


async def remove_party(hotline: Hotline, actor: Actor, contact_id: ContactId, party_id: str) -> Contact:
    """Whom a transfer was meant for goes with the transfer."""

    def move(loaded: Loaded, contact: Contact, legs: list[Leg]) -> Change:
        leg = call_room.party(contact, legs, party_id)
        transfer = call_room.room_of(contact).transfer
        if transfer is not None and transfer.party_id == leg.id:
            return call_transfers.cancel_transfer(contact, legs, actor.staff_id, loaded.now)
        return calls.release([leg], "removed", loaded.now, actor.staff_id)

    return await in_room(hotline, actor, contact_id, move)


async def hold_party(
    hotline: Hotline, actor: Actor, contact_id: ContactId, party_id: str, *, on: bool
) -> Contact:
    return await in_room(
        hotline,
        actor,
        contact_id,
        lambda loaded, contact, legs: call_room.hold_party(
            call_room.party(contact, legs, party_id), actor.staff_id, loaded.now, on=on
        ),
    )


async def heard_on_hold(hotline: Hotline, contact_id: ContactId, call_sid: str) -> Contact:
    """Whoever hears the hold's words is on hold at the carrier; the contact whose room it is."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        legs = loaded.where(Leg, "contact_id", contact_id)
        return call_room.heard_on_hold(contact, legs, call_sid, loaded.now).answering(contact)

    contact: Contact = await hotline.writer.run(
        decide, Need(Contact, contact_id), Need(Leg, contact_id, "contact_id")
    )
    return contact


# Supervision ------------------------------------------------------------------------------------


async def supervise(
    hotline: Hotline, actor: Actor, contact_id: ContactId, mode: Supervision | None
) -> Contact:
    """A supervisor's own phone is rung, and hears the room; None: no longer. Journalled, and shown to the counselor."""
    access.require(actor, Permission.CONTACT_SUPERVISE)

    def move(loaded: Loaded, contact: Contact, legs: list[Leg]) -> Change:
        leg = call_room.listening(legs, actor.staff_id)
        if mode is None:
            return Change() if leg is None else calls.release([leg], "stopped", loaded.now, actor.staff_id)
        if leg is not None:
            return call_room.supervise(leg, mode, loaded.now)
        if contact.state is ContactState.ACTIVE and contact.counselor_id == actor.staff_id:
            raise WrongState("This call is your own.", code="has_it_already")
        call_room.refuse_another(contact, legs)
        leg = Leg(
            id=LegId(loaded.new_id("leg")),
            contact_id=contact.id,
            kind=LegKind.SUPERVISOR,
            staff_id=actor.staff_id,
            mode=mode,
            made_at=loaded.now,
        )
        told = Event("contact", "supervision_begun", contact_id, actor.staff_id, {"mode": mode})
        seen = contact_moves.moved(contact)
        change = calls.ring(contact, leg, actor.staff_id).then(Change(save=(seen,), events=(told,)))
        if hotline.rules.supervision_announced:
            words = {"what": "supervised"}
            change = change.then(
                Change(effects=(Effect("announce", contact.id, f"{leg.id}:announced", words),))
            )
        return change

    return await in_room(hotline, actor, contact_id, move, held=False)
