"""The carrier is asked which lines are still there: reports come late, or never; a dead line must hold nobody."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from hotline.actions.call_legs import leg_status
from hotline.actions.carrier_events import call_status
from hotline.domain.calls import CallState, Leg, LegState
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.errors import HotlineError
from hotline.telephony.carrier import CallGone, CallSid, CallStatus

if TYPE_CHECKING:
    from hotline.service import Hotline

log = logging.getLogger(__name__)


async def ask_after_lines(hotline: Hotline) -> None:
    """At start and every minute. The callers first: with a caller's going the other lines of the room are over too."""
    if hotline.carrier is None:
        return
    legs = hotline.reader.table(Leg).c
    rung = (LegState.RINGING, LegState.ANSWERED, LegState.BRIDGED)
    live = await hotline.reader.where(Leg, legs.state.in_(rung))
    for contact in await _callers(hotline, {leg.contact_id for leg in live}):
        status = await _status_of(hotline, contact.call_sid or "", contact.id)
        if status is not None:
            await call_status(hotline, contact.call_sid or "", status)
    for leg in live:
        status = await _status_of(hotline, leg.sid, leg.id) if leg.sid is not None else None
        if status is not None:
            await leg_status(hotline, leg.id, status)


async def _callers(hotline: Hotline, with_legs: set[str]) -> list[Contact]:
    """Those who wait or are served, and those who were handed over and speak with an outside party."""
    column = hotline.reader.table(Contact).c
    ours = (ContactState.WAITING, ContactState.ACTIVE)
    going_on = await hotline.reader.where(Contact, column.channel == Channel.CALL, column.state.in_(ours))
    outside = await hotline.reader.where(
        Contact, column.id.in_(sorted(with_legs)), column.call_state == CallState.HANDED_OVER
    )
    return [each for each in (*going_on, *outside) if each.call_sid is not None]


async def _status_of(hotline: Hotline, sid: str, name: str) -> CallStatus | None:
    """None if the carrier cannot be asked now: the next round asks again."""
    if hotline.carrier is None:
        return None
    try:
        return await hotline.carrier.call_status(CallSid(sid))
    except CallGone:
        return CallStatus.FAILED
    except HotlineError:
        log.warning("carrier: it cannot be asked about %s", name)
        return None
