"""Triage watched from outside: figures that move, a sample that people read, labels that leave by one door."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hotline.actions import contacts, messages, risk
from hotline.domain.access import Actor, Role
from hotline.domain.change import Change
from hotline.domain.contacts import Contact, Message, Sender
from hotline.domain.ids import ContactId, StaffId
from hotline.domain.triage_drift import week_of
from hotline.service import Hotline
from hotline.storage import journal_entries
from tests.conftest import SetClock
from tests.web_console.site import Site
from triage.assessment import Level
from triage.pipeline import load
from triage.training.labelled import operators_texts

HARMLESS = "和妈妈吵架了，心里很乱"
GRAVE = "药我已经攒够了，今晚就吃下去，不想活了"
BOSS = Actor(StaffId("stf_boss"), frozenset({Role.SUPERVISOR}))


async def said(hotline: Hotline, *texts: str) -> ContactId:
    contact, _ = await contacts.open_chat(hotline, language="zh")
    for number, text in enumerate(texts):
        await messages.receive(
            hotline, contact.id, client_id=f"{number}", text=text, sender=Sender.HELP_SEEKER
        )
    return contact.id


async def asks(site: Site, token: str, method: str, path: str, **given: Any) -> tuple[int, Any]:
    async with site.asks_as(token, method, path, **given) as answer:
        return answer.status, await answer.json(content_type=None)


def figure(report: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in report["figures"] if each["name"] == name)


async def test_a_message_keeps_what_the_figures_need(site: Site) -> None:
    contact_id = await said(site.hotline, GRAVE, "I have the pills here, tonight", "😀")
    table = site.hotline.reader.table(Message)
    found = await site.hotline.reader.where(
        Message, table.c.contact_id == contact_id, table.c.client_id.is_not(None), order=(table.c.seq,)
    )
    assert [each.lang for each in found] == ["zh", "en", "other"]
    assert found[0].score is not None
    assert found[0].score > 0.8
    assert all(each.triage_seconds is not None for each in found)
    assert [each.judged_by for each in found] == [load().version, load().version, None]
    assert found[2].level is Level.UNASSESSED
    assert found[2].score is None


async def test_this_week_against_the_weeks_before(site: Site, clock: SetClock) -> None:
    for _ in range(40):
        await said(site.hotline, HARMLESS)
    clock.move(timedelta(days=7))
    for _ in range(30):
        await said(site.hotline, GRAVE)
    lowered = await said(site.hotline, GRAVE)
    clock.move(timedelta(minutes=1))
    await risk.override(site.hotline, BOSS, lowered, level=Level.LOW, reason="they talked about a film")
    status, report = await asks(
        site, await site.token(Role.AUDITOR), "GET", "/api/triage/drift", params={"weeks": "3"}
    )
    assert status == 200
    assert [each["messages"] for each in report["weeks"]] == [0, 40, 31]
    alarms = figure(report, "alarm.zh.chat")
    assert [each["share"] for each in alarms["series"]] == [None, 0.0, 1.0]
    assert alarms["moved"] == "up"
    assert figure(report, "level.low")["moved"] == "down"
    assert figure(report, "override.down")["series"][-1] == {"hits": 1, "of": 31, "share": 1 / 31}
    assert figure(report, "override.down")["moved"] is None
    assert figure(report, "unassessed")["series"][-1]["hits"] == 0
    assert report["scores_moved"] is True
    assert sum(report["weeks"][-1]["scores"]) == 31
    assert report["weeks"][-1]["times"]["p50"] > 0
    assert GRAVE[:4] not in str(report)


async def test_the_sample_is_read_journalled_labelled_and_exported(
    site: Site, clock: SetClock, tmp_path: Path
) -> None:
    for number in range(30):
        await said(site.hotline, f"{HARMLESS}{number}")
    grave = await said(site.hotline, GRAVE)
    week = week_of(clock.now())
    clock.move(timedelta(days=7))
    token = await site.token(Role.SUPERVISOR)
    status, listed = await asks(site, token, "GET", "/api/triage/sample", params={"week": week.isoformat()})
    assert status == 200
    items = listed["items"]
    assert len(items) == 20
    assert HARMLESS not in str(listed)
    again = await asks(site, token, "GET", "/api/triage/sample")
    assert again[1]["items"] == items

    chosen = items[0]["message_id"]
    status, opened = await asks(site, token, "GET", f"/api/triage/sample/{chosen}")
    assert (status, opened["text"][: len(HARMLESS)]) == (200, HARMLESS)
    status, reading = await asks(
        site,
        token,
        "POST",
        f"/api/triage/sample/{chosen}/reading",
        json={"level": "high", "kinds": ["suicide"]},
    )
    assert (status, reading["verdict"]) == (200, "missed")
    await asks(site, token, "POST", f"/api/triage/sample/{chosen}/reading", json={"level": "moderate"})
    _, listed = await asks(site, token, "GET", "/api/triage/sample")
    assert [each["reading"]["level"] for each in listed["items"] if each["reading"]] == ["moderate"]

    status, labels = await asks(site, token, "GET", "/api/triage/labels")
    assert status == 200
    assert [(each["text"], each["level"], each["lang"]) for each in labels["items"]] == [
        (opened["text"], "moderate", "zh")
    ]

    file = tmp_path / "labels.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in labels["items"]), encoding="utf-8")
    assert [(each.text, each.level) for each in operators_texts(file)] == [(opened["text"], Level.MODERATE)]

    entries = await journal_entries.entries(site.hotline.reader, limit=20)
    told = [f"{each.noun}.{each.what}" for each in entries]
    assert told.count("contact.sample_read") == 1
    assert told.count("triage_reading.given") == 2
    assert told.count("triage_reading.exported") == 1
    assert HARMLESS not in str(entries)

    table = site.hotline.reader.table(Message)
    other = (await site.hotline.reader.where(Message, table.c.contact_id == grave))[0]
    status, _ = await asks(site, token, "GET", f"/api/triage/sample/{other.id}")
    assert status == 404


async def test_erased_words_are_in_no_export(site: Site, clock: SetClock) -> None:
    contact_id = await said(site.hotline, HARMLESS)
    clock.move(timedelta(days=7))
    token = await site.token(Role.SUPERVISOR)
    _, listed = await asks(site, token, "GET", "/api/triage/sample")
    path = f"/api/triage/sample/{listed['items'][0]['message_id']}"
    await asks(site, token, "POST", f"{path}/reading", json={"level": "none"})

    await site.hotline.writer.run(lambda _loaded: Change(erase=(contact_id,)))
    assert (await asks(site, token, "GET", path))[0] == 404
    assert (await asks(site, token, "GET", "/api/triage/labels"))[1]["items"] == []


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.SUPERVISOR])
async def test_only_supervisors_read_and_export(site: Site, clock: SetClock, role: Role) -> None:
    contact_id = await said(site.hotline, HARMLESS)
    contact = await site.hotline.reader.find(Contact, contact_id)
    assert contact is not None
    clock.move(timedelta(days=7))
    token = await site.token(role)
    for path in ("/api/triage/sample", "/api/triage/labels", "/api/triage/sample/msg_x"):
        assert (await asks(site, token, "GET", path))[0] == 403
    status, _ = await asks(site, token, "GET", "/api/triage/drift")
    assert status == (200 if role in (Role.AUDITOR, Role.ADMIN) else 403)


@pytest.mark.parametrize("week", ["2026-03-03", "2026-03-02", "0001-01-01", "9999-12-27", "soon"])
async def test_no_week_no_sample(site: Site, week: str) -> None:
    token = await site.token(Role.SUPERVISOR)
    status, refusal = await asks(site, token, "GET", "/api/triage/sample", params={"week": week})
    assert (status, refusal["code"]) == (422, "invalid")


async def test_the_counters_know_levels_and_cues_but_no_words(site: Site) -> None:
    await said(site.hotline, GRAVE)
    async with site.asks("GET", "/metrics") as answer:
        told = await answer.text()
    assert 'hotline_triage_messages_total{channel="chat",language="zh",level="imminent"} 1.0' in told
    assert re.search(r'hotline_triage_cues_total\{cue="\w+"\} 1.0', told)
    assert "hotline_triage_seconds_count 1.0" in told
    assert "药" not in told
