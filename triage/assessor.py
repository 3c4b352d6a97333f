"""The port that the service calls, and its two forms.

`ProcessAssessor` keeps the pipeline out of the event loop, in a worker process that can be killed.
`InlineAssessor` runs it in place, for tests and for `python -m triage`. Neither ever raises: what
could not be assessed is said to be unassessed.
"""

import asyncio
import logging
import zlib
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from triage.assessment import Assessment, Turn, unassessed
from triage.workers import Job, Worker

log = logging.getLogger(__name__)

# Ordinary messages take well under 5 ms; whatever needs fifty times as long is not going to end.
KILL_AFTER = timedelta(milliseconds=250)
# Turns of both sides that frames and answers may look back on.
HISTORY_TURNS = 8
# One character more than the pipeline reads, so that it still sees that there was more.
SENT_CHARACTERS = 8_001


class Assessor(Protocol):
    """Text in, explained level out; never raises."""

    async def assess(
        self, contact_id: str, text: str, history: Sequence[Turn] = (), *, speech: bool = False
    ) -> Assessment:
        """The level of one help-seeker turn; `history` is what was said before it, oldest first."""
        ...


class InlineAssessor:
    """The pipeline in this very process, without a time limit."""

    async def assess(
        self, contact_id: str, text: str, history: Sequence[Turn] = (), *, speech: bool = False
    ) -> Assessment:
        """See `Assessor`."""
        try:
            from triage.pipeline import load

            return load().assess(text[:SENT_CHARACTERS], _clip(history), speech=speech)
        except Exception as error:  # the port promises an answer whatever happens
            log.error("triage failed: %s", type(error).__name__)
            return unassessed()


class ProcessAssessor:
    """Worker processes, each fed one batch per turn of the loop.

    A contact always goes to the same worker, so its messages are answered in order. A worker that
    makes no progress for `kill_after` is killed and replaced; the message it hung on is tried once
    more by itself and then left unassessed.
    """

    def __init__(
        self, *, workers: int = 1, kill_after: timedelta = KILL_AFTER, model: Path | None = None
    ) -> None:
        """`model`: the folder of an operator's own model; see `python -m triage train`."""
        if workers < 1:
            raise ValueError("workers must be at least 1")
        self._workers = tuple(Worker(kill_after, model=model) for _ in range(workers))
        self._running = False

    async def start(self) -> None:
        """Load the pipeline in every worker; returns when all can answer."""
        await asyncio.gather(*(worker.start() for worker in self._workers))
        self._running = True

    async def close(self) -> None:
        """End the workers; whoever still waits hears "unassessed"."""
        self._running = False
        await asyncio.gather(*(worker.close() for worker in self._workers))

    async def assess(
        self, contact_id: str, text: str, history: Sequence[Turn] = (), *, speech: bool = False
    ) -> Assessment:
        """See `Assessor`."""
        if not self._running:
            return unassessed()
        turns = [(turn.speaker, turn.text[:SENT_CHARACTERS]) for turn in history[-HISTORY_TURNS:]]
        return await self._worker_of(contact_id).submit(Job(text[:SENT_CHARACTERS], turns, speech))

    def _worker_of(self, contact_id: str) -> Worker:
        if len(self._workers) == 1:
            return self._workers[0]
        return self._workers[zlib.crc32(contact_id.encode(errors="replace")) % len(self._workers)]


def _clip(history: Sequence[Turn]) -> list[Turn]:
    return [Turn(turn.speaker, turn.text[:SENT_CHARACTERS]) for turn in history[-HISTORY_TURNS:]]
