"""The call bar and what opens from it, looked at in both languages and themes, on desks and on telephones."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.journeys import telephone as line
from tests.journeys.people import Staff
from tests.journeys.pictures import DESKS, PHONES, Act, Photographer, Place
from tests.journeys.stage import Stage
from tests.journeys.telephone import Telephone, on_the_line

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

SETTINGS = line.SETTINGS
INTERPRETER = "+8613900005555"


def _press(testid: str, shows: str) -> Act:
    async def act(page: Page) -> None:
        await page.get_by_test_id(testid).first.click()
        await expect(page.get_by_test_id(shows).first).to_be_visible()

    return act


async def test_the_bar_in_pictures(stage: Stage, telephone: Telephone) -> None:
    """Every look of the bar and of what opens from it; nothing grave may be found."""
    counselor, _, contact_id = await on_the_line(stage, telephone, "counselor1")
    await counselor.press("call-add")
    await counselor.page.get_by_text("翻译", exact=True).click()
    await counselor.fill("outside-number", INTERPRETER)
    await counselor.press("dialog-yes")
    await counselor.sees("call-party", state="bridged")
    photographer = Photographer(counselor.page, "call")
    desk = f"/contacts/{contact_id}"
    places = (
        Place("bar", desk, "call-people"),
        Place("add", desk, "call-people", _press("call-add", "outside-number")),
        Place("transfer", desk, "call-people", _press("call-transfer", "transfer-warm")),
        Place("phone", desk, "call-people", _press("phone-button", "device-check")),
    )
    await photographer.take(places, (*DESKS[:2], *PHONES), f"{stage.address}/")
    await counselor.page.goto(f"{stage.address}/#{desk}")
    await counselor.page.reload()
    await counselor.press("hang-up")
    await counselor.press("dialog-confirm")
    await telephone.over()
    assert photographer.found == []


async def test_a_consultation_and_a_listener_in_pictures(stage: Stage, telephone: Telephone) -> None:
    counselor, _, contact_id = await on_the_line(stage, telephone, "counselor2")
    colleague = await Staff.on(stage, "counselor3")
    await colleague.become_available()
    await counselor.press("call-transfer")
    await counselor.at("transfer-colleague").first.check()
    await counselor.press("dialog-yes")
    await counselor.sees("call-transfer-notice", state="consulting")
    supervisor = await Staff.on(stage, "supervisor", path=f"/#/contacts/{contact_id}")
    await supervisor.press("supervise-monitor")
    await supervisor.sees("call-supervision", mode="monitor")
    found = []
    for person, who in ((counselor, "consulting"), (supervisor, "listening")):
        photographer = Photographer(person.page, "call")
        place = Place(who, f"/contacts/{contact_id}", "call-people")
        await photographer.take((place,), (*DESKS[:2], *PHONES[:1]), f"{stage.address}/")
        found += photographer.found
    await counselor.page.goto(f"{stage.address}/#/contacts/{contact_id}")
    await counselor.press("transfer-cancel")
    await counselor.sees_no("call-transfer-notice")
    assert found == []
