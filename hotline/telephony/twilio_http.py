"""Requests to Twilio over our own connection, and its refusals in our words.

Twilio's own HTTP clients write addresses and parameters (numbers!) into the log and hide Retry-After; so the
client here is ours: about forty lines over aiohttp.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from twilio.base.exceptions import TwilioRestException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response

from hotline.telephony.carrier import CallGone, CarrierBusy, CarrierRefused

T = TypeVar("T")

_TIMEOUT_SECONDS = 10  # the carrier answers within two; after ten the outbox had better try again
_SILENCE_SECONDS = 30  # a recording of hours takes minutes to fetch, but never stops for so long
_NOT_IN_PROGRESS = 21220  # "Invalid call state: the call is not in-progress"
_NOT_FOUND = 20404
_PIECE = 64 * 1024  # bytes read at a time


class TwilioHttp(AsyncHttpClient):
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
        try:
            async with self._opened().request(
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

    async def stream(self, url: str, auth: tuple[str, str]) -> AsyncIterator[bytes]:
        """A file, in pieces. One that is not there may not be there yet: the same may be tried again."""
        timeout = aiohttp.ClientTimeout(total=None, connect=_TIMEOUT_SECONDS, sock_read=_SILENCE_SECONDS)
        try:
            async with self._opened().get(
                self._address(url), headers=_authorization(auth), timeout=timeout
            ) as response:
                if response.status != 200:
                    raise CarrierBusy(
                        f"The carrier answered {response.status}.", retry_after=_retry_after(response)
                    )
                async for piece in response.content.iter_chunked(_PIECE):
                    yield piece
        except (aiohttp.ClientError, TimeoutError):
            raise CarrierBusy("The carrier did not answer.") from None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS))
        return self._session

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


async def asked(request: Awaitable[T]) -> T:
    """The carrier's refusals in our words; its message may repeat a number and stays out."""
    try:
        return await request
    except TwilioRestException as error:
        if error.status == 404 or error.code in (_NOT_IN_PROGRESS, _NOT_FOUND):
            raise CallGone("The call is over or not known to the carrier.", reason=error.code or 0) from None
        raise CarrierRefused(f"The carrier refused (error {error.code}).", reason=error.code or 0) from None


def known(value: str | None) -> str:
    """The library types every field as optional; an answer without it is no answer."""
    if value is None:
        raise CarrierBusy("The carrier's answer was incomplete.", unsure=True)
    return value
