"""For operators: is the process alive, can it serve, and what does it count."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Mapping

from aiohttp import web

from hotline import metrics
from hotline.actions import outside
from hotline.domain.ids import StaffId
from hotline.domain.staff import Staff
from hotline.errors import HotlineError
from hotline.service import Hotline
from hotline.storage.database import DatabaseError
from web_console.identity import HOTLINE, bearer_of
from web_console.middlewares import METRICS

_PATIENCE_SECONDS = 2.0  # a probe that waits longer is given up by whoever sent it
_PASSED_ON = ("Forwarded", "Via", "X-Forwarded-For", "X-Real-IP")
"""What proxies add: a peer on this machine may be one, and asks for somebody who is not."""


async def live(_request: web.Request) -> web.StreamResponse:
    """The process answers."""
    return web.json_response({"status": "live"})


async def ready(request: web.Request) -> web.StreamResponse:
    """The database answers, so that people can be served."""
    hotline = request.app[HOTLINE]
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await hotline.reader.find(Staff, StaffId("nobody"))
    except (TimeoutError, OSError, HotlineError, DatabaseError):
        return web.json_response({"status": "not_ready", "reason": "database"}, status=503)
    return web.json_response({"status": "ready"})


async def counters(request: web.Request) -> web.StreamResponse:
    """For whoever has the token; where none is set, for this machine itself. Others hear that there is nothing."""
    if not may_count(request):
        raise web.HTTPNotFound
    text = request.app[METRICS].text()
    return web.Response(body=text, headers={"Content-Type": metrics.CONTENT_TYPE})


def may_count(request: web.Request) -> bool:
    token = request.app[HOTLINE].settings.metrics_token
    if token:
        return hmac.compare_digest((bearer_of(request) or "").encode(errors="replace"), token.encode())
    return _is_this_machine(request.remote) and not any(name in request.headers for name in _PASSED_ON)


def _is_this_machine(peer: str | None) -> bool:
    try:
        return ipaddress.ip_address(peer or "").is_loopback
    except ValueError:
        return False


def gauges_of(hotline: Hotline) -> Mapping[tuple[str, str], float]:
    return {
        ("hotline_on_duty", "1 while any counselor is on duty."): float(outside.is_anybody_there(hotline)),
        ("hotline_deadlines", "Things that wait for their time."): float(len(hotline.writer.deadlines)),
        ("hotline_sounds_in_trouble", "Recordings and messages that somebody should look at."): float(
            hotline.sounds_in_trouble
        ),
        ("hotline_journal_seq", "Events of this start of the node."): float(hotline.writer.seq),
    }
