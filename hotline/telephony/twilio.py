"""Twilio as the carrier, by its own client. `HOTLINE_TWILIO_API_URL` sends the same requests elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from twilio.rest import Client

from hotline.settings import Settings
from hotline.telephony import addresses
from hotline.telephony.addresses import Addresses
from hotline.telephony.carrier import (
    CallGone,
    CallSid,
    CallStatus,
    Carrier,
    CounselorLeg,
)
from hotline.telephony.messaging import Messenger
from hotline.telephony.phone_tokens import identity_of
from hotline.telephony.scripts import TRANSCRIPTION_NAME, stream_options, transcription_options
from hotline.telephony.twilio_http import TwilioHttp, asked, known
from hotline.telephony.twilio_recordings import TwilioRecorder
from hotline.telephony.twilio_rooms import TwilioRooms
from hotline.telephony.twilio_texts import TwilioTexts


def _phone(leg: CounselorLeg) -> str:
    """Where a counselor's leg rings: at their number, or in their browser."""
    return leg.number or f"client:{identity_of(leg.staff_id)}"


class TwilioCarrier(TwilioRooms, TwilioTexts):
    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        number: str,
        public_url: str,
        api_url: str = "",
        own_recogniser: bool = False,
        partial_words: bool = True,
    ) -> None:
        self._number = number
        self._own_recogniser = own_recogniser
        self._partial_words = partial_words
        self._addresses = Addresses(public_url)
        self._http = TwilioHttp(api_url)
        # environment: nothing is picked up from TWILIO_* variables behind the settings' back
        self._client = Client(
            account_sid,
            auth_token,
            http_client=self._http,
            environment={"TWILIO_REGION": "", "TWILIO_EDGE": ""},
        )
        self.recorder = TwilioRecorder(self._client, self._http, self._addresses, (account_sid, auth_token))

    async def ring_counselor(self, leg: CounselorLeg) -> CallSid:
        ids = {"leg": leg.leg_id, "contact": leg.contact_id}
        call = await asked(
            self._client.calls.create_async(
                to=_phone(leg),
                from_=self._number,
                url=self._addresses.of(addresses.LEG_AT_NUMBER if leg.number else addresses.LEG, **ids),
                status_callback=self._addresses.of(addresses.LEG_STATUS, **ids),
                status_callback_event=[
                    "initiated",
                    "completed",
                ],  # its name comes though our order's answer is lost
                timeout=round(leg.ring_for.total_seconds()),
            )
        )
        return CallSid(known(call.sid))

    async def find_leg(
        self, leg: CounselorLeg, since: datetime, *, but_not: Collection[str] = ()
    ) -> CallSid | None:
        return await self._made_to(_phone(leg), since, but_not)

    async def join_room(self, call_sid: CallSid, contact_id: str) -> None:
        await self._redirect(call_sid, self._addresses.of(addresses.ROOM, contact=contact_id))

    async def return_to_queue(self, call_sid: CallSid, contact_id: str) -> None:
        await self._redirect(call_sid, self._addresses.of(addresses.QUEUE, contact=contact_id))

    async def _redirect(self, call_sid: CallSid, address: str) -> None:
        await asked(self._client.calls(call_sid).update_async(url=address, method="POST"))

    async def hang_up(self, call_sid: CallSid) -> None:
        try:
            await asked(self._client.calls(call_sid).update_async(status="completed"))
        except CallGone:
            return

    async def call_status(self, call_sid: CallSid) -> CallStatus:
        call = await asked(self._client.calls(call_sid).fetch_async())
        return CallStatus(str(call.status))

    async def start_transcription(self, call_sid: CallSid, language: str) -> None:
        if self._own_recogniser:
            await asked(self._client.calls(call_sid).streams.create_async(**stream_options(self._addresses)))
            return
        options = transcription_options(self._addresses, language, partial=self._partial_words)
        await asked(self._client.calls(call_sid).transcriptions.create_async(**options))

    async def stop_transcription(self, call_sid: CallSid) -> None:
        """By the name that the script gave it; a stream to our own recogniser has none, and ends with the call."""
        if self._own_recogniser:
            return
        transcription = self._client.calls(call_sid).transcriptions(TRANSCRIPTION_NAME)
        try:
            # The library's constants are plain texts, its annotation is not.
            await asked(transcription.update_async(status="stopped"))  # type: ignore[arg-type]
        except CallGone:
            return

    async def close(self) -> None:
        await self._http.close()


def carrier_from_settings(settings: Settings) -> Carrier | None:
    """None where no account is set: then there is chat only."""
    if not settings.twilio_account_sid:
        return None
    return TwilioCarrier(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token,
        number=settings.twilio_number,
        public_url=settings.public_address(),
        api_url=settings.twilio_api_url,
        own_recogniser=bool(settings.transcription_url),
        partial_words=settings.partial_transcripts,
    )


def messengers_from_settings(settings: Settings, carrier: Carrier | None) -> dict[str, Messenger]:
    """Who carries texts of other schemes than SMS: WhatsApp by the same carrier, where a sender is set."""
    if not settings.whatsapp_number or not isinstance(carrier, TwilioCarrier):
        return {}
    return {"whatsapp": carrier.also_as(f"whatsapp:{settings.whatsapp_number}")}
