"""The demo's companion: the simulated carrier, and now and then somebody who writes, texts or calls.

No simulated counselors: whoever tries the demo is the counselor.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import random
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from hotline.service import Hotline
from hotline.settings import Settings
from hotline.telephony import addresses
from hotline.telephony.simulator import Numbers, SimulatedCarrier
from web_console.simulation.carrier_server import CarrierServer
from web_console.simulation.chatters import Chatter
from web_console.simulation.dialogues import Dialogue
from web_console.simulation.phones import Caller
from web_console.simulation.tally import Tally
from web_console.simulation.texters import Texter
from web_console.simulation.trickle import come

log = logging.getLogger(__name__)

NUMBER = "+861012356000"
_CHATS_PER_SECOND = 1 / 40
_CALLS_PER_SECOND = 1 / 90
_TEXTS_PER_SECOND = 1 / 120
_PACE_SECONDS = 6.0  # what a person takes for a line
_PATIENCE_SECONDS = 240.0  # then a caller gives up
_MOST_WAITING = 12  # nobody new while so many wait: an unattended demo must not drown


def numbers_of(base: str) -> Numbers:
    """The hotline's number, set up as an operator would at the carrier."""
    return Numbers(
        NUMBER,
        base + addresses.VOICE,
        base + addresses.STATUS,
        base + addresses.MESSAGES,
        base + addresses.VOICE_FALLBACK,
    )


def free_port() -> int:
    """Webhooks are signed for the public address, so the port must be known before the service is opened."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class SimulatedPeople:
    def __init__(self) -> None:
        self._server: CarrierServer | None = None

    @asynccontextmanager
    async def before(self, settings: Settings) -> AsyncIterator[Settings]:
        """The simulated carrier serves; the settings point to it. A real account in the settings stays."""
        if settings.twilio_account_sid:
            yield settings
            return
        carrier = SimulatedCarrier(
            account_sid=f"AC{secrets.token_hex(16)}",
            auth_token=secrets.token_hex(16),
            numbers=numbers_of(""),
            seed=secrets.randbits(32),
        )
        self._server = CarrierServer(carrier)
        async with self._server.running() as address:
            yield settings.model_copy(
                update={
                    "twilio_account_sid": carrier.account_sid,
                    "twilio_auth_token": carrier.auth_token,
                    "twilio_number": NUMBER,
                    "twilio_api_url": address,
                    "listen_port": settings.listen_port or free_port(),
                }
            )

    @asynccontextmanager
    async def beside(self, hotline: Hotline, address: str) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as session:
            coming = [asyncio.create_task(self._chats(hotline, address, session), name="simulated chats")]
            if self._server is not None:
                self._server.carrier.numbers = numbers_of(address)
                coming.append(asyncio.create_task(self._calls(hotline, self._server), name="simulated calls"))
                coming.append(asyncio.create_task(self._texts(hotline, self._server), name="simulated texts"))
            try:
                yield
            finally:
                for each in coming:
                    each.cancel()
                await asyncio.gather(*coming, return_exceptions=True)

    async def _chats(self, hotline: Hotline, address: str, session: aiohttp.ClientSession) -> None:
        tally = Tally()

        async def life(dialogue: Dialogue, chance: random.Random) -> None:
            if len(hotline.matcher.room) < _MOST_WAITING:
                with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                    await Chatter(address, session, dialogue, tally, chance, _PACE_SECONDS).live(math.inf)

        await come(life, rate=_CHATS_PER_SECOND, until=math.inf, chance=random.Random())

    async def _calls(self, hotline: Hotline, server: CarrierServer) -> None:
        tally = Tally()

        async def life(dialogue: Dialogue, chance: random.Random) -> None:
            if len(hotline.matcher.room) < _MOST_WAITING:
                caller = Caller(
                    server, dialogue, tally, chance, pace=_PACE_SECONDS, patience=_PATIENCE_SECONDS
                )
                await caller.live(math.inf)

        await come(life, rate=_CALLS_PER_SECOND, until=math.inf, chance=random.Random())

    async def _texts(self, hotline: Hotline, server: CarrierServer) -> None:
        async def life(dialogue: Dialogue, chance: random.Random) -> None:
            if len(hotline.matcher.room) < _MOST_WAITING:
                texter = Texter(server, dialogue, chance, pace=_PACE_SECONDS, patience=_PATIENCE_SECONDS)
                await texter.live(math.inf)

        await come(life, rate=_TEXTS_PER_SECOND, until=math.inf, chance=random.Random())
