"""The writer on real databases: everybody who waits in one transaction, one bad unit harms no other, one node."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncTransaction

from hotline.actions import messages as message_actions
from hotline.actions import writer
from hotline.actions.writer import urgently
from hotline.domain.change import Change
from hotline.domain.contacts import Contact, Message, Sender
from hotline.domain.ids import ContactId, MessageId
from hotline.errors import HotlineError, NotFound, Unavailable
from hotline.service import Hotline
from hotline.storage.working_set import Loaded, Need
from tests.conftest import Opener
from tests.scene import person


def _message(loaded: Loaded, contact_id: ContactId, seq: int) -> Message:
    return Message(
        id=MessageId(loaded.new_id("msg")),
        contact_id=contact_id,
        seq=seq,
        sender=Sender.AUTOMATIC,
        text="话",
        at=loaded.now,
    )


async def test_a_unit_that_the_database_refuses_harms_no_other(hotline: Hotline) -> None:
    """Two messages with the same place break a unique index; those who wait with them are saved."""
    first = await person(hotline)
    await first.writes("第一句")
    others = [await person(hotline) for _ in range(6)]

    def clash(loaded: Loaded) -> Change:
        return Change(save=(_message(loaded, first.contact_id, 1),))

    results = await asyncio.gather(
        hotline.writer.run(clash),
        *(each.writes("在吗") for each in others),
        hotline.writer.run(clash),
        return_exceptions=True,
    )
    failed = [each for each in results if isinstance(each, BaseException)]
    assert len(failed) == 2
    assert "第一句" not in " ".join(str(each) for each in failed)
    for each in others:
        assert (await each.contact()).last_seq == 1
    assert (await first.contact()).last_seq == 1
    await first.writes("第二句")
    assert (await first.contact()).last_seq == 2


async def test_a_unit_that_cannot_be_stored_at_all_harms_no_other(hotline: Hotline) -> None:
    """A number too large for JSON fails before the database sees it: only whoever brought it hears of it."""
    first, *others = [await person(hotline) for _ in range(5)]

    def too_large(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, first.contact_id)
        return Change(save=(contact.model_copy(update={"safety_plan": {"coping": 10**40}}),))

    def no_json(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, first.contact_id)
        return Change(save=(contact.model_copy(update={"tags": [object()]}),))

    results = await asyncio.gather(
        hotline.writer.run(too_large),
        hotline.writer.run(no_json),
        *(each.writes("在吗") for each in others),
        return_exceptions=True,
    )
    assert [isinstance(each, BaseException) for each in results[:2]] == [True, True]
    assert [each.seq for each in results[2:] if isinstance(each, Message)] == [1] * len(others)
    assert (await first.writes("还在")).seq == 1


@pytest.mark.parametrize("committed", [True, False])
async def test_a_commit_whose_answer_was_lost_is_told_once_and_nothing_stops(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    """The line to the database breaks in the commit itself: it may or may not have happened."""
    someone = await person(hotline)
    heard: list[str] = []
    hotline.writer.listen(lambda each: heard.extend(event.what for event in each.events))
    commit = AsyncTransaction.commit
    broken: list[AsyncTransaction] = []

    async def break_once(self: AsyncTransaction) -> None:
        if broken:
            await commit(self)
            return
        broken.append(self)
        if committed:
            await commit(self)
        raise ConnectionResetError

    monkeypatch.setattr(AsyncTransaction, "commit", break_once)
    assert (await someone.writes("听得到吗", "once")).seq == 1
    assert broken
    assert heard.count("added") == 1
    assert (await someone.writes("听得到吗", "once")).seq == 1
    assert (await someone.writes("再说一句", "twice")).seq == 2
    assert heard.count("added") == 2
    async with hotline.database.reading.connect() as connection:
        seqs = (await connection.execute(text("SELECT seq FROM journal ORDER BY seq"))).scalars().all()
    assert list(seqs) == list(range(1, len(seqs) + 1))


async def test_a_refused_decision_changes_nothing_and_a_crashing_one_neither(hotline: Hotline) -> None:
    someone = await person(hotline)

    def refuse(loaded: Loaded) -> Change:
        raise NotFound("no")

    def crash(loaded: Loaded) -> Change:
        raise ZeroDivisionError

    results = await asyncio.gather(
        hotline.writer.run(refuse), hotline.writer.run(crash), someone.writes("在吗"), return_exceptions=True
    )
    assert isinstance(results[0], NotFound)
    assert isinstance(results[1], ZeroDivisionError)
    assert isinstance(results[2], Message)


async def test_cancelling_who_waits_does_not_cancel_the_unit(hotline: Hotline) -> None:
    someone = await person(hotline)
    waiting = asyncio.create_task(someone.writes("还没说完就断线了", "cut"))
    while not hotline.writer.is_busy:  # noqa: ASYNC110 - the very turn in which it begins to wait
        await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    again = await someone.writes("还没说完就断线了", "cut")
    assert again.seq == 1


async def test_a_row_that_was_not_named_is_loaded_when_it_is_asked_for(hotline: Hotline) -> None:
    someone = await person(hotline)
    found = await hotline.writer.run(
        lambda loaded: Change(answer=loaded.get(Contact, someone.contact_id)),
        Need(Contact, "con_somebody_else"),
    )
    assert found.id == someone.contact_id


async def test_events_keep_their_order_without_gaps(hotline: Hotline) -> None:
    people = [await person(hotline) for _ in range(4)]
    await asyncio.gather(*(each.writes(f"{n}", f"m{n}") for each in people for n in range(10)))
    async with hotline.database.reading.connect() as connection:
        seqs = (await connection.execute(text("SELECT seq FROM journal ORDER BY seq"))).scalars().all()
    assert list(seqs) == list(range(1, len(seqs) + 1))
    assert seqs[-1] == hotline.writer.seq


async def test_a_second_node_is_refused_with_a_sentence(opened: Opener) -> None:
    async with opened():
        with pytest.raises(Unavailable) as refused:
            async with opened():
                raise AssertionError("two nodes on one database")
    assert refused.value.code == "second_node"
    assert "one node" in refused.value.detail
    async with opened() as again:
        assert again.writer.epoch


async def test_what_was_saved_is_there_after_a_restart(opened: Opener) -> None:
    async with opened() as hotline:
        someone = await person(hotline)
        await someone.writes("我会再来")
        deadlines = dict(hotline.writer.deadlines)
    async with opened() as hotline:
        found = await hotline.reader.find(Contact, someone.contact_id)
        assert found is not None
        assert found.last_seq == 1
        assert set(hotline.writer.deadlines) == set(deadlines)
        assert len(hotline.matcher.room) == 1


async def test_a_database_that_fails_acknowledges_nothing(tmp_path: Path, opened: Opener) -> None:
    """The table is gone in the middle of the service: the sender hears it, and is never told that it was saved."""
    async with opened() as hotline:
        someone = await person(hotline)
        # renamed, not dropped: other tables refer to it
        gone = text("ALTER TABLE messages RENAME TO messages_lost")
        await hotline.database.write(lambda connection: connection.execute(gone))
        with pytest.raises(HotlineError) as refused:
            await message_actions.receive(
                hotline, someone.contact_id, client_id="x", text="救救我", sender=Sender.HELP_SEEKER
            )
        assert refused.value.code == "unavailable"


async def test_what_is_urgent_is_saved_before_what_can_wait_and_the_rest_goes_on_too(
    hotline: Hotline,
) -> None:
    saved: list[str] = []

    async def ask(name: str) -> None:
        await hotline.writer.run(lambda _: Change())
        saved.append(name)

    async def urgent(name: str) -> None:
        with urgently():
            await ask(name)

    group = writer._GROUP
    async with asyncio.TaskGroup() as asking:
        for number in range(3 * group):
            asking.create_task(ask(f"other {number}"))
        for number in range(2 * group):
            asking.create_task(urgent(f"urgent {number}"))
    first, last = saved[:group], saved[-group:]
    assert sum(each.startswith("urgent") for each in first) == group - writer._OTHERS
    assert all(each.startswith("other") for each in last)
    for kind in ("urgent", "other"):
        numbers = [int(each.split()[1]) for each in saved if each.startswith(kind)]
        assert numbers == sorted(numbers)
