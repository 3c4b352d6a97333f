"""Twilio as the carrier, by its own client. `HOTLINE_TWILIO_API_URL` sends the same requests elsewhere.

Twilio's own HTTP clients write addresses and parameters (numbers!) into the log and hide Retry-After; so the
client here is ours: about forty lines over aiohttp.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from twilio.base.exceptions import TwilioRestException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from hotline.settings import Settings
from hotline.telephony import addresses
from hotline.telephony.addresses import Addresses
from hotline.telephony.carrier import (
    CallGone,
    CallSid,
    CallStatus,
    Carrier,
    CarrierBusy,
    CarrierRefused,
    CounselorLeg,
    MessageSid,
)
from hotline.telephony.scripts import transcription_options

T = TypeVar("T")

_TIMEOUT_SECONDS = 10  # the carrier answers within two; after ten the outbox had better try again
_NOT_IN_PROGRESS = 21220  # "Invalid call state: the call is not in-progress"
_NOT_FOUND = 20404
_LOOK_BACK = timedelta(seconds=5)  # the carrier's clock and ours
_LEGS_LOOKED_AT = 20


class _HttpClient(AsyncHttpClient):
    def __init__(self, api_url: str) -> None:
        super().__init__(logging.getLogger(__name__), True, _TIMEOUT_SECONDS)
        self._elsewhere = urlsplit(api_url) if api_url else None
        self._session: aiohttp.ClientSession | None = None

    def _address(self, address: str) -> str:
        if self._elsewhere is None:
            return address
        wanted = urlsplit(address)
        there = self._elsewhere
        return urlunsplit(
            (there.scheme, there.netloc, there.path.rstrip("/") + wanted.path, wanted.query, "")
        )

    async def request(  # type: ignore[override]  # the library's own asynchronous client does the same
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS))
        try:
            async with self._session.request(
                method,
                self._address(url),
                params=_texts(params),
                data=aiohttp.FormData(_texts(data)) if data else None,
                headers={**(headers or {}), **_authorization(auth)},
                allow_redirects=allow_redirects,
            ) as response:
                text = await response.text()
                if response.status == 429 or response.status >= 500:
                    unsure = method != "GET" and response.status >= 500
                    raise CarrierBusy(
                        f"The carrier answered {response.status}.",
                        retry_after=_retry_after(response),
                        unsure=unsure,
                    )
                return Response(response.status, text, response.headers)
        except aiohttp.ClientConnectorError:
            raise CarrierBusy("The carrier cannot be reached.") from None
        except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError):
            raise CarrierBusy("The carrier did not answer.", unsure=method != "GET") from None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def _authorization(auth: tuple[str, str] | None) -> dict[str, str]:
    return {"Authorization": aiohttp.encode_basic_auth(*auth)} if auth else {}


def _texts(values: dict[str, object] | None) -> list[tuple[str, str]]:
    """Lists repeat the name; booleans and numbers as the carrier writes them."""
    return [
        (name, str(each).lower() if isinstance(each, bool) else str(each))
        for name, value in (values or {}).items()
        if value is not None
        for each in (value if isinstance(value, list | tuple) else (value,))
    ]


def _retry_after(response: aiohttp.ClientResponse) -> timedelta | None:
    text = response.headers.get("Retry-After", "")
    return timedelta(seconds=min(int(text), 300)) if text.isdecimal() else None


async def _asked(request: Awaitable[T]) -> T:
    """The carrier's refusals in our words; its message may repeat a number and stays out."""
    try:
        return await request
    except TwilioRestException as error:
        if error.status == 404 or error.code in (_NOT_IN_PROGRESS, _NOT_FOUND):
            raise CallGone("The call is over or not known to the carrier.", reason=error.code or 0) from None
        raise CarrierRefused(f"The carrier refused (error {error.code}).", reason=error.code or 0) from None


def _known(value: str | None) -> str:
    """The library types every field as optional; an answer without it is no answer."""
    if value is None:
        raise CarrierBusy("The carrier's answer was incomplete.", unsure=True)
    return value


class TwilioCarrier:
    def __init__(
        self, *, account_sid: str, auth_token: str, number: str, public_url: str, api_url: str = ""
    ) -> None:
        self._number = number
        self._addresses = Addresses(public_url)
        self._http = _HttpClient(api_url)
        # environment: nothing is picked up from TWILIO_* variables behind the settings' back
        self._client = Client(
            account_sid,
            auth_token,
            http_client=self._http,
            environment={"TWILIO_REGION": "", "TWILIO_EDGE": ""},
        )

    async def ring_counselor(self, leg: CounselorLeg) -> CallSid:
        ids = {"leg": leg.leg_id, "contact": leg.contact_id}
        call = await _asked(
            self._client.calls.create_async(
                to=f"client:{leg.staff_id}",
                from_=self._number,
                url=self._addresses.of(addresses.LEG, **ids),
                status_callback=self._addresses.of(addresses.LEG_STATUS, **ids),
                status_callback_event=["completed"],
                timeout=round(leg.ring_for.total_seconds()),
            )
        )
        return CallSid(_known(call.sid))

    async def find_leg(self, leg: CounselorLeg, since: datetime) -> CallSid | None:
        calls = await _asked(
            self._client.calls.list_async(to=f"client:{leg.staff_id}", limit=_LEGS_LOOKED_AT)
        )
        for call in calls:
            if call.date_created is not None and call.date_created >= since - _LOOK_BACK:
                return CallSid(_known(call.sid))
        return None

    async def join_room(self, call_sid: CallSid, contact_id: str) -> None:
        await self._redirect(call_sid, self._addresses.of(addresses.ROOM, contact=contact_id))

    async def return_to_queue(self, call_sid: CallSid, contact_id: str) -> None:
        await self._redirect(call_sid, self._addresses.of(addresses.QUEUE, contact=contact_id))

    async def _redirect(self, call_sid: CallSid, address: str) -> None:
        await _asked(self._client.calls(call_sid).update_async(url=address, method="POST"))

    async def hold(self, call_sid: CallSid, contact_id: str, *, on: bool) -> None:
        rooms = await _asked(
            self._client.conferences.list_async(friendly_name=contact_id, status="in-progress", limit=1)
        )
        if not rooms:
            raise CallGone("There is no such room.")
        await _asked(
            self._client.conferences(_known(rooms[0].sid)).participants(call_sid).update_async(hold=on)
        )

    async def hang_up(self, call_sid: CallSid) -> None:
        try:
            await _asked(self._client.calls(call_sid).update_async(status="completed"))
        except CallGone:
            return

    async def call_status(self, call_sid: CallSid) -> CallStatus:
        call = await _asked(self._client.calls(call_sid).fetch_async())
        return CallStatus(str(call.status))

    async def start_transcription(self, call_sid: CallSid, language: str) -> None:
        options = transcription_options(self._addresses, language)
        await _asked(self._client.calls(call_sid).transcriptions.create_async(**options))

    async def send_message(self, to: str, text: str) -> MessageSid:
        message = await _asked(self._client.messages.create_async(to=to, from_=self._number, body=text))
        return MessageSid(_known(message.sid))

    async def find_message(self, to: str, text: str, since: datetime) -> MessageSid | None:
        messages = await _asked(
            self._client.messages.list_async(to=to, from_=self._number, limit=_LEGS_LOOKED_AT)
        )
        for message in messages:
            if message.body == text and message.date_created and message.date_created >= since - _LOOK_BACK:
                return MessageSid(_known(message.sid))
        return None

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
    )
