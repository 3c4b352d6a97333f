"""Own shifts given away: offered, taken, approved on the real store; and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from hotline.actions import journal, shift_swaps, shifts
from hotline.actions import staff as staff_actions
from hotline.bootstrap import open_hotline
from hotline.domain.access import Actor, Role
from hotline.domain.duty import Duty
from hotline.domain.ids import ShiftId
from hotline.domain.shift_swaps import ShiftSwap, SwapState
from hotline.domain.shifts import DutyRole, Shift
from hotline.errors import Forbidden, HotlineError, Invalid, Taken, WrongState
from hotline.live.snapshot import snapshot
from hotline.service import Hotline
from hotline.settings import load_settings
from tests.actions.test_shifts import Signed
from tests.conftest import SetClock, wake
from tests.scene import ADMIN, counselor, staff, supervisor
from triage.assessor import InlineAssessor

TOMORROW = date(2026, 3, 3)
NIGHT = ShiftId("night")


async def night(hotline: Hotline, boss: Actor, *people: Actor) -> Shift:
    ids: list[str] = [each.staff_id for each in people]
    shift = Shift(id=NIGHT, name="", role=DutyRole.COUNSELOR, starts="22:00", ends="06:00", staff_ids=ids)
    return await shifts.plan(hotline, boss, shift.model_copy(update={"weekdays": list(range(7))}))


def on_duty(hotline: Hotline, clock: SetClock) -> tuple[str, ...]:
    return hotline.roster.on_duty(DutyRole.COUNSELOR, clock.now() + timedelta(hours=36))  # 23:00 tomorrow


async def now(hotline: Hotline, swap: ShiftSwap) -> ShiftSwap:
    found = await hotline.reader.find(ShiftSwap, swap.id)
    assert found is not None
    return found


async def test_a_shift_goes_to_who_is_asked_once_it_is_approved(hotline: Hotline, clock: SetClock) -> None:
    boss, li, wang, zhao = (await supervisor(hotline), *[await counselor(hotline) for _ in range(3)])
    await night(hotline, boss, li)
    offered = await shift_swaps.offer(hotline, li, NIGHT, TOMORROW, wang.staff_id, idempotency_key="k")
    again = await shift_swaps.offer(hotline, li, NIGHT, TOMORROW, wang.staff_id, idempotency_key="k")
    assert offered == again
    shown = (await snapshot(hotline.reader, hotline.feed, zhao))["shift_swaps"]
    assert [each["next"]["what"] for each in shown] == ["swap_lapses"]
    with pytest.raises(Forbidden):
        await shift_swaps.take(hotline, zhao, offered.id)
    with pytest.raises(WrongState):
        await shift_swaps.approve(hotline, boss, offered.id)
    assert (await shift_swaps.take(hotline, wang, offered.id)).state is SwapState.TAKEN
    assert on_duty(hotline, clock) == (li.staff_id,), "until it is approved the giver is on duty"
    with pytest.raises(Forbidden):
        await shift_swaps.approve(hotline, wang, offered.id)
    console = Signed(hotline, zhao)
    approved = await shift_swaps.approve(hotline, boss, offered.id)
    assert any(b'"duty.changed"' in each for each in console.frames), "who looks at the plan sees the new one"
    assert (approved.state, approved.decided_by) == (SwapState.APPROVED, boss.staff_id)
    assert on_duty(hotline, clock) == (wang.staff_id,)
    assert await shift_swaps.approve(hotline, boss, offered.id) == approved
    entries, _ = await journal.read(hotline, boss, subject=offered.id)
    said = [("approved", boss), ("taken", wang), ("offered", li)]
    assert [(each.what, each.actor) for each in entries] == [(what, who.staff_id) for what, who in said]
    assert (await snapshot(hotline.reader, hotline.feed, zhao))["shift_swaps"] == []


async def test_where_nobody_is_asked_the_first_one_has_it_and_may_step_back(
    hotline: Hotline, clock: SetClock
) -> None:
    boss, li, wang, zhao = (await supervisor(hotline), *[await counselor(hotline) for _ in range(3)])
    police = await staff(hotline, Role.POLICE)
    await night(hotline, boss, li)
    offered = await shift_swaps.offer(hotline, li, NIGHT, TOMORROW, None)
    for who, refusal in ((li, Forbidden), (police, Forbidden)):
        with pytest.raises(refusal):
            await shift_swaps.take(hotline, who, offered.id)
    await shift_swaps.take(hotline, wang, offered.id)
    with pytest.raises(Taken):
        await shift_swaps.take(hotline, zhao, offered.id)
    assert (await shift_swaps.step_back(hotline, wang, offered.id)).state is SwapState.OFFERED
    assert (await shift_swaps.take(hotline, zhao, offered.id)).taken_by == zhao.staff_id
    assert (await shift_swaps.withdraw(hotline, li, offered.id)).state is SwapState.WITHDRAWN
    with pytest.raises(WrongState):
        await shift_swaps.approve(hotline, boss, offered.id)
    assert on_duty(hotline, clock) == (li.staff_id,)


async def test_without_approval_the_plan_differs_at_once(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    settings = load_settings(data_dir=tmp_path, database_url=migrated_url, swaps_approved=False)
    async with open_hotline(settings, clock=clock, assessor=InlineAssessor(), work=False) as hotline:
        boss, li, wang = await supervisor(hotline), await counselor(hotline), await counselor(hotline)
        await night(hotline, boss, li)
        offered = await shift_swaps.offer(hotline, li, NIGHT, TOMORROW, None)
        assert (await shift_swaps.take(hotline, wang, offered.id)).state is SwapState.APPROVED
        assert on_duty(hotline, clock) == (wang.staff_id,)
    async with open_hotline(settings, clock=clock, assessor=InlineAssessor(), work=False) as hotline:
        assert on_duty(hotline, clock) == (wang.staff_id,)


async def test_what_nobody_settled_lapses_when_the_shift_begins(hotline: Hotline, clock: SetClock) -> None:
    boss, li, wang = await supervisor(hotline), await counselor(hotline), await counselor(hotline)
    await night(hotline, boss, li)
    open_one = await shift_swaps.offer(hotline, li, NIGHT, TOMORROW, wang.staff_id)
    gone = await shift_swaps.offer(hotline, li, NIGHT, TOMORROW + timedelta(days=2), wang.staff_id)
    await shift_swaps.decline(hotline, wang, gone.id)
    clock.move(timedelta(hours=35, minutes=1))
    await wake(hotline)
    assert (await now(hotline, open_one)).state is SwapState.LAPSED
    assert (await now(hotline, gone)).state is SwapState.DECLINED
    with pytest.raises(WrongState):
        await shift_swaps.take(hotline, wang, open_one.id)
    later = await shift_swaps.offer(hotline, li, NIGHT, TOMORROW + timedelta(days=3), None)
    await shifts.drop(hotline, boss, NIGHT)
    assert (await now(hotline, later)).state is SwapState.LAPSED


async def test_what_is_not_ones_own_or_stands_there_already_is_refused(hotline: Hotline) -> None:
    boss, li, wang, zhao = (await supervisor(hotline), *[await counselor(hotline) for _ in range(3)])
    police = await staff(hotline, Role.POLICE)
    await night(hotline, boss, li, wang)
    wrong: list[tuple[Actor, date, Actor | None, type[HotlineError]]] = [
        (zhao, TOMORROW, None, Forbidden),
        (li, TOMORROW, wang, Invalid),
        (li, TOMORROW, police, Invalid),
        (li, date(2026, 3, 1), None, Invalid),
    ]
    for giver, day, asked, refusal in wrong:
        with pytest.raises(refusal):
            await shift_swaps.offer(hotline, giver, NIGHT, day, asked.staff_id if asked else None)
    offered = await shift_swaps.offer(hotline, li, NIGHT, TOMORROW, zhao.staff_id)
    with pytest.raises(Taken):
        await shift_swaps.offer(hotline, li, NIGHT, TOMORROW, None)
    await night_without(hotline, boss, wang)
    with pytest.raises(WrongState, match="not on it any more"):
        await shift_swaps.take(hotline, zhao, offered.id)
    assert (await shift_swaps.refuse(hotline, boss, offered.id)).state is SwapState.REFUSED


async def night_without(hotline: Hotline, boss: Actor, *people: Actor) -> None:
    (shift,) = hotline.roster.patterns
    await shifts.plan(
        hotline, boss, shift.model_copy(update={"staff_ids": [each.staff_id for each in people]})
    )


async def test_a_disabled_account_leaves_a_gap_that_is_seen_at_once(hotline: Hotline) -> None:
    boss, li = await supervisor(hotline), await counselor(hotline)
    await night(hotline, boss, li)

    async def gaps() -> list[str]:
        duty = await hotline.reader.find(Duty, "duty")
        assert duty is not None
        return [each["start"] for each in duty.gaps]

    before = await gaps()
    await staff_actions.change(hotline, ADMIN, li.staff_id, disabled=True)
    await wake(hotline)
    assert len(await gaps()) < len(before), "one gap of a week, where there were seven of a day"
    _, _, week = shifts.plan_of(hotline, boss, hotline.clock.now(), 7)
    assert {each.staff_ids for each in week} == {()}
    await staff_actions.change(hotline, ADMIN, li.staff_id, disabled=False)
    await wake(hotline)
    assert await gaps() == before
