"""What is owed to the carrier is sent once: through busy carriers, lost answers, crashes and changed minds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hotline.actions import contacts as contact_actions
from hotline.actions import offers, outbox
from hotline.actions.carrier_events import entered_queue, incoming_call
from hotline.actions.outbox import pause_after
from hotline.bootstrap import open_hotline
from hotline.domain.access import Actor
from hotline.domain.calls import Leg, LegState
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.offers import Offer
from hotline.domain.presence import Presence
from hotline.service import Hotline
from hotline.settings import load_settings
from hotline.storage.outbox import unsettled
from hotline.telephony.call_recorder import CallRecorder
from hotline.telephony.call_rooms import DutyCall, PartyLeg, PersonCall
from hotline.telephony.carrier import (
    CallGone,
    CallSid,
    CallStatus,
    CarrierBusy,
    CarrierRefused,
    CounselorLeg,
)
from hotline.telephony.messaging import MessageSid, ReceivedText, SentText
from tests.conftest import SetClock, settle
from tests.scene import counselor
from tests.telephony.exchange import PlainEar

Opening = Callable[[], AbstractAsyncContextManager[Hotline]]


class ScriptedCarrier:
    """Does what it is told and fails as it is told. `done` is what really happened."""

    recorder: CallRecorder | None = None

    def __init__(self) -> None:
        self.fails: list[Exception] = []
        self.done: list[str] = []
        self.happens_although_failing = False
        self.hangs = False
        self.acted = asyncio.Event()

    async def _do(self, what: str) -> None:
        if self.fails:
            error = self.fails.pop(0)
            if self.happens_although_failing:
                self.done.append(what)
            raise error
        self.done.append(what)
        self.acted.set()
        if self.hangs:
            await asyncio.Event().wait()

    async def ring_counselor(self, leg: CounselorLeg) -> CallSid:
        await self._do(f"ring {leg.leg_id}")
        return CallSid(f"CA-{leg.leg_id}")

    async def find_leg(
        self, leg: CounselorLeg, since: datetime, *, but_not: Collection[str] = ()
    ) -> CallSid | None:
        return CallSid(f"CA-{leg.leg_id}") if f"ring {leg.leg_id}" in self.done else None

    async def join_room(self, call_sid: CallSid, contact_id: str) -> None:
        await self._do("join")

    async def return_to_queue(self, call_sid: CallSid, contact_id: str) -> None:
        await self._do("return")

    async def hold(self, call_sid: CallSid, contact_id: str, *, on: bool) -> None:
        await self._do("hold")

    async def call_person(self, call: PersonCall) -> CallSid:
        await self._do(f"call {call.contact_id}")
        return CallSid(f"CA-{call.contact_id}")

    async def find_person_call(self, call: PersonCall, since: datetime) -> CallSid | None:
        return CallSid(f"CA-{call.contact_id}") if f"call {call.contact_id}" in self.done else None

    async def ring_party(self, leg: PartyLeg) -> CallSid:
        await self._do(f"ring {leg.leg_id}")
        return CallSid(f"CA-{leg.leg_id}")

    async def find_party(
        self, leg: PartyLeg, since: datetime, *, but_not: Collection[str] = ()
    ) -> CallSid | None:
        return CallSid(f"CA-{leg.leg_id}") if f"ring {leg.leg_id}" in self.done else None

    async def ring_duty(self, call: DutyCall) -> CallSid:
        await self._do(f"ring {call.attempt}")
        return CallSid(f"CA-{call.attempt}")

    async def find_duty(self, call: DutyCall, since: datetime) -> CallSid | None:
        return CallSid(f"CA-{call.attempt}") if f"ring {call.attempt}" in self.done else None

    async def join_duty(self, call_sid: CallSid, contact_id: str) -> None:
        await self._do("join duty")

    async def supervise(self, call_sid: CallSid, contact_id: str, mode: str, coached: CallSid | None) -> None:
        await self._do(f"supervise {mode}")

    async def announce(self, contact_id: str, what: str) -> None:
        await self._do(f"announce {what}")

    async def stop_transcription(self, call_sid: CallSid) -> None:
        await self._do("stop transcribing")

    async def hang_up(self, call_sid: CallSid) -> None:
        await self._do(f"hang up {call_sid}")

    async def call_status(self, call_sid: CallSid) -> CallStatus:
        return CallStatus.IN_PROGRESS

    async def start_transcription(self, call_sid: CallSid, language: str) -> None:
        await self._do("transcribe")

    async def send_message(
        self, to: str, text: str, *, reference: Mapping[str, str] | None = None
    ) -> MessageSid:
        await self._do(f"text {text}")
        return MessageSid(f"SM{len(self.done) - 1}")

    async def find_message(
        self, to: str, text: str, since: datetime, *, but_not: Collection[str] = ()
    ) -> MessageSid | None:
        sids = [f"SM{place}" for place, done in enumerate(self.done) if done == f"text {text}"]
        return next((MessageSid(each) for each in reversed(sids) if each not in but_not), None)

    async def sent_message(self, sid: str) -> SentText:
        return SentText(sid, "sent", None)

    async def received_since(self, since: datetime) -> list[ReceivedText]:
        return []

    async def close(self) -> None:
        pass

    def count(self, word: str) -> int:
        return sum(1 for each in self.done if each.startswith(word))


@pytest.fixture
def carrier() -> ScriptedCarrier:
    return ScriptedCarrier()


@pytest.fixture
def opening(migrated_url: str, tmp_path: Path, clock: SetClock, carrier: ScriptedCarrier) -> Opening:
    settings = load_settings(data_dir=tmp_path, database_url=migrated_url)
    return lambda: open_hotline(settings, clock=clock, assessor=PlainEar(), carrier=carrier, work=False)


@pytest.fixture
async def hotline(opening: Opening) -> AsyncIterator[Hotline]:
    async with opening() as hotline:
        yield hotline


async def send(hotline: Hotline) -> None:
    """Everything that may be sent at this moment."""
    for _ in range(200):
        hotline.outbox.start_due(hotline, hotline.clock.now())
        if not hotline.outbox.is_busy:
            return
        await asyncio.sleep(0.005)
    raise AssertionError("the outbox does not come to rest")


async def accepted_call(hotline: Hotline) -> tuple[Contact, Actor]:
    contact = await incoming_call(hotline, "CA1", "+8613912341234")
    await entered_queue(hotline, contact.id)
    someone = await counselor(hotline)
    await settle(hotline)
    offer = (await hotline.reader.where(Offer))[0]
    return await offers.accept(hotline, someone, offer.id), someone


async def leg_of(hotline: Hotline) -> Leg:
    return (await hotline.reader.where(Leg))[0]


async def test_who_accepts_sees_that_the_phone_rings(hotline: Hotline) -> None:
    contact, _ = await accepted_call(hotline)
    assert (contact.call_state, contact.version) == ("ringing", (await known(hotline, contact)).version)


async def known(hotline: Hotline, contact: Contact) -> Contact:
    found = await hotline.reader.find(Contact, contact.id)
    assert found is not None
    return found


async def test_a_counselor_is_rung_once_and_the_leg_knows_its_call(
    hotline: Hotline, carrier: ScriptedCarrier
) -> None:
    await accepted_call(hotline)
    await send(hotline)
    leg = await leg_of(hotline)
    assert (leg.state, leg.sid) == (LegState.RINGING, f"CA-{leg.id}")
    assert carrier.count("ring") == 1
    assert await unsettled(hotline.reader) == []


async def test_a_busy_carrier_is_asked_again_later_and_not_before(
    hotline: Hotline, carrier: ScriptedCarrier, clock: SetClock
) -> None:
    carrier.fails = [CarrierBusy("429", retry_after=timedelta(seconds=7)), CarrierBusy("503")]
    await accepted_call(hotline)
    await send(hotline)
    clock.move(timedelta(seconds=6))
    await send(hotline)
    assert carrier.count("ring") == 0
    assert len(carrier.fails) == 1, "it was not asked before its time"
    clock.move(timedelta(seconds=1))
    await send(hotline)
    clock.move(timedelta(seconds=2))
    await send(hotline)
    assert carrier.count("ring") == 1
    assert await unsettled(hotline.reader) == []


async def test_an_order_whose_answer_was_lost_is_not_given_twice(
    hotline: Hotline, carrier: ScriptedCarrier, clock: SetClock
) -> None:
    carrier.fails, carrier.happens_although_failing = [CarrierBusy("no answer", unsure=True)], True
    await accepted_call(hotline)
    await send(hotline)
    assert [each.state for each in await unsettled(hotline.reader)] == ["sending"]
    clock.move(timedelta(seconds=2))
    await send(hotline)
    assert carrier.count("ring") == 1
    assert (await leg_of(hotline)).sid is not None


async def test_an_order_that_happened_unheard_and_is_not_wanted_any_more_is_undone(
    hotline: Hotline, carrier: ScriptedCarrier, clock: SetClock
) -> None:
    carrier.fails, carrier.happens_although_failing = [CarrierBusy("no answer", unsure=True)], True
    contact, someone = await accepted_call(hotline)
    await send(hotline)
    await contact_actions.end_conversation(hotline, someone, contact.id)
    clock.move(timedelta(seconds=2))
    await send(hotline)
    leg = await leg_of(hotline)
    assert carrier.count("ring") == 1
    assert f"hang up CA-{leg.id}" in carrier.done
    assert await unsettled(hotline.reader) == []


async def test_an_order_that_did_not_happen_and_is_not_wanted_any_more_is_void(
    hotline: Hotline, carrier: ScriptedCarrier, clock: SetClock
) -> None:
    carrier.fails = [CarrierBusy("no answer", unsure=True)]
    contact, someone = await accepted_call(hotline)
    await send(hotline)
    await contact_actions.end_conversation(hotline, someone, contact.id)
    clock.move(timedelta(seconds=2))
    await send(hotline)
    assert carrier.done == ["hang up CA1"]
    assert await unsettled(hotline.reader) == []


async def test_a_carrier_that_cannot_be_asked_what_it_did_is_not_ordered_again_unasked(
    hotline: Hotline, carrier: ScriptedCarrier, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier.fails, carrier.happens_although_failing = [CarrierBusy("no answer", unsure=True)], True
    find, unheard = carrier.find_leg, [CarrierBusy("503")]

    async def cannot_be_asked(leg: CounselorLeg, *args: Any, **options: Any) -> CallSid | None:
        if unheard:
            raise unheard.pop()
        return await find(leg, *args, **options)

    monkeypatch.setattr(carrier, "find_leg", cannot_be_asked)
    await accepted_call(hotline)
    for _ in range(4):
        await send(hotline)
        clock.move(timedelta(seconds=5))
    assert unheard == []
    assert carrier.count("ring") == 1
    assert (await leg_of(hotline)).sid is not None


async def test_what_breaks_on_our_side_is_given_up_and_holds_nothing_up(
    hotline: Hotline, carrier: ScriptedCarrier, clock: SetClock
) -> None:
    carrier.fails = [KeyError("a bug")] * 8
    await accepted_call(hotline)
    for _ in range(8):
        await send(hotline)
        clock.move(timedelta(seconds=30))
    assert carrier.fails == []
    await send(hotline)
    assert carrier.count("ring") == 0
    assert (await leg_of(hotline)).state is LegState.ENDED
    assert await unsettled(hotline.reader) == []


@pytest.mark.parametrize("part", ["wanted", "sent"])
async def test_an_order_that_cannot_be_decided_holds_up_no_hang_up(
    hotline: Hotline,
    carrier: ScriptedCarrier,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
    part: str,
) -> None:
    def breaks(*_given: Any) -> Any:
        raise KeyError("a bug")

    contact, someone = await accepted_call(hotline)
    broken = replace(outbox._ORDERS["ring_counselor"], **{part: breaks})
    monkeypatch.setitem(outbox._ORDERS, "ring_counselor", broken)
    await send(hotline)
    await contact_actions.end_conversation(hotline, someone, contact.id)
    for _ in range(8):
        await send(hotline)
        clock.move(timedelta(seconds=30))
    assert "hang up CA1" in carrier.done
    assert await unsettled(hotline.reader) == []


async def test_an_order_of_a_later_version_holds_up_no_hang_up(
    hotline: Hotline, carrier: ScriptedCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact, someone = await accepted_call(hotline)
    monkeypatch.delitem(outbox._ORDERS, "ring_counselor")
    await contact_actions.end_conversation(hotline, someone, contact.id)
    await send(hotline)
    assert "hang up CA1" in carrier.done
    assert await unsettled(hotline.reader) == []


@pytest.mark.parametrize("it_was_sent", [True, False])
async def test_after_a_crash_in_the_middle_the_carrier_is_asked(
    opening: Opening,
    carrier: ScriptedCarrier,
    clock: SetClock,
    it_was_sent: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hotline.actions.outbox._FINISH_SECONDS", 0.05)
    async with opening() as hotline:
        await accepted_call(hotline)
        carrier.hangs = True
        hotline.outbox.start_due(hotline, clock.now())
        await asyncio.wait_for(carrier.acted.wait(), 10)
        assert [each.state for each in await unsettled(hotline.reader)] == ["sending"]
    carrier.hangs = False
    if not it_was_sent:
        carrier.done.clear()
    async with opening() as hotline:
        await send(hotline)
        assert carrier.count("ring") == 1
        assert (await leg_of(hotline)).sid is not None
        assert await unsettled(hotline.reader) == []


async def test_what_was_owed_before_a_stop_is_sent_after_it(
    opening: Opening, carrier: ScriptedCarrier
) -> None:
    async with opening() as hotline:
        await accepted_call(hotline)
    assert carrier.done == []
    async with opening() as hotline:
        await send(hotline)
        assert carrier.count("ring") == 1


async def test_a_refused_ring_puts_the_caller_to_the_front(
    hotline: Hotline, carrier: ScriptedCarrier
) -> None:
    carrier.fails = [CarrierRefused("no such client", reason=21211)]
    contact, someone = await accepted_call(hotline)
    await send(hotline)
    after = await hotline.reader.find(Contact, contact.id)
    assert after is not None
    assert (after.state, after.counselor_id) == (ContactState.WAITING, None)
    assert after.interrupted_since is not None
    presence = await hotline.reader.find(Presence, someone.staff_id)
    assert presence is not None
    assert presence.calls == 0


async def test_what_is_no_longer_wanted_is_not_sent(hotline: Hotline, carrier: ScriptedCarrier) -> None:
    contact, someone = await accepted_call(hotline)
    await contact_actions.end_conversation(hotline, someone, contact.id)
    await send(hotline)
    assert carrier.count("ring") == 0
    assert carrier.done == ["hang up CA1"]


async def test_hanging_up_never_overtakes_ringing(hotline: Hotline, carrier: ScriptedCarrier) -> None:
    contact, someone = await accepted_call(hotline)
    hotline.outbox.start_due(hotline, hotline.clock.now())
    await asyncio.wait_for(carrier.acted.wait(), 10)
    await contact_actions.end_conversation(hotline, someone, contact.id)
    await send(hotline)
    leg = await leg_of(hotline)
    assert carrier.done[0] == f"ring {leg.id}"
    assert f"hang up CA-{leg.id}" in carrier.done
    assert "hang up CA1" in carrier.done


async def test_a_caller_who_is_gone_when_fetched_has_hung_up(
    hotline: Hotline, carrier: ScriptedCarrier
) -> None:
    from hotline.actions.call_legs import leg_answered

    contact, _ = await accepted_call(hotline)
    await send(hotline)
    carrier.fails = [CallGone("over", reason=21220)]
    leg = await leg_of(hotline)
    await leg_answered(hotline, leg.id, leg.sid or "")
    await send(hotline)
    after = await hotline.reader.find(Contact, contact.id)
    assert after is not None
    assert (after.state, after.ended_by, after.call_state) == (ContactState.WRAP_UP, "carrier", "ended")
    assert f"hang up {leg.sid}" in carrier.done


async def test_it_gives_up_in_the_end_and_the_caller_is_not_forgotten(
    hotline: Hotline, carrier: ScriptedCarrier, clock: SetClock
) -> None:
    carrier.fails = [CarrierBusy("down")] * 50
    contact, _ = await accepted_call(hotline)
    for _ in range(20):
        await send(hotline)
        clock.move(timedelta(seconds=31))
    assert await unsettled(hotline.reader) == []
    after = await hotline.reader.find(Contact, contact.id)
    assert after is not None
    assert after.state is ContactState.WAITING


def test_pauses_grow_and_end() -> None:
    pauses = [pause_after(attempt) for attempt in range(1, 9)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=1)
    assert pauses[-1] == timedelta(seconds=30)
    assert pause_after(1, timedelta(seconds=9)) == timedelta(seconds=9)
    assert pause_after(8, timedelta(seconds=9)) == timedelta(seconds=30)
