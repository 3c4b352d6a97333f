"""Ringing the duty telephones, when a text to them was not enough: one row for the whole service.

    over ──a text was sent──▶ told ──no better after a while──▶ ringing 1 ──no key──▶ ringing 2 … ──▶ in_vain
      ▲                                         │ a key             ▲                                   │
      │                                         ▼                   └──── a while later ────────────────┤
      └── nobody waits any more ─────────── acknowledged ──its time is over, and somebody still waits───┘

| state        | its clock                                                                        |
|--------------|----------------------------------------------------------------------------------|
| told         | `duty_called_after` from the text: the first telephone rings                     |
| ringing      | a ring and the words: the next telephone                                          |
| acknowledged | `duty_acknowledged_for`: the first one rings again, if somebody still waits;     |
|              | `told` again if who took a caller hung up before they met                        |
| in_vain      | `duty_called_again_after`: the first one rings again                              |
| over         | none                                                                             |

Who picks up hears how many wait and how long: 1 takes the next caller at once, 2 acknowledges. A machine presses no
key.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import SQLModel

from hotline.domain.change import MACHINE, Change, Due, Effect, Event
from hotline.domain.service_rules import ServiceRules

DUTY_RING_ID = "duty_ring"
RINGS_FOR = timedelta(seconds=30)
_SPOKEN_FOR = timedelta(seconds=60)
"""From picking up to a key: the words twice, and a margin for the carrier's report."""


class RingState(StrEnum):
    TOLD = "told"
    RINGING = "ringing"
    ACKNOWLEDGED = "acknowledged"
    IN_VAIN = "in_vain"
    OVER = "over"


class DutyRing(SQLModel):
    """`attempt` counts the rings, so that reports of an earlier one change nothing; `number` is the place of the
    telephone in the list."""

    id: str = DUTY_RING_ID
    state: RingState = RingState.TOLD
    since: datetime
    attempt: int = 0
    number: int = 0
    call_sid: str | None = None
    version: int = 1


_WAITS_FOR = {
    RingState.TOLD: "duty_rings",
    RingState.RINGING: "duty_rings_next",
    RingState.ACKNOWLEDGED: "duty_rings",
    RingState.IN_VAIN: "duty_rings",
}


def due(ring: DutyRing, rules: ServiceRules) -> Due | None:
    spans = {
        RingState.TOLD: rules.duty_called_after,
        RingState.RINGING: RINGS_FOR + _SPOKEN_FOR,
        RingState.ACKNOWLEDGED: rules.duty_acknowledged_for,
        RingState.IN_VAIN: rules.duty_called_again_after,
    }
    span = spans.get(ring.state)
    return None if span is None else Due(_WAITS_FOR[ring.state], ring.since + span)


def _changed(ring: DutyRing, what: str, actor: str = MACHINE) -> Change:
    facts = {"attempt": ring.attempt, "number": ring.number}
    return Change((ring,), (Event("duty_ring", what, ring.id, actor, facts),), answer=ring)


def _to(ring: DutyRing, state: RingState, now: datetime) -> DutyRing:
    return ring.model_copy(
        update={"state": state, "since": now, "call_sid": None, "version": ring.version + 1}
    )


def told(ring: DutyRing | None, now: datetime) -> Change:
    """A text has gone out. What runs already runs on."""
    if ring is None:
        return _changed(DutyRing(since=now), "told")
    if ring.state is not RingState.OVER:
        return Change(answer=ring)
    return _changed(_to(ring, RingState.TOLD, now), "told")


def _rung(ring: DutyRing, number: int, now: datetime) -> Change:
    ring = _to(ring, RingState.RINGING, now).model_copy(
        update={"number": number, "attempt": ring.attempt + 1}
    )
    payload = {"attempt": ring.attempt, "number": number}
    owed = Effect("ring_duty", ring.id, f"{ring.id}:{ring.attempt}", payload)
    return _changed(ring, "rung").then(Change(effects=(owed,))).answering(ring)


def on_deadline(
    ring: DutyRing, now: datetime, rules: ServiceRules, *, anybody_waits: bool, telephones: int
) -> Change:
    next_due = due(ring, rules)
    if next_due is None or next_due.at > now:
        return Change(save=(ring,), answer=ring)
    if not anybody_waits or telephones == 0:
        return _changed(_to(ring, RingState.OVER, now), "over")
    if ring.state is RingState.RINGING:
        return unanswered(ring, ring.attempt, now, telephones)
    return _rung(ring, 0, now)


def unanswered(ring: DutyRing, attempt: int, now: datetime, telephones: int) -> Change:
    """Nobody there pressed a key: the next telephone, or a pause before the next round."""
    if ring.state is not RingState.RINGING or ring.attempt != attempt:
        return Change(answer=ring)
    if ring.number + 1 < telephones:
        return _rung(ring, ring.number + 1, now)
    return _changed(_to(ring, RingState.IN_VAIN, now), "in_vain")


def named(ring: DutyRing, attempt: int, call_sid: str) -> Change:
    """The carrier's name of the call."""
    if ring.state is not RingState.RINGING or ring.attempt != attempt or ring.call_sid == call_sid:
        return Change(answer=ring)
    ring = ring.model_copy(update={"call_sid": call_sid})
    return Change((ring,), answer=ring)


def acknowledged(ring: DutyRing, attempt: int, now: datetime, *, takes: bool) -> Change:
    """A key was pressed: somebody has it in hand, for a while."""
    if ring.attempt != attempt or ring.state is not RingState.RINGING:
        return Change(answer=ring)
    return _changed(_to(ring, RingState.ACKNOWLEDGED, now), "took" if takes else "acknowledged")


def not_met(ring: DutyRing, attempt: int, now: datetime) -> Change:
    """Who took a caller was gone before they met: it rings again as after a text."""
    if ring.attempt != attempt or ring.state is not RingState.ACKNOWLEDGED:
        return Change(answer=ring)
    return _changed(_to(ring, RingState.TOLD, now), "told")
