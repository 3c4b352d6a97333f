"""What triage looks back on is what was said, also while it is being read from the database."""

from __future__ import annotations

import asyncio
from typing import Any

from hotline.actions.conversation_memory import ConversationMemory
from hotline.domain.contacts import Message
from hotline.service import Hotline
from tests.scene import person


class _Held:
    """A reader whose rows arrive only when they are let; the rows are those of when it was asked."""

    def __init__(self, hotline: Hotline) -> None:
        self._reader = hotline.reader
        self.read = asyncio.Event()
        self.let = asyncio.Event()

    def table(self, model: type[Any]) -> Any:
        return self._reader.table(model)

    async def where(self, model: type[Message], *conditions: Any, **wishes: Any) -> list[Message]:
        found = await self._reader.where(model, *conditions, **wishes)
        self.read.set()
        await self.let.wait()
        return found


async def test_what_is_said_while_the_memory_is_read_is_remembered(hotline: Hotline) -> None:
    """After a start the first answer and the question before it may come at the same time."""
    someone = await person(hotline)
    await someone.writes("有点难受")
    held = _Held(hotline)
    memory = ConversationMemory(held)  # type: ignore[arg-type]
    hotline.writer.listen(memory.hear)
    reading = asyncio.create_task(memory.turns(someone.contact_id))
    await held.read.wait()
    await someone.writes("我把药都拿出来了")
    held.let.set()
    await reading
    assert [turn.text for turn in await memory.turns(someone.contact_id)] == ["有点难受", "我把药都拿出来了"]
