"""From the first word on a phone to a referral that an institution has accepted."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.people import HelpSeeker, Staff
from tests.journeys.stage import Stage

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module")]

FIRST = "你好,最近总是睡不着,想找人说说"
ANSWER = "你好,我在,慢慢说"
NAME, MASKED, PHONE = "王小雨", "王**", "13900001111"
DISTRICT = "西岗区"  # where the demo's referral worker and institution are


async def _waits(person: HelpSeeker) -> None:
    """Nobody is on duty, and the page says so; then the first word, and the place in the queue."""
    await person.sees("nobody-on-duty")
    await person.begin("小雨")
    await person.write(FIRST)
    await person.sees("chat-place", place="1")


async def _talk(person: HelpSeeker, counselor: Staff) -> None:
    """Both write, both see that the other types and has read."""
    await counselor.hears(FIRST)
    await counselor.at("composer").press_sequentially("你")
    await person.sees("chat-typing")
    await counselor.say(ANSWER)
    await person.reads(ANSWER)
    await person.sees("chat-message", FIRST, read="true")
    await expect(counselor.at("message-mark").last).to_contain_text("已读")
    await person.at("chat-composer").press_sequentially("嗯")
    await expect(counselor.at("person-typing")).not_to_be_empty()
    await person.write("谢谢,说出来好多了")
    await counselor.hears("说出来好多了")


async def _end(person: HelpSeeker, counselor: Staff) -> None:
    await counselor.press("contact-actions")
    await counselor.press("end-conversation")
    await counselor.press("dialog-confirm")
    await person.sees("chat-closed")


async def _close(counselor: Staff) -> None:
    """The sheet names what is missing until nothing is."""
    missing = counselor.at("close-missing")
    await expect(counselor.at("close-do")).to_be_disabled()
    await expect(missing.get_by_role("button")).to_have_count(3)
    await counselor.choose("close-disposition")
    await counselor.fill("close-note", "倾听与支持;同意转介社区康复")
    await counselor.page.locator("[data-testid^='close-level-'][data-current='true']").check()
    await expect(missing).to_have_count(0)
    await counselor.at("close-followup-no").check()
    await counselor.at("close-referral-yes").check()
    await counselor.fill("close-referral-name", NAME)
    await counselor.fill("close-referral-phone", PHONE)
    await counselor.choose("close-referral-district", DISTRICT)
    await counselor.page.locator("[data-testid^='need-']").first.check()
    await expect(missing.get_by_role("button")).to_have_count(1)
    await expect(counselor.at("close-do")).to_be_disabled()
    await counselor.at("close-referral-consent").check()
    await counselor.press("close-do")
    await counselor.sees("foot-closed_notice")


async def _move(who: Staff, move: str, stage: str) -> None:
    """The next act of the open referral, with what its form asks for."""
    await who.press(f"referral-move-{move}")
    dialog = who.page.get_by_role("dialog").filter(has=who.at("dialog-yes"))
    await expect(dialog).to_be_visible()
    for field in ("institution_id", "receiver_consent"):
        select = dialog.get_by_test_id(f"referral-field-{field}")
        if await select.count():
            await select.click()
            await who.page.get_by_role("option").first.click()
    await who.press("dialog-yes")
    await who.sees("referral-open", stage=stage)


async def test_from_the_first_word_to_an_accepted_referral(stage: Stage) -> None:
    person = await HelpSeeker.on(stage)
    await _waits(person)
    counselor = await Staff.on(stage, "counselor1")
    await counselor.become_available()
    await counselor.accept()
    await person.sees("counselor-here")
    await _talk(person, counselor)
    await _end(person, counselor)
    await _close(counselor)

    worker = await Staff.on(stage, "referral")
    await worker.sees("referral-card", MASKED, stage="submitted")
    await worker.at("referral-card").filter(has_text=MASKED).get_by_role("button").first.click()
    await expect(worker.at("referral-person")).to_contain_text("王")
    await expect(worker.at("referral-person")).not_to_contain_text(NAME)
    await _move(worker, "verify", "verifying")
    await _move(worker, "register", "registered")
    await _move(worker, "refer", "referred")

    institution = await Staff.on(stage, "rehab")
    await institution.sees("referral-card", MASKED, stage="referred")
    await institution.at("referral-card").filter(has_text=MASKED).get_by_role("button").first.click()
    await _move(institution, "accept", "accepted")
    await worker.sees("referral-open", stage="accepted")
