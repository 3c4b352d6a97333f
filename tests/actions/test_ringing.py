"""A contact that rings at several counselors: the first has it, the others stop ringing and missed nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from hotline.actions import contacts, offers, partner_line, presence, ring_rules, risk
from hotline.domain import ringing, switchboard
from hotline.domain.access import Actor
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.offers import Offer, OfferState
from hotline.domain.presence import Presence, PresenceState
from hotline.domain.ring_rules import RingRules
from hotline.errors import Forbidden, StaleVersion, Taken, WrongState
from hotline.service import Hotline
from tests.conftest import Opener, SetClock, settle, wake
from tests.scene import Person, counselor, offer_of, person, supervisor
from triage.assessment import Level


async def counselors(hotline: Hotline, clock: SetClock, count: int) -> list[Actor]:
    """The first of them is free longest."""
    found = []
    for _ in range(count):
        found.append(await counselor(hotline))
        clock.move(timedelta(milliseconds=1))
    return found


async def own(hotline: Hotline, actor: Actor) -> Presence:
    found = await hotline.reader.find(Presence, actor.staff_id)
    assert found is not None
    return found


async def offers_of(hotline: Hotline, someone: Person) -> dict[str, Offer]:
    """All that were ever made of this contact, the last one of each counselor."""
    table = hotline.reader.table(Offer)
    found = await hotline.reader.where(
        Offer, table.c.contact_id == someone.contact_id, order=(table.c.made_at,)
    )
    return {each.staff_id: each for each in found}


async def rung(someone: Person) -> list[str]:
    return list(ringing.open_offers(await someone.contact()))


async def imminent(hotline: Hotline) -> Person:
    """Somebody on offer to whoever was free first, who is in danger by now."""
    someone = await person(hotline)
    boss = await supervisor(hotline)
    await risk.override(hotline, boss, someone.contact_id, level=Level.IMMINENT, reason="在楼顶")
    await settle(hotline)
    return someone


async def test_by_turn_until_the_wait_is_long(hotline: Hotline, clock: SetClock) -> None:
    helpers = await counselors(hotline, clock, 5)
    someone = await person(hotline)
    await settle(hotline)
    assert await rung(someone) == [helpers[0].staff_id]
    clock.move(timedelta(seconds=10))
    hotline.matcher.schedule()
    await settle(hotline)
    assert len(await rung(someone)) == 1
    clock.move(timedelta(seconds=10))
    await wake(hotline)
    assert await rung(someone) == [each.staff_id for each in helpers[1:4]], "three at once, not who missed it"


async def test_the_first_who_accepts_has_an_imminent_contact_and_nobody_else_missed_it(
    hotline: Hotline, clock: SetClock
) -> None:
    helpers = await counselors(hotline, clock, 4)
    someone = await imminent(hotline)
    assert await rung(someone) == [each.staff_id for each in helpers[:3]]
    made = await offers_of(hotline, someone)
    answers = await asyncio.gather(
        *(offers.accept(hotline, each, made[each.staff_id].id) for each in helpers[:3]),
        return_exceptions=True,
    )
    assert [type(each) for each in answers] == [Contact, Taken, Taken]
    states = {each.staff_id: each.state for each in (await offers_of(hotline, someone)).values()}
    assert [states[each.staff_id] for each in helpers[:3]] == [
        OfferState.ACCEPTED,
        OfferState.TAKEN,
        OfferState.TAKEN,
    ]
    for each in helpers[1:3]:
        after = await own(hotline, each)
        assert (after.state, after.offer_id) == (PresenceState.AVAILABLE, None)
    assert ringing.open_offers(await someone.contact()) == {}
    with pytest.raises(Taken):
        await offers.accept(hotline, helpers[1], made[helpers[1].staff_id].id)


async def test_who_declines_leaves_the_others_and_after_all_of_them_come_the_next(
    hotline: Hotline, clock: SetClock
) -> None:
    helpers = await counselors(hotline, clock, 5)
    someone = await imminent(hotline)
    made = await offers_of(hotline, someone)
    await offers.decline(hotline, helpers[0], made[helpers[0].staff_id].id)
    await settle(hotline)
    assert await rung(someone) == [each.staff_id for each in (helpers[1], helpers[2], helpers[3])]
    for each in helpers[1:4]:
        made = await offers_of(hotline, someone)
        await offers.decline(hotline, each, made[each.staff_id].id)
        await settle(hotline)
    assert await rung(someone) == [helpers[4].staff_id]
    made = await offers_of(hotline, someone)
    contact = await offers.accept(hotline, helpers[4], made[helpers[4].staff_id].id)
    assert contact.counselor_id == helpers[4].staff_id


async def test_who_is_rung_beside_a_colleague_gives_way_to_somebody_who_waits(
    hotline: Hotline, clock: SetClock
) -> None:
    helpers = await counselors(hotline, clock, 3)
    first = await imminent(hotline)
    assert len(await rung(first)) == 3
    second, third, fourth = [await person(hotline) for _ in range(3)]
    await settle(hotline)
    asked = [await rung(each) for each in (first, second, third)]
    assert [len(each) for each in asked] == [1, 1, 1]
    assert asked[0] == [helpers[0].staff_id], "who was asked first is asked still"
    assert len({each for one in asked for each in one}) == 3
    assert await rung(fourth) == [], "nobody is taken from whom they alone are asked for"
    assert {(await own(hotline, each)).state for each in helpers} == {PresenceState.AVAILABLE}


async def test_who_hangs_up_stops_all_phones(hotline: Hotline, clock: SetClock) -> None:
    helpers = await counselors(hotline, clock, 3)
    someone = await imminent(hotline)
    made = await offers_of(hotline, someone)
    await contacts.person_leaves(hotline, someone.contact_id)
    assert {each.state for each in (await offers_of(hotline, someone)).values()} == {OfferState.WITHDRAWN}
    assert [(await own(hotline, each)).offer_id for each in helpers] == [None] * 3
    with pytest.raises(WrongState):
        await offers.accept(hotline, helpers[2], made[helpers[2].staff_id].id)


async def test_who_goes_on_a_break_leaves_the_others_ringing(hotline: Hotline, clock: SetClock) -> None:
    helpers = await counselors(hotline, clock, 3)
    someone = await imminent(hotline)
    await presence.set_state(hotline, helpers[0], PresenceState.ON_BREAK, reason=None, minutes=None)
    contact = await someone.contact()
    assert contact.offered_to_id == helpers[1].staff_id
    assert list(contact.also_offered) == [helpers[2].staff_id]


async def states(hotline: Hotline, helpers: list[Actor]) -> list[PresenceState]:
    return [(await own(hotline, each)).state for each in helpers]


async def test_who_lets_it_ring_beside_others_is_asked_once_more_before_they_look_away(
    hotline: Hotline, clock: SetClock
) -> None:
    helpers = await counselors(hotline, clock, 4)
    someone = await imminent(hotline)
    clock.move(timedelta(seconds=21))
    await wake(hotline)
    assert await states(hotline, helpers) == [PresenceState.AVAILABLE] * 4, (
        "each may have waited for the others"
    )
    assert await rung(someone) == [helpers[each].staff_id for each in (3, 0, 1)], (
        "who was not asked yet first"
    )
    clock.move(timedelta(seconds=21))
    await wake(hotline)
    away, here = PresenceState.NOT_READY, PresenceState.AVAILABLE
    assert await states(hotline, helpers) == [away, away, here, here], "twice on end is looking away"
    assert set(await rung(someone)) == {helpers[2].staff_id, helpers[3].staff_id}


async def test_who_let_ring_what_a_colleague_took_then_missed_nothing(
    hotline: Hotline, clock: SetClock
) -> None:
    helpers = await counselors(hotline, clock, 2)
    someone = await imminent(hotline)
    clock.move(timedelta(seconds=21))
    await wake(hotline)
    assert [(await own(hotline, each)).let_ring for each in helpers] == [True, True]
    made = await offers_of(hotline, someone)
    await offers.accept(hotline, helpers[1], made[helpers[1].staff_id].id)
    assert [(await own(hotline, each)).let_ring for each in helpers] == [False, False]
    assert await states(hotline, helpers) == [PresenceState.AVAILABLE] * 2


async def test_who_was_rung_alone_and_missed_it_looks_away(hotline: Hotline, clock: SetClock) -> None:
    helpers = await counselors(hotline, clock, 1)
    await imminent(hotline)
    clock.move(timedelta(seconds=21))
    await wake(hotline)
    assert await states(hotline, helpers) == [PresenceState.NOT_READY]


async def test_what_rang_out_while_the_service_was_down_is_nobodys_fault(
    opened: Opener, clock: SetClock
) -> None:
    async with opened() as hotline:
        helper = await counselor(hotline)
        someone = await person(hotline)
        offer = await offer_of(hotline, someone)
    clock.move(timedelta(seconds=60))
    async with opened() as hotline:
        await wake(hotline)
        over = await hotline.reader.find(Offer, offer.id)
        assert over is not None
        assert over.state is OfferState.WITHDRAWN
        assert (await own(hotline, helper)).state is PresenceState.AVAILABLE
        await presence.connected(hotline, helper.staff_id)
        someone.hotline = hotline
        assert (await offer_of(hotline, someone)).staff_id == helper.staff_id


async def test_who_picks_it_from_the_queue_stops_the_phones(hotline: Hotline, clock: SetClock) -> None:
    helpers = await counselors(hotline, clock, 4)
    someone = await imminent(hotline)
    assert helpers[3].staff_id not in await rung(someone)
    contact = await offers.take(hotline, helpers[3], someone.contact_id)
    assert (contact.state, contact.counselor_id) == (ContactState.ACTIVE, helpers[3].staff_id)
    assert {each.state for each in (await offers_of(hotline, someone)).values()} == {OfferState.TAKEN}
    assert [(await own(hotline, each)).offer_id for each in helpers] == [None] * 4


async def test_who_is_put_through_to_the_partner_line_rings_nowhere(hotline: Hotline) -> None:
    helper = await counselor(hotline)
    someone = await person(hotline)
    await settle(hotline)
    assert await rung(someone) == [helper.staff_id]
    contact = await partner_line.put_through(hotline, someone.contact_id)
    assert contact.diverted == switchboard.AT_PARTNER
    assert ringing.open_offers(contact) == {}
    assert (await own(hotline, helper)).offer_id is None


async def test_what_a_supervisor_rules_rings_at_once_and_outlives_a_restart(
    hotline: Hotline, clock: SetClock
) -> None:
    helpers = await counselors(hotline, clock, 4)
    first = await person(hotline)
    await settle(hotline)
    assert len(await rung(first)) == 1
    boss = await supervisor(hotline)
    wish = RingRules(queues=["chat:zh"], most=2, after_seconds=60)
    await ring_rules.rule(hotline, boss, wish)
    await settle(hotline)
    assert len(await rung(first)) == 2, "who rings already rings as is ruled now"
    with pytest.raises(StaleVersion):
        await ring_rules.rule(hotline, boss, wish)
    with pytest.raises(Forbidden):
        await ring_rules.rule(hotline, helpers[0], wish.model_copy(update={"version": 1}))
    await hotline.matcher.rebuild()
    assert hotline.matcher.rules.ring_at_once == ("chat:zh",)
    second = await person(hotline)
    await settle(hotline)
    assert len(await rung(second)) == 2
