"""Alerts on the real store: raised by what a person writes, one winner, climbing while nobody answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from typing import Any

import pytest

from hotline.actions import alerts, closing, contacts, offers, reading_contacts, teams
from hotline.actions.closing import CloseSheet
from hotline.domain.access import Actor, Role
from hotline.domain.alerts import Alert, AlertFacts, AlertState, Outcome, ResponderKind
from hotline.domain.contacts import ContactState, LevelSource
from hotline.domain.dispatch import Team, TeamId
from hotline.domain.ids import AlertId
from hotline.errors import Forbidden, Invalid, NotFound, StaleVersion, Taken
from hotline.service import Hotline
from hotline.storage.tables.system import JournalRow
from tests.conftest import Opener, SetClock, settle, wake
from tests.consoles import Console
from tests.scene import ADMIN, counselor, person, served, staff, supervisor
from triage.assessment import Assessment, Kind, Level
from triage.policy import AlertTarget

TEAM = Team(id=TeamId("tea_east"), kind=ResponderKind.CRISIS_TEAM, name_zh="东区危机队", name_en="East team")
WEST = Team(id=TeamId("tea_west"), kind=ResponderKind.CRISIS_TEAM, name_zh="西区危机队", name_en="West team")
DESK = Team(id=TeamId("tea_desk"), kind=ResponderKind.POLICE_DESK, name_zh="接警台", name_en="Police desk")
FACTS = AlertFacts(target=AlertTarget.POLICE, what="人在天桥上", where="人民路天桥")

JOURNAL: Any = JournalRow.__table__  # type: ignore[attr-defined]
QUIET, IMMINENT, ACT = "quiet", "imminent", "act"


class Said:
    """Triage that answers what the text names."""

    async def assess(self, _id: str, text: str, _history: Any = (), *, speech: bool = False) -> Assessment:
        level = Level.LOW if text == QUIET else Level.IMMINENT
        kinds = (Kind.OVERDOSE,) if text == ACT else (Kind.SUICIDE,)
        return Assessment(level, 0.9, kinds, (), text == ACT, (), "test")


@pytest.fixture
async def hotline(opened: Opener) -> AsyncIterator[Hotline]:
    async with opened(assessor=Said()) as hotline:
        for team in (TEAM, WEST, DESK):
            await teams.register(hotline, ADMIN, team)
        yield hotline


async def only_alert(hotline: Hotline) -> Alert:
    (alert,) = await hotline.reader.where(Alert)
    return alert


async def raised(hotline: Hotline) -> Alert:
    someone = await person(hotline)
    await someone.writes(ACT)
    return await only_alert(hotline)


async def after(hotline: Hotline, clock: SetClock, **span: float) -> Alert:
    clock.move(timedelta(**span))
    await wake(hotline)
    return await only_alert(hotline)


async def dispatcher(hotline: Hotline) -> Actor:
    return await staff(hotline, Role.DISPATCHER)


async def refusals(*attempts: Awaitable[Any]) -> list[BaseException]:
    results = await asyncio.gather(*attempts, return_exceptions=True)
    return [each for each in results if isinstance(each, BaseException)]


# Signals --------------------------------------------------------------------------------------------


async def test_an_imminent_message_proposes_to_the_counselor_then_the_supervisor(
    hotline: Hotline, clock: SetClock
) -> None:
    someone, helper = await served(hotline)
    await someone.writes(IMMINENT)
    alert = await only_alert(hotline)
    assert (alert.state, alert.counselor_id, alert.notified) == (
        AlertState.PROPOSED,
        helper.staff_id,
        ["counselor"],
    )
    assert (await someone.contact()).alert_id == alert.id
    assert (await after(hotline, clock, seconds=60)).notified == ["counselor", "supervisor"]
    alert = await after(hotline, clock, seconds=60)
    assert alert.notified[-1] == "everyone"
    alert = await after(hotline, clock, seconds=60)
    assert (alert.state, alert.round) == (AlertState.PROPOSED, 1)
    alert = await alerts.confirm(hotline, helper, alert.id, version=alert.version, facts=FACTS)
    assert (alert.state, alert.raised_by, alert.what) == (AlertState.RAISED, helper.staff_id, "人在天桥上")


async def test_who_waits_for_a_counselor_is_a_supervisors_matter_at_once(hotline: Hotline) -> None:
    someone = await person(hotline)
    await someone.writes(IMMINENT)
    assert (await only_alert(hotline)).notified == ["supervisor"]


async def test_later_messages_update_the_one_alert_and_an_act_raises_it(hotline: Hotline) -> None:
    someone, _helper = await served(hotline)
    for text in (IMMINENT, IMMINENT, QUIET):
        await someone.writes(text)
    first = await only_alert(hotline)
    assert (first.version, first.state) == (1, AlertState.PROPOSED)
    await asyncio.gather(*(someone.writes(ACT, f"act-{n}") for n in range(4)))
    alert = await only_alert(hotline)
    assert (alert.id, alert.state, alert.act_in_progress) == (first.id, AlertState.RAISED, True)
    assert alert.target is AlertTarget.AMBULANCE
    assert alert.kinds == ["overdose", "suicide"]
    assert [each["kind"] for each in alert.steps] == ["proposed", "act_began"]


async def test_a_dismissed_one_may_be_followed_by_a_new_one(hotline: Hotline) -> None:
    someone, helper = await served(hotline)
    await someone.writes(IMMINENT)
    alert = await only_alert(hotline)
    await alerts.dismiss(hotline, helper, alert.id, version=alert.version, reason="谈的是过去的事")
    await someone.writes(ACT)
    found = await hotline.reader.where(Alert)
    assert sorted(each.state for each in found) == [AlertState.DISMISSED, AlertState.RAISED]
    latest = next(each for each in found if each.state is AlertState.RAISED)
    assert (await someone.contact()).alert_id == latest.id


async def test_who_closes_as_imminent_is_asked_about_help(hotline: Hotline) -> None:
    """The close sheet sets a level as a named person does anywhere else: it stands in the record, and asks for help."""
    someone, helper = await served(hotline)
    await someone.writes(QUIET)
    await contacts.end_conversation(hotline, helper, someone.contact_id)
    plan = {"coping": "散步"}
    sheet = CloseSheet(
        "supported", "挂断前说了计划", Level.IMMINENT, referral_declined=True, safety_plan=plan
    )
    closed = await closing.close(hotline, helper, someone.contact_id, sheet)
    alert = await only_alert(hotline)
    assert (closed.state, closed.alert_id) == (ContactState.CLOSED, alert.id)
    assert (alert.state, alert.notified, alert.still_in_contact) == (
        AlertState.PROPOSED,
        ["supervisor"],
        False,
    )
    steps = await reading_contacts.level_steps(hotline, helper, someone.contact_id)
    by_hand = [each for each in steps if each.source is LevelSource.OVERRIDE]
    assert [(each.level, each.staff_id) for each in by_hand] == [(Level.IMMINENT, helper.staff_id)]


async def test_the_alert_says_who_is_with_the_person(hotline: Hotline, clock: SetClock) -> None:
    someone = await person(hotline)
    await someone.writes(ACT)
    assert (await only_alert(hotline)).counselor_id is None
    helper = await counselor(hotline)
    await settle(hotline)
    offer_id = (await someone.contact()).offer_id
    assert offer_id is not None
    await offers.accept(hotline, helper, offer_id)
    assert (await only_alert(hotline)).counselor_id == helper.staff_id
    await contacts.end_conversation(hotline, helper, someone.contact_id)
    alert = await only_alert(hotline)
    assert (alert.counselor_id, alert.still_in_contact) == (helper.staff_id, False)


# Raising by hand ------------------------------------------------------------------------------------


async def test_raised_by_hand_once_and_then_updated(hotline: Hotline) -> None:
    someone, helper = await served(hotline)
    both = await asyncio.gather(
        *(
            alerts.raise_alert(hotline, helper, someone.contact_id, FACTS, idempotency_key="one-key")
            for _ in range(2)
        )
    )
    assert sorted(is_new for _, is_new in both) == [False, True]
    later = FACTS.model_copy(update={"where": "人民路天桥东侧"})
    alert, is_new = await alerts.raise_alert(hotline, helper, someone.contact_id, later)
    assert not is_new
    assert (alert.where, alert.state, alert.version) == ("人民路天桥东侧", AlertState.RAISED, 2)
    assert await only_alert(hotline) == alert


async def test_an_alert_without_a_target_or_a_word_is_refused(hotline: Hotline) -> None:
    someone, helper = await served(hotline)
    with pytest.raises(Invalid) as refused:
        await alerts.raise_alert(hotline, helper, someone.contact_id, AlertFacts(where="人民路"))
    assert [each.path for each in refused.value.fields] == ["target", "what"]


async def test_nobody_raises_for_a_contact_of_others(hotline: Hotline) -> None:
    someone, _helper = await served(hotline)
    other = await counselor(hotline)
    with pytest.raises(Forbidden):
        await alerts.raise_alert(hotline, other, someone.contact_id, FACTS)


# The board ------------------------------------------------------------------------------------------


async def test_of_two_who_acknowledge_at_once_one_wins(hotline: Hotline) -> None:
    alert = await raised(hotline)
    first, second = await dispatcher(hotline), await dispatcher(hotline)
    (refused,) = await refusals(
        alerts.acknowledge(hotline, first, alert.id, version=alert.version),
        alerts.acknowledge(hotline, second, alert.id, version=alert.version),
    )
    alert = await only_alert(hotline)
    assert isinstance(refused, Taken)
    assert refused.by == alert.acknowledged_by == first.staff_id


async def test_the_ladder_climbs_while_nobody_answers(hotline: Hotline, clock: SetClock) -> None:
    alert = await raised(hotline)
    board = Console(hotline, await dispatcher(hotline), "alert")
    seen = [alert.ladder[alert.rung]["role"]]
    for seconds in (60, 45, 45, 60, 60):
        alert = await after(hotline, clock, seconds=seconds)
        seen.append(alert.ladder[alert.rung]["role"])
    assert seen == [
        "dispatcher",
        "next_dispatcher",
        "supervisor",
        "everyone",
        "dispatcher",
        "next_dispatcher",
    ]
    assert board.heard() == ["alert.rang"] * 5
    assert board.frames[-1]["alert"]["round"] == 1


async def test_a_deadline_survives_a_restart(opened: Opener, clock: SetClock) -> None:
    async with opened(assessor=Said()) as hotline:
        await raised(hotline)
    clock.move(timedelta(minutes=1))
    async with opened(assessor=Said()) as hotline:
        await wake(hotline)
        assert (await only_alert(hotline)).rung == 1


async def test_acknowledged_but_not_assigned_rings_again(hotline: Hotline, clock: SetClock) -> None:
    alert = await raised(hotline)
    one = await dispatcher(hotline)
    await alerts.acknowledge(hotline, one, alert.id, version=alert.version)
    alert = await after(hotline, clock, minutes=3)
    assert (alert.state, alert.acknowledged_by) == (AlertState.RAISED, None)


async def test_two_assign_at_once_and_the_second_has_to_look_again(hotline: Hotline) -> None:
    alert = await raised(hotline)
    one, two = await dispatcher(hotline), await dispatcher(hotline)
    alert = await alerts.acknowledge(hotline, one, alert.id, version=alert.version)
    (refused,) = await refusals(
        alerts.assign(hotline, one, alert.id, version=alert.version, team_id=TEAM.id),
        alerts.assign(hotline, two, alert.id, version=alert.version, team_id=WEST.id),
    )
    assert isinstance(refused, StaleVersion)
    assert (await only_alert(hotline)).assigned_id == TEAM.id


async def test_another_request_on_an_old_version_is_no_repetition(hotline: Hotline) -> None:
    """One dispatcher in two tabs, or one who saves again before the first answer came: what the second asks for was
    answered with success and lost."""
    alert = await raised(hotline)
    one = await dispatcher(hotline)
    seen = alert.version
    at_the_bridge, on_the_roof = AlertFacts(where="人民路天桥"), AlertFacts(where="三号楼楼顶")
    for _ in range(2):  # the same again: the answer was lost on the way
        alert = await alerts.update(hotline, one, alert.id, version=seen, facts=at_the_bridge)
    with pytest.raises(StaleVersion):
        await alerts.update(hotline, one, alert.id, version=seen, facts=on_the_roof)
    seen = alert.version
    for _ in range(2):
        alert = await alerts.assign(hotline, one, alert.id, version=seen, team_id=TEAM.id)
    with pytest.raises(StaleVersion):
        await alerts.assign(hotline, one, alert.id, version=seen, team_id=WEST.id)
    seen = alert.version
    for _ in range(2):
        alert = await alerts.close(hotline, one, alert.id, version=seen, outcome=Outcome.SAFE)
    with pytest.raises(StaleVersion):
        await alerts.close(hotline, one, alert.id, version=seen, outcome=Outcome.DEATH)
    assert (alert.where, alert.assigned_id, alert.outcome) == ("人民路天桥", TEAM.id, Outcome.SAFE)


async def test_another_confirmation_of_a_proposal_is_no_repetition(hotline: Hotline) -> None:
    someone, helper = await served(hotline)
    await someone.writes(IMMINENT)
    proposed = await only_alert(hotline)
    for _ in range(2):
        await alerts.confirm(hotline, helper, proposed.id, version=proposed.version, facts=FACTS)
    other = FACTS.model_copy(update={"where": "三号楼楼顶"})
    with pytest.raises(StaleVersion):
        await alerts.confirm(hotline, helper, proposed.id, version=proposed.version, facts=other)


async def test_there_is_no_such_team_and_no_such_alert(hotline: Hotline) -> None:
    alert = await raised(hotline)
    one = await dispatcher(hotline)
    with pytest.raises(NotFound):
        await alerts.assign(hotline, one, alert.id, version=alert.version, team_id=TeamId("tea_none"))
    with pytest.raises(NotFound):
        await alerts.acknowledge(hotline, one, AlertId("alr_none"), version=1)


async def test_from_the_board_to_the_outcome_and_who_hears_of_it(hotline: Hotline, clock: SetClock) -> None:
    someone, helper = await served(hotline)
    one = await dispatcher(hotline)
    east = await staff(hotline, Role.CRISIS_TEAM, organisation_id=TEAM.id)
    west = await staff(hotline, Role.CRISIS_TEAM, organisation_id=WEST.id)
    police = await staff(hotline, Role.POLICE)
    at_desk, at_east, at_west, at_police = (
        Console(hotline, each, "alert") for each in (helper, east, west, police)
    )
    await someone.writes(ACT)
    alert = await only_alert(hotline)
    alert = await alerts.acknowledge(hotline, one, alert.id, version=alert.version)
    with pytest.raises(Forbidden):
        await alerts.find(hotline, east, alert.id)
    alert = await alerts.assign(hotline, one, alert.id, version=alert.version, team_id=TEAM.id)
    alert = await alerts.en_route(hotline, east, alert.id, version=alert.version)
    with pytest.raises(Forbidden):
        await alerts.on_scene(hotline, west, alert.id, version=alert.version)
    alert = await alerts.update(
        hotline, helper, alert.id, version=alert.version, facts=AlertFacts(danger_to_others=True), note="有刀"
    )
    alert = await alerts.on_scene(hotline, east, alert.id, version=alert.version)
    clock.move(timedelta(minutes=10))
    await wake(hotline)
    alert = await alerts.confirm_contact(hotline, east, alert.id, version=alert.version, note="已见到本人")
    alert = await alerts.handed_over(hotline, east, alert.id, version=alert.version, note="送市二院")
    alert = await alerts.close(hotline, one, alert.id, version=alert.version, outcome=Outcome.TO_HOSPITAL)
    assert (alert.state, alert.outcome) == (AlertState.CLOSED, Outcome.TO_HOSPITAL)
    going = [
        "en_route",
        "updated",
        "on_scene",
        "asked_to_confirm_contact",
        "contact_confirmed",
        "handed_over",
        "closed",
    ]
    assert at_east.heard() == [f"alert.{each}" for each in ("assigned", *going)]
    assert at_desk.heard() == [f"alert.{each}" for each in ("raised", "acknowledged", "assigned", *going)]
    assert at_west.heard() == at_police.heard() == []
    assert hotline.writer.deadlines.get(alert.id) is None


async def test_handing_over_to_the_police_takes_it_from_the_team(hotline: Hotline) -> None:
    alert = await raised(hotline)
    one = await dispatcher(hotline)
    east = Console(hotline, await staff(hotline, Role.CRISIS_TEAM, organisation_id=TEAM.id), "alert")
    police = await staff(hotline, Role.POLICE)
    at_desk = Console(hotline, police, "alert")
    alert = await alerts.assign(hotline, one, alert.id, version=alert.version, team_id=TEAM.id)
    alert = await alerts.hand_over_to_police(hotline, one, alert.id, version=alert.version)
    assert alert.assigned_id == DESK.id
    assert east.heard() == ["alert.assigned", "removed"]
    assert at_desk.heard() == ["alert.handed_to_police"]
    assert [each.id for each in await alerts.visible(hotline, police, only_open=True)] == [alert.id]
    alert = await alerts.decline(hotline, police, alert.id, version=alert.version, reason="不在辖区")
    assert alert.state is AlertState.RAISED
    assert at_desk.heard()[-1] == "removed"


async def test_a_team_that_was_late_and_says_no_is_not_counted_on(hotline: Hotline, clock: SetClock) -> None:
    """It rings again because they did not leave, and stays theirs so that they may go yet; their no ends that."""
    alert = await raised(hotline)
    one = await dispatcher(hotline)
    east = await staff(hotline, Role.CRISIS_TEAM, organisation_id=TEAM.id)
    at_east = Console(hotline, east, "alert")
    await alerts.assign(hotline, one, alert.id, version=alert.version, team_id=TEAM.id)
    alert = await after(hotline, clock, minutes=30)
    assert (alert.state, alert.assigned_id) == (AlertState.RAISED, TEAM.id)
    alert = await alerts.decline(hotline, one, alert.id, version=alert.version, reason="我这边在忙")
    assert alert.assigned_id == TEAM.id
    alert = await alerts.decline(hotline, east, alert.id, version=alert.version, reason="车坏了")
    assert (alert.state, alert.assigned_kind, alert.assigned_id) == (AlertState.RAISED, None, None)
    assert at_east.heard()[-1] == "removed"


@pytest.mark.parametrize("role", [Role.COUNSELOR, Role.SCHOOL, Role.REHABILITATION, Role.AUDITOR, Role.ADMIN])
async def test_an_alert_given_to_a_team_is_its_members_by_role(hotline: Hotline, role: Role) -> None:
    """Who was of the team keeps its id when the role is taken away; and a school may have the same id."""
    alert = await raised(hotline)
    one = await dispatcher(hotline)
    other = await staff(hotline, role, organisation_id=TEAM.id)
    console = Console(hotline, other, "alert")
    await alerts.assign(hotline, one, alert.id, version=alert.version, team_id=TEAM.id)
    with pytest.raises(Forbidden):
        await alerts.find(hotline, other, alert.id)
    assert console.heard() == []


async def test_a_counselor_cancels_until_somebody_has_acknowledged(hotline: Hotline) -> None:
    someone, helper = await served(hotline)
    one = await dispatcher(hotline)
    alert, _ = await alerts.raise_alert(hotline, helper, someone.contact_id, FACTS)
    alert = await alerts.acknowledge(hotline, one, alert.id, version=alert.version)
    with pytest.raises(Forbidden):
        await alerts.cancel(hotline, helper, alert.id, version=alert.version, reason="误报")
    alert = await alerts.cancel(hotline, one, alert.id, version=alert.version, reason="误报")
    assert (alert.state, alert.cancel_reason) == (AlertState.CANCELLED, "误报")


async def test_what_is_over_is_listed_only_when_asked_for(hotline: Hotline) -> None:
    alert = await raised(hotline)
    one, boss = await dispatcher(hotline), await supervisor(hotline)
    await alerts.cancel(hotline, boss, alert.id, version=alert.version, reason="误报")
    assert await alerts.visible(hotline, one, only_open=True) == []
    assert [each.id for each in await alerts.visible(hotline, one, only_open=False)] == [alert.id]


@pytest.mark.parametrize("role", [Role.COUNSELOR, Role.CRISIS_TEAM, Role.POLICE, Role.SCHOOL, Role.AUDITOR])
async def test_the_board_is_the_dispatchers(hotline: Hotline, role: Role) -> None:
    alert = await raised(hotline)
    other = await staff(hotline, role)
    attempts = [
        alerts.acknowledge(hotline, other, alert.id, version=alert.version),
        alerts.assign(hotline, other, alert.id, version=alert.version, team_id=TEAM.id),
        alerts.hand_over_to_police(hotline, other, alert.id, version=alert.version),
        alerts.on_scene(hotline, other, alert.id, version=alert.version),
        alerts.find(hotline, other, alert.id),
    ]
    refused = await refusals(*attempts)
    assert len(refused) == len(attempts)
    assert all(isinstance(each, Forbidden) for each in refused)
    assert await only_alert(hotline) == alert


# What may not leak ----------------------------------------------------------------------------------


async def test_no_word_of_an_alert_stands_open_in_the_database(hotline: Hotline) -> None:
    someone, helper = await served(hotline)
    alert, _ = await alerts.raise_alert(hotline, helper, someone.contact_id, FACTS)
    await alerts.update(
        hotline, helper, alert.id, version=alert.version, facts=AlertFacts(), note="穿红色外套"
    )
    stored = ""
    for table in (hotline.reader.table(Alert), JOURNAL):
        stored += repr(await hotline.reader.rows(table.select()))
    assert alert.id in stored
    for words in ("人在天桥上", "人民路", "穿红色外套"):
        assert words not in stored
        assert repr(words.encode())[2:-1] not in stored
