"""Texts that are owed: once per key through lost answers, the pace of a number, refusals that help nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.actions import messages, offers, texts
from hotline.bootstrap import open_hotline
from hotline.domain.access import Actor
from hotline.domain.contacts import Contact, Delivery, Message
from hotline.service import Hotline
from hotline.settings import load_settings
from hotline.telephony.carrier import CarrierBusy, CarrierRefused
from tests.conftest import SetClock, settle
from tests.scene import counselor
from tests.telephony.exchange import PlainEar
from tests.telephony.test_outbox import ScriptedCarrier, send

SOMEBODY = "+8613912341234"


@pytest.fixture
def carrier() -> ScriptedCarrier:
    return ScriptedCarrier()


@pytest.fixture
async def hotline(
    migrated_url: str, tmp_path: Path, clock: SetClock, carrier: ScriptedCarrier
) -> AsyncIterator[Hotline]:
    settings = load_settings(data_dir=tmp_path, database_url=migrated_url)
    async with open_hotline(
        settings, clock=clock, assessor=PlainEar(), carrier=carrier, work=False
    ) as hotline:
        yield hotline


async def passes(hotline: Hotline, clock: SetClock, seconds: int) -> None:
    for _ in range(seconds):
        await send(hotline)
        clock.move(timedelta(seconds=1))
    await send(hotline)


async def conversation(hotline: Hotline, clock: SetClock) -> tuple[Contact, Actor]:
    await texts.incoming_text(hotline, message_sid="SM-in", raw_number=SOMEBODY, text="在吗")
    someone = await counselor(hotline)
    await settle(hotline)
    waiting = (await hotline.reader.where(Contact))[0]
    assert waiting.offer_id is not None
    contact = await offers.accept(hotline, someone, waiting.offer_id)
    await passes(hotline, clock, 3)
    return contact, someone


async def says(hotline: Hotline, actor: Actor, contact: Contact, text: str, key: str) -> Message:
    return await messages.send(hotline, actor, contact.id, client_id=key, text=text)


async def state_of(hotline: Hotline, message: Message) -> tuple[Delivery | None, int | None]:
    found = await hotline.reader.find(Message, message.id)
    assert found is not None
    return found.delivery, found.delivery_code


async def test_the_same_words_twice_are_two_texts_even_when_an_answer_is_lost(
    hotline: Hotline, carrier: ScriptedCarrier, clock: SetClock
) -> None:
    contact, someone = await conversation(hotline, clock)
    await says(hotline, someone, contact, "我在", "1")
    await passes(hotline, clock, 2)
    carrier.fails = [CarrierBusy("no answer", unsure=True)]
    await says(hotline, someone, contact, "我在", "2")
    await passes(hotline, clock, 5)
    assert carrier.count("text 我在") == 2, "the first is not taken for the second"
    carrier.fails, carrier.happens_although_failing = [CarrierBusy("no answer", unsure=True)], True
    await says(hotline, someone, contact, "我在", "3")
    await passes(hotline, clock, 5)
    assert carrier.count("text 我在") == 3, "what was sent although no answer came is not sent again"


async def test_too_many_requests_wait_as_long_as_the_carrier_asks(
    hotline: Hotline, carrier: ScriptedCarrier, clock: SetClock
) -> None:
    contact, someone = await conversation(hotline, clock)
    carrier.fails = [CarrierBusy("429", retry_after=timedelta(seconds=9))]
    message = await says(hotline, someone, contact, "慢慢来", "1")
    await passes(hotline, clock, 8)
    assert carrier.count("text 慢慢来") == 0
    assert await state_of(hotline, message) == (Delivery.QUEUED, None)
    await passes(hotline, clock, 4)
    assert carrier.count("text 慢慢来") == 1


async def test_a_clock_that_is_set_back_holds_up_no_text(
    hotline: Hotline, carrier: ScriptedCarrier, clock: SetClock
) -> None:
    contact, someone = await conversation(hotline, clock)
    clock.move(timedelta(hours=2))
    await says(hotline, someone, contact, "我在", "1")
    await passes(hotline, clock, 1)
    clock.move(-timedelta(hours=2))
    await says(hotline, someone, contact, "慢慢来", "2")
    await passes(hotline, clock, 2)
    assert carrier.count("text 慢慢来") == 1


async def test_what_the_carrier_refuses_is_not_tried_again_and_says_why(
    hotline: Hotline, carrier: ScriptedCarrier, clock: SetClock
) -> None:
    contact, someone = await conversation(hotline, clock)
    carrier.fails = [CarrierRefused("not a mobile number", reason=21614)]
    message = await says(hotline, someone, contact, "在吗", "1")
    await passes(hotline, clock, 40)
    assert await state_of(hotline, message) == (Delivery.FAILED, 21614)
    assert carrier.count("text 在吗") == 0


async def test_a_carrier_that_is_down_for_good_is_told_to_the_counselor(
    hotline: Hotline, carrier: ScriptedCarrier, clock: SetClock
) -> None:
    contact, someone = await conversation(hotline, clock)
    carrier.fails = [CarrierBusy("down")] * 50
    message = await says(hotline, someone, contact, "在吗", "1")
    for _ in range(12):
        await send(hotline)
        clock.move(timedelta(seconds=31))
    assert await state_of(hotline, message) == (Delivery.FAILED, None)
