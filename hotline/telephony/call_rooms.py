"""The part of the carrier's port that acts inside a call's room: who is rung into it, who hears what.

A room bears the contact's id. Everything here may be said twice, but for ringing and words to all.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from hotline.telephony.carrier import CallSid


@dataclass(frozen=True, slots=True)
class PartyLeg:
    """An outside number to be rung into the contact's room. `confirmed`: a key has to be pressed first, since nobody
    of ours will be there to notice a machine."""

    leg_id: str
    contact_id: str
    ring_for: timedelta
    number: str = field(repr=False)
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class PersonCall:
    """The person of a contact is called back: who answers hears who calls, and enters the contact's room."""

    contact_id: str
    ring_for: timedelta
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DutyCall:
    """A duty telephone is rung, with words for whoever picks up. `attempt` comes back in every report about it."""

    attempt: int
    ring_for: timedelta
    number: str = field(repr=False)


class CallRooms(Protocol):
    async def ring_duty(self, call: DutyCall) -> CallSid: ...

    async def find_duty(self, call: DutyCall, since: datetime) -> CallSid | None:
        """The call that `ring_duty` made after `since`, if it did."""
        ...

    async def join_duty(self, call_sid: CallSid, contact_id: str) -> None:
        """Take the person's call out of the queue, to whoever answered the duty telephone."""
        ...

    async def call_person(self, call: PersonCall) -> CallSid: ...

    async def find_person_call(self, call: PersonCall, since: datetime) -> CallSid | None:
        """The call that `call_person` made after `since`, if it did."""
        ...

    async def ring_party(self, leg: PartyLeg) -> CallSid:
        """Ring an outside number; who answers enters the contact's room."""
        ...

    async def find_party(
        self, leg: PartyLeg, since: datetime, *, but_not: Collection[str] = ()
    ) -> CallSid | None:
        """The call that `ring_party` made after `since`, if it did; none of `but_not`, which are others'."""
        ...

    async def hold(self, call_sid: CallSid, contact_id: str, *, on: bool) -> None:
        """A line in the room (the person's, a party's) hears words and music instead of it, or the room again.
        Raises `CallGone` if the line is not in the room."""
        ...

    async def supervise(self, call_sid: CallSid, contact_id: str, mode: str, coached: CallSid | None) -> None:
        """A supervisor's line in the room: `monitor` is heard by nobody, `whisper` by `coached` alone, `barge` by all.

        A whisper without an ear to hear it is heard by nobody.
        """
        ...

    async def announce(self, contact_id: str, what: str) -> None:
        """Words of the service (`words.py`) to all in the room."""
        ...
