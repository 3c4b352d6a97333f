"""Follow-ups: schedules, attempts, overdue; who is called back after hanging up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domain import followups
from hotline.domain.access import FOLLOWUPS, SUPERVISION, followup_audience
from hotline.domain.change import Change, Due
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.followups import AttemptOutcome, Followup, FollowupKind, FollowupState
from hotline.domain.ids import ContactId, FollowupId, StaffId
from hotline.domain.service_rules import ServiceRules
from hotline.errors import StaleVersion, Taken, WrongState
from triage.assessment import Level

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
RULES = ServiceRules()
ANNA, BEN = StaffId("stf_anna"), StaffId("stf_ben")
NEW = (FollowupId("fol_next"), FollowupId("fol_review"))


def contact(**fields: Any) -> Contact:
    made = Contact(
        id=ContactId("con_1"), channel=Channel.CHAT, opened_at=NOW, level=Level.HIGH, peak_level=Level.HIGH
    )
    return made.model_copy(update={"nickname": "小雨", "state": ContactState.CLOSED} | fields)


def planned(kind: FollowupKind = FollowupKind.FOLLOW_UP, level: Level = Level.HIGH) -> Followup:
    change = followups.planned(
        FollowupId("fol_1"),
        contact(level=level, peak_level=level),
        kind,
        NOW + timedelta(days=1),
        NOW,
        note="问问睡眠",
        by=ANNA,
        scheduled_from=NOW if kind is FollowupKind.FOLLOW_UP else None,
    )
    followup: Followup = change.answer
    return followup


def saved(change: Change) -> dict[str, Followup]:
    return {each.id: each for each in change.save if isinstance(each, Followup)}


def attempted(followup: Followup, outcome: AttemptOutcome, now: datetime) -> Change:
    return followups.attempt(followup, ANNA, outcome, None, now, RULES, NEW)


# Schedules ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "days"),
    [
        (Level.IMMINENT, [7, 30, 91, 365]),
        (Level.HIGH, [7, 30, 91, 365]),
        (Level.MODERATE, [7, 30]),
        (Level.UNASSESSED, [7, 30]),
        (Level.LOW, []),
        (Level.NONE, []),
    ],
)
def test_each_done_call_plans_the_next_of_its_levels_schedule(level: Level, days: list[int]) -> None:
    followup, seen = planned(level=level), []
    for turn in range(9):
        next_id = FollowupId(f"fol_next{turn}")
        change = followups.done(followup, ANNA, None, followup.due_at, RULES, next_id)
        assert change.answer.state is FollowupState.DONE
        following = saved(change).get(next_id)
        if following is None:
            break
        seen.append((following.due_at - NOW).days)
        assert following.state is FollowupState.OPEN
        assert following.note == "问问睡眠"
        followup = following
    assert seen == days


def test_a_late_call_skips_what_has_passed_meanwhile() -> None:
    change = followups.done(planned(), ANNA, None, NOW + timedelta(days=40), RULES, NEW[0])
    assert saved(change)[NEW[0]].due_at == NOW + timedelta(days=91)


def test_refusing_ends_the_schedule() -> None:
    change = attempted(planned(), AttemptOutcome.REFUSED, NOW + timedelta(days=1))
    assert (change.answer.state, change.answer.ended) == (FollowupState.DONE, "refused")
    assert len(saved(change)) == 1


def test_a_call_back_has_no_schedule() -> None:
    change = followups.done(planned(FollowupKind.CALL_BACK), ANNA, None, NOW, RULES, NEW[0])
    assert list(saved(change)) == ["fol_1"]


# Attempts -------------------------------------------------------------------------------------------


def test_no_answer_is_tried_again_later_and_then_a_supervisor_decides() -> None:
    followup, now = planned(), NOW + timedelta(days=1)
    for left in (2, 1):
        followup = attempted(followup, AttemptOutcome.NO_ANSWER, now).answer
        assert (followup.state, followup.owner_id) == (FollowupState.OPEN, None)
        assert followup.due_at == now + followups.ONCE.again_after
        assert followups.attempts_left(followup, RULES) == left
        now = followup.due_at
    assert now - NOW <= timedelta(days=2)  # three tries within 24 hours of the due time
    change = attempted(followup, AttemptOutcome.NO_ANSWER, now)
    assert (change.answer.state, change.answer.ended) == (FollowupState.DONE, "unreachable")
    assert saved(change)[NEW[0]].due_at == NOW + timedelta(days=7)
    review = saved(change)[NEW[1]]
    assert (review.kind, review.state) == (FollowupKind.REVIEW, FollowupState.OPEN)
    assert len(review.attempts) == 3
    assert followup_audience(review) == (SUPERVISION,)


def test_an_unreachable_person_of_moderate_level_is_no_supervisors_task() -> None:
    followup = planned(level=Level.MODERATE)
    for _ in range(2):
        followup = attempted(followup, AttemptOutcome.NO_ANSWER, followup.due_at).answer
    change = attempted(followup, AttemptOutcome.NO_ANSWER, followup.due_at)
    assert {each.kind for each in saved(change).values()} == {FollowupKind.FOLLOW_UP}


def test_reached_keeps_it_with_whoever_reached_them() -> None:
    followup = attempted(planned(), AttemptOutcome.REACHED, NOW).answer
    assert (followup.state, followup.owner_id) == (FollowupState.TAKEN, ANNA)


def test_one_takes_it_and_the_other_hears_who() -> None:
    followup = followups.take(planned(), ANNA, NOW).answer
    assert followups.take(followup, ANNA, NOW) == Change(answer=followup)
    with pytest.raises(Taken) as refused:
        followups.take(followup, BEN, NOW)
    assert refused.value.by == ANNA


def test_what_is_over_stays_over() -> None:
    for ended in (
        followups.done(planned(), ANNA, None, NOW, RULES, NEW[0]).answer,
        followups.cancel(planned(), ANNA, "对方不希望", NOW).answer,
    ):
        assert followups.due(ended, RULES) is None
        for act in ("take", "reached", "no_answer", "refused", "done", "reschedule", "cancel"):
            with pytest.raises(WrongState):
                _made(act, ended, NOW)


def test_a_stale_look_is_refused() -> None:
    with pytest.raises(StaleVersion):
        followups.cancel(planned(), ANNA, "", NOW, version=7)


# Clocks ---------------------------------------------------------------------------------------------


def test_overdue_tells_again_and_again() -> None:
    followup, heard = planned(), []
    for _ in range(4):
        step = followups.due(followup, RULES)
        assert step is not None
        change = followups.on_deadline(followup, step.at, RULES)
        heard.append((change.events[0].what, step.at - planned().due_at))
        followup = change.answer
    hour = timedelta(hours=1)
    assert heard == [("fell_due", hour * 0), ("overdue", hour), ("overdue", hour * 2), ("overdue", hour * 3)]


def test_after_a_long_stop_it_is_told_once() -> None:
    followup = planned().model_copy(update={"fell_due": True})
    late = followup.due_at + timedelta(hours=50, minutes=1)
    followup = followups.on_deadline(followup, late, RULES).answer
    step = followups.due(followup, RULES)
    assert step is not None
    assert late < step.at <= late + RULES.followup_grace


def test_a_call_back_is_overdue_sooner() -> None:
    call_back = planned(FollowupKind.CALL_BACK).model_copy(update={"fell_due": True})
    step = followups.due(call_back, RULES)
    assert step is not None
    assert step.at - call_back.due_at == RULES.call_back_within


def test_rescheduling_starts_the_clock_anew() -> None:
    late = planned().model_copy(update={"fell_due": True, "overdue_rung": 3})
    followup = followups.reschedule(late, ANNA, NOW + timedelta(days=3), "约好周三", NOW).answer
    assert followups.due(followup, RULES) == Due("falls_due", NOW + timedelta(days=3))


_ACTS = st.sampled_from(
    ["take", "reached", "no_answer", "refused", "done", "reschedule", "cancel", "deadline"]
)


@given(st.lists(st.tuples(_ACTS, st.integers(1, 60 * 24 * 40)), max_size=25), st.sampled_from(sorted(Level)))
def test_whatever_happens_an_open_one_has_a_deadline_and_an_ended_one_none(
    history: list[tuple[str, int]], level: Level
) -> None:
    now, followup, born = NOW, planned(level=level), 0
    for act, minutes in history:
        now += timedelta(minutes=minutes)
        before = followup
        try:
            change = _made(act, followup, now)
        except (WrongState, Taken):
            assert not followups.is_open(before) or act == "take"
            continue
        followup = change.answer
        others = [each for each in saved(change).values() if each.id != followup.id]
        assert all(each.due_at > now and followups.is_open(each) for each in others)
        born += len([each for each in others if each.kind is FollowupKind.FOLLOW_UP])
        assert (followups.due(followup, RULES) is not None) == followups.is_open(followup)
        assert followups.is_open(before) or followup == before
    assert born <= 1


def _made(act: str, followup: Followup, now: datetime) -> Change:
    if act == "take":
        return followups.take(followup, BEN, now)
    if act == "done":
        return followups.done(followup, ANNA, None, now, RULES, NEW[0])
    if act == "reschedule":
        return followups.reschedule(followup, ANNA, now + timedelta(days=1), "", now)
    if act == "cancel":
        return followups.cancel(followup, ANNA, "", now)
    if act == "deadline":
        return followups.on_deadline(followup, now, RULES)
    return attempted(followup, AttemptOutcome(act), now)


# Who is called back ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "risky"),
    [
        ({"level": Level.IMMINENT}, True),
        ({"level": Level.LOW, "peak_level": Level.HIGH}, True),
        ({"level": Level.MODERATE, "peak_level": Level.MODERATE}, False),
        ({"level": Level.UNASSESSED, "peak_level": Level.UNASSESSED}, False),
        ({"level": Level.UNASSESSED, "peak_level": Level.UNASSESSED, "unassessed_seqs": [1]}, True),
    ],
)
def test_who_counts_as_at_risk(fields: dict[str, Any], risky: bool) -> None:
    assert followups.is_risky(contact(**fields)) is risky


def test_words_are_in_no_event() -> None:
    change = followups.planned(
        FollowupId("fol_1"), contact(), FollowupKind.FOLLOW_UP, NOW, NOW, note="问问睡眠"
    )
    assert "问问睡眠" not in str(change.events)
    assert "小雨" not in str(change.events)
    assert followup_audience(change.answer) == (FOLLOWUPS,)
