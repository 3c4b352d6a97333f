"""A waiting caller whose line is with a telephone outside of ours: a partner line, a person on duty.

    waiting ──rung──▶ away ──a key was pressed there──▶ outside ──they hung up──▶ over
                       │                                  └──their line failed───▶ waiting
                       └──nobody took it──▶ the next telephone, else waiting, at the front

A machine presses no key, so it is nobody. While they speak outside, what they say is not ours: it is neither written
down nor assessed, unless the operator wants it (`transcribe_outside`). Whoever is back is listened to again.

To a carrier a goodbye and a broken line look alike. What ended in the ordinary way after `outside_served_after` is
taken for a goodbye: whoever was handed over waits in turn with us, at the front only at risk. All else broke, and leads
to the front.
"""

from __future__ import annotations

from datetime import timedelta

from hotline.domain.calls import CallState, Transcript, listened_again
from hotline.domain.change import CARRIER, Change, Effect, Event
from hotline.domain.contact_moves import moved
from hotline.domain.contacts import RISKY, Contact, ContactState
from hotline.domain.inbound import LineFlag
from hotline.domain.service_rules import ServiceRules
from hotline.domain.switchboard import AT_PARTNER

_ENDED_AS_USUAL = "completed"
"""A carrier's word for whoever hung up."""


def was_goodbye(why: str, talked_for: timedelta, rules: ServiceRules) -> bool:
    """`why`: how the carrier says that the other line ended."""
    return why == _ENDED_AS_USUAL and talked_for >= rules.outside_served_after


def comes_to_front(contact: Contact, *, goodbye: bool) -> bool:
    return not goodbye or contact.level in RISKY or contact.peak_level in RISKY


def is_away(contact: Contact) -> bool:
    """Another telephone rings for them, or they speak there."""
    return contact.diverted == AT_PARTNER or LineFlag.WITH_FALLBACK in contact.line_flags


def speaks_outside(contact: Contact) -> bool:
    return contact.call_state == CallState.OUTSIDE


def taken(contact: Contact, rules: ServiceRules, *, carrier_listens: bool) -> Change:
    """A person there pressed the key. Said again, it changes nothing; too late, it is nobody's call."""
    if contact.state is not ContactState.WAITING or not is_away(contact) or speaks_outside(contact):
        return Change(answer=contact)
    silent = carrier_listens and not rules.transcribe_outside
    fields = {"transcript": Transcript.OFF.value} if silent else {}
    contact = moved(contact, call_state=CallState.OUTSIDE.value, **fields)
    change = Change((contact,), (Event("contact", "outside_took", contact.id, CARRIER),), answer=contact)
    if not silent:
        return change
    key = f"{contact.id}:outside:{contact.version}"
    return change.then(Change(effects=(Effect("stop_transcript", contact.id, key, _line(contact)),)))


def _line(contact: Contact) -> dict[str, str | None]:
    return {"call_sid": contact.call_sid}


def back(contact: Contact) -> Change:
    """Their line is with us again, whoever had it: they are in the queue, and are listened to."""
    if not speaks_outside(contact) or contact.state is not ContactState.WAITING:
        return Change(answer=contact)
    contact = moved(contact, call_state=CallState.QUEUED.value)
    event = Event("contact", "outside_left", contact.id, CARRIER)
    return Change((contact,), (event,), answer=contact).then(listened_again(contact)).answering(contact)
