"""A waiting caller whose line is with a telephone outside of ours: a partner line, a person on duty.

    waiting ──rung──▶ away ──a key was pressed there──▶ outside ──they hung up──▶ over
                       │                                  └──their line failed───▶ waiting
                       └──nobody took it──▶ the next telephone, else waiting, at the front

A machine presses no key, so it is nobody. While they speak outside, what they say is not ours: it is neither written
down nor assessed, unless the operator wants it (`transcribe_outside`). Whoever is back is listened to again.
"""

from __future__ import annotations

from hotline.domain.calls import CallState, Transcript, listened_again
from hotline.domain.change import CARRIER, Change, Effect, Event
from hotline.domain.contact_moves import moved
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.inbound import LineFlag
from hotline.domain.service_rules import ServiceRules
from hotline.domain.switchboard import AT_PARTNER


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
