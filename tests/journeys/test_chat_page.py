"""What the help-seeker's page owes whoever is frightened: the truth before the first word, and a way out."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Route, expect

from tests.journeys.people import HelpSeeker, Staff
from tests.journeys.stage import Stage
from tests.server.wire import StaffClient

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module")]


async def _weather(route: Route) -> None:
    """The neutral page, answered here: no journey leaves this machine."""
    await route.fulfill(content_type="text/html", body="<title>weather</title>")


async def _neutral_url(supervisor: StaffClient) -> str:
    answer = await supervisor.call("GET", "/api/public")
    url: str = answer["neutral_url"]
    return url


@pytest.mark.parametrize("way", ["button", "escape"])
async def test_leaving_quickly_leaves_nothing_behind(stage: Stage, supervisor: StaffClient, way: str) -> None:
    neutral = await _neutral_url(supervisor)
    person = await HelpSeeker.on(stage)
    await person.page.route(f"{neutral}**", _weather)
    await person.begin()
    await person.write("我在这里")
    assert await person.token()

    if way == "button":
        await person.press("quick-exit")
    else:
        await person.page.keyboard.press("Escape")
        await person.page.keyboard.press("Escape")
    await person.page.wait_for_url(f"{neutral}**")
    assert await person.page.title() == "weather"

    await person.page.go_back()
    assert "/chat" not in person.page.url, "the page is in the history"
    await person.page.goto(f"{stage.address}/chat")
    await person.sees("chat-start")
    assert await person.token() is None
    assert await person.page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('chat'))") == []


async def test_nobody_on_duty_is_said_before_the_first_word(stage: Stage) -> None:
    person = await HelpSeeker.on(stage)
    await person.sees("nobody-on-duty")
    await person.sees("emergency-number", "12356")
    counselor = await Staff.on(stage, "counselor1")
    await counselor.become_available()
    await person.page.reload()
    await person.sees("chat-open")
    await person.sees_no("nobody-on-duty")


async def test_the_page_speaks_both_languages_and_keeps_the_choice(stage: Stage) -> None:
    person = await HelpSeeker.on(stage, language="en-US")
    await expect(person.page.get_by_test_id("quick-exit")).to_have_text(re.compile("Leave"))
    await person.press("language-switch")
    await expect(person.page.locator("html")).to_have_attribute("lang", "zh-CN")
    await person.page.reload()
    await expect(person.page.get_by_test_id("quick-exit")).to_have_text(re.compile("离开"))


async def test_the_page_is_dark_when_the_person_wants_it(stage: Stage) -> None:
    person = await HelpSeeker.on(stage)
    html = person.page.locator("html")
    await expect(html).to_have_attribute("data-mantine-color-scheme", "light")
    before = await person.page.evaluate("getComputedStyle(document.body).backgroundColor")
    await person.press("scheme-switch")
    await person.press("scheme-switch")
    await expect(html).to_have_attribute("data-mantine-color-scheme", "dark")
    await expect(person.page.locator("body")).not_to_have_css("background-color", before)
    await person.page.reload()
    await expect(html).to_have_attribute("data-mantine-color-scheme", "dark")
