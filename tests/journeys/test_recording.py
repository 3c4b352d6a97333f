"""A recorded call: the caller was told and stayed; the counselor pauses; a supervisor listens, and says why."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, Response, expect

from tests.journeys import telephone as line
from tests.journeys.people import Staff
from tests.journeys.pictures import DESKS, PHONES, Photographer, Place
from tests.journeys.stage import Stage
from tests.journeys.telephone import Telephone, on_the_line

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module")]

SETTINGS = {**line.SETTINGS, "HOTLINE_RECORD_CALLS": "yes"}
REASON = "来电者投诉，复核通话"


async def test_a_call_is_recorded_paused_and_listened_to(stage: Stage, telephone: Telephone) -> None:
    counselor, _, contact_id = await on_the_line(stage, telephone, "counselor1")
    await counselor.sees("recording-bar", "正在录音", state="recording")
    await counselor.press("recording-pause")
    await counselor.sees("recording-bar", "录音已暂停", state="paused")
    (tape,) = telephone.carrier.tapes.tapes.values()
    assert tape.status == "paused"
    photographer = Photographer(counselor.page, "recording")
    desk = f"/contacts/{contact_id}"
    await photographer.take(
        (Place("bar", desk, "recording-bar"),), (*PHONES, *reversed(DESKS[:2])), f"{stage.address}/"
    )
    await counselor.press("recording-resume")
    await counselor.sees("recording-bar", "正在录音", state="recording")
    await counselor.press("hang-up")
    await counselor.press("dialog-confirm")
    await telephone.over()
    await telephone.until(lambda: telephone.carrier.tapes.tapes == {})  # fetched, sealed, removed there

    supervisor = await Staff.on(stage, "supervisor", path=f"/#{desk}")
    asked: list[Response] = []
    supervisor.page.on("response", lambda answer: asked.append(answer) if "/audio?" in answer.url else None)
    await supervisor.press("tab-notes")
    await supervisor.press("recording-listen")
    await supervisor.fill("confirm-reason", REASON)
    await supervisor.press("confirm-yes")
    await supervisor.press("recording-play")
    await _hears(supervisor.page)
    await supervisor.sees("recording-listened", REASON)
    assert {answer.status for answer in asked} <= {200, 206}
    assert all("no-store" in answer.headers["cache-control"] for answer in asked)
    await supervisor.press("legal-hold-ask")
    await supervisor.fill("confirm-reason", "法院来函")
    await supervisor.press("confirm-yes")
    await supervisor.sees("legal-hold", "法院来函")
    await photographer.picture("counselor", DESKS[0])
    await Photographer(supervisor.page, "recording").picture("player", DESKS[0])
    assert photographer.found == []


async def _hears(page: Page) -> None:
    """The browser decodes the sound and gets on in it."""
    audio = page.locator("audio")
    await expect(audio).to_have_js_property("error", None)
    await page.wait_for_function("() => document.querySelector('audio').currentTime > 0.3")
    assert await audio.evaluate("each => each.duration") >= 1
