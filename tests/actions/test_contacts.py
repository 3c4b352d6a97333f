"""A contact through its whole life on the real store: once, in order, nobody left behind."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.actions import closing, contacts, messages, offers, presence, risk, transfers
from hotline.actions import staff as staff_actions
from hotline.actions.closing import CloseSheet
from hotline.actions.staff import OPERATOR
from hotline.domain import contact_moves
from hotline.domain.access import Actor, Role
from hotline.domain.contacts import Contact, ContactState, EndedBy, Message, Sender
from hotline.domain.followups import Followup
from hotline.domain.ids import ContactId, StaffId
from hotline.domain.offers import Offer, OfferState
from hotline.domain.presence import Presence, PresenceState
from hotline.errors import Forbidden, Invalid, Taken, WrongState
from hotline.service import Hotline
from tests.conftest import Opener, SetClock, settle, wake
from tests.consoles import Console
from tests.scene import Person, SlowTriage, available, counselor, offer_of, person, served, staff, supervisor
from triage.assessment import Assessment, Level


async def messages_of(hotline: Hotline, someone: Person) -> list[Message]:
    table = hotline.reader.table(Message)
    return await hotline.reader.where(Message, table.c.contact_id == someone.contact_id, order=(table.c.seq,))


async def test_the_whole_way_from_the_first_word_to_closed(hotline: Hotline) -> None:
    helper = await counselor(hotline)
    someone = await person(hotline)
    await someone.writes("最近睡不好,有点累")
    offer = await offer_of(hotline, someone)
    assert offer.staff_id == helper.staff_id
    contact = await offers.accept(hotline, helper, offer.id)
    assert contact.state is ContactState.ACTIVE
    await messages.send(hotline, helper, contact.id, client_id="c-1", text="你好,我在")
    contact = await contacts.end_conversation(hotline, helper, contact.id)
    assert contact.state is ContactState.WRAP_UP
    sheet = CloseSheet(disposition="supported", note="谈了睡眠", level_confirmed=Level.LOW)
    contact = await closing.close(hotline, helper, contact.id, sheet)
    assert contact.state is ContactState.CLOSED
    senders = [each.sender for each in await messages_of(hotline, someone)]
    assert senders == [Sender.HELP_SEEKER, Sender.AUTOMATIC, Sender.COUNSELOR, Sender.AUTOMATIC]
    load = await hotline.reader.find(Presence, helper.staff_id)
    assert load is not None
    assert (load.chats, load.offer_id) == (0, None)


async def test_the_same_client_id_is_the_same_message(hotline: Hotline) -> None:
    someone = await person(hotline)
    both = await asyncio.gather(someone.writes("在吗", "same"), someone.writes("在吗", "same"))
    again = await someone.writes("在吗", "same")
    assert {each.id for each in (*both, again)} == {again.id}
    assert [each.seq for each in await messages_of(hotline, someone)] == [1]


async def test_many_at_once_get_gapless_places_in_their_contact(hotline: Hotline) -> None:
    people = [await person(hotline) for _ in range(5)]
    await asyncio.gather(*(one.writes(f"第 {n} 句", f"m-{n}") for n in range(20) for one in people))
    for one in people:
        assert [each.seq for each in await messages_of(hotline, one)] == list(range(1, 21))


async def test_only_one_of_two_counselors_gets_the_contact(hotline: Hotline) -> None:
    someone = await person(hotline)
    await settle(hotline)
    first, second = await counselor(hotline), await counselor(hotline)
    await settle(hotline)
    results = await asyncio.gather(
        offers.take(hotline, first, someone.contact_id),
        offers.take(hotline, second, someone.contact_id),
        return_exceptions=True,
    )
    winners = [each for each in results if isinstance(each, Contact)]
    losers = [each for each in results if isinstance(each, Taken)]
    assert len(winners) == len(losers) == 1
    assert losers[0].by == winners[0].counselor_id
    open_offers = [each for each in await hotline.reader.where(Offer) if each.state is OfferState.OPEN]
    assert open_offers == []


async def test_a_missed_offer_goes_to_the_next_and_the_first_becomes_not_ready(
    hotline: Hotline, clock: SetClock
) -> None:
    first, second = await counselor(hotline), await counselor(hotline)
    someone = await person(hotline)
    missed = await offer_of(hotline, someone)
    clock.move(hotline.rules.offer_within + timedelta(seconds=1))
    await wake(hotline)
    following = await offer_of(hotline, someone)
    assert {missed.staff_id, following.staff_id} == {first.staff_id, second.staff_id}
    looked_away = await hotline.reader.find(Presence, missed.staff_id)
    assert looked_away is not None
    assert looked_away.state is PresenceState.NOT_READY


async def test_who_declines_is_not_asked_again_at_once(hotline: Hotline) -> None:
    helper = await counselor(hotline)
    someone = await person(hotline)
    await offers.decline(hotline, helper, (await offer_of(hotline, someone)).id)
    await settle(hotline)
    assert (await someone.contact()).offer_id is None


async def test_a_lost_counselor_puts_the_person_to_the_front_and_tells_them(
    hotline: Hotline, clock: SetClock
) -> None:
    someone, helper = await served(hotline)
    await presence.disconnected(hotline, helper.staff_id)
    waiting_longer = await person(hotline)
    clock.move(timedelta(seconds=21))
    await wake(hotline)
    contact = await someone.contact()
    assert contact.state is ContactState.WAITING
    assert contact.interrupted_since is not None
    assert hotline.matcher.place(contact) == 1
    assert hotline.matcher.place(await waiting_longer.contact()) == 2
    last = (await messages_of(hotline, someone))[-1]
    assert (last.sender, last.code) == (Sender.AUTOMATIC, "counselor_lost")
    lost = await hotline.reader.find(Presence, helper.staff_id)
    assert lost is not None
    assert (lost.chats, lost.state) == (0, PresenceState.OFFLINE)


async def test_a_long_restart_takes_nobody_from_their_counselor(opened: Opener, clock: SetClock) -> None:
    """While there is no server nobody can come back: the time for it begins when there is one again."""
    async with opened() as before:
        someone, helper = await served(before)
        await presence.disconnected(before, helper.staff_id)  # as the server does to all when it stops
    clock.move(timedelta(minutes=3))
    async with opened() as after:
        await wake(after)
        clock.move(timedelta(seconds=15))
        await presence.connected(after, helper.staff_id)
        clock.move(timedelta(seconds=15))
        await wake(after)
        contact = await after.reader.find(Contact, someone.contact_id)
        assert contact is not None
        assert contact.counselor_id == helper.staff_id


async def test_coming_back_in_time_keeps_the_contact(hotline: Hotline, clock: SetClock) -> None:
    someone, helper = await served(hotline)
    await presence.disconnected(hotline, helper.staff_id)
    clock.move(timedelta(seconds=15))
    await presence.connected(hotline, helper.staff_id)
    clock.move(timedelta(seconds=15))
    await wake(hotline)
    assert (await someone.contact()).counselor_id == helper.staff_id


async def answers(hotline: Hotline, someone: Person, helper: Actor) -> None:
    await messages.receive(
        hotline,
        someone.contact_id,
        client_id=f"answer-{someone.written}",
        text="我在",
        sender=Sender.COUNSELOR,
        staff_id=helper.staff_id,
    )


async def test_who_is_left_without_an_answer_is_not_ended_but_told_of(
    hotline: Hotline, clock: SetClock
) -> None:
    someone, helper = await served(hotline)
    clock.move(timedelta(seconds=5))
    await someone.writes("你好,今天有点累")
    clock.move(hotline.rules.silence_warned_after)
    await wake(hotline)
    assert (await messages_of(hotline, someone))[-1].code == "answer_owed"
    assert (await someone.contact()).help_requested_at is not None
    clock.move(hotline.rules.silence_warned_after + hotline.rules.silence_closed_after)
    await wake(hotline)
    assert (await someone.contact()).state is ContactState.ACTIVE
    await answers(hotline, someone, helper)
    contact = await someone.contact()
    assert not contact.silence_handed_over  # from here on a silence is theirs


async def test_being_taken_is_no_answer_to_what_was_written_before(hotline: Hotline, clock: SetClock) -> None:
    someone = await person(hotline)
    await someone.writes("有人吗")
    clock.move(timedelta(seconds=5))
    helper = await counselor(hotline)
    await offers.accept(hotline, helper, (await offer_of(hotline, someone)).id)
    clock.move(hotline.rules.silence_warned_after)
    await wake(hotline)
    assert (await messages_of(hotline, someone))[-1].code == "answer_owed"


async def test_being_passed_on_is_no_answer_either_and_gives_the_next_one_time(
    hotline: Hotline, clock: SetClock
) -> None:
    someone, helper = await served(hotline)
    clock.move(timedelta(seconds=5))
    await someone.writes("有人吗")
    other = await counselor(hotline)
    clock.move(hotline.rules.silence_warned_after - timedelta(seconds=5))
    await transfers.transfer(
        hotline, helper, someone.contact_id, to_staff_id=other.staff_id, reason="要下班了"
    )
    clock.move(timedelta(seconds=30))
    await wake(hotline)
    assert (await someone.contact()).help_requested_at is None
    clock.move(hotline.rules.silence_warned_after)
    await wake(hotline)
    assert (await messages_of(hotline, someone))[-1].code == "answer_owed"


async def test_who_says_goodbye_and_leaves_waits_for_nothing(hotline: Hotline, clock: SetClock) -> None:
    someone, helper = await served(hotline)
    await answers(hotline, someone, helper)
    await someone.writes("谢谢,再见")
    await contacts.person_connected(hotline, someone.contact_id, connected=False)
    clock.move(hotline.rules.silence_warned_after)
    await wake(hotline)
    clock.move(hotline.rules.silence_closed_after)
    await wake(hotline)
    contact = await someone.contact()
    assert (contact.state, contact.ended_by) == (ContactState.WRAP_UP, EndedBy.SILENCE)


async def test_silence_is_warned_then_ended(hotline: Hotline, clock: SetClock) -> None:
    someone, helper = await served(hotline)
    await someone.writes("今天天气不错")
    await answers(hotline, someone, helper)
    await risk.override(
        hotline,
        helper,
        someone.contact_id,
        level=Level.LOW,
        reason="没有风险",
    )
    clock.move(hotline.rules.silence_warned_after)
    await wake(hotline)
    assert (await messages_of(hotline, someone))[-1].code == "silence_warned"
    clock.move(hotline.rules.silence_closed_after)
    await wake(hotline)
    contact = await someone.contact()
    assert (contact.state, contact.ended_by) == (ContactState.WRAP_UP, EndedBy.SILENCE)


async def test_who_could_not_write_during_a_restart_has_the_whole_span_again(
    opened: Opener, clock: SetClock
) -> None:
    async with opened() as hotline:
        someone, helper = await served(hotline)
        await someone.writes("今天天气不错")
        await answers(hotline, someone, helper)
        await risk.override(hotline, helper, someone.contact_id, level=Level.LOW, reason="没有风险")
        clock.move(hotline.rules.silence_warned_after)
        await wake(hotline)
    clock.move(timedelta(hours=1))
    async with opened() as hotline:
        again = replace(someone, hotline=hotline)
        await presence.connected(hotline, helper.staff_id)
        for pause in (timedelta(), hotline.rules.silence_closed_after - timedelta(seconds=1)):
            clock.move(pause)
            await wake(hotline)
            assert (await again.contact()).state is ContactState.ACTIVE
        clock.move(timedelta(seconds=1))
        await wake(hotline)
        assert (await again.contact()).ended_by is EndedBy.SILENCE


async def test_who_waits_and_could_not_come_back_during_a_restart_is_not_taken_for_gone(
    opened: Opener, clock: SetClock
) -> None:
    """A stop closes their page's line: they are gone before it, and knock in vain until the start."""
    async with opened() as hotline:
        someone = await person(hotline)
        await contacts.person_connected(hotline, someone.contact_id, connected=True)
        await contacts.person_connected(hotline, someone.contact_id, connected=False)
    clock.move(timedelta(hours=1))
    async with opened() as hotline:
        again = replace(someone, hotline=hotline)
        for _ in range(3):
            await wake(hotline)
        assert (await again.contact()).state is ContactState.WAITING
        clock.move(hotline.rules.person_gone_after)
        for _ in range(3):  # what fell due before it is told first
            await wake(hotline)
        assert (await again.contact()).state is ContactState.CLOSED


async def test_silence_at_risk_becomes_a_supervisors_task_and_never_ends(
    hotline: Hotline, clock: SetClock
) -> None:
    someone, helper = await served(hotline)
    await someone.writes("我不想活了")
    await answers(hotline, someone, helper)
    clock.move(hotline.rules.silence_warned_after)
    await wake(hotline)
    assert (await messages_of(hotline, someone))[-1].code == "silence_waits"
    due = contact_moves.due(await someone.contact(), hotline.rules)
    assert due is not None
    # As the console says it: nobody at risk is shown as about to be ended.
    assert due.what == "silent_at_risk"
    clock.move(hotline.rules.silence_closed_after)
    await wake(hotline)
    contact = await someone.contact()
    assert contact.state is ContactState.ACTIVE
    assert contact.help_requested_at is not None


async def test_whoever_waits_is_told_about_again_and_again(hotline: Hotline, clock: SetClock) -> None:
    someone = await person(hotline)
    for rung in (1, 2, 3):
        clock.move(hotline.rules.waiting_escalates_after)
        await wake(hotline)
        assert (await someone.contact()).wait_rung == rung


async def test_an_abandoned_chat_at_risk_leaves_a_task(hotline: Hotline, clock: SetClock) -> None:
    someone = await person(hotline)
    await someone.writes("我已经准备好了药,今晚就结束")
    await contacts.person_connected(hotline, someone.contact_id, connected=False)
    clock.move(hotline.rules.person_gone_after)
    for _ in range(8):
        await wake(hotline)
    contact = await someone.contact()
    assert (contact.state, contact.end_reason) == (ContactState.CLOSED, "abandoned")
    assert len(await hotline.reader.where(Followup)) == 1


async def test_slow_triage_leaves_the_message_unassessed_and_still_raises_later(opened: Opener) -> None:
    slow = SlowTriage(Assessment(Level.HIGH, 0.8, (), (), False, (), "test"))
    async with opened(assessor=slow) as hotline:
        someone = await person(hotline)
        message = await someone.writes("我在楼顶")
        assert message.level is Level.UNASSESSED
        assert (await someone.contact()).level is Level.UNASSESSED
        slow.may_answer.set()
        await settle(hotline)
        contact = await someone.contact()
        assert (contact.level, contact.unassessed_seqs) == (Level.HIGH, [])
        assert (await messages_of(hotline, someone))[0].level is Level.HIGH


async def test_only_a_supervisor_lowers_from_high(hotline: Hotline) -> None:
    someone, helper = await served(hotline)
    chief = await available(hotline, await supervisor(hotline))
    await risk.override(hotline, helper, someone.contact_id, level=Level.HIGH, reason="听语气")
    with pytest.raises(Forbidden):
        await risk.override(hotline, helper, someone.contact_id, level=Level.LOW, reason="好了")
    lowered = await risk.override(hotline, chief, someone.contact_id, level=Level.LOW, reason="已复核")
    assert (lowered.level, lowered.peak_level, lowered.override_by) == (Level.LOW, Level.HIGH, chief.staff_id)


async def test_a_closed_contact_takes_no_word_and_nobody_elses_contact_either(hotline: Hotline) -> None:
    someone, helper = await served(hotline)
    stranger = await counselor(hotline)
    with pytest.raises(Forbidden):
        await messages.send(hotline, stranger, someone.contact_id, client_id="c", text="你好")
    await contacts.end_conversation(hotline, helper, someone.contact_id)
    with pytest.raises(WrongState):
        await someone.writes("还有一句")


async def test_closing_names_what_is_missing(hotline: Hotline) -> None:
    someone, helper = await served(hotline)
    await someone.writes("我买好了炭,今晚就走,再见")
    await contacts.end_conversation(hotline, helper, someone.contact_id)
    sheet = CloseSheet(disposition="?", note=" ", level_confirmed=Level.IMMINENT)
    with pytest.raises(Invalid) as refused:
        await closing.close(hotline, helper, someone.contact_id, sheet)
    assert {each.path for each in refused.value.fields} == {"disposition", "note", "safety_plan"}
    assert (await someone.contact()).state is ContactState.WRAP_UP


async def test_nobody_is_held_over_capacity(hotline: Hotline) -> None:
    helper = await counselor(hotline)
    people = [await person(hotline) for _ in range(5)]
    for _ in range(5):
        await settle(hotline)
        for each in await hotline.reader.where(Offer):
            if each.state is OfferState.OPEN:
                await offers.accept(hotline, helper, each.id)
    found = [await one.contact() for one in people]
    waiting = [each for each in found if each.state is ContactState.WAITING]
    assert len(found) - len(waiting) == hotline.rules.chat_capacity
    with pytest.raises(WrongState):
        await offers.take(hotline, helper, waiting[0].id)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DISPATCHER])
async def test_who_is_no_counselor_any_more_hears_nothing_of_what_they_served(
    hotline: Hotline, role: Role
) -> None:
    someone, helper = await served(hotline)
    boss = await supervisor(hotline)
    await contacts.join(hotline, boss, someone.contact_id)
    for one in (helper, boss):
        await staff_actions.change(hotline, OPERATOR, one.staff_id, roles=[role])
    heard = [
        Console(hotline, replace(one, roles=frozenset({role})), noun)
        for one in (helper, boss)
        for noun in ("contact", "message")
    ]
    await someone.writes("我不想活了")
    await settle(hotline)
    assert [each.heard() for each in heard] == [[]] * 4


async def test_staff_without_the_role_are_refused(hotline: Hotline) -> None:
    school = await staff(hotline, Role.SCHOOL)
    someone = await person(hotline)
    with pytest.raises(Forbidden):
        await offers.take(hotline, school, someone.contact_id)


async def test_nothing_is_handed_to_who_is_not_there(hotline: Hotline, clock: SetClock) -> None:
    """Nothing would ever take it back from a counselor who was lost before they got it."""
    holder, absent = await counselor(hotline), await counselor(hotline)
    someone = await person(hotline)
    await offers.take(hotline, holder, someone.contact_id)
    await presence.disconnected(hotline, absent.staff_id)
    clock.move(timedelta(minutes=1))
    await wake(hotline)
    with pytest.raises(WrongState) as refused:
        await transfers.transfer(
            hotline, holder, someone.contact_id, to_staff_id=absent.staff_id, reason=None
        )
    assert refused.value.code == "not_there"
    assert (await someone.contact()).counselor_id == holder.staff_id
    nobody = StaffId("stf_nobody")
    with pytest.raises(WrongState):
        await transfers.transfer(hotline, holder, someone.contact_id, to_staff_id=nobody, reason=None)
    await presence.connected(hotline, absent.staff_id)
    with pytest.raises(WrongState) as refused:
        await transfers.transfer(
            hotline, holder, someone.contact_id, to_staff_id=absent.staff_id, reason=None
        )
    assert refused.value.code == "looks_away"
    await available(hotline, absent)
    moved = await transfers.transfer(
        hotline, holder, someone.contact_id, to_staff_id=absent.staff_id, reason=None
    )
    assert moved.counselor_id == absent.staff_id


async def test_a_contact_that_comes_in_the_very_moment_of_the_loss_is_taken_back_too(
    hotline: Hotline, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a lost counselor holds is looked up before the decision: something may come in between."""
    holder = await counselor(hotline)
    first, second = await person(hotline), await person(hotline)
    for each in (first, second):
        await offers.take(hotline, holder, each.contact_id)
    await presence.disconnected(hotline, holder.staff_id)
    held, looked = presence._held, []

    async def half_of_it(_hotline: Hotline, staff_id: StaffId) -> list[ContactId]:
        looked.append(staff_id)
        found = await held(_hotline, staff_id)
        return [each for each in found if each == first.contact_id] if len(looked) == 1 else found

    monkeypatch.setattr(presence, "_held", half_of_it)
    clock.move(timedelta(minutes=1))
    await wake(hotline)
    for each in (first, second):
        contact = await each.contact()
        assert (contact.state, contact.counselor_id) == (ContactState.WAITING, None)
        assert contact.interrupted_since is not None
    found = await hotline.reader.find(Presence, holder.staff_id)
    assert found is not None
    assert (found.chats, found.state) == (0, PresenceState.OFFLINE)


async def test_a_message_sent_again_after_the_end_gets_its_first_answer(hotline: Hotline) -> None:
    """The acknowledgement was lost with the line; meanwhile the conversation ended."""
    someone, helper = await served(hotline)
    first = await messages.send(hotline, helper, someone.contact_id, client_id="c", text="我在")
    await contacts.end_conversation(hotline, helper, someone.contact_id)
    again = await messages.send(hotline, helper, someone.contact_id, client_id="c", text="我在")
    assert again == first
