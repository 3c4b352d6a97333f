"""A line between a page and the server that is cut where the journey says."""

from __future__ import annotations

import json
import re
from typing import Literal

from playwright.async_api import Page, WebSocketRoute

# Where a cut meets a message: on its way to the server, or its acknowledgement on the way back.
Where = Literal["nowhere", "message", "acknowledgement"]


class CutLine:
    def __init__(self) -> None:
        self.cut_at: Where = "nowhere"
        self.down = False
        self.lost = 0
        self._live: list[tuple[WebSocketRoute, WebSocketRoute]] = []

    async def between(self, page: Page) -> CutLine:
        """Before the page opens its socket."""
        await page.route_web_socket(re.compile(r"/ws/(chat|console)$"), self._open)
        return self

    async def cut(self) -> None:
        """Both ends notice, and nothing gets through until `restore`."""
        self.down = True
        live, self._live = self._live, []
        for page, server in live:
            await server.close()
            await page.close()

    def restore(self) -> None:
        self.down = False
        self.cut_at = "nowhere"

    async def _open(self, page: WebSocketRoute) -> None:
        if self.down:
            await page.close()
            return
        server = page.connect_to_server()
        self._live.append((page, server))

        async def up(frame: str | bytes) -> None:
            if await self._meets(frame, "message", "message.send"):
                return
            server.send(frame)

        async def back(frame: str | bytes) -> None:
            if await self._meets(frame, "acknowledgement", "message.ack"):
                return
            page.send(frame)

        page.on_message(up)
        server.on_message(back)

    async def _meets(self, frame: str | bytes, where: Where, what: str) -> bool:
        """Whether the cut took this frame with it."""
        if self.down:
            return True
        if self.cut_at != where or json.loads(frame)["type"] != what:
            return False
        self.lost += 1
        await self.cut()
        return True
