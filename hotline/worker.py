"""The worker: wakes what the deadlines owe, sends what the outbox owes, seals the journal.

It ticks; what is due is in rows, so a tick that comes late loses nothing, and a restart finds all of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hotline.actions import carrier_sweep, outbox, recordings, retention, sound_troubles, text_delivery, texts
from hotline.errors import Unavailable

if TYPE_CHECKING:
    from hotline.service import Hotline

log = logging.getLogger(__name__)

OnDeadline = Callable[["Hotline", Any], Awaitable[Any]]

_TICK_SECONDS = 0.2  # the finest clock that people see counts seconds
_SEAL_EVERY_TICKS = 5
_CLAIM_EVERY_TICKS = 5  # as often: two nodes would each give what the other one has to somebody else
_LINES_EVERY_TICKS = 300  # a minute: a hang-up that the carrier never reported holds a counselor no longer
_RECORDINGS_EVERY_TICKS = 1500  # five minutes: whoever reads "recording" must be able to rely on it
_RETRY_AFTER = timedelta(seconds=5)  # a deadline whose action failed is tried again


async def _tried(work: Awaitable[Any]) -> None:
    """What fails, perhaps at every tick, keeps nothing else of the tick from being done."""
    try:
        await work
    except Exception:
        log.exception("worker: a part of a tick failed")


class Worker:
    """`on_deadline` maps a noun's name to its action."""

    def __init__(self, hotline: Hotline, on_deadline: Mapping[str, OnDeadline]) -> None:
        self._hotline = hotline
        self._on_deadline = on_deadline
        self._task: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._not_before: dict[str, Any] = {}
        self._stop = asyncio.Event()

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="worker")

    async def close(self) -> None:
        self._stop.set()
        if self._task is not None:
            await self._task
        if self._running:
            await asyncio.wait(self._running, timeout=2)
        with contextlib.suppress(Exception):
            await self._hotline.chain.seal(self._hotline.database, self._hotline.clock.now())

    async def _run(self) -> None:
        ticks = 0
        while not self._stop.is_set():
            ticks += 1
            try:
                self.wake_due()
                await outbox.send_owed(self._hotline)
                await _tried(self._hotline.answers.save())
                if len(self._hotline.matcher.room):
                    self._hotline.matcher.schedule()
                if ticks % _LINES_EVERY_TICKS == 0:
                    self._hotline.background.start(carrier_sweep.ask_after_lines(self._hotline))
                    self._hotline.background.start(texts.ask_for_texts(self._hotline))
                    self._hotline.background.start(text_delivery.ask_after_texts(self._hotline))
                    self._hotline.background.start(retention.forget_old(self._hotline))
                if ticks % _RECORDINGS_EVERY_TICKS == 0:
                    self._hotline.background.start(self._hotline.answers.forget_old())
                    self._hotline.background.start(recordings.ask_after_recordings(self._hotline))
                    self._hotline.background.start(sound_troubles.look_for_files(self._hotline))
                if ticks % _CLAIM_EVERY_TICKS == 0:
                    await _tried(self._hold_claim())
                if ticks % _SEAL_EVERY_TICKS == 0:
                    await self._hotline.chain.seal(self._hotline.database, self._hotline.clock.now())
            except Exception:
                log.exception("worker: a tick failed")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), _TICK_SECONDS)

    async def _hold_claim(self) -> None:
        try:
            await self._hotline.database.hold_claim()
        except Unavailable as error:
            log.critical("worker: the database is another node's now; this one stops")
            self._hotline.ended.set_exception(error)
            self._stop.set()

    def wake_due(self) -> None:
        """Start the action of every deadline that has come."""
        writer, now = self._hotline.writer, self._hotline.clock.now()
        for subject, (noun, at) in tuple(writer.deadlines.items()):
            if at <= now and subject not in writer.firing and self._not_before.get(subject, now) <= now:
                writer.firing.add(subject)
                task = asyncio.create_task(self._fire(noun, subject), name=f"deadline {noun}")
                self._running.add(task)
                task.add_done_callback(self._running.discard)

    async def _fire(self, noun: str, subject: str) -> None:
        try:
            await self._on_deadline[noun](self._hotline, subject)
            self._not_before.pop(subject, None)
        except Exception:
            log.exception("worker: the deadline of %s %s failed", noun, subject)
            self._not_before[subject] = self._hotline.clock.now() + _RETRY_AFTER
        finally:
            self._hotline.writer.firing.discard(subject)
