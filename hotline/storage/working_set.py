"""What one transaction holds in memory: rows as domain values, changed by each decision in turn.

A decision that asks for something that was not loaded raises `Missing`; the writer loads it inside the
same transaction and asks the decision again (it is pure). Naming the needs beforehand only saves a query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlmodel import SQLModel

from hotline.domain.change import Change
from hotline.domain.ids import IdSource, derived_id
from hotline.domain.service_rules import ServiceRules
from hotline.domain.shifts import NO_ROTA, Rota
from hotline.errors import NotFound
from hotline.storage.nouns import Noun, Nouns

T = TypeVar("T", bound=SQLModel)
RotaAt = Callable[[datetime], Rota]


@dataclass(frozen=True, slots=True)
class Need:
    """Rows of `model` whose `column` equals `value`."""

    model: type[SQLModel]
    value: str
    column: str = "id"


class Missing(Exception):
    def __init__(self, need: Need) -> None:
        super().__init__("a decision asked for a row that was not loaded")
        self.need = need


@dataclass
class _Rows:
    by_id: dict[str, SQLModel] = field(default_factory=dict)
    stored: set[str] = field(default_factory=set)
    before: dict[str, SQLModel] = field(default_factory=dict)
    loaded: set[tuple[str, str]] = field(default_factory=set)
    by_lookup: dict[tuple[str, str], set[str]] = field(default_factory=dict)


class WorkingSet:
    def __init__(self, nouns: Nouns) -> None:
        self._nouns = nouns
        self._rows: dict[Noun, _Rows] = {}

    def rows(self, noun: Noun) -> _Rows:
        rows = self._rows.get(noun)
        if rows is None:
            rows = self._rows[noun] = _Rows()
        return rows

    def is_loaded(self, need: Need) -> bool:
        rows = self.rows(self._nouns.of(need.model))
        return (need.column, need.value) in rows.loaded

    def took_in(self, noun: Noun, needs: Iterable[Need], values: Iterable[SQLModel]) -> None:
        """Note what the database answered. A row that a decision already changed stays as it is."""
        rows = self.rows(noun)
        for value in values:
            key: str = value.id  # type: ignore[attr-defined]
            if ("id", key) in rows.loaded:
                continue
            rows.loaded.add(("id", key))
            rows.by_id[key] = value
            rows.stored.add(key)
            self._index(noun, rows, value, None)
        for need in needs:
            rows.loaded.add((need.column, need.value))

    def put(self, noun: Noun, value: SQLModel) -> None:
        rows = self.rows(noun)
        key: str = value.id  # type: ignore[attr-defined]
        before = rows.by_id.get(key)
        rows.by_id[key] = value
        rows.loaded.add(("id", key))
        self._index(noun, rows, value, before)

    def take_out(self, noun: Noun, value: SQLModel) -> None:
        rows = self.rows(noun)
        key: str = value.id  # type: ignore[attr-defined]
        before = rows.by_id.pop(key, None)
        rows.loaded.add(("id", key))
        if before is not None:
            for column in noun.lookups:
                rows.by_lookup.get((column, getattr(before, column)), set()).discard(key)

    @staticmethod
    def _index(noun: Noun, rows: _Rows, value: SQLModel, before: SQLModel | None) -> None:
        key: str = value.id  # type: ignore[attr-defined]
        for column in noun.lookups:
            now_at = getattr(value, column)
            was_at = getattr(before, column) if before is not None else None
            if was_at is not None and was_at != now_at:
                rows.by_lookup.get((column, was_at), set()).discard(key)
            if now_at is not None:
                rows.by_lookup.setdefault((column, now_at), set()).add(key)

    def view(
        self, ids: IdSource, now: datetime, rules: ServiceRules, rota_at: RotaAt | None = None
    ) -> Loaded:
        return Loaded(self, self._nouns, ids, now, rules, rota_at)


class Loaded:
    """What a decision sees: values by id or lookup, the time, the service's rules, and new ids.

    A decision made of several parts lets the later ones see what the earlier ones changed: `see(change)`.
    """

    def __init__(
        self,
        working_set: WorkingSet,
        nouns: Nouns,
        ids: IdSource,
        now: datetime,
        rules: ServiceRules,
        rota_at: RotaAt | None = None,
    ) -> None:
        self._set = working_set
        self._nouns = nouns
        self._ids = ids
        self._seen: dict[Noun, dict[str, SQLModel]] = {}
        self.now = now
        self.rules = rules
        self._rota_at = rota_at

    @property
    def rota(self) -> Rota:
        """Who is on duty at this moment; reckoned only for who asks."""
        return NO_ROTA if self._rota_at is None else self._rota_at(self.now)

    def new_id(self, prefix: str) -> str:
        return self._ids.new(prefix)

    def id_of(self, prefix: str, key: str | None, actor: str) -> str:
        """For what is made once: the same key of the same actor is the same thing; without a key it is a new one."""
        return self.new_id(prefix) if key is None else derived_id(prefix, key, actor)

    def see(self, change: Change) -> Change:
        """From here on `find` and `where` answer as if `change` had been saved. Returns it."""
        for value in change.save:
            key: str = value.id  # type: ignore[attr-defined]
            self._seen.setdefault(self._nouns.of(type(value)), {})[key] = value
        return change

    def find(self, model: type[T], key: str) -> T | None:
        noun = self._nouns.of(model)
        seen = self._seen.get(noun)
        if seen is not None and key in seen:
            return seen[key]  # type: ignore[return-value]
        rows = self._set.rows(noun)
        if ("id", key) not in rows.loaded:
            raise Missing(Need(model, key))
        return rows.by_id.get(key)  # type: ignore[return-value]

    def get(self, model: type[T], key: str) -> T:
        value = self.find(model, key)
        if value is None:
            noun = self._nouns.of(model).name.replace("_", " ")
            raise NotFound(f"There is no such {noun}.")
        return value

    def where(self, model: type[T], column: str, value: str) -> list[T]:
        """All rows of `model` with this value in one of its lookup columns, by id."""
        noun = self._nouns.of(model)
        rows = self._set.rows(noun)
        if column not in noun.lookups:
            raise KeyError(f"{noun.name} is not looked up by {column}")
        if (column, value) not in rows.loaded:
            raise Missing(Need(model, value, column))
        found = {key: rows.by_id[key] for key in rows.by_lookup.get((column, value), ())}
        for key, each in self._seen.get(noun, {}).items():
            found.pop(key, None)
            if getattr(each, column) == value:
                found[key] = each
        return [found[key] for key in sorted(found)]  # type: ignore[misc]
