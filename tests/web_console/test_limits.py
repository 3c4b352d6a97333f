"""Floods are slowed, per token before address; what a proxy says is believed only where it is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request

from hotline.domain.access import Role
from hotline.errors import SlowDown
from hotline.settings import load_settings
from tests.conftest import SetClock
from tests.web_console.site import open_site
from web_console.rate_limits import RateLimits, address_of


class Watch:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_a_burst_then_the_pace() -> None:
    watch = Watch()
    limits = RateLimits(watch)
    for _ in range(5):
        limits.take("somebody", per_second=2, burst=5)
    with pytest.raises(SlowDown) as slow:
        limits.take("somebody", per_second=2, burst=5)
    assert slow.value.retry_after == pytest.approx(0.5)
    limits.take("another", per_second=2, burst=5)
    watch.at += slow.value.retry_after
    limits.take("somebody", per_second=2, burst=5)
    with pytest.raises(SlowDown):
        limits.take("somebody", per_second=2, burst=5)
    watch.at += 1000
    for _ in range(5):
        limits.take("somebody", per_second=2, burst=5)


def test_a_pace_below_one_shuts_out_nobody_for_ever() -> None:
    """HOTLINE_CHATS_PER_MINUTE=0.5 is a setting that is taken: every first chat was refused, for all time."""
    watch = Watch()
    limits = RateLimits(watch)
    limits.take("somebody", per_second=0.5 / 60, burst=0.5)
    with pytest.raises(SlowDown) as slow:
        limits.take("somebody", per_second=0.5 / 60, burst=0.5)
    watch.at += slow.value.retry_after
    limits.take("somebody", per_second=0.5 / 60, burst=0.5)


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "address"),
    [
        ("", "192.0.2.1", "198.51.100.7", "192.0.2.1"),
        ("192.0.2.0/24", "192.0.2.1", "198.51.100.7", "198.51.100.7"),
        ("192.0.2.0/24", "192.0.2.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("192.0.2.0/24", "192.0.2.1", "203.0.113.9, 192.0.2.8", "203.0.113.9"),
        ("192.0.2.0/24", "198.51.100.1", "203.0.113.9", "198.51.100.1"),
        ("192.0.2.0/24", "192.0.2.1", "nonsense", "unknown"),
        ("192.0.2.0/24", "192.0.2.1", "", "192.0.2.1"),
        ("", "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("", "::ffff:192.0.2.1", "", "192.0.2.1"),
    ],
)
def test_whose_address_counts(proxies: str, peer: str, forwarded: str, address: str) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = make_mocked_request("GET", "/", headers=headers).clone(remote=peer)
    assert address_of(request, load_settings(trusted_proxies=proxies)) == address


async def test_a_loud_stranger_does_not_slow_down_who_is_signed_in(tmp_path: Path, clock: SetClock) -> None:
    async with open_site(tmp_path, clock, anonymous_requests_per_second=2) as site:
        token = await site.token(Role.COUNSELOR)
        statuses = []
        async with site.asks_as(token, "GET", "/api/me") as answer:
            assert answer.status == 200
        for _ in range(12):
            async with site.asks("GET", "/api/public") as answer:
                statuses.append(answer.status)
                if answer.status == 429:
                    assert int(answer.headers["Retry-After"]) >= 1
                    assert (await answer.json())["code"] == "slow_down"
        assert 429 in statuses
        async with site.asks_as("made-up", "GET", "/api/me") as answer:
            assert answer.status == 429, "tokens that are none count by address"
        async with site.asks_as(token, "GET", "/api/me") as answer:
            assert answer.status == 200
        for path in ("/health/live", "/metrics"):
            async with site.asks("GET", path) as answer:
                assert answer.status == 200


async def test_chats_opened_from_one_address(tmp_path: Path, clock: SetClock) -> None:
    async with open_site(tmp_path, clock, chats_per_minute=3) as site:
        statuses = []
        for _ in range(5):
            async with site.asks("POST", "/api/chats", json={}) as answer:
                statuses.append(answer.status)
        assert statuses == [201, 201, 201, 429, 429]
