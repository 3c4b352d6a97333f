"""Who is on duty is worked out once a second, and anew whenever the plan, an account or somebody's presence changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hotline.domain.change import Committed, Saved
from hotline.domain.ids import StaffId
from hotline.domain.presence import Presence, PresenceState
from hotline.domain.shifts import DutyRole, Shift
from hotline.live.roster import Roster

LI, WANG = StaffId("stf_li"), StaffId("stf_wang")
NOW = datetime(2026, 3, 2, 3, 59, 59, 400_000, tzinfo=UTC)


def shift(*people: StaffId) -> Shift:
    return Shift.model_validate(
        {
            "id": "shf_1",
            "name": "",
            "role": DutyRole.COUNSELOR,
            "weekdays": list(range(7)),
            "starts": "00:00",
            "ends": "12:00",
            "time_zone": "Asia/Shanghai",
            "staff_ids": list(people),
        }
    )


def hear(roster: Roster, before: Shift | None, after: Shift | None) -> None:
    saved = Saved("shift", before, after)
    roster.hear(Committed("e", 1, NOW, (), (), {("shift", "shf_1"): saved}))


def test_the_plan_as_it_was_just_changed_holds_within_the_same_second() -> None:
    roster = Roster([shift(LI)])
    assert roster.rota(NOW).of(DutyRole.COUNSELOR) == (LI,)
    hear(roster, shift(LI), shift(WANG))
    assert roster.rota(NOW).of(DutyRole.COUNSELOR) == (WANG,)
    hear(roster, shift(WANG), None)
    assert roster.rota(NOW).of(DutyRole.COUNSELOR) == ()


def test_who_came_to_work_is_there_within_the_same_second() -> None:
    roster = Roster()
    assert LI not in roster.rota(NOW).at_work.get(DutyRole.COUNSELOR, ())
    roster.see_presence(
        Presence(
            id=LI,
            connected=True,
            state=PresenceState.AVAILABLE,
            since=NOW,
            idle_since=NOW,
            chat_capacity=2,
            call_capacity=1,
        )
    )
    assert LI in roster.rota(NOW).at_work[DutyRole.COUNSELOR]


def test_a_shift_ends_with_its_last_second() -> None:
    roster = Roster([shift(LI)])
    assert roster.rota(NOW).of(DutyRole.COUNSELOR) == (LI,)
    assert roster.rota(NOW + timedelta(seconds=1)).of(DutyRole.COUNSELOR) == ()
