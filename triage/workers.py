"""A worker process and the queue before it.

idle ──a job comes──▶ collecting ──end of this loop turn──▶ busy ──answer──▶ idle (or busy again)
busy ──no progress for `kill_after`──▶ killed ──▶ replaced ──▶ busy with the rest

The worker counts the messages it has begun in shared memory; so after a kill the one it hung on is known,
and only that one gets a strike.
"""

import asyncio
import logging
import multiprocessing
import pickle
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from triage.assessment import Assessment, Evidence, Kind, Level, Turn, unassessed

log = logging.getLogger(__name__)

# Keeps one batch within a few milliseconds, so that a killed batch loses little work.
BATCH = 64
# A text that killed its worker this often is given up.
STRIKES = 2
# Loading the pipeline takes about a second; a machine under load may need far longer.
READY_WITHIN = timedelta(seconds=60)
# A worker that dies again and again is not restarted in a hot loop.
RESTART_PAUSE = timedelta(milliseconds=200)
# A worker that got no processor time is given this many further periods before it is killed all the same.
STARVED_PERIODS = 4
# Linux: a process's clock is (~pid << 3) | 2, see clock_getcpuclockid(3).
PROCESS_CLOCK = 2


@dataclass(slots=True)
class Job:
    """One message on its way through a worker."""

    text: str
    history: list[tuple[Literal["help_seeker", "counselor"], str]]
    speech: bool
    strikes: int = 0
    answer: "asyncio.Future[Assessment] | None" = field(default=None, repr=False)


class Worker:
    """One process, its pipe and the jobs that wait for it. Used from one event loop only."""

    def __init__(
        self, kill_after: timedelta, target: Callable[..., None] | None = None, model: Path | None = None
    ) -> None:
        """`model`: the folder of an operator's own model."""
        self._model = model
        self._kill_after = kill_after.total_seconds()
        self._target = target or _default_target
        self._waiting: deque[Job] = deque()
        self._batch: list[Job] = []
        self._process: ForkServerProcess | None = None
        self._pipe: Connection | None = None
        self._begun: Any = None
        self._seen = 0
        self._cpu_seen = 0.0
        self._patience = STARVED_PERIODS
        self._alarm: asyncio.TimerHandle | None = None
        self._flush_due = False
        self._restart: asyncio.Task[None] | None = None
        self._closed = False

    async def start(self) -> None:
        """Spawn the process and wait until its pipeline is loaded."""
        context = _context()
        self._begun = context.RawValue("L", 0)
        ours, theirs = context.Pipe()
        process = context.Process(target=self._target, args=(theirs, self._begun, self._model), daemon=True)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, _spawn, process)
        theirs.close()
        if not await loop.run_in_executor(None, ours.poll, READY_WITHIN.total_seconds()):
            process.kill()
            ours.close()
            raise TimeoutError("the triage worker did not become ready")
        ours.recv_bytes()
        self._process, self._pipe = process, ours
        loop.add_reader(ours.fileno(), self._on_readable)

    async def close(self) -> None:
        """Kill the process; jobs still open are answered "unassessed"."""
        self._closed = True
        if self._restart is not None:
            self._restart.cancel()
            await asyncio.gather(self._restart, return_exceptions=True)
        await self._discard()
        for job in (*self._batch, *self._waiting):
            _answer(job, unassessed())
        self._batch, self._waiting = [], deque()

    def submit(self, job: Job) -> "asyncio.Future[Assessment]":
        """Queue a job; it is sent with all others of this loop turn."""
        loop = asyncio.get_running_loop()
        job.answer = loop.create_future()
        if self._closed:
            _answer(job, unassessed())
            return job.answer
        self._waiting.append(job)
        if not self._flush_due and not self._batch:
            self._flush_due = True
            loop.call_soon(self._flush)
        return job.answer

    def _flush(self) -> None:
        self._flush_due = False
        if self._batch or self._pipe is None or not self._waiting:
            return
        alone = self._waiting[0].strikes > 0
        size = 1 if alone else min(BATCH, len(self._waiting))
        self._batch = [self._waiting.popleft() for _ in range(size)]
        self._seen = self._begun.value = 0
        self._cpu_seen = self._cpu_seconds()
        self._patience = STARVED_PERIODS
        try:
            jobs = [(job.text, job.history, job.speech) for job in self._batch]
            self._pipe.send_bytes(pickle.dumps(jobs, pickle.HIGHEST_PROTOCOL))
        except OSError:
            self._lose()
            return
        self._arm()

    def _arm(self) -> None:
        self._alarm = asyncio.get_running_loop().call_later(self._kill_after, self._on_alarm)

    def _on_alarm(self) -> None:
        """Kill only a worker that stands still while it had the processor."""
        if not self._batch:
            return
        starved = self._cpu_seconds() - self._cpu_seen < self._kill_after / 2
        if self._begun.value != self._seen or (starved and self._patience > 0):
            self._patience -= self._begun.value == self._seen
            self._seen, self._cpu_seen = self._begun.value, self._cpu_seconds()
            self._arm()
            return
        log.warning("triage worker made no progress and is replaced")
        self._lose()

    def _cpu_seconds(self) -> float:
        """Processor time of the worker so far: on a busy machine a starved worker is not a stuck one."""
        pid = self._process.pid if self._process is not None else None
        try:
            return time.clock_gettime((~pid << 3) | PROCESS_CLOCK) if pid else 0.0
        except OSError:
            return 0.0

    def _on_readable(self) -> None:
        if self._pipe is None:
            return
        try:
            answers = pickle.loads(self._pipe.recv_bytes())  # noqa: S301 - written by our own worker
        except (EOFError, OSError, pickle.UnpicklingError):
            self._lose()
            return
        if self._alarm is not None:
            self._alarm.cancel()
        batch, self._batch = self._batch, []
        for job, packed in zip(batch, answers, strict=True):
            _answer(job, unpack(packed))
        self._flush()

    def _lose(self) -> None:
        """The process is stuck or gone: blame the message it had begun, keep the others in order."""
        if self._alarm is not None:
            self._alarm.cancel()
        batch, self._batch = self._batch, []
        culprit = self._begun.value - 1
        for index, job in enumerate(batch):
            if index == culprit:
                job.strikes += 1
        for job in batch:
            if job.strikes >= STRIKES:
                _answer(job, unassessed())
        self._waiting.extendleft(reversed([job for job in batch if job.strikes < STRIKES]))
        if not self._closed and self._restart is None:
            self._restart = asyncio.get_running_loop().create_task(self._replace())

    async def _replace(self) -> None:
        """A fresh process in place of the lost one; tries until it works or the assessor is closed."""
        await self._discard()
        while True:
            try:
                await self.start()
                break
            except (OSError, EOFError, TimeoutError) as error:
                log.error("triage worker did not start: %s", type(error).__name__)
                self._give_up_waiting()
                await asyncio.sleep(RESTART_PAUSE.total_seconds())
        self._restart = None
        self._flush()

    def _give_up_waiting(self) -> None:
        for job in self._waiting:
            _answer(job, unassessed())
        self._waiting.clear()

    async def _discard(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        if self._pipe is not None:
            asyncio.get_running_loop().remove_reader(self._pipe.fileno())
            self._pipe.close()
            self._pipe = None
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            await asyncio.get_running_loop().run_in_executor(None, process.join)
            process.close()


def _answer(job: Job, assessment: Assessment) -> None:
    if job.answer is not None and not job.answer.done():
        job.answer.set_result(assessment)


def serve(pipe: Connection, begun: Any, model: Path | None = None) -> None:
    """The worker's life: answer batches until the parent is gone. Runs in the child."""
    from triage.pipeline import load

    pipeline = load(model)
    pipe.send_bytes(b"ready")
    while True:
        try:
            jobs = pickle.loads(pipe.recv_bytes())  # noqa: S301 - written by our own parent
        except (EOFError, OSError):
            return
        answers = []
        for index, (text, history, speech) in enumerate(jobs):
            begun.value = index + 1
            turns = [Turn(speaker, said) for speaker, said in history]
            answers.append(pack(pipeline.assess(text, turns, speech=speech)))
        try:
            pipe.send_bytes(pickle.dumps(answers, pickle.HIGHEST_PROTOCOL))
        except OSError:
            return  # nobody waits for it any more


_default_target = serve


def pack(assessment: Assessment) -> tuple[Any, ...]:
    """Plain tuples: they cross the pipe five times faster than dataclasses."""
    return (
        assessment.level.value,
        assessment.score,
        tuple(kind.value for kind in assessment.kinds),
        assessment.tags,
        assessment.act_in_progress,
        tuple((e.start, e.end, e.cue, e.frame, e.why_zh, e.why_en) for e in assessment.evidence),
        assessment.lexicon_version,
    )


def unpack(packed: tuple[Any, ...]) -> Assessment:
    """The inverse of `pack`."""
    level, score, kinds, tags, act, evidence, version = packed
    return Assessment(
        Level(level),
        score,
        tuple(Kind(kind) for kind in kinds),
        tags,
        act,
        tuple(Evidence(*item) for item in evidence),
        version,
    )


def _context() -> ForkServerContext:
    """A fork server that has the pipeline loaded: a replacement worker is a fork away."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["triage.pipeline.preload"])
    return context


_spawning = threading.Lock()


def _spawn(process: ForkServerProcess) -> None:
    """Start the process without letting it import our main module again.

    multiprocessing re-imports `__main__` in every child, which would load the web server into each
    worker; a blank module in its place for the moment of the start prevents that.
    """
    with _spawning:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            process.start()
        finally:
            sys.modules["__main__"] = main
