"""Signing in over HTTP: what a page gets, what a program gets, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from hotline.domain.access import Role
from tests.conftest import SetClock
from tests.web_console.site import PASSWORD, Site, open_site


async def signed_in(site: Site, **more: str) -> tuple[int, dict, dict]:
    body = {"username": "lin", "password": PASSWORD, **more}
    async with site.asks("POST", "/api/session", json=body) as answer:
        return answer.status, await answer.json(), dict(answer.headers)


async def test_a_program_signs_in_and_out_by_token(site: Site) -> None:
    await site.account("lin", [Role.COUNSELOR, Role.SUPERVISOR])
    status, body, headers = await signed_in(site)
    assert status == 200
    assert body["user"]["username"] == "lin"
    assert body["user"]["roles"] == ["counselor", "supervisor"]
    assert "contact.serve" in body["user"]["permissions"]
    assert "HttpOnly" in headers["Set-Cookie"]
    assert "SameSite=Strict" in headers["Set-Cookie"]
    async with site.asks_as(body["token"], "GET", "/api/me") as answer:
        assert (await answer.json())["user"]["id"] == body["user"]["id"]
    async with site.asks_as(body["token"], "DELETE", "/api/session") as answer:
        assert answer.status == 204
    async with site.asks_as(body["token"], "GET", "/api/me") as answer:
        assert answer.status == 401
        assert (await answer.json())["code"] == "not_signed_in"


@pytest.mark.parametrize(
    ("username", "password"),
    [("lin", "another sentence"), ("nobody", PASSWORD), ("LIN ", ""), ("lin", "x" * 1001)],
)
async def test_wrong_credentials_are_all_the_same(site: Site, username: str, password: str) -> None:
    await site.account("lin")
    body = {"username": username, "password": password}
    async with site.asks("POST", "/api/session", json=body) as answer:
        problem = await answer.json()
        assert answer.status == (422 if not 1 <= len(password) <= 1000 else 401)
        if answer.status == 401:
            assert problem["code"] == "wrong_credentials"
            assert problem["detail"] == "Username or password is wrong."


async def test_a_username_is_not_case_sensitive(site: Site) -> None:
    await site.account("lin")
    status, _, _ = await signed_in(site, username=" Lin ")
    assert status == 200


async def test_a_page_needs_its_csrf_token_for_what_changes_something(site: Site) -> None:
    await site.account("lin")
    async with site.browser() as page:
        credentials = {"username": "lin", "password": PASSWORD}
        async with page.post("/api/session", json=credentials) as answer:
            csrf = (await answer.json())["csrf"]
        async with page.get("/api/me") as answer:
            assert (await answer.json())["csrf"] == csrf
        for headers in ({}, {"X-CSRF-Token": "guessed"}, {"X-CSRF-Token": "é"}):
            async with page.delete("/api/session", headers=headers) as answer:
                assert answer.status == 403
                assert (await answer.json())["code"] == "wrong_csrf_token"
        async with page.delete("/api/session", headers={"X-CSRF-Token": csrf}) as answer:
            assert answer.status == 204
        async with page.get("/api/me") as answer:
            assert answer.status == 401


async def test_with_a_bearer_the_cookie_is_ignored(site: Site) -> None:
    await site.account("lin")
    async with site.browser() as page:
        await (await page.post("/api/session", json={"username": "lin", "password": PASSWORD})).release()
        async with page.get("/api/me", headers={"Authorization": "Bearer wrong"}) as answer:
            assert answer.status == 401
        async with page.get("/api/me", headers={"Authorization": "Basic bGluOng="}) as answer:
            assert answer.status == 401


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
async def test_another_site_cannot_sign_somebody_in(site: Site, origin: str) -> None:
    await site.account("lin")
    body = {"username": "lin", "password": PASSWORD}
    async with site.asks("POST", "/api/session", json=body, headers={"Origin": origin}) as answer:
        assert answer.status == 403
        assert (await answer.json())["code"] == "wrong_origin"
    async with site.asks("POST", "/api/session", json=body, headers={"Origin": site.address}) as answer:
        assert answer.status == 200


async def test_failures_slow_down_one_account_at_one_address_only(site: Site) -> None:
    await site.account("lin")
    await site.account("chen")
    for _ in range(site.hotline.settings.sign_in_attempts):
        status, _, _ = await signed_in(site, password="wrong")
        assert status == 401
    status, body, headers = await signed_in(site)
    assert (status, body["code"]) == (429, "slow_down")
    assert int(headers["Retry-After"]) > 0
    status, _, _ = await signed_in(site, username="chen")
    assert status == 200


async def test_the_window_of_failures_ends(site: Site, clock: SetClock) -> None:
    await site.account("lin")
    for _ in range(site.hotline.settings.sign_in_attempts):
        await signed_in(site, password="wrong")
    clock.move(timedelta(seconds=site.hotline.settings.sign_in_window_seconds))
    status, _, _ = await signed_in(site)
    assert status == 200


async def test_a_session_ends_when_it_is_not_used_and_after_its_longest_time(
    site: Site, clock: SetClock
) -> None:
    token = await site.token(Role.COUNSELOR)
    idle = timedelta(minutes=site.hotline.settings.session_idle_minutes)
    longest = timedelta(hours=site.hotline.settings.session_hours)
    started = clock.now()
    while clock.now() + idle - timedelta(minutes=2) < started + longest:
        clock.move(idle - timedelta(minutes=2))
        async with site.asks_as(token, "GET", "/api/me") as answer:
            assert answer.status == 200
    clock.move(idle)
    async with site.asks_as(token, "GET", "/api/me") as answer:
        assert answer.status == 401
    other = await site.token(Role.SUPERVISOR)
    clock.move(idle)
    async with site.asks_as(other, "GET", "/api/me") as answer:
        assert answer.status == 401


async def test_behind_tls_the_cookie_is_bound_to_this_host(tmp_path: Path, clock: SetClock) -> None:
    async with open_site(tmp_path, clock, public_url="https://hotline.example.org") as site:
        await site.account("lin")
        headers = {"Origin": "https://hotline.example.org"}
        body = {"username": "lin", "password": PASSWORD}
        async with site.asks("POST", "/api/session", json=body, headers=headers) as answer:
            assert answer.headers["Set-Cookie"].startswith("__Host-hotline-session=")
            assert "Secure" in answer.headers["Set-Cookie"]
            assert answer.headers["Strict-Transport-Security"]
