"""Signing in and out."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web
from pydantic import Field
from typing_extensions import TypedDict

from hotline.actions import sessions
from hotline.auth.tokens import csrf_of
from hotline.domain.access import Permission
from hotline.errors import NotSignedIn, SlowDown
from web_console.api.views import UserView, user_view
from web_console.identity import cookie_name, identity_of
from web_console.openapi import PUBLIC, ApiRequest, Body, route
from web_console.rate_limits import address_of


class Credentials(Body):
    username: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=1000)
    code: str | None = Field(default=None, max_length=10, pattern=r"^[0-9 ]*$")


class SessionView(TypedDict):
    """A page keeps only the cookie and `csrf`; programs keep `token`."""

    token: str
    csrf: str
    user: UserView


@route(
    "POST",
    "/api/session",
    permission=PUBLIC,
    body=Credentials,
    answer=SessionView,
    errors=(NotSignedIn, "wrong_credentials", "code_needed", SlowDown),
)
async def sign_in(request: ApiRequest) -> SessionView:
    """Sign in with a password and, where the account has a second factor, its code."""
    given: Credentials = request.body
    settings = request.hotline.settings
    signed_in = await sessions.sign_in(
        request.hotline,
        given.username,
        given.password,
        given.code,
        address=address_of(request.raw, settings),
    )
    lifetime = int(timedelta(hours=settings.session_hours).total_seconds())

    def set_cookie(response: web.Response) -> None:
        response.set_cookie(
            cookie_name(settings.is_https),
            signed_in.token,
            max_age=lifetime,
            path="/",
            secure=settings.is_https,
            httponly=True,
            samesite="Strict",
        )

    request.cookies.append(set_cookie)
    return {
        "token": signed_in.token,
        "csrf": csrf_of(signed_in.token),
        "user": user_view(signed_in.staff),
    }


@route("DELETE", "/api/session", permission=Permission.ACCOUNT_OWN)
async def sign_out(request: ApiRequest) -> None:
    """End this session."""
    await sessions.sign_out(request.hotline, identity_of(request.raw).session)
    name = cookie_name(request.hotline.settings.is_https)
    secure = request.hotline.settings.is_https
    request.cookies.append(
        lambda response: response.del_cookie(name, path="/", secure=secure, httponly=True, samesite="Strict")
    )
