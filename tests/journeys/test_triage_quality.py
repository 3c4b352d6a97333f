"""Why a level stands, seen by the counselor; how well triage does, seen and corrected by the supervisor."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import AsyncExitStack, closing
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.journeys import scenery
from tests.journeys.people import HelpSeeker, Staff
from tests.journeys.pictures import DESKS, PHONES, Look, Photographer, Place
from tests.journeys.scenery import Scene
from tests.journeys.stage import Stage
from tests.server.wire import ServerProcess

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module")]

SETTINGS = scenery.SETTINGS
HARMLESS = ("和妈妈吵架了，心里很乱", "马上考试了，睡不好", "I had a long day at work and I feel tired")
GRAVE = "药我已经攒够了，今晚就吃下去，不想活了"
AGAIN = "我现在站在桥上，翻过栏杆了"


async def test_the_counselor_sees_why_and_decides_again(stage: Stage) -> None:
    counselor = await Staff.on(stage, "counselor1")
    await counselor.become_available()
    person = await HelpSeeker.on(stage)
    await person.begin("小雨")
    await person.write("在吗，我睡不着")
    contact_id = await counselor.accept()
    for text in ("这半年觉得自己是大家的负担", "🌧️", "最近一个人住"):
        await person.write(text)
    await counselor.sees("message", "一个人住")
    await counselor.sees("unassessed-messages")

    await _ask_some(counselor)
    await counselor.press("tab-risk")
    await counselor.sees("level-held")
    await person.write(GRAVE)
    await counselor.sees("risk-banner", level="imminent")

    await counselor.at("transcript").focus()
    await counselor.page.keyboard.press("ArrowLeft")
    await expect(counselor.page.get_by_role("tooltip")).to_be_visible()
    await counselor.page.keyboard.press("ArrowLeft")
    await expect(counselor.page.locator("[data-mark]:focus")).to_have_count(1)

    boss = await Staff.on(stage, "supervisor", path=f"/#/contacts/{contact_id}")
    await boss.press("override-open")
    await boss.choose("override-level", "中")
    await boss.fill("override-reason", "已电话核实：药在母亲手里，今晚有人陪")
    await boss.press("override-save")
    await counselor.sees("risk-banner", "药在母亲手里", level="moderate")
    await counselor.sees_no("suggestion")

    await person.write(AGAIN)
    await counselor.sees("suggestion")
    await counselor.at("level-history").locator("summary").click()
    await counselor.sees("level-history", "药在母亲手里")
    await expect(counselor.at("level-history").locator("[data-source='override']")).to_have_count(1)
    photographer = Photographer(counselor.page, "triage-counselor")
    for look in (*DESKS, *PHONES):
        await _put_on(counselor.page, look, stage.address, f"/contacts/{contact_id}")
        await counselor.at("suggestion").scroll_into_view_if_needed()
        await photographer.picture("why", look)
        await counselor.at("evidence-list").scroll_into_view_if_needed()
        await photographer.picture("evidence", look)
        await counselor.press("tab-assess")
        await counselor.sees("instrument-form")
        await photographer.picture("assess", look)
        await counselor.press("tab-risk")
    await counselor.at("level-history").locator("summary").click()
    await counselor.at("level-history").scroll_into_view_if_needed()
    await photographer.picture("history", PHONES[1])
    assert photographer.found == []

    await counselor.press("suggestion-raise")
    await counselor.fill("override-reason", "现在人在桥上")
    await counselor.press("override-save")
    await counselor.sees_no("suggestion")
    await counselor.sees("risk-banner", level="imminent")


async def _ask_some(counselor: Staff) -> None:
    """Two of nine are answered; the rest is not known yet."""
    await counselor.press("tab-assess")
    await counselor.choose("instrument-pick", "PHQ-9")
    for number in (0, 8):
        await counselor.at("question").nth(number).get_by_role("radio").last.check()
    await counselor.press("instrument-submit")
    await counselor.sees("instrument-result")
    await counselor.sees("score-range", "–")


async def _put_on(page: Page, look: Look, address: str, path: str) -> None:
    await page.set_viewport_size({"width": look.width, "height": look.height})
    await page.emulate_media(color_scheme=look.scheme)
    await page.evaluate("(language) => localStorage.setItem('hotline.language', language)", look.language)
    await page.goto(f"{address}/#{path}")
    await page.reload()
    await expect(page.get_by_test_id("transcript")).to_be_visible()


def _a_week_ago(server: ServerProcess, scene_ids: list[str]) -> None:
    """What these contacts said was said last week."""
    path: Path = server.data / "hotline.sqlite3"
    statement = (
        "UPDATE messages SET at = strftime('%Y-%m-%d %H:%M:%f', at, '-7 days') || '000' WHERE contact_id = ?"
    )
    with closing(sqlite3.connect(path, timeout=20)) as connection, connection:
        connection.executemany(statement, [(each,) for each in scene_ids])


async def test_the_supervisor_sees_drift_and_reads_the_sample(stage: Stage, server: ServerProcess) -> None:
    async with aiohttp.ClientSession() as http, AsyncExitStack() as open_:
        scene = Scene(server.address, http, open_)
        earlier = [(await scene.writes(HARMLESS[number % 3]))[0] for number in range(66)]
        _a_week_ago(server, earlier)
        for number in range(54):
            await scene.writes(GRAVE if number % 3 == 0 else HARMLESS[number % 3])
    boss = await Staff.on(stage, "supervisor", path="/#/triage")
    await boss.sees("triage-figure", figure="alarm.zh.chat", moved="up")
    await expect(boss.at("triage-moved")).not_to_have_attribute("data-count", "0")

    await boss.press("triage-tab-sample")
    await boss.press("sample-begin")
    await boss.sees("sample-text")
    await boss.press("sample-level-high")
    await boss.sees("sample-progress", read="1")
    await boss.sees("sample-missed")
    await boss.press("sample-level-none")
    await boss.sees("sample-progress", read="2")
    await boss.press("sample-export")
    async with boss.page.expect_download() as download:
        await boss.press("confirm-yes")
    path = await (await download.value).path()
    lines = (await asyncio.to_thread(path.read_text, encoding="utf-8")).splitlines()
    assert len(lines) == 2
    assert '"level":"high"' in lines[0] + lines[1]

    photographer = Photographer(boss.page, "triage-supervisor")

    async def begin(page: Page) -> None:
        await page.get_by_test_id("sample-begin").click()
        await expect(page.get_by_test_id("sample-text")).to_be_visible()

    async def to_the_end(page: Page) -> None:
        await page.locator("[data-figure^='cue.']").last.scroll_into_view_if_needed()

    places = (
        Place("drift", "/triage", "triage-figure"),
        Place("drift-end", "/triage", "triage-scores", to_the_end),
        Place("sample", "/triage/sample", "sample-row", begin),
    )
    await photographer.take(places, (*DESKS, *PHONES), f"{stage.address}/")
    assert photographer.found == []
    journal = await Staff.on(stage, "auditor", path="/#/journal")
    await journal.sees("journal-entry", kind="contact.sample_read")
    await journal.sees("journal-entry", kind="triage_reading.exported")
