"""Offers in the running service: one imminent contact alone, the rest after it, wrap-up, skills, wishes, by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hotline.actions import closing, contacts, offers, presence, risk, transfers
from hotline.actions import staff as staff_actions
from hotline.actions.closing import CloseSheet
from hotline.domain.access import Actor, Role
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.ids import StaffId
from hotline.domain.presence import Presence, PresenceState, WhyNot
from hotline.domain.routing import Match
from hotline.domain.skills import spoken
from hotline.errors import Forbidden, Invalid, WrongState
from hotline.live.projections import presence as projection
from hotline.service import Hotline
from tests.conftest import SetClock, settle, wake
from tests.scene import ADMIN, Person, available, counselor, offer_of, person, served, staff, supervisor
from triage.assessment import Level


async def own(hotline: Hotline, actor: Actor) -> Presence:
    found = await hotline.reader.find(Presence, actor.staff_id)
    assert found is not None
    return found


async def accepts(hotline: Hotline, actor: Actor, someone: Person) -> None:
    await settle(hotline)
    contact = await someone.contact()
    assert contact.offered_to_id == actor.staff_id
    assert contact.offer_id is not None
    await offers.accept(hotline, actor, contact.offer_id)


async def closes(hotline: Hotline, actor: Actor, someone: Person) -> None:
    await contacts.end_conversation(hotline, actor, someone.contact_id)
    contact = await someone.contact()
    plan = {"coping": "散步"}
    sheet = CloseSheet("supported", "好些了", contact.level, safety_plan=plan)
    await closing.close(hotline, actor, someone.contact_id, sheet)


async def test_an_imminent_contact_is_served_alone_and_rested_from(hotline: Hotline, clock: SetClock) -> None:
    someone, helper = await served(hotline)
    boss = await supervisor(hotline)
    await risk.override(hotline, boss, someone.contact_id, level=Level.IMMINENT, reason="在楼顶")
    assert (await own(hotline, helper)).imminent == [someone.contact_id]
    another = await person(hotline)
    await settle(hotline)
    assert (await another.contact()).offer_id is None
    with pytest.raises(WrongState) as refused:
        await offers.take(hotline, helper, another.contact_id)
    assert refused.value.code == "imminent_alone"

    await closes(hotline, helper, someone)
    rested = await own(hotline, helper)
    assert rested.imminent == []
    assert rested.rest_until == clock.now() + hotline.rules.rest_after_imminent
    await settle(hotline)
    assert (await another.contact()).offer_id is None
    shown = projection.view(rested, hotline.directory, hotline.rules)
    assert shown["chats_withheld"] is WhyNot.RESTING
    clock.move(hotline.rules.rest_after_imminent)
    await wake(hotline)
    await accepts(hotline, helper, another)


async def test_an_offer_that_was_open_when_danger_came_goes_to_the_next(
    hotline: Hotline, clock: SetClock
) -> None:
    someone, helper = await served(hotline)
    another = await person(hotline)
    offer = await offer_of(hotline, another)
    assert offer.staff_id == helper.staff_id
    boss = await supervisor(hotline)
    await risk.override(hotline, boss, someone.contact_id, level=Level.IMMINENT, reason="在楼顶")
    await settle(hotline)
    assert (await another.contact()).offer_id is None
    with pytest.raises(WrongState):
        await offers.accept(hotline, helper, offer.id)
    clock.move(hotline.rules.offer_within)
    await wake(hotline)
    assert (await own(hotline, helper)).state is PresenceState.AVAILABLE, "they have missed nothing"


async def test_a_rest_is_ended_by_its_owner(hotline: Hotline) -> None:
    someone, helper = await served(hotline)
    await risk.override(hotline, helper, someone.contact_id, level=Level.IMMINENT, reason="在楼顶")
    await closes(hotline, helper, someone)
    await presence.set_state(hotline, helper, PresenceState.AVAILABLE, reason=None, minutes=None)
    assert (await own(hotline, helper)).rest_until is None
    await accepts(hotline, helper, await person(hotline))


async def test_a_level_that_falls_frees_the_hands(hotline: Hotline) -> None:
    someone, helper = await served(hotline)
    boss = await supervisor(hotline)
    await risk.override(hotline, boss, someone.contact_id, level=Level.IMMINENT, reason="在楼顶")
    await risk.override(hotline, boss, someone.contact_id, level=Level.LOW, reason="是误会")
    assert (await own(hotline, helper)).imminent == []


async def test_writing_up_is_load_and_is_said(hotline: Hotline, clock: SetClock) -> None:
    """It counts until it is closed; nothing ends it by force."""
    someone, helper = await served(hotline)
    await contacts.end_conversation(hotline, helper, someone.contact_id)
    assert (await own(hotline, helper)).wrap_ups == [someone.contact_id]
    clock.move(timedelta(hours=3))
    await wake(hotline)
    held = await own(hotline, helper)
    assert (held.chats, held.wrap_ups) == (1, [someone.contact_id])
    assert (await someone.contact()).state is ContactState.WRAP_UP
    assert (await someone.contact()).wrap_up_rung > 0


async def test_skills_are_set_by_supervisors_and_route_at_once(hotline: Hotline) -> None:
    first, second = await counselor(hotline), await counselor(hotline)
    boss = await supervisor(hotline)
    await staff_actions.set_skills(hotline, boss, second.staff_id, {"youth": 4, "lgbt": 0})
    assert (await own(hotline, second)).skills == {**spoken("zh", "en"), "youth": 4}, "no language: any"
    chat, _ = await contacts.open_chat(hotline, language="zh", age_band="14to17")
    assert chat.skills == ["youth"]
    await settle(hotline)
    assert (await Person(hotline, chat.id).contact()).offered_to_id == second.staff_id
    for wrong in ({"juggling": 3}, {"youth": 6}):
        with pytest.raises(Invalid):
            await staff_actions.set_skills(hotline, ADMIN, first.staff_id, wrong)
    with pytest.raises(Forbidden):
        await staff_actions.set_skills(hotline, first, first.staff_id, {"youth": 5})


async def test_handed_to_the_queue_with_wishes(hotline: Hotline) -> None:
    someone, helper = await served(hotline)
    other = await counselor(hotline)
    wished: dict[str, Any] = {"skills_wished": ["bereavement"], "wished_counselor_id": helper.staff_id}
    moved = await transfers.transfer(
        hotline, helper, someone.contact_id, to_staff_id=None, reason=None, **wished
    )
    assert (moved.skills, moved.wished_counselor_id) == (["bereavement"], helper.staff_id)
    await settle(hotline)
    assert (await someone.contact()).offered_to_id == helper.staff_id, "not the one who idles longest"
    assert other is not None
    wrongs: tuple[dict[str, Any], ...] = (
        {"wished_counselor_id": StaffId("stf_nobody")},
        {"skills_wished": ["juggling"]},
    )
    for wrong in wrongs:
        with pytest.raises(Invalid):
            await transfers.transfer(
                hotline, helper, someone.contact_id, to_staff_id=None, reason=None, **wrong
            )


async def test_a_supervisor_takes_beyond_exclusivity_but_not_beyond_capacity(hotline: Hotline) -> None:
    boss = await available(hotline, await staff(hotline, Role.SUPERVISOR))
    several = [await person(hotline) for _ in range(hotline.rules.chat_capacity + 1)]
    await offers.take(hotline, boss, several[0].contact_id)
    await risk.override(hotline, boss, several[0].contact_id, level=Level.IMMINENT, reason="在楼顶")
    await offers.take(hotline, boss, several[1].contact_id)
    with pytest.raises(WrongState) as refused:
        await offers.take(hotline, boss, several[2].contact_id)
    assert refused.value.code == "no_room"


async def test_supervisors_stand_in_reserve_unless_they_are_counselors(hotline: Hotline) -> None:
    boss = await available(hotline, await staff(hotline, Role.SUPERVISOR))
    both = await available(hotline, await staff(hotline, Role.SUPERVISOR, Role.COUNSELOR))
    assert (await own(hotline, boss)).reserve
    assert not (await own(hotline, both)).reserve


async def test_a_room_behind_the_tables_hears_what_they_say_in_its_turn(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reading of a contact that is no longer waiting comes late: it is waiting again, and stays in the room."""
    someone, helper = await served(hotline)
    old, reader = await someone.contact(), hotline.reader

    async def goes_offline_and_hands_on() -> None:
        await presence.set_state(hotline, helper, PresenceState.OFFLINE, reason=None, minutes=None)
        await transfers.transfer(hotline, helper, someone.contact_id, to_staff_id=None, reason=None)

    class Late:
        async def find(self, noun: type[Any], key: str) -> Any:
            if noun is Contact:
                await goes_offline_and_hands_on()
                return old
            return await reader.find(noun, key)

    monkeypatch.setattr(hotline.matcher, "_reader", Late())
    matcher = hotline.matcher
    await matcher._offer(Match(someone.contact_id, helper.staff_id))
    if (await someone.contact()).state is not ContactState.WAITING:
        await goes_offline_and_hands_on()
    assert matcher.room.place(someone.contact_id) == 1
