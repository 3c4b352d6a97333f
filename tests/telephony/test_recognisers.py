"""Our client against recognisers on real sockets: both protocols, breaks, slowness, garbage, and its own modesty."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.telephony import recognisers
from hotline.telephony.recogniser_protocols import FunAsr, RecogniserAddress, Sherpa
from hotline.telephony.recognisers import Recogniser, Tally
from tests.ports import free_port
from tests.telephony.speech_servers import RATE, quicken, speech_server

KINDS = ["funasr", "sherpa", "sherpa-python"]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quicken(monkeypatch)


def speech(seconds: float) -> bytes:
    at = np.arange(int(seconds * RATE)) / RATE
    return (6000 * np.sin(2 * np.pi * 300 * at)).astype("<i2").tobytes()


def silence(seconds: float) -> bytes:
    return bytes(int(seconds * RATE) * 2)


class Listener:
    def __init__(self, url: str) -> None:
        self.heard: list[str] = []
        self.works: list[bool] = []
        self.partly: list[str] = []
        self.tally = Tally()
        self.recogniser = Recogniser(
            RecogniserAddress.of(url),
            "zh",
            "MZ1-inbound",
            self.heard.append,
            self.works.append,
            self.tally,
            self.partly.append,
        )

    def says(self, sentences: int = 1) -> None:
        for _ in range(sentences):
            self.recogniser.feed(speech(0.5))
            self.recogniser.feed(silence(0.5))


async def until(true: Callable[[], Any], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  (what is waited for is a test's own condition)
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("kind", KINDS)
async def test_sentences_come_as_they_are_said_and_the_last_at_the_end(kind: str) -> None:
    async with speech_server(kind) as server:
        listener = Listener(server.url)
        listener.says(2)
        listener.recogniser.feed(speech(0.5))  # and hangs up in the middle
        await until(lambda: listener.heard[:1] == ["第1句"])
        await listener.recogniser.finish()
        assert listener.heard == ["第1句", "第2句", "第3句"]
        assert server.ears[0].seconds == pytest.approx(2.5, abs=0.06)
        assert listener.tally.segments == 3
        assert {"第1", "第2"} <= {each[:2] for each in listener.partly}, (
            "what is being said is told before it is final"
        )
        assert listener.tally.dropped_seconds == 0


async def test_what_funasr_is_told_at_first() -> None:
    async with speech_server("funasr") as server:
        listener = Listener(server.url)
        await until(lambda: server.greetings)
        await listener.recogniser.cancel()
        greeting = server.greetings[0]
        assert (greeting["mode"], greeting["wav_name"], greeting["is_speaking"]) == (
            "2pass",
            "MZ1-inbound",
            True,
        )
        assert (greeting["audio_fs"], greeting["wav_format"]) == (16_000, "pcm")
        assert greeting["chunk_size"] == [5, 10, 5]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_break_loses_neither_what_was_half_said_nor_what_is_said_meanwhile(kind: str) -> None:
    async with speech_server(kind, breaks_after_seconds=0.4) as server:
        listener = Listener(server.url)
        listener.recogniser.feed(speech(0.5))
        await until(lambda: server.connections == 2)
        listener.recogniser.feed(silence(0.5))
        listener.says()
        await until(lambda: "第1句" in listener.heard)
        await listener.recogniser.finish()
        assert listener.heard[0] == "第1"  # recognised so far when the line broke
        assert listener.tally.breaks == 1


async def test_it_is_said_to_fail_after_a_while_and_to_work_again() -> None:
    port = free_port()
    async with speech_server("sherpa", port) as server:
        listener = Listener(server.url)
        await until(lambda: listener.works == [True])
    await until(lambda: listener.works == [True, False])
    listener.says()
    async with speech_server("sherpa", port):
        await until(lambda: listener.works == [True, False, True])
        await until(lambda: listener.heard == ["第1句"])  # said while nobody listened, and kept
        await listener.recogniser.finish()


async def test_a_break_that_the_buffer_bridges_is_not_shown() -> None:
    async with speech_server("sherpa") as server:
        listener = Listener(server.url)
        await until(lambda: listener.works == [True])
        next(iter(server.open)).transport.abort()
        await until(lambda: server.connections == 2)
        await asyncio.sleep(0.25)
        assert listener.works == [True]
        await listener.recogniser.cancel()


async def test_without_a_recogniser_the_newest_five_seconds_wait_and_the_rest_is_counted() -> None:
    listener = Listener(f"sherpa+ws://127.0.0.1:{free_port()}")
    began = time.perf_counter()
    for _ in range(600):
        listener.recogniser.feed(silence(0.1))
    assert time.perf_counter() - began < 1
    assert listener.tally.dropped_seconds == pytest.approx(55, abs=0.2)
    assert listener.works == [False]
    began = time.perf_counter()
    await listener.recogniser.finish()
    assert time.perf_counter() - began < 1.5


async def test_who_does_not_read_is_found_out_and_costs_only_the_audio(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recognisers, "_STUCK_SECONDS", 0.2)
    async with speech_server("sherpa") as server:
        server.reads.clear()
        listener = Listener(server.url)
        await until(lambda: server.connections == 1)
        for _ in range(3000):
            listener.recogniser.feed(silence(0.1))
            if not listener.works.count(False):
                await asyncio.sleep(0)
        await until(lambda: False in listener.works)
        assert listener.tally.dropped_seconds > 0
        await until(lambda: server.connections >= 2)  # begun anew instead of lagging behind for ever
        server.reads.set()
        await until(lambda: listener.works[-1])
        listener.says()
        await until(lambda: "第1句" in listener.heard)
        await listener.recogniser.finish()


@pytest.mark.parametrize("kind", KINDS)
async def test_garbage_is_passed_over(kind: str) -> None:
    garbage = (
        "no json",
        b"\xff\x00",
        "[1]",
        "null",
        '{"text": 7, "segment": 0, "mode": "2pass-offline"}',
        '{"text": "x"}',
        '{"segment": "0", "text": "x", "mode": 3}',
    )
    async with speech_server(kind, garbage=garbage) as server:
        listener = Listener(server.url)
        listener.says()
        await listener.recogniser.finish()
        assert listener.heard == ["第1句"]


async def test_an_answer_without_measure_breaks_the_connection_not_the_call() -> None:
    async with speech_server("sherpa", garbage=("x" * 2_000_000,)) as server:
        listener = Listener(server.url)
        await until(lambda: server.connections >= 3)
        await until(lambda: listener.works == [False])
        await listener.recogniser.cancel()
    assert listener.heard == []


async def test_an_unreachable_or_refusing_server_is_tried_again_more_and_more_seldom() -> None:
    tries: list[float] = []

    async def refuse(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tries.append(time.perf_counter())
        writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        listener = Listener(f"funasr+ws://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        await until(lambda: len(tries) >= 5)
        await listener.recogniser.cancel()
    assert tries[4] - tries[3] > tries[1] - tries[0]
    assert listener.works == [False]


async def test_nothing_said_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with speech_server("funasr", garbage=("第0句",)) as server:
            listener = Listener(server.url)
            listener.says(2)
            await listener.recogniser.finish()
    assert len(listener.heard) == 2
    ours = [each.getMessage() for each in caplog.records if each.name != "websockets.server"]
    assert not any("句" in each or "MZ1" in each for each in ours)


async def test_whoever_sets_it_up_is_told_whether_it_answers() -> None:
    from hotline.doctor import examine
    from hotline.settings import load_settings

    async with speech_server("funasr") as server:
        assert await recognisers.answers(RecogniserAddress.of(server.url), "zh")
        found = await examine(load_settings(transcription_url=server.url), {})
        assert ("recogniser", "ok") in [(each.subject, each.grade) for each in found]
    found = await examine(load_settings(transcription_url=server.url), {})
    assert ("recogniser", "problem") in [(each.subject, each.grade) for each in found]


def test_addresses() -> None:
    address = RecogniserAddress.of("funasr+wss://asr-{language}.example.org:10095/x")
    assert address.protocol is FunAsr
    assert address.in_language("zh") == "wss://asr-zh.example.org:10095/x"
    assert RecogniserAddress.of("sherpa+ws://127.0.0.1:6006").protocol is Sherpa
    for wrong in ("ws://127.0.0.1", "kaldi+ws://a", "sherpa+http://a", "sherpa+ws://", "sherpa+ws://a:99999"):
        with pytest.raises(ValueError, match="must begin with"):
            RecogniserAddress.of(wrong)


def test_sherpas_segments_whether_it_says_that_they_are_final_or_not() -> None:
    told, counted = Sherpa(), Sherpa()
    assert told.hear('{"text": "a", "segment": 0, "is_final": false}') == []
    assert told.hear('{"text": "a b", "segment": 0, "is_final": true}') == ["a b"]
    assert told.hear('{"text": "", "segment": 1, "is_final": true}') == []
    assert told.left_over() == ""
    assert counted.hear('{"text": "a b", "segment": 0}') == []
    assert counted.hear('{"text": "c", "segment": 1}') == ["a b"]
    assert counted.left_over() == "c"
    assert counted.left_over() == ""


_SAID = st.fixed_dictionaries(
    {},
    optional={
        "text": st.none() | st.integers() | st.sampled_from(["", "a", "a b", "c"]),
        "segment": st.none() | st.text(max_size=2) | st.integers(-2, 3),
        "is_final": st.booleans() | st.none(),
        "mode": st.sampled_from(["2pass-online", "2pass-offline", "online", "offline", "x"]) | st.none(),
    },
)


@given(st.lists(_SAID | st.text(max_size=5) | st.lists(st.integers(), max_size=2), max_size=20))
def test_whatever_a_recogniser_says_no_word_is_told_twice_or_made_up(said: list[Any]) -> None:
    for protocol in (FunAsr(), Sherpa()):
        told = [text for each in said for text in protocol.hear(json.dumps(each))] + [protocol.left_over()]
        texts = [
            each["text"] for each in said if isinstance(each, dict) and isinstance(each.get("text"), str)
        ]
        assert sum(map(len, told)) <= sum(map(len, texts))
        assert protocol.left_over() == ""
