"""Whom an account may belong to, and where: organisations and districts by name, for those who manage accounts."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

from hotline.actions.organisations import organisations
from hotline.domain.access import Permission
from web_console.api.inputs import Listing
from web_console.openapi import ApiRequest, route

MANAGING = (Permission.STAFF_MANAGE, Permission.STAFF_READ)


class OrganisationView(TypedDict):
    """`zh` and `en` are the same where it has one name only."""

    id: str
    kind: Literal["school", "institution", "crisis_team", "police_desk"]
    zh: str
    en: str
    district: str | None


class PlacesView(TypedDict):
    """A district's name in both languages; `zh` is what accounts and referrals keep."""

    zh: str
    en: str


@route("GET", "/api/organisations", permission=MANAGING, answer=Listing[OrganisationView])
async def list_organisations(request: ApiRequest) -> dict[str, Any]:
    """Schools, institutions, crisis teams and police desks."""
    found = await organisations(request.hotline)
    items: list[OrganisationView] = [
        {"id": each.id, "kind": each.kind, "zh": each.zh, "en": each.en, "district": each.district}
        for each in found
    ]
    return {"items": items, "next": None}


@route("GET", "/api/districts", permission=MANAGING, answer=Listing[PlacesView])
async def list_districts(request: ApiRequest) -> dict[str, Any]:
    """The districts of this service."""
    served = request.hotline.settings.districts
    return {"items": [{"zh": each.zh, "en": each.en} for each in served], "next": None}
