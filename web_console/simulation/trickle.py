"""Who comes when: simulated people, one after the other at random, as long as there is time."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from typing import Any

from web_console.simulation.dialogues import SHARES, Dialogue

Life = Callable[[Dialogue, random.Random], Coroutine[Any, Any, None]]
"""One simulated person's whole visit."""


def choose(chance: random.Random) -> Dialogue:
    group = chance.choices([group for group, _ in SHARES], [share for _, share in SHARES])[0]
    return chance.choice(group)


async def come(
    life: Life, *, rate: float, until: float, chance: random.Random, at_most: int | None = None
) -> None:
    """About `rate` people a second until `until` (`time.monotonic`), then wait until the last has gone."""
    lives: set[asyncio.Task[None]] = set()
    came = 0
    try:
        while time.monotonic() < until and (at_most is None or came < at_most):
            came += 1
            one = asyncio.create_task(life(choose(chance), random.Random(chance.getrandbits(64))))
            lives.add(one)
            one.add_done_callback(lives.discard)
            await asyncio.sleep(min(chance.expovariate(rate), max(0.0, until - time.monotonic())))
        if lives:
            await asyncio.wait(tuple(lives))
    finally:
        for one in tuple(lives):
            one.cancel()
        await asyncio.gather(*lives, return_exceptions=True)
