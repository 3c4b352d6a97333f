"""The journal's HMAC chain: every second the new entries of this node are sealed by a link.

    link(n) = HMAC(key, link(n-1) ‖ entry ‖ entry ‖ …)      the key lives outside the database

The newest link (the head) is appended to a file beside the data, so that cutting off the end shows too.
`verify` recomputes every epoch's chain and compares the exported heads.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from sqlalchemy import Connection, Table, func, insert, select

from hotline.storage.database import Database
from hotline.storage.tables.system import JournalRow, JournalSealRow

log = logging.getLogger(__name__)

_JOURNAL: Table = JournalRow.__table__  # type: ignore[attr-defined]
_SEALS: Table = JournalSealRow.__table__  # type: ignore[attr-defined]


def link(key: bytes, before: str, entries: Iterable[str]) -> str:
    mac = hmac.new(key, before.encode(), hashlib.sha256)
    for entry in entries:
        encoded = entry.encode()
        mac.update(len(encoded).to_bytes(8, "big"))
        mac.update(encoded)
    return mac.hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found; `problems` are sentences that hold ids only."""

    entries: int
    unsealed: int
    problems: tuple[str, ...]


class JournalChain:
    """The chain of one node epoch, continued every second by the worker."""

    def __init__(self, key: bytes, epoch: str, heads: Sequence[Path]) -> None:
        self._key = key
        self._epoch = epoch
        self._heads = heads
        self._head = ""
        self._upto = 0
        self._doubt: tuple[str, int] | None = None

    async def seal(self, database: Database, now: datetime) -> int:
        """Seal what is committed and not sealed yet. Returns how many entries."""
        sealed, head, upto = await database.write(lambda connection: self._seal(connection, now))
        self._doubt = None
        if upto > self._upto:
            self._head, self._upto = head, upto
            await asyncio.to_thread(self._export, now)
        return sealed

    def _seal(self, connection: Connection, now: datetime) -> tuple[int, str, int]:
        self._settle_doubt(connection)
        rows = connection.execute(
            select(_JOURNAL.c.seq, _JOURNAL.c.entry)
            .where(_JOURNAL.c.epoch == self._epoch, _JOURNAL.c.seq > self._upto)
            .order_by(_JOURNAL.c.seq)
        ).all()
        if not rows:
            return 0, self._head, self._upto
        head = link(self._key, self._head, (row.entry for row in rows))
        upto = rows[-1].seq
        self._doubt = head, upto
        connection.execute(insert(_SEALS), {"epoch": self._epoch, "upto_seq": upto, "at": now, "mac": head})
        return len(rows), head, upto

    def _settle_doubt(self, connection: Connection) -> None:
        """The connection broke while a link was being committed: a second one over the same entries would never fit
        the first."""
        if self._doubt is None:
            return
        head, upto = self._doubt
        stored = select(_SEALS.c.mac).where(_SEALS.c.epoch == self._epoch, _SEALS.c.upto_seq == upto)
        if connection.scalar(stored) == head:
            self._head, self._upto = head, upto

    async def seal_what_a_crash_left(self, database: Database, now: datetime) -> None:
        """Entries of an earlier epoch whose node died before its second was over."""
        async with database.reading.connect() as connection:
            newest = (
                await connection.execute(
                    select(_JOURNAL.c.epoch, func.max(_JOURNAL.c.seq).label("seq")).group_by(_JOURNAL.c.epoch)
                )
            ).all()
            links = (
                await connection.execute(select(_SEALS).order_by(_SEALS.c.epoch, _SEALS.c.upto_seq))
            ).all()
        heads = {each.epoch: each for each in links}
        for each in newest:
            last = heads.get(each.epoch)
            if each.epoch != self._epoch and (last is None or last.upto_seq < each.seq):
                tail = JournalChain(self._key, each.epoch, self._heads)
                if last is not None:
                    tail._head, tail._upto = last.mac, last.upto_seq
                await tail.seal(database, now)

    def _export(self, now: datetime) -> None:
        """A place that cannot be written to (another machine's folder that is away) keeps nobody from being served; the
        next head covers this one."""
        line = {"epoch": self._epoch, "upto_seq": self._upto, "mac": self._head, "at": now}
        encoded = orjson.dumps(line, option=orjson.OPT_UTC_Z) + b"\n"
        for path in self._heads:
            try:
                with path.open("ab+") as file:
                    file.write(b"" if _ends_whole(file) else b"\n")
                    file.write(encoded)
            except OSError as error:
                log.error("journal: a head cannot be exported (%s)", type(error).__name__)


def _ends_whole(file: BinaryIO) -> bool:
    """A crash or a full disk leaves half a line, which the next one must not be written on."""
    if not file.seek(0, os.SEEK_END):
        return True
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


async def verify(database: Database, key: bytes, heads: Sequence[Path]) -> Verdict:
    """Recompute all chains and compare the exported heads, also of a running server: the heads are read first, since a
    link is stored before its head is exported."""
    exported = dict.fromkeys(
        line for path in heads if path.exists() for line in path.read_bytes().split(b"\n")
    )
    async with database.one_moment() as connection:
        entries = (
            await connection.execute(select(_JOURNAL).order_by(_JOURNAL.c.epoch, _JOURNAL.c.seq))
        ).all()
        seals = (await connection.execute(select(_SEALS).order_by(_SEALS.c.epoch, _SEALS.c.upto_seq))).all()
    problems: list[str] = []
    unsealed = 0
    by_epoch: dict[str, list[Any]] = {}
    for entry in entries:
        by_epoch.setdefault(entry.epoch, []).append(entry)
    for epoch in sorted({*by_epoch, *(seal.epoch for seal in seals)}):
        links = [seal for seal in seals if seal.epoch == epoch]
        unsealed += _check_epoch(key, epoch, by_epoch.get(epoch, []), links, problems)
    _check_heads(exported, {(seal.epoch, seal.upto_seq): seal.mac for seal in seals}, problems)
    return Verdict(len(entries), unsealed, tuple(problems))


def _check_epoch(key: bytes, epoch: str, rows: list[Any], links: list[Any], problems: list[str]) -> int:
    for before, after in itertools.pairwise(rows):
        if after.seq != before.seq + 1:
            problems.append(f"epoch {epoch}: entries {before.seq + 1} to {after.seq - 1} are missing")
    if rows and rows[0].seq != 1:
        problems.append(f"epoch {epoch}: the entries before {rows[0].seq} are missing")
    head, position = "", 0
    for seal in links:
        part = []
        while position < len(rows) and rows[position].seq <= seal.upto_seq:
            part.append(rows[position].entry)
            position += 1
        head = link(key, head, part)
        if not hmac.compare_digest(head, seal.mac):
            problems.append(f"epoch {epoch}: the entries up to {seal.upto_seq} do not fit their seal")
            head = seal.mac
    return len(rows) - position


def _check_heads(lines: Iterable[bytes], seals: dict[tuple[str, int], str], problems: list[str]) -> None:
    for line in filter(None, lines):
        try:
            head = orjson.loads(line)
            epoch, upto, mac = head["epoch"], head["upto_seq"], head["mac"]
        except (ValueError, TypeError, KeyError):
            problems.append("an exported head cannot be read: its line was cut off or altered")
            continue
        if seals.get((epoch, upto)) != mac:
            problems.append(f"epoch {epoch}: the exported head at {upto} is not in the journal")
