"""What has had its time is forgotten by the worker's pass, on the real store; and what is held or open is not."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from hotline import worker
from hotline.actions import contacts, journal, legal_holds, retention, school_reports
from hotline.domain.access import Role
from hotline.domain.change import Change, Value
from hotline.domain.contacts import Channel, Contact, ContactState, Message, Note, Sender
from hotline.domain.ids import ContactId, MessageId, NoteId, SchoolId, StaffId
from hotline.domain.recordings import RecordingState
from hotline.domain.school_reports import School, SchoolReport
from hotline.domain.shift_swaps import ShiftSwap, SwapState
from hotline.domain.voicemails import Audio, VoicemailState
from hotline.errors import WrongState
from hotline.service import Hotline
from hotline.storage.sealing import Erased
from hotline.storage.working_set import Loaded
from tests.conftest import Opener, SetClock
from tests.domain.old_contacts import NOW, alert, contact, followup, hold, message, report, sound, swap
from tests.scene import staff, supervisor

SAID = "只有我们知道的话"
A_WHILE = timedelta(days=1097)


async def saved(hotline: Hotline, *values: Value) -> None:
    await hotline.writer.run(lambda _loaded: Change(save=values))


def named(name: str, channel: Channel = Channel.CHAT, state: ContactState = ContactState.CLOSED) -> Contact:
    return contact(channel, state, ContactId(name))


async def left(hotline: Hotline) -> set[str]:
    """Contacts whose words are there."""
    return {each.id for each in await hotline.reader.where(Contact) if each.content_erased_at is None}


async def test_words_go_for_ever_and_the_row_stays(hotline: Hotline, clock: SetClock) -> None:
    own = named("con_old")
    turn = Message(
        id=MessageId("msg"), contact_id=own.id, seq=1, sender=Sender.HELP_SEEKER, text=SAID, at=NOW
    )
    note = Note(
        id=NoteId("not"), contact_id=own.id, kind="wrap_up", staff_id=StaffId("stf"), text=SAID, at=NOW
    )
    await saved(hotline, own, turn, note)
    clock.move(A_WHILE - timedelta(days=2))
    await retention.forget_old(hotline)
    assert [each.text for each in await hotline.reader.where(Message)] == [SAID]
    clock.move(timedelta(days=2))
    await retention.forget_old(hotline)
    assert (await hotline.reader.where(Message), await hotline.reader.where(Note)) == ([], [])
    (row,) = await hotline.reader.where(Contact)
    assert (row.nickname, row.content_erased_at, row.closed_at) == (None, clock.now(), NOW)
    entries, _ = await journal.read(hotline, await staff(hotline, Role.AUDITOR), subject=own.id)
    assert [(each.what, each.actor) for each in entries] == [("content_erased", "machine")]
    with pytest.raises(Erased):
        await contacts.keep_feedback(hotline, own.id, 5, SAID)
    await retention.forget_old(hotline)
    assert len((await journal.read(hotline, await staff(hotline, Role.AUDITOR), subject=own.id))[0]) == 1


async def test_the_worker_asks_by_itself(
    opened: Opener, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_LINES_EVERY_TICKS", 1)
    async with opened(work=True) as hotline:
        await saved(hotline, named("con_old"))
        clock.move(A_WHILE)
        async with asyncio.timeout(10):
            while await left(hotline):  # noqa: ASYNC110  (what is waited for is the test's own condition)
                await asyncio.sleep(0.05)


async def test_who_is_held_back_holds_nobody_else_back(
    hotline: Hotline, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One at once, and those who stay are the oldest: the store itself passes them over."""
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    kept = [named(f"con_{each}") for each in ("alert", "task", "hold", "sound", "message", "late")]
    ids = [each.id for each in kept]
    hanging: list[Value] = [
        alert(None, ids[0]),
        followup(None, ids[1]),
        hold(None, ids[2]),
        sound(RecordingState.KEPT, ids[3]),
        message(VoicemailState.DONE, Audio.KEPT, ids[4]),
        followup(NOW + timedelta(days=9), ids[5]),
    ]
    open_one = named("con_open", state=ContactState.WRAP_UP).model_copy(update={"closed_at": None})
    later = NOW + timedelta(hours=1)
    free = named("con_z_free").model_copy(update={"closed_at": later})
    texted = named("con_z_texted", Channel.SMS).model_copy(update={"closed_at": later})
    await saved(hotline, *kept, *hanging, open_one, free, texted)
    clock.move(A_WHILE)
    await retention.forget_old(hotline)
    assert await left(hotline) == {*ids, open_one.id}
    await legal_holds.lift(hotline, await supervisor(hotline), ids[2], reason="结案")
    await retention.forget_old(hotline)
    assert await left(hotline) == {*ids, open_one.id} - {ids[2]}
    clock.move(timedelta(days=9))
    await retention.forget_old(hotline)
    assert ids[5] not in await left(hotline)


async def test_one_that_cannot_be_forgotten_keeps_nobody_else_s_words(
    hotline: Hotline, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget = retention._forget_contact

    def breaks(loaded: Loaded, own: Contact) -> Change:
        if own.id == "con_1":
            raise ValueError
        return forget(loaded, own)

    monkeypatch.setattr(retention, "_forget_contact", breaks)
    await saved(hotline, named("con_1"), named("con_2"), swap(SwapState.LAPSED))
    clock.move(A_WHILE)
    await retention.forget_old(hotline)
    assert await left(hotline) == {"con_1"}
    assert await hotline.reader.where(ShiftSwap) == []


async def test_a_school_s_report_and_a_swap_have_their_time(hotline: Hotline, clock: SetClock) -> None:
    school = School(id=SchoolId("sch_1"), name="第一中学", stage="senior", district="甲区")
    own = named("con_1", Channel.SCHOOL)
    over, offered = swap(SwapState.LAPSED), swap(SwapState.OFFERED)
    offered = offered.model_copy(update={"id": "swp_2"})
    await saved(hotline, school, own, report(of=own.id), over, offered)
    clock.move(timedelta(days=366))
    await retention.forget_old(hotline)
    assert [each.id for each in await hotline.reader.where(ShiftSwap)] == [offered.id]
    (reported,) = await hotline.reader.where(SchoolReport)
    assert "what_happened" in reported.facts
    clock.move(A_WHILE)
    await retention.forget_old(hotline)
    (reported,) = await hotline.reader.where(SchoolReport)
    assert set(reported.facts) == {"level_color", "event_types"}
    with pytest.raises(WrongState) as refused:
        await school_reports.note(hotline, await supervisor(hotline), reported.id, SAID)
    assert refused.value.code == "report_too_old"
