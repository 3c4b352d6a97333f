"""One's own account: who am I, my password, my second factor."""

from __future__ import annotations

from pydantic import Field
from typing_extensions import TypedDict

from hotline.actions import staff
from hotline.auth.tokens import csrf_of
from hotline.domain.access import Permission
from hotline.errors import Invalid, NotSignedIn, SlowDown
from web_console.api.views import UserView, user_view
from web_console.identity import identity_of
from web_console.openapi import ApiRequest, Body, route

OWN = Permission.ACCOUNT_OWN


class MeView(TypedDict):
    user: UserView
    csrf: str


class NewPassword(Body):
    current: str = Field(min_length=1, max_length=1000)
    password: str = Field(min_length=1, max_length=1000)


class PasswordAgain(Body):
    password: str = Field(min_length=1, max_length=1000)


class Code(Body):
    code: str = Field(pattern=r"^[0-9 ]{6,10}$")


class SecondFactorView(TypedDict):
    """`address` is what an authenticator app reads as a picture; `secret` is the same to type."""

    secret: str
    address: str


@route("GET", "/api/me", permission=OWN, answer=MeView)
async def who_am_i(request: ApiRequest) -> MeView:
    """The signed-in account, and the token that its page must send with unsafe requests."""
    identity = identity_of(request.raw)
    return {"user": user_view(identity.staff), "csrf": csrf_of(identity.token)}


@route("PUT", "/api/me/password", permission=OWN, body=NewPassword, errors=(NotSignedIn, Invalid, SlowDown))
async def change_password(request: ApiRequest) -> None:
    """Change one's password. All other sessions of the account end."""
    given: NewPassword = request.body
    session = identity_of(request.raw).session
    await staff.change_password(request.hotline, request.actor, session, given.current, given.password)


@route(
    "POST",
    "/api/me/second-factor",
    permission=OWN,
    body=PasswordAgain,
    answer=SecondFactorView,
    errors=("second_factor_exists",),
)
async def begin_second_factor(request: ApiRequest) -> SecondFactorView:
    """A new secret for an authenticator app. It holds once its first code was confirmed."""
    given: PasswordAgain = request.body
    secret, address = await staff.begin_second_factor(request.hotline, request.actor, given.password)
    return {"secret": secret, "address": address}


@route("POST", "/api/me/second-factor/confirm", permission=OWN, body=Code, errors=("no_second_factor",))
async def confirm_second_factor(request: ApiRequest) -> None:
    """The first code of the new second factor."""
    given: Code = request.body
    await staff.confirm_second_factor(request.hotline, request.actor, given.code)


@route("POST", "/api/me/second-factor/drop", permission=OWN, body=PasswordAgain)
async def drop_second_factor(request: ApiRequest) -> None:
    """Do without the second factor again."""
    given: PasswordAgain = request.body
    await staff.drop_second_factor(request.hotline, request.actor, given.password)
