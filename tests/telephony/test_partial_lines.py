"""What is being said is shown while it is said, to whoever reads along, and is nowhere else."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from hotline.domain.access import Actor, topics_of
from hotline.storage.tables.system import JournalRow
from tests.conftest import SetClock
from tests.scene import counselor, supervisor
from tests.telephony.connected_call import Call, connected_call

SAID = "我不知道还能撑多久"


@pytest.fixture
async def call(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Call]:
    async with connected_call(migrated_url, tmp_path, clock) as call:
        yield call


class Console:
    def __init__(self, call: Call, actor: Actor) -> None:
        self.topics = topics_of(actor)
        self.frames: list[dict[str, Any]] = []
        call.hotline.feed.join(self)

    def push(self, frame: bytes) -> None:
        self.frames.append(json.loads(frame))

    def partials(self) -> list[tuple[str, str]]:
        return [(each["from"], each["text"]) for each in self.frames if each["type"] == "partial"]


async def says_partly(call: Call, text: str, track: str = "inbound_track") -> None:
    assert call.exchange.carrier.speak(call.sid, text, call.exchange.clock.now(), track=track, final=False)
    await call.exchange.settle()


async def told(console: Console, count: int) -> list[tuple[str, str]]:
    async with asyncio.timeout(10):
        while len(console.partials()) < count:  # noqa: ASYNC110  (what is waited for is the test's own condition)
            await asyncio.sleep(0.01)
    return console.partials()


async def journal_length(call: Call) -> int:
    async with call.hotline.database.reading.connect() as connection:
        return int(await connection.scalar(select(func.count()).select_from(JournalRow)) or 0)


async def test_the_newest_words_are_shown_to_who_reads_along_and_kept_nowhere(call: Call) -> None:
    own, other, boss = (
        Console(call, call.own),
        Console(call, await counselor(call.hotline)),
        Console(call, await supervisor(call.hotline)),
    )
    before, messages = await journal_length(call), len(await call.exchange.messages(call.sid))
    for length in range(1, len(SAID) + 1):
        await says_partly(call, SAID[:length])
    await says_partly(call, "我在听", track="outbound_track")
    partials = await told(own, 2)
    assert ("transcript_help_seeker", SAID) in await told(own, len(partials))
    assert len([each for each in own.partials() if each[0] == "transcript_help_seeker"]) < len(SAID), (
        "conflated"
    )
    assert ("transcript_counselor", "我在听") in own.partials()
    assert other.partials() == boss.partials() == []
    assert (await journal_length(call), len(await call.exchange.messages(call.sid))) == (before, messages)
    contact = await call.contact()
    assert SAID not in contact.model_dump_json()


async def test_final_words_leave_no_partial_ones_behind(call: Call) -> None:
    own = Console(call, call.own)
    await says_partly(call, SAID[:3])
    await call.exchange.says(call.sid, SAID)
    await asyncio.sleep(0.4)
    assert own.partials() == []
    assert [each.text for each in await call.exchange.messages(call.sid)][-1] == SAID


async def test_who_is_on_hold_does_not_have_the_music_s_words_shown(call: Call) -> None:
    from hotline.actions import call_room

    own = Console(call, call.own)
    await call_room.hold(call.hotline, call.own, call.id, on=True)
    await call.exchange.settle()
    await says_partly(call, "请稍等", track="outbound_track")
    await says_partly(call, SAID)
    assert await told(own, 1) == [("transcript_help_seeker", SAID)]


async def test_an_operator_may_have_final_words_alone(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    async with connected_call(migrated_url, tmp_path, clock, partial_transcripts=False) as call:
        own = Console(call, call.own)
        await says_partly(call, SAID[:3])
        assert not call.hotline.partial_lines.is_waiting
        await call.exchange.says(call.sid, SAID)
        assert own.partials() == []
        assert [each.text for each in await call.exchange.messages(call.sid)][-1] == SAID
