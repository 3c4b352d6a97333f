"""A call's audio from the carrier's socket to our own recogniser and back as turns; what fails costs nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from hotline.actions import calling_back, media_streams
from hotline.domain import contact_moves
from hotline.domain import media_streams as moves
from hotline.domain.calls import CallState
from hotline.domain.change import Change
from hotline.domain.contacts import Contact, Sender
from hotline.storage.working_set import Loaded, Need
from hotline.telephony.media_stream import _SAMPLES, BadFrame, Media, Start, Stop, Upsampler, parse
from hotline.telephony.signatures import SIGNATURE, Signatures
from tests.conftest import SetClock
from tests.databases import migrated_sqlite
from tests.ports import free_port
from tests.scene import counselor
from tests.telephony.exchange import ACCOUNT, TOKEN, Exchange, open_exchange
from tests.telephony.speech_servers import SpeechServer, quicken, speech_server
from tests.telephony.test_calling_back import PERSON, owed
from tests.telephony.test_recognisers import until
from web_console.simulation.media_line import MediaLine
from web_console.sockets import media


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quicken(monkeypatch)


def mulaw(samples: np.ndarray[Any, Any]) -> bytes:
    order = np.argsort(_SAMPLES, kind="stable")
    levels = _SAMPLES[order]
    nearest = np.searchsorted((levels[:-1] + levels[1:]) / 2, samples)
    return order[nearest].astype(np.uint8).tobytes()


def tone(seconds: float) -> bytes:
    return mulaw(8000 * np.sin(2 * np.pi * 300 * np.arange(int(seconds * 8000)) / 8000))


async def goes_on(say: Callable[[], Awaitable[None]]) -> None:
    """Until it is not listened to any more."""
    for _ in range(300):
        await say()
        await asyncio.sleep(0.01)


SILENCE = mulaw(np.zeros(4000))
SENTENCE = tone(0.5) + SILENCE


class House:
    """The exchange, its recogniser, and one call whose audio the carrier was told to stream."""

    def __init__(self, exchange: Exchange, server: SpeechServer, sid: str) -> None:
        self.exchange, self.server, self.sid = exchange, server, sid

    @property
    def line(self) -> MediaLine:
        return MediaLine(self.exchange.carrier, self.exchange.carrier.lines[self.sid])

    async def turns(self) -> list[tuple[str, str]]:
        found = [(each.sender, each.text) for each in await self.exchange.messages(self.sid)]
        return [each for each in found if each[0] != Sender.AUTOMATIC]

    async def transcript(self) -> str | None:
        return (await self.exchange.contact(self.sid)).transcript

    async def until_transcript(self, wanted: str) -> None:
        async with asyncio.timeout(4):
            while await self.transcript() != wanted:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def until_turns(self, count: int) -> list[tuple[str, str]]:
        async with asyncio.timeout(4):
            while len(await self.turns()) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return await self.turns()


async def called(exchange: Exchange) -> str:
    """A call whose caller pressed no key at the door, and is listened to."""
    sid = await exchange.call()
    line = exchange.carrier.lines[sid]
    for _ in range(20):
        if line.stream is None and line.transcription is None:
            await exchange.passes(3)
    return sid


@asynccontextmanager
async def house(url: str, folder: Path, clock: SetClock, server: SpeechServer) -> AsyncIterator[House]:
    async with open_exchange(url, folder, clock, transcription_url=server.url) as exchange:
        yield House(exchange, server, await called(exchange))


@pytest.fixture(params=["funasr", "sherpa"])
async def at_home(request: Any, migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[House]:
    async with (
        speech_server(request.param) as server,
        house(migrated_url, tmp_path, clock, server) as given,
    ):
        yield given


@pytest.fixture
async def small(tmp_path: Path, clock: SetClock) -> AsyncIterator[House]:
    """One protocol, one database: where neither matters."""
    url = migrated_sqlite(tmp_path / "hotline.sqlite3")
    async with speech_server("sherpa") as server, house(url, tmp_path, clock, server) as given:
        yield given


async def test_what_the_caller_says_becomes_turns_and_what_they_hear_while_waiting_does_not(
    at_home: House,
) -> None:
    async with at_home.line as line:
        await at_home.until_transcript("live")
        assert len(at_home.server.open) == 2
        await line.hears("outbound", SENTENCE)
        await line.hears("inbound", SENTENCE + SENTENCE + tone(0.5))
        await until(lambda: any(each.sentences == 2 for each in at_home.server.ears))
        assert min(each.seconds for each in at_home.server.ears) == 0  # nobody listens to announcements
        assert await at_home.until_turns(2) == [(Sender.TRANSCRIPT_HELP_SEEKER, f"第{n}句") for n in (1, 2)]
        await line.stop()
        await at_home.until_turns(3)
    await at_home.until_transcript("off")
    assert at_home.exchange.carrier.lines[at_home.sid].transcription is None  # the carrier heard nothing


async def test_words_said_just_before_hanging_up_are_still_turns(at_home: House) -> None:
    async with at_home.line as line:
        await at_home.until_transcript("live")
        await line.hears("inbound", tone(0.5))
        at_home.exchange.carrier.hang_up(at_home.sid, at_home.exchange.clock.now())
        await at_home.exchange.server.send_due()
        await line.stop()
        assert await at_home.until_turns(1) == [(Sender.TRANSCRIPT_HELP_SEEKER, "第1句")]


async def test_the_recogniser_goes_and_comes_back_and_the_call_goes_on(
    tmp_path: Path, clock: SetClock
) -> None:
    port = free_port()
    url = migrated_sqlite(tmp_path / "hotline.sqlite3")
    absent = SpeechServer("sherpa", f"sherpa+ws://127.0.0.1:{port}")
    async with house(url, tmp_path, clock, absent) as at_home, at_home.line as line:
        await at_home.until_transcript("failed")
        for _ in range(20):
            await line.hears("inbound", SILENCE)
        await at_home.exchange.passes(1)
        assert (await at_home.exchange.contact(at_home.sid)).state == "waiting"
        async with speech_server("sherpa", port):
            await at_home.until_transcript("live")
            await line.hears("inbound", SENTENCE)
            await at_home.until_turns(1)
        await at_home.until_transcript("failed")
        assert not [each for each in at_home.exchange.carrier.lines.values() if each.is_over]


async def test_a_stream_that_breaks_is_ordered_again(small: House) -> None:
    first = small.exchange.carrier.lines[small.sid].stream
    async with small.line as line:
        await small.until_transcript("live")
        await line.hears("inbound", SENTENCE)
        await small.until_turns(1)
    await small.until_transcript("failed")
    await until(lambda: not small.exchange.hotline.background.is_busy)
    await small.exchange.passes(5)
    assert small.exchange.carrier.lines[small.sid].stream != first
    async with small.line as line:
        await small.until_transcript("live")
        await line.hears("inbound", SENTENCE)
        await small.until_turns(2)


async def test_a_new_process_orders_the_streams_that_the_last_one_lost(small: House) -> None:
    first = small.exchange.carrier.lines[small.sid].stream
    async with small.line:
        await small.until_transcript("live")
        # As after a kill: nothing could be said about the socket's end.
        await media_streams.stream_again(small.exchange.hotline)
        await media_streams.stream_again(small.exchange.hotline)
        await small.exchange.passes(5)
    assert small.exchange.carrier.lines[small.sid].stream != first


async def test_the_newest_stream_of_a_call_counts(small: House) -> None:
    async with small.line as old:
        await small.until_transcript("live")
        async with small.line as new:
            await until(lambda: small.server.connections == 4)
            with pytest.raises(ConnectionClosed):
                await goes_on(lambda: old.hears("inbound", SILENCE))
            await new.hears("inbound", SENTENCE)
            await small.until_turns(1)
            assert await small.transcript() == "live"


async def test_who_is_not_the_carrier_does_not_get_in(small: House) -> None:
    stream = small.exchange.carrier.lines[small.sid].stream
    assert stream is not None
    forged = Signatures("guessed", ACCOUNT).sign(stream.url, {})
    as_page = Signatures(TOKEN, ACCOUNT).sign(stream.url.replace("ws", "http", 1), {})
    for headers in (
        {},
        {SIGNATURE: forged},
        {SIGNATURE: as_page},
        {SIGNATURE: "ü".encode().decode("latin-1")},
    ):
        with pytest.raises(InvalidStatus) as refused:
            await connect(stream.url, additional_headers=headers, proxy=None)
        assert refused.value.response.status_code == 403
    assert small.server.connections == 0


@pytest.mark.parametrize(
    "changed",
    [{"callSid": "CA" + "9" * 32}, {"accountSid": "AC" + "9" * 32}, {"callSid": "../"}, {"tracks": 7}],
)
async def test_a_stream_of_no_call_of_ours_is_closed(
    small: House, changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "_START_SECONDS", 0.3)
    line = small.line
    said = line._say

    async def say(event: str, content: Mapping[str, object]) -> None:
        await said(event, {**content, **changed} if event == "start" else content)

    line._say = say  # type: ignore[method-assign]
    async with line:
        with pytest.raises(ConnectionClosed):
            await goes_on(lambda: line.hears("inbound", SILENCE))
    assert small.server.connections == 0


async def test_frames_of_no_use_are_passed_over_but_not_for_ever(small: House) -> None:
    async with small.line as line:
        await small.until_transcript("live")
        socket = line._socket
        assert socket is not None
        for bad in (
            "",
            "[]",
            '{"event": "media"}',
            '{"event": "media", "media": {"payload": "%%"}}',
            b"\x00",
        ):
            await socket.send(bad)
        await line.hears("inbound", SENTENCE)
        await small.until_turns(1)
        with pytest.raises(ConnectionClosed):
            await goes_on(lambda: socket.send("{}"))


async def test_while_the_database_is_away_turns_wait(small: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from hotline.errors import Unavailable

    monkeypatch.setattr(media_streams, "_AGAIN_SECONDS", 0.02)
    writer = small.exchange.hotline.writer
    run = writer.run

    async def away(*_arguments: Any) -> None:
        raise Unavailable("The database does not answer; nothing was saved.")

    async with small.line as line:
        await small.until_transcript("live")
        monkeypatch.setattr(writer, "run", away)
        await line.hears("inbound", SENTENCE)
        await asyncio.sleep(0.2)
        assert await small.turns() == []
        monkeypatch.setattr(writer, "run", run)
        await small.until_turns(1)


async def test_without_a_recogniser_of_our_own_the_carrier_listens(tmp_path: Path, clock: SetClock) -> None:
    url = migrated_sqlite(tmp_path / "hotline.sqlite3")
    async with open_exchange(url, tmp_path, clock) as exchange:
        line = exchange.carrier.lines[await called(exchange)]
        assert line.transcription is not None
        assert line.stream is None
        address = f"{exchange.base}/twilio/media".replace("http", "ws", 1)
        headers = {SIGNATURE: Signatures(TOKEN, ACCOUNT).sign(address, {})}
        with pytest.raises(InvalidStatus):
            await connect(address, additional_headers=headers, proxy=None)


async def test_who_was_put_through_to_somebody_outside_is_not_listened_to_any_more(small: House) -> None:
    async with small.line as line:
        await small.until_transcript("live")
        contact = await small.exchange.contact(small.sid)

        def put_through(loaded: Loaded) -> Change:
            now = loaded.get(Contact, contact.id)
            return Change(save=(contact_moves.moved(now, call_state=CallState.HANDED_OVER.value),))

        await small.exchange.hotline.writer.run(put_through, Need(Contact, contact.id))
        await line.hears("inbound", SENTENCE)
        await line.stop()
    await until(lambda: not small.exchange.hotline.background.is_busy)
    assert await small.turns() == []
    assert sum(each.seconds for each in small.server.ears) == 0


async def test_a_stream_that_the_carrier_cannot_begin_is_shown_and_ordered_once_more(small: House) -> None:
    exchange, line = small.exchange, small.exchange.carrier.lines[small.sid]
    first = line.stream
    assert first is not None
    form = {
        "CallSid": small.sid,
        "StreamSid": first.sid,
        "StreamEvent": "stream-error",
        "StreamError": "31920",
    }
    for _ in range(2):
        exchange.carrier._report(f"{exchange.base}/twilio/stream-status", form, exchange.clock.now())
        await exchange.settle()
    assert await small.transcript() == "failed"
    await exchange.passes(4)
    second = line.stream
    assert second != first
    exchange.carrier._report(f"{exchange.base}/twilio/stream-status", form, exchange.clock.now())
    await exchange.passes(10)
    assert line.stream == second
    assert await small.transcript() == "failed"


# The pure half -----------------------------------------------------------------------------------


def _nested(inner: Any) -> Any:
    names = st.sampled_from(
        ["event", "media", "track", "payload", "mediaFormat", "tracks", "callSid", "encoding"]
    )
    return st.lists(inner, max_size=3) | st.dictionaries(names | st.text(max_size=5), inner, max_size=5)


def test_frames() -> None:
    form = {"encoding": "audio/x-mulaw", "sampleRate": "8000", "channels": 1}
    start = {
        "streamSid": "MZ1",
        "accountSid": "AC1",
        "callSid": "CA1",
        "tracks": ["inbound"],
        "mediaFormat": form,
    }
    found = parse(json.dumps({"event": "start", "sequenceNumber": "1", "start": start}))
    assert isinstance(found, Start)
    assert (found.stream_sid, found.call_sid, found.tracks) == ("MZ1", "CA1", ("inbound",))
    media = parse(
        '{"event":"media","media":{"track":"outbound","chunk":"2","timestamp":"5","payload":"fn8="}}'
    )
    assert media == Media(media.track, b"\x7e\x7f")  # type: ignore[union-attr]
    assert isinstance(parse('{"event":"stop","stop":{}}'), Stop)
    for wrong in (
        start | {"mediaFormat": form | {"encoding": "audio/l16"}},
        start | {"tracks": ["sideways"]},
        start | {"callSid": "CA 1"},
        {},
    ):
        with pytest.raises(BadFrame):
            parse(json.dumps({"event": "start", "start": wrong}))


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), _nested, max_leaves=12))
def test_whatever_comes_as_a_frame_is_read_or_refused(content: Any) -> None:
    for frame in (content, {"event": "media", "media": content}, {"event": "start", "start": content}):
        with contextlib.suppress(BadFrame):
            parse(json.dumps(frame))


def test_doubling_the_rate_keeps_the_voice_and_leaves_no_seams() -> None:
    at = np.arange(8000) / 8000
    heard = mulaw(8000 * np.sin(2 * np.pi * 1000 * at))
    whole = np.frombuffer(Upsampler().feed(heard), "<i2").astype(float)
    pieces = Upsampler()
    joined = b"".join(pieces.feed(heard[i : i + 160]) for i in range(0, 8000, 160)) + pieces.feed(b"")
    assert np.array_equal(np.frombuffer(joined, "<i2"), whole)
    ideal = 8000 * np.sin(2 * np.pi * 1000 * (np.arange(16000) - 16) / 16000)
    error = whole[200:] - ideal[200:]
    assert 10 * np.log10(np.mean(ideal[200:] ** 2) / np.mean(error**2)) > 35  # dB; μ-law's own noise is 38


async def test_a_second_of_audio_costs_little(small: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way of both tracks: frames, base64, μ-law, doubling, and the recogniser's socket."""
    seconds = 60
    monkeypatch.setattr(moves, "hears_counselor", lambda _contact: True)
    async with small.line as line:
        await small.until_transcript("live")
        socket = line._socket
        assert socket is not None
        began = time.process_time()
        for _ in range(seconds):
            await line.hears("inbound", SILENCE + SILENCE)
            await line.hears("outbound", SILENCE + SILENCE)
            await asyncio.sleep(0)
        await until(lambda: sum(each.seconds for each in small.server.ears) > seconds * 2 - 1, 20)
    cost = (time.process_time() - began) / seconds
    print(f"{cost * 1000:.1f} ms of processor time for a second of call")
    assert cost < 0.1  # with both ends of both sockets in this process


async def test_who_is_called_back_is_listened_to_as_well(tmp_path: Path, clock: SetClock) -> None:
    async with (
        speech_server("sherpa") as server,
        open_exchange(
            migrated_sqlite(tmp_path / "hotline.sqlite3"), tmp_path, clock, transcription_url=server.url
        ) as exchange,
    ):
        followup = await owed(exchange)
        someone = await counselor(exchange.hotline)
        contact = await calling_back.start(exchange.hotline, someone, followup.id)
        await exchange.passes(20)
        (line,) = [each for each in exchange.carrier.lines.values() if each.to == PERSON]
        async with MediaLine(exchange.carrier, line) as call:
            await call.hears("inbound", SENTENCE)
            async with asyncio.timeout(4):
                while not await exchange.messages_of(contact.id):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
