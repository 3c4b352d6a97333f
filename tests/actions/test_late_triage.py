"""An answer of triage that comes after its message was saved."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from hotline.domain.contacts import Message
from tests.conftest import Opener, settle
from tests.scene import person
from triage.assessment import Assessment, Level, Turn, unassessed


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
