"""Messages left on the line, and calls back that callers ask for, through signed webhooks."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from hotline.actions import listening, voicemails
from hotline.domain.calls import CallState
from hotline.domain.contacts import ContactState
from hotline.domain.followups import Followup, FollowupKind
from hotline.domain.listenings import Listening
from hotline.domain.voicemails import Audio, Voicemail, VoicemailOutcome, VoicemailState
from hotline.errors import Forbidden, WrongState
from hotline.telephony.carrier import CallSid, CarrierBusy
from hotline.telephony.simulated_post import Faults
from tests.conftest import SetClock
from tests.scene import counselor, signed_in, supervisor
from tests.telephony.door import all_of, closes, heard, presses, queued
from tests.telephony.exchange import Exchange, contact_id_of, open_exchange
from triage.assessment import Level


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Exchange]:
    async with open_exchange(migrated_url, tmp_path, clock, calls_per_hour=3) as exchange:
        yield exchange
        assert exchange.carrier.problems == []


# Messages ----------------------------------------------------------------------------------------------------


async def leaves_message(exchange: Exchange, *, words: str = "", number: str = "+8613912341234") -> str:
    sid = await exchange.call(number)
    await presses(exchange, sid, "2")
    for _ in range(40):
        if exchange.carrier.lines[sid].record is not None:
            break
        await exchange.passes(1)
    if words:
        await exchange.passes(2)
        await exchange.says(sid, words)
    return sid


async def test_a_message_is_kept_sealed_and_becomes_work(exchange: Exchange) -> None:
    await closes(exchange)
    sid = await leaves_message(exchange, words="我想找人聊聊，请给我回电。")
    await exchange.passes(20)
    assert heard(exchange, sid, "留言收到了")
    assert exchange.carrier.lines[sid].is_over
    (message,) = await all_of(exchange, Voicemail)
    assert (message.state, message.audio) == (VoicemailState.OPEN, Audio.KEPT)
    assert message.transcript == "我想找人聊聊，请给我回电。"
    assert message.contact_id == contact_id_of(sid)
    assert (await exchange.contact(sid)).state is ContactState.CLOSED
    assert all(tape.status == "deleted" for tape in exchange.carrier.tapes.tapes.values()) or not (
        exchange.carrier.tapes.tapes
    )


async def test_a_message_is_taken_by_one_heard_with_a_note_and_done(exchange: Exchange) -> None:
    await closes(exchange)
    await leaves_message(exchange)
    await exchange.passes(20)
    (message,) = await all_of(exchange, Voicemail)
    someone, other = await counselor(exchange.hotline), await counselor(exchange.hotline)
    with pytest.raises(WrongState):
        await listening.to_voicemail(exchange.hotline, someone, message.id, reason="听留言")
    await voicemails.take(exchange.hotline, someone, message.id)
    with pytest.raises(WrongState):
        await voicemails.done(exchange.hotline, someone, message.id, outcome=VoicemailOutcome.NOTHING_NEEDED)
    noted = await listening.to_voicemail(exchange.hotline, someone, message.id, reason="听留言")
    found = await listening.to_be_heard(exchange.hotline, someone, message.id, noted.id)
    assert b"".join([each async for each in found.pieces(exchange.hotline)])[:4] == b"RIFF"
    (kept,) = await all_of(exchange, Listening)
    assert (kept.reason, kept.staff_id, kept.sound_id) == ("听留言", someone.staff_id, message.id)
    with pytest.raises(Forbidden):
        await listening.to_voicemail(exchange.hotline, other, message.id, reason="x")
    with pytest.raises(Forbidden):
        await listening.to_be_heard(exchange.hotline, other, message.id, noted.id)
    done = await voicemails.done(
        exchange.hotline, someone, message.id, outcome=VoicemailOutcome.CALL_BACK_PLANNED
    )
    assert done.state is VoicemailState.DONE
    (planned,) = await all_of(exchange, Followup)
    assert planned.kind is FollowupKind.CALL_BACK


async def test_a_message_is_streamed_in_ranges_to_who_said_why(exchange: Exchange) -> None:
    await closes(exchange)
    await leaves_message(exchange)
    await exchange.passes(20)
    (message,) = await all_of(exchange, Voicemail)
    someone = await counselor(exchange.hotline)
    await voicemails.take(exchange.hotline, someone, message.id)
    token = await signed_in(exchange.hotline, someone.staff_id)
    async with aiohttp.ClientSession(exchange.base, headers={"Authorization": f"Bearer {token}"}) as client:
        path = f"/voicemails/{message.id}"
        async with client.get(f"/sounds/{message.id}") as refused:
            assert refused.status == 403
        async with client.post(f"/api{path}/listen", json={"reason": " "}) as refused:
            assert refused.status == 422
        async with client.post(f"/api{path}/listen", json={"reason": "回复留言"}) as answer:
            audio = (await answer.json())["audio"]
        async with client.get(audio) as answer:
            assert (answer.status, answer.content_type) == (200, "audio/wav")
            whole = await answer.read()
        async with client.get(audio, headers={"Range": "bytes=4-9"}) as answer:
            assert (answer.status, await answer.read()) == (206, whole[4:10])
            assert answer.headers["Content-Range"] == f"bytes 4-9/{len(whole)}"
        other = await signed_in(exchange.hotline, (await supervisor(exchange.hotline)).staff_id)
        async with client.get(audio, headers={"Authorization": f"Bearer {other}"}) as refused:
            assert refused.status == 403


async def test_danger_in_a_message_shortens_its_time_and_plans_a_call_back(exchange: Exchange) -> None:
    await closes(exchange)
    await leaves_message(exchange, words="我在楼顶。")
    await exchange.passes(20)
    (message,) = await all_of(exchange, Voicemail)
    assert message.level is Level.IMMINENT
    within = exchange.hotline.rules.call_back_within
    assert message.due_at <= exchange.clock.now() + within
    assert (await exchange.contact(next(iter(exchange.carrier.lines)))).alert_id is not None
    await exchange.passes(within.total_seconds() * 2 + 60)
    (message,) = await all_of(exchange, Voicemail)
    assert message.fell_due
    assert message.overdue_rung >= 1


async def test_who_hangs_up_before_the_tone_leaves_nothing(exchange: Exchange) -> None:
    await closes(exchange)
    sid = await exchange.call()
    await presses(exchange, sid, "2")
    await exchange.hangs_up(sid)
    await exchange.passes(700)
    assert {each.state for each in await all_of(exchange, Voicemail)} == {VoicemailState.EMPTY}


async def test_a_message_of_which_nothing_was_told_is_asked_for(exchange: Exchange) -> None:
    await closes(exchange)
    sid = await leaves_message(exchange)
    await exchange.passes(2)
    assert not exchange.carrier.lines[sid].is_over
    exchange.carrier.post.faults = Faults(lost=1.0)
    await exchange.hangs_up(sid)
    exchange.carrier.post.faults = Faults()
    exchange.carrier.tapes.begin("CA" + "9" * 32, "", exchange.clock.now(), "RecordVerb")  # of somebody else
    await exchange.passes(700)
    (message,) = await all_of(exchange, Voicemail)
    assert (message.state, message.audio) == (VoicemailState.OPEN, Audio.KEPT)
    assert message.seconds
    assert message.due_at > exchange.clock.now()


async def test_the_carrier_is_asked_again_for_a_message_until_it_answers(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert exchange.hotline.carrier is not None
    recorder = exchange.hotline.carrier.recorder
    assert recorder is not None

    async def busy(_call_sid: CallSid) -> None:
        raise CarrierBusy("It is down for a while.")

    monkeypatch.setattr(recorder, "left_after_tone", busy)
    await closes(exchange)
    sid = await leaves_message(exchange)
    await exchange.passes(2)
    assert not exchange.carrier.lines[sid].is_over
    exchange.carrier.post.faults = Faults(lost=1.0)
    await exchange.hangs_up(sid)
    exchange.carrier.post.faults = Faults()
    await exchange.passes(900)
    assert {each.state for each in await all_of(exchange, Voicemail)} == {VoicemailState.EMPTY}
    monkeypatch.undo()
    await exchange.passes(900)
    assert {each.state for each in await all_of(exchange, Voicemail)} == {VoicemailState.OPEN}


async def test_the_sound_is_deleted_when_its_time_is_over(exchange: Exchange) -> None:
    await closes(exchange)
    await leaves_message(exchange)
    await exchange.passes(20)
    (message,) = await all_of(exchange, Voicemail)
    someone = await supervisor(exchange.hotline)
    noted = await listening.to_voicemail(exchange.hotline, someone, message.id, reason="x")
    await voicemails.done(exchange.hotline, someone, message.id, outcome=VoicemailOutcome.NOTHING_NEEDED)
    exchange.clock.move(exchange.hotline.rules.recordings_kept_for + timedelta(days=1))
    await exchange.passes(1)
    (message,) = await all_of(exchange, Voicemail)
    assert message.audio is Audio.DELETED
    with pytest.raises(Forbidden):
        await listening.to_be_heard(exchange.hotline, someone, message.id, noted.id)
    with pytest.raises(WrongState):
        await listening.to_voicemail(exchange.hotline, someone, message.id, reason="x")


async def test_who_waits_may_leave_a_message_instead(exchange: Exchange) -> None:
    sid = await exchange.call()
    await queued(exchange, sid)
    await presses(exchange, sid, "2")
    await exchange.passes(1)
    assert (await exchange.contact(sid)).state is ContactState.WAITING
    await exchange.passes(25)
    assert (await exchange.contact(sid)).end_reason == "left_message"
    (message,) = await all_of(exchange, Voicemail)
    assert message.state is VoicemailState.OPEN


# Calls back --------------------------------------------------------------------------------------------------


async def test_three_while_waiting_keeps_the_place_as_a_call_back(exchange: Exchange) -> None:
    sid = await exchange.call()
    since = exchange.clock.now()
    await queued(exchange, sid)
    await presses(exchange, sid, "3")
    await exchange.passes(20)
    assert heard(exchange, sid, "您的位置为您留着")
    assert exchange.carrier.lines[sid].is_over
    contact = await exchange.contact(sid)
    assert (contact.state, contact.call_state) == (ContactState.WAITING, CallState.CALL_BACK)
    assert contact.waiting_since == since
    (owed,) = await all_of(exchange, Followup)
    assert owed.kind is FollowupKind.CALL_BACK
    assert owed.due_at == since + exchange.hotline.rules.call_back_within


async def test_outside_the_hours_the_call_back_is_owed_when_it_opens(exchange: Exchange) -> None:
    await closes(exchange)
    sid = await exchange.call()
    await presses(exchange, sid, "3")
    (owed,) = await all_of(exchange, Followup)
    assert owed.due_at == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    assert (await exchange.contact(sid)).state is ContactState.CLOSED


async def test_who_hides_the_number_is_told_and_asked_for_a_message(exchange: Exchange) -> None:
    sid = await exchange.call("anonymous")
    await queued(exchange, sid)
    await presses(exchange, sid, "3")
    assert heard(exchange, sid, "看不到您的号码")
    assert (await exchange.contact(sid)).state is ContactState.WAITING
    await exchange.passes(10)
    assert exchange.carrier.lines[sid].queue is not None
