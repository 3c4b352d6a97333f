"""Every main page, looked at: pictures in `pictures/`, and nothing serious that axe finds, in both languages and themes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.journeys import scenery
from tests.journeys.people import HelpSeeker, Staff
from tests.journeys.pictures import DESKS, PHONES, WALLS, Act, Look, Photographer, Place
from tests.journeys.scenery import Scene
from tests.journeys.stage import Stage
from tests.server.wire import ServerProcess

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

SETTINGS = scenery.SETTINGS
TWO_DESKS = DESKS[:2]
TABS = ("person", "assess", "plan", "notes")
LOCALE = {"zh": "zh-CN", "en": "en-US"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(server: ServerProcess) -> AsyncIterator[Scene]:
    async with aiohttp.ClientSession() as http, AsyncExitStack() as open_:
        yield await scenery.set_scene(server.address, http, open_)


def press(testid: str, shows: str) -> Act:
    """A click that opens what is to be seen."""

    async def act(page: Page) -> None:
        await page.get_by_test_id(testid).first.click()
        await expect(page.get_by_test_id(shows).first).to_be_visible()

    return act


async def _photographed(
    stage: Stage, username: str, places: tuple[Place, ...], looks: tuple[Look, ...], path: str = "/"
) -> None:
    """Every place that this person has, in every look; nothing grave may be found."""
    person = await Staff.on(stage, username, path=path)
    photographer = Photographer(person.page, username)
    await photographer.take(places, looks, f"{stage.address}{path}")
    assert photographer.found == []


async def test_the_counselors_desk(stage: Stage, scene: Scene) -> None:
    desk = Place("conversation", f"/contacts/{scene.ids['grave']}", "risk-banner")
    await _photographed(stage, "counselor1", (desk,), DESKS)
    report = Place("school", f"/contacts/{scene.ids['school']}", "school-report-handled")
    await _photographed(stage, "counselor2", (report,), DESKS)


async def test_what_opens_on_the_counselors_desk(stage: Stage, scene: Scene) -> None:
    desk = f"/contacts/{scene.ids['grave']}"
    places = (
        Place("empty", "/contacts", "my-contacts"),
        Place("alert", desk, "risk-banner", press("raise-alert", "alert-what")),
        Place("commands", desk, "risk-banner", press("command-open", "command-input")),
        Place("presence", desk, "risk-banner", press("presence", "presence-break")),
        Place("followups", "/followups", "followup-list"),
        *(Place(name, desk, "risk-banner", press(f"tab-{name}", "side-panel")) for name in TABS),
    )
    await _photographed(stage, "counselor1", places, TWO_DESKS)


async def test_an_offer_over_the_desk(stage: Stage, scene: Scene) -> None:
    await _photographed(stage, "counselor3", (Place("offer", "/contacts", "offer"),), DESKS)


async def test_the_close_sheet(stage: Stage, scene: Scene) -> None:
    contact_id = scene.ids["english"]
    await scene.call("counselor2", "POST", f"/api/contacts/{contact_id}/end", {})

    async def refer(page: Page) -> None:
        await page.get_by_test_id("close-followup-yes").check()
        await page.get_by_test_id("close-referral-yes").check()

    places = (
        Place("close", f"/contacts/{contact_id}", "close-disposition"),
        Place("close-refer", f"/contacts/{contact_id}", "close-disposition", refer),
    )
    await _photographed(stage, "counselor2", places, TWO_DESKS)


async def test_the_supervisors_places(stage: Stage, scene: Scene) -> None:
    wall = (Place("wallboard", "/wallboard", "sparkline"),)
    await _photographed(stage, "supervisor", wall, WALLS)
    more = (
        Place("journal", "/journal", "journal-page"),
        Place("shifts", "/shifts", "shift"),
        Place("shift-new", "/shifts", "shift", press("shift-new", "shift-role")),
        Place("shift-change", "/shifts", "shift", press("shift", "who-in")),
        Place("reading", f"/contacts/{scene.ids['grave']}", "risk-banner"),
        Place("followups", "/followups", "followup-list"),
        Place("report", f"/school-reports/{scene.ids['report_orange']}", "school-report-page"),
    )
    await _photographed(stage, "supervisor", more, TWO_DESKS)


async def test_the_switchboard(stage: Stage, scene: Scene) -> None:
    places = (
        Place("switchboard", "/switchboard", "skills-row"),
        Place("divert", "/switchboard", "skills-row", press("divert-new", "divert-to")),
        Place("skills", "/switchboard", "skills-row", press("skills-change", "dialog-yes")),
    )
    await _photographed(stage, "supervisor", places, (*DESKS, *PHONES))


async def test_the_dispatch_board(stage: Stage, scene: Scene) -> None:
    places = (
        Place("board", "/dispatch", "alert-card"),
        Place("alert", f"/dispatch/{scene.ids['alert_en_route']}", "alert-panel"),
    )
    await _photographed(stage, "dispatcher", places, WALLS)


async def test_the_teams_telephone(stage: Stage, scene: Scene) -> None:
    places = (Place("callout", f"/team/{scene.ids['alert_assigned']}", "team-callout"),)
    await _photographed(stage, "crisis-team", places, PHONES)


async def test_the_police_desk(stage: Stage, scene: Scene) -> None:
    alert = await scene.call("dispatcher", "GET", f"/api/alerts/{scene.ids['alert_raised']}")
    for step in ("acknowledge", "hand_over_to_police"):
        path = f"/api/alerts/{alert['id']}/{step}"
        alert = await scene.call("dispatcher", "POST", path, {"version": alert["version"]})
    await _photographed(stage, "police", (Place("desk", "/police", "police-desk"),), DESKS)


async def test_the_schools_place(stage: Stage, scene: Scene) -> None:
    async def red(page: Page) -> None:
        await page.get_by_test_id("school-level-red").check()

    steps = tuple(
        Place(
            f"form-{step}", "/school-reports/new", "school-form", press(f"school-step-{step}", "school-form")
        )
        for step in ("event", "student", "contact")
    )
    places = (
        Place("list", "/school-reports", "school-report"),
        Place("report", f"/school-reports/{scene.ids['report_orange']}", "school-report-page"),
        *steps,
        Place("form-red", "/school-reports/new", "school-form", red),
    )
    looks = (*TWO_DESKS, *PHONES[:1])
    await _photographed(stage, "school", places, looks, path="/school")


async def test_the_referral_boards(stage: Stage, scene: Scene) -> None:
    board = Place("board", "/referrals", "referral-card")
    opened = f"/referrals/{scene.ids['referral_registered']}"
    await _photographed(stage, "referral", (board, Place("referral", opened, "referral-open")), WALLS)
    more = (
        Place("refer", opened, "referral-open", press("referral-move-refer", "dialog-yes")),
        Place("new", "/referrals", "referral-board", press("referral-new", "dialog-yes")),
    )
    await _photographed(stage, "referral", more, TWO_DESKS)
    await _photographed(stage, "rehab", (board,), TWO_DESKS)


async def test_the_administrators_places(stage: Stage, scene: Scene) -> None:
    staff = Place("staff", "/staff", "staff-row")
    new = Place("staff-new", "/staff", "staff-row", press("staff-new", "staff-name"))
    await _photographed(stage, "admin", (staff, new), DESKS)
    await _photographed(stage, "auditor", (Place("journal", "/journal", "journal-entry"),), TWO_DESKS)


async def test_the_sign_in(stage: Stage, scene: Scene) -> None:
    for look in (*TWO_DESKS, *PHONES):
        page = await stage.window(
            (look.width, look.height), language=LOCALE[look.language], scheme=look.scheme
        )
        await page.goto(stage.address)
        await expect(page.get_by_test_id("sign-in-form")).to_be_visible()
        photographer = Photographer(page, "nobody")
        await photographer.picture("sign-in", look)
        assert photographer.found == []


CHATS = (*PHONES, Look(768, 1024, "zh", "dark"), Look(1366, 768, "en", "light"))


@pytest.mark.parametrize("look", CHATS, ids=lambda look: look.name)
async def test_the_chat_page(stage: Stage, scene: Scene, look: Look) -> None:
    await scene.on_duty("supervisor")
    person = await HelpSeeker.on(stage, (look.width, look.height), LOCALE[look.language], look.scheme)
    photographer = Photographer(person.page, "person")
    await person.sees("chat-open")
    await photographer.picture("start", look)
    await person.begin(f"小树 {look.name}")
    await person.write("你好,有人在吗" if look.language == "zh" else "Hello, is anybody there")
    await person.sees("chat-place")
    await photographer.picture("waiting", look)

    waiting = (await scene.call("supervisor", "GET", "/api/contacts?state=waiting"))["items"]
    contact_id = next(each["id"] for each in waiting if each["nickname"] == f"小树 {look.name}")
    await scene.call("supervisor", "POST", f"/api/contacts/{contact_id}/take", {})
    await person.sees("counselor-here")
    words = "你好,我在。慢慢说,不着急。" if look.language == "zh" else "Hello, I'm here. Take your time."
    path = f"/api/contacts/{contact_id}/messages"
    await scene.call("supervisor", "POST", path, {"client_id": f"hello-{look.name}", "text": words})
    await person.reads(words)
    await photographer.picture("talking", look)
    await scene.call("supervisor", "POST", f"/api/contacts/{contact_id}/end", {})
    await person.sees("chat-closed")
    await photographer.picture("closed", look)
    await scene.close("supervisor", contact_id)
    assert photographer.found == []
