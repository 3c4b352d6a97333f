"""Follow-ups on the real store: who is called back, who takes it, what follows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from hotline.actions import closing, contacts, followups, referrals
from hotline.actions.closing import CloseSheet, FollowupWish
from hotline.domain import followups as domain
from hotline.domain.access import Actor, Role
from hotline.domain.change import Change, Due
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.followups import AttemptOutcome, Followup, FollowupKind, FollowupState
from hotline.domain.ids import ContactId
from hotline.errors import Forbidden, Invalid, Taken, WrongState
from hotline.service import Hotline
from hotline.storage.working_set import Loaded
from tests.conftest import START, Opener, SetClock, wake
from tests.scene import Person, counselor, person, served, staff, supervisor
from triage.assessment import Assessment, Kind, Level

HIGH, LOW = "high", "low"


class Said:
    """Triage that answers what the text names."""

    async def assess(self, _id: str, text: str, _history: Any = (), *, speech: bool = False) -> Assessment:
        return Assessment(Level(text), 0.7, (Kind.SUICIDE,), (), False, (), "test")


@pytest.fixture
async def hotline(opened: Opener) -> AsyncIterator[Hotline]:
    async with opened(assessor=Said()) as hotline:
        yield hotline


async def only(hotline: Hotline, **fields: Any) -> Followup:
    found = await hotline.reader.where(Followup)
    (followup,) = [
        each for each in found if all(getattr(each, name) == value for name, value in fields.items())
    ]
    return followup


def sheet(due_at: datetime, *, declined: bool = True) -> CloseSheet:
    return CloseSheet(
        referral_declined=declined,
        disposition="safety_plan",
        note="谈了睡眠",
        level_confirmed=Level.HIGH,
        followup=FollowupWish(due_at, consent=True, note="傍晚打"),
        safety_plan={"people": "姐姐"},
    )


async def closed(hotline: Hotline, due_at: datetime) -> tuple[Person, Actor]:
    someone, helper = await served(hotline)
    await someone.writes(HIGH)
    await contacts.end_conversation(hotline, helper, someone.contact_id)
    await closing.close(hotline, helper, someone.contact_id, sheet(due_at))
    return someone, helper


async def planned(hotline: Hotline) -> tuple[Followup, Actor]:
    someone, helper = await served(hotline)
    due_at = START + timedelta(days=1)
    return await followups.plan(hotline, helper, someone.contact_id, due_at=due_at), helper


# Closings -------------------------------------------------------------------------------------------


async def test_closing_plans_the_first_of_a_schedule_and_each_done_one_the_next(
    hotline: Hotline, clock: SetClock
) -> None:
    _someone, helper = await closed(hotline, START + timedelta(days=1))
    first = await only(hotline)
    assert (first.kind, first.level, first.note) == (FollowupKind.FOLLOW_UP, Level.HIGH, "傍晚打")
    clock.move(timedelta(days=1))
    await wake(hotline)
    assert [each.id for each in await followups.visible(hotline, helper, "due")] == [first.id]
    await followups.attempt(hotline, helper, first.id, outcome=AttemptOutcome.REACHED)
    await followups.done(hotline, helper, first.id, note="睡得好些")
    following = await only(hotline, state=FollowupState.OPEN)
    assert following.due_at == START + timedelta(days=7)
    assert await followups.visible(hotline, helper, "due") == []
    assert len(await followups.visible(hotline, helper, "all")) == 2


async def test_a_follow_up_in_the_past_closes_nothing(hotline: Hotline) -> None:
    someone, helper = await served(hotline)
    await someone.writes(HIGH)
    await contacts.end_conversation(hotline, helper, someone.contact_id)
    for due_at in (START, START + timedelta(days=4000)):
        with pytest.raises(Invalid):
            await closing.close(hotline, helper, someone.contact_id, sheet(due_at))
    assert (await someone.contact()).state is ContactState.WRAP_UP
    assert await hotline.reader.where(Followup) == []


# The policy's time to refer -----------------------------------------------------------------------------


async def test_closing_without_a_referral_begins_the_policys_time_to_refer(
    hotline: Hotline, clock: SetClock
) -> None:
    someone, helper = await served(hotline)
    await someone.writes(HIGH)
    await contacts.end_conversation(hotline, helper, someone.contact_id)
    await closing.close(hotline, helper, someone.contact_id, sheet(START + timedelta(days=9), declined=False))
    owed = await only(hotline, kind=FollowupKind.REFERRAL)
    assert (owed.state, owed.owner_id) == (FollowupState.TAKEN, helper.staff_id)
    assert owed.due_at == START + timedelta(hours=72)
    assert domain.due(owed, hotline.rules) == Due("referral_due", owed.due_at)
    clock.move(timedelta(hours=72))
    await wake(hotline)
    owed = await only(hotline, kind=FollowupKind.REFERRAL)
    assert domain.due(owed, hotline.rules) == Due("referral_overdue", owed.due_at + timedelta(hours=1))
    clock.move(timedelta(hours=1))
    await wake(hotline)
    assert (await only(hotline, kind=FollowupKind.REFERRAL)).overdue_rung == 1, "supervisors are told"
    application = referrals.parsed(
        {
            "channel": "self",
            "person": {"name": "张三", "phone": "13800000000"},
            "needs": ["life_skills"],
            "district": "西岗区",
            "consent": {
                "given": True,
                "by": "person",
                "how": "in_chat",
                "at": clock.now(),
                "scope": ["identity", "needs"],
                "receivers": ["县（市、区）转介专员"],
            },
        },
        "referral",
    )
    await referrals.file(hotline, helper, application, contact_id=someone.contact_id)
    owed = await only(hotline, kind=FollowupKind.REFERRAL)
    assert (owed.state, owed.ended) == (FollowupState.DONE, "done")


@pytest.mark.parametrize(
    "given",
    [
        sheet(START + timedelta(days=1)),
        CloseSheet("left_early", "没有说再见", Level.HIGH),
        CloseSheet("supported", "好些了", Level.LOW),
    ],
    ids=["declined", "left", "low"],
)
async def test_nothing_is_owed_to_who_was_not_there_or_does_not_want_it(
    hotline: Hotline, given: CloseSheet
) -> None:
    someone, helper = await served(hotline)
    await someone.writes(given.level_confirmed.value)
    await contacts.end_conversation(hotline, helper, someone.contact_id)
    await closing.close(hotline, helper, someone.contact_id, given)
    assert FollowupKind.REFERRAL not in {each.kind for each in await hotline.reader.where(Followup)}


# Abandonment ----------------------------------------------------------------------------------------


async def give_up_waiting(hotline: Hotline, clock: SetClock, someone: Person) -> Contact:
    await contacts.person_connected(hotline, someone.contact_id, connected=False)
    clock.move(hotline.rules.person_gone_after)
    for _ in range(10):  # supervisors were told of the long wait before, each time at its own deadline
        await wake(hotline)
    contact = await someone.contact()
    assert contact.state is ContactState.CLOSED
    return contact


async def test_a_risky_chat_without_a_number_becomes_a_supervisors_review(
    hotline: Hotline, clock: SetClock
) -> None:
    someone = await person(hotline)
    await someone.writes(HIGH)
    await give_up_waiting(hotline, clock, someone)
    review = await only(hotline)
    assert (review.kind, review.level) == (FollowupKind.REVIEW, Level.HIGH)
    helper, boss = await counselor(hotline), await supervisor(hotline)
    assert await followups.visible(hotline, helper, "open") == []
    assert [each.id for each in await followups.visible(hotline, boss, "open")] == [review.id]
    with pytest.raises(Forbidden):
        await followups.take(hotline, helper, review.id)
    assert (await followups.take(hotline, boss, review.id)).owner_id == boss.staff_id


async def test_who_showed_no_risk_is_left_in_peace(hotline: Hotline, clock: SetClock) -> None:
    someone = await person(hotline)
    await someone.writes(LOW)
    await give_up_waiting(hotline, clock, someone)
    assert await hotline.reader.where(Followup) == []


async def test_an_abandoned_risky_call_is_called_back_once(hotline: Hotline, clock: SetClock) -> None:
    contact = Contact(
        id=ContactId("con_call"),
        channel=Channel.CALL,
        state=ContactState.CLOSED,
        opened_at=START,
        level=Level.HIGH,
        peak_level=Level.IMMINENT,
        number="+8613912345678",
        number_masked="139****5678",
    )

    def decide(loaded: Loaded) -> Any:
        loaded.find(Contact, contact.id)
        saved = loaded.see(Change(save=(contact,)))
        return saved.then(followups.after_abandonment(loaded, contact, loaded.now, loaded.rules))

    for _ in range(2):
        await hotline.writer.run(decide)
    call_back = await only(hotline)
    assert (call_back.kind, call_back.level) == (FollowupKind.CALL_BACK, Level.IMMINENT)
    assert call_back.due_at == START + hotline.rules.call_back_within
    assert call_back.number_masked == "139****5678"


# Working on it --------------------------------------------------------------------------------------


async def test_of_two_who_take_it_one_wins(hotline: Hotline) -> None:
    followup, one = await planned(hotline)
    two = await counselor(hotline)
    results = await asyncio.gather(
        followups.take(hotline, one, followup.id),
        followups.take(hotline, two, followup.id),
        return_exceptions=True,
    )
    assert isinstance(results[1], Taken)
    assert results[1].by == one.staff_id
    with pytest.raises(Forbidden):
        await followups.done(hotline, two, followup.id)
    assert (await followups.done(hotline, one, followup.id)).state is FollowupState.DONE


async def test_planned_twice_with_one_key_is_one(hotline: Hotline) -> None:
    someone, helper = await served(hotline)
    due_at = START + timedelta(days=1)
    for _ in range(2):
        await followups.plan(
            hotline, helper, someone.contact_id, due_at=due_at, idempotency_key="the-same-key"
        )
    assert (await only(hotline)).due_at == due_at


async def test_nobody_answers_three_times_and_a_supervisor_decides(hotline: Hotline, clock: SetClock) -> None:
    _someone, helper = await closed(hotline, START + timedelta(days=1))
    followup = await only(hotline)
    for _ in range(3):
        clock.move(timedelta(hours=8))
        await followups.attempt(hotline, helper, followup.id, outcome=AttemptOutcome.NO_ANSWER)
    assert (await only(hotline, id=followup.id)).ended == "unreachable"
    review = await only(hotline, kind=FollowupKind.REVIEW)
    assert len(review.attempts) == 3
    with pytest.raises(WrongState):
        await followups.attempt(hotline, helper, followup.id, outcome=AttemptOutcome.REACHED)


async def test_overdue_is_told_again_and_again(hotline: Hotline, clock: SetClock) -> None:
    followup, _helper = await planned(hotline)
    clock.move(timedelta(days=1))
    for rung in (0, 1, 2):
        await wake(hotline)
        current = await only(hotline, id=followup.id)
        assert (current.fell_due, current.overdue_rung) == (True, rung)
        clock.move(hotline.rules.followup_grace)


async def test_those_who_do_not_work_on_follow_ups_see_none(hotline: Hotline) -> None:
    followup, _helper = await planned(hotline)
    for role in (Role.DISPATCHER, Role.POLICE, Role.SCHOOL, Role.AUDITOR):
        other = await staff(hotline, role)
        with pytest.raises(Forbidden):
            await followups.visible(hotline, other, "open")
        with pytest.raises(Forbidden):
            await followups.take(hotline, other, followup.id)
