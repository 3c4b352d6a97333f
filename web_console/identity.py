"""Who sends a request: the session by bearer token or by cookie, and what a browser must prove besides.

With `Authorization: Bearer` the cookie is ignored. A request that rides on the cookie could have been caused
by another site, so unsafe ones must carry the session's CSRF token.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from hotline.auth.tokens import csrf_of
from hotline.domain.access import Actor
from hotline.domain.staff import Session, Staff, actor_of
from hotline.errors import Forbidden, NotSignedIn
from web_console.server_address import SERVER_ADDRESS

if TYPE_CHECKING:
    from hotline.service import Hotline

HOTLINE: web.AppKey[Hotline] = web.AppKey("hotline")
CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Identity:
    staff: Staff
    session: Session
    token: str
    by_cookie: bool

    @property
    def actor(self) -> Actor:
        return actor_of(self.staff)


IDENTITY = web.RequestKey("identity", Identity)


def cookie_name(https: bool) -> str:
    """`__Host-`: the browser keeps it from being set by other hosts or without TLS."""
    return "__Host-hotline-session" if https else "hotline-session"


def bearer_of(request: web.Request) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def token_of(request: web.Request) -> tuple[str | None, bool]:
    """The presented token and whether a cookie presented it."""
    if "Authorization" in request.headers:
        return bearer_of(request), False
    hotline = request.app[HOTLINE]
    return request.cookies.get(cookie_name(hotline.settings.is_https)), True


def identity_of(request: web.Request) -> Identity:
    """Whoever is signed in, or a refusal."""
    identity: Identity | None = request.get(IDENTITY)
    if identity is None:
        raise NotSignedIn("Please sign in.")
    return identity


def require_csrf(request: web.Request, identity: Identity) -> None:
    if not identity.by_cookie or request.method in SAFE_METHODS:
        return
    given = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode(errors="replace"), csrf_of(identity.token).encode()):
        raise Forbidden("The page is out of date: reload it and try again.", code="wrong_csrf_token")


def require_origin(request: web.Request, *, must_be_named: bool = False) -> None:
    """Refuse what a page of another site sends. Programs name no origin; browsers do, always for sockets."""
    origin = request.headers.get("Origin")
    if origin is None and not must_be_named:
        return
    if origin not in request.app[SERVER_ADDRESS].origins:
        raise Forbidden("This site may not use the hotline.", code="wrong_origin")
