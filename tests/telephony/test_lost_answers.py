"""Orders whose answers are lost, or that are refused for good: two that ring one telephone keep each their own line, and
nobody is left on hold."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.actions import call_room
from hotline.actions.call_legs import leg_begun
from hotline.domain.access import Actor
from hotline.domain.calls import Leg, LegKind
from hotline.telephony.call_rooms import PartyLeg
from hotline.telephony.carrier import CallGone, CallSid, CarrierBusy
from tests.conftest import SetClock
from tests.scene import counselor
from tests.telephony.connected_call import GREETED
from tests.telephony.door import all_of
from tests.telephony.exchange import Exchange, contact_id_of, open_exchange

DESK = "+8613800001111"
CALLERS = ("+8613912341111", "+8613912342222")


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Exchange]:
    async with open_exchange(migrated_url, tmp_path, clock) as exchange:
        yield exchange
        assert exchange.carrier.problems == []


async def served(exchange: Exchange) -> list[tuple[Actor, str]]:
    """Two callers, each with a counselor."""
    both = []
    for number in CALLERS:
        someone = await counselor(exchange.hotline)
        sid = await exchange.call(number)
        await exchange.accepts(someone)
        await exchange.passes(GREETED)
        both.append((someone, sid))
    return both


def unheard(exchange: Exchange, monkeypatch: pytest.MonkeyPatch, *, done: tuple[bool, ...]) -> None:
    """Of the first orders no answer comes in time: of those that happen (`done`), and of those that do not."""
    carrier, still = exchange.hotline.carrier, list(done)
    assert carrier is not None
    ring = carrier.ring_party

    async def ordered(leg: PartyLeg) -> CallSid:
        if not still:
            return await ring(leg)
        if still.pop(0):
            await ring(leg)
        raise CarrierBusy("no answer", unsure=True)

    monkeypatch.setattr(carrier, "ring_party", ordered)


async def desk_is_rung_from_both(exchange: Exchange, *, answers: bool = False) -> list[tuple[Actor, str]]:
    both = await served(exchange)
    if not answers:
        exchange.carrier.never_answers.add(DESK)
    for someone, sid in both:
        await call_room.add_party(
            exchange.hotline, someone, contact_id_of(sid), kind=LegKind.INTERPRETER, number=DESK
        )
    await exchange.passes(5)
    return both


async def rung(exchange: Exchange) -> list[Leg]:
    return [each for each in await all_of(exchange, Leg) if each.kind is LegKind.INTERPRETER]


def line_of(exchange: Exchange, leg: Leg) -> str:
    """The line that the carrier made for this leg."""
    (sid,) = [each.sid for each in exchange.carrier.lines.values() if f"leg={leg.id}&" in each.first_url]
    return sid


async def test_two_contacts_that_ring_one_desk_unheard_have_each_their_own_line(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    unheard(exchange, monkeypatch, done=(True, True))
    (someone, sid), _ = await desk_is_rung_from_both(exchange)
    legs = await rung(exchange)
    assert [each.sid for each in legs] == [line_of(exchange, each) for each in legs]
    own = next(each for each in legs if each.contact_id == contact_id_of(sid))
    (other,) = [each for each in legs if each is not own]
    await call_room.remove_party(exchange.hotline, someone, contact_id_of(sid), own.id)
    await exchange.passes(1)
    assert exchange.carrier.lines[line_of(exchange, own)].is_over
    assert not exchange.carrier.lines[line_of(exchange, other)].is_over


async def test_an_order_that_did_not_happen_takes_no_others_line(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    unheard(exchange, monkeypatch, done=(False,))
    await desk_is_rung_from_both(exchange)
    legs = await rung(exchange)
    assert [each.sid for each in legs] == [line_of(exchange, each) for each in legs]


async def test_a_line_that_was_found_for_a_leg_and_is_anothers_is_put_right(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    unheard(exchange, monkeypatch, done=(True, True))
    monkeypatch.setattr(exchange.carrier, "initiated", lambda line, now: None)
    await desk_is_rung_from_both(exchange)
    for each in await rung(exchange):
        await leg_begun(exchange.hotline, each.id, line_of(exchange, each))
    legs = await rung(exchange)
    assert [each.sid for each in legs] == [line_of(exchange, each) for each in legs]


@pytest.mark.parametrize("who", ["caller", "party"])
async def test_who_hears_the_hold_though_nobody_holds_them_is_taken_back(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    (someone, sid), _ = await desk_is_rung_from_both(exchange, answers=True)
    carrier, contact_id = exchange.hotline.carrier, contact_id_of(sid)
    own = next(each for each in await rung(exchange) if each.contact_id == contact_id)
    line = exchange.carrier.lines[sid if who == "caller" else line_of(exchange, own)]
    assert carrier is not None
    hold = carrier.hold

    async def refuses(call_sid: CallSid, contact_id: str, *, on: bool) -> None:
        if not on:
            raise CallGone("There is no such room.")
        await hold(call_sid, contact_id, on=on)

    async def holds(*, on: bool) -> None:
        if who == "caller":
            await call_room.hold(exchange.hotline, someone, contact_id, on=on)
        else:
            await call_room.hold_party(exchange.hotline, someone, contact_id, own.id, on=on)
        await exchange.passes(1)

    monkeypatch.setattr(carrier, "hold", refuses)
    await holds(on=True)
    await holds(on=False)
    assert line.held
    monkeypatch.setattr(carrier, "hold", hold)
    await exchange.passes(60)
    exchange.carrier.ask_beside(
        line, f"{exchange.base}/twilio/hold?contact={contact_id}", exchange.clock.now()
    )
    await exchange.passes(1)
    assert not line.held
