"""Callers who are connected to a telephone outside of ours: by a person's key only, with our number, and unheard by us."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from hotline.domain.calls import CallState, Transcript
from hotline.domain.contacts import ContactState
from hotline.domain.inbound import LineFlag
from hotline.domain.switchboard import PARTNER_TRIED
from hotline.telephony.simulated_line import Line
from tests.conftest import SetClock
from tests.scene import counselor
from tests.telephony.door import heard, presses
from tests.telephony.exchange import NUMBER, Exchange, open_exchange

CALLER = "+8613912341234"
PARTNER, FIRST, SECOND = "+8613900000002", "+8613800000001", "+8613800000003"


@pytest.fixture
def at_line(migrated_url: str, tmp_path: Path, clock: SetClock) -> Any:
    def opened(**settings: Any) -> AbstractAsyncContextManager[Exchange]:
        given = {"partner_number": PARTNER, "partner_overflow_after_seconds": 60, **settings}
        return open_exchange(migrated_url, tmp_path, clock, **given)

    return opened


@pytest.fixture
async def exchange(at_line: Any) -> AsyncIterator[Exchange]:
    async with at_line() as exchange:
        yield exchange
        assert exchange.carrier.problems == []


async def waits(exchange: Exchange, seconds: int) -> None:
    for _ in range(0, seconds, 10):
        await exchange.passes(10)


def rung(exchange: Exchange, number: str) -> list[Line]:
    return [each for each in exchange.carrier.lines.values() if each.to == number]


async def in_danger(exchange: Exchange) -> str:
    sid = await exchange.call(CALLER)
    await presses(exchange, sid, "1")
    await presses(exchange, sid, "1")
    return sid


async def test_a_machine_at_the_partner_line_is_no_talk(exchange: Exchange) -> None:
    exchange.carrier.machines.add(PARTNER)
    sid = await exchange.call(CALLER)
    await waits(exchange, 150)
    (machine,) = rung(exchange, PARTNER)
    assert any("按任意键" in each for each in machine.heard)
    assert not heard(exchange, sid, "connected to")
    contact = await exchange.contact(sid)
    assert (contact.state, contact.diverted) == (ContactState.WAITING, PARTNER_TRIED)
    assert contact.interrupted_since is not None
    assert heard(exchange, sid, "合作热线暂时没有人接")


async def test_machines_at_the_duty_telephones_are_passed_over_to_a_person(at_line: Any) -> None:
    async with at_line(fallback_number=FIRST, duty_numbers=(FIRST, SECOND)) as exchange:
        exchange.carrier.machines.add(FIRST)
        sid = await in_danger(exchange)
        await waits(exchange, 60)
        assert (len(rung(exchange, FIRST)), len(rung(exchange, SECOND))) == (1, 1)
        assert heard(exchange, sid, "我们正在接另一位")
        assert heard(exchange, sid, f"connected to {SECOND}")
        await waits(exchange, 40)
        exchange.carrier.other_end_hangs_up(sid, exchange.clock.now())
        await exchange.settle()
        contact = await exchange.contact(sid)
        assert (contact.state, contact.end_reason) == (ContactState.CLOSED, "duty_telephone")
        assert exchange.carrier.problems == []


async def test_a_line_to_the_duty_telephone_that_breaks_is_no_goodbye_and_rings_again(at_line: Any) -> None:
    async with at_line(fallback_number=FIRST, partner_number="") as exchange:
        sid = await in_danger(exchange)
        while not heard(exchange, sid, f"connected to {FIRST}"):
            await exchange.passes(1)
        await exchange.passes(3)
        exchange.carrier.other_end_hangs_up(sid, exchange.clock.now())
        await exchange.passes(1)
        contact = await exchange.contact(sid)
        assert contact.state is ContactState.WAITING
        assert contact.interrupted_since is not None
        assert heard(exchange, sid, "对方的线路断开了")
        await exchange.passes(25)
        assert len(rung(exchange, FIRST)) == 2
        await exchange.passes(45)
        exchange.carrier.other_end_hangs_up(sid, exchange.clock.now())
        await exchange.settle()
        contact = await exchange.contact(sid)
        assert (contact.state, contact.end_reason) == (ContactState.CLOSED, "duty_telephone")
        assert exchange.carrier.problems == []


async def test_machines_everywhere_leave_the_caller_at_the_front_with_us(at_line: Any) -> None:
    async with at_line(fallback_number=FIRST, duty_numbers=(SECOND,), partner_number="") as exchange:
        exchange.carrier.machines.update((FIRST, SECOND))
        sid = await in_danger(exchange)
        await waits(exchange, 120)
        contact = await exchange.contact(sid)
        assert contact.state is ContactState.WAITING
        assert LineFlag.WITH_FALLBACK not in contact.line_flags
        assert heard(exchange, sid, "值班电话没有人接")
        someone = await counselor(exchange.hotline)
        await exchange.settle()
        await exchange.accepts(someone)


@pytest.mark.parametrize(("passes_on", "shown"), [(False, NUMBER), (True, CALLER)])
async def test_they_see_the_lines_number_unless_it_is_set_otherwise(
    at_line: Any, passes_on: bool, shown: str
) -> None:
    async with at_line(pass_caller_number=passes_on) as exchange:
        await exchange.call(CALLER)
        await waits(exchange, 100)
        assert [each.from_ for each in rung(exchange, PARTNER)] == [shown]


async def test_what_is_said_to_the_partner_is_not_ours_and_whoever_is_back_is_heard_again(
    exchange: Exchange,
) -> None:
    sid = await exchange.call(CALLER)
    await waits(exchange, 100)
    assert heard(exchange, sid, f"connected to {PARTNER}")
    contact = await exchange.contact(sid)
    assert (contact.call_state, contact.transcript) == (CallState.OUTSIDE, Transcript.OFF)
    assert exchange.carrier.lines[sid].transcription is None
    said = len(await exchange.messages(sid))
    assert not exchange.carrier.speak(sid, "我站在楼顶", exchange.clock.now())
    someone = await counselor(exchange.hotline)  # the caller is taken from the partner by hand
    from hotline.actions import offers

    await offers.take(exchange.hotline, someone, contact.id)
    await exchange.passes(10)
    contact = await exchange.contact(sid)
    assert (contact.call_state, contact.transcript) == (CallState.BRIDGED, Transcript.LIVE)
    await exchange.says(sid, "我回来了")
    assert [each.text for each in await exchange.messages(sid)][said:][-1:] == ["我回来了"]


async def test_speech_that_was_under_way_when_the_partner_took_the_call_is_not_taken_in(
    exchange: Exchange,
) -> None:
    from hotline.actions import carrier_events

    sid = await exchange.call(CALLER)
    await waits(exchange, 100)
    line = {"transcript_sid": "GT1", "sequence": "1", "track": "inbound_track", "text": "我站在楼顶"}
    await carrier_events.transcript_line(exchange.hotline, sid, **line)
    assert (await exchange.contact(sid)).alert_id is None


async def test_an_operator_may_want_it_written_down(at_line: Any) -> None:
    async with at_line(transcribe_outside=True) as exchange:
        sid = await exchange.call(CALLER)
        await waits(exchange, 100)
        assert (await exchange.contact(sid)).call_state == CallState.OUTSIDE
        await exchange.says(sid, "我站在楼顶")
        assert (await exchange.contact(sid)).alert_id is not None
