"""Crisis teams and police desks: who can be sent."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from hotline.actions import teams
from hotline.domain.access import Permission
from web_console.api.inputs import Listing
from web_console.openapi import ApiRequest, route


class TeamView(TypedDict):
    """`on_duty`: somebody of it is signed in and hears the feed now."""

    id: str
    kind: str
    name: str
    name_zh: str
    name_en: str
    district: str | None
    on_duty: bool


@route("GET", "/api/teams", permission=Permission.ALERT_READ, answer=Listing[TeamView])
async def list_teams(request: ApiRequest) -> dict[str, Any]:
    found = await teams.all_teams(request.hotline, request.actor)
    items: list[TeamView] = [
        {
            "id": team.id,
            "kind": team.kind,
            "name": team.name_zh,
            "name_zh": team.name_zh,
            "name_en": team.name_en,
            "district": team.district,
            "on_duty": is_there,
        }
        for team, is_there in found
    ]
    return {"items": items, "next": None}
