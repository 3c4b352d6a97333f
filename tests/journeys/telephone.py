"""The telephone of the journeys: the simulated carrier on a port, its own time, and a caller at its other end."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from hotline.telephony import addresses
from hotline.telephony.simulator import Numbers, SimulatedCarrier
from tests.journeys.people import Staff
from tests.journeys.stage import Stage
from tests.ports import free_port
from web_console.simulation.carrier_server import CarrierServer

CARRIER_PORT = free_port()
ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "a-token-of-the-carrier", "+861012356000"
SETTINGS = {
    "HOTLINE_TWILIO_ACCOUNT_SID": ACCOUNT,
    "HOTLINE_TWILIO_AUTH_TOKEN": TOKEN,
    "HOTLINE_TWILIO_NUMBER": NUMBER,
    "HOTLINE_TWILIO_API_URL": f"http://127.0.0.1:{CARRIER_PORT}",
}
CALLER = "+8613912341234"
# The carrier's own time: the notices, two minutes of speech at most, are heard in a few seconds.
FASTER = 20
LOOKS_EVERY_SECONDS = 0.05


class FastClock:
    def __init__(self) -> None:
        self._began = datetime.now(UTC)

    def now(self) -> datetime:
        return self._began + (datetime.now(UTC) - self._began) * FASTER


class Telephone:
    """The carrier with a caller at its other end."""

    def __init__(self, server: CarrierServer) -> None:
        self.server = server
        self.carrier = server.carrier
        self._moved = asyncio.Condition()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Telephone]:
        async with self.server.running(CARRIER_PORT, pump=False):
            sending = asyncio.create_task(self._send())
            yield self
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _send(self) -> None:
        while True:
            await self.server.send_due()
            async with self._moved:
                self._moved.notify_all()
            await asyncio.sleep(LOOKS_EVERY_SECONDS)

    def call(self) -> str:
        return self.carrier.call_in(CALLER, self.server.clock.now())

    def say(self, sid: str, text: str, track: str = "inbound_track") -> None:
        assert self.carrier.speak(sid, text, self.server.clock.now(), track=track)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(20), self._moved:
            await self._moved.wait_for(holds)

    async def heard(self, sid: str, text: str) -> None:
        """Until this was said to the caller."""
        await self.until(lambda: any(text in each for each in self.carrier.lines[sid].heard))

    async def queued(self, sid: str) -> None:
        """Until the notices were heard."""
        await self.until(lambda: self.carrier.lines[sid].queue is not None)

    async def over(self) -> None:
        """Until no line is up any more."""
        await self.until(lambda: all(line.is_over for line in self.carrier.lines.values()))


@asynccontextmanager
async def connected(server_address: str) -> AsyncIterator[Telephone]:
    """The line of this server. At the end the carrier has met nothing that it could not obey."""
    numbers = Numbers(
        NUMBER,
        server_address + addresses.VOICE,
        server_address + addresses.STATUS,
        server_address + addresses.MESSAGES,
        server_address + addresses.VOICE_FALLBACK,
    )
    # A call is known by its number at the carrier: chance keeps the calls of two tests apart.
    carrier = SimulatedCarrier(
        account_sid=ACCOUNT, auth_token=TOKEN, numbers=numbers, seed=secrets.randbits(32)
    )
    async with Telephone(CarrierServer(carrier, FastClock())).running() as telephone:
        yield telephone
    assert carrier.problems == []


async def on_the_line(
    stage: Stage, telephone: Telephone, username: str, path: str = "/"
) -> tuple[Staff, str, str]:
    """A caller and a counselor who speak with each other; the caller's line and the contact's id."""
    counselor = await Staff.on(stage, username, path=path)
    sid = telephone.call()
    await counselor.sees("queue-row")
    await telephone.queued(sid)
    await counselor.become_available()
    contact_id = await counselor.accept()
    await counselor.sees("call-bar", state="bridged")
    return counselor, sid, contact_id
