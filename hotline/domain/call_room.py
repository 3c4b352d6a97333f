"""Who is in the room of a call, who hears whom, and who holds the caller's hand meanwhile.

| on hold  | because                                            | ends                                         |
|----------|----------------------------------------------------|----------------------------------------------|
| hold     | their counselor asked them to wait                 | the counselor takes them back                |
| consult  | the counselor speaks with a colleague or a partner | the consultation's end, or the transfer      |
| transfer | another phone rings for them                       | picked up; else back, or the front           |
| lost     | the counselor's line broke                         | picked up again; else the front of the queue |

What the room shows is derived from the contact and its legs (`follow`) whenever one of them changed: reports that
come late, twice or never cannot leave it telling another story than the legs do. The caller hears music exactly
while nobody of ours speaks with them, and whoever is on hold has a counselor or a leg's deadline. Handing somebody
on is `call_transfers.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from hotline.domain.calls import (
    OF_STAFF,
    CallState,
    Leg,
    LegKind,
    LegState,
    Supervision,
    caller_in_room,
    leg_changed,
    live_legs,
)
from hotline.domain.change import MACHINE, NOTHING, Change, Effect, Event
from hotline.domain.contact_moves import moved
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import LegId, StaffId
from hotline.errors import NotFound, WrongState

MOST_PARTIES = 6
"""In one room at a time: a counselor keeps sight of no more, and a slip of a program stops here."""


class TransferMode(StrEnum):
    WARM = "warm"
    COLD = "cold"


class TransferState(StrEnum):
    RINGING = "ringing"
    CONSULTING = "consulting"
    FAILED = "failed"


class HoldWhy(StrEnum):
    HOLD = "hold"
    CONSULT = "consult"
    TRANSFER = "transfer"
    LOST = "lost"


class Transfer(SQLModel):
    """`to_kind` is "staff" or the kind of an outside number; `by` the counselor who began it.
    `overridden`: a supervisor asked somebody who looked away or serves an imminent contact, for a reason; it holds for
    the completion too."""

    mode: TransferMode
    to_kind: str
    party_id: LegId
    by: StaffId
    state: TransferState = TransferState.RINGING
    overridden: bool = False


class Failure(StrEnum):
    """Why an outside telephone was called in vain."""

    NO_ANSWER = "no_answer"
    BUSY = "busy"
    NO_KEY = "no_key"
    UNREACHABLE = "unreachable"
    NOT_PLACED = "not_placed"


_FAILED_BY = {
    "busy": Failure.BUSY,
    "failed": Failure.UNREACHABLE,
    "not_rung": Failure.NOT_PLACED,
    "completed": Failure.NO_KEY,
}
"""By how its leg ended, as the carrier or our own order says; all else is no answer. A line that was picked up, and of
which the end alone was told, was a machine that pressed no key."""


class Party(SQLModel):
    """`failure`: of one that was called in vain."""

    id: LegId
    kind: LegKind
    staff_id: StaffId | None = None
    number_masked: str | None = None
    state: LegState
    on_hold: bool = False
    failure: Failure | None = None


class Listener(SQLModel):
    staff_id: StaffId
    mode: Supervision
    state: LegState


class Room(SQLModel):
    """`held_by`: the counselor who put the caller on hold. `reads_along`: a colleague who is being consulted and is
    therefore among the contact's `joined`. `unanswered`: the party that was called last in vain."""

    held_by: StaffId | None = None
    on_hold: bool = False
    hold_why: HoldWhy | None = None
    transfer: Transfer | None = None
    reads_along: StaffId | None = None
    parties: list[Party] = Field(default_factory=list)
    supervision: list[Listener] = Field(default_factory=list)
    unanswered: Party | None = None
    back_until: datetime | None = None


def room_of(contact: Contact) -> Room:
    return Room.model_validate(contact.room or {})


def kept(contact: Contact, room: Room) -> Contact:
    """The contact with its room as it is now."""
    return moved(contact, room=room.model_dump(mode="json", exclude_defaults=True) or None)


# What follows from the legs ---------------------------------------------------------------------


def follow(contact: Contact, legs: Iterable[Leg]) -> Change:
    """The room as the contact and its legs make it now; the caller's music begins or ends."""
    if contact.channel is not Channel.CALL:
        return NOTHING
    before = room_of(contact)
    after = _derived(contact, before, list(legs))
    if after == before:
        return NOTHING
    if after.reads_along is None and before.reads_along is not None:
        joined = [each for each in contact.joined if each != before.reads_along]
        contact = contact.model_copy(update={"joined": joined})
    contact = kept(contact, after)
    told = Event("contact", "call_room_changed", contact.id, MACHINE, {"on_hold": after.on_hold})
    change = Change(save=(contact,), events=(told,), answer=contact)
    there = contact.state is ContactState.ACTIVE or contact.call_state == CallState.HANDED_OVER
    if after.on_hold != before.on_hold and there:
        change = change.then(Change(effects=(hold_effect(contact),)))
    return change


def hold_effect(contact: Contact) -> Effect:
    """The caller's music is to be as the room says when this is sent: late ones do no harm."""
    key = f"{contact.id}:hold:{contact.version}"
    return Effect("hold_caller", contact.id, key, {"call_sid": contact.call_sid})


def _derived(contact: Contact, room: Room, legs: list[Leg]) -> Room:
    live = live_legs(legs)
    served = contact.state is ContactState.ACTIVE
    held_by = room.held_by if served and room.held_by == contact.counselor_id else None
    room = room.model_copy(update={"held_by": held_by, "transfer": _transfer(contact, room, legs)})
    why = _hold_why(contact, room, live)
    ways = [leg.back_until for leg in live if leg.back_until is not None]
    return room.model_copy(
        update={
            "on_hold": why is not None,
            "hold_why": why,
            "reads_along": room.reads_along if room.reads_along in _consulted(live) else None,
            "parties": [_party(leg) for leg in live if leg.kind is not LegKind.SUPERVISOR],
            "supervision": [
                Listener(staff_id=leg.staff_id, mode=leg.mode, state=leg.state)
                for leg in live_legs(live, LegKind.SUPERVISOR)
                if leg.staff_id is not None and leg.mode is not None
            ],
            "unanswered": _unanswered(legs) if served else None,
            "back_until": ways[0] if ways else None,
        }
    )


def _consulted(live: list[Leg]) -> set[StaffId | None]:
    return {leg.staff_id for leg in live_legs(live, LegKind.CONSULTED)}


def _transfer(contact: Contact, room: Room, legs: list[Leg]) -> Transfer | None:
    transfer = room.transfer
    if transfer is None or contact.state is not ContactState.ACTIVE or transfer.by != contact.counselor_id:
        return None
    leg = next((each for each in legs if each.id == transfer.party_id), None)
    state = TransferState.RINGING
    if leg is None or leg.state is LegState.ENDED:
        state = TransferState.FAILED
    elif leg.state is LegState.BRIDGED:
        state = TransferState.CONSULTING
    return transfer.model_copy(update={"state": state})


def _hold_why(contact: Contact, room: Room, live: list[Leg]) -> HoldWhy | None:
    if contact.state is not ContactState.ACTIVE or not caller_in_room(contact, live):
        return None
    own = live_legs(live, LegKind.COUNSELOR)
    if not any(leg.state is LegState.BRIDGED for leg in own):
        return HoldWhy.LOST if any(leg.back_until for leg in own) else HoldWhy.TRANSFER
    if room.transfer is not None and room.transfer.state is not TransferState.FAILED:
        return HoldWhy.CONSULT if room.transfer.mode is TransferMode.WARM else HoldWhy.TRANSFER
    return HoldWhy.HOLD if room.held_by is not None else None


def _party(leg: Leg) -> Party:
    return Party(
        id=leg.id,
        kind=leg.kind,
        staff_id=leg.staff_id,
        number_masked=leg.number_masked,
        state=leg.state,
        on_hold=leg.on_hold,
    )


_LET_GO = ("removed", "cancelled")
"""By their counselor, who knows why."""


def _unanswered(legs: list[Leg]) -> Party | None:
    """The latest outside party, if it did not answer: so that the counselor reads of it."""
    outside = [leg for leg in legs if leg.kind not in OF_STAFF]
    last = max(outside, key=lambda leg: (leg.made_at, leg.id), default=None)
    in_vain = last is not None and last.state is LegState.ENDED and last.answered_at is None
    if last is None or not in_vain or last.ended_why in _LET_GO:
        return None
    failure = _FAILED_BY.get(last.ended_why or "", Failure.NO_ANSWER)
    return _party(last).model_copy(update={"failure": failure})


# What the counselor does ------------------------------------------------------------------------


def _refuse_unless_talking(contact: Contact, legs: Iterable[Leg]) -> None:
    if contact.channel is not Channel.CALL:
        raise WrongState("This is no call.", code="wrong_channel")
    if contact.state is not ContactState.ACTIVE or not caller_in_room(contact, legs):
        raise WrongState("The caller is not in the room.", code="not_in_room")


def hold(contact: Contact, legs: Iterable[Leg], *, on: bool, actor: StaffId) -> Change:
    _refuse_unless_talking(contact, legs)
    room = room_of(contact)
    if (room.held_by is not None) == on:
        return Change(answer=contact)
    held_by = contact.counselor_id if on else None
    contact = kept(contact, room.model_copy(update={"held_by": held_by}))
    told = Event("contact", "call_held" if on else "call_unheld", contact.id, actor)
    return Change(save=(contact,), events=(told,), answer=contact)


def refuse_another(contact: Contact, legs: Iterable[Leg]) -> None:
    """Before one more phone is rung."""
    legs = list(legs)
    _refuse_unless_talking(contact, legs)
    if len(live_legs(legs)) > MOST_PARTIES:
        raise WrongState("There are as many in the room as it holds.", code="room_full")


def party(contact: Contact, legs: Iterable[Leg], party_id: str) -> Leg:
    """A live party that the counselor may hold or let go: not their own leg, and nobody who listens. After a
    hand-over the call is the party's."""
    legs = list(legs)
    _refuse_unless_talking(contact, legs)
    found = next((leg for leg in live_legs(legs) if leg.id == party_id), None)
    if found is None or found.kind in (LegKind.COUNSELOR, LegKind.SUPERVISOR):
        raise NotFound("There is no such party in this call.")
    return found


def hold_party(leg: Leg, actor: StaffId, now: datetime, *, on: bool) -> Change:
    if leg.state is not LegState.BRIDGED:
        raise WrongState("They are not in the room.", code="not_in_room")
    if leg.on_hold == on:
        return NOTHING
    leg = leg.model_copy(update={"on_hold": on})
    key = f"{leg.id}:hold:{round(now.timestamp() * 1000)}:{on}"
    owed = Effect("hold_leg", leg.contact_id, key, {"leg_id": leg.id})
    return leg_changed(leg, "held" if on else "unheld", actor).then(Change(effects=(owed,)))


def heard_on_hold(contact: Contact, legs: Iterable[Leg], call_sid: str, now: datetime) -> Change:
    """The carrier asks for another round of the hold's words. For a line that is not on hold by what we know the order
    to take it back was lost for good: it is given again, once a minute."""
    legs, time = list(legs), f"{now:%Y%m%d%H%M}"
    if call_sid == contact.call_sid:
        if room_of(contact).on_hold or not caller_in_room(contact, legs):
            return NOTHING
        again = Effect("hold_caller", contact.id, f"{contact.id}:unheld:{time}", {"call_sid": call_sid})
        return Change(effects=(again,))
    leg = next((each for each in live_legs(legs) if each.sid == call_sid), None)
    if leg is None or leg.on_hold or leg.state is not LegState.BRIDGED:
        return NOTHING
    return Change(effects=(Effect("hold_leg", contact.id, f"{leg.id}:unheld:{time}", {"leg_id": leg.id}),))


# Supervision ------------------------------------------------------------------------------------


def listening(legs: Iterable[Leg], staff_id: StaffId) -> Leg | None:
    found = [leg for leg in live_legs(legs, LegKind.SUPERVISOR) if leg.staff_id == staff_id]
    return found[-1] if found else None


def supervise(leg: Leg, mode: Supervision, now: datetime) -> Change:
    """Another way to listen, on the same line."""
    if leg.mode is mode:
        return NOTHING
    leg = leg.model_copy(update={"mode": mode})
    return leg_changed(leg, "supervises", str(leg.staff_id), mode=mode).then(
        Change(effects=(supervise_effect(leg, str(round(now.timestamp() * 1000))),))
    )


def supervise_effect(leg: Leg, key: str) -> Effect:
    """Sent as the leg's mode is then, with the counselor's line as it is then."""
    return Effect("supervise", leg.contact_id, f"{leg.id}:{leg.mode}:{key}", {"leg_id": leg.id})


def whispers_again(legs: Iterable[Leg], key: str) -> Change:
    """The counselor's line is another one, or gone: who whispered into it must not be heard by the caller."""
    whispering = [
        leg
        for leg in live_legs(legs, LegKind.SUPERVISOR)
        if leg.mode is Supervision.WHISPER and leg.state is LegState.BRIDGED
    ]
    return Change(effects=tuple(supervise_effect(leg, key) for leg in whispering))
