"""A recorded call from the counselor's question to the last deletion, through the simulated carrier's own requests."""

from __future__ import annotations

import io
import random
import wave
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select

from hotline.actions import closing, legal_holds, listening, people, recordings, sound_troubles
from hotline.actions import contacts as contact_actions
from hotline.actions.closing import CloseSheet
from hotline.domain.access import Actor, Role
from hotline.domain.change import Change
from hotline.domain.contacts import Contact
from hotline.domain.ids import PersonId, VoicemailId
from hotline.domain.listenings import Listening
from hotline.domain.recordings import Recording, RecordingState
from hotline.domain.sound_troubles import Trouble
from hotline.domain.voicemails import Audio, Voicemail, VoicemailState
from hotline.errors import Forbidden, WrongState
from hotline.storage.tables.system import JournalRow
from hotline.telephony.simulated_post import Faults
from hotline.telephony.simulated_recordings import Tape
from tests.conftest import SetClock
from tests.scene import ADMIN, counselor, signed_in, staff, supervisor
from tests.telephony.exchange import Exchange, contact_id_of, nothing_owed, open_exchange
from triage.assessment import Level


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Exchange]:
    async with open_exchange(migrated_url, tmp_path, clock, record_calls=True) as exchange:
        yield exchange
        assert exchange.carrier.problems == []


async def bridged(exchange: Exchange) -> tuple[str, Actor]:
    """A call that is being served."""
    someone = await counselor(exchange.hotline)
    sid = await exchange.call()
    line, queue = exchange.carrier.lines[sid], f"{exchange.base}/twilio/queue?contact={contact_id_of(sid)}"
    exchange.carrier.redirect(
        line, queue, exchange.clock.now()
    )  # past notices and menu: other tests hear them
    await exchange.settle()
    await exchange.accepts(someone)
    await exchange.passes(10)
    assert (await exchange.contact(sid)).call_state == "bridged"
    return sid, someone


async def recorded(exchange: Exchange, seconds: float = 20) -> tuple[str, Actor]:
    """A call that was recorded and is over."""
    sid, someone = await bridged(exchange)
    contact = await exchange.contact(sid)
    await recordings.consent(exchange.hotline, someone, contact.id, agreed=True)
    await exchange.passes(seconds)
    await contact_actions.end_conversation(exchange.hotline, someone, contact.id)
    await exchange.settle()
    return sid, someone


async def only(exchange: Exchange) -> Recording:
    (recording,) = await exchange.hotline.reader.where(Recording)
    return recording


async def journal_of(exchange: Exchange, subject: str) -> list[str]:
    table = JournalRow.__table__  # type: ignore[attr-defined]
    rows = await exchange.hotline.reader.rows(select(table.c.what).where(table.c.subject == subject))
    return [row[0] for row in rows]


def files(exchange: Exchange) -> list[Path]:
    folder = exchange.hotline.settings.data_dir / "recordings"
    return sorted(folder.iterdir()) if folder.is_dir() else []


async def heard(exchange: Exchange, recording: Recording) -> bytes:
    pieces = exchange.hotline.audio.open_audio(recording.id, recording.file_key or "", recording.size or 0)
    return b"".join([each async for each in pieces])


async def test_a_call_is_recorded_paused_resumed_fetched_sealed_and_removed_at_the_carrier(
    exchange: Exchange,
) -> None:
    sid, someone = await bridged(exchange)
    contact = await exchange.contact(sid)
    assert contact.recording is None
    await recordings.consent(exchange.hotline, someone, contact.id, agreed=True)
    assert (await exchange.contact(sid)).recording == "starting"
    await exchange.passes(10)
    assert (await exchange.contact(sid)).recording == "recording"
    paused = await recordings.set_paused(exchange.hotline, someone, contact.id, paused=True)
    assert paused.recording == "pausing"
    await exchange.passes(5)
    assert (await exchange.contact(sid)).recording == "paused"
    await recordings.set_paused(exchange.hotline, someone, contact.id, paused=False)
    await exchange.passes(10)
    assert (await exchange.contact(sid)).recording == "recording"

    await contact_actions.end_conversation(exchange.hotline, someone, contact.id)
    await exchange.settle()
    recording = await only(exchange)
    assert (recording.state, recording.at_carrier, recording.trouble) == (RecordingState.KEPT, False, None)
    assert (await exchange.contact(sid)).recording is None
    assert exchange.carrier.tapes.tapes == {}
    assert await nothing_owed(exchange)

    with wave.open(io.BytesIO(await heard(exchange, recording))) as sound:
        assert sound.getframerate() == 8000
        voice = [any(sound.readframes(8000)) for _ in range(sound.getnframes() // 8000)]
    assert (voice.count(True), voice.count(False)) == (20, 5)
    assert voice[0]
    assert voice[-1]
    (file,) = files(exchange)
    assert b"RIFF" not in file.read_bytes()
    said = await journal_of(exchange, recording.id)
    assert said == [
        "begun", "started", "to_be_paused", "paused", "to_be_running", "running", "finished", "kept",
        "removed_at_carrier",
    ]  # fmt: skip


async def test_nothing_is_recorded_without_an_answer_after_a_no_or_without_the_policy(
    exchange: Exchange,
) -> None:
    sid, someone = await bridged(exchange)
    contact = await exchange.contact(sid)
    await exchange.passes(10)
    assert contact.recording_consent is None
    await recordings.consent(exchange.hotline, someone, contact.id, agreed=False)
    await exchange.passes(10)
    assert await exchange.hotline.reader.where(Recording) == []
    assert exchange.carrier.tapes.tapes == {}


async def test_without_the_policy_consent_alone_records_nothing(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    async with open_exchange(migrated_url, tmp_path, clock) as exchange:
        await recorded(exchange)
        assert await exchange.hotline.reader.where(Recording) == []


async def test_consent_withdrawn_ends_it_and_nothing_is_kept_anywhere(exchange: Exchange) -> None:
    sid, someone = await bridged(exchange)
    contact = await exchange.contact(sid)
    await recordings.consent(exchange.hotline, someone, contact.id, agreed=True)
    await exchange.passes(10)
    await recordings.consent(exchange.hotline, someone, contact.id, agreed=False)
    await exchange.settle()
    recording = await only(exchange)
    assert (recording.state, recording.deleted_why) == (RecordingState.DELETED, "not_wanted")
    assert (await exchange.contact(sid)).recording is None
    assert exchange.carrier.tapes.tapes == {}
    assert files(exchange) == []


async def test_a_pause_that_the_carrier_refuses_is_shown_as_none(exchange: Exchange) -> None:
    sid, someone = await bridged(exchange)
    contact = await exchange.contact(sid)
    await recordings.consent(exchange.hotline, someone, contact.id, agreed=True)
    await exchange.passes(5)
    exchange.carrier.tapes.refuses_changes = True
    await recordings.set_paused(exchange.hotline, someone, contact.id, paused=True)
    await exchange.settle()
    assert (await exchange.contact(sid)).recording == "not_paused"
    exchange.carrier.tapes.refuses_changes = False
    await recordings.set_paused(exchange.hotline, someone, contact.id, paused=True)
    await exchange.settle()
    assert (await exchange.contact(sid)).recording == "paused"


async def test_an_end_that_is_never_reported_is_asked_for(exchange: Exchange) -> None:
    exchange.carrier.post.faults = Faults(lost=0.0)
    sid, someone = await bridged(exchange)
    contact = await exchange.contact(sid)
    await recordings.consent(exchange.hotline, someone, contact.id, agreed=True)
    await exchange.passes(5)
    exchange.carrier.post.faults = Faults(lost=1.0)
    await contact_actions.end_conversation(exchange.hotline, someone, contact.id)
    await exchange.settle()
    assert (await only(exchange)).state is RecordingState.RUNNING
    await exchange.passes(125)
    assert (await only(exchange)).state is RecordingState.KEPT
    assert exchange.carrier.tapes.tapes == {}


@pytest.mark.parametrize("seed", range(3))
async def test_late_doubled_and_lost_reports_and_a_busy_carrier_end_in_one_kept_recording(
    migrated_url: str, tmp_path: Path, clock: SetClock, seed: int
) -> None:
    async with open_exchange(migrated_url, tmp_path, clock, seed=seed, record_calls=True) as exchange:
        sid, someone = await bridged(exchange)
        contact = await exchange.contact(sid)
        exchange.carrier.post.faults = Faults(twice=0.5, late=0.5, lost=0.3, refused_orders=0.3)
        chance = random.Random(seed)
        await recordings.consent(exchange.hotline, someone, contact.id, agreed=True)
        for _ in range(4):
            await exchange.passes(chance.random() * 8)
            paused = chance.random() < 0.5
            await recordings.set_paused(exchange.hotline, someone, contact.id, paused=paused)
        await exchange.passes(20)
        await exchange.hangs_up(sid)
        await exchange.passes(600)
        exchange.carrier.post.faults = Faults()
        await exchange.passes(4 * 3600)
        (recording,) = await exchange.hotline.reader.where(Recording)
        assert (recording.state, recording.at_carrier) == (RecordingState.KEPT, False)
        assert exchange.carrier.tapes.tapes == {}
        assert (await heard(exchange, recording)).startswith(b"RIFF")


async def test_what_could_not_be_fetched_is_shown_and_fetched_when_the_carrier_is_back(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    sid, someone = await bridged(exchange)
    contact = await exchange.contact(sid)
    await recordings.consent(exchange.hotline, someone, contact.id, agreed=True)
    await exchange.passes(5)
    with monkeypatch.context() as broken:
        broken.setattr(Tape, "sound", lambda _tape: b"<html>sorry</html>")
        await contact_actions.end_conversation(exchange.hotline, someone, contact.id)
        for _ in range(9):
            await exchange.passes(31)  # the outbox's longest pause
        recording = await only(exchange)
        assert (recording.state, recording.trouble) == (RecordingState.FINISHED, "not_fetched")
        watching = await supervisor(exchange.hotline)
        (troubled,) = await sound_troubles.in_trouble(exchange.hotline, watching)
        assert (troubled.sound, troubled.trouble) == (recording, Trouble.NOT_FETCHED)
        assert files(exchange) == []
    await sound_troubles.try_again(exchange.hotline, watching, recording.id)
    await exchange.passes(31)
    assert (await only(exchange)).state is RecordingState.KEPT
    assert await sound_troubles.in_trouble(exchange.hotline, watching) == []


# Through the menu ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("keys", "agreed"), [((), True), (("2",), False)])
async def test_who_was_told_and_stays_is_recorded_who_presses_the_key_is_not(
    exchange: Exchange, keys: tuple[str, ...], agreed: bool
) -> None:
    sid = await exchange.call()
    await exchange.passes(20)  # the language is chosen by saying nothing; the notice is being heard
    for key in keys:
        exchange.carrier.press(sid, key, exchange.clock.now())
    await exchange.passes(40)
    someone = await counselor(exchange.hotline)
    await exchange.settle()
    await exchange.accepts(someone)
    await exchange.passes(15)
    contact = await exchange.contact(sid)
    assert (contact.call_state, contact.recording_consent) == ("bridged", agreed)
    assert contact.recording == ("recording" if agreed else None)
    assert bool(exchange.carrier.tapes.tapes) is agreed


# Listening -----------------------------------------------------------------------------------------


async def test_who_listens_says_why_is_noted_and_hears_any_part_of_it(exchange: Exchange) -> None:
    await recorded(exchange)
    recording, watching = await only(exchange), await supervisor(exchange.hotline)
    noted = await listening.to_recording(exchange.hotline, watching, recording.id, reason="投诉复核")
    assert "listened" in await journal_of(exchange, recording.id)
    (kept,) = await exchange.hotline.reader.where(Listening)
    assert (kept.reason, kept.staff_id) == ("投诉复核", watching.staff_id)
    whole = await heard(exchange, recording)
    found = await listening.to_be_heard(exchange.hotline, watching, recording.id, noted.id)
    assert found.size == len(whole)


async def test_nobody_listens_without_the_permission_or_on_another_s_reason(exchange: Exchange) -> None:
    _sid, someone = await recorded(exchange)
    recording = await only(exchange)
    auditor, admin = await staff(exchange.hotline, Role.AUDITOR), await staff(exchange.hotline, Role.ADMIN)
    for actor in (someone, auditor, admin):
        with pytest.raises(Forbidden):
            await listening.to_recording(exchange.hotline, actor, recording.id, reason="x")
    one, other = await supervisor(exchange.hotline), await supervisor(exchange.hotline)
    noted = await listening.to_recording(exchange.hotline, one, recording.id, reason="x")
    with pytest.raises(Forbidden):
        await listening.to_be_heard(exchange.hotline, other, recording.id, noted.id)
    exchange.clock.move(timedelta(hours=1))
    with pytest.raises(Forbidden):
        await listening.to_be_heard(exchange.hotline, one, recording.id, noted.id)


# Deletion and hold ---------------------------------------------------------------------------------


async def test_after_its_time_it_is_deleted_with_its_key_and_file(exchange: Exchange) -> None:
    await recorded(exchange)
    recording, watching = await only(exchange), await supervisor(exchange.hotline)
    assert len(files(exchange)) == 1
    exchange.clock.move(timedelta(days=180))
    await exchange.passes(1)
    recording = await only(exchange)
    assert (recording.state, recording.deleted_why, recording.file_key) == (
        RecordingState.DELETED,
        "retention",
        None,
    )
    assert files(exchange) == []
    with pytest.raises(WrongState, match="deleted"):
        await listening.to_recording(exchange.hotline, watching, recording.id, reason="x")


async def test_a_legal_hold_stops_deletion_until_it_is_lifted(exchange: Exchange) -> None:
    sid, _ = await recorded(exchange)
    contact, watching = await exchange.contact(sid), await supervisor(exchange.hotline)
    hold = await legal_holds.place(exchange.hotline, watching, contact.id, reason="法院来函")
    with pytest.raises(WrongState) as again:
        await legal_holds.place(exchange.hotline, watching, contact.id, reason="x")
    assert again.value.code == "held_already"
    exchange.clock.move(timedelta(days=400))
    await exchange.passes(1)
    assert (await only(exchange)).state is RecordingState.KEPT
    await legal_holds.lift(exchange.hotline, watching, contact.id, reason="案件结束")
    await exchange.passes(1)
    assert (await only(exchange)).state is RecordingState.DELETED
    assert files(exchange) == []
    assert await journal_of(exchange, hold.id) == ["placed", "lifted"]


async def closed(exchange: Exchange, sid: str, someone: Actor) -> Contact:
    contact = await exchange.contact(sid)
    await closing.close(exchange.hotline, someone, contact.id, CloseSheet("supported", "—", Level.LOW))
    return await exchange.contact(sid)


async def test_forgetting_a_person_takes_the_recording_along_unless_it_is_under_hold(
    exchange: Exchange,
) -> None:
    sid, someone = await recorded(exchange)
    contact = await closed(exchange, sid, someone)
    recording, watching = await only(exchange), await supervisor(exchange.hotline)
    person_id = PersonId(contact.person_id or "")
    await legal_holds.place(exchange.hotline, watching, contact.id, reason="x")
    with pytest.raises(WrongState) as refused:
        await people.erase(exchange.hotline, ADMIN, person_id)
    assert refused.value.code == "legal_hold"
    await legal_holds.lift(exchange.hotline, watching, contact.id, reason="x")
    await people.erase(exchange.hotline, ADMIN, person_id)
    await exchange.settle()
    gone = await only(exchange)
    assert (gone.id, gone.state, gone.deleted_why, gone.file_key) == (
        recording.id,
        RecordingState.DELETED,
        "erased",
        None,
    )
    assert files(exchange) == []


async def test_a_message_left_on_the_line_is_held_and_forgotten_like_a_recording(exchange: Exchange) -> None:
    sid, someone = await recorded(exchange)
    contact = await closed(exchange, sid, someone)
    watching = await supervisor(exchange.hotline)

    async def voice() -> AsyncIterator[bytes]:
        yield b"RIFF"

    stored = await exchange.hotline.audio.store_audio("vml_1", voice())
    message = Voicemail(
        id=VoicemailId("vml_1"),
        contact_id=contact.id,
        state=VoicemailState.DONE,
        level=Level.LOW,
        language="zh",
        due_at=exchange.clock.now(),
        created_at=exchange.clock.now(),
        ended_at=exchange.clock.now(),
        audio=Audio.KEPT,
        audio_key=stored.key,
        audio_size=stored.size,
    )
    await exchange.hotline.writer.run(lambda _: Change(save=(message,)))
    await legal_holds.place(exchange.hotline, watching, contact.id, reason="x")
    exchange.clock.move(timedelta(days=400))
    await exchange.passes(1)
    assert [each.stem for each in files(exchange)] == sorted([(await only(exchange)).id, "vml_1"])
    await legal_holds.lift(exchange.hotline, watching, contact.id, reason="x")
    await people.erase(exchange.hotline, ADMIN, PersonId(contact.person_id or ""))
    await exchange.settle()
    assert files(exchange) == []


# In trouble ----------------------------------------------------------------------------------------


async def test_a_file_that_is_gone_is_found_looked_for_again_and_given_up_with_a_reason(
    exchange: Exchange,
) -> None:
    hotline = exchange.hotline
    await recorded(exchange)
    recording, watching = await only(exchange), await supervisor(hotline)
    (file,) = files(exchange)
    sealed = file.read_bytes()
    await sound_troubles.look_for_files(hotline)
    assert hotline.sounds_in_trouble == 0
    file.write_bytes(sealed[:-1])
    await sound_troubles.look_for_files(hotline)
    assert [each.trouble for each in await sound_troubles.in_trouble(hotline, watching)] == [Trouble.BROKEN]
    file.unlink()
    await sound_troubles.look_for_files(hotline)
    assert [each.trouble for each in await sound_troubles.in_trouble(hotline, watching)] == [Trouble.MISSING]
    assert hotline.sounds_in_trouble == 1
    file.write_bytes(sealed)
    await sound_troubles.try_again(hotline, watching, recording.id)
    assert await sound_troubles.in_trouble(hotline, watching) == []
    file.unlink()
    await sound_troubles.look_for_files(hotline)
    await legal_holds.place(hotline, watching, recording.contact_id, reason="x")
    with pytest.raises(WrongState):
        await sound_troubles.give_up(hotline, watching, recording.id, reason="x")
    await legal_holds.lift(hotline, watching, recording.contact_id, reason="x")
    with pytest.raises(Forbidden):
        await sound_troubles.give_up(hotline, await counselor(hotline), recording.id, reason="x")
    await sound_troubles.give_up(hotline, watching, recording.id, reason="磁盘坏了")
    gone = await only(exchange)
    assert (gone.state, gone.deleted_why, gone.given_up_reason) == (
        RecordingState.DELETED,
        "given_up",
        "磁盘坏了",
    )
    assert await sound_troubles.in_trouble(hotline, watching) == []
    assert "given_up" in await journal_of(exchange, recording.id)
    with pytest.raises(WrongState):
        await sound_troubles.try_again(hotline, watching, recording.id)


async def test_a_deletion_that_is_late_is_shown_and_done_at_once(exchange: Exchange) -> None:
    hotline = exchange.hotline
    await recorded(exchange)
    recording, watching = await only(exchange), await supervisor(hotline)
    exchange.clock.move(hotline.rules.recordings_kept_for + timedelta(hours=2))  # and no worker wakes
    (troubled,) = await sound_troubles.in_trouble(hotline, watching)
    assert troubled.trouble is Trouble.OVERDUE
    with pytest.raises(WrongState):
        await sound_troubles.give_up(hotline, watching, recording.id, reason="x")
    await sound_troubles.try_again(hotline, watching, recording.id)
    await exchange.settle()
    assert (await only(exchange)).state is RecordingState.DELETED
    assert (await sound_troubles.in_trouble(hotline, watching), files(exchange)) == ([], [])


# The sound over HTTP -------------------------------------------------------------------------------


async def test_the_sound_is_streamed_in_ranges_uncached_to_a_player_alone(exchange: Exchange) -> None:
    await recorded(exchange)
    recording = await only(exchange)
    whole = await heard(exchange, recording)
    watching = await supervisor(exchange.hotline)
    token = await signed_in(exchange.hotline, watching.staff_id)
    async with aiohttp.ClientSession(exchange.base, headers={"Authorization": f"Bearer {token}"}) as client:
        path = f"/api/recordings/{recording.id}"
        async with client.get(f"/sounds/{recording.id}?listening=lis_nobody") as refused:
            assert refused.status == 403
        async with client.post(f"{path}/listen", json={"reason": " "}) as refused:
            assert refused.status == 422
        async with client.post(f"{path}/listen", json={"reason": "质控"}) as answer:
            assert answer.status == 200
            audio = (await answer.json())["audio"]
        async with client.get(audio) as answer:
            assert (answer.status, answer.content_type) == (200, "audio/wav")
            assert answer.headers["Cache-Control"] == "no-store, private"
            assert "attachment" not in answer.headers["Content-Disposition"]
            assert await answer.read() == whole
        for asked, start, end in (
            ("bytes=0-0", 0, 1),
            ("bytes=70000-140000", 70_000, 140_001),
            ("bytes=-44", len(whole) - 44, len(whole)),
            ("bytes=100-99999999", 100, len(whole)),
        ):
            async with client.get(audio, headers={"Range": asked}) as answer:
                assert answer.status == 206
                assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(whole)}"
                assert await answer.read() == whole[start:end]
        for asked in ("bytes=99999999-", "bytes=-", "bytes=5-2", "lines=1-2"):
            async with client.get(audio, headers={"Range": asked}) as answer:
                assert answer.status == 416
        async with client.get(audio, headers={"Sec-Fetch-Dest": "document"}) as refused:
            assert refused.status == 403
        async with client.get(f"/api/contacts/{recording.contact_id}/recordings") as answer:
            shown = await answer.json()
            assert [each["reason"] for each in shown["listened"]] == ["质控"]
            assert shown["recordings"][0]["next"]["what"] == "recording_deleted"
