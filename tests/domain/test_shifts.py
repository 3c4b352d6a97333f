"""Who is on duty: nights, changed clocks, swaps, gaps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domain import shifts
from hotline.domain.ids import OverrideId, ShiftId, StaffId
from hotline.domain.shifts import DutyRole, Gap, Override, OverrideKind, Shift
from hotline.errors import Invalid

LI, WANG, ZHAO = StaffId("stf_li"), StaffId("stf_wang"), StaffId("stf_zhao")
EVERY_DAY = list(range(7))
MONDAY = date(2026, 3, 2)


def shift(starts: str, ends: str, *people: StaffId, zone: str = "Asia/Shanghai", **fields: object) -> Shift:
    given_fields = {
        "id": ShiftId(f"shf_{starts}"),
        "name": "",
        "role": DutyRole.COUNSELOR,
        "weekdays": EVERY_DAY,
    }
    return Shift.model_validate(
        {
            **given_fields,
            "starts": starts,
            "ends": ends,
            "time_zone": zone,
            "staff_ids": list(people),
            **fields,
        }
    )


def override(kind: OverrideKind, **fields: object) -> Override:
    return Override.model_validate(
        {"id": OverrideId("ovr_1"), "kind": kind, "role": DutyRole.COUNSELOR, "day": MONDAY, **fields}
    )


def shanghai(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


def now_on(patterns: list[Shift], at: datetime, *overrides: Override) -> tuple[StaffId, ...]:
    return shifts.on_duty(patterns, list(overrides), DutyRole.COUNSELOR, at)


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    night = shift("22:00", "06:00", LI, weekdays=[0])
    assert now_on([night], shanghai(2, 22)) == (LI,)
    assert now_on([night], shanghai(3, 5, 59)) == (LI,)
    assert now_on([night], shanghai(3, 6)) == ()
    assert now_on([night], shanghai(2, 5)) == ()


def test_a_whole_day_round() -> None:
    assert now_on([shift("08:00", "08:00", LI, weekdays=[0])], shanghai(3, 7, 59)) == (LI,)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 7), 7), (date(2026, 10, 31), 9), (date(2026, 6, 1), 8)],
    ids=["clock forward", "clock back", "ordinary"],
)
def test_a_night_ends_by_the_clock_on_the_wall(day: date, hours: int) -> None:
    start, end = shifts.span_of(day, "22:00", "06:00", "America/New_York")
    assert end - start == timedelta(hours=hours)
    assert end.astimezone(ZoneInfo("America/New_York")).hour == 6


@given(day=st.dates(date(2024, 1, 1), date(2030, 1, 1)), at=st.integers(0, 24 * 60 - 1))
def test_two_shifts_round_the_clock_leave_nobody_out_when_the_clock_changes(day: date, at: int) -> None:
    """Also where the hand-over itself falls into the hour that is left out or comes twice."""
    zone, turn = "Europe/Berlin", f"{at // 60:02}:{at % 60:02}"
    other = f"{(at // 60 + 12) % 24:02}:{at % 60:02}"
    patterns = [shift(turn, other, LI, zone=zone), shift(other, turn, WANG, zone=zone, id="shf_other")]
    since = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert shifts.gaps(patterns, [], since, since + timedelta(days=7)) == []


def test_the_order_of_names_is_the_order_of_calling() -> None:
    late = shift("12:00", "20:00", ZHAO, LI, id="shf_b")
    assert now_on([late, shift("08:00", "16:00", WANG, LI)], shanghai(2, 13)) == (WANG, LI, ZHAO)


def test_swapped_sick_and_extra() -> None:
    day = shift("08:00", "16:00", LI, WANG)
    at = shanghai(2, 9)
    swap = override(OverrideKind.SWAP, shift_id=day.id, out_id=LI, in_id=ZHAO)
    assert now_on([day], at, swap) == (ZHAO, WANG)
    assert now_on([day], shanghai(3, 9), swap) == (LI, WANG)
    assert now_on([day], at, override(OverrideKind.SICK, shift_id=day.id, out_id=LI)) == (WANG,)
    assert now_on([day], at, override(OverrideKind.EXTRA, shift_id=day.id, in_id=ZHAO)) == (LI, WANG, ZHAO)
    alone = override(OverrideKind.EXTRA, in_id=ZHAO, starts="20:00", ends="23:00", time_zone="Asia/Shanghai")
    assert now_on([day], shanghai(2, 21), alone) == (ZHAO,)


def test_patterns_begin_and_end() -> None:
    bounded = shift("08:00", "16:00", LI, first_day=date(2026, 3, 3), last_day=date(2026, 3, 4))
    assert [now_on([bounded], shanghai(day, 9)) for day in (2, 3, 4, 5)] == [(), (LI,), (LI,), ()]


def test_a_gap_is_named_and_a_role_without_roster_has_none() -> None:
    patterns = [shift("06:00", "22:00", LI), shift("22:00", "02:00", WANG)]
    found = shifts.gaps(patterns, [], shanghai(2, 6), shanghai(3, 6))
    assert found == [Gap(DutyRole.COUNSELOR, shanghai(3, 2), shanghai(3, 6))]
    assert shifts.gaps([], [], shanghai(2, 6), shanghai(3, 6)) == []


def test_a_shift_that_everybody_fell_out_of_is_a_gap() -> None:
    day = shift("00:00", "00:00", LI)
    sick = override(OverrideKind.SICK, shift_id=day.id, out_id=LI)
    (gap,) = shifts.gaps([day], [sick], shanghai(1, 12), shanghai(4, 0))
    assert (gap.start, gap.end) == (shanghai(2, 0), shanghai(3, 0))
    rota = shifts.rota([day], [sick], shanghai(2, 9))
    assert not rota.of(DutyRole.COUNSELOR)
    assert DutyRole.DISPATCHER not in rota.planned


def test_missing_after_some_minutes() -> None:
    running = shifts.occurrences(
        [shift("08:00", "16:00", LI, WANG)], [], None, shanghai(2, 8), shanghai(2, 9)
    )
    late = timedelta(minutes=10)
    assert shifts.missing(running, lambda who: who == WANG, shanghai(2, 8, 9), late) == []
    absent = shifts.missing(running, lambda who: who == WANG, shanghai(2, 8, 10), late)
    assert [person for _, person in absent] == [LI]


def test_it_is_looked_again_at_each_beginning_end_and_lateness() -> None:
    patterns, late = [shift("08:00", "16:00", LI)], timedelta(minutes=10)
    times, at = [], shanghai(2, 7)
    for _ in range(3):
        at = shifts.next_change(patterns, [], at, late_after=late)
        times.append(at)
    assert times == [shanghai(2, 8), shanghai(2, 8, 10), shanghai(2, 16)]
    assert shifts.next_change([], [], at, late_after=late) == at + timedelta(days=1)


@pytest.mark.parametrize(
    "fields",
    [
        {"starts": "24:00"},
        {"ends": "7:30"},
        {"time_zone": "Nowhere/At_All"},
        {"weekdays": []},
        {"weekdays": [7]},
    ],
)
def test_what_is_no_pattern_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        shifts.plan(shift("08:00", "16:00", LI).model_copy(update=fields), None, LI)


def test_an_override_has_to_fit_its_shift() -> None:
    day = shift("08:00", "16:00", LI, weekdays=[0])
    fitting = override(OverrideKind.SWAP, shift_id=day.id, out_id=LI, in_id=WANG)
    assert shifts.differ(fitting, day, LI).answer == fitting
    for wrong in ({"day": date(2026, 3, 3)}, {"out_id": ZHAO}, {"in_id": None}):
        with pytest.raises(Invalid):
            shifts.differ(fitting.model_copy(update=wrong), day, LI)


def test_a_stand_in_who_falls_ill_is_replaced_and_the_chain_ends_with_its_beginning() -> None:
    day = shift("08:00", "16:00", LI, WANG)
    sick = override(OverrideKind.SICK, id="ovr_b", shift_id=day.id, out_id=LI, in_id=ZHAO)
    again = override(OverrideKind.SICK, id="ovr_a", shift_id=day.id, out_id=ZHAO, in_id="stf_chen")
    assert shifts.differ(again, day, LI, [sick]).answer == again
    for held in ([sick, again], [again, sick]):
        assert now_on([day], shanghai(2, 9), *held) == ("stf_chen", WANG)
    with pytest.raises(Invalid):
        shifts.differ(again, day, LI, [])
    with pytest.raises(Invalid):
        shifts.differ(again.model_copy(update={"in_id": WANG}), day, LI, [sick])
    assert shifts.undo(sick, LI, [sick, again]).remove == (sick, again)
    assert shifts.undo(again, LI, [sick, again]).remove == (again,)
