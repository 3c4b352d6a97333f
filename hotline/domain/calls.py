"""A call's way, and the legs that connect it to counselors.

    greeting ──▶ queued ──assigned──▶ ringing ──both in the room──▶ bridged ──▶ ended
                   ▲                     │▲ leg not answered        │ │            ▲
                   └─────────────────────┘└── leg lost: way back ───┘ └─▶ handed_over (to an outside number)

| leg      | means                                            | next deadline (`due`)                      |
|----------|--------------------------------------------------|--------------------------------------------|
| owed     | the phone is to be rung                          | not answered: a counselor's caller goes to |
|          |                                                  | the front, a party is given up             |
| ringing  | the carrier rings it                             | the same                                   |
| answered | the counselor is in the room, the caller comes   | not bridged: the caller goes to the front  |
| bridged  | in the room with the caller                      | none: the contact's own                    |
| ended    | over, `ended_why` says how                       | none                                       |

The carrier reports late, twice, out of order or never: every move says from where it is possible and is
nothing otherwise. The contact's `state` is who serves it; `call_state` is where its line is. Who else is in the
room, on hold or listening is `call_room.py`'s.
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
from hotline.domain.ids import ContactId, LegId, OfferId, StaffId
from hotline.domain.phones import RungAt
from hotline.domain.service_rules import ServiceRules

TRANSCRIBED_AGAIN_AFTER = timedelta(seconds=2)
"""The recogniser's own trouble mostly passes in about that time."""


PICKED_UP_WITHIN = timedelta(seconds=20)
"""Beyond the ringing of an outside number: words that ask for a key, and the carrier's report."""


class CallState(StrEnum):
    GREETING = "greeting"
    QUEUED = "queued"
    RINGING = "ringing"
    BRIDGED = "bridged"
    CALL_BACK = "call_back"
    """Their line is over, their place is kept (`kept_places.py`): they are called by whoever takes it."""
    OUTSIDE = "outside"
    """They still wait with us, and speak with a partner line or a person on duty meanwhile (`outside_line.py`)."""
    HANDED_OVER = "handed_over"
    """The caller speaks with an outside party; nobody of ours is with them, by a counselor's decision."""
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


PICKED_UP = (LegState.ANSWERED, LegState.BRIDGED)


class LegKind(StrEnum):
    """Whom a leg connects. `counselor` serves the contact; `consulted` is a colleague who may take it over."""

    COUNSELOR = "counselor"
    CONSULTED = "consulted"
    SUPERVISOR = "supervisor"
    INTERPRETER = "interpreter"
    GUARDIAN = "guardian"
    EMERGENCY_DESK = "emergency_desk"
    PARTNER = "partner"
    OTHER = "other"


OF_STAFF = (LegKind.COUNSELOR, LegKind.CONSULTED, LegKind.SUPERVISOR)


class Supervision(StrEnum):
    """monitor: hears all, heard by nobody; whisper: heard by the counselor alone; barge: heard by all."""

    MONITOR = "monitor"
    WHISPER = "whisper"
    BARGE = "barge"


class Leg(SQLModel):
    """One attempt to connect one phone: a member of staff's or an outside number. `sid` is the carrier's name for
    it, once known.

    `caller_waits`: the caller is in the room already (a transfer, a way back) and must not be moved: their going
    ends it. `back_until`: a way back after the counselor's line broke; until then it is rung again and again.
    `offer_id`: it rings with an open offer; picking it up accepts that. `rung_at`: where, if its owner has two.
    """

    id: LegId
    contact_id: ContactId
    kind: LegKind = LegKind.COUNSELOR
    staff_id: StaffId | None = None
    number: str | None = None
    number_masked: str | None = None
    state: LegState = LegState.OWED
    sid: str | None = None
    caller_waits: bool = False
    back_until: datetime | None = None
    offer_id: OfferId | None = None
    rung_at: RungAt | None = None
    mode: Supervision | None = None
    on_hold: bool = False
    made_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str | None = None


NewLegs = tuple[tuple[LegId, RungAt], ...]


def due(leg: Leg, rules: ServiceRules) -> Due | None:
    if leg.state in (LegState.OWED, LegState.RINGING):
        return Due("leg_unanswered", leg.back_until or leg.made_at + ring_for(leg, rules))
    if leg.state is LegState.ANSWERED:
        return Due("leg_not_bridged", (leg.answered_at or leg.made_at) + rules.leg_bridged_within)
    return None


def ring_for(leg: Leg, rules: ServiceRules) -> timedelta:
    if leg.offer_id is not None:  # accepted in the last moment at the console it rings on
        return rules.offer_within + rules.leg_answered_within
    if leg.kind in OF_STAFF:
        return rules.leg_answered_within
    return rules.party_answered_within + PICKED_UP_WITHIN


def leg_changed(leg: Leg, what: str, actor: str, **facts: Any) -> Change:
    facts = {"contact_id": leg.contact_id, "staff_id": leg.staff_id, "kind": leg.kind, **facts}
    return Change(save=(leg,), events=(Event("leg", what, leg.id, actor, facts),), answer=leg)


def _line_changed(contact: Contact, state: CallState, actor: str, **fields: Any) -> Change:
    if contact.call_state == state:
        return NOTHING
    contact = moved(contact, call_state=state.value, **fields)
    return Change(
        save=(contact,), events=(Event("contact", f"call_{state}", contact.id, actor),), answer=contact
    )


def live_legs(legs: Iterable[Leg], *kinds: LegKind) -> list[Leg]:
    """Those that are not over, oldest first; of these kinds, or of all. What only rings with an offer is no part of
    the call yet."""
    live = (leg for leg in legs if leg.state is not LegState.ENDED and leg.offer_id is None)
    live = (leg for leg in live if not kinds or leg.kind in kinds)
    return sorted(live, key=lambda leg: (leg.made_at, leg.id))


def caller_in_room(contact: Contact, legs: Iterable[Leg]) -> bool:
    """Whether the caller stands in the room by what we know: with somebody, or on hold for them."""
    if contact.call_state in (CallState.BRIDGED, CallState.HANDED_OVER):
        return True
    waits = any(leg.caller_waits for leg in live_legs(legs, LegKind.COUNSELOR))
    return contact.call_state == CallState.RINGING and waits


# A telephone that rings with an offer -----------------------------------------------------------


def ring_with_offer(contact: Contact, staff_id: StaffId, offer_id: OfferId, now: datetime) -> Change:
    """The counselor's own number; the caller's line is not touched until somebody has accepted."""
    leg = Leg(
        id=leg_of_offer(offer_id),
        contact_id=contact.id,
        staff_id=staff_id,
        offer_id=offer_id,
        rung_at=RungAt.NUMBER,
        made_at=now,
    )
    return _rung(leg, MACHINE)


def leg_of_offer(offer_id: str) -> LegId:
    return LegId(f"leg_{offer_id}")


def accepted_at_console(leg: Leg, now: datetime) -> Change:
    """It rings on, for as long as any telephone of who took a call."""
    leg = leg.model_copy(update={"offer_id": None, "made_at": now})
    return leg_changed(leg, "offer_accepted", str(leg.staff_id))


def picked_up_with_offer(leg: Leg, sid: str, now: datetime) -> Change:
    update = {"offer_id": None, "state": LegState.ANSWERED, "sid": sid, "answered_at": now}
    return leg_changed(leg.model_copy(update=update), "answered", CARRIER)


def fetched(contact: Contact, leg: Leg) -> Change:
    """The caller is brought to who has picked up already, unless the notices still play."""
    if contact.call_state == CallState.GREETING:
        return NOTHING
    return Change(effects=(_join(contact, leg),))


# What the contact's state asks of the line ------------------------------------------------------

HANDED_OVER = "handed_over"
"""The end reason of a contact whose caller goes on speaking with an outside party."""


def on_contact_changed(
    before: Contact | None, after: Contact, legs: Iterable[Leg], new_legs: NewLegs, now: datetime
) -> Change:
    """Somebody took the contact, lost it, or it is over: legs and the caller's call must follow. `new_legs`: the ids
    of the legs where its counselor would be rung."""
    legs = list(legs)
    if after.channel is not Channel.CALL or before is None:
        return NOTHING
    live = live_legs(legs)
    if after.call_sid is None:
        return _without_line(after, live, new_legs, now)
    if after.state is ContactState.ACTIVE and after.counselor_id is not None:
        again = listened_again(after) if before.call_state == CallState.OUTSIDE else NOTHING
        waits = caller_in_room(before, live) or _waited_in_vain(before, legs)
        served = _served_by(after, after.counselor_id, live, new_legs, now, caller_waits=waits)
        return served.then(again)
    if after.state is ContactState.WAITING:
        again = listened_again(after) if before.call_state == CallState.HANDED_OVER else NOTHING
        return release(live, "requeued", now).then(_back_to_queue(before, after)).then(again)
    if before.state in (ContactState.WAITING, ContactState.ACTIVE):
        return _over(after, live, now)
    return NOTHING


def _without_line(after: Contact, live: list[Leg], new_legs: NewLegs, now: datetime) -> Change:
    """Somebody who is to be called: the phone of who took their place rings first. Without a number there is only
    what they said, and no phone rings."""
    if after.followup_id is None:
        return NOTHING
    if after.state is ContactState.WAITING:
        return release(live, "requeued", now).then(_line_changed(after, CallState.CALL_BACK, MACHINE))
    if after.state is not ContactState.ACTIVE:
        return release(live, "call_ended", now)
    if after.counselor_id is None or after.number is None:
        return NOTHING
    return _served_by(after, after.counselor_id, live, new_legs, now, caller_waits=False)


def _waited_in_vain(contact: Contact, legs: list[Leg]) -> bool:
    """The phone for which they waited in the room was not picked up a moment ago; there they still are."""
    rung = [leg for leg in legs if leg.kind is LegKind.COUNSELOR]
    last = max(rung, key=lambda leg: (leg.made_at, leg.id), default=None)
    return contact.call_state == CallState.RINGING and last is not None and last.caller_waits


def _served_by(
    after: Contact,
    staff_id: StaffId,
    live: list[Leg],
    new_legs: NewLegs,
    now: datetime,
    *,
    caller_waits: bool,
) -> Change:
    """Their own legs, and no other counselor's; who else is in the room stays."""
    own = live_legs(live, LegKind.COUNSELOR)
    others = [leg for leg in own if leg.staff_id != staff_id]
    theirs = [leg for leg in own if leg.staff_id == staff_id]
    if any(leg.state in PICKED_UP for leg in theirs):
        on_the_way = _line_rings(after) if after.call_state == CallState.QUEUED else NOTHING
        return release(others, "replaced", now).then(on_the_way)
    asked = [] if theirs else live_legs(live, LegKind.CONSULTED)
    change = release([*others, *asked], "replaced", now)
    ringing = {leg.rung_at for leg in theirs}
    leg = Leg(id=LegId(""), contact_id=after.id, staff_id=staff_id, made_at=now, caller_waits=caller_waits)
    for leg_id, at in new_legs:
        if at not in ringing:
            change = change.then(_rung(leg.model_copy(update={"id": leg_id, "rung_at": at}), MACHINE))
    return change.then(_line_rings(after))


def _over(after: Contact, live: list[Leg], now: datetime) -> Change:
    by = {EndedBy.SILENCE: "carrier"}.get(after.ended_by, str(after.ended_by)) if after.ended_by else None
    staying = [leg for leg in live if leg.kind not in OF_STAFF and leg.state is LegState.BRIDGED]
    if after.end_reason == HANDED_OVER and staying:
        leaving = [leg for leg in live if leg not in staying]
        change = release(leaving, HANDED_OVER, now)
        for leg in staying:
            if leg.on_hold:
                leg = leg.model_copy(update={"on_hold": False})
                held = Effect("hold_leg", leg.contact_id, f"{leg.id}:over:hold", {"leg_id": leg.id})
                change = change.then(leg_changed(leg, "unheld", MACHINE)).then(Change(effects=(held,)))
        # They may come back and be handed over once more: an order that bears the same name is not given again.
        key = f"{after.id}:stop_transcript:{after.version}"
        silent = Effect("stop_transcript", after.id, key, {"call_sid": after.call_sid})
        return change.then(_line_changed(after, CallState.HANDED_OVER, MACHINE)).then(
            Change(effects=(silent,))
        )
    ended = moved(after, hung_up_by=by)
    return (
        release(live, "call_ended", now)
        .then(Change(save=(ended,), answer=ended))
        .then(_hang_up_caller(ended))
    )


def ring(contact: Contact, leg: Leg, actor: str, not_before: datetime | None = None) -> Change:
    """A phone is to be rung. A counselor's moves the line; a party's does not."""
    change = _rung(leg, actor, not_before)
    return change.then(_line_rings(contact)) if leg.kind is LegKind.COUNSELOR else change


def _rung(leg: Leg, actor: str, not_before: datetime | None = None) -> Change:
    kind = "ring_counselor" if leg.kind in OF_STAFF else "ring_party"
    owed = Effect(kind, leg.contact_id, leg.id, {"leg_id": leg.id}, not_before)
    return leg_changed(leg, "owed", actor).then(Change(effects=(owed,)))


def _line_rings(contact: Contact) -> Change:
    if contact.call_state == CallState.GREETING:  # the notices are heard to their end
        return NOTHING
    return _line_changed(contact, CallState.RINGING, MACHINE)


def release(legs: Iterable[Leg], why: str, now: datetime, actor: str = MACHINE) -> Change:
    change = NOTHING
    for leg in legs:
        change = change.then(leg_over(leg, why, actor, now, hang_up=True))
    return change


def _leg_ended(leg: Leg, why: str, actor: str, now: datetime) -> Change:
    leg = leg.model_copy(
        update={"state": LegState.ENDED, "ended_at": now, "ended_why": why, "on_hold": False}
    )
    return leg_changed(leg, "ended", actor, why=why)


def _back_to_queue(before: Contact, after: Contact) -> Change:
    """Who is in the room, or may be on the way to it, is taken back into the queue; who queues stays there."""
    if before.call_state not in (CallState.BRIDGED, CallState.RINGING, CallState.HANDED_OVER):
        return NOTHING
    key = f"{after.id}:queue:{after.version}"
    owed = Effect("return_to_queue", after.id, key, {"call_sid": after.call_sid})
    return _line_changed(after, CallState.QUEUED, MACHINE).then(Change(effects=(owed,)))


def hang_up_of(contact_id: ContactId, call_sid: str) -> Effect:
    """Once for each line: whoever is called back has another one each time."""
    return Effect("hang_up", contact_id, f"{contact_id}:hang_up:{call_sid}", {"call_sid": call_sid})


def _hang_up_caller(contact: Contact) -> Change:
    if contact.call_sid is None or contact.ended_by in (EndedBy.PERSON, EndedBy.CARRIER):
        return NOTHING  # the line is dead already
    return Change(effects=(hang_up_of(contact.id, contact.call_sid),))


# What the carrier reports -----------------------------------------------------------------------


def entered_queue(contact: Contact, legs: Iterable[Leg]) -> Change:
    """The notices were heard. A counselor who is already in the room is joined at once."""
    if contact.call_state != CallState.GREETING:
        return NOTHING
    live = live_legs(legs, LegKind.COUNSELOR)
    change = _line_changed(contact, CallState.RINGING if live else CallState.QUEUED, CARRIER)
    for leg in live:
        if leg.state is LegState.ANSWERED:
            change = change.then(Change(effects=(_join(contact, leg),)))
    return change


def _join(contact: Contact, leg: Leg) -> Effect:
    """The caller is fetched; a person whom we call back is called now."""
    if contact.call_sid is None:
        return Effect("call_person", contact.id, f"{leg.id}:call", {"leg_id": leg.id})
    return Effect("join_room", contact.id, f"{leg.id}:join", {"call_sid": contact.call_sid, "leg_id": leg.id})


def leg_rung(leg: Leg, sid: str) -> Change:
    """The carrier took the order. Its other reports may have come before this answer, and know its line better than who
    had to look for it."""
    if leg.sid is not None:
        sid = leg.sid
    if leg.state is LegState.ENDED and leg.sid is None:
        # Not wanted any more while it was ordered: hang up what was just made.
        effect = Effect("hang_up_leg", leg.contact_id, f"{leg.id}:hang_up_late", {"leg_id": leg.id})
        return Change(save=(leg.model_copy(update={"sid": sid}),), effects=(effect,))
    state = LegState.RINGING if leg.state is LegState.OWED else leg.state
    if leg.sid == sid and state is leg.state:
        return NOTHING
    return leg_changed(leg.model_copy(update={"sid": sid, "state": state}), "rung", CARRIER)


def leg_answered(leg: Leg, contact: Contact, legs: Iterable[Leg], sid: str, now: datetime) -> Change:
    """They picked up: into the room, and their other telephone stops ringing. A counselor's caller is fetched (unless
    the notices still play)."""
    if leg.state not in (LegState.OWED, LegState.RINGING) or contact.state is not ContactState.ACTIVE:
        return NOTHING
    if leg.kind is LegKind.COUNSELOR and contact.counselor_id != leg.staff_id:
        return NOTHING
    in_the_room = leg.caller_waits or leg.kind is not LegKind.COUNSELOR
    state = LegState.BRIDGED if in_the_room else LegState.ANSWERED
    leg = leg.model_copy(update={"state": state, "sid": sid, "answered_at": now, "back_until": None})
    change = leg_changed(leg, "answered", CARRIER)
    if leg.kind is not LegKind.COUNSELOR:
        return change
    change = change.then(release(other_telephones(leg, legs), PICKED_UP_ELSEWHERE, now))
    if leg.caller_waits:
        return change.then(_line_changed(contact, CallState.BRIDGED, CARRIER))
    return change.then(fetched(contact, leg))


def other_telephones(leg: Leg, legs: Iterable[Leg]) -> list[Leg]:
    """The same counselor's, which ring or are up beside this one."""
    return [each for each in live_legs(legs, LegKind.COUNSELOR) if each.id != leg.id]


def in_room(contact: Contact, legs: Iterable[Leg]) -> Change:
    """The caller is in the room."""
    answered = [leg for leg in live_legs(legs, LegKind.COUNSELOR) if leg.state is LegState.ANSWERED]
    before = (CallState.GREETING, CallState.RINGING, CallState.QUEUED)
    if contact.call_state not in before or not answered:
        return NOTHING
    leg = answered[-1].model_copy(update={"state": LegState.BRIDGED})
    return leg_changed(leg, "bridged", CARRIER).then(_line_changed(contact, CallState.BRIDGED, CARRIER))


PICKED_UP_ELSEWHERE = "picked_up_elsewhere"


def taken_elsewhere(leg: Leg) -> bool:
    """It stopped ringing because somebody was faster: a colleague, or its owner at their other telephone."""
    return leg.state is LegState.ENDED and leg.ended_why in (PICKED_UP_ELSEWHERE, "taken")


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


def outside_call_over(contact: Contact, legs: Iterable[Leg], by: str, now: datetime) -> Change:
    """A call that was handed over ends with its caller's going. Who is left behind has a way back (`call_legs.py`)."""
    if contact.call_state != CallState.HANDED_OVER:
        return NOTHING
    change = release(live_legs(legs), "call_ended", now)
    return change.then(_line_changed(contact, CallState.ENDED, CARRIER, hung_up_by=by))


def listened_again(contact: Contact) -> Change:
    """Whoever spoke outside is back with us: their words are ours to write down again."""
    if contact.transcript != Transcript.OFF:
        return NOTHING
    payload = {"call_sid": contact.call_sid, "language": contact.language}
    key = f"{contact.id}:listened_again:{contact.version}"
    return Change(effects=(Effect("transcribe", contact.id, key, payload),))


def transcript_is(contact: Contact, transcript: Transcript, now: datetime) -> Change:
    """A transcript that failed is begun again once; if it fails again the counselor listens without it. One that was
    stopped while the caller is with us was to stop for a talk outside, and that is over: begun again, once a minute."""
    over = contact.call_state in (CallState.ENDED, CallState.HANDED_OVER) and transcript is not Transcript.OFF
    if contact.transcript == transcript or over:
        return NOTHING
    contact = moved(contact, transcript=transcript.value)
    event = Event("contact", f"transcript_{transcript}", contact.id, CARRIER)
    change = Change(save=(contact,), events=(event,), answer=contact)
    with_us = contact.call_state in (CallState.QUEUED, CallState.RINGING, CallState.BRIDGED)
    if transcript is Transcript.LIVE or (transcript is Transcript.OFF and not with_us):
        return change
    time = "" if transcript is Transcript.FAILED else f":{now:%Y%m%d%H%M}"
    payload = {"call_sid": contact.call_sid, "language": contact.language}
    key = f"{contact.id}:transcribe{time}"
    again = Effect("transcribe", contact.id, key, payload, now + TRANSCRIBED_AGAIN_AFTER)
    return change.then(Change(effects=(again,)))
