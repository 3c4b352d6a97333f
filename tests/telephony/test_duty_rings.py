"""The duty telephone rings when a text was not enough: spoken to, connected by a key, the next one where no key comes."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from hotline.actions import duty_phones, phones, presence, shifts
from hotline.domain.calls import CallState
from hotline.domain.contacts import ContactState
from hotline.domain.duty_phones import DUTY_PHONES_ID, DutyPhones
from hotline.domain.duty_ring import DUTY_RING_ID, DutyRing, RingState
from hotline.domain.followups import Followup, FollowupKind
from hotline.domain.inbound import LineFlag
from hotline.domain.shifts import DutyRole
from hotline.errors import Forbidden, Invalid, StaleVersion
from hotline.telephony.carrier import CallSid, CarrierBusy
from hotline.telephony.simulated_line import Line
from tests.conftest import SetClock
from tests.scene import counselor, person, supervisor
from tests.telephony.door import all_of, heard, queued
from tests.telephony.exchange import Exchange, open_exchange
from tests.telephony.test_duty_number import shift, told

FIRST, SECOND = "+8613800138000", "+8613800138001"
RULES: dict[str, Any] = {"waiting_escalates_after_seconds": 60, "duty_called_after_seconds": 60}


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Exchange]:
    async with open_exchange(
        migrated_url, tmp_path, clock, duty_numbers=(FIRST, SECOND), **RULES
    ) as exchange:
        yield exchange
        assert exchange.carrier.problems == []


async def waits(exchange: Exchange, seconds: int) -> None:
    for _ in range(0, seconds, 5):
        await exchange.passes(5)


def rung(exchange: Exchange, number: str) -> list[Line]:
    return [each for each in exchange.carrier.lines.values() if each.to == number]


async def ring(exchange: Exchange) -> DutyRing:
    found = await exchange.hotline.reader.find(DutyRing, DUTY_RING_ID)
    assert found is not None
    return found


async def until_asked(exchange: Exchange, number: str) -> Line:
    """Until somebody at this telephone hears the words."""
    for _ in range(60):
        asked = [each for each in rung(exchange, number) if each.gathering is not None]
        if asked:
            return asked[0]
        await exchange.passes(3)
    raise AssertionError("the duty telephone does not ring")


async def test_after_the_text_it_rings_and_one_connects_the_next_caller(exchange: Exchange) -> None:
    sid = await exchange.call()
    await queued(exchange, sid)
    line = await until_asked(exchange, FIRST)
    assert told(exchange, (await exchange.contact(sid)).id) != []
    assert any("现在有1人在等候" in each for each in line.heard)
    exchange.carrier.press(line.sid, "1", exchange.clock.now())
    await exchange.passes(15)
    contact = await exchange.contact(sid)
    assert (contact.state, contact.call_state) == (ContactState.WAITING, CallState.OUTSIDE)
    assert LineFlag.WITH_FALLBACK in contact.line_flags
    assert exchange.carrier.lines[sid].room == line.room is not None
    assert (await ring(exchange)).state is RingState.ACKNOWLEDGED
    someone = await counselor(exchange.hotline)
    await exchange.settle()
    assert (await exchange.contact(sid)).offer_id is None, "they speak with the person on duty"
    assert someone is not None
    await exchange.hangs_up(line.sid)
    await exchange.passes(10)
    contact = await exchange.contact(sid)
    assert (contact.state, contact.end_reason) == (ContactState.CLOSED, "duty_telephone")
    (review,) = await all_of(exchange, Followup)
    assert review.kind is FollowupKind.REVIEW


async def test_a_caller_who_hangs_up_first_has_been_spoken_with_too(exchange: Exchange) -> None:
    sid = await exchange.call()
    await queued(exchange, sid)
    line = await until_asked(exchange, FIRST)
    exchange.carrier.press(line.sid, "1", exchange.clock.now())
    await exchange.passes(15)
    await exchange.hangs_up(sid)
    await exchange.settle()
    contact = await exchange.contact(sid)
    assert (contact.state, contact.end_reason) == (ContactState.CLOSED, "duty_telephone")
    assert line.is_over


async def test_nobody_is_fetched_to_a_duty_telephone_that_has_hung_up(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier = exchange.hotline.carrier
    assert carrier is not None
    sid = await exchange.call()
    await queued(exchange, sid)
    line = await until_asked(exchange, FIRST)

    async def busy(_call_sid: CallSid, _contact_id: str) -> None:
        raise CarrierBusy("Once more, please.")

    monkeypatch.setattr(carrier, "join_duty", busy)
    exchange.carrier.press(line.sid, "1", exchange.clock.now())
    await exchange.passes(8)
    await exchange.hangs_up(line.sid)
    monkeypatch.undo()
    await exchange.passes(20)
    contact = await exchange.contact(sid)
    assert exchange.carrier.lines[sid].room is None, "alone in a room, where nobody will come"
    assert (contact.state, contact.call_state) == (ContactState.WAITING, CallState.QUEUED)
    assert LineFlag.WITH_FALLBACK not in contact.line_flags
    await waits(exchange, 70)
    assert len(rung(exchange, FIRST)) == 2


async def test_no_key_means_the_next_telephone_and_then_another_round(exchange: Exchange) -> None:
    sid = await exchange.call()
    exchange.carrier.never_answers.add(FIRST)
    await queued(exchange, sid)
    await waits(exchange, 150)
    assert len(rung(exchange, FIRST)) == 1
    (machine,) = rung(exchange, SECOND)
    await waits(exchange, 90)  # it says nothing and presses nothing
    assert machine.is_over
    assert (await ring(exchange)).state is RingState.IN_VAIN
    await waits(exchange, 300)
    assert len(rung(exchange, FIRST)) == 2


async def test_two_acknowledges_for_a_while_and_it_rings_again_if_somebody_still_waits(
    exchange: Exchange,
) -> None:
    sid = await exchange.call()
    await queued(exchange, sid)
    line = await until_asked(exchange, FIRST)
    exchange.carrier.press(line.sid, "2", exchange.clock.now())
    await exchange.passes(10)
    assert any("10分钟后如果还有人在等" in each for each in line.heard)
    assert (await ring(exchange)).state is RingState.ACKNOWLEDGED
    await waits(exchange, 300)
    assert (len(rung(exchange, FIRST)), len(rung(exchange, SECOND))) == (1, 0)
    await waits(exchange, 330)
    assert len(rung(exchange, FIRST)) == 2
    assert (await exchange.contact(sid)).state is ContactState.WAITING


async def test_it_does_not_ring_once_somebody_has_come(exchange: Exchange) -> None:
    sid = await exchange.call()
    await queued(exchange, sid)
    await waits(exchange, 40)
    someone = await counselor(exchange.hotline)
    await exchange.settle()
    await exchange.accepts(someone)
    await waits(exchange, 120)
    assert rung(exchange, FIRST) == []
    assert (await ring(exchange)).state is RingState.OVER
    assert exchange.carrier.lines[sid].room is not None


async def test_where_only_chats_wait_nobody_can_be_connected(exchange: Exchange) -> None:
    await person(exchange.hotline)
    line = await until_asked(exchange, FIRST)
    await exchange.passes(5)
    assert any("请打开值班页面回复" in each for each in line.heard)
    assert not any("请按一" in each for each in line.heard)
    exchange.carrier.press(line.sid, "1", exchange.clock.now())  # it was not offered
    await exchange.passes(10)
    assert not any("刚才有人接了" in each for each in line.heard)
    assert (await ring(exchange)).state is RingState.RINGING, "nobody has it in hand"
    exchange.carrier.press(line.sid, "2", exchange.clock.now())
    await exchange.passes(5)
    assert (await ring(exchange)).state is RingState.ACKNOWLEDGED


async def test_beside_a_caller_it_says_how_many_write(exchange: Exchange) -> None:
    await person(exchange.hotline)
    sid = await exchange.call()
    await queued(exchange, sid)
    line = await until_asked(exchange, FIRST)
    await exchange.passes(5)
    assert any("其中1人在用文字等候" in each for each in line.heard)
    assert any("请按一" in each for each in line.heard)


async def test_it_speaks_the_language_that_is_set(migrated_url: str, tmp_path: Path, clock: SetClock) -> None:
    more = {**RULES, "duty_numbers": (FIRST,), "duty_language": "en"}
    async with open_exchange(migrated_url, tmp_path, clock, **more) as exchange:
        sid = await exchange.call()
        await queued(exchange, sid)
        line = await until_asked(exchange, FIRST)
        assert any("waiting now, the longest for" in each for each in line.heard)
        assert not any("等候" in each for each in line.heard)


async def test_planned_and_absent_is_not_on_duty_and_is_told(exchange: Exchange) -> None:
    """A low wait reaches the duty telephone though the plan names somebody; who is named is told too."""
    hotline, boss, li = (
        exchange.hotline,
        await supervisor(exchange.hotline),
        await counselor(exchange.hotline),
    )

    await phones.use_number(hotline, li, "+8613700000007")
    await presence.disconnected(hotline, li.staff_id)
    await exchange.passes(30)
    plan = shift(DutyRole.COUNSELOR, "08:00", "20:00", li.staff_id)
    await shifts.plan(hotline, boss, plan)
    sid = await exchange.call()
    await queued(exchange, sid)
    assert heard(exchange, sid, "现在没有咨询员在线")
    await waits(exchange, 60)
    assert told(exchange, (await exchange.contact(sid)).id) != []
    own = [each.body for each in exchange.carrier.texts.values() if each.to == "+8613700000007"]
    assert len(own) == 1
    assert "您的班次已经开始" in own[0]
    await until_asked(exchange, FIRST)


async def test_what_a_supervisor_rules_of_the_duty_telephones_counts_at_once(exchange: Exchange) -> None:
    boss = await supervisor(exchange.hotline)
    wish = DutyPhones(
        numbers=["+86 138-0013-8009", FIRST], language="en", waiting_text="Please sign in: {id}", version=0
    )
    await duty_phones.rule(exchange.hotline, boss, wish)
    sid = await exchange.call()
    await queued(exchange, sid)
    line = await until_asked(exchange, "+8613800138009")
    assert any("waiting now, the longest for" in each for each in line.heard)
    (text,) = [each for each in exchange.carrier.texts.values() if each.to == "+8613800138009"]
    assert text.body == f"Please sign in: {(await exchange.contact(sid)).id}"
    await duty_phones.rule(exchange.hotline, boss, wish.model_copy(update={"numbers": [], "version": 1}))
    assert not exchange.hotline.roster.rota(exchange.clock.now()).has_duty_number
    stored = await exchange.hotline.reader.find(DutyPhones, DUTY_PHONES_ID)
    assert stored == exchange.hotline.duty_telephones.now


async def test_a_duty_telephone_that_cannot_be_is_refused_by_its_place(exchange: Exchange) -> None:
    boss, someone = await supervisor(exchange.hotline), await counselor(exchange.hotline)
    with pytest.raises(Forbidden):
        await duty_phones.rule(exchange.hotline, someone, DutyPhones(numbers=[FIRST]))
    for wish, refused in (
        (DutyPhones(numbers=[FIRST, "138"]), "numbers.1"),
        (DutyPhones(numbers=["+19005550100"]), "numbers.0"),
        (DutyPhones(numbers=[FIRST], alert_text="Please sign in"), "alert_text"),
    ):
        with pytest.raises(Invalid) as why:
            await duty_phones.rule(exchange.hotline, boss, wish)
        assert [each.path for each in why.value.fields] == [refused]
    with pytest.raises(StaleVersion):
        await duty_phones.rule(exchange.hotline, boss, DutyPhones(numbers=[FIRST], version=4))
