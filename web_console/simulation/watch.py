"""A supervisor who looks at everybody again and again: has each of them somebody, or a time when something happens?"""

from __future__ import annotations

import asyncio
import random
from typing import Any
from urllib.parse import quote

import aiohttp

from web_console.simulation.counselors import Counselor
from web_console.simulation.tally import Tally

_LOOKS_EVERY_SECONDS = 2.0
_A_PAGE = 100


class Watch:
    """Looks through the API, as the console's lists do."""

    def __init__(self, base: str, session: aiohttp.ClientSession, tally: Tally) -> None:
        self._tally = tally
        self._supervisor = Counselor(base, session, tally, random.Random(), 0)
        self._found: set[str] = set()

    async def look(self, username: str, password: str) -> None:
        """Until cancelled."""
        await self._supervisor.sign_in(username, password)
        while True:
            waiting, active = await self._all("waiting"), await self._all("active")
            self._tally.at_once = max(self._tally.at_once, len(waiting) + len(active))
            self._found |= {each["id"] for each in (*waiting, *active) if _is_forgotten(each)}
            self._tally.unowned = len(self._found)
            await asyncio.sleep(_LOOKS_EVERY_SECONDS)

    async def _all(self, state: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        path = f"/api/contacts?state={state}&limit={_A_PAGE}"
        page = await self._supervisor.ask("GET", path)
        while page.get("items"):
            found += page["items"]
            if page["next"] is None:
                break
            page = await self._supervisor.ask("GET", f"{path}&before={quote(page['next'])}")
        return found


def _is_forgotten(contact: dict[str, Any]) -> bool:
    step = contact["next"]
    return contact["counselor"] is None and (step is None or (step["at"] is None and step["who"] is None))
