"""The partner line and the message instead of the queue: by diversion, or when the wait has become too long."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from hotline.actions import contacts, partner_line, switchboard
from hotline.domain.contacts import Channel, ContactState, Message
from hotline.domain.switchboard import AT_PARTNER, MESSAGE_TRIED, PARTNER_SHOWN, PARTNER_TRIED, DivertTo
from hotline.domain.voicemails import Voicemail
from hotline.errors import Forbidden, Invalid
from tests.conftest import SetClock
from tests.scene import counselor, person, supervisor
from tests.telephony.exchange import Exchange, open_exchange
from triage.assessment import Level

PARTNER = "+8613900000002"


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Exchange]:
    more: dict[str, Any] = {"partner_number": PARTNER, "partner_overflow_after_seconds": 120}
    async with open_exchange(migrated_url, tmp_path, clock, **more) as exchange:
        yield exchange
        assert exchange.carrier.problems == []


def heard(exchange: Exchange, sid: str, words: str) -> bool:
    return any(words in each for each in exchange.carrier.lines[sid].heard)


async def waits(exchange: Exchange, seconds: int) -> None:
    """In steps: a simulated line hears one thing after the other."""
    for _ in range(0, seconds, 10):
        await exchange.passes(10)


async def test_after_too_long_a_wait_the_caller_is_put_through(exchange: Exchange) -> None:
    sid = await exchange.call()
    await waits(exchange, 100)
    assert not heard(exchange, sid, PARTNER)
    await waits(exchange, 80)
    assert heard(exchange, sid, f"connected to {PARTNER}")
    contact = await exchange.contact(sid)
    assert (contact.state, contact.diverted) == (ContactState.WAITING, AT_PARTNER)
    someone = await counselor(exchange.hotline)
    await exchange.settle()
    assert (await exchange.contact(sid)).offered_to_id is None, "they speak with the partner line"
    assert someone is not None
    exchange.carrier.other_end_hangs_up(sid, exchange.clock.now())
    await exchange.settle()
    contact = await exchange.contact(sid)
    assert (contact.state, contact.end_reason) == (ContactState.CLOSED, "partner_line")


async def test_a_partner_line_that_breaks_soon_gives_the_caller_back(exchange: Exchange) -> None:
    sid = await exchange.call()
    while not heard(exchange, sid, f"connected to {PARTNER}"):
        await exchange.passes(5)
    exchange.carrier.other_end_hangs_up(sid, exchange.clock.now())
    await exchange.settle()
    await exchange.passes(5)
    contact = await exchange.contact(sid)
    assert (contact.state, contact.diverted, contact.call_state) == (
        ContactState.WAITING,
        PARTNER_TRIED,
        "queued",
    )
    assert contact.interrupted_since is not None
    assert heard(exchange, sid, "对方的线路断开了")
    assert not exchange.carrier.lines[sid].is_over


async def test_a_partner_line_that_does_not_pick_up_is_not_the_end(exchange: Exchange) -> None:
    exchange.carrier.never_answers.add(PARTNER)
    sid = await exchange.call()
    await waits(exchange, 260)
    assert heard(exchange, sid, "合作热线暂时没有人接")
    contact = await exchange.contact(sid)
    assert (contact.state, contact.diverted) == (ContactState.WAITING, PARTNER_TRIED)
    assert contact.interrupted_since is not None
    await waits(exchange, 200)
    assert sum("为您转接合作热线" in each for each in exchange.carrier.lines[sid].heard) == 1
    someone = await counselor(exchange.hotline)
    await exchange.settle()
    await exchange.accepts(someone)
    await exchange.passes(3)
    assert (await exchange.contact(sid)).call_state == "bridged"


async def test_a_queue_that_is_diverted_to_messages(exchange: Exchange) -> None:
    boss = await supervisor(exchange.hotline)
    await switchboard.divert(
        exchange.hotline, boss, to=DivertTo.CALLBACK, channel=Channel.CALL, language="zh", minutes=30
    )
    sid = await exchange.call()
    await waits(exchange, 60)
    assert len(await exchange.hotline.reader.where(Voicemail)) == 1
    assert heard(exchange, sid, "留言")


async def test_who_says_nothing_after_the_tone_is_asked_once_and_then_waits_with_an_owner(
    exchange: Exchange,
) -> None:
    boss = await supervisor(exchange.hotline)
    await switchboard.divert(
        exchange.hotline, boss, to=DivertTo.CALLBACK, channel=Channel.CALL, language="zh", minutes=30
    )
    exchange.carrier.silent.add("+8613912341234")
    sid = await exchange.call()
    await waits(exchange, 110)
    asked = sum("请在提示音以后留言" in each for each in exchange.carrier.lines[sid].heard)
    assert asked == 1
    contact = await exchange.contact(sid)
    assert (contact.state, contact.diverted) == (ContactState.WAITING, MESSAGE_TRIED)
    assert exchange.carrier.lines[sid].queue is not None
    assert contact.id in exchange.hotline.writer.deadlines
    await waits(exchange, 60)  # the partner line is still a way, after too long a wait
    assert heard(exchange, sid, f"connected to {PARTNER}")


async def test_a_chat_is_shown_the_number_once_and_goes_on_waiting(exchange: Exchange) -> None:
    someone = await person(exchange.hotline)
    await exchange.passes(130)
    await exchange.passes(200)
    said = [each for each in await exchange.hotline.reader.where(Message) if each.code == "partner_line"]
    assert len(said) == 1
    assert PARTNER in said[0].text
    contact = await someone.contact()
    assert (contact.state, contact.diverted) == (ContactState.WAITING, PARTNER_SHOWN)
    await counselor(exchange.hotline)
    await exchange.settle()
    assert (await someone.contact()).offered_to_id is not None


async def test_a_diverted_chat_queue_is_told_at_once_but_nobody_at_risk(exchange: Exchange) -> None:
    hotline, boss = exchange.hotline, await supervisor(exchange.hotline)
    before, at_risk = await person(hotline), await person(hotline)
    contact = (await at_risk.contact()).model_copy(update={"level": Level.HIGH, "peak_level": Level.HIGH})
    made = await switchboard.divert(hotline, boss, to=DivertTo.PARTNER, channel=Channel.CHAT, minutes=30)
    await exchange.settle()
    after = await person(hotline)
    await exchange.settle()
    assert (await before.contact()).diverted == PARTNER_SHOWN
    assert (await after.contact()).diverted == PARTNER_SHOWN
    assert partner_line.goes_to(hotline, contact.model_copy(update={"channel": Channel.CALL})) is None
    await switchboard.end(hotline, boss, made.id)
    later = await person(hotline)
    await exchange.settle()
    assert (await later.contact()).diverted is None


async def test_new_chats_are_paused_for_a_while(exchange: Exchange) -> None:
    hotline, boss = exchange.hotline, await supervisor(exchange.hotline)
    kept, _ = await contacts.open_chat(hotline, language="zh", idempotency_key="the key of this visit")
    await switchboard.divert(
        hotline, boss, to=DivertTo.PAUSE, channel=Channel.CHAT, language="zh", minutes=10
    )
    with pytest.raises(Forbidden) as refused:
        await contacts.open_chat(hotline, language="zh")
    assert refused.value.code == "chats_paused"
    again, _ = await contacts.open_chat(hotline, language="zh", idempotency_key="the key of this visit")
    assert again.id == kept.id
    await contacts.open_chat(hotline, language="en")
    await exchange.passes(10 * 60 + 1)
    assert await switchboard.in_force(hotline) == []
    await contacts.open_chat(hotline, language="zh")


async def test_what_cannot_be_diverted_is_refused(exchange: Exchange) -> None:
    hotline, boss = exchange.hotline, await supervisor(exchange.hotline)
    wrongs: tuple[dict[str, Any], ...] = (
        {"to": DivertTo.PAUSE, "channel": Channel.CALL},
        {"to": DivertTo.CALLBACK, "channel": Channel.CHAT},
        {"to": DivertTo.SKILLS, "skill": "youth", "to_skills": ["youth"]},
        {"to": DivertTo.SKILLS, "skill": "juggling"},
        {"to": DivertTo.SKILLS, "minutes": 25 * 60},
    )
    for wrong in wrongs:
        with pytest.raises(Invalid):
            await switchboard.divert(hotline, boss, **{"minutes": 5, **wrong})
    with pytest.raises(Forbidden):
        await switchboard.divert(hotline, await counselor(hotline), to=DivertTo.SKILLS, minutes=5)
