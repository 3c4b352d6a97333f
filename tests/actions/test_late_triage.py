"""An answer of triage that comes after its message was saved."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import pytest

from hotline.actions import contacts
from hotline.domain.alerts import Alert
from hotline.domain.contacts import Contact, Message
from hotline.domain.erasure import contact_without_content
from tests.conftest import Opener, settle
from tests.scene import SlowTriage, person
from triage.assessment import Assessment, Kind, Level, Turn, unassessed


class _Failing:
    """Triage that answers once, then is too slow and in the end can say nothing, or speaks of other words."""

    def __init__(self, second: Assessment) -> None:
        self._second = second
        self._asked = 0

    async def assess(
        self, contact_id: str, text: str, history: Sequence[Turn] = (), *, speech: bool = False
    ) -> Assessment:
        self._asked += 1
        if self._asked == 1:
            return Assessment(Level.LOW, 0.2, (), (), False, (), "test")
        await asyncio.sleep(0.2)
        return self._second


@pytest.mark.parametrize("again", ["我有点累", "我在楼顶"])
async def test_a_message_that_is_sent_again_keeps_its_assessment(opened: Opener, again: str) -> None:
    """A console or a telephone that saw no answer sends again, mostly when all is slow."""
    second = unassessed() if again == "我有点累" else Assessment(Level.HIGH, 0.8, (), (), False, (), "test")
    async with opened(assessor=_Failing(second)) as hotline:
        someone = await person(hotline)
        await someone.writes("我有点累", client_id="same")
        await someone.writes(again, client_id="same")
        await settle(hotline)
        (message,) = await hotline.reader.where(Message)
        contact = await someone.contact()
        assert (message.level, contact.level, contact.unassessed_seqs) == (Level.LOW, Level.LOW, [])


async def test_of_what_was_erased_meanwhile_a_late_answer_says_nothing(
    opened: Opener, caplog: pytest.LogCaptureFixture
) -> None:
    waiting = SlowTriage(Assessment(Level.IMMINENT, 0.9, (Kind.SUICIDE,), (), False, (), "test"))
    async with opened(assessor=waiting) as hotline:
        someone = await person(hotline)
        await someone.writes("我在楼顶")
        await contacts.person_leaves(hotline, someone.contact_id)
        await hotline.writer.run(
            lambda loaded: contact_without_content(loaded.get(Contact, someone.contact_id), loaded.now)
        )
        waiting.may_answer.set()
        await settle(hotline)
        assert await hotline.reader.where(Message) == []
        assert await hotline.reader.where(Alert) == []
    assert not [each for each in caplog.records if each.levelno >= logging.ERROR]
