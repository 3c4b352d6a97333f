"""One's own telephone: how it is rung, and the browser's token for the carrier."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field, model_validator
from typing_extensions import TypedDict

from hotline.actions import phones
from hotline.domain.access import Permission
from hotline.domain.phones import RungAt, rung_at
from hotline.errors import Invalid
from hotline.telephony import phone_tokens
from web_console.openapi import ApiRequest, Body, route

Kind = Literal["browser", "number", "both", "simulated", "none"]


class PhoneView(TypedDict):
    """`kind`: what is rung, `both` the browser and the number; `none`: nothing could be.
    `identity`, `token` and `expires_at` are the browser's alone.
    `line`: there is a telephone line at all; `browser`: the browser could be chosen."""

    kind: Kind
    identity: str | None
    token: str | None
    expires_at: datetime | None
    number_masked: str | None
    line: bool
    browser: bool


class ChoosePhone(Body):
    """A number in full with its country, such as +8613900001111, alone or beside the browser; or the browser again.
    From one of the two with a number to the other, the number may be left out: it stays."""

    kind: Literal["browser", "number", "both"]
    number: str | None = Field(default=None, min_length=1, max_length=40)

    @model_validator(mode="after")
    def _whole(self) -> ChoosePhone:
        if self.kind == "browser" and self.number is not None:
            raise ValueError("a number belongs to the kinds number and both")
        return self


@route("GET", "/api/phone", permission=Permission.CONTACT_SERVE, answer=PhoneView)
async def own_phone(request: ApiRequest) -> PhoneView:
    """How one's own telephone is rung. Each answer for the browser carries a fresh token."""
    return await _view(request)


@route(
    "PUT",
    "/api/phone",
    permission=Permission.CONTACT_SERVE,
    body=ChoosePhone,
    answer=PhoneView,
    errors=(Invalid,),
)
async def choose_phone(request: ApiRequest) -> PhoneView:
    """Have the browser rung, or a number, or both."""
    chosen: ChoosePhone = request.body
    if chosen.kind == "browser":
        await phones.use_browser(request.hotline, request.actor)
    else:
        both = chosen.kind == "both"
        await phones.use_number(request.hotline, request.actor, chosen.number, both=both)
    return await _view(request)


async def _view(request: ApiRequest) -> PhoneView:
    hotline, staff_id = request.hotline, request.actor.staff_id
    settings = hotline.settings
    phone = await phones.phone_of(hotline, staff_id)
    rung = rung_at(phone)
    by_number = rung == (RungAt.NUMBER,)
    can_browse = phone_tokens.can_mint(settings)
    view: PhoneView = {
        "kind": "none",
        "identity": None,
        "token": None,
        "expires_at": None,
        "number_masked": phone.number_masked if phone is not None else None,
        "line": hotline.carrier is not None,
        "browser": can_browse,
    }
    if hotline.carrier is None:
        return view
    if by_number:
        view["kind"] = "number"
    elif settings.twilio_api_url:
        view["kind"] = "simulated"
    elif can_browse:
        minted = phone_tokens.mint(settings, staff_id, hotline.clock.now())
        view["kind"] = "both" if RungAt.NUMBER in rung else "browser"
        view["identity"] = minted.identity
        view["token"], view["expires_at"] = minted.token, minted.expires_at
    return view
