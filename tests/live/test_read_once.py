"""What all consoles begin with alike is read once, and never older than what was told."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from hotline.domain.access import Role
from hotline.errors import Unavailable
from hotline.live.read_once import ReadOnce
from hotline.live.snapshot import snapshot
from hotline.service import Hotline
from hotline.storage.reading import Reader
from tests.scene import counselor, person, staff


async def turns(count: int) -> None:
    """So many turns of the loop: whoever can go on has."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_many_who_begin_at_once_cause_one_reading_until_something_is_told() -> None:
    changes: Counter[str] = Counter()
    readings: list[int] = []
    go_on = asyncio.Event()

    async def read() -> list[Any]:
        readings.append(changes["alert"])
        await go_on.wait()
        return [changes["alert"]]

    once = ReadOnce(lambda noun: changes[noun])
    beginning = [asyncio.create_task(once.rows("alert", read)) for _ in range(50)]
    await turns(3)
    changes["alert"] += 1
    later = asyncio.create_task(once.rows("alert", read))
    await turns(3)
    go_on.set()
    assert all(await asyncio.gather(*beginning, later))
    assert readings == [0, 1]
    assert await once.rows("alert", read) == [1]
    assert readings == [0, 1]


async def test_a_reading_that_failed_or_whose_first_reader_left_harms_nobody() -> None:
    answers: list[list[Any] | Exception] = [Unavailable("no"), ["there"]]
    go_on = asyncio.Event()

    async def read() -> list[Any]:
        await go_on.wait()
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    once = ReadOnce(lambda _: 0)
    go_on.set()
    with pytest.raises(Unavailable):
        await once.rows("duty", read)
    go_on.clear()
    first, second = (asyncio.create_task(once.rows("duty", read)) for _ in range(2))
    await turns(3)
    first.cancel()
    go_on.set()
    assert await second == ["there"]


async def test_a_hundred_consoles_read_the_queue_once_and_each_its_own(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: Counter[str] = Counter()
    where = Reader.where

    async def counted(self: Reader, model: Any, *given: Any, **named: Any) -> list[Any]:
        reads[model.__name__] += 1
        return await where(self, model, *given, **named)

    monkeypatch.setattr(Reader, "where", counted)
    someone = await person(hotline)
    helpers = [await counselor(hotline) for _ in range(3)]
    boss = await staff(hotline, Role.SUPERVISOR)
    reads.clear()
    for actor in (*helpers, boss):
        shown = await snapshot(hotline.reader, hotline.feed, actor)
        assert [each["id"] for each in shown["contacts"]] == [someone.contact_id]
    assert reads["Diversion"] == reads["Alert"] == 1
    assert (
        reads["Contact"] == len(helpers) + 1 + 1 + 1
    )  # each their own, all the queue, the boss what others serve
