"""Who may read the counters: whoever has the token, or, where none is set, this machine itself and no proxy on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request

from hotline.errors import SettingError
from hotline.settings import load_settings
from tests.conftest import SetClock
from tests.web_console.site import Site, open_site
from web_console import health
from web_console.identity import HOTLINE

TOKEN = "a-token-of-enough-letters"


async def _status(site: Site, **headers: str) -> int:
    async with site.asks("GET", "/metrics", headers=headers) as answer:
        text = await answer.text()
        assert ("hotline_on_duty" in text) == (answer.status == 200)
        return answer.status


async def test_without_a_token_this_machine_is_answered(site: Site) -> None:
    assert await _status(site) == 200


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
async def test_what_a_proxy_passes_on_is_not_from_this_machine(site: Site, name: str) -> None:
    """A proxy beside the server connects from loopback for everybody."""
    assert await _status(site, **{name: "203.0.113.5"}) == 404


@pytest.mark.parametrize(
    ("peer", "answered"),
    [("127.0.0.1", True), ("::1", True), ("203.0.113.5", False), ("10.0.0.7", False), ("", False)],
)
async def test_only_loopback_is_this_machine(site: Site, peer: str, answered: bool) -> None:
    request = make_mocked_request("GET", "/metrics", app=site.app).clone(remote=peer)
    assert request.app[HOTLINE] is site.hotline
    assert health.may_count(request) is answered


async def test_with_a_token_nobody_reads_without_it(tmp_path: Path, clock: SetClock) -> None:
    async with open_site(tmp_path, clock, metrics_token=TOKEN) as site:
        for wrong in ("", "Bearer", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", "Bearer é"):
            assert await _status(site, Authorization=wrong) == 404, wrong
        assert await _status(site) == 404
        given = {"Authorization": f"Bearer {TOKEN}"}
        assert await _status(site, **given) == 200
        assert await _status(site, **given, **{"X-Forwarded-For": "203.0.113.5"}) == 200


@pytest.mark.parametrize("token", ["short", "with spaces " + TOKEN, TOKEN + "é"])
def test_a_token_that_can_be_guessed_stops_the_start(token: str) -> None:
    with pytest.raises(SettingError, match="HOTLINE_METRICS_TOKEN") as refused:
        load_settings(metrics_token=token)
    assert token not in str(refused.value)
