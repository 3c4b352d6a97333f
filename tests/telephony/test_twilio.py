"""Our adapter through Twilio's own client, over a socket, against the simulated carrier."""

import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from hotline.telephony.carrier import (
    CallGone,
    CallSid,
    CallStatus,
    CarrierBusy,
    CarrierRefused,
    CounselorLeg,
)
from hotline.telephony.simulator import Numbers, SimulatedCarrier
from hotline.telephony.twilio import TwilioCarrier
from web_console.simulation.carrier_server import CarrierServer

LEG = CounselorLeg("leg_1", "con_1", "stf_1", timedelta(seconds=20))
NUMBERS = Numbers("+861012356000", "http://127.0.0.1:9/voice", "", "", "")


class StandingClock:
    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def simulated() -> SimulatedCarrier:
    return SimulatedCarrier(account_sid="AC1", auth_token="token", numbers=NUMBERS)


@pytest.fixture
async def carrier(simulated: SimulatedCarrier) -> AsyncIterator[TwilioCarrier]:
    server = CarrierServer(simulated, StandingClock())
    async with server.running(pump=False) as address:
        adapter = TwilioCarrier(
            account_sid="AC1",
            auth_token="token",
            number="+861012356000",
            public_url="https://h.example",
            api_url=address,
        )
        yield adapter
        await adapter.close()


def in_progress(simulated: SimulatedCarrier) -> CallSid:
    sid = simulated.call_in("+8613912341234", datetime.now(UTC))
    simulated.lines[sid].status = CallStatus.IN_PROGRESS
    return CallSid(sid)


async def test_a_counselor_is_rung_with_words_for_both_cases(
    carrier: TwilioCarrier, simulated: SimulatedCarrier
) -> None:
    sid = await carrier.ring_counselor(LEG)
    line = simulated.lines[sid]
    assert line.to == "client:stf_1"
    assert line.first_url == "https://h.example/twilio/leg?leg=leg_1&contact=con_1"
    assert line.status_callback == "https://h.example/twilio/leg-status?leg=leg_1&contact=con_1"
    assert line.rings_until == line.made_at + timedelta(seconds=20)


async def test_a_leg_is_found_again_only_if_it_was_rung_since(
    carrier: TwilioCarrier, simulated: SimulatedCarrier
) -> None:
    assert await carrier.find_leg(LEG, datetime.now(UTC)) is None
    sid = await carrier.ring_counselor(LEG)
    assert await carrier.find_leg(LEG, datetime.now(UTC) - timedelta(seconds=1)) == sid
    assert await carrier.find_leg(LEG, datetime.now(UTC) + timedelta(minutes=1)) is None
    other = CounselorLeg("leg_2", "con_1", "stf_2", timedelta(seconds=20))
    assert await carrier.find_leg(other, datetime.now(UTC) - timedelta(hours=1)) is None


async def test_a_line_is_moved_and_hung_up(carrier: TwilioCarrier, simulated: SimulatedCarrier) -> None:
    sid = in_progress(simulated)
    await carrier.join_room(sid, "con_1")
    await carrier.return_to_queue(sid, "con_1")
    assert await carrier.call_status(sid) is CallStatus.IN_PROGRESS
    await carrier.hang_up(sid)
    assert await carrier.call_status(sid) is CallStatus.COMPLETED
    await carrier.hang_up(sid)  # twice is harmless
    with pytest.raises(CallGone):
        await carrier.join_room(sid, "con_1")


async def test_an_unknown_call(carrier: TwilioCarrier) -> None:
    with pytest.raises(CallGone):
        await carrier.call_status(CallSid("CA" + "9" * 32))
    await carrier.hang_up(CallSid("CA" + "9" * 32))


async def test_hold(carrier: TwilioCarrier, simulated: SimulatedCarrier) -> None:
    sid = in_progress(simulated)
    with pytest.raises(CallGone):
        await carrier.hold(sid, "con_1", on=True)
    simulated.enter(simulated.lines[sid], "con_1", {}, datetime.now(UTC))
    await carrier.hold(sid, "con_1", on=True)
    assert simulated.lines[sid].held
    await carrier.hold(sid, "con_1", on=False)
    assert not simulated.lines[sid].held


async def test_the_transcript_is_begun_by_request(
    carrier: TwilioCarrier, simulated: SimulatedCarrier
) -> None:
    sid = in_progress(simulated)
    await carrier.start_transcription(sid, "zh")
    transcription = simulated.lines[sid].transcription
    assert transcription is not None
    assert transcription.callback == "https://h.example/twilio/transcription"
    assert transcription.language == "cmn-Hans-CN"


async def test_a_text_is_sent_and_found_again(carrier: TwilioCarrier) -> None:
    since = datetime.now(UTC) - timedelta(seconds=1)
    assert await carrier.find_message("+447700900123", "你好", since) is None
    sid = await carrier.send_message("+447700900123", "你好")
    assert await carrier.find_message("+447700900123", "你好", since) == sid
    assert await carrier.find_message("+447700900123", "别的话", since) is None


async def test_only_of_a_text_that_belongs_to_a_message_it_is_asked_how_far_it_came(
    carrier: TwilioCarrier, simulated: SimulatedCarrier
) -> None:
    await carrier.send_message("+447700900123", "你好")
    assert simulated.post.next_at() is None
    await carrier.send_message("+447700900123", "你好", reference={"message": "msg_x"})
    assert simulated.post.next_at() is not None


async def test_a_wrong_password_is_refused_without_repeating(simulated: SimulatedCarrier) -> None:
    async with CarrierServer(simulated, StandingClock()).running(pump=False) as address:
        adapter = TwilioCarrier(
            account_sid="AC1",
            auth_token="wrong",
            number="+1",
            public_url="https://h.example",
            api_url=address,
        )
        with pytest.raises(CarrierRefused) as refused:
            await adapter.send_message("+8613912341234", "secret words")
        assert "secret" not in str(refused.value)
        assert "139" not in str(refused.value)
        await adapter.close()


async def test_what_may_be_tried_again() -> None:
    status = 429

    async def serve(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers={"Retry-After": "7"}, text="{}")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    adapter = TwilioCarrier(
        account_sid="AC1",
        auth_token="token",
        number="+1",
        public_url="https://h.example",
        api_url=f"http://127.0.0.1:{runner.addresses[0][1]}",
    )
    with pytest.raises(CarrierBusy) as slow_down:
        await adapter.hang_up(CallSid("CA1"))
    assert slow_down.value.retry_after == timedelta(seconds=7)
    assert not slow_down.value.unsure
    status = 503
    with pytest.raises(CarrierBusy) as failed:
        await adapter.hang_up(CallSid("CA1"))
    assert failed.value.unsure
    await adapter.close()
    await runner.cleanup()


async def test_a_carrier_that_is_down() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    adapter = TwilioCarrier(
        account_sid="AC1",
        auth_token="token",
        number="+1",
        public_url="https://h.example",
        api_url=f"http://127.0.0.1:{port}",
    )
    with pytest.raises(CarrierBusy) as down:
        await adapter.ring_counselor(LEG)
    assert not down.value.unsure
    await adapter.close()
