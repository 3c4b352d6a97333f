"""The plan of duty over HTTP: planned, read, changed for a day, handed over; and what is refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from hotline.domain import duty_ring
from hotline.domain.access import Role
from tests.web_console.site import Site

SINCE = "2026-03-02T00:00:00%2B08:00"
NIGHT = {"name": "夜班", "role": "counselor", "weekdays": [0, 1, 2, 3, 4], "starts": "22:00", "ends": "06:00"}


async def asked(site: Site, token: str, method: str, path: str, **body: Any) -> tuple[int, Any]:
    sent = {"json": body} if body else {}
    async with site.asks_as(token, method, path, **sent) as answer:
        return answer.status, None if answer.status == 204 else await answer.json(content_type=None)


async def test_a_week_is_planned_read_and_changed(site: Site) -> None:
    boss, li = await site.token(Role.SUPERVISOR), await site.account("li")
    wang = await site.account("wang")
    assert (await asked(site, boss, "GET", "/api/duty"))[1]["duty"] is None
    status, shift = await asked(site, boss, "PUT", "/api/shifts/night", **NIGHT, staff_ids=[li.id])
    assert (status, shift["version"], shift["people"][0]["name"]) == (200, 1, "Li")
    status, plan = await asked(site, boss, "GET", f"/api/shifts?since={SINCE}&days=7")
    assert [each["day"] for each in plan["occurrences"]] == [f"2026-03-0{day}" for day in range(2, 7)]
    assert plan["occurrences"][0]["start"] == "2026-03-02T14:00:00Z"
    swap = {"kind": "swap", "role": "counselor", "day": "2026-03-03", "shift_id": "night"}
    status, made = await asked(
        site, boss, "POST", "/api/shift-overrides", **swap, out_id=li.id, in_id=wang.id
    )
    assert (status, made["comes"]["name"]) == (201, "Wang")
    reading = await site.token(Role.COUNSELOR)
    _, plan = await asked(site, reading, "GET", f"/api/shifts?since={SINCE}&days=7")
    assert [each["people"][0]["name"] for each in plan["occurrences"]] == ["Li", "Wang", "Li", "Li", "Li"]
    assert (await asked(site, boss, "DELETE", f"/api/shift-overrides/{made['id']}"))[0] == 204
    _, now = await asked(site, boss, "GET", "/api/duty")
    assert now["duty"]["gaps"][0]["role"] == "counselor"
    assert (await asked(site, boss, "DELETE", "/api/shifts/night"))[0] == 204
    assert (await asked(site, boss, "GET", "/api/duty"))[1]["duty"]["gaps"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": "24:00"},
        {"weekdays": []},
        {"weekdays": [8]},
        {"time_zone": "Nowhere/At_All"},
        {"time_zone": "../../etc/passwd"},
        {"staff_ids": ["stf_nobody"]},
        {"role": "police"},
        {"first_day": "2026-03-09", "last_day": "2026-03-02"},
    ],
)
async def test_what_is_no_plan_is_refused(site: Site, wrong: dict[str, Any]) -> None:
    boss = await site.token(Role.SUPERVISOR)
    status, problem = await asked(
        site, boss, "PUT", "/api/shifts/night", **{**NIGHT, "staff_ids": [], **wrong}
    )
    assert (status, problem["code"]) == (422, "invalid")


async def test_a_counselor_hands_over_and_another_accepts(site: Site) -> None:
    one, other = await site.token(Role.COUNSELOR), await site.token(Role.COUNSELOR)
    status, written = await asked(
        site, one, "POST", "/api/handovers", role="counselor", note="他今晚会再打来"
    )
    assert (status, written["next"]["what"], written["contact_ids"]) == (201, "accept_hand_over", [])
    assert (await asked(site, one, "POST", "/api/handovers", role="dispatcher", note="x"))[0] == 403
    assert (await asked(site, one, "POST", f"/api/handovers/{written['id']}/accept"))[0] == 409
    status, accepted = await asked(site, other, "POST", f"/api/handovers/{written['id']}/accept")
    assert (status, accepted["accepted_by"] is not None) == (200, True)
    _, listed = await asked(site, one, "GET", "/api/handovers")
    assert [each["id"] for each in listed["items"]] == [written["id"]]


async def test_how_far_the_duty_telephones_are_is_read_by_who_reads_shifts(site: Site) -> None:
    boss = await site.token(Role.SUPERVISOR)
    assert (await asked(site, boss, "GET", "/api/duty"))[1]["ring"] is None
    now = site.hotline.clock.now()
    await site.hotline.writer.run(lambda loaded: duty_ring.told(None, loaded.now))
    _, duty = await asked(site, boss, "GET", "/api/duty")
    assert (duty["ring"]["state"], duty["ring"]["next"]["what"]) == ("told", "duty_rings")
    assert datetime.fromisoformat(duty["ring"]["next"]["at"]) >= now + site.hotline.rules.duty_called_after
    status, _ = await asked(site, await site.token(Role.POLICE), "GET", "/api/duty")
    assert status == 403
