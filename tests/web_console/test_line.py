"""The line over HTTP: hours, notices, blocked numbers; who may, and what wrong input is told."""

from __future__ import annotations

import io
from typing import Any

import pytest

from hotline.domain.access import Role
from hotline.domain.line_policy import LARGEST_NOTICE
from tests.web_console.site import Site

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "
HOURS: dict[str, Any] = {
    "version": 0,
    "always": False,
    "time_zone": "Asia/Shanghai",
    "weekly": {"0": [["08:00", "22:00"]]},
    "exceptions": {"2026-10-01": []},
}


async def test_hours_are_set_by_who_may_and_by_who_saw_the_newest(site: Site) -> None:
    boss = await site.token(Role.SUPERVISOR)
    async with site.asks_as(await site.token(Role.COUNSELOR), "GET", "/api/line") as answer:
        assert answer.status == 403
    async with site.asks_as(boss, "GET", "/api/line") as answer:
        assert (await answer.json())["always"] is True
    async with site.asks_as(boss, "PUT", "/api/line/hours", json=HOURS) as answer:
        changed = await answer.json()
    assert (changed["version"], changed["weekly"], changed["open"]) == (1, HOURS["weekly"], True)
    async with site.asks_as(boss, "PUT", "/api/line/hours", json=HOURS) as answer:
        assert (answer.status, (await answer.json())["code"]) == (409, "stale_version")


async def test_the_page_of_the_line_knows_the_duty_telephones_that_the_page_of_shifts_names(
    site: Site,
) -> None:
    boss = await site.token(Role.SUPERVISOR)
    async with site.asks_as(boss, "GET", "/api/line") as answer:
        assert (await answer.json())["has_fallback_number"] is False
    ruled = {"version": 0, "numbers": ["+8613900001111"], "language": "zh"}
    async with site.asks_as(boss, "PUT", "/api/duty-phones", json=ruled) as answer:
        assert answer.status == 200, await answer.text()
    async with site.asks_as(boss, "GET", "/api/line") as answer:
        assert (await answer.json())["has_fallback_number"] is True


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Nowhere/Land"),
        ("time_zone", "../etc/passwd"),
        ("weekly", {"7": []}),
        ("weekly", {"0": [["8:00", "22:00"]]}),
        ("weekly", {"0": [["08:00"]]}),
        ("weekly", {"0": [["08:00\n", "22:00"]]}),
        ("weekly", {"0": [["08:00", "22:00\n"]]}),
        ("weekly", {"0": [["0٨:00", "22:00"]]}),
        ("weekly", {"0": [["08:00", "08:00"]]}),
        ("weekly", {"0": [["08:00", "22:00"]] * 7}),
        ("exceptions", {"2026-02-30": []}),
        ("exceptions", {"tomorrow": []}),
    ],
)
async def test_hours_that_are_none_are_refused(site: Site, field: str, value: Any) -> None:
    boss = await site.token(Role.SUPERVISOR)
    async with site.asks_as(boss, "PUT", "/api/line/hours", json=HOURS | {field: value}) as answer:
        assert answer.status == 422, await answer.text()


async def test_a_notice_is_a_sound_and_not_too_long(site: Site) -> None:
    boss, path = await site.token(Role.ADMIN), "/api/line/notices/greeting/zh"
    async with site.asks_as(boss, "PUT", path, data=WAV) as answer:
        assert answer.status == 200, await answer.text()
        notice = await answer.json()
    async with site.asks("GET", notice["address"]) as answer:
        assert (answer.content_type, await answer.read()) == ("audio/wav", WAV)
    async with site.asks_as(boss, "PUT", path, data=b"<html>") as answer:
        assert (answer.status, (await answer.json())["code"]) == (422, "not_audio")
    async with site.asks_as(boss, "PUT", path, data=io.BytesIO(WAV + bytes(LARGEST_NOTICE))) as answer:
        assert (answer.status, (await answer.json())["code"]) == (422, "too_large_audio")
    async with site.asks_as(boss, "PUT", "/api/line/notices/other/zh", data=WAV) as answer:
        assert answer.status == 404
    async with site.asks_as(boss, "DELETE", path) as answer:
        assert answer.status == 204
    async with site.asks("GET", notice["address"]) as answer:
        assert answer.status == 404


async def test_a_number_is_blocked_once_for_a_time_and_never_shown_whole(site: Site) -> None:
    boss = await site.token(Role.SUPERVISOR)
    until = site.hotline.clock.now().replace(year=site.hotline.clock.now().year + 1).isoformat()
    wish = {"number": "139 1234 1234", "reason": "辱骂", "until": until}
    async with site.asks_as(boss, "POST", "/api/line/blocks", json=wish) as answer:
        assert answer.status == 201, await answer.text()
        block = await answer.json()
    assert (block["number_masked"], block["calls"]) == ("139****1234", 0)
    async with site.asks_as(
        boss, "POST", "/api/line/blocks", json=wish | {"number": "+8613912341234"}
    ) as answer:
        assert (answer.status, (await answer.json())["code"]) == (409, "blocked_already")
    for wrong in (
        {"number": "110"},
        {"number": "anonymous"},
        {"until": "2001-01-01T00:00:00Z"},
        {"reason": " "},
    ):
        async with site.asks_as(boss, "POST", "/api/line/blocks", json=wish | wrong) as answer:
            assert answer.status == 422
    async with site.asks_as(boss, "POST", f"/api/line/blocks/{block['id']}/lift", json={}) as answer:
        assert (await answer.json())["ended_at"] is not None
    async with site.asks_as(boss, "GET", "/api/line/blocks") as answer:
        assert "13912341234" not in await answer.text()


async def test_messages_left_are_for_those_who_call_back(site: Site) -> None:
    async with site.asks_as(await site.token(Role.COUNSELOR), "GET", "/api/voicemails") as answer:
        assert (await answer.json())["items"] == []
    for role in (Role.ADMIN, Role.AUDITOR, Role.POLICE, Role.DISPATCHER):
        token = await site.token(role)
        async with site.asks_as(token, "GET", "/api/voicemails") as answer:
            assert answer.status == 403
        async with site.asks_as(token, "GET", "/sounds/vml_1") as answer:
            assert answer.status == 403
    async with site.asks_as(await site.token(Role.COUNSELOR), "GET", "/sounds/vml_1") as answer:
        assert (answer.status, (await answer.json())["code"]) == (403, "reason_needed")
