"""The reading side: rows as domain values, sealed columns opened. Reads never lock and never write."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Executable, Select, Table, bindparam, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from hotline.errors import Unavailable
from hotline.storage.database import Database
from hotline.storage.nouns import Noun, Nouns
from hotline.storage.sealing import Erased, Sealer
from hotline.storage.sqlite_driver import IN_THREAD
from hotline.storage.tables.system import DataKeyRow
from hotline.storage.transaction import load_data_keys, open_row, rows_of

T = TypeVar("T", bound=SQLModel)

log = logging.getLogger(__name__)

_DATA_KEYS: Table = DataKeyRow.__table__  # type: ignore[attr-defined]


_MANY = {IN_THREAD: True}


@lru_cache(maxsize=500)
def _having(table: Table, column: str) -> Select[Any]:
    """Made once: building it takes longer than running it."""
    return select(table).where(table.c[column] == bindparam("value")).order_by(table.c.id)


def _failed(error: Exception) -> Unavailable:
    log.warning("reading: the database failed (%s)", type(error).__name__)
    return Unavailable("The database does not answer.")


class Reader:
    def __init__(self, database: Database, nouns: Nouns, sealer: Sealer) -> None:
        self._database = database
        self._nouns = nouns
        self._sealer = sealer

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        """Whatever the database fails by is one refusal to those who ask: it does not answer."""
        try:
            async with self._database.reading.connect() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise _failed(error) from None

    async def rows(self, statement: Select[Any]) -> Sequence[Any]:
        """The plain rows of a statement that touches no sealed column (counts, journal, sessions)."""
        async with self._connection() as connection:
            rows: Sequence[Any] = (await connection.execute(statement, execution_options=_MANY)).all()
            return rows

    async def columns(self, model: type[SQLModel], *names: str) -> Sequence[Any]:
        """Some unsealed columns of all rows, where the whole rows would be too much."""
        table = self.table(model)
        return await self.rows(select(*(table.c[name] for name in names)))

    async def find(self, model: type[T], key: str) -> T | None:
        found = await self.having(model, "id", key)
        return found[0] if found else None

    async def having(self, model: type[T], column: str, value: str) -> list[T]:
        """The few rows with this value in an indexed column: quick enough to be read on the loop itself."""
        noun = self._nouns.of(model)
        statement, given = _having(noun.table, column), {"value": value}
        if self._database.is_sqlite:
            return self._look(noun, statement, given)  # type: ignore[return-value]
        return await self._read(noun, statement, given, {})  # type: ignore[return-value]

    def _look(self, noun: Noun, statement: Executable, given: dict[str, Any]) -> list[SQLModel]:
        try:
            return self._database.look(lambda connection: self._looked_up(connection, noun, statement, given))
        except SQLAlchemyError as error:
            raise _failed(error) from None

    def _looked_up(
        self, connection: Connection, noun: Noun, statement: Executable, given: dict[str, Any]
    ) -> list[SQLModel]:
        rows = rows_of(connection.execute(statement, given))
        if noun.sealed:
            load_data_keys(connection, self._sealer, (row[noun.sealed_under] for row in rows))
        return [value for value in (self._opened(noun, row) for row in rows) if value is not None]

    def table(self, model: type[SQLModel]) -> Table:
        return self._nouns.of(model).table

    async def where(
        self,
        model: type[T],
        *conditions: ColumnElement[bool],
        order: Sequence[ColumnElement[Any]] = (),
        limit: int | None = None,
        quick: bool = False,
    ) -> list[T]:
        """Rows that satisfy all conditions. A row whose content was erased is left out. `quick`: an index leads to
        few rows, so that they may be read on the loop itself."""
        noun = self._nouns.of(model)
        statement = select(noun.table).where(*conditions).order_by(*(order or (noun.table.c.id,)))
        if limit is not None:
            statement = statement.limit(limit)
        if quick and self._database.is_sqlite:
            return self._look(noun, statement, {})  # type: ignore[return-value]
        return await self._read(noun, statement, {}, _MANY)  # type: ignore[return-value]

    async def _read(
        self, noun: Noun, statement: Executable, given: dict[str, Any], options: dict[str, Any]
    ) -> list[SQLModel]:
        async with self._connection() as connection:
            found = await connection.execute(statement, given, execution_options=options)
            rows = rows_of(found)
            if noun.sealed:
                await self._load_keys(connection, {row[noun.sealed_under] for row in rows})
        return [value for value in (self._opened(noun, row) for row in rows) if value is not None]

    def _opened(self, noun: Noun, row: dict[str, Any]) -> SQLModel | None:
        try:
            return open_row(noun, row, self._sealer)
        except Erased:
            return None

    async def _load_keys(self, connection: Any, subjects: set[str]) -> None:
        """Until every key that exists is held: the writer may forget keys while we wait for the database."""
        erased: set[str] = set()
        while wanted := sorted(each for each in subjects - erased if not self._sealer.holds(each)):
            part = wanted[:500]
            statement = select(_DATA_KEYS.c.subject, _DATA_KEYS.c.wrapped).where(
                _DATA_KEYS.c.subject.in_(part)
            )
            found = (await connection.execute(statement)).all()
            kept = {subject: wrapped for subject, wrapped in found if wrapped}
            for subject, wrapped in kept.items():
                self._sealer.open_data_key(subject, wrapped)
            erased |= set(part) - kept.keys()
