"""A picture of a place in one look, with what axe finds there and what runs over the edge."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.journeys.stage import Scheme

FOLDER = Path(__file__).parents[2] / "pictures"
GRAVE = ("serious", "critical")
# Fonts and transitions are over, and nothing that loads is left.
_STILL = """
async () => {
  await document.fonts.ready;
  await Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null)));
}
"""

Language = Literal["zh", "en"]
Act = Callable[[Page], Awaitable[None]]


@dataclass(frozen=True)
class Look:
    width: int
    height: int
    language: Language
    scheme: Scheme

    @property
    def name(self) -> str:
        return f"{self.width}-{self.language}-{self.scheme}"


DESKS = (Look(1366, 768, "zh", "light"), Look(1366, 768, "en", "dark"), Look(768, 1024, "zh", "dark"))
WALLS = (Look(1920, 1080, "en", "light"), *DESKS)
PHONES = (Look(360, 780, "zh", "light"), Look(360, 780, "en", "dark"))


@dataclass(frozen=True)
class Place:
    """`path` behind the `#`; `shows`: what must be there; `then`: what is done before the picture."""

    name: str
    path: str
    shows: str
    then: Act | None = None


class Photographer:
    def __init__(self, page: Page, who: str) -> None:
        self.page = page
        self.who = who
        self.found: list[str] = []

    async def take(self, places: Iterable[Place], looks: Iterable[Look], address: str) -> None:
        """Each place in each look; `address` is the page in which the places are, and in which this one is already."""
        places = tuple(places)
        for look in looks:
            await self._put_on(look)
            for place in places:
                await self._go(f"{address}#{place.path}", place)
                await self.picture(place.name, look)

    async def _put_on(self, look: Look) -> None:
        """The language comes with the next load."""
        await self.page.set_viewport_size({"width": look.width, "height": look.height})
        await self.page.emulate_media(color_scheme=look.scheme)
        await self.page.evaluate(
            "(language) => localStorage.setItem('hotline.language', language)", look.language
        )

    async def _go(self, address: str, place: Place) -> None:
        # One load, so that nothing that was opened for the last picture is open in this one. Going there inside the
        # page first would draw it twice.
        await self.page.evaluate("(address) => history.replaceState(null, '', address)", address)
        await self.page.reload()
        await expect(self.page.get_by_test_id(place.shows).filter(visible=True).first).to_be_visible()
        await expect(self.page.get_by_test_id("state-loading")).to_have_count(0)
        if place.then is not None:
            await place.then(self.page)

    async def picture(self, name: str, look: Look) -> None:
        await self.page.evaluate(_STILL)
        label = f"{self.who}-{name}-{look.name}"
        await self.page.screenshot(path=FOLDER / f"{label}.png")
        await self._inspect(label)

    async def _inspect(self, label: str) -> None:
        results = await Axe().run(self.page)
        for each in results.response["violations"]:
            if each["impact"] in GRAVE:
                where = ", ".join(str(node["target"]) for node in each["nodes"][:3])
                self.found.append(f"{label}: {each['id']} at {where}")
        over = await self.page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
        if over > 0:
            self.found.append(f"{label}: {over} px over the right edge")
