"""An offer that nobody answers goes to the next counselor; who missed it is asked no more until they say so."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.people import HelpSeeker, Staff
from tests.journeys.stage import Stage
from tests.server.wire import StaffClient

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module")]

# Short enough to be waited for, long enough to be answered on a machine that is busy.
SETTINGS = {"HOTLINE_OFFER_WITHIN_SECONDS": "6"}


async def test_a_missed_offer_goes_to_the_next_counselor(stage: Stage, supervisor: StaffClient) -> None:
    first = await Staff.on(stage, "counselor1")
    await first.become_available()
    next_one = await Staff.on(stage, "counselor2")
    await next_one.become_available()

    person = await HelpSeeker.on(stage)
    await expect(person.at("nobody-on-duty")).to_have_count(0)
    await person.begin()
    await first.sees("offer")
    await next_one.sees_no("offer")
    contact_id = await next_one.accept()
    await first.sees_no("offer")
    await first.sees("presence", state="not_ready")
    await person.sees("counselor-here")

    contact = await supervisor.call("GET", f"/api/contacts/{contact_id}")
    assert contact["counselor"]["name"] == "陈静"

    await first.become_available()
    await first.sees_no("offer")
