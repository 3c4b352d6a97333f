"""A supervisor sees who waits and who is helped, reads along and joins; the console in both languages and both themes."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.people import HelpSeeker, Staff
from tests.journeys.stage import Stage
from tests.server.wire import StaffClient

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module")]


async def test_the_wallboard_leads_into_a_conversation(stage: Stage, supervisor: StaffClient) -> None:
    boss = await Staff.on(stage, "supervisor", path="/#/wallboard")
    await boss.sees("wallboard")
    person = await HelpSeeker.on(stage)
    await person.begin("小北")
    await person.write("我觉得自己是大家的负担")
    waiting = boss.page.locator("[data-testid^='waiting-']:not([disabled])")
    await expect(waiting).to_have_count(1)
    await expect(waiting).to_contain_text("1")

    counselor = await Staff.on(stage, "counselor1")
    await counselor.become_available()
    contact_id = await counselor.accept()
    await expect(waiting).to_have_count(0)
    await expect(boss.at("people-busy")).to_contain_text("1")
    await boss.sees("wallboard-contact", "小北", state="active")
    await expect(boss.at("today-answer_rate")).to_contain_text("100%")

    await boss.press("wallboard-join")
    await boss.hears("我觉得自己是大家的负担")
    await boss.fill("composer", "我是督导,也在这里")
    await boss.press("send")
    await person.reads("我是督导,也在这里")
    await counselor.sees("message", "我是督导", **{"from": "supervisor"})
    journal = await supervisor.call("GET", f"/api/journal?subject={contact_id}")
    assert any("join" in each["kind"] for each in journal["items"])


async def test_the_console_changes_language_and_theme_and_keeps_them(stage: Stage) -> None:
    boss = await Staff.on(stage, "supervisor")
    html = boss.page.locator("html")
    await expect(html).to_have_attribute("lang", "zh-CN")
    await boss.press("language-switch")
    await expect(html).to_have_attribute("lang", "en")
    await boss.press("scheme-switch")
    await boss.press("scheme-switch")
    await expect(html).to_have_attribute("data-mantine-color-scheme", "dark")
    await boss.page.reload()
    await boss.sees("status-bar")
    await expect(html).to_have_attribute("lang", "en")
    await expect(html).to_have_attribute("data-mantine-color-scheme", "dark")
