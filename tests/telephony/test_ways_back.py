"""Whoever left the queue for a tone or another telephone, and is back: nobody is sent there a second time."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.actions import offers, transfers
from hotline.domain.contacts import ContactState
from hotline.domain.inbound import LineFlag, Wish
from tests.conftest import SetClock
from tests.scene import counselor
from tests.telephony.door import at_door, heard, presses, queued
from tests.telephony.exchange import Exchange, contact_id_of, open_exchange

DUTY = "+8613800000001"


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Exchange]:
    async with open_exchange(migrated_url, tmp_path, clock) as exchange:
        yield exchange
        assert exchange.carrier.problems == []


async def test_who_was_at_the_duty_telephone_and_lost_their_counselor_is_offered_again(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    async with open_exchange(migrated_url, tmp_path, clock, fallback_number=DUTY) as exchange:
        sid = await exchange.call()
        await queued(exchange, sid)
        await presses(exchange, sid, "1")
        await exchange.passes(10)
        assert heard(exchange, sid, f"connected to {DUTY}")
        someone = await counselor(exchange.hotline)
        await offers.take(exchange.hotline, someone, contact_id_of(sid))
        await exchange.passes(3)
        assert (await exchange.contact(sid)).call_state == "bridged"
        await transfers.transfer(exchange.hotline, someone, contact_id_of(sid), to_staff_id=None, reason=None)
        await exchange.passes(3)
        rung = [each for each in exchange.carrier.lines[sid].heard if f"connected to {DUTY}" in each]
        assert len(rung) == 1, "the duty telephone is not rung a second time"
        assert LineFlag.WITH_FALLBACK not in (await exchange.contact(sid)).line_flags
        await counselor(exchange.hotline)
        await exchange.settle()
        assert (await exchange.contact(sid)).offered_to_id is not None


async def test_who_was_fetched_from_the_tone_and_lost_their_counselor_is_in_the_queue(
    exchange: Exchange,
) -> None:
    sid = await exchange.call()
    await queued(exchange, sid)
    await presses(exchange, sid, "2")
    await exchange.passes(1)
    assert (await at_door(exchange, sid)).wish is Wish.MESSAGE
    someone = await counselor(exchange.hotline)
    await exchange.settle()
    await exchange.accepts(someone)
    await exchange.passes(3)
    assert (await exchange.contact(sid)).call_state == "bridged"
    await transfers.transfer(exchange.hotline, someone, contact_id_of(sid), to_staff_id=None, reason=None)
    await exchange.passes(20)
    assert exchange.carrier.lines[sid].queue is not None
    assert (await exchange.contact(sid)).state is ContactState.WAITING


async def test_silence_after_the_tone_ends_nothing(exchange: Exchange) -> None:
    """The carrier does not ask after an empty message: it goes on with what stands behind it."""
    exchange.carrier.silent.add("+8613912341234")
    sid = await exchange.call()
    await queued(exchange, sid)
    await presses(exchange, sid, "2")
    await exchange.passes(40)
    assert heard(exchange, sid, "请在提示音以后留言")
    assert (await at_door(exchange, sid)).wish is None
    assert (await exchange.contact(sid)).state is ContactState.WAITING
    assert exchange.carrier.lines[sid].queue is not None, exchange.carrier.lines[sid].heard
