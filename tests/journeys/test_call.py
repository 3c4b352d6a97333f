"""A call through the simulated carrier: greeted, queued, offered, bridged, heard, ended, wrapped up."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from playwright.async_api import expect

from hotline.telephony import addresses
from hotline.telephony.simulator import Numbers, SimulatedCarrier
from tests.journeys.people import Staff
from tests.journeys.stage import Stage
from tests.server.wire import ServerProcess, free_port
from web_console.simulation.carrier_server import CarrierServer

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module")]

CARRIER_PORT = free_port()
ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "a-token-of-the-carrier", "+861012356000"
SETTINGS = {
    "HOTLINE_TWILIO_ACCOUNT_SID": ACCOUNT,
    "HOTLINE_TWILIO_AUTH_TOKEN": TOKEN,
    "HOTLINE_TWILIO_NUMBER": NUMBER,
    "HOTLINE_TWILIO_API_URL": f"http://127.0.0.1:{CARRIER_PORT}",
}
CALLER = "+8613912341234"
DANGER = "我现在就站在楼顶上,我不想活了"
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

    async def over(self) -> None:
        """Until no line is up any more."""
        await self.until(lambda: all(line.is_over for line in self.carrier.lines.values()))


@pytest_asyncio.fixture(loop_scope="module")
async def telephone(server: ServerProcess) -> AsyncIterator[Telephone]:
    numbers = Numbers(
        NUMBER,
        server.address + addresses.VOICE,
        server.address + addresses.STATUS,
        server.address + addresses.MESSAGES,
        server.address + addresses.VOICE_FALLBACK,
    )
    # A call is known by its number at the carrier: chance keeps the calls of two tests apart.
    carrier = SimulatedCarrier(
        account_sid=ACCOUNT, auth_token=TOKEN, numbers=numbers, seed=secrets.randbits(32)
    )
    async with Telephone(CarrierServer(carrier, FastClock())).running() as telephone:
        yield telephone
    assert carrier.problems == []


async def test_a_call_from_the_greeting_to_the_wrap_up(stage: Stage, telephone: Telephone) -> None:
    counselor = await Staff.on(stage, "counselor1")
    sid = telephone.call()
    await counselor.sees("queue-row")
    await telephone.heard(sid, "下一位就是您")

    await counselor.become_available()
    await expect(counselor.at("offer")).to_contain_text("电话")
    contact_id = await counselor.accept()
    await counselor.sees("call-bar", "139****1234", state="bridged")
    await counselor.sees("call-transcript", "实时")

    telephone.say(sid, DANGER)
    await counselor.sees("message", DANGER, **{"from": "transcript_help_seeker", "level": "imminent"})
    await counselor.sees("risk-banner", level="imminent")
    telephone.say(sid, "我在,请您先退后一步", "outbound_track")
    await counselor.sees("message", "退后一步", **{"from": "transcript_counselor"})

    await counselor.press("hang-up")
    await counselor.press("dialog-confirm")
    await telephone.over()
    await counselor.sees("close-disposition")
    assert contact_id


async def test_who_hangs_up_while_waiting_is_gone_from_the_queue(stage: Stage, telephone: Telephone) -> None:
    counselor = await Staff.on(stage, "counselor2")
    sid = telephone.call()
    await counselor.sees("queue-row")
    telephone.carrier.hang_up(sid, telephone.server.clock.now())
    await counselor.sees_no("queue-row")
