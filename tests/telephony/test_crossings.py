"""Two things that happen at once on a line: whoever comes second changes nothing for the worse."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.actions import call_legs
from hotline.actions import contacts as contact_actions
from hotline.domain import kept_places
from hotline.domain.calls import CallState
from hotline.domain.contacts import ContactState
from hotline.domain.followups import Followup, FollowupKind
from hotline.telephony.call_rooms import PersonCall
from hotline.telephony.carrier import CallSid, CallStatus
from tests.conftest import SetClock
from tests.scene import counselor
from tests.telephony.connected_call import connected_call
from tests.telephony.door import all_of, presses, queued
from tests.telephony.exchange import Exchange, contact_id_of, open_exchange
from tests.telephony.test_kept_places import FIRST, asks, handed_over


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Exchange]:
    async with open_exchange(migrated_url, tmp_path, clock) as exchange:
        yield exchange
        assert exchange.carrier.problems == []


@pytest.mark.parametrize(("key", "owed"), [("1", [FollowupKind.CALL_BACK]), ("", [])])
async def test_who_hangs_up_at_risk_while_the_counselors_phone_rings_is_owed_a_call_back(
    exchange: Exchange, key: str, owed: list[FollowupKind]
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
    assert [each.kind for each in await all_of(exchange, Followup)] == owed


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
