"""A call from the first ring to the last word, through signed webhooks and the carrier's own requests."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.actions import closing, transfers
from hotline.actions import contacts as contact_actions
from hotline.actions import messages as message_actions
from hotline.actions.closing import CloseSheet
from hotline.domain.calls import LegState
from hotline.domain.contacts import Contact, ContactState, EndedBy, Sender
from hotline.domain.followups import Followup, FollowupKind
from hotline.domain.presence import Presence, PresenceState
from hotline.telephony.simulated_post import Faults
from tests.conftest import SetClock
from tests.scene import available, counselor
from tests.telephony.exchange import Exchange, nothing_owed, open_exchange
from triage.assessment import Level

GREETED = 45  # seconds: both notices in both languages, with a margin


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Exchange]:
    async with open_exchange(migrated_url, tmp_path, clock) as exchange:
        yield exchange
        assert exchange.carrier.problems == []


async def test_a_call_is_greeted_queued_offered_bridged_and_ended_by_the_counselor(
    exchange: Exchange,
) -> None:
    sid = await exchange.call()
    contact = await exchange.contact(sid)
    assert (contact.state, contact.call_state) == (ContactState.WAITING, "greeting")
    assert contact.number_masked == "139****1234"
    await exchange.passes(GREETED)
    assert (await exchange.contact(sid)).transcript == "live"
    assert (await exchange.contact(sid)).call_state == "queued"
    heard = exchange.carrier.lines[sid].heard
    assert any("现在没有咨询员在线" in each for each in heard)

    someone = await counselor(exchange.hotline)
    await exchange.settle()
    await exchange.accepts(someone)
    assert (await exchange.contact(sid)).call_state == "ringing"
    await exchange.passes(3)
    contact = await exchange.contact(sid)
    assert (contact.state, contact.call_state) == (ContactState.ACTIVE, "bridged")
    room = exchange.carrier.rooms[contact.id]
    assert len(room.members) == 2
    assert [leg.state for leg in await exchange.legs(sid)] == [LegState.BRIDGED]

    await exchange.says(sid, "我睡不着，想找人说说话。")
    await exchange.says(sid, "我在，您慢慢说。", track="outbound_track")
    messages = await exchange.messages(sid)
    assert [each.sender for each in messages] == [Sender.TRANSCRIPT_HELP_SEEKER, Sender.TRANSCRIPT_COUNSELOR]
    assert messages[0].level is not None
    assert messages[1].staff_id == someone.staff_id

    await contact_actions.end_conversation(exchange.hotline, someone, contact.id)
    await exchange.settle()
    contact = await exchange.contact(sid)
    assert (contact.state, contact.call_state, contact.ended_by) == (
        ContactState.WRAP_UP,
        "ended",
        EndedBy.COUNSELOR,
    )
    assert all(line.is_over for line in exchange.carrier.lines.values())
    assert await nothing_owed(exchange)


async def test_the_notices_are_heard_to_their_end_before_the_counselor(exchange: Exchange) -> None:
    someone = await counselor(exchange.hotline)
    sid = await exchange.call()
    await exchange.accepts(someone)
    await exchange.passes(3)
    contact = await exchange.contact(sid)
    assert contact.call_state == "greeting"
    assert [leg.state for leg in await exchange.legs(sid)] == [LegState.ANSWERED]
    await exchange.passes(GREETED)
    assert (await exchange.contact(sid)).call_state == "bridged"
    assert any("confidential" in each for each in exchange.carrier.lines[sid].heard)


async def test_who_hangs_up_while_waiting_has_abandoned(exchange: Exchange) -> None:
    sid = await exchange.call()
    await exchange.passes(GREETED)
    await exchange.hangs_up(sid)
    contact = await exchange.contact(sid)
    assert (contact.state, contact.end_reason, contact.ended_by) == (
        ContactState.CLOSED,
        "abandoned",
        EndedBy.PERSON,
    )
    assert await exchange.hotline.reader.where(Followup) == []


async def test_an_abandoned_call_at_risk_is_to_be_called_back(exchange: Exchange) -> None:
    sid = await exchange.call()
    await exchange.passes(GREETED)
    await exchange.says(sid, "我现在就站在楼顶上，我不想活了，我马上就跳下去。")
    assert (await exchange.contact(sid)).level is Level.IMMINENT
    await exchange.hangs_up(sid)
    planned = await exchange.hotline.reader.where(Followup)
    assert [each.kind for each in planned] == [FollowupKind.CALL_BACK]


async def test_last_words_that_come_after_the_line_is_dead_count(exchange: Exchange) -> None:
    sid = await exchange.call()
    await exchange.passes(GREETED)
    exchange.carrier.speak(sid, "我不想活了，我现在就在楼顶，我要跳下去。", exchange.clock.now())
    held_back = exchange.carrier.due(exchange.clock.now())
    await exchange.hangs_up(sid)
    assert (await exchange.contact(sid)).state is ContactState.CLOSED
    for webhook in held_back:
        await exchange.server._send(webhook)
    contact = await exchange.contact(sid)
    assert contact.level is Level.IMMINENT
    assert len(await exchange.messages(sid)) == 1
    planned = await exchange.hotline.reader.where(Followup)
    assert [each.kind for each in planned] == [FollowupKind.CALL_BACK]


async def test_who_hangs_up_in_the_conversation_leaves_a_wrap_up(exchange: Exchange) -> None:
    someone = await counselor(exchange.hotline)
    sid = await exchange.call()
    await exchange.accepts(someone)
    await exchange.passes(GREETED)
    await exchange.hangs_up(sid)
    contact = await exchange.contact(sid)
    assert (contact.state, contact.end_reason, contact.ended_by) == (
        ContactState.WRAP_UP,
        "completed",
        EndedBy.PERSON,
    )
    assert [leg.state for leg in await exchange.legs(sid)] == [LegState.ENDED]
    assert all(line.is_over for line in exchange.carrier.lines.values())


async def test_a_counselor_who_does_not_pick_up_loses_the_call_to_the_front_of_the_queue(
    exchange: Exchange,
) -> None:
    someone = await counselor(exchange.hotline)
    exchange.carrier.never_answers.add(someone.staff_id)
    sid = await exchange.call()
    await exchange.accepts(someone)
    await exchange.passes(25)
    contact = await exchange.contact(sid)
    assert contact.state is ContactState.WAITING
    assert contact.interrupted_since is not None
    presence = await exchange.hotline.reader.find(Presence, someone.staff_id)
    assert presence is not None
    assert (presence.state, presence.calls) == (PresenceState.NOT_READY, 0)
    await exchange.passes(GREETED)
    other = await counselor(exchange.hotline)
    await exchange.settle()
    await exchange.accepts(other)
    await exchange.passes(3)
    assert (await exchange.contact(sid)).call_state == "bridged"
    assert not exchange.carrier.lines[sid].is_over


async def test_a_counselor_whose_phone_drops_gives_the_caller_back_to_the_front(exchange: Exchange) -> None:
    someone = await counselor(exchange.hotline)
    sid = await exchange.call()
    await exchange.accepts(someone)
    await exchange.passes(GREETED)
    leg = (await exchange.legs(sid))[0]
    assert leg.sid is not None
    await exchange.hangs_up(leg.sid)
    await exchange.passes(2)
    contact = await exchange.contact(sid)
    assert not exchange.carrier.lines[sid].is_over, "the caller is never dropped"
    assert contact.interrupted_since is not None or contact.state is ContactState.ACTIVE
    assert any("线路断了" in each for each in exchange.carrier.lines[sid].heard)
    await exchange.passes(5)
    assert (await exchange.contact(sid)).call_state == "bridged"


async def test_a_transfer_to_a_colleague_keeps_the_caller(exchange: Exchange) -> None:
    first = await counselor(exchange.hotline)
    sid = await exchange.call()
    await exchange.accepts(first)
    await exchange.passes(GREETED)
    second = await counselor(exchange.hotline)
    contact = await exchange.contact(sid)
    await transfers.transfer(exchange.hotline, first, contact.id, to_staff_id=second.staff_id, reason="lunch")
    await exchange.passes(5)
    contact = await exchange.contact(sid)
    assert (contact.counselor_id, contact.call_state) == (second.staff_id, "bridged")
    assert [leg.state for leg in await exchange.legs(sid)] == [LegState.ENDED, LegState.BRIDGED]
    assert not exchange.carrier.lines[sid].is_over


async def test_hidden_and_short_numbers_are_served_too(exchange: Exchange) -> None:
    hidden = await exchange.contact(await exchange.call("anonymous"))
    short = await exchange.contact(await exchange.call("10086"))
    assert (hidden.number, hidden.number_masked, hidden.person_id) == (None, None, None)
    assert (short.number, short.number_masked, short.person_id) == (None, "***86", None)


async def test_the_same_number_is_the_same_person(exchange: Exchange) -> None:
    first = await exchange.contact(await exchange.call("+8613912341234"))
    second = await exchange.contact(await exchange.call("13912341234"))
    third = await exchange.contact(await exchange.call("+8613912341235"))
    assert first.person_id == second.person_id is not None
    assert third.person_id != first.person_id


async def test_a_transcript_that_fails_is_shown_begun_again_and_costs_nothing_else(
    exchange: Exchange,
) -> None:
    sid = await exchange.call()
    await exchange.passes(GREETED)
    line = exchange.carrier.lines[sid]
    exchange.carrier._transcribed(
        line, "transcription-error", {"TranscriptionErrorCode": "32650"}, exchange.clock.now()
    )
    await exchange.settle()
    assert (await exchange.contact(sid)).transcript == "failed"
    await exchange.passes(5)
    contact = await exchange.contact(sid)
    assert contact.transcript == "live"
    await exchange.says(sid, "还在吗？")
    assert len(await exchange.messages(sid)) == 1


async def test_a_text_opens_one_conversation_and_is_answered(exchange: Exchange) -> None:
    exchange.carrier.text_in("+447700900123", "I can't sleep and I need someone", exchange.clock.now())
    exchange.carrier.text_in("+447700900123", "are you there?", exchange.clock.now())
    await exchange.settle()
    found = await exchange.hotline.reader.where(Contact)
    assert [(each.channel, each.language) for each in found] == [("sms", "en")]
    someone = await counselor(exchange.hotline)
    await exchange.settle()
    await exchange.accepts(someone)
    await message_actions.send(exchange.hotline, someone, found[0].id, client_id="a", text="I am here.")
    await message_actions.send(exchange.hotline, someone, found[0].id, client_id="a", text="I am here.")
    await exchange.passes(10)  # one text a second to one number
    sent = [each.body for each in exchange.carrier.texts.values() if not each.inbound]
    assert sent.count("I am here.") == 1
    assert len(sent) == 3, "the welcome, that somebody joined, and the counselor's words"


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_reports_twice_and_late_and_orders_refused_leave_nobody_without_owner(
    migrated_url: str, tmp_path: Path, clock: SetClock, seed: int
) -> None:
    faults = Faults(twice=0.4, late=0.5, refused_orders=0.3)
    async with open_exchange(migrated_url, tmp_path, clock, faults=faults, seed=seed) as exchange:
        staff = [await counselor(exchange.hotline) for _ in range(2)]
        calls = [await exchange.call(f"+861391234{number:04}") for number in range(4)]
        chance = random.Random(seed)
        for _ in range(40):
            await exchange.passes(chance.uniform(1, 20))
            for actor in staff:
                await exchange.accepts_if_offered(actor)
                presence = await exchange.hotline.reader.find(Presence, actor.staff_id)
                if presence is not None and presence.state is PresenceState.NOT_READY:
                    await available(exchange.hotline, actor)
            for sid in calls:
                exchange.carrier.speak(sid, "我在听。", clock.now())
                contact = await exchange.contact(sid)
                if contact.call_state == "bridged" and chance.random() < 0.4:
                    await exchange.hangs_up(sid)
                if contact.state is ContactState.WRAP_UP and contact.counselor_id is not None:
                    held = next(each for each in staff if each.staff_id == contact.counselor_id)
                    sheet = CloseSheet("supported", "—", Level.LOW)
                    await closing.close(exchange.hotline, held, contact.id, sheet)
            now_at = [(await exchange.contact(sid)).state for sid in calls]
            if set(now_at) == {ContactState.CLOSED}:
                break
        assert [(await exchange.contact(sid)).call_state for sid in calls] == ["ended"] * 4
        await exchange.passes(60)
        assert await nothing_owed(exchange)
        assert all(line.is_over for line in exchange.carrier.lines.values())
        assert exchange.carrier.problems == []
        for sid in calls:
            messages = await exchange.messages(sid)
            assert [each.seq for each in messages] == list(range(1, len(messages) + 1))
