"""Accounts over HTTP, from the one-time link to the second factor."""

from __future__ import annotations

import re

import pyotp
import pytest

from hotline.domain.access import Role
from hotline.domain.alerts import ResponderKind
from hotline.domain.change import Change, Event
from hotline.domain.dispatch import Team, TeamId
from tests.conftest import SetClock
from tests.web_console.site import PASSWORD, Site

NEW = {
    "username": "lin",
    "name": "林晓",
    "roles": ["counselor"],
    "district": "西岗区",
    "skills": {"language:zh": 4, "language:en": 2},
}


async def made(site: Site, admin: str, **more: object) -> dict:
    async with site.asks_as(admin, "POST", "/api/staff", json={**NEW, **more}) as answer:
        assert answer.status == 201, await answer.text()
        return await answer.json()


async def sign_in(site: Site, **more: str) -> tuple[int, dict]:
    body = {"username": "lin", "password": PASSWORD, **more}
    async with site.asks("POST", "/api/session", json=body) as answer:
        return answer.status, await answer.json()


async def test_a_new_account_is_set_up_by_its_link_once(site: Site) -> None:
    account = await made(site, await site.token(Role.ADMIN))
    assert account["state"] == "invited"
    assert account["roles"] == ["counselor"]
    path = account["link"].removeprefix(site.address)
    assert path.startswith("/setup?token=")
    assert (await sign_in(site))[0] == 401

    async with site.asks("GET", path) as page:
        text = await page.text()
        assert page.status == 200
        assert "text/html" in page.headers["Content-Type"]
        assert page.headers["Referrer-Policy"] == "same-origin"
    token = re.search(r'name="token" value="([^"]+)"', text)
    assert token
    form = {"token": token[1], "password": PASSWORD, "again": PASSWORD}
    for wrong in ({"again": "something else"}, {"password": "short", "again": "short"}):
        async with site.asks("POST", "/setup", data={**form, **wrong}) as page:
            assert page.status == 422
    async with site.asks("POST", "/setup", data=form, headers={"Origin": site.address}) as page:
        assert page.status == 200
    assert (await sign_in(site))[0] == 200
    async with site.asks("POST", "/setup", data=form) as page:
        assert page.status == 404


async def test_the_form_is_refused_from_another_site_and_escapes_what_it_repeats(site: Site) -> None:
    async with site.asks("POST", "/setup", data={}, headers={"Origin": "https://evil.example"}) as page:
        assert page.status == 403
    async with site.asks("GET", "/setup?token=%22%3E%3Cscript%3E") as page:
        assert "<script>" not in await page.text()


async def test_a_link_grows_too_old(site: Site, clock: SetClock) -> None:
    from datetime import timedelta

    account = await made(site, await site.token(Role.ADMIN))
    clock.move(timedelta(hours=site.hotline.settings.setup_link_hours))
    token = account["link"].partition("token=")[2]
    async with site.asks(
        "POST", "/setup", data={"token": token, "password": PASSWORD, "again": PASSWORD}
    ) as page:
        assert page.status == 404


async def test_the_same_key_makes_one_account(site: Site) -> None:
    admin = await site.token(Role.ADMIN)
    key = {"Idempotency-Key": "a-key-of-mine"}
    async with site.asks_as(admin, "POST", "/api/staff", json=NEW, headers=key) as answer:
        first = await answer.json()
    async with site.asks_as(admin, "POST", "/api/staff", json=NEW, headers=key) as answer:
        again = await answer.json()
        assert answer.status == 201
    assert again["id"] == first["id"]
    assert again["link"] is None
    async with site.asks_as(admin, "POST", "/api/staff", json=NEW) as answer:
        assert answer.status == 409
        assert (await answer.json())["code"] == "username_taken"


@pytest.mark.parametrize(
    "change",
    [
        {"username": "L in"},
        {"username": "-lin"},
        {"name": "  "},
        {"roles": []},
        {"roles": ["king"]},
        {"skills": {"language:fr": 3}},
        {"password": "short"},
    ],
)
async def test_an_account_that_cannot_be(site: Site, change: dict) -> None:
    admin = await site.token(Role.ADMIN)
    async with site.asks_as(admin, "POST", "/api/staff", json={**NEW, **change}) as answer:
        assert answer.status == 422
        assert (await answer.json())["fields"]


async def test_disabling_ends_sessions_at_once_and_can_be_undone(site: Site) -> None:
    admin = await site.token(Role.ADMIN)
    account = await made(site, admin, password=PASSWORD)
    assert account["link"] is None
    _, session = await sign_in(site)
    address = f"/api/staff/{account['id']}"
    async with site.asks_as(session["token"], "GET", "/api/me") as answer:
        assert answer.status == 200
    async with site.asks_as(admin, "PATCH", address, json={"disabled": True}) as answer:
        assert (await answer.json())["state"] == "disabled"
    async with site.asks_as(session["token"], "GET", "/api/me") as answer:
        assert answer.status == 401
    assert (await sign_in(site))[0] == 401
    async with site.asks_as(
        admin, "PATCH", address, json={"disabled": False, "roles": ["supervisor"]}
    ) as answer:
        assert (await answer.json())["roles"] == ["supervisor"]
    assert (await sign_in(site))[0] == 200


async def test_a_reset_account_needs_its_new_link(site: Site) -> None:
    admin = await site.token(Role.ADMIN)
    account = await made(site, admin, password=PASSWORD)
    _, session = await sign_in(site)
    async with site.asks_as(admin, "POST", f"/api/staff/{account['id']}/reset") as answer:
        assert "/setup?token=" in (await answer.json())["link"]
    assert (await sign_in(site))[0] == 401
    async with site.asks_as(session["token"], "GET", "/api/me") as answer:
        assert answer.status == 401


async def test_nobody_takes_their_own_account_away(site: Site) -> None:
    admin = await site.token(Role.ADMIN)
    async with site.asks_as(admin, "GET", "/api/me") as answer:
        own = (await answer.json())["user"]["id"]
    for change in ({"disabled": True}, {"roles": ["counselor"]}):
        async with site.asks_as(admin, "PATCH", f"/api/staff/{own}", json=change) as answer:
            assert answer.status == 403


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMIN])
async def test_only_administrators_manage_accounts(site: Site, role: Role) -> None:
    token = await site.token(role)
    async with site.asks_as(token, "POST", "/api/staff", json=NEW) as answer:
        assert answer.status == 403
        assert (await answer.json())["code"] == "forbidden"
    async with site.asks_as(token, "PATCH", "/api/staff/stf_x", json={}) as answer:
        assert answer.status == 403


async def test_a_second_factor(site: Site, clock: SetClock) -> None:
    await made(site, await site.token(Role.ADMIN), password=PASSWORD)
    _, session = await sign_in(site)
    token = session["token"]
    async with site.asks_as(token, "POST", "/api/me/second-factor", json={"password": "wrong"}) as answer:
        assert answer.status == 401
    async with site.asks_as(token, "POST", "/api/me/second-factor", json={"password": PASSWORD}) as answer:
        begun = await answer.json()
    assert begun["address"].startswith("otpauth://totp/")
    app = pyotp.TOTP(begun["secret"])

    def code() -> str:
        return app.at(clock.now())

    assert (await sign_in(site))[0] == 200, "not yet confirmed"
    async with site.asks_as(
        token, "POST", "/api/me/second-factor/confirm", json={"code": "000000"}
    ) as answer:
        assert answer.status == 422
    used = code()
    async with site.asks_as(token, "POST", "/api/me/second-factor/confirm", json={"code": used}) as answer:
        assert answer.status == 204
    status, body = await sign_in(site)
    assert (status, body["code"]) == (401, "code_needed")
    assert (await sign_in(site, code=used))[0] == 401, "a code is good once"
    from datetime import timedelta

    clock.move(timedelta(seconds=60))
    status, body = await sign_in(site, code=code())
    assert (status, body["user"]["second_factor"]) == (200, True)
    async with site.asks_as(
        token, "POST", "/api/me/second-factor/drop", json={"password": PASSWORD}
    ) as answer:
        assert answer.status == 204
    assert (await sign_in(site))[0] == 200


async def test_a_new_password_ends_the_other_sessions_only(site: Site) -> None:
    await made(site, await site.token(Role.ADMIN), password=PASSWORD)
    tokens = [(await sign_in(site))[1]["token"] for _ in range(2)]
    change = {"current": PASSWORD, "password": "another long sentence"}
    async with site.asks_as(
        tokens[0], "PUT", "/api/me/password", json={**change, "current": "wrong"}
    ) as answer:
        assert answer.status == 401
    async with site.asks_as(tokens[0], "PUT", "/api/me/password", json=change) as answer:
        assert answer.status == 204
    for token, status in zip(tokens, (200, 401), strict=True):
        async with site.asks_as(token, "GET", "/api/me") as answer:
            assert answer.status == status
    assert (await sign_in(site))[0] == 401
    assert (await sign_in(site, password=change["password"]))[0] == 200


async def test_the_journal_names_who_did_it_and_holds_no_secret(site: Site) -> None:
    admin = await site.token(Role.ADMIN)
    account = await made(site, admin, password=PASSWORD)
    async with site.asks_as(admin, "GET", f"/api/journal?subject={account['id']}") as answer:
        page = await answer.json()
    (entry,) = page["items"]
    assert entry["kind"] == "staff.created"
    assert entry["actor"]["name"]
    text = str(page)
    assert PASSWORD not in text
    assert "argon2" not in text


async def test_the_journal_has_pages(site: Site) -> None:
    admin = await site.token(Role.ADMIN)
    for number in range(105):
        await site.account(f"person{number}", password=None)
    seen: list[int] = []
    cursor = ""
    while True:
        async with site.asks_as(admin, "GET", f"/api/journal{cursor}") as answer:
            page = await answer.json()
        seen += [each["seq"] for each in page["items"]]
        if page["next"] is None:
            break
        cursor = f"?before={page['next']}"
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) >= 105
    assert seen[-1] == 1


async def test_the_journal_and_the_accounts_have_names_for_ids(site: Site) -> None:
    """Of colleagues, and of organisations in both languages; of help-seekers there is none."""
    admin = await site.token(Role.ADMIN)
    team = Team(
        id=TeamId("tea_east"), kind=ResponderKind.CRISIS_TEAM, name_zh="东区小组", name_en="East team"
    )
    await site.hotline.writer.run(
        lambda _loaded: Change(save=(team,), events=(Event("team", "registered", team.id, "operator"),))
    )
    account = await made(site, admin, roles=["crisis_team"], organisation_id=team.id)
    async with site.asks_as(admin, "GET", "/api/organisations") as answer:
        (found,) = (await answer.json())["items"]
    assert found == {
        "id": "tea_east",
        "kind": "crisis_team",
        "zh": "东区小组",
        "en": "East team",
        "district": None,
    }
    async with site.asks_as(admin, "GET", "/api/districts") as answer:
        assert {"zh": "西岗区", "en": "Xigang"} in (await answer.json())["items"]
    change = {"district": "中山区", "organisation_id": "tea_west"}
    async with site.asks_as(admin, "PATCH", f"/api/staff/{account['id']}", json=change) as answer:
        changed = await answer.json()
    assert (changed["district"], changed["organisation_id"]) == ("中山区", "tea_west")
    async with site.asks_as(admin, "GET", "/api/journal") as answer:
        names = (await answer.json())["names"]
    assert names[account["id"]] == {"zh": "林晓", "en": "林晓"}
    assert names["tea_east"] == {"zh": "东区小组", "en": "East team"}
    async with site.asks_as(await site.token(Role.POLICE), "GET", "/api/organisations") as answer:
        assert answer.status == 403
