"""Who goes first when more is asked than one process can do at once.

    the carrier's webhooks, probes ─────────────────────────────▶ at once
    people: a new chat, its greeting ─┐
    what counselors do                ├─ so many a turn of the loop, in this order ─▶ begin
    what only looks (lists, greetings)┘

Nothing is held while it runs, so nobody can block the others; only beginning is spread. So a turn of the loop stays
short, and whoever is not slowed (a caller who hears nothing until we answer) is answered between the others.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from enum import IntEnum

from aiohttp import web

from web_console.identity import SAFE_METHODS
from web_console.middlewares import Handler

_A_TURN = 4  # requests that begin in one turn of the loop: some milliseconds of work each
_AT_ONCE = ("/twilio/", "/health/", "/metrics", "/assets/", "/ws/")
"""The carrier waits for an answer with a person on the line; sockets pass when they greet."""


class Rank(IntEnum):
    PERSON = 0
    DOING = 1
    LOOKING = 2


class Turnstile:
    def __init__(self) -> None:
        self._waiting: list[tuple[Rank, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._turning = False
        self._passed = 0

    def __len__(self) -> int:
        return len(self._waiting)

    async def enter(self, rank: Rank) -> None:
        """Returns when it is this one's turn: at once while there is little to do."""
        loop = asyncio.get_running_loop()
        if not self._turning:
            self._turning = True
            self._passed = 0
            loop.call_soon(self._turn)
        if self._passed < _A_TURN and not self._waiting:
            self._passed += 1
            return
        place: asyncio.Future[None] = loop.create_future()
        heapq.heappush(self._waiting, (rank, next(self._order), place))
        await place

    def _turn(self) -> None:
        """Once in a turn of the loop, as long as anybody comes."""
        self._passed = 0
        while self._waiting and self._passed < _A_TURN:
            _, _, place = heapq.heappop(self._waiting)
            if not place.done():  # whoever gave up has cancelled it
                place.set_result(None)
                self._passed += 1
        if self._passed:
            asyncio.get_running_loop().call_soon(self._turn)
        else:
            self._turning = False


TURNSTILE = web.AppKey("turnstile", Turnstile)


@web.middleware
async def in_turn(request: web.Request, handler: Handler) -> web.StreamResponse:
    if not request.path.startswith(_AT_ONCE):
        await request.app[TURNSTILE].enter(rank_of(request))
    return await handler(request)


def rank_of(request: web.Request) -> Rank:
    if request.method in SAFE_METHODS:
        return Rank.LOOKING
    return Rank.PERSON if request.path == "/api/chats" else Rank.DOING
