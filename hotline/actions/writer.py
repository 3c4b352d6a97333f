"""The writer: the only way to write. One transaction at a time, for all who wait.

    run(decide) ─▶ waiting ─▶ [ load · decide in order of arrival · save · journal · outbox · deadlines ] commit
                                                                                     └▶ only then: tell

- A unit gives a pure `decide(loaded) → Change`; it may be asked again with the same rows and ids. What happens inside
  the transaction is `actions/deciding.py`.
- If the database refuses the batch, or something of it cannot be stored, it is rolled back and the units run
  singly.
- After a deadlock or a lost connection the group is run again: ids make that safe. If the answer to the commit
  itself was lost, the journal is asked first whether it happened.
- Cancelling who waits never cancels the unit.
- Listeners hear of a commit after it, in commit order, on the event loop, and must not block.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from hotline.actions.deciding import Decide, Deciding, Group, Unit
from hotline.clock import Clock
from hotline.domain.change import Committed
from hotline.domain.service_rules import ServiceRules
from hotline.errors import Unavailable
from hotline.storage.database import Connection, Database, DatabaseError, is_refusal
from hotline.storage.kept import Kept
from hotline.storage.nouns import Nouns
from hotline.storage.sealing import Sealer
from hotline.storage.transaction import Transaction, holds_entry
from hotline.storage.working_set import Need, RotaAt

log = logging.getLogger(__name__)

_GROUP = 48  # units a transaction takes at most: the loop does nothing else for about 30 ms
_OTHERS = _GROUP // 4  # places that what is urgent leaves to the rest, so that it goes on too
_TRIES = 5
_FIRST_PAUSE_SECONDS = 0.05


Listener = Callable[[Committed], None]


_urgent: ContextVar[bool] = ContextVar("urgent", default=False)


@contextmanager
def urgently() -> Iterator[None]:
    """What is asked in here is saved before what can wait: somebody is on the line, or has just written."""
    token = _urgent.set(True)
    try:
        yield
    finally:
        _urgent.reset(token)


class Writer:
    def __init__(
        self, database: Database, nouns: Nouns, sealer: Sealer, clock: Clock, rules: ServiceRules, epoch: str
    ) -> None:
        self._database = database
        self._nouns = nouns
        self._sealer = sealer
        self._clock = clock
        self._rules = rules
        self.epoch = epoch
        self.seq = 0
        self.deadlines: dict[str, tuple[str, datetime]] = {}
        self.firing: set[str] = set()
        self.rota_at: RotaAt | None = None
        self._kept = Kept(nouns)
        self._seed = secrets.token_bytes(12)
        self._units = 0
        self._listeners: list[Listener] = []
        self._urgent: deque[Unit] = deque()
        self._others: deque[Unit] = deque()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self._doubt: tuple[list[Unit], Group] | None = None

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    @property
    def is_busy(self) -> bool:
        """Whether somebody waits to be saved."""
        return bool(self._urgent or self._others)

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="writer")

    async def close(self) -> None:
        """Finish what waits, then stop."""
        self._closing = True
        self._wake.set()
        if self._task is not None:
            await self._task
            self._task = None

    async def run(self, decide: Decide, *needs: Need) -> Any:
        """The answer of the decision, after its commit. Raises its refusal, or `Unavailable`."""
        if self._closing:
            raise Unavailable("The service is stopping.")
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._units += 1
        seed = self._seed + self._units.to_bytes(6, "big")
        waiting = self._urgent if _urgent.get() else self._others
        waiting.append(Unit(decide, needs, seed, future))
        self._wake.set()
        return await asyncio.shield(future)

    async def _run(self) -> None:
        while True:
            if not self.is_busy:
                if self._closing:
                    return
                self._wake.clear()
                await self._wake.wait()
                continue
            units = self._next_group()
            try:
                await self._commit(units)
            except Exception as error:
                log.exception("writer: a group failed")
                self._fail(units, error)

    def _next_group(self) -> list[Unit]:
        """What is urgent first; each kind in the order in which it came."""
        urgent = min(len(self._urgent), max(_GROUP - _OTHERS, _GROUP - len(self._others)))
        others = min(len(self._others), _GROUP - urgent)
        return [self._urgent.popleft() for _ in range(urgent)] + [
            self._others.popleft() for _ in range(others)
        ]

    async def _commit(self, units: list[Unit]) -> None:
        pause = _FIRST_PAUSE_SECONDS
        for attempt in range(_TRIES):
            try:
                await self._settle_doubt()
                if all(unit.future.done() for unit in units):
                    return
                group = await self._transact(units)
            except (DatabaseError, OSError) as error:
                if is_refusal(error):
                    await self._commit_singly(units, error)
                    return
                log.warning("writer: the database failed (%s), try %d", type(error).__name__, attempt + 1)
                await asyncio.sleep(pause)
                pause *= 2
            except Exception as error:
                log.exception("writer: a group failed")
                await self._commit_singly(units, error)
                return
            else:
                self._tell(units, group)
                return
        self._fail(units, Unavailable("The database does not answer; nothing was saved."))

    async def _commit_singly(self, units: list[Unit], error: Exception) -> None:
        """What cannot be stored fails alone, not with everybody who came with it."""
        if len(units) == 1:
            self._fail(units, error)
            return
        for unit in units:
            await self._commit([unit])

    async def _transact(self, units: list[Unit]) -> Group:
        async with self._database.write_lock, self._database.writing.connect() as connection:
            transaction = await connection.begin()
            try:
                group = await connection.run_sync(self._decide_and_save, units)
                self._doubt = (units, group) if group.journal else None
                await transaction.commit()
                self._doubt = None
                self._remember(group)
            except BaseException:
                self._sealer.forget_all()  # a data key made here was not stored
                self._kept.forget()
                if transaction.is_active:
                    await transaction.rollback()
                raise
        return group

    async def _settle_doubt(self) -> None:
        """The connection broke while a commit was under way. The journal says whether it happened: then it is
        told, late but once; running it again would give the same places in the journal to other entries."""
        if self._doubt is None:
            return
        units, group = self._doubt
        async with self._database.reading.connect() as connection:
            stored = await connection.run_sync(lambda each: holds_entry(each, self.epoch, group.seq))
        self._doubt = None
        if stored:
            self._tell(units, group)

    def _remember(self, group: Group) -> None:
        if group.erased or group.working_set is None:
            self._kept.forget()
        else:
            self._kept.learn(group.working_set)

    # Inside the transaction ----------------------------------------------------------------------

    def _decide_and_save(self, connection: Connection, units: Sequence[Unit]) -> Group:
        transaction = Transaction(connection, self._nouns, self._sealer)
        needs = [need for unit in units for need in unit.needs]
        self._kept.recall(needs, transaction.working_set)
        transaction.load(needs)
        deciding = Deciding(
            transaction,
            self._nouns,
            self._rules,
            self.rota_at,
            self.epoch,
            self._clock.now(),
            self.deadlines,
            self.firing,
        )
        return deciding.run(units, self.seq)

    # After the commit ---------------------------------------------------------------------------

    def _tell(self, units: Sequence[Unit], group: Group) -> None:
        self.seq = group.seq
        for subject in group.erased:
            self._sealer.forget(subject)  # a reader may have opened it again before the commit
        self.deadlines.update(group.due)
        for key in group.over:
            self.deadlines.pop(key, None)
        for committed in group.committed:
            for listener in self._listeners:
                try:
                    listener(committed)
                except Exception:
                    log.exception("writer: a listener failed")
        for unit, answer in zip(units, group.answers, strict=True):
            if unit.future.done():
                continue
            if isinstance(answer, Exception):
                unit.future.set_exception(answer)
            else:
                unit.future.set_result(answer)

    @staticmethod
    def _fail(units: Sequence[Unit], error: Exception) -> None:
        for unit in units:
            if not unit.future.done():
                unit.future.set_exception(error)
