"""A school reports; the report waits in the same queue as everybody, at its level, and the school sees who has it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.people import HelpSeeker, Staff
from tests.journeys.stage import Stage
from tests.server.wire import StaffClient

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module")]

HAPPENED = "高二学生在宿舍说不想活了,室友陪着,已联系班主任"


async def _report(school: Staff) -> None:
    """Four short steps; what is missing is named."""
    await school.press("school-new")
    await school.at("school-level-red").check()
    await school.sees("school-call-first", "120")
    await school.at("school-level-orange").check()
    await school.sees_no("school-call-first")
    await school.press("school-next")
    await school.at("school-event_types-ideation").check()
    await school.fill("school-what_happened", HAPPENED)
    await school.press("school-next")
    await school.fill("school-present_place", "女生宿舍3号楼")
    await school.press("school-next")
    await expect(school.at("school-send")).to_be_disabled()
    await expect(school.at("school-missing").get_by_role("button")).to_have_count(1)
    await school.fill("school-reporter_phone", "13900002222")
    await school.press("school-send")
    await school.press("confirm-yes")


async def test_a_report_is_taken_by_a_counselor(stage: Stage, supervisor: StaffClient) -> None:
    person = await HelpSeeker.on(stage)
    await person.begin()
    await person.write("你好")
    school = await Staff.on(stage, "school", path="/school")
    await _report(school)
    await school.sees("school-report-page")
    await expect(school.at("school-who")).not_to_contain_text("林晓")

    counselor = await Staff.on(stage, "counselor1")
    rows = counselor.at("queue-row")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_have_attribute("data-level", "high")
    await counselor.become_available()
    offer = counselor.at("offer")
    await expect(offer.get_by_test_id("level-chip")).to_have_attribute("data-level", "high")
    contact_id = await counselor.accept()

    await school.sees("school-report-page", state="received")
    await expect(school.at("school-who")).to_contain_text("林晓")
    await counselor.sees("school-report-handled", HAPPENED)
    await counselor.fill("school-note", "请室友先不要离开,我十分钟内打给您")
    await counselor.press("school-note-send")
    await school.sees("school-report-page", "我十分钟内打给您", state="being_handled")

    asked = counselor.page.locator("[data-testid='school-asked'] > li[data-done]")
    await expect(asked).to_have_count(0)
    await school.page.locator("[data-testid^='school-done-']").first.click()
    await expect(asked).to_have_count(1)
    answer = await supervisor.call("GET", "/api/school-reports")
    assert [each["contact_id"] for each in answer["items"]] == [contact_id]
