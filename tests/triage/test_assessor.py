"""The worker process: answers, order, a worker that hangs, a worker that dies, and closing."""

import asyncio
import multiprocessing
import os
import pickle
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any, cast

import pytest

from triage.assessment import Level, Turn, unassessed
from triage.assessor import InlineAssessor, ProcessAssessor
from triage.pipeline import Pipeline
from triage.workers import Job, Worker, pack, serve, unpack

# Generous: the machine that runs the tests may be busy.
PATIENT = timedelta(seconds=2)


def odd_worker(pipe: Connection, begun: Any, model: None) -> None:
    """Stands in for the pipeline: hangs or dies when the text tells it to, else says "low"."""
    import pickle

    pipe.send_bytes(b"ready")
    while True:
        try:
            jobs = pickle.loads(pipe.recv_bytes())  # noqa: S301
        except (EOFError, OSError):
            return
        answers = []
        for index, (text, _, _) in enumerate(jobs):
            begun.value = index + 1
            if text == "hang":
                time.sleep(60)
            if text == "die":
                os._exit(1)
            answers.append((Level.LOW.value, 0.2, (), (text,), False, (), "test"))
        pipe.send_bytes(pickle.dumps(answers))


@pytest.fixture
async def process() -> AsyncIterator[ProcessAssessor]:
    assessor = ProcessAssessor(kill_after=PATIENT)
    await assessor.start()
    yield assessor
    await assessor.close()


@pytest.fixture
async def odd() -> AsyncIterator[Worker]:
    worker = Worker(timedelta(milliseconds=100), odd_worker)
    await worker.start()
    yield worker
    await worker.close()


async def test_both_forms_say_the_same(process: ProcessAssessor, pipeline: Pipeline) -> None:
    texts = ["我站在楼顶，再见", "hello there", "i took all my pills", "", "笑死我了"]
    history = [Turn("help_seeker", "好累"), Turn("counselor", "我在")]
    inline = InlineAssessor()
    for text in texts:
        assert await process.assess("c", text, history) == await inline.assess("c", text, history)
        assert await inline.assess("c", text, history) == pipeline.assess(text, history)


async def test_many_at_once_are_all_answered(process: ProcessAssessor) -> None:
    texts = [f"我想自杀 {number}" if number % 2 else f"今天吃什么 {number}" for number in range(200)]
    answers = await asyncio.gather(*(process.assess(f"c{n % 7}", text) for n, text in enumerate(texts)))
    assert [answer.level is Level.HIGH for answer in answers] == [bool(n % 2) for n in range(200)]


async def test_text_that_is_no_text_is_still_answered(process: ProcessAssessor) -> None:
    for text in ("\ud800\udfff", "\x00" * 10, "😀" * 100_000, "a" * 1_000_000):
        assert (await process.assess("c", text)).level is not None


async def test_before_start_and_after_close_it_says_unassessed() -> None:
    assessor = ProcessAssessor()
    assert (await assessor.assess("c", "我想自杀")).level is Level.UNASSESSED
    await assessor.close()
    assert (await assessor.assess("c", "我想自杀")).level is Level.UNASSESSED


async def submit(worker: Worker, *texts: str) -> list[Level]:
    jobs = [worker.submit(Job(text, [], False)) for text in texts]
    return [answer.level for answer in await asyncio.gather(*jobs)]


@pytest.mark.parametrize("trouble", ["hang", "die"])
async def test_only_the_text_that_kills_is_given_up(odd: Worker, trouble: str) -> None:
    levels = await submit(odd, "one", trouble, "two", "three")
    assert levels == [Level.LOW, Level.UNASSESSED, Level.LOW, Level.LOW]
    assert await submit(odd, "four") == [Level.LOW]


async def test_closing_answers_who_still_waits(odd: Worker) -> None:
    waiting = odd.submit(Job("hang", [], False))
    await asyncio.sleep(0)
    await odd.close()
    assert (await waiting).level is Level.UNASSESSED


async def test_cancelling_who_waits_harms_no_one(odd: Worker) -> None:
    gone = odd.submit(Job("one", [], False))
    stays = odd.submit(Job("two", [], False))
    gone.cancel()
    assert (await stays).level is Level.LOW


def test_packing_keeps_everything(pipeline: Pipeline) -> None:
    for assessment in (pipeline.assess("我站在楼顶，再见"), unassessed("x")):
        assert unpack(pack(assessment)) == assessment


def test_a_worker_whose_parent_is_gone_ends_without_a_word() -> None:
    ours, its = multiprocessing.Pipe()
    ours.send_bytes(pickle.dumps([("hello", (), False)]))
    ours.close()
    its.recv_bytes()  # a job that it took before the parent went
    jobs = pickle.dumps([("hello", (), False)])

    class Taken:
        """Its pipe, with that job still to be answered."""

        recv_bytes = staticmethod(iter([jobs]).__next__)

        def send_bytes(self, answer: bytes) -> None:
            if answer != b"ready":
                its.send_bytes(answer)

    serve(cast(Connection, Taken()), SimpleNamespace(value=0))
