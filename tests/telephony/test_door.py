"""The way in, through signed webhooks: keys and none, hours, blocks, limits, messages, calls back, nobody there."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotline.actions import line, offers
from hotline.domain.callers import Verdict
from hotline.domain.contacts import ContactState, LevelSource
from hotline.domain.followups import Followup, FollowupKind
from hotline.domain.ids import OfferId
from hotline.domain.inbound import LineFlag, Step
from hotline.domain.line_policy import NoticeCode
from hotline.domain.opening_hours import OpeningHours
from hotline.errors import WrongState
from hotline.telephony.simulated_post import Faults
from tests.conftest import SetClock
from tests.scene import counselor, served, supervisor
from tests.telephony.door import all_of, at_door, closes, contacts, heard, presses, queued
from tests.telephony.exchange import Exchange, open_exchange
from triage.assessment import Level

DUTY = "+8613800000001"


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Exchange]:
    async with open_exchange(migrated_url, tmp_path, clock, calls_per_hour=3) as exchange:
        yield exchange
        assert exchange.carrier.problems == []


# The menu ----------------------------------------------------------------------------------------------------


async def test_without_any_key_the_caller_is_in_the_queue_within_half_a_minute(exchange: Exchange) -> None:
    sid = await exchange.call()
    contact = await exchange.contact(sid)
    assert (contact.state, contact.call_state) == (ContactState.WAITING, "greeting")
    await exchange.passes(30)
    assert (await exchange.contact(sid)).call_state == "queued"
    assert (await at_door(exchange, sid)).step is Step.PASSED
    assert heard(exchange, sid, "通话会记成文字")
    assert heard(exchange, sid, "This call is written down")


async def test_two_is_english_from_there_on(exchange: Exchange) -> None:
    sid = await exchange.call()
    await presses(exchange, sid, "2")
    assert (await exchange.contact(sid)).language == "en"
    await queued(exchange, sid)
    assert not heard(exchange, sid, "通话会记成文字")
    assert exchange.carrier.lines[sid].transcription.language == "en-US"  # type: ignore[union-attr]
    later = await exchange.call()
    assert heard(exchange, later, "This call is written down")  # known from the earlier call: not asked again
    assert not heard(exchange, later, "中文请按一")


async def test_a_number_of_ours_may_speak_one_language(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    languages = {"+861012356000": "en"}
    async with open_exchange(migrated_url, tmp_path, clock, number_languages=languages) as exchange:
        sid = await exchange.call()
        assert (await exchange.contact(sid)).language == "en"
        assert not heard(exchange, sid, "中文请按一")


async def test_who_presses_one_is_high_at_once_and_comes_first(exchange: Exchange) -> None:
    first = await exchange.call("+8613912340001")
    second = await exchange.call("+8613912340002")
    await presses(exchange, second, "1")
    await presses(exchange, second, "1")
    contact = await exchange.contact(second)
    assert (contact.level, contact.level_source) == (Level.HIGH, LevelSource.KEY)
    assert contact.line_flags == [LineFlag.DANGER_KEY]
    await exchange.passes(30)
    assert exchange.hotline.matcher.place(await exchange.contact(second)) == 1
    assert exchange.hotline.matcher.place(await exchange.contact(first)) == 2


async def test_a_wrong_key_is_asked_about_once_and_then_goes_on(exchange: Exchange) -> None:
    sid = await exchange.call()
    await presses(exchange, sid, "7")
    assert heard(exchange, sid, "没有这个选项")
    await presses(exchange, sid, "9")
    assert (await at_door(exchange, sid)).step is Step.NOTICE
    await presses(exchange, sid, "8")
    await presses(exchange, sid, "8")
    assert (await at_door(exchange, sid)).step is Step.PASSED
    await exchange.passes(5)
    assert exchange.carrier.lines[sid].queue is not None


@pytest.mark.parametrize(("key", "consent"), [("2", False), (None, True), ("1", None)])
async def test_who_does_not_agree_is_not_recorded(
    migrated_url: str, tmp_path: Path, clock: SetClock, key: str | None, consent: bool | None
) -> None:
    async with open_exchange(migrated_url, tmp_path, clock, record_calls=True) as exchange:
        sid = await exchange.call()
        await presses(exchange, sid, "1")
        assert heard(exchange, sid, "通话会录音")
        if key is None:
            await exchange.passes(15)
        else:
            await presses(exchange, sid, key)
        assert (await exchange.contact(sid)).recording_consent is consent


async def test_where_nothing_is_recorded_two_is_no_choice(exchange: Exchange) -> None:
    sid = await exchange.call()
    await presses(exchange, sid, "1")
    await presses(exchange, sid, "2")
    assert (await exchange.contact(sid)).recording_consent is None
    assert heard(exchange, sid, "没有这个选项")


async def test_while_waiting_one_is_danger_still(exchange: Exchange) -> None:
    await counselor(exchange.hotline)
    sid = await exchange.call()
    await queued(exchange, sid)
    await presses(exchange, sid, "1")
    assert (await exchange.contact(sid)).level is Level.HIGH
    assert heard(exchange, sid, "优先找人")
    assert exchange.carrier.lines[sid].queue is not None


async def test_webhooks_that_come_twice_late_or_never_end_in_the_same_place(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    faults = Faults(twice=0.6, late=0.4, lost=0.3)
    async with open_exchange(migrated_url, tmp_path, clock, faults=faults, seed=7) as exchange:
        sids = [await exchange.call(f"+861391234{n:04}") for n in range(6)]
        for n, sid in enumerate(sids):
            if exchange.carrier.lines[sid].gathering is not None:
                await presses(exchange, sid, "12"[n % 2])
        await exchange.passes(40)
        assert all(exchange.carrier.lines[sid].queue is not None for sid in sids)
        assert {(await at_door(exchange, sid)).step for sid in sids} == {Step.PASSED}
        assert len(await contacts(exchange)) == 6
        assert exchange.carrier.problems == []


# Blocks and limits -------------------------------------------------------------------------------------------


async def blocked(exchange: Exchange, number: str = "13912341234") -> None:
    until = exchange.clock.now() + timedelta(days=7)
    await line.block_number(
        exchange.hotline, await supervisor(exchange.hotline), number, reason="辱骂", until=until
    )


async def test_a_blocked_caller_hears_words_and_is_put_through_in_danger(exchange: Exchange) -> None:
    await blocked(exchange)
    sid = await exchange.call("+8613912341234")
    assert (await at_door(exchange, sid)).verdict is Verdict.BLOCKED
    assert heard(exchange, sid, "不能接通")
    assert heard(exchange, sid, "cannot be put through")
    assert await contacts(exchange) == []
    await presses(exchange, sid, "1")
    contact = await exchange.contact(sid)
    assert (contact.level, contact.state) == (Level.HIGH, ContactState.WAITING)
    assert contact.line_flags == [LineFlag.BLOCKED, LineFlag.DANGER_KEY]
    await exchange.passes(10)
    assert exchange.carrier.lines[sid].queue is not None
    assert (await exchange.contact(sid)).transcript == "live"


async def test_a_fixed_line_that_was_blocked_as_one_writes_it_at_home_is_blocked(exchange: Exchange) -> None:
    await blocked(exchange, "010-6234 5678")
    sid = await exchange.call("+861062345678")
    assert (await at_door(exchange, sid)).verdict is Verdict.BLOCKED


async def test_a_blocked_caller_who_presses_nothing_is_told_whom_to_call(exchange: Exchange) -> None:
    await blocked(exchange)
    sid = await exchange.call("+8613912341234")
    await exchange.passes(60)
    assert heard(exchange, sid, "幺幺零")
    assert exchange.carrier.lines[sid].is_over
    assert await contacts(exchange) == []


async def test_who_is_known_at_risk_is_let_through_though_blocked(exchange: Exchange) -> None:
    earlier = await exchange.call("+8613912341234")
    await presses(exchange, earlier, "1")
    await presses(exchange, earlier, "1")
    await exchange.hangs_up(earlier)
    await blocked(exchange)
    sid = await exchange.call("+8613912341234")
    contact = await exchange.contact(sid)
    assert contact.state is ContactState.WAITING
    assert contact.line_flags == [LineFlag.BLOCKED, LineFlag.KNOWN_AT_RISK]


async def test_many_calls_within_an_hour_hear_words_and_later_are_free_again(exchange: Exchange) -> None:
    for _ in range(3):
        await exchange.hangs_up(await exchange.call())
    fourth = await exchange.call()
    assert (await at_door(exchange, fourth)).verdict is Verdict.OVER_LIMIT
    assert heard(exchange, fourth, "过一会儿再打")
    exchange.clock.move(timedelta(hours=1, minutes=1))
    assert (await at_door(exchange, await exchange.call())).verdict is Verdict.SERVED


@pytest.mark.parametrize("number", ["anonymous", "+266696687", "", "10086", "+7378742833"])
async def test_hidden_and_short_numbers_are_served_however_often(exchange: Exchange, number: str) -> None:
    for _ in range(5):
        sid = await exchange.call(number)
        assert (await exchange.contact(sid)).state is ContactState.WAITING


async def test_a_block_runs_out_or_is_lifted(exchange: Exchange) -> None:
    await blocked(exchange)
    manager = await supervisor(exchange.hotline)
    (block,) = await line.blocks(exchange.hotline, manager)
    assert block.number_masked == "139****1234"
    with pytest.raises(WrongState):
        await blocked(exchange)
    await exchange.passes(8 * 24 * 3600)
    (block,) = await line.blocks(exchange.hotline, manager)
    assert block.ended_at is not None
    await blocked(exchange)
    await line.lift(exchange.hotline, manager, (await line.blocks(exchange.hotline, manager))[0].id)
    assert (await at_door(exchange, await exchange.call())).verdict is Verdict.SERVED


# Hours -------------------------------------------------------------------------------------------------------


async def test_outside_the_hours_the_caller_hears_when_it_opens(exchange: Exchange) -> None:
    await closes(exchange)
    sid = await exchange.call()
    assert heard(exchange, sid, "我们今天18点开始服务")
    assert heard(exchange, sid, "open today at 18:00")
    await exchange.passes(120)
    assert exchange.carrier.lines[sid].is_over
    assert await contacts(exchange) == []


async def test_outside_the_hours_danger_reaches_the_duty_telephone(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    async with open_exchange(migrated_url, tmp_path, clock, fallback_number=DUTY) as exchange:
        await closes(exchange)
        sid = await exchange.call()
        await presses(exchange, sid, "1")
        await exchange.passes(10)
        contact = await exchange.contact(sid)
        assert heard(exchange, sid, f"connected to {DUTY}")
        assert contact.level is Level.HIGH
        assert LineFlag.OUTSIDE_HOURS in contact.line_flags
        await exchange.passes(40)
        exchange.carrier.other_end_hangs_up(sid, exchange.clock.now())
        await exchange.settle()
        assert (await exchange.contact(sid)).state is ContactState.CLOSED
        (review,) = await all_of(exchange, Followup)
        assert review.kind is FollowupKind.REVIEW
        assert exchange.carrier.problems == []


async def test_who_speaks_with_the_person_on_duty_is_not_pulled_out_of_it(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    async with open_exchange(migrated_url, tmp_path, clock, fallback_number=DUTY) as exchange:
        sid = await exchange.call()
        await presses(exchange, sid, "1")
        await presses(exchange, sid, "1")
        await exchange.passes(10)
        assert heard(exchange, sid, f"connected to {DUTY}")
        await counselor(exchange.hotline)
        await exchange.passes(60)
        assert (await exchange.contact(sid)).offer_id is None
        assert exchange.carrier.lines[sid].room is not None


async def test_an_unanswered_duty_telephone_is_not_the_end(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    async with open_exchange(migrated_url, tmp_path, clock, fallback_number=DUTY) as exchange:
        exchange.carrier.never_answers.add(DUTY)
        sid = await exchange.call()
        await presses(exchange, sid, "1")
        await presses(exchange, sid, "1")
        await exchange.passes(45)
        assert heard(exchange, sid, "值班电话没有人接")
        await exchange.passes(30)
        contact = await exchange.contact(sid)
        assert exchange.carrier.lines[sid].queue is not None
        assert contact.state is ContactState.WAITING
        assert LineFlag.WITH_FALLBACK not in contact.line_flags
        someone = await counselor(exchange.hotline)
        await exchange.settle()
        await exchange.accepts(someone)
        await exchange.passes(3)
        assert (await exchange.contact(sid)).call_state == "bridged"


async def test_hours_follow_the_clock_on_the_wall() -> None:
    hours = OpeningHours(
        always=False,
        weekly={"4": [["22:00", "06:00"]]},
        exceptions={"2026-03-13": [], "2026-03-14": [["00:00", "24:00"]]},
    )
    from hotline.domain.opening_hours import is_open, opens_at, problems

    assert problems(hours) == []
    friday = datetime(2026, 3, 6, 14, 30, tzinfo=UTC)  # 22:30 in Shanghai
    assert is_open(hours, friday)
    assert is_open(hours, friday + timedelta(hours=7))
    assert not is_open(hours, friday + timedelta(hours=8))
    holiday = datetime(2026, 3, 13, 14, 30, tzinfo=UTC)
    assert not is_open(hours, holiday)
    assert opens_at(hours, holiday) == datetime(2026, 3, 13, 16, 0, tzinfo=UTC)
    assert problems(OpeningHours(timezone="Nowhere/Land", weekly={"9": [["8", "9"]]})) == [
        "timezone",
        "weekly",
    ]


# Nobody there, and the operator's notices --------------------------------------------------------------------


async def test_with_nobody_there_it_is_said_and_choices_are_offered(exchange: Exchange) -> None:
    sid = await exchange.call()
    await queued(exchange, sid)
    assert heard(exchange, sid, "现在没有咨询员在线")
    said = exchange.carrier.lines[sid].heard.count
    words = next(each for each in exchange.carrier.lines[sid].heard if "没有咨询员在线" in each)
    before = said(words)
    helper = await counselor(exchange.hotline)
    await exchange.settle()
    await offers.decline(exchange.hotline, helper, OfferId((await exchange.contact(sid)).offer_id or ""))
    await exchange.passes(90)
    assert said(words) <= before + 1  # the round that was being heard; then somebody is there
    assert heard(exchange, sid, "下一位就是您")


async def test_an_uploaded_notice_is_fetched_by_the_carrier_and_nobody_else(exchange: Exchange) -> None:
    import aiohttp

    manager = await supervisor(exchange.hotline)
    wav = b"RIFF\x24\x00\x00\x00WAVEfmt "
    notice = await line.upload_notice(exchange.hotline, manager, NoticeCode.GREETING, "zh", wav)
    sid = await exchange.call()
    await presses(exchange, sid, "1")
    assert not heard(exchange, sid, "通话会记成文字")
    async with aiohttp.ClientSession() as session:
        async with session.get(exchange.base + line.notice_path(notice.token)) as answer:
            assert (answer.status, answer.content_type, await answer.read()) == (200, "audio/wav", wav)
        async with session.get(exchange.base + line.notice_path("guessed")) as answer:
            assert answer.status == 404


# Late keys ---------------------------------------------------------------------------------------------------


async def test_a_late_two_refuses_the_recording_and_leaves_no_message(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    async with open_exchange(migrated_url, tmp_path, clock, record_calls=True) as exchange:
        await served(exchange.hotline)  # somebody is at work, and busy
        sid = await exchange.call()
        while exchange.carrier.lines[sid].queue is None:
            await exchange.passes(1)
        await exchange.passes(4)
        assert (await exchange.contact(sid)).recording_consent is True
        assert not heard(exchange, sid, "想留言请按二")
        await presses(exchange, sid, "2")
        assert (await exchange.contact(sid)).recording_consent is False
        assert heard(exchange, sid, "好的，不录音")
        await exchange.passes(45)
        assert exchange.carrier.lines[sid].queue is not None
        assert heard(exchange, sid, "想留言请按二")
        await presses(exchange, sid, "2")  # now it is a choice that was heard
        await exchange.passes(5)
        assert heard(exchange, sid, "请在提示音以后留言")


async def test_a_late_two_where_nothing_is_recorded_is_no_choice_yet(exchange: Exchange) -> None:
    await served(exchange.hotline)
    sid = await exchange.call()
    while exchange.carrier.lines[sid].queue is None:
        await exchange.passes(1)
    await exchange.passes(4)
    await presses(exchange, sid, "2")
    await exchange.passes(5)
    assert exchange.carrier.lines[sid].queue is not None
    assert not heard(exchange, sid, "请在提示音以后留言")
    assert (await exchange.contact(sid)).recording_consent is None
