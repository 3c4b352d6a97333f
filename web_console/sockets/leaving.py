"""Noting that somebody's last socket has closed, also when the database does not answer just then.

If it stayed unnoted, who is gone would count as there until the next start: offered contacts, holding chats.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from hotline.errors import Unavailable
from hotline.service import Hotline

log = logging.getLogger(__name__)

_AGAIN_SECONDS = 2.0  # on top of the writer's own tries, which take about as long


async def note_gone(
    hotline: Hotline, note: Callable[[], Awaitable[object]], still_gone: Callable[[], bool]
) -> None:
    """Note it now; or, if that fails, again and again in the background until it is noted or they are back."""
    try:
        await note()
    except Unavailable:
        log.warning("sockets: somebody's going could not be noted yet")
        hotline.background.start(_until_noted(note, still_gone))


async def _until_noted(note: Callable[[], Awaitable[object]], still_gone: Callable[[], bool]) -> None:
    while still_gone():
        try:
            await note()
            return
        except Unavailable:
            await asyncio.sleep(_AGAIN_SECONDS)
