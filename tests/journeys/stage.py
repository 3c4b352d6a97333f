"""Windows: one browser context for each person, as apart from each other as their machines are."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

# What a person has in front of them, in CSS pixels.
PHONE = (375, 812)
DESK = (1366, 768)
# An element that a journey waits for has this long; two cores may carry a whole test run beside it.
PATIENCE_MS = 30_000

Scheme = Literal["light", "dark"]
# The browser itself reports answers of 4xx and 5xx and cut lines; whether they were meant, the journey knows.
_OF_THE_NETWORK = ("Failed to load resource", "WebSocket connection to")


class Stage:
    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.windows = AsyncExitStack()
        self.complaints: list[str] = []

    async def context(
        self, size: tuple[int, int] = DESK, *, language: str = "zh-CN", scheme: Scheme = "light"
    ) -> BrowserContext:
        phone = size[0] < 600
        context = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=language,
            timezone_id="Asia/Shanghai",
            color_scheme=scheme,
            is_mobile=phone,
            has_touch=phone,
            reduced_motion="reduce",
        )
        self.windows.push_async_callback(context.close)
        context.set_default_timeout(PATIENCE_MS)
        return context

    async def window(
        self, size: tuple[int, int] = DESK, *, language: str = "zh-CN", scheme: Scheme = "light"
    ) -> Page:
        return await self.page(await self.context(size, language=language, scheme=scheme))

    async def page(self, context: BrowserContext) -> Page:
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error.message}"))
        page.on("console", lambda message: self._hear(page, message))
        return page

    async def leave_pictures(self, folder: Path, name: str) -> None:
        """What everybody had in front of them."""
        pages = [page for context in self.browser.contexts for page in context.pages]
        for number, page in enumerate(pages):
            await page.screenshot(path=folder / f"{name}-{number}.png")

    def _hear(self, page: Page, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_OF_THE_NETWORK):
            self.complaints.append(f"{page.url}: {message.text}")
