"""Places in the queue that are kept without a line: asked to be called, a message of danger; and the way back from an
outside party whose line ended."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.actions import (
    call_transfers,
    calling_back,
    carrier_events,
    carrier_sweep,
    closing,
    followups,
    risk,
    voicemails,
)
from hotline.actions import contacts as contact_actions
from hotline.domain.alerts import Alert, AlertState
from hotline.domain.call_room import TransferMode
from hotline.domain.calls import CallState, LegKind
from hotline.domain.contacts import ContactState, Note
from hotline.domain.followups import Followup, FollowupKind, FollowupState
from hotline.domain.inbound import LineFlag
from hotline.domain.voicemails import Voicemail
from hotline.telephony.carrier import CallStatus
from hotline.telephony.simulated_line import Line
from tests.conftest import SetClock
from tests.scene import counselor, supervisor
from tests.telephony.connected_call import Call, connected_call
from tests.telephony.door import all_of, closes, heard, presses, queued
from tests.telephony.exchange import Exchange, contact_id_of, open_exchange
from triage.assessment import Level

FIRST, SECOND = "+8613912340001", "+8613912340002"
PARTNER = "+8613800001111"


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Exchange]:
    async with open_exchange(migrated_url, tmp_path, clock) as exchange:
        yield exchange
        assert exchange.carrier.problems == []


async def asks(exchange: Exchange, number: str = FIRST) -> str:
    """Waits in the queue, presses 3, is told, and is off the line."""
    sid = await exchange.call(number)
    await queued(exchange, sid)
    await presses(exchange, sid, "3")
    await exchange.passes(20)
    assert exchange.carrier.lines[sid].is_over
    return sid


async def leaves_message(exchange: Exchange, sid: str, words: str = "") -> None:
    while exchange.carrier.lines[sid].gathering is None:
        await exchange.passes(1)
    await presses(exchange, sid, "2")
    while exchange.carrier.lines[sid].record is None:
        await exchange.passes(1)
    if words:
        await exchange.says(sid, words)
    await exchange.passes(30)


# Asked to be called ------------------------------------------------------------------------------------------------


async def test_whoever_asked_to_be_called_keeps_the_place_and_rings_in_turn(exchange: Exchange) -> None:
    sid = await asks(exchange)
    later = await exchange.call(SECOND)
    await queued(exchange, later)
    place = exchange.hotline.matcher.place
    assert (place(await exchange.contact(sid)), place(await exchange.contact(later))) == (1, 2)
    someone = await counselor(exchange.hotline)
    await exchange.settle()
    offer = await exchange.accepts(someone)
    assert offer.contact_id == contact_id_of(sid)
    (owed,) = await all_of(exchange, Followup)
    assert (owed.state, owed.owner_id) == (FollowupState.TAKEN, someone.staff_id)
    await exchange.passes(20)
    contact = await exchange.contact(sid)
    assert (contact.state, contact.call_state) == (ContactState.ACTIVE, CallState.BRIDGED)
    assert LineFlag.CALLED_BACK in contact.line_flags
    assert LineFlag.TO_CALL_BACK not in contact.line_flags
    (rung,) = [each for each in exchange.carrier.lines.values() if each.to == FIRST]
    assert any("我们给您回电" in each for each in rung.heard)
    await exchange.hangs_up(rung.sid)
    assert (await exchange.contact(sid)).state is ContactState.WRAP_UP


async def test_a_counselor_who_does_not_pick_up_leaves_the_place_at_the_front(exchange: Exchange) -> None:
    sid = await asks(exchange)
    someone = await counselor(exchange.hotline)
    exchange.carrier.never_answers.add(str(someone.staff_id))
    await exchange.settle()
    await exchange.accepts(someone)
    await exchange.passes(30)
    contact = await exchange.contact(sid)
    assert (contact.state, contact.call_state) == (ContactState.WAITING, CallState.CALL_BACK)
    assert contact.interrupted_since is not None
    assert not [each for each in exchange.carrier.lines.values() if each.to == FIRST]
    other = await counselor(exchange.hotline)
    await exchange.settle()
    await exchange.accepts(other)
    await exchange.passes(20)
    assert (await exchange.contact(sid)).call_state == CallState.BRIDGED


async def test_a_counselor_lost_while_the_person_is_rung_leaves_no_ringing_line(exchange: Exchange) -> None:
    sid = await asks(exchange)
    someone = await counselor(exchange.hotline)
    await exchange.settle()
    exchange.carrier.never_answers.add(FIRST)
    await exchange.accepts(someone)
    await exchange.passes(5)
    (mine,) = [each for each in exchange.carrier.lines.values() if each.to.startswith("client:")]
    await exchange.hangs_up(mine.sid)
    await exchange.passes(1)
    contact = await exchange.contact(sid)
    assert (contact.state, contact.call_sid, contact.call_state) == (
        ContactState.WAITING,
        None,
        CallState.CALL_BACK,
    )
    assert all(each.is_over for each in exchange.carrier.lines.values())


async def test_a_person_who_does_not_answer_is_tried_again_later_as_work(exchange: Exchange) -> None:
    sid = await asks(exchange)
    someone = await counselor(exchange.hotline)
    exchange.carrier.never_answers.add(FIRST)
    await exchange.settle()
    await exchange.accepts(someone)
    await exchange.passes(60)
    assert (await exchange.contact(sid)).end_reason == "not_reached"
    (owed,) = await all_of(exchange, Followup)
    assert (owed.state, [each["outcome"] for each in owed.attempts]) == (FollowupState.OPEN, ["no_answer"])
    assert owed.due_at > exchange.clock.now()


async def test_who_calls_again_has_the_place_and_is_not_called_back(exchange: Exchange) -> None:
    sid = await asks(exchange)
    await exchange.call(SECOND)
    await exchange.passes(60)
    again = await exchange.call(FIRST)
    before, contact = await exchange.contact(sid), await exchange.contact(again)
    assert (before.state, before.end_reason) == (ContactState.CLOSED, "called_again")
    assert exchange.hotline.matcher.place(contact) == 1
    (owed,) = await all_of(exchange, Followup)
    assert owed.state is FollowupState.CANCELLED


async def test_the_call_back_begun_by_hand_takes_the_place(exchange: Exchange) -> None:
    sid = await asks(exchange)
    (owed,) = await all_of(exchange, Followup)
    someone = await counselor(exchange.hotline)
    contact = await calling_back.start(exchange.hotline, someone, owed.id, version=owed.version)
    assert contact.id == contact_id_of(sid)
    await exchange.passes(20)
    assert (await exchange.contact(sid)).call_state == CallState.BRIDGED


async def test_a_call_back_that_is_done_another_way_frees_the_place(exchange: Exchange) -> None:
    sid = await asks(exchange)
    (owed,) = await all_of(exchange, Followup)
    boss = await supervisor(exchange.hotline)
    await followups.cancel(exchange.hotline, boss, owed.id, reason="已经联系上了", version=owed.version)
    await exchange.settle()
    contact = await exchange.contact(sid)
    assert (contact.state, contact.end_reason) == (ContactState.CLOSED, "call_back_done")
    assert len(exchange.hotline.matcher.room) == 0


async def test_late_reports_of_the_old_line_end_nothing(exchange: Exchange) -> None:
    sid = await asks(exchange)
    await carrier_events.call_status(exchange.hotline, sid, CallStatus.COMPLETED)
    await carrier_sweep.ask_after_lines(exchange.hotline)
    assert (await exchange.contact(sid)).state is ContactState.WAITING
    assert contact_id_of(sid) in exchange.hotline.writer.deadlines


# Messages of danger --------------------------------------------------------------------------------------------------


async def test_who_pressed_one_and_left_a_message_waits_at_the_front_with_work_and_an_alert(
    exchange: Exchange,
) -> None:
    first = await exchange.call(SECOND)
    await queued(exchange, first)
    sid = await exchange.call(FIRST)
    await queued(exchange, sid)
    await presses(exchange, sid, "1")
    await exchange.passes(3)
    await leaves_message(exchange, sid)
    assert heard(exchange, sid, "尽快给您回电")
    assert exchange.carrier.lines[sid].is_over
    contact = await exchange.contact(sid)
    assert (contact.state, contact.call_state) == (ContactState.WAITING, CallState.CALL_BACK)
    assert exchange.hotline.matcher.place(contact) == 1
    (owed,) = await all_of(exchange, Followup)
    assert owed.kind is FollowupKind.CALL_BACK
    assert owed.due_at <= exchange.clock.now() + timedelta(minutes=1)
    (alert,) = await all_of(exchange, Alert)
    assert (alert.contact_id, alert.state) == (contact.id, AlertState.PROPOSED)
    assert contact.alert_id == alert.id
    assert contact.id in exchange.hotline.writer.deadlines


async def test_a_message_that_tells_of_danger_only_once_it_is_read_waits_again(exchange: Exchange) -> None:
    await closes(exchange)
    sid = await exchange.call(FIRST)
    await leaves_message(exchange, sid, "我在楼顶。")
    contact = await exchange.contact(sid)
    assert (contact.state, contact.level) == (ContactState.WAITING, Level.IMMINENT)
    assert contact.call_state == CallState.CALL_BACK
    assert len(await all_of(exchange, Alert)) == 1
    assert len(await all_of(exchange, Followup)) == 1
    someone = await counselor(exchange.hotline)
    await exchange.settle()
    await exchange.accepts(someone)
    await exchange.passes(20)
    assert (await exchange.contact(sid)).call_state == CallState.BRIDGED


async def test_who_hangs_up_after_speaking_of_danger_is_not_over_either(exchange: Exchange) -> None:
    sid = await exchange.call(FIRST)
    await queued(exchange, sid)
    await presses(exchange, sid, "2")
    while exchange.carrier.lines[sid].record is None:
        await exchange.passes(1)
    await exchange.says(sid, "我在楼顶。")
    await exchange.hangs_up(sid)
    contact = await exchange.contact(sid)
    assert (contact.state, contact.call_state) == (ContactState.WAITING, CallState.CALL_BACK)
    assert len(await all_of(exchange, Alert)) == 1


async def test_a_message_of_danger_without_a_number_waits_for_somebody_who_decides(
    exchange: Exchange,
) -> None:
    sid = await exchange.call("anonymous")
    await queued(exchange, sid)
    await presses(exchange, sid, "1")
    await exchange.passes(3)
    await leaves_message(exchange, sid)
    (owed,) = await all_of(exchange, Followup)
    assert owed.kind is FollowupKind.REVIEW
    someone = await counselor(exchange.hotline)
    await exchange.settle()
    await exchange.accepts(someone)
    await exchange.passes(30)
    contact = await exchange.contact(sid)
    assert (contact.state, contact.counselor_id) == (ContactState.ACTIVE, someone.staff_id)
    assert await exchange.legs(sid) == []
    await contact_actions.end_conversation(exchange.hotline, someone, contact.id)


async def test_a_harmless_message_ends_the_wait_as_before(exchange: Exchange) -> None:
    sid = await exchange.call(FIRST)
    await queued(exchange, sid)
    await leaves_message(exchange, sid, "我想预约。")
    contact = await exchange.contact(sid)
    assert (contact.state, contact.end_reason) == (ContactState.CLOSED, "left_message")


async def test_a_message_that_somebody_has_worked_already_does_not_come_back(exchange: Exchange) -> None:
    await closes(exchange)
    sid = await exchange.call(FIRST)
    await leaves_message(exchange, sid)
    (message,) = await all_of(exchange, Voicemail)
    boss = await supervisor(exchange.hotline)
    await voicemails.take(exchange.hotline, boss, message.id)
    late = {"transcript_sid": "GT1", "sequence": "1", "track": "inbound_track", "text": "我在楼顶。"}
    await carrier_events.transcript_line(exchange.hotline, sid, **late)
    await exchange.settle()
    assert (await exchange.contact(sid)).level is Level.IMMINENT
    assert (await exchange.contact(sid)).state is ContactState.CLOSED


# Back from an outside party -------------------------------------------------------------------------------------------


async def handed_over(call: Call, clock: SetClock) -> Line:
    """To the partner's telephone, where a key is pressed: the line there."""
    await call_transfers.transfer_to_number(
        call.hotline, call.own, call.id, mode=TransferMode.COLD, number=PARTNER, kind=LegKind.PARTNER
    )
    await call.passes(10)
    (party,) = [each for each in call.exchange.carrier.lines.values() if each.to == PARTNER]
    call.exchange.carrier.press(party.sid, "1", clock.now())
    await call.passes(3)
    return party


async def test_whoever_was_handed_over_has_a_way_back_when_the_other_line_ends(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    async with connected_call(migrated_url, tmp_path, clock) as call:
        party = await handed_over(call, clock)
        contact = await call.contact()
        assert (contact.state, contact.call_state) == (ContactState.WRAP_UP, CallState.HANDED_OVER)
        sheet = closing.CloseSheet("referred", "已转给合作机构", Level.LOW)
        await closing.close(call.hotline, call.own, call.id, sheet)
        await call.exchange.hangs_up(party.sid)
        await call.passes(8)
        contact = await call.contact()
        assert (contact.state, contact.call_state) == (ContactState.WAITING, CallState.QUEUED)
        assert contact.interrupted_since is not None
        assert any("对方的线路断开了" in each for each in call.line.heard)
        assert not call.line.is_over
        assert [each.text for each in await call.hotline.reader.where(Note)] == ["已转给合作机构"]
        offer = await call.exchange.accepts(call.own)
        assert offer.contact_id == call.id
        await call.passes(10)
        contact = await call.contact()
        assert (contact.call_state, contact.transcript) == (CallState.BRIDGED, "live")


@pytest.mark.parametrize(("level", "to_front"), [(Level.LOW, False), (Level.HIGH, True)])
async def test_after_a_goodbye_outside_the_caller_is_taken_back_in_turn_and_at_risk_at_the_front(
    migrated_url: str, tmp_path: Path, clock: SetClock, level: Level, to_front: bool
) -> None:
    async with connected_call(migrated_url, tmp_path, clock) as call:
        await risk.override(call.hotline, call.own, call.id, level=level, reason="按谈话")
        party = await handed_over(call, clock)
        await call.passes(31)
        await call.exchange.hangs_up(party.sid)
        await call.passes(8)
        contact = await call.contact()
        assert (contact.state, contact.call_state) == (ContactState.WAITING, CallState.QUEUED)
        assert (contact.interrupted_since is not None) is to_front
        words = "对方的线路断开了。您现在排在最前面" if to_front else "对方已经挂断了。请不要挂断"
        assert any(words in each for each in call.line.heard)
        assert not call.line.is_over
        offer = await call.exchange.accepts(call.own)
        assert offer.contact_id == call.id, "for a moment whom they had before"


async def test_a_caller_who_hangs_up_first_after_a_hand_over_is_over(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    async with connected_call(migrated_url, tmp_path, clock) as call:
        await handed_over(call, clock)
        await call.exchange.hangs_up(call.sid)
        await call.passes(3)
        contact = await call.contact()
        assert (contact.state, contact.call_state) == (ContactState.WRAP_UP, CallState.ENDED)


async def test_who_asks_to_be_called_while_somebody_is_being_asked_is_called_by_them(
    exchange: Exchange,
) -> None:
    sid = await exchange.call(FIRST)
    await queued(exchange, sid)
    someone = await counselor(exchange.hotline)
    await exchange.settle()
    assert (await exchange.contact(sid)).offer_id is not None
    await presses(exchange, sid, "3")
    contact = await exchange.contact(sid)
    assert contact.call_state == CallState.CALL_BACK
    assert not heard(exchange, sid, "请在提示音以后留言")
    await exchange.accepts(someone)
    await exchange.passes(20)
    assert (await exchange.contact(sid)).call_state == CallState.BRIDGED
    assert len(exchange.carrier.rooms[contact.id].members) == 2
