"""Lines are cut and servers die in the middle of a message: what was written is sent once, and nothing is lost."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.cut_line import CutLine, Where
from tests.journeys.people import HelpSeeker, Staff
from tests.journeys.stage import PHONE, Stage
from tests.server.wire import ServerProcess, StaffClient

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module")]

# The counselor stays the counselor however long a loaded machine takes to start the server again.
SETTINGS = {"HOTLINE_COUNSELOR_GONE_AFTER_SECONDS": "300"}


async def _texts(supervisor: StaffClient, contact_id: str, sender: str) -> list[str]:
    """What the server holds, in its order."""
    answer = await supervisor.call("GET", f"/api/contacts/{contact_id}/messages?limit=100")
    items = sorted(answer["items"], key=lambda each: int(each["seq"]))
    return [each["text"] for each in items if each["from"] == sender]


async def _begin(stage: Stage) -> tuple[HelpSeeker, CutLine]:
    """A person whose line can be cut, with the first word written."""
    person = HelpSeeker(await stage.window(PHONE))
    line = await CutLine().between(person.page)
    await person.page.goto(f"{stage.address}/chat")
    await person.begin()
    await person.write("一")
    return person, line


async def _send_into_the_cut(person: HelpSeeker, text: str) -> None:
    """Written and sent; the page says that it is not sent yet."""
    await person.fill("chat-composer", text)
    await person.press("chat-send")
    await person.sees("chat-offline")
    await person.sees("chat-unsent", text, state="queued")


async def _comes_back(person: HelpSeeker, line: CutLine) -> None:
    line.restore()
    await person.sees_no("chat-offline")
    await person.sees_no("chat-unsent")


@pytest.mark.parametrize("where", ["message", "acknowledgement"])
async def test_a_message_that_meets_a_cut_is_sent_once(
    stage: Stage, supervisor: StaffClient, where: Where
) -> None:
    counselor = await Staff.on(stage, "counselor1" if where == "message" else "counselor2")
    await counselor.become_available()
    person, line = await _begin(stage)
    contact_id = await counselor.accept()

    line.cut_at = where
    await _send_into_the_cut(person, "二")
    assert line.lost == 1
    await counselor.say("我在听")
    await person.fill("chat-composer", "三")
    await person.press("chat-send")
    await expect(person.at("chat-unsent")).to_have_count(2)
    await person.page.reload()
    await expect(person.at("chat-unsent")).to_have_count(2)
    await _comes_back(person, line)

    await person.reads("我在听")
    mine = person.page.locator("[data-testid='chat-message'][data-from='you'] p")
    await expect(mine).to_have_text(["一", "二", "三"])
    theirs = counselor.page.locator("[data-testid='message'][data-from='help_seeker'] p")
    await expect(theirs).to_have_text(["一", "二", "三"])
    assert await _texts(supervisor, contact_id, "help_seeker") == ["一", "二", "三"]
    await counselor.press("presence")
    await counselor.press("presence-offline")


async def test_a_killed_server_loses_nothing_and_doubles_nothing(
    stage: Stage, server: ServerProcess, supervisor: StaffClient
) -> None:
    counselor = await Staff.on(stage, "counselor3")
    await counselor.become_available()
    person = await HelpSeeker.on(stage)
    await person.begin()
    contact_id = await counselor.accept()
    await person.write("一")
    await counselor.say("甲")

    await server.kill()
    await person.sees("chat-offline")
    await counselor.sees("line-notice")
    await _send_into_the_cut(person, "二")
    await counselor.fill("composer", "乙")
    await counselor.press("send")
    await counselor.sees("message-pending", "乙")
    await server.start()

    await person.sees_no("chat-offline")
    await person.sees_no("chat-unsent")
    await counselor.sees_no("line-notice")
    await counselor.sees_no("message-pending")
    await person.reads("乙")
    await counselor.hears("二")
    assert await _texts(supervisor, contact_id, "help_seeker") == ["一", "二"]
    assert await _texts(supervisor, contact_id, "counselor") == ["甲", "乙"]
