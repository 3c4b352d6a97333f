"""One's own telephone over HTTP: what is rung, the browser's token, a number that is never shown whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from hotline.domain.access import Role
from tests.conftest import SetClock
from tests.web_console.site import Site, open_site

MOBILE = "+8613900001111"
CARRIER = {"twilio_account_sid": "AC" + "0" * 32, "twilio_auth_token": "t", "twilio_number": "+861012356000"}
KEY = {"twilio_api_key": "SK" + "0" * 32, "twilio_api_secret": "s" * 32}
SIMULATED = {"twilio_api_url": "http://127.0.0.1:9"}
SETTINGS: dict[str, dict[str, Any]] = {
    "none": {},
    "without_key": CARRIER,
    "browser": CARRIER | KEY,
    "simulated": CARRIER | KEY | SIMULATED,
}


@pytest.fixture
async def line(request: pytest.FixtureRequest, tmp_path: Path, clock: SetClock) -> AsyncIterator[Site]:
    async with open_site(tmp_path, clock, **SETTINGS[request.param]) as site:
        yield site


async def phone(site: Site, token: str, **chosen: str) -> tuple[int, dict[str, Any]]:
    method, given = ("PUT", {"json": chosen}) if chosen else ("GET", {})
    async with site.asks_as(token, method, "/api/phone", **given) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize(
    ("line", "kind"),
    [("none", "none"), ("without_key", "none"), ("browser", "browser"), ("simulated", "simulated")],
    indirect=["line"],
)
async def test_what_is_rung(line: Site, kind: str) -> None:
    status, told = await phone(line, await line.token(Role.COUNSELOR))
    assert (status, told["kind"]) == (200, kind)
    assert (told["token"] is not None) == (kind == "browser")
    assert (told["identity"] or "").replace("_", "").isalnum() == (kind == "browser")


@pytest.mark.parametrize("line", ["browser"], indirect=True)
async def test_a_number_takes_the_browsers_place_and_is_never_shown_whole(line: Site) -> None:
    token = await line.token(Role.COUNSELOR)
    status, told = await phone(line, token, kind="number", number="+86 139-0000-1111")
    assert (status, told["kind"], told["number_masked"]) == (200, "number", "139****1111")
    assert told["token"] is None
    assert "00001111" not in str(told)
    assert (await phone(line, token))[1]["kind"] == "number"
    assert (await phone(line, await line.token(Role.COUNSELOR)))[1]["kind"] == "browser"
    status, told = await phone(line, token, kind="browser")
    assert (told["kind"], told["number_masked"]) == ("browser", None)


@pytest.mark.parametrize("line", ["browser"], indirect=True)
async def test_browser_and_number_may_both_be_rung_and_the_number_stays_from_one_to_the_other(
    line: Site,
) -> None:
    token = await line.token(Role.COUNSELOR)
    status, told = await phone(line, token, kind="both", number=MOBILE)
    assert (status, told["kind"], told["number_masked"]) == (200, "both", "139****1111")
    assert told["token"] is not None, "the browser is rung too"
    assert (await phone(line, token, kind="number"))[1]["kind"] == "number"
    assert (await phone(line, token, kind="both"))[1]["number_masked"] == "139****1111"
    assert (await phone(line, token, kind="browser"))[1]["number_masked"] is None
    assert (await phone(line, token, kind="both"))[0] == 422


@pytest.mark.parametrize("line", ["browser"], indirect=True)
async def test_what_is_no_choice(line: Site) -> None:
    token = await line.token(Role.COUNSELOR)
    for wrong in (
        {"kind": "number"},
        {"kind": "number", "number": "110"},
        {"kind": "number", "number": CARRIER["twilio_number"]},
        {"kind": "browser", "number": MOBILE},
        {"kind": "simulated"},
    ):
        status, problem = await phone(line, token, **wrong)
        assert (status, problem["code"]) == (422, "invalid"), wrong


@pytest.mark.parametrize("line", ["browser"], indirect=True)
async def test_who_serves_nobody_has_no_telephone(line: Site) -> None:
    status, _ = await phone(line, await line.token(Role.DISPATCHER))
    assert status == 403
