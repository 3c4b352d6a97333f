"""A supervisor in a call's room: who hears them, in every mode, and that nobody hears them by accident."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.actions import call_room as room
from hotline.domain.access import Actor, Role
from hotline.domain.call_room import room_of
from hotline.domain.calls import LegKind, Supervision
from tests.conftest import SetClock
from tests.scene import available, staff
from tests.telephony.connected_call import Call, connected_call


@pytest.fixture
async def call(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Call]:
    async with connected_call(migrated_url, tmp_path, clock) as call:
        yield call


async def _supervisor(call: Call) -> Actor:
    return await available(call.hotline, await staff(call.hotline, Role.SUPERVISOR))


async def test_a_supervisor_listens_whispers_speaks_and_goes(call: Call) -> None:
    boss = await _supervisor(call)
    own, theirs = await call.line_of(LegKind.COUNSELOR), ""
    for mode, heard_by in (
        (Supervision.MONITOR, set()),
        (Supervision.WHISPER, {own}),
        (Supervision.BARGE, {own, call.sid}),
        (Supervision.WHISPER, {own}),
        (Supervision.MONITOR, set()),
    ):
        await room.supervise(call.hotline, boss, call.id, mode)
        await call.passes(3)
        theirs = await call.line_of(LegKind.SUPERVISOR)
        assert call.hears(theirs) == heard_by, mode
        assert theirs in call.hears(call.sid)
        assert theirs in call.hears(own)
        shown = room_of(await call.contact()).supervision
        assert [(each.staff_id, each.mode) for each in shown] == [(boss.staff_id, mode)]
    await room.supervise(call.hotline, boss, call.id, None)
    await call.passes(1)
    assert call.exchange.carrier.lines[theirs].is_over
    assert room_of(await call.contact()).supervision == []
    journal = await _journal(call)
    assert (journal.count("supervision_begun"), journal.count("supervises")) == (1, 4)


async def _journal(call: Call) -> list[str]:
    from sqlalchemy import text

    async with call.hotline.database.reading.connect() as connection:
        rows = await connection.execute(text("SELECT what FROM journal ORDER BY seq"))
        return [row[0] for row in rows]


async def test_a_whisper_is_never_heard_by_the_caller_when_the_counselor_drops(call: Call) -> None:
    boss = await _supervisor(call)
    await room.supervise(call.hotline, boss, call.id, Supervision.WHISPER)
    await call.passes(3)
    theirs = await call.line_of(LegKind.SUPERVISOR)
    await call.exchange.hangs_up(await call.line_of(LegKind.COUNSELOR))
    assert call.hears(theirs) == set()
    await call.passes(4)
    assert (await call.contact()).call_state == "bridged"
    assert call.hears(theirs) == {await call.line_of(LegKind.COUNSELOR)}, "the counselor's new line"


async def test_that_a_supervisor_listens_is_said_where_the_policy_says_so(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    async with connected_call(migrated_url, tmp_path, clock, supervision_announced=True) as call:
        await room.supervise(call.hotline, await _supervisor(call), call.id, Supervision.MONITOR)
        await call.passes(3)
        assert any("督导" in each for each in call.line.heard)
