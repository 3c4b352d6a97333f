"""What a counselor wants dialled, through the service: refused with words, and the journal has who wanted it."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Table, select

from hotline.actions import call_room as room
from hotline.actions import call_transfers
from hotline.domain.call_room import TransferMode
from hotline.domain.calls import LegKind
from hotline.errors import Invalid
from hotline.storage.tables.system import JournalRow
from tests.conftest import SetClock
from tests.telephony.connected_call import Call, connected_call


@pytest.fixture
async def call(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Call]:
    async with connected_call(migrated_url, tmp_path, clock) as call:
        yield call


async def test_a_number_abroad_is_refused_with_a_word_and_a_note_in_the_journal(call: Call) -> None:
    for add in (room.add_party, partial(call_transfers.transfer_to_number, mode=TransferMode.COLD)):
        with pytest.raises(Invalid) as refused:
            await add(call.hotline, call.own, call.id, kind=LegKind.OTHER, number="+44 7700 900123")
        assert refused.value.code == "number_not_allowed"
    table: Table = JournalRow.__table__  # type: ignore[attr-defined]
    entries = [
        row[0]
        for row in await call.hotline.reader.rows(select(table.c.entry).where(table.c.subject == call.id))
    ]
    told = [each for each in entries if '"outside_number_refused"' in each]
    assert len(told) == 2
    assert not any("7700" in each for each in entries)
    assert len(await call.exchange.legs(call.sid)) == 1
