"""A supervisor plans a shift and sees the hole it leaves; a counselor hands over, the supervisor takes over."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.people import Staff
from tests.journeys.pictures import PHONES, Photographer, Place
from tests.journeys.stage import Stage

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module")]


async def test_a_shift_is_planned_and_handed_over(stage: Stage) -> None:
    boss = await Staff.on(stage, "supervisor", path="/#/shifts")
    await expect(boss.page.get_by_test_id("duty-now")).to_contain_text("周敏")
    await boss.page.get_by_test_id("shift-new").click()
    await boss.page.get_by_test_id("shift-role").select_option("dispatcher")
    await boss.page.get_by_test_id("shift-starts").fill("06:00")
    await boss.page.get_by_test_id("shift-ends").fill("22:00")
    await boss.page.get_by_test_id("shift-people").click()
    await boss.page.get_by_role("option", name="赵强").click()
    await boss.page.keyboard.press("Escape")
    await boss.page.get_by_test_id("dialog-yes").click()
    planned = boss.page.locator('[data-testid="shift"][data-role="dispatcher"]')
    await expect(planned.first).to_contain_text("赵强")
    await expect(boss.page.get_by_test_id("duty-notices")).to_contain_text("派遣员")

    goes = await Staff.on(stage, "counselor1", path="/#/shifts")
    await goes.page.get_by_test_id("handover-write").click()
    await goes.page.get_by_test_id("handover-note").fill("小雨今晚可能再打来，请接她。")
    await goes.page.get_by_test_id("dialog-yes").click()
    await expect(goes.page.get_by_test_id("handover")).to_contain_text("等人接班")
    await expect(goes.page.get_by_test_id("handover-accept")).to_have_count(0)
    # The supervisor: which counselors read it depends on who is on duty at the hour of the test.
    await boss.page.get_by_test_id("handover-accept").click()
    for page in (goes.page, boss.page):
        await expect(page.get_by_test_id("handover")).to_contain_text("周敏 已接班")

    photographer = Photographer(goes.page, "counselor1")
    await photographer.take((Place("shifts", "/shifts", "shift"),), PHONES, f"{stage.address}/")
    assert photographer.found == []
