"""Texts through the whole telephone: conversations, words, delivery, STOP and START, what was lost on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.actions import messages, offers, text_delivery, texts
from hotline.domain.access import Actor
from hotline.domain.contacts import Contact, ContactState, Delivery, Message, Sender
from hotline.domain.followups import Followup, FollowupState
from hotline.domain.people import Person
from hotline.errors import WrongState
from hotline.telephony.simulated_post import Faults
from tests.conftest import SetClock
from tests.scene import counselor, supervisor
from tests.telephony.exchange import Exchange, open_exchange

SOMEBODY = "+8613912341234"
ABROAD = "+447700900123"


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Exchange]:
    async with open_exchange(migrated_url, tmp_path, clock) as exchange:
        yield exchange


async def texted(exchange: Exchange, text: str, number: str = SOMEBODY, media: int = 0) -> str:
    sid = exchange.carrier.text_in(number, text, exchange.clock.now(), media=media)
    await exchange.passes(3)
    return sid


async def contact_of(exchange: Exchange) -> Contact:
    return (await exchange.hotline.reader.where(Contact))[0]


async def answered(exchange: Exchange) -> tuple[Contact, Actor]:
    """The text conversation, taken by a counselor."""
    someone = await counselor(exchange.hotline)
    await exchange.settle()
    waiting = await contact_of(exchange)
    if waiting.offer_id is not None:
        contact = await offers.accept(exchange.hotline, someone, waiting.offer_id)
    else:
        contact = await offers.take(exchange.hotline, someone, waiting.id)
    await exchange.passes(3)
    return contact, someone


async def writes(exchange: Exchange, actor: Actor, contact: Contact, text: str, key: str = "1") -> Message:
    message = await messages.send(exchange.hotline, actor, contact.id, client_id=key, text=text)
    await exchange.passes(3)
    return await found(exchange, message)


async def found(exchange: Exchange, message: Message) -> Message:
    again = await exchange.hotline.reader.find(Message, message.id)
    assert again is not None
    return again


def sent(exchange: Exchange) -> list[str]:
    return [each.body for each in exchange.carrier.texts.values() if not each.inbound]


# Conversations and words ---------------------------------------------------------------------------------


async def test_who_writes_english_is_answered_in_english_whatever_the_number(exchange: Exchange) -> None:
    await texted(exchange, "I can't sleep and I need someone to talk to")
    contact = await contact_of(exchange)
    assert (contact.language, contact.state) == ("en", ContactState.WAITING)
    assert len(sent(exchange)) == 1
    assert "finding a counselor" in sent(exchange)[0]
    assert "110" in sent(exchange)[0]


async def test_the_second_who_waits_is_told_how_many_are_before(exchange: Exchange) -> None:
    await texted(exchange, "睡不着，想找人说说话")
    await texted(exchange, "心里很乱", ABROAD)
    assert "前面" not in sent(exchange)[0]
    assert "你前面还有1位" in sent(exchange)[1]


async def test_parts_of_one_message_are_one_conversation_in_their_order(exchange: Exchange) -> None:
    for part in ("第一段", "第二段", "第三段"):
        await texted(exchange, part)
    contacts = await exchange.hotline.reader.where(Contact)
    table = exchange.hotline.reader.table(Message)
    said = await exchange.hotline.reader.where(
        Message, table.c.sender == Sender.HELP_SEEKER, order=(table.c.seq,)
    )
    assert len(contacts) == 1
    assert [each.text for each in said] == ["第一段", "第二段", "第三段"]
    assert len(sent(exchange)) == 1, "welcomed once"


async def test_a_text_longer_than_a_message_loses_no_word(exchange: Exchange) -> None:
    await texts.incoming_text(exchange.hotline, message_sid="SM1", raw_number=SOMEBODY, text="慌" * 9001)
    said = await exchange.hotline.reader.where(Message)
    assert sum(len(each.text) for each in said if each.sender == Sender.HELP_SEEKER) == 9001


async def test_a_picture_is_refused_with_words_once_and_somebody_still_comes(exchange: Exchange) -> None:
    await texted(exchange, "", media=1)
    await texted(exchange, "看这个", media=2)
    words = [each for each in sent(exchange) if "收不到图片" in each]
    assert len(words) == 1
    assert (await contact_of(exchange)).state is ContactState.WAITING


async def test_outside_the_hours_words_and_numbers_and_it_is_kept(exchange: Exchange) -> None:
    from hotline.domain.line_policy import THE_LINE, LinePolicy

    hours = {"always": False, "timezone": "Asia/Shanghai", "weekly": {"0": [["18:00", "22:00"]]}}
    from hotline.domain.change import Change

    policy = LinePolicy(id=THE_LINE, hours=hours)
    await exchange.hotline.writer.run(lambda _: Change(save=(policy,)))
    await texted(exchange, "有人吗")
    assert "3月2日18:00" in sent(exchange)[0]
    assert "110" in sent(exchange)[0]
    assert (await contact_of(exchange)).state is ContactState.WAITING


# Delivery --------------------------------------------------------------------------------------------------


async def test_a_text_is_followed_to_the_phone(exchange: Exchange) -> None:
    await texted(exchange, "在吗")
    contact, someone = await answered(exchange)
    message = await writes(exchange, someone, contact, "我在。")
    assert (message.delivery, message.delivery_code) == (Delivery.DELIVERED, None)
    assert sent(exchange).count("我在。") == 1


async def test_a_long_text_goes_in_parts_and_is_delivered_when_all_are(exchange: Exchange) -> None:
    await texted(exchange, "在吗")
    contact, someone = await answered(exchange)
    text = "慢慢来。" * 900
    message = await writes(exchange, someone, contact, text)
    parts = [each for each in sent(exchange) if each.startswith("慢慢来")]
    assert "".join(parts) == text
    assert max(map(len, parts)) <= 1600
    assert message.delivery is Delivery.DELIVERED


async def test_a_lost_text_to_somebody_at_risk_is_work_until_one_arrives(exchange: Exchange) -> None:
    await texted(exchange, "我在楼顶")
    contact, someone = await answered(exchange)
    exchange.carrier.unreachable[SOMEBODY] = 30003
    message = await writes(exchange, someone, contact, "你现在在哪里？")
    assert (message.delivery, message.delivery_code) == (Delivery.UNDELIVERED, 30003)
    work = await exchange.hotline.reader.where(Followup)
    assert [(each.kind, each.state) for each in work] == [("call_back", FollowupState.OPEN)]
    exchange.carrier.unreachable.clear()
    again = await text_delivery.resend(exchange.hotline, someone, contact.id, message.id)
    assert (await text_delivery.resend(exchange.hotline, someone, contact.id, message.id)).id == again.id
    boss = await supervisor(exchange.hotline)
    assert (await text_delivery.resend(exchange.hotline, boss, contact.id, message.id)).id == again.id
    await exchange.passes(3)
    assert (await found(exchange, again)).delivery is Delivery.DELIVERED
    assert sent(exchange).count("你现在在哪里？") == 2
    assert (await exchange.hotline.reader.where(Followup))[0].state is FollowupState.CANCELLED
    with pytest.raises(WrongState):
        await text_delivery.resend(exchange.hotline, someone, contact.id, again.id)


async def test_a_lost_text_to_somebody_not_at_risk_is_shown_only(exchange: Exchange) -> None:
    await texted(exchange, "今天天气不错")
    contact, someone = await answered(exchange)
    exchange.carrier.unreachable[SOMEBODY] = 30005
    message = await writes(exchange, someone, contact, "你好")
    assert message.delivery is Delivery.UNDELIVERED
    assert await exchange.hotline.reader.where(Followup) == []


@pytest.mark.parametrize("seed", [1, 2])
async def test_reports_late_twice_and_lost_end_in_the_truth(
    migrated_url: str, tmp_path: Path, clock: SetClock, seed: int
) -> None:
    faults = Faults(twice=0.3, late=0.5, lost=0.4, refused_orders=0.3)
    async with open_exchange(migrated_url, tmp_path, clock, faults=faults, seed=seed) as exchange:
        for number in range(4):
            exchange.carrier.text_in(f"+86139000000{number}0", f"第{number}条", clock.now())
        await exchange.passes(30)
        await texts.ask_for_texts(exchange.hotline)
        await exchange.passes(150)
        await text_delivery.ask_after_texts(exchange.hotline)
        said = await exchange.hotline.reader.where(Message)
        assert sorted(each.text for each in said if each.sender == Sender.HELP_SEEKER) == [
            f"第{number}条" for number in range(4)
        ]
        ours = [each for each in said if each.sender == Sender.AUTOMATIC]
        assert [each.delivery for each in ours] == [Delivery.DELIVERED] * 4
        assert len(sent(exchange)) == 4, "each once"


async def test_a_number_sends_one_text_a_second_people_first(exchange: Exchange) -> None:
    await texted(exchange, "在吗")
    contact, someone = await answered(exchange)
    before = len(sent(exchange))
    exchange.carrier.text_in(ABROAD, "hello", exchange.clock.now())
    await exchange.settle()
    assert len(sent(exchange)) == before + 1
    exchange.carrier.text_in("+447700900124", "hello", exchange.clock.now())
    await exchange.settle()
    await messages.send(exchange.hotline, someone, contact.id, client_id="9", text="我在")
    await exchange.settle()
    assert len(sent(exchange)) == before + 1
    await exchange.passes(1)
    assert sent(exchange)[before + 1 :] == ["我在"]
    await exchange.passes(1)
    assert len(sent(exchange)) == before + 3


# STOP and START ----------------------------------------------------------------------------------------------


async def person(exchange: Exchange) -> Person:
    return (await exchange.hotline.reader.where(Person))[0]


async def test_stop_without_a_conversation_is_kept_and_confirmed(exchange: Exchange) -> None:
    sid = await texted(exchange, "退订！")
    assert await exchange.hotline.reader.where(Contact) == []
    assert (await person(exchange)).texts_stopped_at is not None
    assert len(sent(exchange)) == 1
    assert "不再给你发短信" in sent(exchange)[0]
    await texted(exchange, "开始")
    assert (await person(exchange)).texts_stopped_at is None
    await texts.incoming_text(exchange.hotline, message_sid=sid, raw_number=SOMEBODY, text="退订！")
    assert (await person(exchange)).texts_stopped_at is None, "an old order told again is not a new one"


async def test_stop_while_waiting_lets_go_who_shows_no_risk(exchange: Exchange) -> None:
    await texted(exchange, "今天天气不错")
    await texted(exchange, "STOP")
    contact = await contact_of(exchange)
    assert (contact.state, contact.end_reason) == (ContactState.CLOSED, "texts_stopped")


async def test_stop_at_risk_stays_somebodys_and_nothing_more_is_sent(exchange: Exchange) -> None:
    await texted(exchange, "我在楼顶")
    await texted(exchange, "stop")
    contact = await contact_of(exchange)
    assert contact.state is ContactState.WAITING
    assert contact.texts_stopped_at is not None
    before = len(sent(exchange))
    contact, someone = await answered(exchange)
    with pytest.raises(WrongState) as refused:
        await messages.send(exchange.hotline, someone, contact.id, client_id="1", text="在吗")
    assert refused.value.code == "texts_stopped"
    assert len(sent(exchange)) == before
    await texted(exchange, "START")
    assert (await contact_of(exchange)).texts_stopped_at is None
    assert (await writes(exchange, someone, contact, "我在")).delivery is Delivery.DELIVERED


async def test_a_stop_with_more_words_is_somebody_speaking(exchange: Exchange) -> None:
    await texted(exchange, "stop 我在楼顶")
    contact = await contact_of(exchange)
    assert contact.level == "imminent"
    assert contact.texts_stopped_at is None


async def test_yes_and_help_are_words_of_people_first(exchange: Exchange) -> None:
    await texted(exchange, "yes")
    assert (await contact_of(exchange)).state is ContactState.WAITING
    await texted(exchange, "HELP", ABROAD)
    assert len(await exchange.hotline.reader.where(Contact)) == 2
    assert "a counselor will answer" in sent(exchange)[-1]


async def test_who_stopped_and_writes_again_is_served_without_texts(exchange: Exchange) -> None:
    await texted(exchange, "td")
    before = len(sent(exchange))
    await texted(exchange, "我在楼顶")
    contact = await contact_of(exchange)
    assert (contact.level, contact.state) == ("imminent", ContactState.WAITING)
    assert contact.texts_stopped_at is not None
    assert len(sent(exchange)) == before


async def test_the_carriers_own_stop_is_learned_from_its_refusal(exchange: Exchange) -> None:
    await texted(exchange, "在吗")
    contact, someone = await answered(exchange)
    exchange.carrier.stops.numbers.add(SOMEBODY)
    message = await writes(exchange, someone, contact, "我在")
    assert (message.delivery, message.delivery_code) == (Delivery.FAILED, 21610)
    assert (await contact_of(exchange)).texts_stopped_at is not None
    assert (await person(exchange)).texts_stopped_at is not None
