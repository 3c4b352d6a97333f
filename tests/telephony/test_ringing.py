"""Several telephones ring for one caller: the first to be picked up has them, all others stop, and nobody is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.actions import offers, phones
from hotline.domain.access import Actor, Role
from hotline.domain.calls import LegState
from hotline.domain.contacts import ContactState
from hotline.domain.offers import Offer, OfferState
from hotline.domain.presence import Presence, PresenceState
from hotline.domain.ringing import open_offers
from hotline.telephony.carrier import CallSid, CarrierRefused
from hotline.telephony.simulated_line import Line
from tests.conftest import SetClock
from tests.scene import available, counselor, staff
from tests.telephony.exchange import Exchange, open_exchange

GREETED = 60  # seconds: the notices and the menu in both languages, with a margin
MOBILES = ("+8613900001111", "+8613900002222", "+8613900003333")


@pytest.fixture
async def exchange(database_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Exchange]:
    async with open_exchange(database_url, tmp_path, clock, ring_at_once=("call",)) as exchange:
        yield exchange
        assert exchange.carrier.problems == []


async def at_number(exchange: Exchange, number: str, *, both: bool = False) -> Actor:
    """Free, and wants to be rung at this number (and in the browser)."""
    actor = await staff(exchange.hotline, Role.COUNSELOR)
    await phones.use_number(exchange.hotline, actor, number, both=both)
    await available(exchange.hotline, actor)
    await exchange.settle()
    await exchange.settle()
    return actor


async def waiting_caller(exchange: Exchange) -> str:
    """Rings wherever it rings, and the telephones at numbers have been picked up, no key pressed yet."""
    sid = await exchange.call()
    await exchange.passes(GREETED)
    return sid


def lines_to(exchange: Exchange, number: str) -> list[Line]:
    return [each for each in exchange.carrier.lines.values() if each.to == number]


def line_to(exchange: Exchange, number: str) -> Line:
    return lines_to(exchange, number)[-1]


async def presses(exchange: Exchange, number: str) -> None:
    exchange.carrier.press(line_to(exchange, number).sid, "5", exchange.clock.now())
    await exchange.settle()
    await exchange.passes(2)


async def last_offer(exchange: Exchange, actor: Actor) -> OfferState:
    table = exchange.hotline.reader.table(Offer).c
    made = await exchange.hotline.reader.where(
        Offer, table.staff_id == actor.staff_id, order=(table.made_at,)
    )
    return made[-1].state


async def state_of(exchange: Exchange, actor: Actor) -> PresenceState:
    found = await exchange.hotline.reader.find(Presence, actor.staff_id)
    assert found is not None
    return found.state


async def test_all_telephones_ring_and_the_first_with_a_key_has_the_caller(exchange: Exchange) -> None:
    sid = await waiting_caller(exchange)
    people = [await at_number(exchange, each) for each in MOBILES]
    await exchange.passes(3)
    assert len(open_offers(await exchange.contact(sid))) == 3
    assert not any(line_to(exchange, each).is_over for each in MOBILES)
    await presses(exchange, MOBILES[1])
    contact = await exchange.contact(sid)
    assert (contact.state, contact.counselor_id) == (ContactState.ACTIVE, people[1].staff_id)
    assert contact.call_state == "bridged"
    members = exchange.carrier.rooms[contact.id].members
    assert {line_to(exchange, MOBILES[1]).sid, sid} == set(members)
    assert [line_to(exchange, each).is_over for each in MOBILES] == [True, False, True]
    assert [await last_offer(exchange, each) for each in people] == [
        OfferState.TAKEN,
        OfferState.ACCEPTED,
        OfferState.TAKEN,
    ]
    assert [await state_of(exchange, each) for each in people] == [PresenceState.AVAILABLE] * 3
    table = exchange.hotline.reader.table(Offer).c
    made = await exchange.hotline.reader.where(Offer, table.contact_id == contact.id)
    assert [each.staff_id for each in made if each.by_telephone] == [people[1].staff_id]


async def test_who_picks_up_late_because_the_order_to_stop_was_lost_hears_that_it_is_taken(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    sid = await waiting_caller(exchange)
    people = [await at_number(exchange, each) for each in MOBILES[:2]]
    await exchange.passes(3)

    async def lost(_sid: CallSid) -> None:
        raise CarrierRefused("lost")

    monkeypatch.setattr(exchange.hotline.carrier, "hang_up", lost)
    late = line_to(exchange, MOBILES[1])
    await presses(exchange, MOBILES[0])
    assert not late.is_over
    exchange.carrier.press(late.sid, "5", exchange.clock.now())
    await exchange.settle()
    await exchange.passes(15)
    assert any("already been taken" in each for each in late.heard)
    assert late.is_over
    contact = await exchange.contact(sid)
    assert contact.counselor_id == people[0].staff_id
    assert set(exchange.carrier.rooms[contact.id].members) == {sid, line_to(exchange, MOBILES[0]).sid}


async def test_who_accepts_at_the_console_stops_the_others_and_their_own_number_rings_on(
    exchange: Exchange,
) -> None:
    sid = await waiting_caller(exchange)
    at_desk = await at_number(exchange, MOBILES[0])
    other = await at_number(exchange, MOBILES[1])
    await exchange.passes(1)
    await exchange.accepts(at_desk)
    await exchange.passes(1)
    assert line_to(exchange, MOBILES[1]).is_over
    assert await last_offer(exchange, other) is OfferState.TAKEN
    assert len(lines_to(exchange, MOBILES[0])) == 1, "it rings on, it is not rung anew"
    await presses(exchange, MOBILES[0])
    assert (await exchange.contact(sid)).call_state == "bridged"


async def test_machines_that_pick_up_accept_nothing(exchange: Exchange) -> None:
    sid = await waiting_caller(exchange)
    someone = await at_number(exchange, MOBILES[0])
    await exchange.passes(9)
    picked_up = line_to(exchange, MOBILES[0])
    assert any("请按任意键" in each for each in picked_up.heard)
    await exchange.passes(20)
    contact = await exchange.contact(sid)
    assert (contact.state, contact.call_state) == (ContactState.WAITING, "queued")
    assert picked_up.is_over
    assert await last_offer(exchange, someone) is OfferState.MISSED
    assert not exchange.carrier.lines[sid].is_over


async def test_who_declines_at_the_console_is_rung_no_more(exchange: Exchange) -> None:
    sid = await waiting_caller(exchange)
    one, other = [await at_number(exchange, each) for each in MOBILES[:2]]
    await exchange.passes(2)
    asked = open_offers(await exchange.contact(sid))
    await offers.decline(exchange.hotline, one, asked[one.staff_id])  # type: ignore[arg-type]
    await exchange.passes(2)
    assert [line_to(exchange, each).is_over for each in MOBILES[:2]] == [True, False]
    await presses(exchange, MOBILES[1])
    assert (await exchange.contact(sid)).counselor_id == other.staff_id


async def test_a_caller_who_hangs_up_leaves_no_telephone_ringing(exchange: Exchange) -> None:
    sid = await waiting_caller(exchange)
    for each in MOBILES:
        await at_number(exchange, each)
    await exchange.passes(2)
    await exchange.hangs_up(sid)
    await exchange.passes(1)
    assert all(line_to(exchange, each).is_over for each in MOBILES)
    assert all(leg.state is LegState.ENDED for leg in await exchange.legs(sid))


async def test_browser_and_number_ring_together_and_the_first_has_the_caller(exchange: Exchange) -> None:
    sid = await waiting_caller(exchange)
    someone = await at_number(exchange, MOBILES[0], both=True)
    await exchange.passes(1)
    browser = f"client:{someone.staff_id}"
    assert lines_to(exchange, browser) == [], "the offer is what rings there"
    await exchange.accepts(someone)
    await exchange.passes(3)
    contact = await exchange.contact(sid)
    assert contact.call_state == "bridged"
    assert not line_to(exchange, browser).is_over
    assert line_to(exchange, MOBILES[0]).is_over
    assert len([leg for leg in await exchange.legs(sid) if leg.state is LegState.BRIDGED]) == 1


async def test_a_browser_that_cannot_be_reached_leaves_the_number_ringing(exchange: Exchange) -> None:
    sid = await waiting_caller(exchange)
    someone = await at_number(exchange, MOBILES[0], both=True)
    await exchange.passes(1)
    exchange.carrier.unreachable_until[someone.staff_id] = exchange.clock.now() + timedelta(minutes=1)
    await exchange.accepts(someone)
    await exchange.passes(3)
    assert (await exchange.contact(sid)).state is ContactState.ACTIVE, "their number rings still"
    await presses(exchange, MOBILES[0])
    assert (await exchange.contact(sid)).call_state == "bridged"


async def test_a_browsers_counselor_who_accepts_first_stops_a_colleagues_number(exchange: Exchange) -> None:
    sid = await waiting_caller(exchange)
    at_desk = await counselor(exchange.hotline)
    on_the_move = await at_number(exchange, MOBILES[0])
    await exchange.passes(2)
    await exchange.accepts(at_desk)
    await exchange.passes(3)
    assert (await exchange.contact(sid)).call_state == "bridged"
    assert line_to(exchange, MOBILES[0]).is_over
    assert await last_offer(exchange, on_the_move) is OfferState.TAKEN
    assert await state_of(exchange, on_the_move) is PresenceState.AVAILABLE
