"""A known person: what rings with their contact, flags that end by themselves, a plan, and who may see what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Table, select

from hotline.actions import alerts, carrier_events, contacts, offers, people, person_background, person_flags
from hotline.domain.access import Actor, Role
from hotline.domain.alerts import AlertFacts
from hotline.domain.contacts import Contact, EndedBy
from hotline.domain.ids import PersonId
from hotline.domain.person_flags import FlagCode, PersonFlag
from hotline.errors import Forbidden, Invalid, WrongState
from hotline.service import Hotline
from hotline.settings import load_settings
from hotline.storage.tables.system import JournalRow
from tests.conftest import SetClock, settle, wake
from tests.scene import counselor, staff
from triage.policy import AlertTarget

NUMBER = "+8613912341234"
PLAN = "先听十分钟，再约下一次。不谈家里的事。"


async def came_before(hotline: Hotline, times: int) -> None:
    for number in range(times):
        contact = await carrier_events.incoming_call(hotline, f"CA-before-{number}", NUMBER)
        await contacts.carrier_ends(hotline, contact.id, by=EndedBy.PERSON, reason="abandoned")


async def calls(hotline: Hotline, sid: str = "CA1") -> Contact:
    contact = await carrier_events.incoming_call(hotline, sid, NUMBER)
    await settle(hotline)
    found = await hotline.reader.find(Contact, contact.id)
    assert found is not None
    return found


async def served_caller(hotline: Hotline) -> tuple[Contact, Actor]:
    someone = await counselor(hotline)
    contact = await calls(hotline)
    if contact.offer_id is not None:
        return await offers.accept(hotline, someone, contact.offer_id), someone
    return await offers.take(hotline, someone, contact.id), someone


def person_of(contact: Contact) -> PersonId:
    assert contact.person_id is not None
    return contact.person_id


async def flagged(
    hotline: Hotline,
    actor: Actor,
    person_id: PersonId,
    code: FlagCode,
    *,
    days: float,
    note: str | None = None,
) -> None:
    expires_at = hotline.clock.now() + timedelta(days=days)
    await person_flags.put(hotline, actor, person_id, code=code, note=note, expires_at=expires_at)


async def test_who_is_offered_a_known_person_hears_what_to_mind_but_no_words(hotline: Hotline) -> None:
    await came_before(hotline, 2)
    boss = await staff(hotline, Role.SUPERVISOR)
    someone = await counselor(hotline)
    contact = await calls(hotline)
    assert contact.offered_to_id == someone.staff_id
    person_id = person_of(contact)
    await person_background.write_plan(hotline, boss, person_id, PLAN)
    await flagged(hotline, boss, person_id, FlagCode.NO_VOICEMAIL, days=30, note="室友会接")
    rung = await person_background.of_contact(hotline, someone, contact.id)
    assert (rung.count, rung.plan, [each.note for each in rung.flags]) == (2, None, [None])
    assert contact.offer_id is not None
    await offers.accept(hotline, someone, contact.offer_id)
    full = await person_background.of_contact(hotline, someone, contact.id)
    assert full.plan is not None
    assert (full.plan.text, full.plan.by) == (PLAN, boss.staff_id)
    assert [each.note for each in full.flags] == ["室友会接"]
    with pytest.raises(Forbidden):
        await person_background.of_contact(hotline, await counselor(hotline), contact.id)


async def test_reading_is_journalled_and_words_are_not(hotline: Hotline) -> None:
    await came_before(hotline, 1)
    contact, someone = await served_caller(hotline)
    boss = await staff(hotline, Role.SUPERVISOR)
    await person_background.write_plan(hotline, boss, person_of(contact), PLAN)
    await person_background.of_contact(hotline, someone, contact.id)
    table: Table = JournalRow.__table__  # type: ignore[attr-defined]
    entries = [row[0] for row in await hotline.reader.rows(select(table.c.entry))]
    assert any('"background_read"' in each for each in entries)
    assert not any("十分钟" in each for each in entries)


async def test_an_open_alert_of_an_earlier_contact_is_told_until_it_is_over(hotline: Hotline) -> None:
    first, someone = await served_caller(hotline)
    facts = AlertFacts(target=AlertTarget.CRISIS_TEAM, what="在楼顶")
    alert, _ = await alerts.raise_alert(hotline, someone, first.id, facts)
    assert (await person_background.of_contact(hotline, someone, first.id)).open_alert is None
    await contacts.carrier_ends(hotline, first.id, by=EndedBy.PERSON, reason="hung_up")
    other = await counselor(hotline)
    again = await calls(hotline, "CA2")
    assert again.offered_to_id == other.staff_id
    known = (await person_background.of_contact(hotline, other, again.id)).open_alert
    assert known is not None
    assert known.id == alert.id
    boss = await staff(hotline, Role.DISPATCHER)
    version = (await alerts.find(hotline, boss, alert.id)).version
    await alerts.cancel(hotline, boss, alert.id, version=version, reason="已确认平安")
    assert (await person_background.of_contact(hotline, other, again.id)).open_alert is None


async def test_who_comes_often_is_named_so(hotline: Hotline) -> None:
    often = hotline.rules.frequent_from
    await came_before(hotline, often - 1)
    contact, someone = await served_caller(hotline)
    found = await person_background.of_contact(hotline, someone, contact.id)
    assert (found.is_frequent, found.recently, len(found.earlier)) == (True, often - 1, 5)


async def test_how_often_is_often_is_a_setting(hotline: Hotline) -> None:
    await came_before(hotline, 2)
    contact, someone = await served_caller(hotline)
    hotline.rules = load_settings(frequent_from=3).service_rules()
    assert (await person_background.of_contact(hotline, someone, contact.id)).is_frequent
    hotline.rules = load_settings(frequent_from=3, frequent_within_seconds=60).service_rules()
    hotline.clock.move(timedelta(seconds=61))  # type: ignore[attr-defined]  # the tests' clock
    assert not (await person_background.of_contact(hotline, someone, contact.id)).is_frequent


async def test_a_plan_is_a_supervisors(hotline: Hotline) -> None:
    contact, someone = await served_caller(hotline)
    with pytest.raises(Forbidden):
        await person_background.write_plan(hotline, someone, person_of(contact), PLAN)
    boss = await staff(hotline, Role.SUPERVISOR)
    await person_background.write_plan(hotline, boss, person_of(contact), PLAN)
    await person_background.write_plan(hotline, boss, person_of(contact), None)
    assert (await person_background.of_contact(hotline, someone, contact.id)).plan is None


async def test_a_flag_ends_by_itself_and_a_new_one_takes_its_place(hotline: Hotline, clock: SetClock) -> None:
    contact, someone = await served_caller(hotline)
    person_id, now = person_of(contact), hotline.clock.now()
    for days in (10, 20):
        await flagged(hotline, someone, person_id, FlagCode.VIOLENCE_RISK, days=days, note=None)
    found = await person_background.of_contact(hotline, someone, contact.id)
    assert [each.expires_at for each in found.flags] == [now + timedelta(days=20)]
    clock.move(timedelta(days=20, seconds=1))
    await wake(hotline)
    flags = await hotline.reader.where(PersonFlag)
    assert all(each.ended_at is not None for each in flags)
    assert [each.ended_by for each in flags if each.expires_at == now + timedelta(days=20)] == [None]
    with pytest.raises(WrongState):
        await person_flags.lift(hotline, await staff(hotline, Role.SUPERVISOR), person_id, flags[0].id)


@pytest.mark.parametrize("days", [-1, 181])
async def test_nobody_is_marked_for_life(hotline: Hotline, days: int) -> None:
    contact, someone = await served_caller(hotline)
    with pytest.raises(Invalid):
        await flagged(hotline, someone, person_of(contact), FlagCode.VIOLENCE_RISK, days=days, note=None)


async def test_flags_and_plan_go_with_the_person(hotline: Hotline) -> None:
    contact = await calls(hotline)
    boss = await staff(hotline, Role.SUPERVISOR)
    person_id = person_of(contact)
    await person_background.write_plan(hotline, boss, person_id, PLAN)
    await flagged(hotline, boss, person_id, FlagCode.OTHER, days=30, note="别的")
    await contacts.carrier_ends(hotline, contact.id, by=EndedBy.PERSON, reason="abandoned")
    person = await people.erase(hotline, await staff(hotline, Role.ADMIN), person_id)
    assert (person.plan, person.plan_by) == (None, None)
    assert await hotline.reader.where(PersonFlag) == []
