"""The part of the carrier's port that records: a call's own line, told to pause, fetched when it is over.

Nothing here is told twice what it was told once without asking `find` first: two recordings of one call would be
one too many to be deleted.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType, Protocol

from hotline.telephony.carrier import CallSid, CarrierRefused

RecordingSid = NewType("RecordingSid", str)


class RecordingStatus(StrEnum):
    IN_PROGRESS = "in-progress"
    PAUSED = "paused"
    STOPPED = "stopped"
    PROCESSING = "processing"
    COMPLETED = "completed"
    ABSENT = "absent"
    FAILED = "failed"
    DELETED = "deleted"


class RecordingGone(CarrierRefused):
    """The carrier knows no such recording."""

    code = "recording_gone"


@dataclass(frozen=True, slots=True)
class RecordingAtCarrier:
    sid: RecordingSid
    status: RecordingStatus
    seconds: int | None


class CallRecorder(Protocol):
    async def start(self, call_sid: CallSid, recording_id: str) -> RecordingSid:
        """Record both sides of this line; `recording_id` comes back in every report about it."""
        ...

    async def find(self, call_sid: CallSid) -> RecordingSid | None:
        """The recording that runs on this line."""
        ...

    async def change(self, call_sid: CallSid, sid: RecordingSid, to: RecordingStatus) -> None:
        """To IN_PROGRESS, PAUSED or STOPPED. Raises `CallGone` if the line is over."""
        ...

    async def look(self, sid: RecordingSid) -> RecordingAtCarrier:
        """How far it is. Raises `RecordingGone`."""
        ...

    async def left_after_tone(self, call_sid: CallSid) -> RecordingAtCarrier | None:
        """The finished message that was recorded on this line by a script, not by `start`; None: there is none."""
        ...

    def audio(self, sid: RecordingSid) -> AsyncIterator[bytes]:
        """The finished recording as a WAV file, in pieces."""
        ...

    async def remove(self, sid: RecordingSid) -> None:
        """Delete the carrier's copy; done too if it is gone already."""
        ...
