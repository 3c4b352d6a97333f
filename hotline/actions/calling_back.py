"""A call back: the counselor's phone rings first, then the person's; both meet in the contact's room.

    start ──▶ counselor's leg rings ──picked up──▶ the person is called ──answers──▶ a call like any other
                    │ not picked up                   │ busy, no answer, failed
                    ▼                                 ▼
                the try does not count            the try counts: tried again later (`domain/followups.py`)

The contact is a new one of its own, served from its first moment by whoever calls; until the person answers there is
nobody who could be put back into a queue, so whatever fails ends it. Whose place in the queue is kept meanwhile
(`domain/kept_places.py`) is called as that very contact, by whoever is offered it in its turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.actions.consequences import with_consequences
from hotline.domain import access, calls, contact_moves, followups, kept_places
from hotline.domain import presence as presences
from hotline.domain.access import Actor, Permission
from hotline.domain.calls import CallState, Leg, Transcript
from hotline.domain.change import CARRIER, Change
from hotline.domain.contacts import Channel, Contact, ContactState, EndedBy
from hotline.domain.followups import AttemptOutcome, Followup
from hotline.domain.ids import ContactId, FollowupId, LegId, StaffId, derived_id
from hotline.domain.inbound import LineFlag
from hotline.domain.presence import Presence
from hotline.domain.service_rules import ServiceRules
from hotline.errors import HotlineError, WrongState
from hotline.storage.outbox import Owed
from hotline.storage.working_set import Loaded, Need
from hotline.telephony.call_rooms import PersonCall
from hotline.telephony.carrier import CallSid, CallStatus, Carrier, CarrierRefused

if TYPE_CHECKING:
    from hotline.service import Hotline

NOT_REACHED = "not_reached"


# Beginning -------------------------------------------------------------------------------------------------------


async def start(
    hotline: Hotline, actor: Actor, followup_id: FollowupId, *, version: int | None = None
) -> Contact:
    """Whoever calls back takes the follow-up by that; their phone rings at once."""
    access.require(actor, Permission.CONTACT_SERVE)
    if hotline.carrier is None:
        raise WrongState("No telephone is set up.", code="no_telephone")

    def decide(loaded: Loaded) -> Change:
        followup = loaded.get(Followup, followup_id)
        access.require_followup_held(actor, followup)
        if not actor.may(Permission.CONTACT_SUPERVISE):
            presences.refuse_beside_imminent(loaded.find(Presence, actor.staff_id))
        earlier = loaded.get(Contact, followup.contact_id)
        if kept_places.is_kept(earlier) and earlier.number is not None:
            followups.call_begun(followup, actor.staff_id, loaded.now, version=version)  # or it refuses
            taken = contact_moves.assign(earlier, actor.staff_id, loaded.now)
            return with_consequences(loaded, earlier, taken, loaded.rules)
        change = loaded.see(followups.call_begun(followup, actor.staff_id, loaded.now, version=version))
        if earlier.number is None:
            raise WrongState("There is no number: it was hidden, or this was no call.", code="no_number")
        contact_id = ContactId(derived_id("con", followup_id, str(change.answer.version)))
        opened = contact_moves.open_contact(_new_contact(earlier, contact_id, followup), loaded.now, CARRIER)
        assigned = contact_moves.assign(opened.answer, actor.staff_id, loaded.now)
        served = with_consequences(loaded, None, opened.then(assigned), loaded.rules)
        leg = Leg(
            id=LegId(loaded.new_id("leg")),
            contact_id=contact_id,
            staff_id=actor.staff_id,
            made_at=loaded.now,
        )
        rung = calls.ring(loaded.get(Contact, contact_id), leg, actor.staff_id)
        return change.then(served).then(rung).answering(loaded.get(Contact, contact_id))

    contact: Contact = await hotline.writer.run(decide, Need(Followup, followup_id))
    return contact


def _new_contact(earlier: Contact, contact_id: ContactId, followup: Followup) -> Contact:
    return Contact(
        id=contact_id,
        channel=Channel.CALL,
        language=earlier.language,
        nickname=earlier.nickname,
        person_id=earlier.person_id,
        number=earlier.number,
        number_masked=earlier.number_masked,
        level=followup.level,
        peak_level=followup.level,
        level_source=earlier.level_source,
        kinds=earlier.kinds,
        tags=earlier.tags,
        line_flags=[LineFlag.CALLED_BACK],
        followup_id=followup.id,
        call_state=CallState.RINGING.value,
        transcript=Transcript.OFF.value,
        opened_at=earlier.opened_at,
    )


# Reaching the person ---------------------------------------------------------------------------------------------


def given_up(loaded: Loaded, contact: Contact, why: str) -> Change:
    """The counselor's own phone was not picked up, or went, before the person answered: the try does not count."""
    return _over(loaded, contact, why)


def stopped(loaded: Loaded, contact: Contact, actor: StaffId) -> Change:
    """Whoever calls thinks better of it while it rings: the try does not count. A place in the queue stands."""
    if LineFlag.TO_CALL_BACK not in contact.line_flags:
        return _over(loaded, contact, "stopped", actor)
    kept = kept_places.without_line(contact)
    back = contact_moves.requeue(
        kept.answer, loaded.now, what="transferred_to_queue", actor=actor, to_front=True
    )
    return with_consequences(loaded, contact, kept.then(back).answering(back.answer), loaded.rules)


def _over(loaded: Loaded, contact: Contact, why: str, actor: str = CARRIER) -> Change:
    """Closed at once: there was no conversation to be written up. A line that still rings is hung up."""
    by = EndedBy.CARRIER if why == NOT_REACHED else EndedBy.COUNSELOR
    over = contact_moves.unreached(contact, why, by, actor, loaded.now)
    return with_consequences(loaded, contact, over, loaded.rules)


async def answered(hotline: Hotline, contact_id: ContactId, call_sid: str) -> Contact:
    """The person picked up. If nobody of ours is there any more, they hear words and are not left in an empty room."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        if contact.state is not ContactState.ACTIVE or contact.followup_id is None:
            return Change(answer=contact)
        contact = kept_places.reached(contact)
        contact = contact.model_copy(update={"call_sid": call_sid, "person_connected": True})
        legs = loaded.where(Leg, "contact_id", contact_id)
        change = loaded.see(Change(save=(contact,))).then(calls.in_room(contact, legs))
        reached = _attempted(loaded, contact, AttemptOutcome.REACHED)
        return change.then(reached).answering(
            next(each for each in reversed(change.save) if isinstance(each, Contact))
        )

    contact: Contact = await hotline.writer.run(
        decide, Need(Contact, contact_id), Need(Leg, contact_id, "contact_id")
    )
    return contact


def not_reached(loaded: Loaded, contact: Contact) -> Change:
    """Their telephone rang in vain: the try counts."""
    tried = loaded.see(_attempted(loaded, contact, AttemptOutcome.NO_ANSWER))
    return tried.then(_over(loaded, contact, NOT_REACHED))


async def status(hotline: Hotline, contact_id: ContactId, told: CallStatus, call_sid: str) -> bool:
    """The person's line is over. False if they were reached: then it is a call like any other."""
    if not told.is_over:
        return True

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        if not kept_places.is_being_reached(contact):
            return Change(answer=contact.person_connected)
        if contact.call_sid not in (None, call_sid):
            return Change(answer=False)
        if contact.state is ContactState.WAITING:  # whoever had them called is gone
            return kept_places.line_gone(contact).answering(False)
        if contact.state is not ContactState.ACTIVE:
            return Change(answer=False)
        return not_reached(loaded, contact).answering(False)

    was_reached: bool = await hotline.writer.run(decide, Need(Contact, contact_id))
    return not was_reached


def _attempted(loaded: Loaded, contact: Contact, outcome: AttemptOutcome) -> Change:
    followup = loaded.find(Followup, contact.followup_id or "")
    if followup is None or not followups.is_open(followup) or contact.counselor_id is None:
        return Change()
    new_ids = (FollowupId(loaded.new_id("fol")), FollowupId(loaded.new_id("fol")))
    return followups.attempt(followup, contact.counselor_id, outcome, None, loaded.now, loaded.rules, new_ids)


# The order (see carrier_orders.py) ---------------------------------------------------------------------------------


async def _call(hotline: Hotline, owed: Owed) -> tuple[Carrier, PersonCall]:
    contact = await hotline.reader.find(Contact, owed.subject)
    if contact is None or contact.number is None or hotline.carrier is None:
        raise CarrierRefused("There is nobody to call.")
    ring_for = hotline.rules.party_answered_within
    return hotline.carrier, PersonCall(contact.id, ring_for, contact.number)


async def send(hotline: Hotline, owed: Owed) -> CallSid:
    carrier, call = await _call(hotline, owed)
    return await carrier.call_person(call)


async def find(hotline: Hotline, owed: Owed) -> CallSid | None:
    carrier, call = await _call(hotline, owed)
    return await carrier.find_person_call(call, owed.made_at)


def wanted(loaded: Loaded, owed: Owed) -> bool:
    contact = loaded.find(Contact, owed.subject)
    return contact is not None and contact.state is ContactState.ACTIVE and contact.call_sid is None


def sent(loaded: Loaded, owed: Owed, sid: CallSid) -> Change:
    """Its name, so that it can be hung up and asked after; if it is not wanted any more, it is hung up at once."""
    contact = loaded.get(Contact, owed.subject)
    if contact.call_sid is not None:
        return Change()
    change = Change(save=(contact.model_copy(update={"call_sid": sid}),))
    if contact.state is ContactState.ACTIVE:
        return change
    return change.then(Change(effects=(calls.hang_up_of(contact.id, sid),)))


def failed(loaded: Loaded, owed: Owed, _error: HotlineError, _rules: ServiceRules) -> Change:
    contact = loaded.get(Contact, owed.subject)
    if contact.state is not ContactState.ACTIVE or not kept_places.is_being_reached(contact):
        return Change()
    return _over(loaded, contact, "not_rung")
