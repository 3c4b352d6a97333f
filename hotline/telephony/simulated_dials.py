"""A line of the simulated carrier that is connected to another telephone (`<Dial><Number>`).

    the line waits ──▶ the other rings ──▶ picked up ──▶ hears its own script first ──ends by itself──▶ connected
                                                              └──hung up──▶ the line goes on, not connected

A person presses a key when asked; a number among the carrier's `machines` never does.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hotline.telephony.carrier import CallStatus
from hotline.telephony.simulated_line import Line, Verb

if TYPE_CHECKING:
    from hotline.telephony.simulator import SimulatedCarrier

_ENDS_WITH_EITHER = {"endConferenceOnExit": "true"}


def begin(carrier: SimulatedCarrier, line: Line, verb: Verb, other: Verb, now: datetime) -> None:
    ring_for = timedelta(seconds=float(verb.options.get("timeout", "30")))
    leg = carrier.ring(other.text, other.options.get("url", ""), "", ring_for, now)
    leg.from_ = verb.options.get("callerId", line.from_)
    leg.dialled_by, line.dials = line.sid, leg.sid


def script_over(carrier: SimulatedCarrier, leg: Line, now: datetime) -> None:
    """Whoever picked up has heard it to the end: connected; or they were, and the other end is gone."""
    line = carrier.lines.get(leg.dialled_by or "")
    if leg.was_connected or line is None or line.is_over:
        carrier.end(leg, CallStatus.COMPLETED, now)
        return
    leg.was_connected = True
    line.heard.append(f"connected to {leg.to}")
    for each in (line, leg):
        carrier.enter(each, f"dial {line.sid}", _ENDS_WITH_EITHER, now)


def leg_over(carrier: SimulatedCarrier, leg: Line, now: datetime) -> None:
    """The other telephone was not picked up, or its person pressed no key: the line goes on."""
    line = carrier.lines.get(leg.dialled_by or "")
    if line is None or line.dials != leg.sid:
        return
    line.dials = None
    if not leg.was_connected and not line.is_over:
        carrier.dial_over(line, now, leg.status.value, connected=False)


def duration(carrier: SimulatedCarrier, line: Line, now: datetime) -> dict[str, str]:
    """How long the other telephone was up, if one was."""
    legs = [each for each in carrier.lines.values() if each.dialled_by == line.sid and each.answered_at]
    if not legs:
        return {}
    answered_at = legs[-1].answered_at or now
    return {"DialCallDuration": str(round((now - answered_at).total_seconds()))}


def line_over(carrier: SimulatedCarrier, line: Line, now: datetime) -> None:
    """Whoever had it dialled is gone, or was taken elsewhere."""
    leg, line.dials = carrier.lines.get(line.dials or ""), None
    if leg is not None:
        carrier.end(leg, CallStatus.COMPLETED if leg.was_connected else CallStatus.CANCELED, now)


def asked_for_key(carrier: SimulatedCarrier, leg: Line, now: datetime) -> None:
    if leg.dialled_by is not None and leg.to not in carrier.machines:
        leg.presses_at = now + carrier.answers_after
