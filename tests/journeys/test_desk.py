"""A counselor who is not alone: the screener raises the level, a supervisor is asked and joins, another takes over."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.people import HelpSeeker, Staff
from tests.journeys.stage import Stage
from tests.server.wire import StaffClient

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module")]

# Gone for good, soon: so that the queue's front is seen within a test.
SETTINGS = {"HOTLINE_COUNSELOR_GONE_AFTER_SECONDS": "2"}


async def _screen(counselor: Staff) -> None:
    """Every question that the screener asks is answered with yes."""
    await counselor.press("tab-assess")
    await counselor.choose("instrument-pick", "哥伦比亚")
    questions = counselor.at("question")
    place = 0
    while place < await questions.count():  # an answer may lead to further questions
        await questions.nth(place).get_by_role("radio").first.check()
        place += 1
    await counselor.press("instrument-submit")
    await counselor.sees("instrument-result")


async def test_a_counselor_screens_asks_for_help_and_hands_over(
    stage: Stage, supervisor: StaffClient
) -> None:
    counselor = await Staff.on(stage, "counselor1")
    await counselor.become_available()
    boss = await Staff.on(stage, "supervisor", path="/#/wallboard")
    person = await HelpSeeker.on(stage)
    await person.begin("小南")
    await person.write("最近很累")
    contact_id = await counselor.accept()
    await counselor.sees_no("risk-banner")

    await _screen(counselor)
    await counselor.sees("risk-banner")
    await expect(counselor.at("risk-banner")).to_have_attribute("data-level", "imminent")
    contact = await supervisor.call("GET", f"/api/contacts/{contact_id}")
    assert contact["level_source"] == "instrument"

    await counselor.press("contact-actions")
    await counselor.press("ask-supervisor")
    await counselor.press("dialog-confirm")
    await boss.sees("wallboard-help")
    await boss.press("wallboard-join")
    await boss.sees("composer")
    await boss.sees("leave")

    next_one = await Staff.on(stage, "counselor2")
    await next_one.become_available()
    await counselor.press("contact-actions")
    await counselor.press("transfer")
    await counselor.fill("transfer-reason", "我要下班了,请接着陪她")
    await counselor.press("transfer-do")
    await next_one.accept()
    await next_one.hears("最近很累")
    await next_one.say("你好,接下来我陪你")
    await person.reads("接下来我陪你")
    await person.press("chat-end")
    await person.press("chat-end-yes")
    await next_one.sees("close-disposition")


async def test_two_tabs_are_one_presence_and_a_lost_counselor_is_replaced(stage: Stage) -> None:
    counselor = await Staff.on(stage, "counselor3")
    await counselor.become_available()
    person = await HelpSeeker.on(stage)
    await person.begin()
    contact_id = await counselor.accept()
    await person.sees("counselor-here")
    second = Staff(await stage.page(counselor.page.context))
    await second.page.goto(f"{stage.address}/#/contacts/{contact_id}")
    await second.sees("presence", state="available")

    next_one = await Staff.on(stage, "counselor4")
    await counselor.page.close()
    await second.say("我还在")
    await person.reads("我还在")
    await second.page.close()
    await person.sees("chat-interrupted")
    await next_one.sees("queue-row")
    await next_one.become_available()
    assert await next_one.accept() == contact_id
    await next_one.sees("message", "我还在")
    await person.sees("counselor-here")
