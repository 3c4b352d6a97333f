"""Two things that happen at once on a line: whoever comes second changes nothing for the worse."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.actions import call_legs, calling_back, carrier_sweep, phones, presence, transfers
from hotline.actions import contacts as contact_actions
from hotline.domain import kept_places
from hotline.domain.calls import CallState
from hotline.domain.contacts import ContactState, EndedBy
from hotline.domain.followups import Followup, FollowupKind, FollowupState
from hotline.domain.presence import PresenceState
from hotline.telephony.call_rooms import PersonCall
from hotline.telephony.carrier import CallSid, CallStatus, CarrierBusy
from hotline.telephony.simulated_post import Faults
from tests.conftest import SetClock
from tests.scene import counselor
from tests.telephony.connected_call import connected_call
from tests.telephony.door import all_of, presses, queued
from tests.telephony.exchange import Exchange, contact_id_of, open_exchange
from tests.telephony.test_calling_back import PERSON, contact_now, now_is, owed
from tests.telephony.test_kept_places import FIRST, SECOND, asks, handed_over, leaves_message
from triage.assessment import Level


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Exchange]:
    async with open_exchange(migrated_url, tmp_path, clock) as exchange:
        yield exchange
        assert exchange.carrier.problems == []


@pytest.mark.parametrize(("key", "kinds"), [("1", [FollowupKind.CALL_BACK]), ("", [])])
async def test_who_hangs_up_at_risk_while_the_counselors_phone_rings_is_owed_a_call_back(
    exchange: Exchange, key: str, kinds: list[FollowupKind]
) -> None:
    sid = await exchange.call(FIRST)
    await queued(exchange, sid)
    if key:
        await presses(exchange, sid, key)
    someone = await counselor(exchange.hotline)
    exchange.carrier.never_answers.add(str(someone.staff_id))
    await exchange.settle()
    await exchange.accepts(someone)
    await exchange.passes(2)
    await exchange.hangs_up(sid)
    contact = await exchange.contact(sid)
    assert (contact.state, contact.counselor_id) == (ContactState.WRAP_UP, someone.staff_id)
    assert [each.kind for each in await all_of(exchange, Followup)] == kinds


async def test_who_calls_while_they_are_being_called_keeps_danger_and_place(exchange: Exchange) -> None:
    sid = await exchange.call(FIRST)
    await queued(exchange, sid)
    await presses(exchange, sid, "1")
    await exchange.passes(3)
    await leaves_message(exchange, sid)
    await exchange.call(SECOND)
    someone = await counselor(exchange.hotline)
    exchange.carrier.never_answers.add(FIRST)
    await exchange.settle()
    await exchange.accepts(someone)
    await exchange.passes(5)
    again = await exchange.call(FIRST)
    await exchange.passes(1)
    contact = await exchange.contact(again)
    assert contact.level is Level.HIGH
    earlier = await exchange.contact(sid)
    assert (earlier.state, earlier.end_reason) == (ContactState.CLOSED, "called_again")
    (rung,) = [each for each in exchange.carrier.lines.values() if each.to == FIRST]
    assert rung.is_over
    (owed,) = await all_of(exchange, Followup)
    assert owed.state is FollowupState.CANCELLED
    offer = await exchange.accepts(someone)
    assert offer.contact_id == contact.id


async def test_a_place_that_went_back_to_the_queue_is_nobodys_call_back(exchange: Exchange) -> None:
    await asks(exchange)
    someone = await counselor(exchange.hotline)
    exchange.carrier.never_answers.add(str(someone.staff_id))
    await exchange.settle()
    await exchange.accepts(someone)
    await exchange.passes(30)
    (owed,) = await all_of(exchange, Followup)
    assert (owed.state, owed.owner_id) == (FollowupState.OPEN, None)
    await exchange.call(FIRST)
    (owed,) = await all_of(exchange, Followup)
    assert owed.state is FollowupState.CANCELLED


async def test_a_console_that_is_gone_takes_no_call_back_from_a_telephone_that_is_up(
    exchange: Exchange,
) -> None:
    sid = await asks(exchange)
    someone = await counselor(exchange.hotline)
    await phones.use_number(exchange.hotline, someone, "+8613900001234")
    exchange.carrier.never_answers.add(FIRST)
    await exchange.settle()
    await exchange.accepts(someone)
    await exchange.passes(2)
    (own,) = [each for each in exchange.carrier.lines.values() if each.to == "+8613900001234"]
    await presence.disconnected(exchange.hotline, someone.staff_id)
    await exchange.passes(15)
    exchange.carrier.press(own.sid, "1", exchange.clock.now())
    await exchange.passes(8)
    contact = await exchange.contact(sid)
    assert contact.state is ContactState.ACTIVE
    (theirs,) = [each for each in exchange.carrier.lines.values() if each.to == FIRST]
    assert not theirs.is_over


async def test_who_was_called_in_vain_once_is_hung_up_when_the_call_is_over(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    sid = await asks(exchange)
    carrier = exchange.hotline.carrier
    assert carrier is not None
    call_person = carrier.call_person

    async def counselor_goes_meanwhile(call: PersonCall) -> CallSid:
        made = await call_person(call)
        for each in await exchange.legs(sid):
            await call_legs.leg_status(exchange.hotline, each.id, CallStatus.COMPLETED)
        return made

    monkeypatch.setattr(carrier, "call_person", counselor_goes_meanwhile)
    someone = await counselor(exchange.hotline)
    await exchange.settle()
    await exchange.accepts(someone)
    await exchange.passes(5)
    assert kept_places.is_kept(await exchange.contact(sid))
    assert all(each.is_over for each in exchange.carrier.lines.values() if each.to == FIRST)
    monkeypatch.undo()
    await exchange.accepts(someone)
    await exchange.passes(20)
    assert (await exchange.contact(sid)).call_state == CallState.BRIDGED
    await contact_actions.end_conversation(exchange.hotline, someone, contact_id_of(sid))
    await exchange.passes(2)
    assert all(each.is_over for each in exchange.carrier.lines.values() if each.to == FIRST)


async def test_what_is_said_after_a_second_hand_over_is_not_listened_to_either(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    async with connected_call(migrated_url, tmp_path, clock) as call:
        party = await handed_over(call, clock)
        assert call.line.transcription is None
        await call.exchange.hangs_up(party.sid)
        await call.passes(8)
        await call.exchange.accepts(call.own)
        await call.passes(10)
        assert call.line.transcription is not None
        del call.exchange.carrier.lines[party.sid]
        await handed_over(call, clock)
        assert (await call.contact()).call_state == CallState.HANDED_OVER
        assert call.line.transcription is None


async def test_a_call_back_of_whose_end_nothing_was_told_is_a_try_and_no_conversation(
    exchange: Exchange,
) -> None:
    followup = await owed(exchange)
    someone = await counselor(exchange.hotline)
    exchange.carrier.never_answers.add(PERSON)
    contact = await calling_back.start(exchange.hotline, someone, followup.id)
    await exchange.passes(4)
    (line,) = [each for each in exchange.carrier.lines.values() if each.to == PERSON]
    line.status_callback = ""
    await exchange.hangs_up(line.sid)
    await carrier_sweep.ask_after_lines(exchange.hotline)
    over = await contact_now(exchange, contact)
    assert (over.state, over.end_reason) == (ContactState.CLOSED, "not_reached")
    tried = await now_is(exchange, followup)
    assert (tried.state, [each["outcome"] for each in tried.attempts]) == (FollowupState.OPEN, ["no_answer"])


async def test_who_is_fetched_from_last_words_that_are_over_is_called(exchange: Exchange) -> None:
    sid = await exchange.call(FIRST)
    await queued(exchange, sid)
    someone = await counselor(exchange.hotline)
    await exchange.settle()
    await presses(exchange, sid, "3")
    exchange.carrier.post.faults = Faults(lost=1.0)
    await exchange.hangs_up(sid)
    exchange.carrier.post.faults = Faults()
    await exchange.accepts(someone)
    await exchange.passes(20)
    contact = await exchange.contact(sid)
    assert (contact.state, contact.call_state) == (ContactState.ACTIVE, CallState.BRIDGED)
    assert len(exchange.carrier.rooms[contact.id].members) == 2


async def test_a_place_that_is_passed_on_while_the_person_is_rung_stands_and_rings_on_nowhere(
    exchange: Exchange,
) -> None:
    sid = await asks(exchange)
    someone = await counselor(exchange.hotline)
    exchange.carrier.never_answers.add(FIRST)
    await exchange.settle()
    await exchange.accepts(someone)
    await exchange.passes(5)
    await transfers.transfer(
        exchange.hotline, someone, contact_id_of(sid), to_staff_id=None, reason="换一位同事"
    )
    await exchange.passes(3)
    contact = await exchange.contact(sid)
    assert (contact.state, contact.call_state) == (ContactState.WAITING, CallState.CALL_BACK)
    assert all(each.is_over for each in exchange.carrier.lines.values() if each.to == FIRST)


async def test_whoever_is_over_by_our_books_hears_so_in_the_queue(exchange: Exchange) -> None:
    sid = await exchange.call(FIRST)
    await queued(exchange, sid)
    await contact_actions.carrier_ends(
        exchange.hotline, contact_id_of(sid), by=EndedBy.CARRIER, reason="abandoned"
    )
    await exchange.passes(80)
    assert exchange.carrier.lines[sid].is_over


async def test_words_after_a_short_hand_over_are_listened_to_though_the_stop_is_told_late(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    async with connected_call(migrated_url, tmp_path, clock) as call:
        call.exchange.carrier.post.faults = Faults(late=1.0, lateness=timedelta(seconds=30))
        party = await handed_over(call, clock)
        call.exchange.carrier.post.faults = Faults()
        await call.exchange.hangs_up(party.sid)
        await call.passes(8)
        await call.exchange.accepts(call.own)
        await call.passes(40)
        contact = await call.contact()
        assert contact.call_state == CallState.BRIDGED
        assert call.line.transcription is not None
        assert contact.transcript == "live"


@pytest.mark.parametrize("after_seconds", [0.5, 3])
async def test_a_call_back_that_is_stopped_while_it_rings_is_no_conversation_to_be_written_up(
    exchange: Exchange, after_seconds: float
) -> None:
    followup = await owed(exchange)
    someone = await counselor(exchange.hotline)
    exchange.carrier.never_answers.add(PERSON)
    contact = await calling_back.start(exchange.hotline, someone, followup.id)
    await exchange.passes(after_seconds)
    await contact_actions.end_conversation(exchange.hotline, someone, contact.id)
    await exchange.passes(3)
    over = await contact_now(exchange, contact)
    assert (over.state, over.end_reason) == (ContactState.CLOSED, "stopped")
    assert all(each.is_over for each in exchange.carrier.lines.values())
    left = await now_is(exchange, followup)
    assert (left.attempts, left.owner_id) == ([], someone.staff_id)


async def test_a_place_whose_call_back_is_stopped_stands_at_the_front(exchange: Exchange) -> None:
    sid = await asks(exchange)
    someone = await counselor(exchange.hotline)
    exchange.carrier.never_answers.add(FIRST)
    await exchange.settle()
    await exchange.accepts(someone)
    await exchange.passes(5)
    await contact_actions.end_conversation(exchange.hotline, someone, contact_id_of(sid))
    await exchange.passes(3)
    contact = await exchange.contact(sid)
    assert kept_places.is_kept(contact)
    assert contact.interrupted_since is not None
    assert all(each.is_over for each in exchange.carrier.lines.values())


async def test_who_is_taken_before_the_way_back_to_the_queue_was_ordered_keeps_their_new_counselor(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    sid = await exchange.call(FIRST)
    first = await counselor(exchange.hotline)
    await exchange.settle()
    await exchange.accepts(first)
    await exchange.passes(45)
    second = await counselor(exchange.hotline)
    carrier = exchange.hotline.carrier
    assert carrier is not None

    async def is_busy(_call_sid: CallSid, _contact_id: str) -> None:
        raise CarrierBusy("503")

    monkeypatch.setattr(carrier, "return_to_queue", is_busy)
    await presence.set_state(exchange.hotline, first, PresenceState.OFFLINE, reason=None, minutes=None)
    await transfers.transfer(
        exchange.hotline, first, contact_id_of(sid), to_staff_id=None, reason="换一位同事"
    )
    await exchange.settle()
    monkeypatch.undo()
    await exchange.accepts(second)
    await exchange.passes(10)
    contact = await exchange.contact(sid)
    assert (contact.counselor_id, contact.call_state) == (second.staff_id, CallState.BRIDGED)
    assert len(exchange.carrier.rooms[contact.id].members) == 2


async def test_who_asks_for_a_call_back_twice_is_called_once(exchange: Exchange) -> None:
    before = await owed(exchange)
    sid = await exchange.call(PERSON)
    await queued(exchange, sid)
    while exchange.carrier.lines[sid].gathering is None:
        await exchange.passes(1)
    await presses(exchange, sid, "3")
    await exchange.passes(30)
    left = [each for each in await all_of(exchange, Followup) if each.state is FollowupState.OPEN]
    assert [each.contact_id for each in left] == [contact_id_of(sid)]
    assert (await now_is(exchange, before)).state is FollowupState.CANCELLED
