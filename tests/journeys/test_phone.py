"""The browser as a telephone: the carrier's own client registers, rings, and carries sound. Of the carrier there is
only what its client sees: the signalling socket, and at the other end a second page with a tone."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import jwt
import pytest
from playwright.async_api import Page, WebSocketRoute, expect

from hotline.telephony.phone_tokens import identity_of
from tests.journeys.people import Staff
from tests.journeys.stage import Stage
from web_console.demo import ACCOUNTS

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module")]

SECRET = "s" * 32
SETTINGS = {
    "HOTLINE_TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "HOTLINE_TWILIO_AUTH_TOKEN": "a-token-of-the-carrier",
    "HOTLINE_TWILIO_NUMBER": "+861012356000",
    "HOTLINE_TWILIO_API_KEY": "SK" + "0" * 32,
    "HOTLINE_TWILIO_API_SECRET": SECRET,
}
COUNSELOR = next(account for account in ACCOUNTS if account.username == "counselor1")
CALL_SID = "CA" + "1" * 32

# The far end of a call: a tone instead of a voice.
OFFER = """async () => {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const out = audio.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  const peer = (window.peer = new RTCPeerConnection());
  peer.addTrack(out.stream.getTracks()[0], out.stream);
  await peer.setLocalDescription(await peer.createOffer());
  await new Promise((over) => {
    if (peer.iceGatheringState === "complete") return over();
    peer.onicegatheringstatechange = () => peer.iceGatheringState === "complete" && over();
  });
  return peer.localDescription.sdp;
}"""
ANSWER = "(sdp) => window.peer.setRemoteDescription({ type: 'answer', sdp })"
HEARD = """async (packets) => {
  const stats = [...(await window.peer.getStats()).values()];
  const heard = stats.filter((one) => one.type === "inbound-rtp");
  return heard.reduce((sum, one) => sum + one.packetsReceived, 0) >= packets;
}"""


class Gateway:
    """The carrier's signalling, as far as a client that is rung sees it."""

    def __init__(self) -> None:
        self.socket: WebSocketRoute | None = None
        self.said: list[dict[str, Any]] = []
        self._moved = asyncio.Condition()

    def connected(self, socket: WebSocketRoute) -> None:
        self.socket = socket
        socket.on_message(lambda text: asyncio.ensure_future(self._hear(str(text))))

    async def _hear(self, text: str) -> None:
        if not text.strip():
            return
        message = json.loads(text)
        payload = message.get("payload", {})
        if message["type"] == "listen":
            identity = jwt.decode(payload["token"], SECRET, algorithms=["HS256"])["grants"]["identity"]
            self.tell(
                "connected", {"region": "US_EAST_VIRGINIA", "token": {"identity": identity, "ttl": 3600}}
            )
        if message["type"] == "register":
            self.tell("ready", {})
        async with self._moved:
            self.said.append(message)
            self._moved.notify_all()

    def tell(self, kind: str, payload: dict[str, Any]) -> None:
        assert self.socket is not None
        self.socket.send(json.dumps({"type": kind, "version": "1.6", "payload": payload}))

    async def hears(self, kind: str) -> dict[str, Any]:
        """The payload of the first such message, once it came."""
        async with asyncio.timeout(20), self._moved:
            await self._moved.wait_for(lambda: any(each["type"] == kind for each in self.said))
        return next(each["payload"] for each in self.said if each["type"] == kind)


async def _at_the_desk(stage: Stage, gateway: Gateway) -> Staff:
    context = await stage.context()
    await context.grant_permissions(["microphone"], origin=stage.address)
    await context.route_web_socket(re.compile(r"twilio\.com"), gateway.connected)
    person = Staff(await stage.page(context))
    await person.page.goto(stage.address)
    await person.fill("sign-in-username", "counselor1")
    await person.fill("sign-in-password", "demo")
    await person.press("sign-in-submit")
    await person.sees("phone-button", kind="browser", registration="ready")
    return person


async def _far_end(stage: Stage) -> Page:
    page = await stage.window()
    await page.goto(f"{stage.address}/chat")
    return page


async def test_a_ring_is_answered_and_carries_sound(stage: Stage) -> None:
    gateway = Gateway()
    person = await _at_the_desk(stage, gateway)
    listen = await gateway.hears("listen")
    claims = jwt.decode(listen["token"], SECRET, algorithms=["HS256"])
    assert claims["grants"]["identity"] == identity_of(COUNSELOR.id)

    far = await _far_end(stage)
    parameters = {"CallSid": CALL_SID, "From": "+861012356000", "To": f"client:{identity_of(COUNSELOR.id)}"}
    offer = await far.evaluate(OFFER)
    gateway.tell("invite", {"callsid": CALL_SID, "sdp": offer, "parameters": parameters})
    await person.sees("phone-ring")
    await person.press("phone-answer")
    answer = await gateway.hears("answer")
    await far.evaluate(ANSWER, answer["sdp"])
    await person.sees("phone-button", talk="open")
    await far.wait_for_function(HEARD, arg=50)  # packets: a second of speech

    gateway.tell("hangup", {"callsid": CALL_SID})
    await person.sees("phone-button", talk="none")


async def test_the_microphone_is_tried_and_a_number_takes_the_browsers_place(stage: Stage) -> None:
    gateway = Gateway()
    person = await _at_the_desk(stage, gateway)
    await person.press("phone-button")
    await person.press("device-check-start")
    await person.sees("device-check-state", "能听到您", state="on")
    await person.press("device-check-start")
    await person.page.get_by_text("打到一个电话号码").click()
    await person.fill("phone-number", "+8613900001111")
    await person.press("phone-number-save")
    await person.sees("phone-number-now", "139****1111")
    await expect(person.at("phone-number")).to_have_value("")
    await person.sees("phone-button", kind="number", registration="off")
    await person.page.get_by_text("用这个浏览器").click()
    await person.sees("phone-button", kind="browser", registration="ready")
