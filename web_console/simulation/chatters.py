"""Simulated people who write: they open a chat, answer what the counselor says, and look at the end what is kept."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import deque
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import aiohttp
import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from web_console.simulation.dialogues import Dialogue
from web_console.simulation.tally import Tally

_ANSWERED_WITHIN = 5.0  # seconds for an acknowledgement; then it is sent again with the same id


def socket_address(base: str, path: str) -> str:
    parts = urlsplit(base)
    return urlunsplit(("wss" if parts.scheme == "https" else "ws", parts.netloc, path, "", ""))


async def _next(ws: ClientConnection, within: float) -> dict[str, Any]:
    frame: dict[str, Any] = orjson.loads(await asyncio.wait_for(ws.recv(), within))
    return frame


class Chatter:
    """One person with one dialogue. `pace`: seconds a person takes for a line."""

    def __init__(
        self,
        base: str,
        session: aiohttp.ClientSession,
        dialogue: Dialogue,
        tally: Tally,
        chance: random.Random,
        pace: float,
    ) -> None:
        self._base = base
        self._session = session
        self._dialogue = dialogue
        self._tally = tally
        self._chance = chance
        self._pace = pace
        self._token = ""
        self._name = f"{chance.getrandbits(48):012x}"
        self._kept: dict[str, str] = {}
        """Client id → message id, as acknowledged."""
        self._opened_at = 0.0
        self._later: deque[dict[str, Any]] = deque()
        """Frames that came while an acknowledgement was waited for."""

    async def live(self, until: float) -> None:
        """Write until the dialogue is over or the time is (`time.monotonic`); then look back."""
        if not await self._open():
            return
        try:
            async with connect(self._address, origin=None, compression=None) as ws:
                await self._talk(ws, until)
            await self._look_back()
        except (ConnectionClosed, OSError, TimeoutError) as error:
            self._tally.refusals[f"chat {type(error).__name__}"] += 1

    @property
    def _address(self) -> str:
        return socket_address(self._base, "/ws/chat")

    async def _open(self) -> bool:
        wish: dict[str, Any] = {"language": self._dialogue.language}
        for name in ("nickname", "topic", "age_band"):
            value = getattr(self._dialogue, name)
            if value is not None:
                wish[name] = value
        headers = {"Idempotency-Key": f"simulated-{self._name}"}
        async with self._session.post(f"{self._base}/api/chats", json=wish, headers=headers) as response:
            if response.status != 201:
                self._tally.refusals[f"new chat {response.status}"] += 1
                return False
            self._token = (await response.json())["token"]
        self._tally.chats += 1
        self._opened_at = time.monotonic()
        return True

    async def _talk(self, ws: ClientConnection, until: float) -> None:
        await ws.send(json.dumps({"type": "hello", "token": self._token, "after": None}))
        lines = iter(enumerate(self._dialogue.lines))
        await self._say(ws, *next(lines))
        answered = False
        while (left := until - time.monotonic()) > 0:
            try:
                frame = self._later.popleft() if self._later else await _next(ws, left)
            except TimeoutError:
                return
            state = frame.get("contact", {}).get("state") if frame["type"] == "contact.state" else None
            if state == "active" and not answered:
                answered = True
                self._tally.answered += 1
                self._tally.answered_after.append(time.monotonic() - self._opened_at)
            if state == "closed":
                return
            if frame["type"] == "message" and frame["message"]["from"] == "counselor":
                await ws.send(json.dumps({"type": "read", "up_to_seq": frame["message"]["seq"]}))
                line = next(lines, None)
                if line is None:
                    await ws.send(json.dumps({"type": "leave"}))
                    return
                await ws.send(json.dumps({"type": "typing"}))
                await asyncio.sleep(self._pace * self._chance.uniform(0.5, 1.5))
                await self._say(ws, *line)

    async def _say(self, ws: ClientConnection, number: int, text: str) -> None:
        """Send one line and wait for its acknowledgement; without one, send it again under the same id."""
        client_id = f"{self._name}-{number}"
        self._tally.sent += 1
        started = time.monotonic()
        for _ in range(3):
            await ws.send(json.dumps({"type": "message.send", "client_id": client_id, "text": text}))
            acknowledged = await self._acknowledged(ws, client_id)
            if acknowledged is not None:
                self._kept[client_id] = acknowledged
                self._tally.acknowledged += 1
                self._tally.acknowledged_after.append(time.monotonic() - started)
                self._tally.noted(acknowledged, started)
                return
        self._tally.refusals["message never acknowledged"] += 1

    async def _acknowledged(self, ws: ClientConnection, client_id: str) -> str | None:
        deadline = time.monotonic() + _ANSWERED_WITHIN
        while (left := deadline - time.monotonic()) > 0:
            try:
                frame = await _next(ws, left)
            except TimeoutError:
                return None
            if frame["type"] == "message.ack" and frame["client_id"] == client_id:
                return str(frame["message_id"])
            self._later.append(frame)
        return None

    async def _look_back(self) -> None:
        """Come back as a page that knows nothing: all that was acknowledged must be there, once."""
        async with connect(self._address, origin=None, compression=None) as ws:
            await ws.send(json.dumps({"type": "hello", "token": self._token, "after": None}))
            await ws.send(json.dumps({"type": "ping"}))
            there: list[str] = []
            while (frame := await _next(ws, _ANSWERED_WITHIN))["type"] != "pong":
                if frame["type"] == "message":
                    there.append(frame["message"]["id"])
        self._tally.lost += sum(1 for each in self._kept.values() if each not in there)
        self._tally.twice += len(there) - len(set(there))
