"""Simulated counselors: they sign in, are available, accept, answer in their words, and close.

They see frames and send commands, as the console does; nothing else.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections import Counter
from typing import Any

import aiohttp
import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from web_console.simulation.chatters import socket_address
from web_console.simulation.dialogues import ANSWERS
from web_console.simulation.tally import Tally

_DISPOSITION = "supported"
_ID = re.compile(r"\b[a-z]{3}_\w+")


class Counselor:
    def __init__(
        self, base: str, session: aiohttp.ClientSession, tally: Tally, chance: random.Random, pace: float
    ) -> None:
        self._base = base
        self._session = session
        self._tally = tally
        self._chance = chance
        self._pace = pace
        self._token = ""
        self._id = ""
        self._said: Counter[str] = Counter()
        self._doing: set[asyncio.Task[None]] = set()
        self._seen: set[str] = set()
        self.available = asyncio.Event()

    async def sign_in(self, username: str, password: str) -> None:
        answer = await self.ask("POST", "/api/session", {"username": username, "password": password})
        self._token, self._id = answer["token"], answer["user"]["id"]

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        async with self._session.request(method, self._base + path, json=body, headers=headers) as response:
            if response.status >= 400:
                route = _ID.sub("{id}", path.partition("?")[0])
                problem = await response.json(content_type=None)
                self._tally.refusals[f"{method} {route} {response.status} {problem.get('code')}"] += 1
                return {}
            return await response.json() if response.status != 204 else {}

    async def work(self) -> None:
        """Until cancelled. `available` is set when they are at work, or could not come."""
        headers = {"Authorization": f"Bearer {self._token}"}
        address = socket_address(self._base, "/ws/console")
        try:
            async with connect(address, additional_headers=headers, compression=None, max_size=None) as ws:
                started = time.monotonic()
                await ws.send(json.dumps({"type": "hello", "after": None}))
                await ws.recv()
                self._tally.consoles_after.append(time.monotonic() - started)
                await self.ask("PUT", "/api/presence", {"state": "available"})
                self.available.set()
                async for told in ws:
                    frame = orjson.loads(told)
                    for each in frame["frames"] if frame["type"] == "several" else (frame,):
                        self._see(ws, each)
        except (ConnectionClosed, OSError) as error:
            self._tally.refusals[f"console {type(error).__name__}"] += 1
        finally:
            self.available.set()
            for task in tuple(self._doing):
                task.cancel()
            await asyncio.gather(*self._doing, return_exceptions=True)

    def _see(self, ws: ClientConnection, frame: dict[str, Any]) -> None:
        offer, message, contact = frame.get("offer"), frame.get("message"), frame.get("contact")
        if offer and offer["state"] == "open" and offer["staff_id"] == self._id:
            self._do(self._accept(offer["id"]))
        elif message and frame["type"] == "message.added" and message["from"] == "help_seeker":
            self._tally.arrived(message["id"])
            self._do(self._answer(ws, message))
        elif contact and contact["state"] == "wrap_up" and (contact["counselor"] or {}).get("id") == self._id:
            self._do(self._close(contact))
        elif self._missed_an_offer(frame.get("presence")):
            self._do(self._come_back())

    def _missed_an_offer(self, presence: dict[str, Any] | None) -> bool:
        return presence is not None and presence["id"] == self._id and presence["state"] == "not_ready"

    def _do(self, what: Any) -> None:
        task = asyncio.create_task(what)
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)

    async def _come_back(self) -> None:
        await self.ask("PUT", "/api/presence", {"state": "available"})

    async def _accept(self, offer_id: str) -> None:
        await asyncio.sleep(self._pace * self._chance.uniform(0.1, 0.5))
        contact = await self.ask("POST", f"/api/offers/{offer_id}/accept")
        if contact.get("channel") in ("chat", "sms"):
            await self._read_back(contact)

    async def _read_back(self, contact: dict[str, Any]) -> None:
        """What was written before somebody came."""
        page = await self.ask("GET", f"/api/contacts/{contact['id']}/messages")
        written = [each for each in page.get("items", ()) if each["from"] == "help_seeker"]
        for message in written:
            self._tally.arrived(message["id"])
        if written:
            await self._write(contact["id"], contact["language"], written[-1]["id"])

    async def _answer(self, ws: ClientConnection, message: dict[str, Any]) -> None:
        await ws.send(json.dumps({"type": "typing", "contact_id": message["contact_id"]}))
        await asyncio.sleep(self._pace * self._chance.uniform(0.5, 1.5))
        chinese = any("\u4e00" <= each <= "\u9fff" for each in message["text"])
        await self._write(message["contact_id"], "zh" if chinese else "en", message["id"])

    async def _write(self, contact_id: str, language: str, answered_id: str) -> None:
        if answered_id in self._seen:
            return
        self._seen.add(answered_id)
        answers = ANSWERS.get(language, ANSWERS["en"])
        text = answers[self._said[contact_id] % len(answers)]
        self._said[contact_id] += 1
        body = {"client_id": f"answer-{answered_id}", "text": text}
        await self.ask("POST", f"/api/contacts/{contact_id}/messages", body)

    async def _close(self, contact: dict[str, Any]) -> None:
        if f"close {contact['id']}" in self._seen:
            return
        self._seen.add(f"close {contact['id']}")
        await asyncio.sleep(self._pace * self._chance.uniform(0.5, 1.5))
        level = contact["level"] if contact["level"] != "unassessed" else "low"
        body: dict[str, Any] = {"disposition": _DISPOSITION, "note": "—", "level_confirmed": level}
        if contact["peak_level"] in ("high", "imminent"):
            body["safety_plan"] = {"people": "—", "professionals": "12356"}
            body["level_confirmed"] = contact["peak_level"]
        await self.ask("POST", f"/api/contacts/{contact['id']}/close", body)
