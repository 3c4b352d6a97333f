"""A known number may ask for the counselor of last time by a key while waiting; for as long as the rules say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.actions import contacts, offers, presence
from hotline.domain.access import Actor
from hotline.domain.presence import PresenceState
from hotline.domain.ringing import open_offers
from tests.conftest import SetClock
from tests.scene import counselor
from tests.telephony.door import heard, presses
from tests.telephony.exchange import Exchange, contact_id_of, open_exchange

OFFERED = "想找上次那位咨询员，请按四"


@pytest.fixture
async def exchange(database_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Exchange]:
    async with open_exchange(database_url, tmp_path, clock) as exchange:
        yield exchange
        assert exchange.carrier.problems == []


async def served_before(exchange: Exchange) -> Actor:
    """Who served a call of the usual number, and still writes it up: at work, and no hand free for a call."""
    sid = await exchange.call()
    await exchange.passes(60)
    helper = await counselor(exchange.hotline)
    await offers.take(exchange.hotline, helper, contact_id_of(sid))
    await exchange.passes(5)
    await contacts.end_conversation(exchange.hotline, helper, contact_id_of(sid))
    return helper


async def test_four_waits_for_the_counselor_of_last_time_and_not_for_ever(exchange: Exchange) -> None:
    helper = await served_before(exchange)
    sid = await exchange.call()
    await exchange.passes(70)
    assert heard(exchange, sid, OFFERED)
    await presses(exchange, sid, "4")
    contact = await exchange.contact(sid)
    assert contact.wished_counselor_id == helper.staff_id
    assert heard(exchange, sid, "先为您找上次那位咨询员")
    other = await counselor(exchange.hotline)
    await exchange.passes(5)
    assert open_offers(await exchange.contact(sid)) == {}, "they are waited for, though somebody is free"
    await exchange.passes(125)
    exchange.hotline.matcher.schedule()
    await exchange.settle()
    assert list(open_offers(await exchange.contact(sid))) == [other.staff_id]


async def test_nobody_is_offered_whom_they_never_had_or_who_is_not_at_work(exchange: Exchange) -> None:
    helper = await served_before(exchange)
    await presence.set_state(exchange.hotline, helper, PresenceState.ON_BREAK, reason=None, minutes=None)
    known = await exchange.call()
    unknown = await exchange.call("+8613955556666")
    await exchange.passes(70)
    for sid in (known, unknown):
        assert not heard(exchange, sid, OFFERED)
        await presses(exchange, sid, "4")
        assert (await exchange.contact(sid)).wished_counselor_id is None
        assert not exchange.carrier.lines[sid].is_over
