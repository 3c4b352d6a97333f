"""The people of the journeys: what each does with their own page, by what the page offers."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from tests.journeys.stage import DESK, PATIENCE_MS, PHONE, Scheme, Stage

expect.set_options(timeout=PATIENCE_MS)


class Person:
    """Somebody in front of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def at(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    async def press(self, testid: str) -> None:
        await self.at(testid).click()

    async def fill(self, testid: str, text: str) -> None:
        await self.at(testid).fill(text)

    async def choose(self, testid: str, option: str = "") -> None:
        """An option of a select of the console, by its words; else the first."""
        await self.at(testid).click()
        await self.page.get_by_role("option").filter(has_text=option).first.click()

    async def sees(self, testid: str, text: str | None = None, **attributes: str) -> None:
        """Waits until it is there, with this text in it and with these `data-…` values."""
        marks = "".join(f"[data-{name}='{value}']" for name, value in attributes.items())
        here = self.page.locator(f"[data-testid='{testid}']{marks}")
        await expect(here.filter(has_text=text or "").first).to_be_visible()

    async def sees_no(self, testid: str) -> None:
        await expect(self.at(testid)).to_have_count(0)


class HelpSeeker(Person):
    """A person who looks for help, on a phone."""

    @staticmethod
    async def on(
        stage: Stage, size: tuple[int, int] = PHONE, language: str = "zh-CN", scheme: Scheme = "light"
    ) -> HelpSeeker:
        person = HelpSeeker(await stage.window(size, language=language, scheme=scheme))
        await person.page.goto(f"{stage.address}/chat")
        return person

    async def begin(self, nickname: str = "") -> None:
        if nickname:
            await self.fill("chat-nickname", nickname)
        await self.press("chat-open")
        await self.sees("chat-composer")

    async def write(self, text: str) -> None:
        """Written and acknowledged."""
        await self.fill("chat-composer", text)
        await self.press("chat-send")
        await self.sees("chat-message", text, **{"from": "you"})
        await self.sees_no("chat-unsent")

    async def reads(self, text: str) -> None:
        await self.sees("chat-message", text, **{"from": "counselor"})

    async def token(self) -> str | None:
        kept: str | None = await self.page.evaluate("localStorage.getItem('chat.token')")
        return kept


class Staff(Person):
    """Somebody signed in at the console."""

    @staticmethod
    async def on(
        stage: Stage,
        username: str,
        size: tuple[int, int] = DESK,
        path: str = "/",
        language: str = "zh-CN",
        scheme: Scheme = "light",
    ) -> Staff:
        person = Staff(await stage.window(size, language=language, scheme=scheme))
        await person.page.goto(f"{stage.address}{path}")
        await person.fill("sign-in-username", username)
        await person.fill("sign-in-password", "demo")
        await person.press("sign-in-submit")
        await person.sees("status-bar")
        return person

    async def become_available(self) -> None:
        await self.press("presence")
        await self.press("presence-available")
        await self.sees("presence", state="available")

    async def accept(self) -> str:
        """The offer that is, or comes, over everything; the contact it was about."""
        offer = self.at("offer")
        await expect(offer).to_be_visible()
        contact_id = await offer.get_attribute("data-contact")
        await self.press("offer-accept")
        await self.page.wait_for_url(f"**/contacts/{contact_id}")
        assert contact_id
        return contact_id

    async def say(self, text: str) -> None:
        """Written and acknowledged."""
        await self.fill("composer", text)
        await self.press("send")
        await self.sees("message", text, **{"from": "counselor"})

    async def hears(self, text: str) -> None:
        await self.sees("message", text, **{"from": "help_seeker"})
