"""Words of danger, their alert, and the help that goes: every step seen by whoever has to see it."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.journeys.people import HelpSeeker, Staff
from tests.journeys.stage import PHONE, Stage

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module")]

SOON = "药我已经攒够了,今晚就吃下去,不想活了"
WORDS_OF_DANGER = ["药我已经攒够了", "今晚", "不想活了"]
NOW = "我刚刚吞了一整瓶安眠药,现在很困"
PLACE = "西岗区白山路12号3单元"


async def _talking(stage: Stage, person: HelpSeeker, username: str) -> tuple[Staff, str]:
    """A counselor who has taken the only contact that waits."""
    counselor = await Staff.on(stage, username)
    await counselor.become_available()
    contact_id = await counselor.accept()
    await person.sees("counselor-here")
    return counselor, contact_id


async def _step(who: Staff, counselor: Staff, press: str, state: str) -> None:
    """One big button of the team's phone, and what the counselor sees of it."""
    await who.press(f"team-step-{press}")
    await who.sees("team-callout", state=state)
    await counselor.sees("alert-notice", state=state)


async def _go(team: Staff, counselor: Staff) -> None:
    """On the way, there, handed over; ended with its outcome."""
    await _step(team, counselor, "en_route", "en_route")
    await _step(team, counselor, "on_scene", "on_scene")
    await team.press("team-step-handed_over")
    await team.fill("alert-note", "家属已到,一同送医")
    await team.press("dialog-yes")
    await team.sees("team-callout", state="handed_over")
    await counselor.sees("alert-notice", "家属已到", state="handed_over")
    await team.press("team-step-close")
    await team.at("outcome-to_hospital").check()
    await team.press("dialog-yes")
    await counselor.sees("alert-notice", state="closed")


async def _assign(dispatcher: Staff, counselor: Staff) -> None:
    await dispatcher.press("alert-move-assign")
    await dispatcher.at("team-tea_demo_crisis_team").check()
    await dispatcher.press("dialog-yes")
    await dispatcher.sees("alert-state", state="assigned")
    await counselor.sees("alert-notice", state="assigned")


async def test_an_imminent_message_becomes_help_that_arrives(stage: Stage) -> None:
    person = await HelpSeeker.on(stage)
    await person.begin("阿北")
    await person.write("在吗")
    counselor, _ = await _talking(stage, person, "counselor1")
    dispatcher = await Staff.on(stage, "dispatcher")
    await dispatcher.sees("dispatch-board")

    await person.write(SOON)
    await counselor.sees("risk-banner", level="imminent")
    message = counselor.page.locator("[data-testid='message'][data-level='imminent']")
    marked = message.get_by_test_id("evidence")
    await expect(marked.first).to_be_visible()
    found = "".join(await marked.all_inner_texts())
    assert all(words in found for words in WORDS_OF_DANGER), found

    proposal = counselor.at("proposed-alert")
    await expect(proposal).to_have_text(re.compile(r"0:[0-5]\d"))
    await dispatcher.sees_no("alert-card")
    await counselor.press("proposed-details")
    await counselor.fill("alert-where", PLACE)
    await counselor.press("alert-send")
    await counselor.sees("alert-notice", state="raised")
    await counselor.sees_no("proposed-alert")

    await dispatcher.sees("alert-card", PLACE, state="raised", ringing="true")
    await dispatcher.press("alert-acknowledge")
    await counselor.sees("alert-notice", state="acknowledged")
    await dispatcher.at("alert-card").locator("[data-card]").click()
    await _assign(dispatcher, counselor)

    team = await Staff.on(stage, "crisis-team", PHONE)
    await team.sees("team-callout", PLACE, state="assigned")
    await _go(team, counselor)
    await dispatcher.sees("alert-state", state="closed")
    closed = dispatcher.at("column-closed").get_by_test_id("alert-card")
    await expect(closed).to_have_count(1)
    await counselor.press("contact-actions")
    await counselor.press("end-conversation")
    await counselor.press("dialog-confirm")
    await person.sees("chat-closed")


async def test_an_act_in_progress_is_raised_at_once(stage: Stage) -> None:
    dispatcher = await Staff.on(stage, "dispatcher")
    await dispatcher.sees("dispatch-board")
    person = await HelpSeeker.on(stage)
    await person.begin()
    await person.write("在吗")
    counselor, contact_id = await _talking(stage, person, "counselor2")
    await person.write(NOW)

    await dispatcher.sees("alert-card", state="raised", ringing="true")
    await counselor.sees("alert-notice", state="raised")
    await counselor.sees_no("proposed-alert")
    card = dispatcher.page.locator("[data-testid='alert-card'][data-state='raised']")
    await card.locator("[data-card]").press("a")
    await dispatcher.sees("alert-card", state="acknowledged")
    await counselor.sees("alert-notice", state="acknowledged")
    assert contact_id
