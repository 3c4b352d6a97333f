"""The plan of duty on the real store: planned, looked at, missing, handed over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hotline.actions import handovers, shifts
from hotline.actions import staff as staff_actions
from hotline.domain.access import DUTY, Actor, Role, staff_topic, topics_of
from hotline.domain.duty import Duty
from hotline.domain.handovers import Handover
from hotline.domain.ids import OverrideId, ShiftId
from hotline.domain.shifts import DutyRole, Override, OverrideKind, Shift
from hotline.errors import Forbidden, Invalid, StaleVersion, Taken, WrongState
from hotline.service import Hotline
from tests.conftest import START, Opener, SetClock, wake
from tests.scene import ADMIN, counselor, served, staff, supervisor

TODAY = date(2026, 3, 2)  # 11:00 in Shanghai


def pattern(starts: str, ends: str, *people: Actor, **fields: object) -> Shift:
    given = {"id": ShiftId(f"day-{starts[:2]}"), "name": "", "role": "counselor", "weekdays": list(range(7))}
    ids = [each.staff_id for each in people]
    return Shift.model_validate({**given, "starts": starts, "ends": ends, "staff_ids": ids, **fields})


async def looked(hotline: Hotline) -> Duty:
    found = await hotline.reader.find(Duty, "duty")
    assert found is not None
    return found


class Signed:
    """Somebody's open console."""

    def __init__(self, hotline: Hotline, actor: Actor) -> None:
        self.topics = topics_of(actor)
        self.frames: list[bytes] = []
        hotline.feed.join(self)

    def push(self, frame: bytes) -> None:
        self.frames.append(frame)


async def test_who_is_planned_is_on_duty_and_missing_when_late(hotline: Hotline, clock: SetClock) -> None:
    boss, here, away = (
        await supervisor(hotline),
        await staff(hotline, Role.COUNSELOR),
        await counselor(hotline),
    )
    console = Signed(hotline, here)
    assert {DUTY, staff_topic(here.staff_id)} <= console.topics
    await shifts.plan(hotline, boss, pattern("11:00", "19:00", here, away))
    assert (await looked(hotline)).on_duty["counselor"] == [here.staff_id, away.staff_id]
    assert (await looked(hotline)).absent == []
    clock.move(timedelta(minutes=10))
    await wake(hotline)
    assert [each["staff_id"] for each in (await looked(hotline)).absent] == [away.staff_id]
    assert sum(b'"duty.changed"' in each for each in console.frames) == 2
    Signed(hotline, away)
    await shifts.came(hotline, away.staff_id)
    assert (await looked(hotline)).absent == []
    assert not hotline.roster.absent
    clock.move(timedelta(hours=8))
    await wake(hotline)
    assert (await looked(hotline)).on_duty["counselor"] == []


async def test_gaps_are_told_and_go_when_they_are_filled(hotline: Hotline) -> None:
    boss, li = await supervisor(hotline), await counselor(hotline)
    await shifts.plan(hotline, boss, pattern("00:00", "22:00", li))
    gaps = (await looked(hotline)).gaps
    assert len(gaps) == 7
    assert gaps[0]["start"] == "2026-03-02T14:00:00+00:00"
    await shifts.plan(hotline, boss, pattern("22:00", "00:00", li))
    assert (await looked(hotline)).gaps == []


async def test_the_plan_outlives_a_restart(opened: Opener, clock: SetClock) -> None:
    async with opened() as hotline:
        boss, li = await supervisor(hotline), await counselor(hotline)
        shift = await shifts.plan(hotline, boss, pattern("08:00", "20:00", li))
        sick = Override(
            id=OverrideId(""), kind=OverrideKind.SICK, role=DutyRole.COUNSELOR, day=TODAY, shift_id=shift.id
        )
        sick = sick.model_copy(update={"out_id": li.staff_id})
        made = await shifts.differ(hotline, boss, sick, idempotency_key="once-only")
        assert await shifts.differ(hotline, boss, sick, idempotency_key="once-only") == made
    async with opened() as hotline:
        now = hotline.clock.now()
        assert not hotline.roster.rota(now).of(DutyRole.COUNSELOR)
        await shifts.undo(hotline, boss, made.id)
        assert hotline.roster.on_duty(DutyRole.COUNSELOR, now) == (li.staff_id,)
        await shifts.differ(hotline, boss, sick)
        await shifts.drop(hotline, boss, shift.id)
        assert (hotline.roster.patterns, hotline.roster.overrides) == ([], [])
        assert (await looked(hotline)).planned == []


async def test_whose_account_is_disabled_is_not_on_duty(opened: Opener, clock: SetClock) -> None:
    async with opened() as hotline:
        boss, li, wang = await supervisor(hotline), await counselor(hotline), await counselor(hotline)
        await shifts.plan(hotline, boss, pattern("08:00", "20:00", li, wang))
        await staff_actions.change(hotline, ADMIN, li.staff_id, disabled=True)
        now = hotline.clock.now()
        assert hotline.roster.on_duty(DutyRole.COUNSELOR, now) == (wang.staff_id,)
        await staff_actions.change(hotline, ADMIN, wang.staff_id, disabled=True)
        assert not hotline.roster.rota(now).of(DutyRole.COUNSELOR), "the duty telephone has to be told"
    async with opened() as hotline:
        assert not hotline.roster.rota(hotline.clock.now()).of(DutyRole.COUNSELOR)
        duty = await shifts.look(hotline)
        assert (duty.on_duty["counselor"], duty.absent) == ([], [])
        assert duty.gaps[0]["role"] == "counselor"
        await staff_actions.change(hotline, ADMIN, li.staff_id, disabled=False)
        assert hotline.roster.on_duty(DutyRole.COUNSELOR, now) == (li.staff_id,)


async def test_only_supervisors_plan_and_only_people_of_the_role_are_planned(hotline: Hotline) -> None:
    boss, li, police = await supervisor(hotline), await counselor(hotline), await staff(hotline, Role.POLICE)
    with pytest.raises(Forbidden):
        await shifts.plan(hotline, li, pattern("08:00", "20:00", li))
    with pytest.raises(Invalid):
        await shifts.plan(hotline, boss, pattern("08:00", "20:00", police))
    with pytest.raises(Forbidden):
        shifts.plan_of(hotline, police, START, 7)
    planned = await shifts.plan(hotline, boss, pattern("08:00", "20:00", li, boss))
    await shifts.plan(hotline, boss, planned)
    with pytest.raises(StaleVersion):
        await shifts.plan(hotline, boss, planned)
    _, _, found = shifts.plan_of(hotline, li, START, 7)
    assert len(found) == 8  # today's has begun, and a week from now one has


async def test_a_hand_over_names_what_is_open_and_waits_for_somebody(
    hotline: Hotline, clock: SetClock
) -> None:
    person, li = await served(hotline)
    wang, zhao, dispatcher = (
        await counselor(hotline),
        await counselor(hotline),
        await staff(hotline, Role.DISPATCHER),
    )
    written = await handovers.write(hotline, li, DutyRole.COUNSELOR, "他今晚会再打来", idempotency_key="k-1")
    assert written == await handovers.write(hotline, li, DutyRole.COUNSELOR, "x", idempotency_key="k-1")
    assert written.contact_ids == [person.contact_id]
    for who, refusal in ((li, WrongState), (dispatcher, Forbidden)):
        with pytest.raises(refusal):
            await handovers.accept(hotline, who, written.id)
    clock.move(timedelta(minutes=15))
    await wake(hotline)
    told = await hotline.reader.find(Handover, written.id)
    assert told is not None
    assert told.rung == 1
    assert (await handovers.accept(hotline, wang, written.id)).accepted_by == wang.staff_id
    with pytest.raises(Taken):
        await handovers.accept(hotline, zhao, written.id)
    clock.move(timedelta(days=29))
    await wake(hotline)
    (kept,) = await handovers.latest(hotline, zhao)
    assert kept.note == "他今晚会再打来"
    clock.move(timedelta(days=1))
    await wake(hotline)
    assert await handovers.latest(hotline, zhao) == []
    assert written.id not in hotline.writer.deadlines


async def test_a_hand_over_is_read_by_the_two_shifts_and_supervisors(
    hotline: Hotline, clock: SetClock
) -> None:
    boss, going, beside, coming, later, stands_in = [
        await supervisor(hotline),
        *[await counselor(hotline) for _ in range(5)],
    ]
    await shifts.plan(hotline, boss, pattern("08:00", "12:00", going, beside))  # it is 11:00
    await shifts.plan(hotline, boss, pattern("12:00", "16:00", coming))
    await shifts.plan(hotline, boss, pattern("16:00", "22:00", later))
    consoles = {each: Signed(hotline, each) for each in (boss, going, beside, coming, later)}
    written = await handovers.write(hotline, going, DutyRole.COUNSELOR, "他今晚会再打来")
    for each, console in consoles.items():
        heard = any(written.id.encode() in frame for frame in console.frames)
        assert heard == (each is not later)
        assert bool(await handovers.latest(hotline, each)) == (each is not later)
    with pytest.raises(Forbidden):
        await handovers.accept(hotline, later, written.id)
    clock.move(timedelta(hours=1, minutes=1))
    sick = Override(
        id=OverrideId("ovr-1"),
        kind=OverrideKind.SWAP,
        role=DutyRole.COUNSELOR,
        day=TODAY,
        shift_id=ShiftId("day-12"),
        out_id=coming.staff_id,
        in_id=stands_in.staff_id,
    )
    assert await handovers.latest(hotline, stands_in) == []
    await shifts.differ(hotline, boss, sick)
    assert await handovers.latest(hotline, stands_in) == [written], "whoever stands in takes it over"
    await handovers.accept(hotline, coming, written.id)
    assert await handovers.latest(hotline, stands_in) == []
