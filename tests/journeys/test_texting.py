"""Somebody texts, is answered, loses reach, opts out and begins again; and is known when they text once more."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from hotline.clock import SystemClock
from hotline.telephony import addresses
from hotline.telephony.simulator import Numbers, SimulatedCarrier
from tests.journeys.people import Staff
from tests.journeys.pictures import DESKS, PHONES, Photographer, Place
from tests.journeys.stage import Stage
from tests.ports import free_port
from tests.server.wire import ServerProcess
from web_console.simulation.carrier_server import CarrierServer

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module")]

CARRIER_PORT = free_port()
ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "a-token-of-the-carrier", "+861012356000"
SETTINGS = {
    "HOTLINE_TWILIO_ACCOUNT_SID": ACCOUNT,
    "HOTLINE_TWILIO_AUTH_TOKEN": TOKEN,
    "HOTLINE_TWILIO_NUMBER": NUMBER,
    "HOTLINE_TWILIO_API_URL": f"http://127.0.0.1:{CARRIER_PORT}",
    "HOTLINE_TEXTS_PER_SECOND": "20",
}
PHONE_OFF = 30003


class Somebody:
    """A person with a phone that texts."""

    def __init__(self, server: CarrierServer, number: str) -> None:
        self._server = server
        self.number = number

    def texts(self, text: str) -> None:
        self._server.carrier.text_in(self.number, text, self._server.clock.now())
        self._server.wake()

    def goes_out_of_reach(self, away: bool) -> None:
        if away:
            self._server.carrier.unreachable[self.number] = PHONE_OFF
        else:
            self._server.carrier.unreachable.pop(self.number, None)


@pytest_asyncio.fixture(loop_scope="module")
async def somebody(server: ServerProcess) -> AsyncIterator[Somebody]:
    numbers = Numbers(NUMBER, "", "", server.address + addresses.MESSAGES)
    carrier = SimulatedCarrier(
        account_sid=ACCOUNT, auth_token=TOKEN, numbers=numbers, seed=secrets.randbits(32)
    )
    at_the_carrier = CarrierServer(carrier, SystemClock())
    async with at_the_carrier.running(CARRIER_PORT):
        yield Somebody(at_the_carrier, "+8613700001234")


async def test_texting_with_somebody(stage: Stage, somebody: Somebody) -> None:
    counselor = await Staff.on(stage, "counselor1")
    photographer = Photographer(counselor.page, "counselor")
    await counselor.become_available()
    somebody.texts("有人在吗，我很难受")
    contact_id = await counselor.accept()
    await counselor.hears("有人在吗")
    await counselor.sees("message", "正在为你找咨询员", **{"from": "automatic"})
    await counselor.say("我在，愿意说说吗？")
    await counselor.sees("text-delivery", "已送达手机", delivery="delivered")

    somebody.goes_out_of_reach(True)
    await counselor.say("你现在在哪里？")
    await counselor.sees("text-delivery", "手机关机或不在服务区", delivery="undelivered")
    somebody.goes_out_of_reach(False)
    await counselor.press("text-resend")
    await expect(counselor.at("text-delivery").last).to_have_attribute("data-delivery", "delivered")

    somebody.texts("退订")
    await counselor.sees("texts-stopped", "对方已退订短信")
    await counselor.sees_no("composer")
    place = Place("texting", f"/contacts/{contact_id}", "texts-stopped")
    await photographer.take((place,), (*DESKS, *PHONES), f"{stage.address}/")
    assert photographer.found == []
    await counselor.page.set_viewport_size({"width": 1366, "height": 768})
    somebody.texts("开始")
    await expect(counselor.at("composer")).to_be_visible()
    await counselor.say("欢迎回来。")

    await counselor.press("contact-actions")
    await counselor.press("end-conversation")
    await counselor.press("dialog-confirm")
    await counselor.sees("close-disposition")
    somebody.texts("又是我")  # the console speaks English since the last picture
    await counselor.sees("offer-background", "1 earlier contact")
    await counselor.accept()
    await counselor.sees("background", "1 earlier contact")
