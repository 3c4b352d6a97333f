"""Skills and the switchboard over HTTP: who may, what it answers, what everybody hears of it."""

from __future__ import annotations

from hotline.domain import ringing
from hotline.domain.access import Role
from hotline.domain.contacts import Channel, Contact
from hotline.domain.ids import ContactId, OfferId, StaffId
from tests.conftest import START
from tests.web_console.site import Site


async def test_a_supervisor_diverts_a_queue_and_gives_it_back(site: Site) -> None:
    boss, counselor = await site.token(Role.SUPERVISOR), await site.token(Role.COUNSELOR)
    wish = {"channel": "chat", "language": "zh", "to": "pause", "minutes": 30, "reason": "系统切换"}
    async with site.asks_as(counselor, "POST", "/api/diversions", json=wish) as answer:
        assert answer.status == 403
    async with site.asks_as(boss, "POST", "/api/diversions", json=wish) as answer:
        assert answer.status == 201, await answer.text()
        made = await answer.json()
    assert made["made_by"]["name"]
    async with site.asks_as(counselor, "GET", "/api/diversions") as answer:
        assert [each["id"] for each in (await answer.json())["items"]] == [made["id"]]
    async with site.asks("GET", "/api/public") as answer:
        assert (await answer.json())["chats_paused"] == ["zh"]
    async with site.asks("POST", "/api/chats", json={"language": "zh"}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (403, "chats_paused")
    async with site.asks_as(boss, "POST", f"/api/diversions/{made['id']}/end", json={}) as answer:
        assert answer.status == 200
    async with site.asks_as(boss, "POST", f"/api/diversions/{made['id']}/end", json={}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (409, "diversion_over")
    async with site.asks("POST", "/api/chats", json={"language": "zh"}) as answer:
        assert answer.status == 201


async def test_what_cannot_be_diverted_says_why(site: Site) -> None:
    boss = await site.token(Role.SUPERVISOR)
    for wish in (
        {"to": "pause", "channel": "call"},
        {"to": "partner"},
        {"to": "skills", "skill": "juggling"},
    ):
        async with site.asks_as(boss, "POST", "/api/diversions", json={"minutes": 5, **wish}) as answer:
            assert answer.status == 422, await answer.text()


async def test_skills_are_listed_in_both_languages_and_set(site: Site) -> None:
    admin, boss = await site.token(Role.ADMIN), await site.token(Role.SUPERVISOR)
    async with site.asks_as(boss, "GET", "/api/skills") as answer:
        listed = await answer.json()
    assert {"code", "zh", "en"} <= set(listed["items"][0])
    new = {"username": "lin", "name": "林", "roles": ["counselor"], "password": "a long enough password"}
    async with site.asks_as(admin, "POST", "/api/staff", json=new) as answer:
        account = await answer.json()
    path = f"/api/staff/{account['id']}/skills"
    async with site.asks_as(boss, "PUT", path, json={"skills": {"youth": 3}}) as answer:
        assert (await answer.json())["skills"] == {"youth": 3}
    async with site.asks_as(boss, "PUT", path, json={"skills": {"juggling": 3}}) as answer:
        assert answer.status == 422
    async with site.asks_as(await site.token(Role.COUNSELOR), "PUT", path, json={"skills": {}}) as answer:
        assert answer.status == 403


async def test_a_supervisor_rules_at_how_many_it_rings_and_it_counts_at_once(site: Site) -> None:
    boss, counselor = await site.token(Role.SUPERVISOR), await site.token(Role.COUNSELOR)
    async with site.asks_as(boss, "GET", "/api/ring-rules") as answer:
        known = await answer.json()
    assert (known["version"], known["queues"], known["most"], known["after_seconds"]) == (0, [], 3, 20)
    youth = {"channel": "call", "language": None, "skill": "youth"}
    wish = {"version": 0, "queues": [youth], "most": 2, "after_seconds": 45}
    async with site.asks_as(counselor, "PUT", "/api/ring-rules", json=wish) as answer:
        assert answer.status == 403
    async with site.asks_as(boss, "PUT", "/api/ring-rules", json=wish) as answer:
        assert answer.status == 200, await answer.text()
        ruled = await answer.json()
    assert (ruled["version"], ruled["queues"], ruled["most"]) == (1, [youth], 2)
    assert ruled["changed_by"]["name"]
    async with site.asks_as(boss, "PUT", "/api/ring-rules", json=wish) as answer:
        assert (answer.status, (await answer.json())["code"]) == (409, "stale_version")
    odd = {**wish, "version": 1, "queues": [{**youth, "skill": "juggling"}]}
    async with site.asks_as(boss, "PUT", "/api/ring-rules", json=odd) as answer:
        assert answer.status == 422
    await site.hotline.matcher.rebuild()  # as after a restart
    called = Contact(
        id=ContactId("con_1"),
        channel=Channel.CALL,
        language="zh",
        skills=["youth"],
        opened_at=START,
        offer_id=OfferId("off_1"),
        offered_to_id=StaffId("stf_1"),
    )
    assert ringing.rings_more(called, START, site.hotline.matcher.rules)
    assert not ringing.rings_more(called, START, site.hotline.rules), "the settings are the defaults"
