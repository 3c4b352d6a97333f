"""Frames that come up a socket: checked as strictly as a request's body; a bad one is refused, not the socket."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from aiohttp import WSCloseCode, WSMsgType, web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hotline.errors import HotlineError, Invalid, Unavailable
from hotline.logs import log_crash
from web_console.openapi import ID_PATTERN, invalid
from web_console.sockets.outbox import Outbox

log = logging.getLogger(__name__)

LARGEST_FRAME = 64 * 1024  # bytes; a larger one is a breach and closes the socket
HEARTBEAT_SECONDS = 20.0  # a line that died without a word is noticed after one and a half of these
_BURST = 30  # frames at once before the pace is kept: a reconnecting page sends what it kept


class Frame(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, hide_input_in_errors=True)


class StaffHello(Frame):
    after: str | None = Field(default=None, max_length=500)


class ChatHello(Frame):
    token: str = Field(min_length=10, max_length=200)
    after: str | None = Field(default=None, max_length=20)


class Send(Frame):
    client_id: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")
    text: str = Field(min_length=1)


class Read(Frame):
    up_to_seq: int = Field(ge=0, le=2**31)


class Leave(Frame):
    quick: bool = False


class OfContact(Frame):
    contact_id: str = Field(pattern=ID_PATTERN)


class SendTo(Send, OfContact):
    pass


class ReadOf(Read, OfContact):
    pass


def checked(model: type[Any], frame: dict[str, Any]) -> Any:
    """The frame as a model; `Invalid` says where it is wrong, never what it was."""
    try:
        return model.model_validate(frame)
    except ValidationError as error:
        raise invalid(error) from None


def socket() -> web.WebSocketResponse:
    """`compress=False`: deflate doubles the work per delivery and takes 100 kB a connection."""
    return web.WebSocketResponse(
        compress=False, max_msg_size=LARGEST_FRAME, heartbeat=HEARTBEAT_SECONDS, autoping=True
    )


class Pace:
    """A flood is slowed, never dropped: beyond the burst the reading itself waits."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._left = float(_BURST)
        self._at = time.monotonic()

    async def keep(self) -> None:
        now = time.monotonic()
        self._left = min(_BURST, self._left + (now - self._at) * self._per_second)
        self._at = now
        self._left -= 1
        if self._left < 0:
            await asyncio.sleep(-self._left / self._per_second)


async def frames(ws: web.WebSocketResponse, outbox: Outbox, pace: Pace) -> AsyncIterator[dict[str, Any]]:
    """The well-formed frames; others are answered with an error."""
    async for message in ws:
        if message.type is WSMsgType.ERROR:
            return
        await pace.keep()
        if message.type is not WSMsgType.TEXT:
            outbox.say(error_frame("malformed", "Frames are text.", None))
            continue
        try:
            frame = orjson.loads(message.data)
        except orjson.JSONDecodeError:
            frame = None
        if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
            outbox.say(error_frame("malformed", "A frame is a JSON object with a type.", None))
            continue
        yield frame


@asynccontextmanager
async def ended_by_a_code(ws: web.WebSocketResponse, route: str) -> AsyncIterator[None]:
    """Whatever fails, the socket ends by a close code. The request's answer was the socket itself: a second one
    would be written into the middle of the frames."""
    try:
        yield
    except ConnectionError:
        return
    except Unavailable:
        await ws.close(code=WSCloseCode.TRY_AGAIN_LATER)
    except Exception as error:
        log_crash(log, error, route=route)
        await ws.close(code=WSCloseCode.INTERNAL_ERROR)


async def come_again_later(ws: web.WebSocketResponse, error: HotlineError, frame: dict[str, Any]) -> None:
    """A greeting that failed on our side: an open socket that hears nothing would look like a quiet day."""
    await ws.send_json(refusal(error, frame))
    await ws.close(code=WSCloseCode.TRY_AGAIN_LATER)


def error_frame(code: str, detail: str, re: str | None) -> dict[str, Any]:
    return {"type": "error", "code": code, "detail": detail, "re": re}


def refusal(error: HotlineError, frame: dict[str, Any]) -> dict[str, Any]:
    """`re` is the refused frame's client id or type."""
    client_id = frame.get("client_id")
    re = client_id if isinstance(client_id, str) else frame["type"]
    answer = error_frame(error.code, error.detail, re[:64])
    if isinstance(error, Invalid) and error.fields:
        answer["fields"] = [{"path": each.path, "problem": each.problem} for each in error.fields]
    return answer
