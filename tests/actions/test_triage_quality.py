"""The figures and the sample on both databases: whole pages of messages, weeks kept, and what a late answer changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.actions import triage_quality
from hotline.domain.contacts import LevelSource, LevelStep, Message
from hotline.domain.triage_drift import Share, bounds, week_of
from hotline.errors import NotFound
from hotline.service import Hotline
from hotline.storage import triage_records
from tests.conftest import SetClock
from tests.scene import Person, person, supervisor
from triage.assessment import Level

HARMLESS = "今天去公园走了走"


async def _written(hotline: Hotline, count: int) -> list[Person]:
    people = [await person(hotline) for _ in range(count)]
    for each in people:
        await each.writes(HARMLESS)
    return people


async def test_more_than_a_page_is_counted_once(
    hotline: Hotline, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(triage_records, "PAGE", 4)
    week = week_of(clock.now())
    await _written(hotline, 9)  # all of one moment: the page is cut by the id
    clock.move(timedelta(days=7))
    await _written(hotline, 3)
    found = await triage_quality.report(hotline.reader, clock, hotline.figures, weeks=2)
    assert [each.messages for each in found.weeks] == [9, 3]
    assert found.weeks[0].shares["alarm.zh.chat"] == Share(9, 0, 9, 0, 0, 9)
    drawn = [each.id async for each in triage_records.graded(hotline.reader, *bounds(week), (Level.NONE,))]
    assert len(set(drawn)) == len(drawn) == 9


async def test_the_running_week_is_counted_again_and_finished_ones_are_kept(
    hotline: Hotline, clock: SetClock
) -> None:
    await _written(hotline, 1)
    first = await triage_quality.report(hotline.reader, clock, hotline.figures, weeks=2)
    await _written(hotline, 1)
    at_once = await triage_quality.report(hotline.reader, clock, hotline.figures, weeks=2)
    clock.move(timedelta(minutes=2))
    later = await triage_quality.report(hotline.reader, clock, hotline.figures, weeks=2)
    assert [each.weeks[-1].messages for each in (first, at_once, later)] == [1, 1, 2]
    assert at_once.weeks[0] is first.weeks[0]


async def test_the_sample_is_the_same_at_every_look_and_nobody_can_guess_it(
    hotline: Hotline, clock: SetClock
) -> None:
    await _written(hotline, 30)
    boss = await supervisor(hotline)
    week = week_of(clock.now())
    clock.move(timedelta(days=8))
    chosen = [each.message.id for each in await triage_quality.sample(hotline, boss, week)]
    again = triage_quality.WeekFigures()
    assert [each.id for each in await again.sample(hotline, week)] == chosen
    assert len(chosen) == 20
    assert chosen != sorted(chosen)
    everything = await hotline.reader.where(Message)
    outside = next(each for each in everything if each.level is Level.NONE and each.id not in chosen)
    with pytest.raises(NotFound):
        await triage_quality.open_message(hotline, boss, outside.id)


async def test_the_steps_tell_machine_from_person(hotline: Hotline, clock: SetClock) -> None:
    (someone,) = await _written(hotline, 1)
    contact = await someone.contact()
    table = hotline.reader.table(LevelStep)
    assert [
        each.source for each in await hotline.reader.where(LevelStep, table.c.contact_id == contact.id)
    ] == [LevelSource.TRIAGE]
    since, until = bounds(week_of(clock.now()))
    assert await triage_records.level_steps(hotline.reader, since, until) == []
