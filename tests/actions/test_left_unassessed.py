"""Messages that triage never spoke about, at the next start of the service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from hotline.actions import contacts
from hotline.domain.alerts import Alert
from hotline.domain.contacts import Contact, Message
from tests.conftest import Opener, SetClock, settle
from tests.scene import person
from triage.assessment import Assessment, Kind, Level, Turn, unassessed

IMMINENT = Assessment(Level.IMMINENT, 0.9, (Kind.SUICIDE,), (), False, (), "test")


class _Silent:
    """Triage that can say nothing."""

    async def assess(
        self, contact_id: str, text: str, history: Sequence[Turn] = (), *, speech: bool = False
    ) -> Assessment:
        return unassessed()


class _Speaking:
    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []

    async def assess(
        self, contact_id: str, text: str, history: Sequence[Turn] = (), *, speech: bool = False
    ) -> Assessment:
        self.asked.append((text, [turn.text for turn in history]))
        return IMMINENT


async def test_what_was_left_unassessed_is_read_at_the_next_start_and_raises(
    opened: Opener, clock: SetClock
) -> None:
    async with opened(assessor=_Silent()) as hotline:
        someone = await person(hotline)
        for text in ("在吗", "我在楼顶"):
            assert (await someone.writes(text)).level is Level.UNASSESSED
    clock.move(timedelta(seconds=5))
    speaking = _Speaking()
    async with opened(assessor=speaking) as hotline:
        await settle(hotline)
        contact = await hotline.reader.find(Contact, someone.contact_id)
        assert contact is not None
        assert (contact.level, contact.unassessed_seqs) == (Level.IMMINENT, [])
        assert len(await hotline.reader.where(Alert)) == 1
        read = await hotline.reader.where(Message, hotline.reader.table(Message).c.level.is_not(None))
        assert [(each.level, each.triage_seconds) for each in read] == [(Level.IMMINENT, 5.0)] * 2
    assert speaking.asked == [("在吗", []), ("我在楼顶", ["在吗"])]
    async with opened(assessor=speaking) as hotline:
        await settle(hotline)
    assert len(speaking.asked) == 2, "what was read is not read again"


async def test_a_contact_that_is_over_stays_as_it_was(opened: Opener) -> None:
    async with opened(assessor=_Silent()) as hotline:
        someone = await person(hotline)
        await someone.writes("我在楼顶")
        await contacts.person_leaves(hotline, someone.contact_id)
    speaking = _Speaking()
    async with opened(assessor=speaking) as hotline:
        await settle(hotline)
    assert speaking.asked == []
