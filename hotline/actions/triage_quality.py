"""How well triage does in this service: its figures by week, and people reading a sample of what it let pass."""

from __future__ import annotations

import asyncio
import heapq
from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from hotline.clock import Clock
from hotline.domain.access import Actor, Permission, require
from hotline.domain.change import Change, Event
from hotline.domain.contacts import Message
from hotline.domain.ids import MessageId
from hotline.domain.triage_drift import Drift, Tally, Tallying, bounds, drift, last_weeks, turned, week_of
from hotline.domain.triage_readings import SAMPLED, SAMPLED_PER_LANGUAGE, TriageReading, read, reading_id
from hotline.errors import FieldProblem, Invalid, NotFound
from hotline.storage import triage_records
from hotline.storage.reading import Reader
from hotline.storage.triage_records import Candidate
from hotline.storage.working_set import Loaded, Need
from triage.assessment import Level

if TYPE_CHECKING:
    from hotline.service import Hotline

MOST_WEEKS = 26
_KEPT_WEEKS = 60
_FRESH = timedelta(minutes=1)
"""The running week is counted again after this."""
_SETTLED = timedelta(hours=1)
"""A week that has been over for so long changes no more: late assessments came long ago."""


@dataclass(slots=True)
class WeekFigures:
    """Weeks that were counted already: a year's messages are read once, not at each look."""

    _kept: OrderedDict[date, tuple[Tally, datetime]] = field(default_factory=OrderedDict)
    _samples: OrderedDict[date, list[Candidate]] = field(default_factory=OrderedDict)
    _counting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def tally(self, reader: Reader, week: date, now: datetime) -> Tally:
        async with self._counting:  # whoever looks at the same time waits for the same count
            return await self._tally(reader, week, now)

    async def _tally(self, reader: Reader, week: date, now: datetime) -> Tally:
        kept = self._kept.get(week)
        if kept is not None and kept[1] > now:
            return kept[0]
        counted = await _count(reader, week)
        settled = now > bounds(week)[1] + _SETTLED
        self._kept[week] = (counted, now + (timedelta(days=1) if settled else _FRESH))
        if len(self._kept) > _KEPT_WEEKS:
            self._kept.popitem(last=False)
        return counted

    async def sample(self, hotline: Hotline, week: date) -> list[Candidate]:
        if week not in self._samples:
            chosen = await _draw(hotline, week)
            if hotline.clock.now() <= bounds(week)[1] + _SETTLED:
                return chosen
            self._samples[week] = chosen
            if len(self._samples) > _KEPT_WEEKS:
                self._samples.popitem(last=False)
        return self._samples[week]


async def _count(reader: Reader, week: date) -> Tally:
    since, until = bounds(week)
    tallying = Tallying(week)
    async for message in triage_records.judged(reader, since, until):
        tallying.add(message)
    raised, lowered = turned(await triage_records.level_steps(reader, since, until), since)
    return tallying.done(frozenset(raised), frozenset(lowered))


async def report(reader: Reader, clock: Clock, figures: WeekFigures, *, weeks: int) -> Drift:
    """The running week against the `weeks - 1` before it."""
    now = clock.now()
    wanted = last_weeks(week_of(now), max(2, min(weeks, MOST_WEEKS)))
    return drift([await figures.tally(reader, week, now) for week in wanted])


# The weekly sample --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sampled:
    message: Candidate
    reading: TriageReading | None


def _finished(hotline: Hotline, week: date) -> date:
    """The week itself, if it is one and is over."""
    if week.weekday() != 0:
        raise Invalid("A week is named by its Monday.", fields=(FieldProblem("week", "is no Monday"),))
    if week >= week_of(hotline.clock.now()):
        raise Invalid(
            "The sample is drawn when the week is over.", fields=(FieldProblem("week", "is not over"),)
        )
    return week


async def _draw(hotline: Hotline, week: date) -> list[Candidate]:
    """Of each language those with the smallest keyed hash: random, and always the same."""
    by_language: dict[str, list[tuple[str, str, Candidate]]] = defaultdict(list)
    async for each in triage_records.graded(hotline.reader, *bounds(week), SAMPLED):
        place = hotline.sealer.lookup_hash(f"triage sample {week.isoformat()} {each.id}")
        ranked = by_language[each.lang]
        ranked.append((place, each.id, each))
        if len(ranked) > 10 * SAMPLED_PER_LANGUAGE:
            by_language[each.lang] = heapq.nsmallest(SAMPLED_PER_LANGUAGE, ranked)
    return [
        each
        for lang in sorted(by_language)
        for _, _, each in heapq.nsmallest(SAMPLED_PER_LANGUAGE, by_language[lang])
    ]


async def sample(hotline: Hotline, actor: Actor, week: date) -> list[Sampled]:
    """Which messages are to be read of a week, and what was said of them. No words yet."""
    require(actor, Permission.TRIAGE_REVIEW)
    chosen = await hotline.figures.sample(hotline, _finished(hotline, week))
    table = hotline.reader.table(TriageReading)
    found = await hotline.reader.where(TriageReading, table.c.week == week)
    readings = {each.message_id: each for each in found}
    return [Sampled(each, readings.get(MessageId(each.id))) for each in chosen]


async def _sampled(hotline: Hotline, message_id: str) -> tuple[Message, date]:
    """A message of a sample. Another one is as unknown here as one that does not exist."""
    message = await hotline.reader.find(Message, message_id)
    if message is not None:
        week = week_of(message.at)
        if week < week_of(hotline.clock.now()):
            chosen = await hotline.figures.sample(hotline, week)
            if any(each.id == message_id for each in chosen):
                return message, week
    raise NotFound("This message is in no sample.")


async def open_message(hotline: Hotline, actor: Actor, message_id: str) -> Message:
    """The words of a sampled message. Journalled."""
    require(actor, Permission.TRIAGE_REVIEW)
    message, week = await _sampled(hotline, message_id)
    facts = {"message_id": message.id, "week": week.isoformat()}
    event = Event("contact", "sample_read", message.contact_id, actor.staff_id, facts)
    await hotline.writer.run(lambda _loaded: Change(events=(event,)))
    return message


async def keep_reading(
    hotline: Hotline, actor: Actor, message_id: str, *, level: Level, kinds: list[str]
) -> TriageReading:
    """What level a person says that it calls for; given again, the newer one stands."""
    require(actor, Permission.TRIAGE_REVIEW)
    if level is Level.UNASSESSED:
        raise Invalid("A reader decides on a level.", fields=(FieldProblem("level", "is not a level"),))
    message, week = await _sampled(hotline, message_id)

    def decide(loaded: Loaded) -> Change:
        loaded.find(TriageReading, reading_id(message.id))
        return read(message, week, level, kinds, actor.staff_id, loaded.now)

    reading: TriageReading = await hotline.writer.run(decide, Need(TriageReading, reading_id(message.id)))
    return reading


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line for `python -m triage train`."""

    message: Message
    reading: TriageReading


async def labels(hotline: Hotline, actor: Actor) -> list[Labelled]:
    """Every message that a person labelled and whose words still exist. Journalled, with how many."""
    require(actor, Permission.TRIAGE_EXPORT)
    readings = await hotline.reader.where(TriageReading)
    words: dict[str, Message] = {}
    for start in range(0, len(readings), triage_records.PAGE):
        part = [each.message_id for each in readings[start : start + triage_records.PAGE]]
        table = hotline.reader.table(Message)
        words |= {each.id: each for each in await hotline.reader.where(Message, table.c.id.in_(part))}
    found = [Labelled(words[each.message_id], each) for each in readings if each.message_id in words]
    event = Event("triage_reading", "exported", "all", actor.staff_id, {"count": len(found)})
    await hotline.writer.run(lambda _loaded: Change(events=(event,)))
    return found
