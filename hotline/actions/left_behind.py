"""What somebody has in hand when their account is disabled or loses the role for it: nobody else could take it up.

| what                      | then                                                        |
|---------------------------|-------------------------------------------------------------|
| a conversation they joined| they have left it, unless they are only consulted in a call |
| a call they listen to     | their line has left it                                      |
| a follow-up, a message    | is open for everybody again                                 |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hotline.actions.accounts import Accounts
from hotline.actions.calls import with_room
from hotline.domain import access, call_room, calls, contact_moves, followups, voicemails
from hotline.domain.access import Actor, Permission
from hotline.domain.calls import Leg
from hotline.domain.change import Change
from hotline.domain.contacts import Contact
from hotline.domain.followups import Followup
from hotline.domain.ids import StaffId
from hotline.domain.staff import Staff, actor_of
from hotline.domain.voicemails import Voicemail, VoicemailState
from hotline.storage import in_hand as rows
from hotline.storage.working_set import Loaded


@dataclass(frozen=True, slots=True)
class InHand:
    joined: tuple[str, ...]
    listened_to: tuple[str, ...]
    followups: tuple[str, ...]
    voicemails: tuple[str, ...]


async def in_hand(hotline: Accounts, staff_id: StaffId) -> InHand:
    async def ids(wanted: Any) -> tuple[str, ...]:
        return tuple(key for (key,) in await hotline.reader.rows(wanted))

    joined = await hotline.reader.rows(rows.joined_by_anybody())
    return InHand(
        tuple(key for key, by in joined if staff_id in by),
        await ids(rows.listened_to_by(staff_id)),
        await ids(rows.followups_of(staff_id)),
        await ids(rows.voicemails_of(staff_id)),
    )


def let_go(loaded: Loaded, staff: Staff, held: InHand) -> Change:
    """`staff`: the account as it is from now on."""
    actor, change = actor_of(staff), Change()
    for key in held.joined:
        contact = loaded.get(Contact, key)
        consulted = call_room.room_of(contact).reads_along == staff.id and not staff.disabled
        if not consulted and (staff.disabled or not actor.may(Permission.CONTACT_SUPERVISE)):
            change = change.then(loaded.see(contact_moves.leave(contact, staff.id)))
    if staff.disabled or not actor.may(Permission.CONTACT_SUPERVISE):
        for key in held.listened_to:
            change = change.then(_hung_up(loaded, staff.id, key))
    for key in held.followups:
        followup = loaded.get(Followup, key)
        theirs = followup.owner_id == staff.id
        if theirs and (staff.disabled or not _may_hold(actor, followup)):
            change = change.then(followups.given_back(followup, loaded.now))
    for key in held.voicemails:
        voicemail = loaded.get(Voicemail, key)
        lost = staff.disabled or not actor.may(Permission.FOLLOWUP_WORK)
        if lost and voicemail.owner_id == staff.id and voicemail.state is VoicemailState.TAKEN:
            change = change.then(voicemails.give_back(voicemail, staff.id, loaded.now))
    return change.answering(None)


def _hung_up(loaded: Loaded, staff_id: StaffId, contact_id: str) -> Change:
    leg = call_room.listening(loaded.where(Leg, "contact_id", contact_id), staff_id)
    released = calls.release([leg] if leg is not None else [], "left", loaded.now)
    return with_room(loaded, contact_id, released)


def _may_hold(actor: Actor, followup: Followup) -> bool:
    hears = not access.topics_of(actor).isdisjoint(access.followup_audience(followup))
    return hears and actor.may(Permission.FOLLOWUP_WORK)
