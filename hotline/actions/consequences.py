"""What follows for others when a contact changes: one place, applied to every change of a contact.

| the contact …                | then                                                                   |
|------------------------------|------------------------------------------------------------------------|
| gets, loses or changes holder| the counselors' loads move (they are counted from this, nowhere else)   |
| is taken while on offer      | all other phones stop ringing; nobody of them missed anything           |
| ends while on offer          | its offers are withdrawn                                                |
| is abandoned at risk, or hung| a call-back (with a number) or a supervisor's review                   |
| up while the phone rings     |                                                                        |
| comes to an act in progress  | a supervisor is asked to join, if it is being served                   |
| changes holder or ends       | its open alert and its school report say who is with the person now     |
"""

from __future__ import annotations

from hotline.actions import alerts, calls, followups, offer_endings, school_reports
from hotline.domain import presence as presences
from hotline.domain import supervision
from hotline.domain.calls import CallState
from hotline.domain.change import Change
from hotline.domain.contacts import Channel, Contact, ContactState, EndedBy
from hotline.domain.offers import Offer, OfferState
from hotline.domain.presence import Presence
from hotline.domain.service_rules import ServiceRules
from hotline.errors import WrongState
from hotline.storage.working_set import Loaded
from triage.assessment import Level

_HELD = (ContactState.ACTIVE, ContactState.WRAP_UP)


def _holder(contact: Contact | None) -> str | None:
    if contact is None or contact.state not in _HELD or contact.channel is Channel.WALK_IN:
        return None
    return contact.counselor_id


def with_consequences(
    loaded: Loaded, before: Contact | None, change: Change, rules: ServiceRules, *, by_hand: bool = False
) -> Change:
    """`change` with all that follows from it; its answer stays, a contact as it is in the end.

    `by_hand`: a supervisor takes it, whom only the capacity binds.
    """
    saved = [each for each in change.save if isinstance(each, Contact)]
    if not saved:
        return change
    after = saved[-1]
    result = loaded.see(change)
    if _holder(before) != _holder(after):
        result = result.then(loaded.see(_loads(loaded, before, after, change, by_hand=by_hand)))
    elif before is not None and _noted(before) != _noted(after):
        result = result.then(loaded.see(held_changed(loaded, after)))
    if before is not None and before.offer_id is not None and after.state is not ContactState.WAITING:
        result = result.then(_withdraw(loaded, before, after))
    if before is not None and _left_unheard(before, after):
        result = result.then(loaded.see(followups.after_abandonment(loaded, after, loaded.now, rules)))
    if before is None or _told(before) != _told(after):
        result = result.then(loaded.see(alerts.on_contact_changed(loaded, after, loaded.now)))
        result = result.then(loaded.see(school_reports.on_contact_changed(loaded, after, loaded.now)))
        result = result.then(loaded.see(calls.on_contact_changed(loaded, before, after, loaded.now)))
        now = loaded.get(Contact, after.id)
        result = result.then(loaded.see(followups.on_place_taken(loaded, before, now)))
    called = supervision.called(before, loaded.get(Contact, after.id), loaded.now, rules)
    result = result.then(loaded.see(called))
    if isinstance(change.answer, Contact):
        return result.answering(loaded.get(Contact, change.answer.id))
    return result.answering(change.answer)


def _left_unheard(before: Contact, after: Contact) -> bool:
    """They went while nobody of ours was with them: they waited, or a counselor had taken the call and was not on the
    line yet. A call back that did not reach its person is not theirs."""
    if before.state is ContactState.WAITING:
        return after.state is ContactState.CLOSED
    hung_up = before.state is ContactState.ACTIVE and after.state is ContactState.WRAP_UP
    hung_up = hung_up and after.ended_by in (EndedBy.PERSON, EndedBy.CARRIER)
    on_the_way = (CallState.GREETING, CallState.QUEUED, CallState.RINGING)
    return hung_up and before.channel is Channel.CALL and before.call_state in on_the_way


def _noted(contact: Contact) -> tuple[object, ...]:
    return (contact.state, contact.level)


def held_changed(loaded: Loaded, contact: Contact) -> Change:
    """A held contact became imminent, or is so no more, or is being written up: its counselor's presence says so."""
    holder = _holder(contact)
    presence = loaded.find(Presence, holder) if holder is not None else None
    if presence is None:
        return Change()
    noted = presences.noted(presence, contact)
    if noted == presence:
        return Change()
    return loaded.see(presences.load_changed(noted)).then(_without_room(loaded, noted))


def _told(contact: Contact) -> tuple[object, ...]:
    return (contact.state, contact.counselor_id)


def _rests(before: Contact | None, after: Contact) -> bool:
    """After an imminent contact that was closed or handed on; not for a line that was lost."""
    if before is None or after.peak_level is not Level.IMMINENT:
        return False
    return before.counselor_id is not None and after.interrupted_since is None


def _loads(
    loaded: Loaded, before: Contact | None, after: Contact, change: Change, *, by_hand: bool
) -> Change:
    """Load moves with the holder; nobody is put over capacity, and nothing is given to who is not there."""
    was, now_held = _holder(before), _holder(after)
    result = Change()
    if was is not None:
        presence = loaded.find(Presence, was)
        if presence is not None:
            freed = presences.let_go(presence, after, loaded.now)
            if _rests(before, after):
                freed = presences.rests(freed, loaded.now, loaded.rules)
            result = result.then(presences.load_changed(freed))
    if now_held is not None:
        presence = loaded.find(Presence, now_held)
        if presence is None or not presences.is_there(presence):
            raise WrongState("They are not here now.", code="not_there")
        room = presences.within_capacity(presence, after.channel)
        if not room or not (by_hand or presences.has_room(presence, after.channel, loaded.rules)):
            raise WrongState("There is no room for another contact.", code="no_room")
        taken = presences.took(presence, after, loaded.now)
        if any(isinstance(each, Offer) and each.staff_id == now_held for each in change.save):
            taken = taken.model_copy(update={"offer_id": None})
        result = result.then(loaded.see(presences.load_changed(taken)))
        result = result.then(_without_room(loaded, taken))
    return result


def _without_room(loaded: Loaded, presence: Presence) -> Change:
    """An offer to somebody whose hands have just been filled another way goes to the next one: also where somebody
    whom they serve has come into imminent danger, and is served alone from here on."""
    if presence.offer_id is None:
        return Change()
    offer = loaded.get(Offer, presence.offer_id)
    if not presence.imminent and presences.has_room(presence, offer.channel, loaded.rules):
        return Change()
    return offer_endings.ended(loaded, offer.id, OfferState.WITHDRAWN)


def _withdraw(loaded: Loaded, before: Contact, after: Contact) -> Change:
    """The contact went another way (abandoned, or picked by somebody) while it was on offer."""
    if after.state is ContactState.ACTIVE:
        return offer_endings.taken(loaded, before)
    return offer_endings.all_ended(loaded, before, OfferState.WITHDRAWN)
