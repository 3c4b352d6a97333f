"""What a change of a call's contact asks of its line and its room; joined to every change by `consequences.py`.

What the carrier reports is in `carrier_events.py`, what the counselor does in the room in `call_room.py`.
"""

from __future__ import annotations

from datetime import datetime

from hotline.domain import call_room, calls, kept_places, phones
from hotline.domain.calls import Leg, LegKind, LegState
from hotline.domain.change import Change
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import LegId
from hotline.domain.phones import Phone
from hotline.storage.working_set import Loaded


def on_contact_changed(loaded: Loaded, before: Contact | None, after: Contact, now: datetime) -> Change:
    if after.channel is not Channel.CALL or before is None:
        return Change()
    after = loaded.find(Contact, after.id) or after  # others may have changed it in this very decision
    hung_up = Change()
    if after.state is ContactState.WAITING and kept_places.is_being_reached(before):
        hung_up = loaded.see(kept_places.without_line(after))
        after = hung_up.answer
    legs = loaded.where(Leg, "contact_id", after.id)
    change = calls.on_contact_changed(before, after, legs, _telephones(loaded, after), now)
    return with_room(loaded, after.id, hung_up.then(change))


def _telephones(loaded: Loaded, contact: Contact) -> calls.NewLegs:
    """A leg for each telephone at which the counselor of this contact wants to be rung."""
    if contact.state is not ContactState.ACTIVE or contact.counselor_id is None:
        return ()
    phone = loaded.find(Phone, contact.counselor_id)
    return tuple((LegId(loaded.new_id("leg")), at) for at in phones.rung_at(phone))


def with_room(loaded: Loaded, contact_id: str, change: Change) -> Change:
    """`change` with what it makes of the call's room: who is shown there, whether the caller hears music, and who
    may whisper to whom. A contact that was the answer stays it, as it is in the end."""
    coached_before = _counselor_line(loaded.where(Leg, "contact_id", contact_id))
    loaded.see(change)
    contact = loaded.find(Contact, contact_id)
    if contact is None:
        return change
    legs = loaded.where(Leg, "contact_id", contact_id)
    result = change.then(loaded.see(call_room.follow(contact, legs)))
    coached = _counselor_line(legs)
    if coached != coached_before:
        result = result.then(call_room.whispers_again(legs, f"{coached}:{contact.version}"))
    if isinstance(change.answer, Contact):
        return result.answering(loaded.get(Contact, contact_id))
    return result.answering(change.answer)


def _counselor_line(legs: list[Leg]) -> str | None:
    own = [leg for leg in calls.live_legs(legs, LegKind.COUNSELOR) if leg.state is LegState.BRIDGED]
    return own[-1].id if own else None
