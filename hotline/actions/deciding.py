"""Inside one transaction: each decision in order of arrival, each seeing the ones before it; then one write for all.

    load ─▶ decide, take in ─▶ … ─▶ save · journal · outbox · deadlines

A refusal (`HotlineError`) of one unit changes nothing of it and touches no other. Who waits, what is run again and who
is told is `actions/writer.py`'s.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from hotline.domain.change import Change, Committed, Effect, Event, Saved, Settled, Value
from hotline.domain.ids import IdSource
from hotline.domain.service_rules import ServiceRules
from hotline.errors import HotlineError
from hotline.storage.database import DatabaseError
from hotline.storage.nouns import Noun, Nouns
from hotline.storage.transaction import Transaction
from hotline.storage.working_set import Loaded, Missing, Need, RotaAt, WorkingSet

log = logging.getLogger(__name__)

Decide = Callable[[Loaded], Change]

_MISSES = 50  # rows that one decision may ask for beyond its needs: a loop would be a bug


@dataclass(slots=True)
class Unit:
    decide: Decide
    needs: tuple[Need, ...]
    seed: bytes
    future: asyncio.Future[Any]


@dataclass(slots=True)
class Group:
    """The outcome of one transaction."""

    working_set: WorkingSet | None = None
    answers: list[Any] = field(default_factory=list)
    committed: list[Committed] = field(default_factory=list)
    journal: list[dict[str, Any]] = field(default_factory=list)
    outbox: list[dict[str, Any]] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    stored: dict[Noun, dict[str, Value]] = field(default_factory=lambda: defaultdict(dict))
    touched: dict[Noun, list[str]] = field(default_factory=lambda: defaultdict(list))
    due: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Deciding:
    """One transaction under way. `deadlines` are as the database has them; those of `firing` are set anew."""

    transaction: Transaction
    nouns: Nouns
    rules: ServiceRules
    rota_at: RotaAt | None
    epoch: str
    now: datetime
    deadlines: Mapping[str, tuple[str, datetime]]
    firing: AbstractSet[str]

    def run(self, units: Sequence[Unit], seq: int) -> Group:
        """`seq`: of the last entry in the journal."""
        group = Group(seq=seq, working_set=self.transaction.working_set)
        for unit in units:
            group.answers.append(self._answer(group, unit))
        if group.touched or group.journal or group.outbox or group.settled or group.erased:
            self._save(group)
        return group

    def _answer(self, group: Group, unit: Unit) -> Any:
        """The decision's answer, or what it failed by: alone, unless the database failed."""
        try:
            change = self._decided(unit)
        except HotlineError as refusal:
            return refusal
        except DatabaseError:
            raise
        except Exception as error:
            log.exception("writer: a decision failed")
            return error
        self._take_in(group, change)
        return change.answer

    def _decided(self, unit: Unit) -> Change:
        for _ in range(_MISSES):
            try:
                ids = IdSource(unit.seed, self.now)
                return unit.decide(self.transaction.working_set.view(ids, self.now, self.rules, self.rota_at))
            except Missing as missing:
                self.transaction.load([missing.need])
        raise RuntimeError("a decision asks for ever more rows")

    def _take_in(self, group: Group, change: Change) -> None:
        saved: dict[tuple[str, str], Saved] = {}
        working_set = self.transaction.working_set
        for value, after in [(each, each) for each in change.save] + [(each, None) for each in change.remove]:
            noun = self.nouns.of(type(value))
            key: str = value.id  # type: ignore[attr-defined]
            rows = working_set.rows(noun)
            before = rows.by_id.get(key)
            if key in rows.stored and key not in group.stored[noun] and before is not None:
                group.stored[noun][key] = before
            group.touched[noun].append(key)
            if after is None:
                working_set.take_out(noun, value)
            else:
                working_set.put(noun, after)
            first = saved.get((noun.name, key))
            saved[noun.name, key] = Saved(noun.name, first.before if first else before, after)
            self._note_due(group, noun, key, after)
        first_seq = group.seq + 1
        for event in change.events:
            group.seq += 1
            group.journal.append(self._journal_row(group.seq, event, saved))
        group.outbox.extend(_outbox_row(effect, self.now) for effect in change.effects)
        group.settled.extend(change.settled)
        group.erased.extend(change.erase)
        if change.events or change.effects or saved:
            group.committed.append(
                Committed(self.epoch, first_seq, self.now, change.events, change.effects, saved)
            )

    def _note_due(self, group: Group, noun: Noun, key: str, value: Value | None) -> None:
        if noun.due is None:
            return
        due = noun.due(value, self.rules) if value is not None else None
        known = None if key in self.firing else self.deadlines.get(key)
        if due is None:
            group.due.pop(key, None)
            if key in self.deadlines:
                group.over.add(key)
        else:
            group.over.discard(key)
            # A stored deadline that is earlier stays: it wakes, finds nothing due, and is set anew.
            if known is None or due.at < known[1]:
                group.due[key] = (noun.name, due.at)
            else:
                group.due.pop(key, None)

    def _journal_row(self, seq: int, event: Event, saved: Mapping[tuple[str, str], Saved]) -> dict[str, Any]:
        noun = self.nouns.named(event.noun)
        value = saved.get((event.noun, event.subject))
        facts = dict(event.facts)
        if value is not None and value.after is not None:
            facts["now"] = {name: getattr(value.after, name) for name in noun.tracked}
            due = noun.due(value.after, self.rules) if noun.due else None
            facts["due"] = {"what": due.what, "at": due.at} if due else None
        entry = {
            "actor": event.actor,
            "at": self.now,
            "facts": facts,
            "noun": event.noun,
            "subject": event.subject,
        }
        entry |= {"what": event.what, "epoch": self.epoch, "seq": seq}
        text = orjson.dumps(entry, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z).decode()
        return {
            "epoch": self.epoch,
            "seq": seq,
            "at": self.now,
            "noun": event.noun,
            "what": event.what,
            "subject": event.subject,
            "actor": event.actor,
            "entry": text,
        }

    def _save(self, group: Group) -> None:
        transaction = self.transaction
        transaction.save(group.stored, group.touched)
        transaction.save_deadlines(group.due, group.over)
        transaction.save_outbox(group.outbox)
        transaction.save_settled(group.settled)
        transaction.save_journal(group.journal)
        transaction.erase(group.erased)


def _outbox_row(effect: Effect, now: datetime) -> dict[str, Any]:
    return {
        "key": effect.key,
        "kind": effect.kind,
        "subject": effect.subject,
        "payload": dict(effect.payload),
        "state": "pending",
        "attempts": 0,
        "next_at": effect.not_before or now,
        "made_at": now,
    }
