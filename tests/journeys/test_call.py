"""A call through the simulated carrier: greeted, queued, offered, bridged, heard, ended, wrapped up; and its room:
hold, an interpreter, a colleague who is asked and takes over, a supervisor who listens."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys import telephone as line
from tests.journeys.people import Staff
from tests.journeys.stage import Stage
from tests.journeys.telephone import Telephone, on_the_line

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module")]

SETTINGS = line.SETTINGS
INTERPRETER = "+8613900005555"
DANGER = "我现在就站在楼顶上,我不想活了"


async def test_a_call_from_the_greeting_to_the_wrap_up(stage: Stage, telephone: Telephone) -> None:
    counselor = await Staff.on(stage, "counselor1")
    sid = telephone.call()
    await counselor.sees("queue-row")
    await telephone.heard(sid, "会一直为您找人")

    await counselor.become_available()
    await expect(counselor.at("offer")).to_contain_text("电话")
    contact_id = await counselor.accept()
    await counselor.sees("call-bar", "139****1234", state="bridged")
    await counselor.sees("call-transcript", "正在转写")

    telephone.say(sid, DANGER)
    await counselor.sees("message", DANGER, **{"from": "transcript_help_seeker", "level": "imminent"})
    await counselor.sees("risk-banner", level="imminent")
    telephone.say(sid, "我在,请您先退后一步", "outbound_track")
    await counselor.sees("message", "退后一步", **{"from": "transcript_counselor"})

    await counselor.press("hang-up")
    await counselor.press("dialog-confirm")
    await telephone.over()
    await counselor.sees("close-disposition")
    assert contact_id


async def test_the_room_of_a_call(stage: Stage, telephone: Telephone) -> None:
    counselor, sid, contact_id = await on_the_line(stage, telephone, "counselor3")
    await counselor.sees("call-simulated")
    await counselor.press("call-hold")
    await counselor.sees("call-standing", "音乐")
    await telephone.until(lambda: telephone.carrier.lines[sid].held)
    await counselor.page.keyboard.press("Alt+KeyH")
    await counselor.sees("call-standing", "通话中")
    await telephone.until(lambda: not telephone.carrier.lines[sid].held)

    await counselor.press("call-add")
    await counselor.page.get_by_text("翻译", exact=True).click()
    await counselor.fill("outside-number", INTERPRETER)
    await counselor.press("dialog-yes")
    await counselor.sees("call-party", "翻译", kind="interpreter", state="bridged")
    await telephone.until(lambda: len(telephone.carrier.rooms[contact_id].members) == 3)
    await counselor.press("party-hold")
    await counselor.sees("call-party", "在听音乐")
    await counselor.press("party-remove")
    await counselor.press("confirm-yes")
    await counselor.sees_no("call-party")

    supervisor = await Staff.on(stage, "supervisor", path=f"/#/contacts/{contact_id}")
    await supervisor.press("supervise-monitor")
    await supervisor.sees("call-supervision", "您能听到", mode="monitor")
    await counselor.sees("call-supervisor", "在旁听", mode="monitor")
    await supervisor.press("supervise-whisper")
    await counselor.sees("call-supervisor", "耳语", mode="whisper")
    await supervisor.press("supervise-stop")
    await counselor.sees_no("call-supervisor")

    await counselor.press("hang-up")
    await counselor.press("dialog-confirm")
    await telephone.over()
    await counselor.sees("call-hung-up-by", by="counselor")


async def test_a_colleague_is_asked_and_takes_over(stage: Stage, telephone: Telephone) -> None:
    counselor, sid, contact_id = await on_the_line(stage, telephone, "counselor4")
    colleague = await Staff.on(stage, "counselor2")
    await colleague.become_available()
    await _consult(counselor)
    await telephone.until(lambda: telephone.carrier.lines[sid].held)
    await counselor.press("transfer-cancel")
    await counselor.sees_no("call-transfer-notice")
    await counselor.sees("call-standing", "通话中")

    await _consult(counselor)
    await counselor.press("transfer-complete")
    await colleague.page.goto(f"{stage.address}/#/contacts/{contact_id}")
    await colleague.sees("call-bar", state="bridged")
    await colleague.sees("call-standing", "通话中")
    assert not telephone.carrier.lines[sid].is_over
    telephone.carrier.hang_up(sid, telephone.server.clock.now())
    await telephone.over()
    await colleague.sees("call-hung-up-by", "来电者挂断", by="person")


async def _consult(counselor: Staff) -> None:
    """A colleague is called and speaks with the counselor alone."""
    await counselor.press("call-transfer")
    await counselor.at("transfer-colleague").first.check()
    await counselor.press("dialog-yes")
    await counselor.sees("call-transfer-notice", "单独说话", state="consulting")
    await counselor.sees("call-standing", "商量")


async def test_who_hangs_up_while_waiting_is_gone_from_the_queue(stage: Stage, telephone: Telephone) -> None:
    counselor = await Staff.on(stage, "counselor2")
    sid = telephone.call()
    await counselor.sees("queue-row")
    telephone.carrier.hang_up(sid, telephone.server.clock.now())
    await counselor.sees_no("queue-row")
