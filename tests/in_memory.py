"""The service's decisions without a database: the very same actions over a working set that holds everything.

For property tests, which throw thousands of histories at the machines. What the database itself must keep is
tested on real ones.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, TypeVar

from sqlmodel import SQLModel

from hotline.actions.conversation_memory import ConversationMemory
from hotline.actions.deciding import Decide
from hotline.domain.change import Change, Event
from hotline.domain.duty_phones import DutyPhones
from hotline.domain.ids import IdSource
from hotline.domain.service_rules import ServiceRules
from hotline.live.duty_telephones import DutyTelephones
from hotline.live.roster import Roster
from hotline.storage.all_nouns import ALL_NOUNS
from hotline.storage.nouns import Noun
from hotline.storage.working_set import Loaded, Missing, Need, RotaAt, WorkingSet
from triage.assessor import InlineAssessor

T = TypeVar("T", bound=SQLModel)


class MemoryWriter:
    """Runs each decision at once. A row that is not there is not there: nothing is ever loaded."""

    def __init__(self, rules: ServiceRules, start: datetime) -> None:
        self.rules = rules
        self.now = start
        self.rows = WorkingSet(ALL_NOUNS)
        self.journal: list[tuple[Event, SQLModel | None, Any]] = []
        self.changes: list[tuple[dict[tuple[str, str], SQLModel | None], Change]] = []
        self._seeds = itertools.count()
        self.rota_at: RotaAt | None = None

    async def run(self, decide: Decide, *_needs: Need) -> Any:
        seed = next(self._seeds).to_bytes(8, "big")
        while True:
            loaded = Loaded(
                self.rows, ALL_NOUNS, IdSource(seed, self.now), self.now, self.rules, self.rota_at
            )
            try:
                change = decide(loaded)
            except Missing as missing:
                noun = ALL_NOUNS.of(missing.need.model)
                self.rows.took_in(noun, [missing.need], self._matching(noun, missing.need))
                continue
            self._save(change)
            return change.answer

    def _matching(self, noun: Noun, need: Need) -> list[SQLModel]:
        values = self.rows.rows(noun).by_id.values()
        return [each for each in values if getattr(each, need.column) == need.value]

    def _save(self, change: Change) -> None:
        before: dict[tuple[str, str], SQLModel | None] = {}
        for value in change.save:
            noun = ALL_NOUNS.of(type(value))
            key: str = value.id  # type: ignore[attr-defined]
            before.setdefault((noun.name, key), self.rows.rows(noun).by_id.get(key))
            self.rows.put(noun, value)
        for value in change.remove:
            self.rows.take_out(ALL_NOUNS.of(type(value)), value)
        self.changes.append((before, change))
        for event in change.events:
            told = ALL_NOUNS.named(event.noun)
            after = self.rows.rows(told).by_id.get(event.subject)
            due = told.due(after, self.rules) if told.due and after is not None else None
            self.journal.append((event, after, due))

    def all(self, model: type[T]) -> list[T]:
        return list(self.rows.rows(ALL_NOUNS.of(model)).by_id.values())  # type: ignore[arg-type]

    def find(self, model: type[T], key: str) -> T | None:
        return self.rows.rows(ALL_NOUNS.of(model)).by_id.get(key)  # type: ignore[return-value]

    def due(self) -> Iterator[tuple[datetime, str, str]]:
        """(when, noun, id) of everything that has a next deadline."""
        for noun in ALL_NOUNS.in_order:
            if noun.due is None:
                continue
            for key, value in self.rows.rows(noun).by_id.items():
                due = noun.due(value, self.rules)
                if due is not None:
                    yield due.at, noun.name, key


def hotline_in_memory(rules: ServiceRules | None = None) -> Any:
    """What actions need of the service; its writer is a `MemoryWriter`."""
    rules = rules or ServiceRules()
    writer = MemoryWriter(rules, datetime(2026, 3, 2, 3, 0, tzinfo=UTC))
    return SimpleNamespace(
        rules=rules,
        writer=writer,
        reader=_MemoryReader(writer),
        assessor=InlineAssessor(),
        memory=_NoMemory(),
        triage_wait_seconds=5.0,
        background=None,
        roster=Roster(),
        duty_telephones=DutyTelephones(DutyPhones()),
        feed=SimpleNamespace(directory=SimpleNamespace(staff=lambda _id: None)),
        clock=SimpleNamespace(now=lambda: writer.now),
    )


class _MemoryReader:
    """Answers conditions of the form `column == value`."""

    def __init__(self, writer: MemoryWriter) -> None:
        self._writer = writer

    def table(self, model: type[SQLModel]) -> Any:
        return ALL_NOUNS.of(model).table

    async def where(self, model: type[T], *conditions: Any, limit: int | None = None) -> list[T]:
        found = self._writer.all(model)
        matching = [
            each
            for each in found
            if all(getattr(each, one.left.key) == one.right.value for one in conditions)
        ]
        return matching[:limit]

    async def having(self, model: type[T], column: str, value: str) -> list[T]:
        return [each for each in self._writer.all(model) if getattr(each, column) == value]


class _NoMemory(ConversationMemory):
    def __init__(self) -> None:
        pass

    async def turns(self, contact_id: str) -> tuple[()]:
        return ()


def later(hotline: Any, span: timedelta) -> None:
    hotline.writer.now += span
