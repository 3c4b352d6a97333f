"""What every console begins with alike is read once, however many begin at the same moment (a restart brings all)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Read = Callable[[], Awaitable[list[Any]]]


class ReadOnce:
    """Holds by noun what was read of it, until a change of that noun is told: `changes` counts those."""

    def __init__(self, changes: Callable[[str], int]) -> None:
        self._changes = changes
        self._held: dict[str, tuple[int, asyncio.Future[list[Any]]]] = {}

    async def rows(self, noun: str, read: Read) -> list[Any]:
        """A reading that began after the last change that was told: what it missed is told after it."""
        changes, held = self._changes(noun), self._held.get(noun)
        if held is None or held[0] != changes or _has_failed(held[1]):
            held = (changes, asyncio.ensure_future(read()))
            self._held[noun] = held
        return await asyncio.shield(held[1])


def _has_failed(reading: asyncio.Future[list[Any]]) -> bool:
    return reading.done() and (reading.cancelled() or reading.exception() is not None)
