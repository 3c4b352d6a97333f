"""Handing on to a colleague by name: not to who serves somebody in danger, nor to who looks away, but for a reason."""

from __future__ import annotations

import pytest

from hotline.actions import contacts, offers, presence, risk, transfers
from hotline.domain.access import Actor
from hotline.domain.contacts import Message, Note
from hotline.domain.presence import PresenceState
from hotline.errors import Forbidden, Invalid, WrongState
from hotline.service import Hotline
from hotline.storage.reading import Reader
from tests.scene import available, counselor, person, served, supervisor
from triage.assessment import Level


async def looks_away(hotline: Hotline, actor: Actor) -> None:
    await presence.set_state(hotline, actor, PresenceState.ON_BREAK, reason="meal", minutes=20)


async def notes_of(reader: Reader, contact_id: str) -> list[tuple[str, str]]:
    column = reader.table(Note).c.contact_id
    return [(each.kind, each.text) for each in await reader.where(Note, column == contact_id)]


async def test_who_serves_somebody_in_danger_is_handed_nobody_else(hotline: Hotline) -> None:
    in_danger, alone = await served(hotline)
    boss = await supervisor(hotline)
    await risk.override(hotline, boss, in_danger.contact_id, level=Level.IMMINENT, reason="在楼顶")
    someone, helper = await served(hotline)
    for actor in (helper, boss):
        with pytest.raises(WrongState) as refused:
            await transfers.transfer(
                hotline, actor, someone.contact_id, to_staff_id=alone.staff_id, reason="换班"
            )
        assert refused.value.code == "serves_imminent"
    assert (await someone.contact()).counselor_id == helper.staff_id


async def test_who_looks_away_is_handed_nobody_but_for_a_supervisors_reason(hotline: Hotline) -> None:
    someone, helper = await served(hotline)
    colleague, boss = await counselor(hotline), await supervisor(hotline)
    await looks_away(hotline, colleague)
    with pytest.raises(WrongState) as refused:
        await transfers.transfer(
            hotline, helper, someone.contact_id, to_staff_id=colleague.staff_id, reason="换班"
        )
    assert refused.value.code == "looks_away"
    with pytest.raises(Forbidden):
        await transfers.transfer(
            hotline, helper, someone.contact_id, to_staff_id=colleague.staff_id, reason="换班", override="急"
        )
    with pytest.raises(Invalid):
        await transfers.transfer(
            hotline, boss, someone.contact_id, to_staff_id=colleague.staff_id, reason="换班", override=" "
        )
    moved = await transfers.transfer(
        hotline,
        boss,
        someone.contact_id,
        to_staff_id=colleague.staff_id,
        reason="换班",
        override="已经口头说好",
    )
    assert moved.counselor_id == colleague.staff_id
    assert ("override", "已经口头说好") in await notes_of(hotline.reader, someone.contact_id)


async def test_no_reason_puts_anybody_over_capacity_or_reaches_who_is_gone(hotline: Hotline) -> None:
    boss = await supervisor(hotline)
    someone, helper = await served(hotline)
    full = await counselor(hotline)
    for _ in range(2):
        await offers.take(hotline, full, (await person(hotline)).contact_id)
    for to, code in ((full, "no_room"), (await supervisor(hotline), "not_there")):
        with pytest.raises(WrongState) as refused:
            await transfers.transfer(
                hotline, boss, someone.contact_id, to_staff_id=to.staff_id, reason="换班", override="急"
            )
        assert refused.value.code == code
    assert (await someone.contact()).counselor_id == helper.staff_id


async def test_who_holds_it_is_not_in_it_as_a_guest_too(hotline: Hotline) -> None:
    """A supervisor who had joined is handed it, and hands it back: they are out of it then."""
    someone, helper = await served(hotline)
    boss = await available(hotline, await supervisor(hotline))
    await contacts.join(hotline, boss, someone.contact_id)
    moved = await transfers.transfer(
        hotline, helper, someone.contact_id, to_staff_id=boss.staff_id, reason=None
    )
    assert (moved.counselor_id, moved.joined) == (boss.staff_id, [])
    back = await transfers.transfer(
        hotline, boss, someone.contact_id, to_staff_id=helper.staff_id, reason=None
    )
    assert (back.counselor_id, back.joined) == (helper.staff_id, [])


async def test_who_has_it_is_not_handed_it(hotline: Hotline) -> None:
    """The same hand-over twice, its answer lost on the way: the person was told again that they are passed on."""
    someone, _helper = await served(hotline)
    colleague, boss = await counselor(hotline), await supervisor(hotline)
    for _ in range(2):
        await transfers.transfer(
            hotline, boss, someone.contact_id, to_staff_id=colleague.staff_id, reason="换班"
        )
    table, contact_id = hotline.reader.table(Message).c, someone.contact_id
    told = await hotline.reader.where(Message, table.contact_id == contact_id, table.code == "transferred")
    assert len(told) == 1
    assert len(await notes_of(hotline.reader, contact_id)) == 1
