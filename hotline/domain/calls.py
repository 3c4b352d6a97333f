"""A call's way, and the legs that connect it to counselors.

    greeting ──▶ queued ──assigned──▶ ringing ──both in the room──▶ bridged ──▶ ended
                   ▲                     │ leg not answered            │
                   └─────────────────────┴─ leg lost, transferred ─────┘

| leg      | means                                            | next deadline (`due`)                      |
|----------|--------------------------------------------------|--------------------------------------------|
| owed     | the counselor's phone is to be rung              | not answered: the caller goes to the front |
| ringing  | the carrier rings it                             | the same                                   |
| answered | the counselor is in the room, the caller comes   | not bridged: the caller goes to the front  |
| bridged  | both are in the room                             | none: the contact's own                    |
| ended    | over, `ended_why` says how                       | none                                       |

The carrier reports late, twice, out of order or never: every move says from where it is possible and is
nothing otherwise. The contact's `state` is who serves it; `call_state` is where its line is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import SQLModel

from hotline.domain.change import CARRIER, MACHINE, NOTHING, Change, Due, Effect, Event
from hotline.domain.contact_moves import moved
from hotline.domain.contacts import Channel, Contact, ContactState, EndedBy
from hotline.domain.ids import ContactId, LegId, StaffId
from hotline.domain.service_rules import ServiceRules

TRANSCRIBED_AGAIN_AFTER = timedelta(seconds=2)
"""The recogniser's own trouble mostly passes in about that time."""


class CallState(StrEnum):
    GREETING = "greeting"
    QUEUED = "queued"
    RINGING = "ringing"
    BRIDGED = "bridged"
    ENDED = "ended"


class Transcript(StrEnum):
    OFF = "off"
    LIVE = "live"
    FAILED = "failed"


class LegState(StrEnum):
    OWED = "owed"
    RINGING = "ringing"
    ANSWERED = "answered"
    BRIDGED = "bridged"
    ENDED = "ended"


class Leg(SQLModel):
    """One attempt to connect one counselor. `sid` is the carrier's name for it, once known.

    `caller_waits`: the caller is in the room already (a transfer) and must not be moved: their going ends it.
    """

    id: LegId
    contact_id: ContactId
    staff_id: StaffId
    state: LegState = LegState.OWED
    sid: str | None = None
    caller_waits: bool = False
    made_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str | None = None


def due(leg: Leg, rules: ServiceRules) -> Due | None:
    if leg.state in (LegState.OWED, LegState.RINGING):
        return Due("leg_unanswered", leg.made_at + rules.leg_answered_within)
    if leg.state is LegState.ANSWERED:
        return Due("leg_not_bridged", (leg.answered_at or leg.made_at) + rules.leg_bridged_within)
    return None


def _leg_changed(leg: Leg, what: str, actor: str, **facts: Any) -> Change:
    facts = {"contact_id": leg.contact_id, "staff_id": leg.staff_id, **facts}
    return Change(save=(leg,), events=(Event("leg", what, leg.id, actor, facts),), answer=leg)


def _line_changed(contact: Contact, state: CallState, actor: str) -> Change:
    if contact.call_state == state:
        return NOTHING
    contact = moved(contact, call_state=state.value)
    return Change(
        save=(contact,), events=(Event("contact", f"call_{state}", contact.id, actor),), answer=contact
    )


def live_legs(legs: Iterable[Leg]) -> list[Leg]:
    return sorted((leg for leg in legs if leg.state is not LegState.ENDED), key=lambda leg: leg.made_at)


# What the contact's state asks of the line ------------------------------------------------------


def on_contact_changed(
    before: Contact | None, after: Contact, legs: Iterable[Leg], new_leg_id: LegId, now: datetime
) -> Change:
    """Somebody took the contact, lost it, or it is over: legs and the caller's call must follow."""
    if after.channel is not Channel.CALL or before is None or after.call_sid is None:
        return NOTHING
    live = live_legs(legs)
    if after.state is ContactState.ACTIVE and after.counselor_id is not None:
        if any(leg.staff_id == after.counselor_id for leg in live):
            return NOTHING
        waits = before.call_state == CallState.BRIDGED
        ringing = _ring(after, after.counselor_id, new_leg_id, now, caller_waits=waits)
        return _release(live, "replaced", now).then(ringing)
    if after.state is ContactState.WAITING:
        return _release(live, "requeued", now).then(_back_to_queue(before, after))
    if after.state in (ContactState.WRAP_UP, ContactState.CLOSED) and before.call_state != CallState.ENDED:
        return _release(live, "call_ended", now).then(_hang_up_caller(after))
    return NOTHING


def _ring(contact: Contact, staff_id: StaffId, leg_id: LegId, now: datetime, *, caller_waits: bool) -> Change:
    leg = Leg(id=leg_id, contact_id=contact.id, staff_id=staff_id, made_at=now, caller_waits=caller_waits)
    change = _leg_changed(leg, "owed", MACHINE)
    change = change.then(Change(effects=(Effect("ring_counselor", contact.id, leg.id, {"leg_id": leg.id}),)))
    if contact.call_state != CallState.GREETING:  # the notices are heard to their end
        change = change.then(_line_changed(contact, CallState.RINGING, MACHINE))
    return change


def _release(legs: Iterable[Leg], why: str, now: datetime) -> Change:
    change = NOTHING
    for leg in legs:
        change = change.then(leg_over(leg, why, MACHINE, now, hang_up=True))
    return change


def _leg_ended(leg: Leg, why: str, actor: str, now: datetime) -> Change:
    leg = leg.model_copy(update={"state": LegState.ENDED, "ended_at": now, "ended_why": why})
    return _leg_changed(leg, "ended", actor, why=why)


def _back_to_queue(before: Contact, after: Contact) -> Change:
    """Who is in the room, or may be on the way to it, is taken back into the queue; who queues stays there."""
    if before.call_state not in (CallState.BRIDGED, CallState.RINGING):
        return NOTHING
    key = f"{after.id}:queue:{after.version}"
    owed = Effect("return_to_queue", after.id, key, {"call_sid": after.call_sid})
    return _line_changed(after, CallState.QUEUED, MACHINE).then(Change(effects=(owed,)))


def _hang_up_caller(contact: Contact) -> Change:
    if contact.ended_by in (EndedBy.PERSON, EndedBy.CARRIER):
        return NOTHING  # the line is dead already
    return Change(
        effects=(Effect("hang_up", contact.id, f"{contact.id}:hang_up", {"call_sid": contact.call_sid}),)
    )


# What the carrier reports -----------------------------------------------------------------------


def entered_queue(contact: Contact, legs: Iterable[Leg]) -> Change:
    """The notices were heard. A counselor who is already in the room is joined at once."""
    if contact.call_state != CallState.GREETING:
        return NOTHING
    live = live_legs(legs)
    change = _line_changed(contact, CallState.RINGING if live else CallState.QUEUED, CARRIER)
    for leg in live:
        if leg.state is LegState.ANSWERED:
            change = change.then(Change(effects=(_join(contact, leg),)))
    return change


def _join(contact: Contact, leg: Leg) -> Effect:
    return Effect("join_room", contact.id, f"{leg.id}:join", {"call_sid": contact.call_sid, "leg_id": leg.id})


def leg_rung(leg: Leg, sid: str) -> Change:
    """The carrier took the order. Its other reports may have come before this answer."""
    if leg.state is LegState.ENDED and leg.sid is None:
        # Not wanted any more while it was ordered: hang up what was just made.
        effect = Effect("hang_up_leg", leg.contact_id, f"{leg.id}:hang_up_late", {"leg_id": leg.id})
        return Change(save=(leg.model_copy(update={"sid": sid}),), effects=(effect,))
    state = LegState.RINGING if leg.state is LegState.OWED else leg.state
    if leg.sid == sid and state is leg.state:
        return NOTHING
    return _leg_changed(leg.model_copy(update={"sid": sid, "state": state}), "rung", CARRIER)


def leg_answered(leg: Leg, contact: Contact, sid: str, now: datetime) -> Change:
    """The counselor picked up: into the room, and the caller is fetched (unless the notices still play)."""
    if leg.state not in (LegState.OWED, LegState.RINGING) or contact.counselor_id != leg.staff_id:
        return NOTHING
    state = LegState.BRIDGED if leg.caller_waits else LegState.ANSWERED
    leg = leg.model_copy(update={"state": state, "sid": sid, "answered_at": now})
    change = _leg_changed(leg, "answered", CARRIER)
    if leg.caller_waits:
        return change.then(_line_changed(contact, CallState.BRIDGED, CARRIER))
    if contact.call_state == CallState.GREETING:
        return change
    return change.then(Change(effects=(_join(contact, leg),)))


def in_room(contact: Contact, legs: Iterable[Leg]) -> Change:
    """The caller is in the room."""
    answered = [leg for leg in live_legs(legs) if leg.state is LegState.ANSWERED]
    if contact.call_state not in (CallState.RINGING, CallState.QUEUED) or not answered:
        return NOTHING
    leg = answered[-1].model_copy(update={"state": LegState.BRIDGED})
    return _leg_changed(leg, "bridged", CARRIER).then(_line_changed(contact, CallState.BRIDGED, CARRIER))


def leg_over(leg: Leg, why: str, actor: str, now: datetime, *, hang_up: bool) -> Change:
    """The leg is over, whoever ended it; `hang_up` if the carrier does not know yet."""
    if leg.state is LegState.ENDED:
        return NOTHING
    change = _leg_ended(leg, why, actor, now)
    if not hang_up:
        return change
    return change.then(
        Change(effects=(Effect("hang_up_leg", leg.contact_id, f"{leg.id}:hang_up", {"leg_id": leg.id}),))
    )


def transcript_is(contact: Contact, transcript: Transcript, now: datetime) -> Change:
    """A transcript that failed is begun again once; if it fails again the counselor listens without it."""
    over = contact.call_state == CallState.ENDED and transcript is not Transcript.OFF
    if contact.transcript == transcript or over:
        return NOTHING
    contact = moved(contact, transcript=transcript.value)
    event = Event("contact", f"transcript_{transcript}", contact.id, CARRIER)
    change = Change(save=(contact,), events=(event,), answer=contact)
    if transcript is not Transcript.FAILED:
        return change
    payload = {"call_sid": contact.call_sid, "language": contact.language}
    again = Effect(
        "transcribe", contact.id, f"{contact.id}:transcribe", payload, now + TRANSCRIBED_AGAIN_AFTER
    )
    return change.then(Change(effects=(again,)))
