"""What was answered to the carrier's webhooks, by the token that it repeats with a webhook: the same one again gets the
same answer, and nothing is done a second time, also after a restart.

    a webhook ──▶ begun ──▶ answered ──▶ in memory, and with the next tick in the database ──an hour──▶ forgotten
      again ───────┴─ waits ──┴── gets that answer

Only answers that stand are kept: what failed on our side is tried anew. The actions behind them are safe to be repeated
as well; this spares the work, and makes an answer that depends on the moment the same.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select

from hotline.clock import Clock
from hotline.storage.database import Database
from hotline.storage.tables.system import WebhookAnswerRow

KEPT_FOR = timedelta(hours=1)
"""The carrier repeats a webhook within seconds, and gives up within minutes."""
_MOST = 100_000  # answers of an hour in memory: some 28 webhooks a second, below 200 megabytes
_LONGEST_TOKEN = 256


@dataclass(frozen=True, slots=True)
class Answer:
    """`stands`: ours as it was meant, and no way out of a fault."""

    status: int
    body: str = ""
    stands: bool = True


class WebhookAnswers:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._kept: OrderedDict[str, tuple[datetime, Answer]] = OrderedDict()
        self._unsaved: list[tuple[str, datetime, Answer]] = []
        self._busy: dict[str, asyncio.Event] = {}

    async def find_again(self) -> None:
        """At start: what the last process answered a moment ago."""
        table = WebhookAnswerRow.__table__  # type: ignore[attr-defined]
        since = self._clock.now() - KEPT_FOR
        statement = select(table).where(table.c.at > since).order_by(table.c.at.desc()).limit(_MOST)
        async with self._database.reading.connect() as connection:
            for row in reversed((await connection.execute(statement)).all()):
                self._kept[row.token] = (row.at, Answer(row.status, row.body))

    async def once(self, token: str, path: str, make: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer to this webhook: as it was given, or made now. Without a token it is always made."""
        if not token or len(token) > _LONGEST_TOKEN:
            return await make()
        key = hashlib.sha256(f"{token}\x1f{path}".encode()).hexdigest()
        while (busy := self._busy.get(key)) is not None:
            await busy.wait()
        known = self._kept.get(key)
        if known is not None:
            return known[1]
        done = self._busy[key] = asyncio.Event()
        try:
            answer = await make()
            if answer.stands:
                self._keep(key, answer)
            return answer
        finally:
            del self._busy[key]
            done.set()

    def _keep(self, key: str, answer: Answer) -> None:
        now = self._clock.now()
        self._kept[key] = (now, answer)
        self._unsaved.append((key, now, answer))
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)

    async def save(self) -> None:
        """What was answered since the last time, in one transaction. It may be there already: a commit whose answer was
        lost, a token that came again after so many others that it was not kept in memory."""
        if not self._unsaved:
            return
        count = len(self._unsaved)
        rows = {
            key: {"token": key, "at": at, "status": answer.status, "body": answer.body}
            for key, at, answer in self._unsaved
        }
        table = WebhookAnswerRow.__table__  # type: ignore[attr-defined]

        def work(connection: Connection) -> None:
            connection.execute(
                delete(table).where(table.c.token == bindparam("known")), [{"known": key} for key in rows]
            )
            connection.execute(insert(table), list(rows.values()))

        await self._database.write(work)
        del self._unsaved[:count]

    async def forget_old(self) -> None:
        before = self._clock.now() - KEPT_FOR
        while self._kept and next(iter(self._kept.values()))[0] < before:
            self._kept.popitem(last=False)
        table = WebhookAnswerRow.__table__  # type: ignore[attr-defined]

        def work(connection: Connection) -> None:
            connection.execute(delete(table).where(table.c.at < before))

        await self._database.write(work)
