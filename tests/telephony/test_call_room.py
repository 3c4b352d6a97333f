"""The room of a call through signed webhooks and the carrier's own requests: who hears whom, who is on hold, who is left."""

import random
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hotline.actions import call_room as room
from hotline.actions import call_transfers, carrier_sweep, contacts
from hotline.actions import presence as presence_actions
from hotline.actions import staff as staff_actions
from hotline.actions.staff import OPERATOR
from hotline.domain.access import Actor, Role
from hotline.domain.call_room import Failure, HoldWhy, TransferMode, TransferState, room_of
from hotline.domain.calls import LegKind, LegState, Supervision, live_legs
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.ids import StaffId
from hotline.domain.presence import Presence, PresenceState
from hotline.errors import Forbidden, HotlineError, Invalid, NotFound, WrongState
from hotline.telephony.simulated_post import Faults
from tests.conftest import SetClock
from tests.scene import available, counselor, staff, supervisor
from tests.telephony.connected_call import Call, connected_call
from tests.telephony.exchange import nothing_owed

INTERPRETER = "+8613800001111"


def transfer_state(contact: Contact) -> TransferState | None:
    transfer = room_of(contact).transfer
    return transfer.state if transfer is not None else None


@pytest.fixture
async def call(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Call]:
    async with connected_call(migrated_url, tmp_path, clock) as call:
        yield call


async def test_the_caller_hears_words_and_music_on_hold_and_then_the_counselor_again(call: Call) -> None:
    own = await call.line_of(LegKind.COUNSELOR)
    await room.hold(call.hotline, call.own, call.id, on=True)
    await call.passes(1)
    assert await call.why_held() is HoldWhy.HOLD
    assert any("请稍等" in each for each in call.line.heard)
    assert call.hears(own) == set()
    await room.hold(call.hotline, call.own, call.id, on=True)  # said again
    await room.hold(call.hotline, call.own, call.id, on=False)
    await call.passes(1)
    assert await call.why_held() is None
    assert call.hears(own) == {call.sid}


async def test_what_the_caller_hears_on_hold_is_no_turn_of_the_counselor(call: Call) -> None:
    await room.hold(call.hotline, call.own, call.id, on=True)
    await call.passes(1)
    await call.exchange.says(call.sid, "请稍等，您的咨询员马上回来。", track="outbound_track")
    await call.exchange.says(call.sid, "好的，我等。")
    assert [each.text for each in await call.exchange.messages(call.sid)] == ["好的，我等。"]


async def test_an_interpreter_is_rung_into_the_room_held_and_let_go(call: Call) -> None:
    contact, party_id = await room.add_party(
        call.hotline, call.own, call.id, kind=LegKind.INTERPRETER, number="+86 138-0000-1111"
    )
    (rung,) = [each for each in room_of(contact).parties if each.id == party_id]
    assert (rung.kind, rung.state, rung.number_masked) == (LegKind.INTERPRETER, LegState.OWED, "138****1111")
    await call.passes(3)
    theirs = await call.line_of(LegKind.INTERPRETER)
    own = await call.line_of(LegKind.COUNSELOR)
    assert call.hears(theirs) == {call.sid, own}, "three speak together"
    await room.hold_party(call.hotline, call.own, call.id, party_id, on=True)
    await call.passes(1)
    assert (call.hears(call.sid), call.hears(theirs)) == ({own}, set())
    await room.hold_party(call.hotline, call.own, call.id, party_id, on=False)
    await call.passes(1)
    assert call.hears(own) == {call.sid, theirs}
    await room.remove_party(call.hotline, call.own, call.id, party_id)
    await call.passes(1)
    assert call.exchange.carrier.lines[theirs].is_over
    assert [each.kind for each in room_of(await call.contact()).parties] == [LegKind.COUNSELOR]
    assert not call.line.is_over


async def test_a_party_that_does_not_answer_is_told_and_given_up(call: Call) -> None:
    call.exchange.carrier.never_answers.add(INTERPRETER)
    await room.add_party(call.hotline, call.own, call.id, kind=LegKind.GUARDIAN, number=INTERPRETER)
    await call.passes(40)
    shown = room_of(await call.contact())
    assert [each.kind for each in shown.parties] == [LegKind.COUNSELOR]
    assert shown.unanswered is not None
    assert (shown.unanswered.kind, shown.unanswered.failure) == (LegKind.GUARDIAN, Failure.NO_ANSWER)
    assert (await call.contact()).call_state == "bridged"


async def test_who_may_do_what_in_a_room(call: Call) -> None:
    other = await counselor(call.hotline)
    with pytest.raises(Forbidden):
        await room.hold(call.hotline, other, call.id, on=True)
    with pytest.raises(Forbidden):
        await room.supervise(call.hotline, call.own, call.id, Supervision.MONITOR)
    for wrong in ("12", "abc", "+1 (900) CALL", "1" * 16):
        with pytest.raises(Invalid):
            await room.add_party(call.hotline, call.own, call.id, kind=LegKind.OTHER, number=wrong)
    own_leg = await call.leg(LegKind.COUNSELOR)
    with pytest.raises(NotFound):
        await room.remove_party(call.hotline, call.own, call.id, own_leg.id)
    with pytest.raises(WrongState):
        await call_transfers.complete_transfer(call.hotline, call.own, call.id)


async def test_a_warm_transfer_is_completed(call: Call) -> None:
    second = await counselor(call.hotline)
    await call_transfers.transfer_to_staff(
        call.hotline, call.own, call.id, mode=TransferMode.WARM, staff_id=second.staff_id
    )
    await call.passes(3)
    own, theirs = await call.line_of(LegKind.COUNSELOR), await call.line_of(LegKind.CONSULTED)
    assert await call.why_held() is HoldWhy.CONSULT
    assert any("商量" in each for each in call.line.heard)
    assert call.hears(theirs) == {own}, "the two speak, the caller hears nothing of it"
    contact = await call.contact()
    assert second.staff_id in contact.joined
    assert transfer_state(contact) is TransferState.CONSULTING
    await call_transfers.complete_transfer(call.hotline, call.own, call.id)
    await call.passes(2)
    contact = await call.contact()
    assert (contact.counselor_id, contact.call_state, contact.joined) == (second.staff_id, "bridged", [])
    assert await call.why_held() is None
    assert call.hears(call.sid) == {theirs}
    assert call.exchange.carrier.lines[own].is_over
    assert room_of(contact).transfer is None
    for actor, calls in ((call.own, 0), (second, 1)):
        presence = await call.hotline.reader.find(Presence, actor.staff_id)
        assert presence is not None
        assert presence.calls == calls


@pytest.mark.parametrize("mode", TransferMode)
async def test_nobody_is_asked_who_looks_away_but_for_a_supervisors_reason(
    call: Call, mode: TransferMode
) -> None:
    second, boss = await counselor(call.hotline), await supervisor(call.hotline)
    await presence_actions.set_state(call.hotline, second, PresenceState.ON_BREAK, reason=None, minutes=None)
    target: dict[str, Any] = {"mode": mode, "staff_id": second.staff_id}
    with pytest.raises(WrongState) as refused:
        await call_transfers.transfer_to_staff(call.hotline, call.own, call.id, **target)
    assert refused.value.code == "looks_away"
    with pytest.raises(Forbidden):
        await call_transfers.transfer_to_staff(call.hotline, call.own, call.id, **target, override="急")
    await call_transfers.transfer_to_staff(call.hotline, boss, call.id, **target, override="已经说好")
    await call.passes(3)
    if mode is TransferMode.WARM:
        await call_transfers.complete_transfer(call.hotline, call.own, call.id)
        await call.passes(2)
    assert (await call.contact()).counselor_id == second.staff_id


async def test_a_colleague_who_may_not_take_it_any_more_is_refused_and_the_call_stays(call: Call) -> None:
    second = await counselor(call.hotline)
    await call_transfers.transfer_to_staff(
        call.hotline, call.own, call.id, mode=TransferMode.WARM, staff_id=second.staff_id
    )
    await call.passes(3)
    before, lines = await call.contact(), call.mates()
    await presence_actions.set_state(call.hotline, second, PresenceState.ON_BREAK, reason=None, minutes=None)
    with pytest.raises(WrongState) as refused:
        await call_transfers.complete_transfer(call.hotline, call.own, call.id)
    assert refused.value.code == "looks_away"
    await call.passes(2)
    assert (await call.contact(), call.mates()) == (before, lines)
    await presence_actions.set_state(call.hotline, second, PresenceState.AVAILABLE, reason=None, minutes=None)
    await call_transfers.complete_transfer(call.hotline, call.own, call.id)
    assert (await call.contact()).counselor_id == second.staff_id


async def test_a_warm_transfer_is_cancelled(call: Call) -> None:
    second = await counselor(call.hotline)
    await call_transfers.transfer_to_staff(
        call.hotline, call.own, call.id, mode=TransferMode.WARM, staff_id=second.staff_id
    )
    await call.passes(3)
    theirs = await call.line_of(LegKind.CONSULTED)
    await call_transfers.cancel_transfer(call.hotline, call.own, call.id)
    await call.passes(2)
    contact = await call.contact()
    assert (contact.counselor_id, contact.joined) == (call.own.staff_id, [])
    assert await call.why_held() is None
    assert call.exchange.carrier.lines[theirs].is_over


async def test_a_colleague_who_does_not_pick_up_leaves_the_caller_with_the_first_counselor(
    call: Call,
) -> None:
    second = await counselor(call.hotline)
    call.exchange.carrier.never_answers.add(second.staff_id)
    await call_transfers.transfer_to_staff(
        call.hotline, call.own, call.id, mode=TransferMode.WARM, staff_id=second.staff_id
    )
    await call.passes(3)
    assert await call.why_held() is HoldWhy.CONSULT
    await call.passes(25)
    contact = await call.contact()
    assert (contact.counselor_id, contact.joined) == (call.own.staff_id, [])
    assert transfer_state(contact) is TransferState.FAILED
    assert await call.why_held() is None
    third = await counselor(call.hotline)
    await call_transfers.transfer_to_staff(
        call.hotline, call.own, call.id, mode=TransferMode.WARM, staff_id=third.staff_id
    )


async def test_a_colleague_who_has_a_call_is_not_asked(call: Call) -> None:
    busy = await counselor(call.hotline)
    await call.exchange.call("+8613912345678")
    await call.exchange.accepts(busy)
    with pytest.raises(WrongState, match="no room"):
        await call_transfers.transfer_to_staff(
            call.hotline, call.own, call.id, mode=TransferMode.WARM, staff_id=busy.staff_id
        )


async def test_a_warm_transfer_by_skill_asks_who_has_it_and_is_free(call: Call) -> None:
    with pytest.raises(WrongState) as refused:
        await call_transfers.consult_skill(call.hotline, call.own, call.id, skill="violence")
    assert refused.value.code == "nobody_with_skill"
    with pytest.raises(Invalid):
        await call_transfers.consult_skill(call.hotline, call.own, call.id, skill="astrology")


@pytest.mark.parametrize("last", ["caller", "partner"])
async def test_a_cold_transfer_to_a_number_hands_the_caller_over_once_a_person_answers(
    call: Call, last: str
) -> None:
    await call_transfers.transfer_to_number(
        call.hotline, call.own, call.id, mode=TransferMode.COLD, number="+861012320", kind=LegKind.PARTNER
    )
    await call.passes(3)
    theirs = await call.line_of(LegKind.PARTNER)
    assert await call.why_held() is HoldWhy.TRANSFER
    assert any("按任意键" in each for each in call.exchange.carrier.lines[theirs].heard)
    assert call.hears(theirs) == set(), "a machine would get no caller"
    call.exchange.carrier.press(theirs, "1", call.exchange.clock.now())
    await call.passes(2)
    contact = await call.contact()
    assert (contact.state, contact.end_reason, contact.call_state, contact.hung_up_by) == (
        ContactState.WRAP_UP,
        "handed_over",
        "handed_over",
        None,
    )
    assert call.hears(call.sid) == {theirs}
    assert not call.line.held
    assert call.line.transcription is None, "what the two say is not written down"
    await call.exchange.hangs_up(call.sid if last == "caller" else theirs)
    await call.passes(15)
    contact = await call.contact()
    if last == "caller":
        assert (contact.call_state, contact.hung_up_by) == ("ended", "person")
        assert all(line.is_over for line in call.exchange.carrier.lines.values())
    else:
        assert (contact.state, contact.call_state) == (ContactState.WAITING, "queued")
        assert any("对方的线路断开了" in each for each in call.line.heard), "nobody is left in an empty room"
    assert await nothing_owed(call.exchange)


async def test_a_number_that_does_not_answer_gives_the_caller_back(call: Call) -> None:
    call.exchange.carrier.never_answers.add("+861012320")
    await call_transfers.transfer_to_number(
        call.hotline, call.own, call.id, mode=TransferMode.COLD, number="+861012320", kind=LegKind.PARTNER
    )
    await call.passes(60)
    contact = await call.contact()
    assert (contact.state, contact.counselor_id) == (ContactState.ACTIVE, call.own.staff_id)
    assert await call.why_held() is None
    assert transfer_state(contact) is TransferState.FAILED


async def test_a_warm_transfer_to_a_number_is_completed(call: Call) -> None:
    await call_transfers.transfer_to_number(
        call.hotline,
        call.own,
        call.id,
        mode=TransferMode.WARM,
        number="120",
        kind=LegKind.EMERGENCY_DESK,
    )
    await call.passes(3)
    theirs = await call.line_of(LegKind.EMERGENCY_DESK)
    assert call.hears(theirs) == {await call.line_of(LegKind.COUNSELOR)}
    await call_transfers.complete_transfer(call.hotline, call.own, call.id)
    await call.passes(2)
    assert call.hears(theirs) == {call.sid}
    assert (await call.contact()).state is ContactState.WRAP_UP


async def test_a_counselor_whose_line_drops_has_a_way_back(call: Call) -> None:
    await call.exchange.hangs_up(await call.line_of(LegKind.COUNSELOR))
    contact = await call.contact()
    assert (contact.state, contact.counselor_id) == (ContactState.ACTIVE, call.own.staff_id)
    assert room_of(contact).back_until == call.exchange.clock.now() + timedelta(seconds=20)
    assert await call.why_held() is HoldWhy.LOST
    assert any("线路断了" in each for each in call.line.heard)
    await call.passes(3)
    assert (await call.contact()).call_state == "bridged"
    assert await call.why_held() is None
    assert call.hears(call.sid) == {await call.line_of(LegKind.COUNSELOR)}


async def test_who_speaks_with_a_caller_keeps_them_though_the_console_is_gone(call: Call) -> None:
    """Their telephone is a line of its own: a browser that died must not cut off two who talk."""
    await presence_actions.disconnected(call.hotline, call.own.staff_id)
    await call.passes(30)
    contact = await call.contact()
    assert (contact.state, contact.counselor_id) == (ContactState.ACTIVE, call.own.staff_id)
    assert call.hears(call.sid) == {await call.line_of(LegKind.COUNSELOR)}
    call.exchange.carrier.never_answers.add(call.own.staff_id)
    await call.exchange.hangs_up(await call.line_of(LegKind.COUNSELOR))
    await call.passes(25)
    assert (await call.contact()).state is ContactState.WAITING
    assert not call.line.is_over


async def test_a_browser_that_comes_back_late_is_rung_again(call: Call) -> None:
    carrier = call.exchange.carrier
    carrier.unreachable_until[call.own.staff_id] = call.exchange.clock.now() + timedelta(seconds=12)
    await call.exchange.hangs_up(await call.line_of(LegKind.COUNSELOR))
    await call.passes(8)
    assert await call.why_held() is HoldWhy.LOST
    await call.passes(8)
    assert await call.why_held() is None
    assert (await call.contact()).counselor_id == call.own.staff_id


async def test_after_twenty_seconds_the_caller_goes_to_the_front(call: Call) -> None:
    call.exchange.carrier.never_answers.add(call.own.staff_id)
    await call.exchange.hangs_up(await call.line_of(LegKind.COUNSELOR))
    await call.passes(19)
    assert (await call.contact()).state is ContactState.ACTIVE
    await call.passes(3)
    contact = await call.contact()
    assert (contact.state, contact.interrupted_since is not None) == (ContactState.WAITING, True)
    assert not call.line.is_over
    presence = await call.hotline.reader.find(Presence, call.own.staff_id)
    assert presence is not None
    assert (presence.state, presence.calls) == (PresenceState.NOT_READY, 0)
    other = await counselor(call.hotline)
    await call.exchange.settle()
    await call.exchange.accepts(other)
    await call.passes(5)
    assert (await call.contact()).call_state == "bridged"


async def test_a_consulted_colleague_takes_over_from_a_counselor_who_does_not_come_back(call: Call) -> None:
    second = await counselor(call.hotline)
    await call_transfers.transfer_to_staff(
        call.hotline, call.own, call.id, mode=TransferMode.WARM, staff_id=second.staff_id
    )
    await call.passes(3)
    call.exchange.carrier.never_answers.add(call.own.staff_id)
    await call.exchange.hangs_up(await call.line_of(LegKind.COUNSELOR))
    await call.passes(23)
    contact = await call.contact()
    assert (contact.state, contact.counselor_id) == (ContactState.ACTIVE, second.staff_id)
    assert await call.why_held() is None
    assert call.hears(call.sid) == {await call.line_of(LegKind.COUNSELOR)}


async def test_who_hung_up_is_kept(call: Call) -> None:
    await contacts.end_conversation(call.hotline, call.own, call.id)
    await call.exchange.settle()
    assert (await call.contact()).hung_up_by == "counselor"


async def test_a_caller_who_hangs_up_takes_everybody_out_of_the_room(call: Call) -> None:
    await room.add_party(call.hotline, call.own, call.id, kind=LegKind.INTERPRETER, number=INTERPRETER)
    boss = await available(call.hotline, await staff(call.hotline, Role.SUPERVISOR))
    await room.supervise(call.hotline, boss, call.id, Supervision.MONITOR)
    await call.passes(3)
    await call.exchange.hangs_up(call.sid)
    await call.passes(2)
    assert (await call.contact()).hung_up_by == "person"
    assert all(line.is_over for line in call.exchange.carrier.lines.values())
    assert {leg.state for leg in await call.exchange.legs(call.sid)} == {LegState.ENDED}


@pytest.mark.parametrize("change", [{"roles": [Role.COUNSELOR]}, {"disabled": True}])
async def test_a_supervisor_who_is_none_any_more_hears_no_call_any_further(
    call: Call, change: dict[str, Any]
) -> None:
    boss = await available(call.hotline, await staff(call.hotline, Role.SUPERVISOR))
    await room.supervise(call.hotline, boss, call.id, Supervision.MONITOR)
    await call.passes(3)
    theirs, own = await call.line_of(LegKind.SUPERVISOR), await call.line_of(LegKind.COUNSELOR)
    await staff_actions.change(call.hotline, OPERATOR, boss.staff_id, roles=[Role.SUPERVISOR, Role.AUDITOR])
    await call.passes(1)
    assert not call.exchange.carrier.lines[theirs].is_over
    await staff_actions.change(call.hotline, OPERATOR, boss.staff_id, **change)
    await call.passes(1)
    assert call.exchange.carrier.lines[theirs].is_over
    assert [each.kind for each in room_of(await call.contact()).parties] == [LegKind.COUNSELOR]
    assert call.hears(own) == {call.sid}, "the call goes on"


async def test_what_the_carrier_never_reported_is_asked(call: Call) -> None:
    await room.add_party(call.hotline, call.own, call.id, kind=LegKind.INTERPRETER, number=INTERPRETER)
    await call.passes(3)
    theirs = call.exchange.carrier.lines[await call.line_of(LegKind.INTERPRETER)]
    theirs.status_callback = ""
    await call.exchange.hangs_up(theirs.sid)
    assert len(room_of(await call.contact()).parties) == 2
    await carrier_sweep.ask_after_lines(call.hotline)
    await call.exchange.settle()
    assert len(room_of(await call.contact()).parties) == 1
    own = call.exchange.carrier.lines[await call.line_of(LegKind.COUNSELOR)]
    own.status_callback = ""
    await call.exchange.hangs_up(own.sid)
    await carrier_sweep.ask_after_lines(call.hotline)
    await call.exchange.settle()
    assert await call.why_held() is HoldWhy.LOST


async def test_a_colleague_must_be_there(call: Call) -> None:
    away = await staff(call.hotline, Role.COUNSELOR)
    for mode in TransferMode:
        with pytest.raises(WrongState) as refused:
            await call_transfers.transfer_to_staff(
                call.hotline, call.own, call.id, mode=mode, staff_id=StaffId(away.staff_id)
            )
        assert refused.value.code == "not_there"


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_room_under_late_double_lost_and_refused_traffic_leaves_nobody_on_hold(
    migrated_url: str, tmp_path: Path, clock: SetClock, seed: int
) -> None:
    async with connected_call(migrated_url, tmp_path, clock, seed=seed) as call:
        call.exchange.carrier.post.faults = Faults(twice=0.4, late=0.5, lost=0.2, refused_orders=0.3)
        chance = random.Random(seed)
        others = [await counselor(call.hotline) for _ in range(2)]
        for _ in range(25):
            await _something_happens(call, others, chance)
            await call.passes(chance.uniform(0, 6))
        call.exchange.carrier.post.faults = Faults()
        await call.passes(75)  # every retry and deadline of a room
        await carrier_sweep.ask_after_lines(call.hotline)
        await call.passes(75)
        contact = await call.contact()
        live = live_legs(await call.exchange.legs(call.sid))
        if contact.state is ContactState.ACTIVE:
            assert await call.why_held() in (None, HoldWhy.HOLD, HoldWhy.CONSULT)
            assert sorted(leg.sid or "" for leg in live) == sorted(call.mates()), "the room is as we say"
        else:
            assert live == [] or contact.call_state == "handed_over"
        await call.exchange.hangs_up(call.sid)
        await call.passes(60)
        assert (await call.contact()).call_state == "ended"
        assert all(line.is_over for line in call.exchange.carrier.lines.values())
        assert await nothing_owed(call.exchange)


async def _something_happens(call: Call, others: list[Actor], chance: random.Random) -> None:
    """By whoever holds the call now; what is not possible then is refused."""
    contact = await call.contact()
    held = next((each for each in (call.own, *others) if each.staff_id == contact.counselor_id), call.own)
    to = chance.choice(others).staff_id
    with suppress(HotlineError):
        match chance.randrange(7):
            case 0:
                await room.hold(call.hotline, held, call.id, on=chance.random() < 0.5)
            case 1:
                await room.add_party(
                    call.hotline, held, call.id, kind=LegKind.INTERPRETER, number=INTERPRETER
                )
            case 2:
                mode = chance.choice(list(TransferMode))
                await call_transfers.transfer_to_staff(call.hotline, held, call.id, mode=mode, staff_id=to)
            case 3:
                await call_transfers.complete_transfer(call.hotline, held, call.id)
            case 4:
                await call_transfers.cancel_transfer(call.hotline, held, call.id)
            case 5:
                legs = live_legs(await call.exchange.legs(call.sid))
                if legs and (sid := chance.choice(legs).sid):
                    await call.exchange.hangs_up(sid)
            case _:
                for actor in (call.own, *others):
                    await call.exchange.accepts_if_offered(actor)
