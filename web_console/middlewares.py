"""What every request passes, outermost first: errors become answers, other sites are refused, the sender is found
out, floods are slowed. Headers that protect browsers are set on everything that leaves."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from urllib.parse import urlsplit

from aiohttp import web

from hotline.actions import sessions
from hotline.auth.tokens import token_hash
from hotline.errors import HotlineError
from hotline.logs import log_crash
from hotline.metrics import Metrics
from hotline.settings import Settings
from web_console.identity import HOTLINE, IDENTITY, SAFE_METHODS, Identity, require_origin, token_of
from web_console.openapi import Public
from web_console.problems import problem, problem_of, problem_of_protocol
from web_console.rate_limits import RATE_LIMITS, address_of, limit_chat_openings
from web_console.server_address import SERVER_ADDRESS

log = logging.getLogger(__name__)

METRICS = web.AppKey("metrics", Metrics)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_BURST_SECONDS = 5  # a page that opens asks for a dozen things at once
_A_YEAR = 31_536_000
_EXEMPT = ("/assets/", "/health/", "/metrics", "/twilio/")
"""Not slowed: files, the operators' own probes, and the carrier, who is known by its signature."""

# The carrier's voice client in the browser: signalling, media and its ring tones.
_CARRIER_SOURCES = "https://*.twilio.com wss://*.twilio.com"


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The one place where a refusal or a failure becomes an answer."""
    started = time.perf_counter()
    response: web.StreamResponse
    try:
        response = await handler(request)
    except HotlineError as error:
        response = problem_of(error)
    except web.HTTPException as error:
        response = error if error.status < 400 else problem_of_protocol(error)
    except ConnectionResetError:
        raise
    except Exception as error:
        log_crash(log, error, route=route_of(request))
        if request.path.startswith(("/ws/", "/twilio/media")) and request.transport is not None:
            request.transport.abort()  # an open socket cannot be answered; its page comes back by itself
        response = problem(500, "failed", "Something went wrong on our side. Nothing of it was your fault.")
    seconds = time.perf_counter() - started
    request.app[METRICS].answered(request.method, route_of(request), response.status, seconds)
    return response


def route_of(request: web.Request) -> str:
    """The route's pattern, never the address that was asked for: that could hold anything."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "-"


@web.middleware
async def refuse_other_sites(request: web.Request, handler: Handler) -> web.StreamResponse:
    """An unsafe request from a page must come from an allowed origin. Sockets check for themselves."""
    if request.method not in SAFE_METHODS:
        require_origin(request)
    return await handler(request)


@web.middleware
async def identify(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Slow down floods, and find out whose session this is where the route wants to know."""
    hotline = request.app[HOTLINE]
    needs_session = not isinstance(permission_of(request), Public | None)
    token, by_cookie = token_of(request) if needs_session else (None, False)
    _slow_down(request, hotline.settings, token)
    if token is not None:
        known = await sessions.whose(hotline, token)
        if known is not None:
            request[IDENTITY] = Identity(known.staff, known.session, token, by_cookie)
    return await handler(request)


def permission_of(request: web.Request) -> object:
    return getattr(request.match_info.handler, "permission", None)


def _slow_down(request: web.Request, settings: Settings, token: str | None) -> None:
    if request.path.startswith(_EXEMPT):
        return
    limits, hotline = request.app[RATE_LIMITS], request.app[HOTLINE]
    if token is not None and hotline.identities.has_seen(token_hash(token)):
        key, rate = f"token {token_hash(token)}", settings.requests_per_second
    else:
        key, rate = f"address {address_of(request, settings)}", settings.anonymous_requests_per_second
    limits.take(key, rate, rate * _BURST_SECONDS)
    if request.method == "POST" and request.path == "/api/chats":
        limit_chat_openings(request, settings)


async def protect_browsers(request: web.Request, response: web.StreamResponse) -> None:
    """A signal on everything that leaves, sockets and failures included."""
    settings = request.app[HOTLINE].settings
    headers = response.headers
    headers["Server"] = "hotline"  # no versions for strangers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault(
        "Permissions-Policy", "camera=(), geolocation=(), payment=(), usb=(), microphone=(self)"
    )
    headers.setdefault(
        "Content-Security-Policy",
        page_policy(
            request.app[SERVER_ADDRESS].origins, settings.is_https, bool(settings.twilio_account_sid)
        ),
    )
    headers.setdefault("Cache-Control", "no-store")
    if settings.is_https:
        headers.setdefault("Strict-Transport-Security", f"max-age={_A_YEAR}")


@lru_cache(maxsize=16)
def page_policy(origins: frozenset[str], https: bool, telephone: bool) -> str:
    """Scripts, files and connections are our own only. Styles may stand in the page: Mantine writes its variables
    there, and with scripts shut out they can do no harm."""
    scheme = "wss" if https else "ws"
    sockets = " ".join(sorted(f"{scheme}://{urlsplit(each).netloc}" for each in origins))
    carrier = f" {_CARRIER_SOURCES}" if telephone else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            f"media-src 'self' blob:{carrier}",
            f"connect-src 'self' {sockets}{carrier}",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
