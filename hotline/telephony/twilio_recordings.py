"""Recordings at Twilio: of the caller's own line, both sides mixed, by request and not by script, so that one
recording lasts through hold, transfer and the way back into the room.

A pause is filled with silence: then a time in the recording is a time in the conversation.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from twilio.rest import Client

from hotline.telephony import addresses
from hotline.telephony.addresses import Addresses
from hotline.telephony.call_recorder import (
    RecordingAtCarrier,
    RecordingGone,
    RecordingSid,
    RecordingStatus,
)
from hotline.telephony.carrier import CallGone, CallSid, CarrierBusy
from hotline.telephony.twilio_http import TwilioHttp, asked, known

_API = "https://api.twilio.com/2010-04-01/Accounts"
_LOOKED_AT = 20
_GOING_ON = ("in-progress", "paused")
_NOT_DONE = (*_GOING_ON, "stopped", "processing")
_BY_SCRIPT = "RecordVerb"


class TwilioRecorder:
    def __init__(
        self, client: Client, http: TwilioHttp, addresses_: Addresses, account: tuple[str, str]
    ) -> None:
        self._client = client
        self._http = http
        self._addresses = addresses_
        self._account = account

    async def start(self, call_sid: CallSid, recording_id: str) -> RecordingSid:
        made = await asked(
            self._client.calls(call_sid).recordings.create_async(
                recording_status_callback=self._addresses.of(addresses.RECORDING, recording=recording_id),
                recording_status_callback_event=["in-progress", "completed", "absent"],
                recording_status_callback_method="POST",
                recording_channels="mono",
                recording_track="both",
                trim="do-not-trim",
            )
        )
        return RecordingSid(known(made.sid))

    async def find(self, call_sid: CallSid) -> RecordingSid | None:
        found = await asked(self._client.calls(call_sid).recordings.list_async(limit=_LOOKED_AT))
        return next((RecordingSid(known(each.sid)) for each in found if str(each.status) in _GOING_ON), None)

    async def change(self, call_sid: CallSid, sid: RecordingSid, to: RecordingStatus) -> None:
        pauses = {"pause_behavior": "silence"} if to is RecordingStatus.PAUSED else {}
        await asked(
            self._client.calls(call_sid).recordings(sid).update_async(status=to.value, **pauses)  # type: ignore[arg-type]
        )

    async def look(self, sid: RecordingSid) -> RecordingAtCarrier:
        try:
            found = await asked(self._client.recordings(sid).fetch_async())
        except CallGone:
            raise RecordingGone("The carrier knows no such recording.") from None
        seconds = str(found.duration or "")
        return RecordingAtCarrier(
            sid, RecordingStatus(str(found.status)), int(seconds) if seconds.isdecimal() else None
        )

    async def left_after_tone(self, call_sid: CallSid) -> RecordingAtCarrier | None:
        found = await asked(self._client.calls(call_sid).recordings.list_async(limit=_LOOKED_AT))
        left = [each for each in found if str(each.source) == _BY_SCRIPT]
        if any(str(each.status) in _NOT_DONE for each in left):
            raise CarrierBusy("The carrier is not done with it yet.")
        done = [each for each in left if str(each.status) == RecordingStatus.COMPLETED]
        if not done:
            return None
        seconds = str(done[0].duration or "")
        sid = RecordingSid(known(done[0].sid))
        return RecordingAtCarrier(
            sid, RecordingStatus.COMPLETED, int(seconds) if seconds.isdecimal() else None
        )

    def audio(self, sid: RecordingSid) -> AsyncIterator[bytes]:
        return self._http.stream(f"{_API}/{self._account[0]}/Recordings/{sid}.wav", self._account)

    async def remove(self, sid: RecordingSid) -> None:
        try:
            await asked(self._client.recordings(sid).delete_async())
        except CallGone:
            return
