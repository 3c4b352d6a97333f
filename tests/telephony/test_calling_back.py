"""A call back through signed webhooks: the counselor's phone first, then the person's; what fails, and what it counts as."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.actions import calling_back, risk
from hotline.actions import contacts as contact_actions
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.followups import Followup, FollowupState
from hotline.domain.presence import Presence
from hotline.errors import StaleVersion, WrongState
from tests.conftest import SetClock
from tests.scene import counselor, served, supervisor
from tests.telephony.door import closes, presses
from tests.telephony.exchange import Exchange, open_exchange
from triage.assessment import Level

PERSON = "+8613912341234"


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Exchange]:
    async with open_exchange(migrated_url, tmp_path, clock) as exchange:
        yield exchange
        assert exchange.carrier.problems == []


async def owed(exchange: Exchange, number: str = PERSON) -> Followup:
    """Somebody asked for a call back outside the hours, so that there is no place in the queue."""
    await closes(exchange)
    sid = await exchange.call(number)
    await presses(exchange, sid, "3")
    await exchange.passes(20)
    (followup,) = await exchange.hotline.reader.where(Followup)
    return followup


async def now_is(exchange: Exchange, followup: Followup) -> Followup:
    found = await exchange.hotline.reader.find(Followup, followup.id)
    assert found is not None
    return found


async def contact_now(exchange: Exchange, contact: Contact) -> Contact:
    found = await exchange.hotline.reader.find(Contact, contact.id)
    assert found is not None
    return found


async def load_of(exchange: Exchange, staff_id: str) -> int:
    presence = await exchange.hotline.reader.find(Presence, staff_id)
    assert presence is not None
    return presence.calls


async def test_the_counselor_is_rung_first_then_the_person_and_both_meet(exchange: Exchange) -> None:
    followup = await owed(exchange)
    someone = await counselor(exchange.hotline)
    contact = await calling_back.start(exchange.hotline, someone, followup.id, version=followup.version)
    await exchange.settle()
    lines = [each for each in exchange.carrier.lines.values() if not each.is_over]
    assert [each.to for each in lines] == [f"client:{someone.staff_id}"]
    await exchange.passes(20)
    contact = await contact_now(exchange, contact)
    assert (contact.state, contact.call_state) == (ContactState.ACTIVE, "bridged")
    assert len(exchange.carrier.rooms[contact.id].members) == 2
    person = next(each for each in exchange.carrier.lines.values() if each.to == PERSON)
    assert any("我们给您回电" in each for each in person.heard)
    assert [each["outcome"] for each in (await now_is(exchange, followup)).attempts] == ["reached"]

    await exchange.says(person.sid, "谢谢你们打回来。")
    messages = await exchange.messages_of(contact.id)
    assert [each.text for each in messages] == ["谢谢你们打回来。"]
    await contact_actions.end_conversation(exchange.hotline, someone, contact.id)
    await exchange.settle()
    assert (await contact_now(exchange, contact)).state is ContactState.WRAP_UP
    assert all(each.is_over for each in exchange.carrier.lines.values())


async def test_the_person_hanging_up_ends_the_call(exchange: Exchange) -> None:
    followup = await owed(exchange)
    someone = await counselor(exchange.hotline)
    contact = await calling_back.start(exchange.hotline, someone, followup.id)
    await exchange.passes(20)
    person = next(each for each in exchange.carrier.lines.values() if each.to == PERSON)
    await exchange.hangs_up(person.sid)
    contact = await contact_now(exchange, contact)
    assert (contact.state, contact.hung_up_by) == (ContactState.WRAP_UP, "person")


async def test_nobody_answering_counts_as_a_try_and_the_next_one_comes_later(exchange: Exchange) -> None:
    followup = await owed(exchange)
    someone = await counselor(exchange.hotline)
    exchange.carrier.never_answers.add(PERSON)
    pauses = []
    for _ in range(2):
        contact = await calling_back.start(exchange.hotline, someone, followup.id)
        await exchange.passes(60)
        contact = await contact_now(exchange, contact)
        assert (contact.state, contact.end_reason) == (ContactState.CLOSED, "not_reached")
        assert await load_of(exchange, someone.staff_id) == 0
        followup = await now_is(exchange, followup)
        assert followup.state is FollowupState.OPEN
        pauses.append((followup.due_at - exchange.clock.now()).total_seconds())
    assert [each["outcome"] for each in followup.attempts] == ["no_answer", "no_answer"]
    assert pauses[1] > pauses[0] * 2
    assert all(each.is_over for each in exchange.carrier.lines.values())


async def test_a_counselor_who_does_not_pick_up_has_not_tried(exchange: Exchange) -> None:
    followup = await owed(exchange)
    someone = await counselor(exchange.hotline)
    exchange.carrier.never_answers.add(str(someone.staff_id))
    contact = await calling_back.start(exchange.hotline, someone, followup.id)
    await exchange.passes(30)
    assert (await contact_now(exchange, contact)).state is ContactState.CLOSED
    followup = await now_is(exchange, followup)
    assert (followup.attempts, followup.owner_id) == ([], someone.staff_id)
    assert all(each.to != PERSON for each in exchange.carrier.lines.values())
    exchange.carrier.never_answers.clear()
    again = await calling_back.start(exchange.hotline, someone, followup.id)
    assert again.id != contact.id


async def test_a_counselor_who_goes_before_the_person_answers_leaves_no_ringing_line(
    exchange: Exchange,
) -> None:
    followup = await owed(exchange)
    someone = await counselor(exchange.hotline)
    exchange.carrier.never_answers.add(PERSON)
    contact = await calling_back.start(exchange.hotline, someone, followup.id)
    await exchange.passes(5)
    mine = next(each for each in exchange.carrier.lines.values() if each.to.startswith("client:"))
    await exchange.hangs_up(mine.sid)
    assert (await contact_now(exchange, contact)).state is ContactState.CLOSED
    assert all(each.is_over for each in exchange.carrier.lines.values())
    assert (await now_is(exchange, followup)).attempts == []


async def test_two_presses_of_the_button_are_one_call(exchange: Exchange) -> None:
    followup = await owed(exchange)
    someone = await counselor(exchange.hotline)
    await calling_back.start(exchange.hotline, someone, followup.id, version=followup.version)
    with pytest.raises(StaleVersion):
        await calling_back.start(exchange.hotline, someone, followup.id, version=followup.version)
    with pytest.raises(WrongState):  # and whoever is on the telephone makes no second call
        await calling_back.start(exchange.hotline, someone, followup.id)


async def test_nobody_is_called_back_beside_an_imminent_chat(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    async with open_exchange(migrated_url, tmp_path, clock, calls_beside_chats=True) as exchange:
        followup = await owed(exchange)
        someone, helper = await served(exchange.hotline)
        boss = await supervisor(exchange.hotline)
        await risk.override(exchange.hotline, boss, someone.contact_id, level=Level.IMMINENT, reason="在楼顶")
        with pytest.raises(WrongState) as refused:
            await calling_back.start(exchange.hotline, helper, followup.id)
        assert refused.value.code == "imminent_alone"
