"""The port to the telephone network: what the service asks of a carrier, in its own words.

    the person's call ──▶ greeting ──▶ queue (announcements) ──▶ room ◀── the counselor's leg
                                          ▲                       │
                                          └──── return_to_queue ──┘

A *room* is where the two are bridged; its name is the contact's id. What the carrier reports comes in by
webhooks (`web_console/webhooks/`). Nothing here takes an idempotency key at the carrier: who sends must have
noted it before, and after a crash asks `call_status`, `find_leg` or `find_message` what happened.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NewType, Protocol

from hotline.errors import HotlineError
from hotline.telephony.call_rooms import CallRooms
from hotline.telephony.messaging import Messenger

if TYPE_CHECKING:
    from hotline.telephony.call_recorder import CallRecorder

CallSid = NewType("CallSid", str)


class CallStatus(StrEnum):
    QUEUED = "queued"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"

    @property
    def is_over(self) -> bool:
        return self not in (CallStatus.QUEUED, CallStatus.RINGING, CallStatus.IN_PROGRESS)


class CarrierBusy(HotlineError):
    """The carrier could not be reached, is overloaded or slow: the same may be tried again after `retry_after`."""

    code = "carrier_busy"

    def __init__(
        self, detail: str = "", *, retry_after: timedelta | None = None, unsure: bool = False
    ) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        self.unsure = unsure
        """The request may have been carried out although no answer came."""


class CarrierRefused(HotlineError):
    """The carrier understood and refused: trying the same again is useless. `reason` is its error number."""

    code = "carrier_refused"

    def __init__(self, detail: str = "", *, reason: int = 0) -> None:
        super().__init__(detail)
        self.reason = reason


class CallGone(CarrierRefused):
    """There is no such call, or it is over."""

    code = "call_gone"


@dataclass(frozen=True, slots=True)
class CounselorLeg:
    """A counselor's phone to be rung. `leg_id` comes back in every report about this leg.

    `number`: rung instead of the browser; there a key has to be pressed first, since machines pick up too.
    """

    leg_id: str
    contact_id: str
    staff_id: str
    ring_for: timedelta
    number: str | None = field(default=None, repr=False)


class Carrier(Messenger, CallRooms, Protocol):
    """A telephone network: calls, the rooms they meet in (`call_rooms.py`), and texts (`messaging.py`)."""

    @property
    def recorder(self) -> CallRecorder | None:
        """None if this carrier cannot record."""
        ...

    async def ring_counselor(self, leg: CounselorLeg) -> CallSid:
        """Ring the counselor's phone; who answers enters the contact's room."""
        ...

    async def find_leg(
        self, leg: CounselorLeg, since: datetime, *, but_not: Collection[str] = ()
    ) -> CallSid | None:
        """The call that `ring_counselor` made after `since`, if it did; none of `but_not`, which are others'."""
        ...

    async def join_room(self, call_sid: CallSid, contact_id: str) -> None:
        """Take the person's call out of the queue and into the contact's room."""
        ...

    async def return_to_queue(self, call_sid: CallSid, contact_id: str) -> None:
        """Take the person's call back into the queue, with words."""
        ...

    async def hang_up(self, call_sid: CallSid) -> None:
        """Done too if the call is already over."""
        ...

    async def call_status(self, call_sid: CallSid) -> CallStatus:
        """Raises `CallGone` if the carrier knows no such call."""
        ...

    async def start_transcription(self, call_sid: CallSid, language: str) -> None:
        """By the carrier's recogniser; or stream the audio to ours, where one is set."""
        ...

    async def stop_transcription(self, call_sid: CallSid) -> None:
        """Done too if nothing is transcribed."""
        ...

    async def close(self) -> None: ...
