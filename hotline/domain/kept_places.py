"""A place in the queue that is kept for somebody whose line is over: they are called when it is their turn.

    waiting ──"call me back"────────────▶ kept ──taken in turn──▶ the counselor's phone rings, then theirs ──▶ a call
    waiting ──left a message of danger──▶  │ ▲                        │ nobody of ours picked up
    closed by a message ──it tells of danger─┘ └────at the front──────┘

| kept, and …                                | then                                                            |
|--------------------------------------------|-----------------------------------------------------------------|
| they call again                            | their new call has the place; this one is over                  |
| they call while they are being called      | the same, at the front: it was their turn                       |
| they do not answer when called             | this one is over; the call back is tried again later, as work   |
| somebody says that the call back is done   | this one is over                                                |
| a counselor begins the call back by hand   | the place is taken by that                                      |

The call back is a follow-up from the first moment on (an owner, a time by which), and waits in the queue as well:
whoever becomes free in its turn is offered it. So nobody loses by not holding the line.
"""

from __future__ import annotations

from datetime import datetime

from hotline.domain import contact_moves
from hotline.domain.calls import CallState, hang_up_of
from hotline.domain.change import CARRIER, PERSON, Change, Event
from hotline.domain.contacts import Channel, Contact, ContactState, EndedBy
from hotline.domain.ids import FollowupId
from hotline.domain.inbound import LineFlag, flagged, unflagged

CALLED_AGAIN, NOT_NEEDED = "called_again", "call_back_done"
"""End reasons of a kept place."""


def is_kept(contact: Contact) -> bool:
    waits = contact.channel is Channel.CALL and contact.state is ContactState.WAITING
    return waits and contact.call_state == CallState.CALL_BACK


def keep(contact: Contact, followup_id: FollowupId, now: datetime, *, what: str, to_front: bool) -> Change:
    """They hear last words, and are not put through any more; their place stands, or is the first one. They are offered
    once their line is over: it would be busy."""
    events: tuple[Event, ...] = ()
    if contact.state is not ContactState.WAITING:
        again = contact_moves.back_to_waiting(contact, now, what="waits_again", actor=PERSON, to_front=True)
        contact, events = again.answer, again.events
    contact = contact_moves.moved(
        flagged(contact, LineFlag.TO_CALL_BACK),
        call_state=CallState.CALL_BACK.value,
        followup_id=followup_id,
        diverted=None,
        interrupted_since=now if to_front else contact.interrupted_since,
    )
    told = contact_moves.event(contact, what, PERSON, to_front=to_front, followup_id=followup_id)
    return Change((contact,), (*events, told), answer=contact)


def is_on_line(contact: Contact) -> bool:
    """Still hears the last words."""
    return contact.call_state == CallState.CALL_BACK and contact.call_sid is not None


def is_to_be_called(contact: Contact) -> bool:
    """Kept, or taken by somebody whose phone rings: the person was not reached yet."""
    not_there = (CallState.CALL_BACK, CallState.RINGING)
    return LineFlag.TO_CALL_BACK in contact.line_flags and contact.call_state in not_there


def is_being_reached(contact: Contact) -> bool:
    """Called back, and not in the room yet."""
    over = (CallState.BRIDGED, CallState.HANDED_OVER, CallState.ENDED)
    return contact.followup_id is not None and contact.call_state not in over and not contact.person_connected


def without_line(contact: Contact) -> Change:
    """Whoever had them called is gone: their place stands, and their telephone need not ring on."""
    if contact.call_sid is None:
        return Change(answer=contact)
    owed = hang_up_of(contact.id, contact.call_sid)
    contact = contact_moves.moved(contact, call_sid=None)
    return Change((contact,), effects=(owed,), answer=contact)


def line_gone(contact: Contact) -> Change:
    """No line is theirs now: they can be called."""
    if contact.call_sid is None:
        return Change(answer=contact)
    state = CallState.CALL_BACK.value if contact.state is ContactState.WAITING else contact.call_state
    contact = contact_moves.moved(contact, call_sid=None, person_connected=False, call_state=state)
    return Change((contact,), (contact_moves.event(contact, "can_be_called", CARRIER),), answer=contact)


def reached(contact: Contact) -> Contact:
    """They are on the line: a call back like any other."""
    return flagged(unflagged(contact, LineFlag.TO_CALL_BACK), LineFlag.CALLED_BACK)


def over(contact: Contact, reason: str, actor: str, now: datetime) -> Change:
    by = EndedBy.PERSON if reason == CALLED_AGAIN else EndedBy.COUNSELOR
    return contact_moves.end(contact, by=by, reason=reason, actor=actor, now=now)
