"""How fast somebody may ask. A known token has a limit of its own; only what carries none counts by address, so
that a school or an office behind one address is not shut out by its loudest machine."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable

from aiohttp import web

from hotline.errors import SlowDown
from hotline.settings import Settings

_KEPT = 100_000  # keys, some 20 MB; the ones longest unused are forgotten first
_IPV6_PREFIX = 64  # what one household or machine is given


class RateLimits:
    """Token buckets as one number per key: the time at which the bucket will be full again."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, key: str, per_second: float, burst: float) -> None:
        """One from the bucket of `key`, or `SlowDown` with the seconds until there is one. A bucket holds one at least:
        a pace of less than one a minute is slow, and shuts out nobody for ever."""
        burst = max(burst, 1.0)
        now = self._monotonic()
        full_at = max(self._full_at.get(key, now), now) + 1 / per_second
        ahead = full_at - now - burst / per_second
        if ahead > 1e-9:
            raise SlowDown(ahead)
        self._full_at[key] = full_at
        self._full_at.move_to_end(key)
        if len(self._full_at) > _KEPT:
            self._full_at.popitem(last=False)


RATE_LIMITS = web.AppKey("rate_limits", RateLimits)


def limit_chat_openings(request: web.Request, settings: Settings) -> None:
    """New chats per address: generous, because whoever is shut out here may be in danger."""
    per_minute = settings.chats_per_minute
    request.app[RATE_LIMITS].take(f"chats {address_of(request, settings)}", per_minute / 60, per_minute)


def address_of(request: web.Request, settings: Settings) -> str:
    """The client's address: the peer's, or what believed proxies say of it. IPv6 by its network."""
    address = request.remote or ""
    if settings.trusted_proxies:
        networks = [ipaddress.ip_network(each) for each in settings.trusted_proxies]
        forwarded = [each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",")]
        for hop in reversed([each for each in forwarded if each]):
            if not _is_in(address, networks):
                break
            address = hop
    return _by_network(address)


def _is_in(address: str, networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


def _by_network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _IPV6_PREFIX), strict=False))
