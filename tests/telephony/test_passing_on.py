"""A caller who is passed on with a note: who reads it, and who has the caller when nobody picks up."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.actions import call_transfers
from hotline.actions import presence as presence_actions
from hotline.domain.access import Actor
from hotline.domain.call_room import HoldWhy, TransferMode, room_of
from hotline.domain.calls import LegKind
from hotline.domain.contacts import ContactState, Note
from hotline.domain.offers import Offer
from hotline.domain.presence import Presence, PresenceState
from hotline.live.projections import contact as contact_projection
from hotline.live.projections import offer as offer_projection
from tests.conftest import SetClock
from tests.scene import counselor
from tests.telephony.connected_call import Call, connected_call


@pytest.fixture
async def call(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Call]:
    async with connected_call(migrated_url, tmp_path, clock) as call:
        yield call


async def passed_on_in_vain(call: Call) -> Actor:
    """A cold transfer to a colleague who does not pick up; the colleague."""
    second = await counselor(call.hotline)
    call.exchange.carrier.never_answers.add(second.staff_id)
    await call_transfers.transfer_to_staff(
        call.hotline,
        call.own,
        call.id,
        mode=TransferMode.COLD,
        staff_id=second.staff_id,
        note=" 和姐姐通过电话了 ",
    )
    return second


async def test_a_cold_transfer_that_nobody_picks_up_comes_back_to_who_passed_it_on(call: Call) -> None:
    second = await passed_on_in_vain(call)
    view = await _seen(call)
    assert view["passed_on"] is not None
    assert (view["passed_on"]["note"], view["passed_on"]["came_back"]) == ("和姐姐通过电话了", False)
    await call.passes(30)
    contact, view = await call.contact(), await _seen(call)
    assert (contact.state, contact.counselor_id) == (ContactState.ACTIVE, call.own.staff_id)
    assert (contact.call_state, await call.why_held()) == ("bridged", None)
    assert call.mates() == {await call.line_of(LegKind.COUNSELOR)}
    assert view["passed_on"] is not None
    assert view["passed_on"]["came_back"]
    presence = await call.hotline.reader.find(Presence, second.staff_id)
    assert presence is not None
    assert (presence.state, presence.calls) == (PresenceState.NOT_READY, 0)


async def _seen(call: Call) -> contact_projection.ContactView:
    return contact_projection.view(await call.contact(), call.hotline.directory, call.hotline.rules)


async def test_it_comes_back_once(call: Call) -> None:
    """Who passed it on does not pick up either: then the queue has it, and nobody is rung in circles."""
    await passed_on_in_vain(call)
    call.exchange.carrier.never_answers.add(call.own.staff_id)
    await call.passes(75)
    contact = await call.contact()
    assert (contact.state, contact.interrupted_since is not None) == (ContactState.WAITING, True)
    assert (await _seen(call))["passed_on"] is None, "the queue is read by all counselors"
    assert not call.line.held


async def test_a_cold_transfer_that_nobody_picks_up_ends_at_the_front_of_the_queue(call: Call) -> None:
    second = await passed_on_in_vain(call)
    await presence_actions.set_state(
        call.hotline, call.own, PresenceState.ON_BREAK, reason=None, minutes=None
    )
    await call.passes(3)
    assert await call.why_held() is HoldWhy.TRANSFER
    await call.passes(25)
    contact = await call.contact()
    assert (contact.state, contact.interrupted_since is not None) == (ContactState.WAITING, True)
    assert not call.line.is_over
    assert not call.line.held
    presence = await call.hotline.reader.find(Presence, second.staff_id)
    assert presence is not None
    assert presence.state is PresenceState.NOT_READY


async def test_a_transfer_to_the_queue_takes_the_caller_there_with_the_skill(call: Call) -> None:
    await call_transfers.transfer_to_queue(call.hotline, call.own, call.id, skill="violence")
    await call.passes(3)
    contact = await call.contact()
    assert (contact.state, contact.call_state, contact.skills) == (
        ContactState.WAITING,
        "queued",
        ["violence"],
    )
    assert room_of(contact).parties == []
    assert not call.line.is_over


async def test_who_is_offered_a_caller_that_was_passed_on_reads_the_note(call: Call) -> None:
    await presence_actions.set_state(
        call.hotline, call.own, PresenceState.ON_BREAK, reason=None, minutes=None
    )
    await call_transfers.transfer_to_queue(call.hotline, call.own, call.id, skill="violence", note="丈夫在家")
    second = await counselor(call.hotline)
    while (await call.contact()).offer_id is None:  # somebody with the skill is waited for
        await call.passes(5)
    offer = await call.hotline.reader.find(Offer, str((await call.contact()).offer_id))
    assert offer is not None
    assert offer_projection.view(offer, call.hotline.directory)["note"] == "丈夫在家"
    await call.exchange.accepts(second)
    passed = (await _seen(call))["passed_on"]
    assert passed is not None
    assert (passed["note"], passed["to"]) == ("丈夫在家", None)
    notes = call.hotline.reader.table(Note).c
    assert [each.text for each in await call.hotline.reader.where(Note, notes.contact_id == call.id)] == [
        "丈夫在家"
    ]
