"""What the carrier is owed of recordings, each in the lane of its recording. All may be sent twice but the first.

| kind                | payload | refused or failed                                                     |
|---------------------|---------|-----------------------------------------------------------------------|
| start_recording     |         | nothing is recorded, and shown so                                     |
| set_recording       | wanted  | shown as it really is: a pause that failed is no pause                |
| ask_after_recording |         | asked again later (the recording's deadline)                          |
| fetch_recording     |         | shown as not fetched, and fetched again later                         |
| remove_recording    |         | shown as not removed at the carrier, and tried again later            |
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from hotline.actions.carrier_orders import Order
from hotline.actions.recordings import seen_at_carrier, told
from hotline.domain import recordings
from hotline.domain.change import NOTHING, Change
from hotline.domain.recordings import Recording, RecordingState, Wanted
from hotline.domain.service_rules import ServiceRules
from hotline.errors import HotlineError, NotFound
from hotline.storage.outbox import Owed
from hotline.storage.recording_files import StoredAudio
from hotline.storage.working_set import Loaded
from hotline.telephony.call_recorder import (
    CallRecorder,
    RecordingAtCarrier,
    RecordingGone,
    RecordingSid,
    RecordingStatus,
)
from hotline.telephony.carrier import CallGone, CallSid, CarrierBusy, CarrierRefused

if TYPE_CHECKING:
    from hotline.service import Hotline

_STATUS_OF = {
    Wanted.RUNNING: RecordingStatus.IN_PROGRESS,
    Wanted.PAUSED: RecordingStatus.PAUSED,
    Wanted.STOPPED: RecordingStatus.STOPPED,
}


class NotStored(CarrierBusy):
    """The disk refused: full, or not there. The carrier still has it."""

    code = "not_stored"


def _recorder(hotline: Hotline) -> CallRecorder:
    if hotline.carrier is None or hotline.carrier.recorder is None:
        raise CarrierRefused("This carrier does not record.")
    return hotline.carrier.recorder


async def _recording(hotline: Hotline, owed: Owed) -> Recording:
    recording = await hotline.reader.find(Recording, owed.subject)
    if recording is None:
        raise NotFound("There is no such recording.")
    return recording


def _sid(recording: Recording) -> RecordingSid:
    if recording.sid is None:
        raise CarrierRefused("The carrier never named it.")
    return RecordingSid(recording.sid)


def _loaded(loaded: Loaded, owed: Owed) -> Recording:
    return loaded.get(Recording, owed.subject)


# Begin -------------------------------------------------------------------------------------------


async def _start(hotline: Hotline, owed: Owed) -> RecordingSid:
    recording = await _recording(hotline, owed)
    return await _recorder(hotline).start(CallSid(recording.call_sid or ""), recording.id)


async def _find(hotline: Hotline, owed: Owed) -> RecordingSid | None:
    recording = await _recording(hotline, owed)
    if recording.sid is not None:  # its own reports told us
        return RecordingSid(recording.sid)
    return await _recorder(hotline).find(CallSid(recording.call_sid or ""))


def _start_wanted(loaded: Loaded, owed: Owed) -> bool:
    recording = loaded.find(Recording, owed.subject)
    return recording is not None and recording.state is RecordingState.OWED


def _started(loaded: Loaded, owed: Owed, sid: RecordingSid) -> Change:
    return told(loaded, recordings.started(_loaded(loaded, owed), sid, loaded.now))


def _not_started(loaded: Loaded, owed: Owed, error: HotlineError, _rules: ServiceRules) -> Change:
    recording = _loaded(loaded, owed)
    if isinstance(error, CallGone):
        return told(loaded, recordings.absent(recording))
    return told(loaded, recordings.not_started(recording, error.code))


# Pause, resume, stop -----------------------------------------------------------------------------


async def _set(hotline: Hotline, owed: Owed) -> None:
    recording = await _recording(hotline, owed)
    status = _STATUS_OF[Wanted(owed.payload["wanted"])]
    await _recorder(hotline).change(CallSid(recording.call_sid or ""), _sid(recording), status)


def _set_wanted(loaded: Loaded, owed: Owed) -> bool:
    """As it is wanted now, not as it was when this was owed."""
    recording = loaded.find(Recording, owed.subject)
    live = (RecordingState.RUNNING, RecordingState.PAUSED)
    return recording is not None and recording.state in live and recording.wanted == owed.payload["wanted"]


def _is_set(loaded: Loaded, owed: Owed, _result: None) -> Change:
    return told(loaded, recordings.is_set(_loaded(loaded, owed), Wanted(owed.payload["wanted"])))


def _not_set(loaded: Loaded, owed: Owed, error: HotlineError, _rules: ServiceRules) -> Change:
    if isinstance(error, CallGone):
        return NOTHING  # the line is over: its end will be reported
    recording, wanted = _loaded(loaded, owed), Wanted(owed.payload["wanted"])
    return told(loaded, recordings.not_set(recording, wanted, error.code))


# Ask, fetch, remove ------------------------------------------------------------------------------


async def _ask(hotline: Hotline, owed: Owed) -> RecordingAtCarrier:
    return await _recorder(hotline).look(_sid(await _recording(hotline, owed)))


def _answered(loaded: Loaded, owed: Owed, seen: RecordingAtCarrier) -> Change:
    return told(loaded, seen_at_carrier(_loaded(loaded, owed), seen, loaded))


def _unanswered(loaded: Loaded, owed: Owed, error: HotlineError, _rules: ServiceRules) -> Change:
    if isinstance(error, RecordingGone):
        return told(loaded, recordings.lost(_loaded(loaded, owed), "gone"))
    return NOTHING


async def _fetch(hotline: Hotline, owed: Owed) -> StoredAudio | None:
    """None: the carrier says that there is nothing after all."""
    recording = await _recording(hotline, owed)
    recorder, sid = _recorder(hotline), _sid(recording)
    seen = await recorder.look(sid)
    if seen.status is RecordingStatus.ABSENT:
        return None
    if seen.status is not RecordingStatus.COMPLETED:
        raise CarrierBusy("The carrier is not done with it yet.")
    try:
        return await hotline.audio.store_audio(recording.id, _sound(recorder.audio(sid)))
    except OSError:
        raise NotStored("It cannot be stored here.") from None


async def _sound(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Refuses what is no WAV file: a page that says sorry is not to be kept as somebody's voice."""
    first = True
    async for piece in pieces:
        if first and not piece.startswith(b"RIFF"):
            raise CarrierBusy("The carrier sent something else.")
        first = False
        yield piece
    if first:
        raise CarrierBusy("The carrier sent nothing.")


def _fetch_wanted(loaded: Loaded, owed: Owed) -> bool:
    recording = loaded.find(Recording, owed.subject)
    return recording is not None and recording.state is RecordingState.FINISHED


def _fetched(loaded: Loaded, owed: Owed, stored: StoredAudio | None) -> Change:
    recording = _loaded(loaded, owed)
    if stored is None:
        return recordings.absent(recording)
    return recordings.kept(recording, stored.key, stored.size, loaded.now, loaded.rules)


def _not_fetched(loaded: Loaded, owed: Owed, error: HotlineError, _rules: ServiceRules) -> Change:
    recording = _loaded(loaded, owed)
    if isinstance(error, RecordingGone):
        return recordings.lost(recording, "gone")
    return recordings.not_fetched(recording, error.code)


async def _remove(hotline: Hotline, owed: Owed) -> None:
    await _recorder(hotline).remove(_sid(await _recording(hotline, owed)))


def _remove_wanted(loaded: Loaded, owed: Owed) -> bool:
    recording = loaded.find(Recording, owed.subject)
    ours = (RecordingState.KEPT, RecordingState.DELETED)
    return (
        recording is not None
        and recording.state in ours
        and recording.at_carrier
        and recording.sid is not None
    )


def _removed(loaded: Loaded, owed: Owed, _result: None) -> Change:
    return recordings.removed_at_carrier(_loaded(loaded, owed))


def _not_removed(loaded: Loaded, owed: Owed, error: HotlineError, _rules: ServiceRules) -> Change:
    return recordings.not_removed(_loaded(loaded, owed), error.code)


RECORDING_ORDERS: dict[str, Order] = {
    "start_recording": Order(_start, _start_wanted, _find, _started, _not_started),
    "set_recording": Order(_set, _set_wanted, sent=_is_set, failed=_not_set),
    "ask_after_recording": Order(_ask, sent=_answered, failed=_unanswered),
    "fetch_recording": Order(_fetch, _fetch_wanted, sent=_fetched, failed=_not_fetched),
    "remove_recording": Order(_remove, _remove_wanted, sent=_removed, failed=_not_removed),
}
