"""Handing a caller on from the room of a call: consulted first (warm), or at once (cold).

| transfer   | is                                       | next                                                    |
|------------|------------------------------------------|---------------------------------------------------------|
| ringing    | their phone rings (a deadline)           | consulting (warm), handed over (cold), failed           |
| consulting | counselor and they speak, caller on hold | complete: the caller is theirs, if they may take a      |
|            |                                          | call then; cancel: back                                 |
| failed     | not answered, or they left               | the caller is with the counselor again; told until dismissed |

What the room shows of it is derived from the legs (`call_room.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hotline.domain import call_room
from hotline.domain import presence as presences
from hotline.domain.call_room import Transfer, TransferMode, TransferState
from hotline.domain.calls import Leg, LegKind, LegState, leg_changed, live_legs, release
from hotline.domain.change import Change, Event
from hotline.domain.contacts import Contact
from hotline.domain.ids import StaffId
from hotline.domain.presence import Presence, PresenceState
from hotline.domain.service_rules import ServiceRules
from hotline.errors import WrongState


def refuse_second_transfer(contact: Contact) -> None:
    transfer = call_room.room_of(contact).transfer
    if transfer is not None and transfer.state is not TransferState.FAILED:
        raise WrongState("A transfer is going on already.", code="transfer_going_on")


def begin_transfer(
    contact: Contact, leg: Leg, mode: TransferMode, by: StaffId, *, overridden: bool = False
) -> Change:
    """A colleague who is asked hears and reads along from here on (`joined`); the caller waits with words."""
    to_kind = "staff" if leg.staff_id is not None else leg.kind.value
    transfer = Transfer(mode=mode, to_kind=to_kind, party_id=leg.id, by=by, overridden=overridden)
    joined, reads_along = contact.joined, None
    if leg.staff_id is not None and leg.staff_id not in joined:
        joined, reads_along = [*joined, leg.staff_id], leg.staff_id
    room = call_room.room_of(contact).model_copy(update={"transfer": transfer, "reads_along": reads_along})
    contact = call_room.kept(contact.model_copy(update={"joined": joined}), room)
    told = Event("contact", "transfer_begun", contact.id, by, {"mode": mode, "to": to_kind, "leg_id": leg.id})
    return Change(save=(contact,), events=(told,), answer=contact)


def transfer_target(contact: Contact, legs: Iterable[Leg]) -> Leg:
    """Whom the counselor is consulting: the only moment at which a warm transfer can be completed."""
    transfer = call_room.room_of(contact).transfer
    leg = next((each for each in legs if transfer is not None and each.id == transfer.party_id), None)
    if transfer is None or leg is None:
        raise WrongState("No transfer is going on.", code="no_transfer")
    if transfer.state is not TransferState.CONSULTING or leg.state is not LegState.BRIDGED:
        raise WrongState("They have not picked up.", code="not_picked_up")
    return leg


def refuse_completion(contact: Contact, leg: Leg, presence: Presence | None, rules: ServiceRules) -> None:
    """What was asked before they were rung is asked again: minutes have passed. Who missed an offer while they spoke
    here has not looked away."""
    transfer = call_room.room_of(contact).transfer
    overridden = transfer is not None and transfer.overridden
    if presence is not None and leg.answered_at is not None and presence.state is PresenceState.NOT_READY:
        presence = presence.model_copy(
            update={"state": PresenceState.AVAILABLE} if presence.since >= leg.answered_at else {}
        )
    presences.refuse_hand_over(presence, contact.channel, rules, overridden=overridden)


def is_cold_target(contact: Contact, leg: Leg) -> bool:
    """Whether the caller is theirs as soon as they answer."""
    transfer = call_room.room_of(contact).transfer
    return transfer is not None and transfer.mode is TransferMode.COLD and transfer.party_id == leg.id


def cancel_transfer(contact: Contact, legs: Iterable[Leg], actor: StaffId, now: datetime) -> Change:
    """The caller is back with the counselor; whoever was consulted is let go."""
    room = call_room.room_of(contact)
    transfer = room.transfer
    if transfer is None:
        return Change(answer=contact)
    target = [leg for leg in live_legs(legs) if leg.id == transfer.party_id]
    contact = call_room.kept(contact, room.model_copy(update={"transfer": None}))
    told = Event("contact", "transfer_cancelled", contact.id, actor, {"leg_id": transfer.party_id})
    change = Change(save=(contact,), events=(told,), answer=contact)
    return release(target, "cancelled", now, actor).then(change)


def taken_over(leg: Leg) -> Change:
    """Whoever was consulted is the counselor from now on, in the room where the caller is."""
    leg = leg.model_copy(update={"kind": LegKind.COUNSELOR, "caller_waits": True, "on_hold": False})
    return leg_changed(leg, "took_over", str(leg.staff_id))
