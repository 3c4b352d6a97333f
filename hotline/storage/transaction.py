"""One transaction for all who wait: load with one SELECT per table, save with one executemany per table.

The tables are taken in the fixed order of `Nouns`, rows by id, `FOR UPDATE` on PostgreSQL, so that two
groups cannot lock in opposite order. Only changed columns are written; sealed ones only when they changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Result, Table, bindparam, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import Executable
from sqlmodel import SQLModel

from hotline.domain.change import Settled
from hotline.storage.nouns import Noun, Nouns
from hotline.storage.sealing import Erased, Sealer
from hotline.storage.tables.system import DataKeyRow, DeadlineRow, JournalRow, OutboxRow
from hotline.storage.working_set import Need, WorkingSet

_DATA_KEYS: Table = DataKeyRow.__table__  # type: ignore[attr-defined]
_DEADLINES: Table = DeadlineRow.__table__  # type: ignore[attr-defined]
_OUTBOX: Table = OutboxRow.__table__  # type: ignore[attr-defined]
_JOURNAL: Table = JournalRow.__table__  # type: ignore[attr-defined]
_KEYS_OF: Executable = select(_DATA_KEYS.c.subject, _DATA_KEYS.c.wrapped).where(
    _DATA_KEYS.c.subject.in_(bindparam("subjects", expanding=True))
)
_SETTLE: Executable = (
    update(_OUTBOX)
    .where(_OUTBOX.c.key == bindparam("row_key"))
    .values(
        state=bindparam("new_state"), attempts=bindparam("new_attempts"), next_at=bindparam("new_next_at")
    )
)


@lru_cache(maxsize=1000)
def _select_by(table: Table, columns: tuple[str, ...], *, locks: bool) -> Executable:
    """Rows of which any of these columns has one of the values that are given under its name. Made once: building
    it takes longer than running it."""
    any_of = or_(*(table.c[column].in_(bindparam(column, expanding=True)) for column in columns))
    statement = select(table).where(any_of).order_by(table.c.id)
    return statement.with_for_update() if locks else statement


@lru_cache(maxsize=1000)
def _update_of(table: Table, columns: tuple[str, ...]) -> Executable:
    values: dict[str, Any] = {column: bindparam(f"new_{column}") for column in columns}
    return update(table).where(table.c.id == bindparam("row_id")).values(values)


def upsert(connection: Connection, table: Table, key: str, changing: Iterable[str]) -> Any:
    """INSERT that, where `key` exists, changes `changing` (nothing if empty)."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    columns = {column: statement.excluded[column] for column in changing}
    if not columns:
        return statement.on_conflict_do_nothing(index_elements=[key])
    return statement.on_conflict_do_update(index_elements=[key], set_=columns)


def rows_of(result: Result[Any]) -> list[dict[str, Any]]:
    """Column names to values. (`dict` of a row's mapping makes a view of the names for each row first.)"""
    names = tuple(result.keys())
    return [dict(zip(names, row, strict=True)) for row in result]


def open_row(noun: Noun, row: dict[str, Any], sealer: Sealer) -> SQLModel:
    """A database row as a domain value: sealed columns opened, enums and times made whole."""
    if noun.sealed:
        subject, key = row[noun.sealed_under], row["id"]
        for column in noun.sealed:
            row[column] = sealer.open(subject, f"{noun.table.name}.{column}.{key}", row[column])
    return noun.model.model_validate(row)


def holds_entry(connection: Connection, epoch: str, seq: int) -> bool:
    """Whether the journal has this entry."""
    entry = select(_JOURNAL.c.seq).where(_JOURNAL.c.epoch == epoch, _JOURNAL.c.seq == seq)
    return connection.execute(entry).first() is not None


def load_data_keys(connection: Connection, sealer: Sealer, subjects: Iterable[str]) -> set[str]:
    """Answers those whose key was destroyed."""
    wanted = sorted({each for each in subjects if not sealer.holds(each)})
    found = connection.execute(_KEYS_OF, {"subjects": wanted}).all() if wanted else ()
    for subject, wrapped in found:
        if wrapped:
            sealer.open_data_key(subject, wrapped)
    return {subject for subject, wrapped in found if not wrapped}


class Transaction:
    """Loads into and saves from one `WorkingSet`."""

    def __init__(self, connection: Connection, nouns: Nouns, sealer: Sealer) -> None:
        self._connection = connection
        self._nouns = nouns
        self._sealer = sealer
        self._locks = connection.dialect.name == "postgresql"
        self.working_set = WorkingSet(nouns)

    def load(self, needs: Iterable[Need]) -> None:
        by_noun: dict[Noun, list[Need]] = defaultdict(list)
        for need in needs:
            if not self.working_set.is_loaded(need):
                by_noun[self._nouns.of(need.model)].append(need)
        for noun in self._nouns.in_order:
            if noun in by_noun:
                self._load_noun(noun, by_noun[noun])

    def _load_noun(self, noun: Noun, needs: list[Need]) -> None:
        values: dict[str, set[str]] = defaultdict(set)
        for need in needs:
            values[need.column].add(need.value)
        statement = _select_by(noun.table, tuple(sorted(values)), locks=self._locks)
        wanted = {column: sorted(each) for column, each in values.items()}
        rows = rows_of(self._connection.execute(statement, wanted))
        if noun.sealed:
            load_data_keys(self._connection, self._sealer, (row[noun.sealed_under] for row in rows))
        opened = (self._opened(noun, row) for row in rows)
        self.working_set.took_in(noun, needs, [value for value in opened if value is not None])

    def _opened(self, noun: Noun, row: dict[str, Any]) -> SQLModel | None:
        """A row whose content was erased counts as not there: a decision cannot be made on it."""
        try:
            return open_row(noun, row, self._sealer)
        except Erased:
            return None

    # Saving -----------------------------------------------------------------------------------

    def save(self, stored: dict[Noun, dict[str, SQLModel]], touched: dict[Noun, list[str]]) -> None:
        """Write the touched rows; `stored` are the values as the database has them."""
        for noun in self._nouns.in_order:
            if noun in touched:
                self._save_noun(noun, stored.get(noun, {}), dict.fromkeys(touched[noun]))

    def _save_noun(self, noun: Noun, stored: dict[str, SQLModel], touched: Iterable[str]) -> None:
        new: list[dict[str, Any]] = []
        changed: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        gone: list[str] = []
        current = self.working_set.rows(noun).by_id
        self._make_data_keys(noun, (current[key] for key in touched if key in current))
        for key in touched:
            after, before = current.get(key), stored.get(key)
            if after is None:
                if before is not None:
                    gone.append(key)
            elif before is None:
                new.append(self._row(noun, after, noun.columns))
            else:
                columns = _differing(noun, before, after)
                if columns:
                    row = self._row(noun, after, columns)
                    changed[columns].append({"row_id": key} | {f"new_{c}": row[c] for c in columns})
        if new:
            self._connection.execute(insert(noun.table), new)
        for columns, rows in sorted(changed.items()):
            self._connection.execute(_update_of(noun.table, columns), rows)
        if gone:
            self._connection.execute(delete(noun.table).where(noun.table.c.id.in_(gone)))

    def _row(self, noun: Noun, value: SQLModel, columns: tuple[str, ...]) -> dict[str, Any]:
        fields = value.__dict__
        row = {column: fields[column] for column in columns}
        for column in noun.sealed:
            if column in row:
                place = f"{noun.table.name}.{column}.{fields['id']}"
                row[column] = self._sealer.seal(fields[noun.sealed_under], place, row[column])
        return row

    def _make_data_keys(self, noun: Noun, values: Iterable[SQLModel]) -> None:
        if not noun.sealed:
            return
        subjects = {getattr(value, noun.sealed_under) for value in values}
        erased = load_data_keys(self._connection, self._sealer, subjects)
        missing = sorted(each for each in subjects - erased if not self._sealer.holds(each))
        if missing:
            rows = [{"subject": each, "wrapped": self._sealer.make_data_key(each)} for each in missing]
            self._connection.execute(insert(_DATA_KEYS), rows)

    # What the store itself keeps ---------------------------------------------------------------

    def save_deadlines(self, due: dict[str, tuple[str, datetime]], over: Iterable[str]) -> None:
        """`due`: subject → (noun, time)."""
        over = sorted(over)
        if due:
            rows = [{"subject": key, "noun": noun, "due_at": at} for key, (noun, at) in sorted(due.items())]
            self._connection.execute(
                upsert(self._connection, _DEADLINES, "subject", ("noun", "due_at")), rows
            )
        if over:
            self._connection.execute(delete(_DEADLINES).where(_DEADLINES.c.subject.in_(over)))

    def save_outbox(self, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(upsert(self._connection, _OUTBOX, "key", ()), rows)

    def save_settled(self, settled: Iterable[Settled]) -> None:
        """How far effects have come; the last word of one transaction counts."""
        last = {each.key: each for each in settled}
        if last:
            rows = [
                {"row_key": e.key, "new_state": e.state, "new_attempts": e.attempts, "new_next_at": e.next_at}
                for e in last.values()
            ]
            self._connection.execute(_SETTLE, rows)

    def erase(self, subjects: Iterable[str]) -> None:
        """The keys go, their empty places stay: nothing can be sealed there again, beside what is noise now."""
        gone = sorted(set(subjects))
        if gone:
            rows = [{"subject": each, "wrapped": b""} for each in gone]
            self._connection.execute(upsert(self._connection, _DATA_KEYS, "subject", ("wrapped",)), rows)
            for subject in gone:
                self._sealer.forget(subject)

    def save_journal(self, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(insert(_JOURNAL), rows)


def _differing(noun: Noun, before: SQLModel, after: SQLModel) -> tuple[str, ...]:
    old, new = before.__dict__, after.__dict__
    return tuple(
        column for column in noun.columns if old[column] is not new[column] and old[column] != new[column]
    )
