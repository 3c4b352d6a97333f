"""Crisis teams and police desks: who can be sent."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from hotline.actions import teams
from hotline.domain.access import Permission
from hotline.domain.alerts import ResponderKind
from hotline.domain.dispatch import Team, TeamId
from hotline.errors import Forbidden
from web_console.api.inputs import Listing, Word
from web_console.openapi import ApiRequest, Body, route


class RegisterTeam(Body):
    """Its people are the accounts whose `organisation_id` is the team's id."""

    kind: ResponderKind
    name_zh: Word
    name_en: Word
    district: Word | None = None


class TeamView(TypedDict):
    """`on_duty`: somebody of it is signed in and hears the feed now."""

    id: str
    kind: str
    name: str
    name_zh: str
    name_en: str
    district: str | None
    on_duty: bool


def shown(team: Team, is_there: bool) -> TeamView:
    return {
        "id": team.id,
        "kind": team.kind,
        "name": team.name_zh,
        "name_zh": team.name_zh,
        "name_en": team.name_en,
        "district": team.district,
        "on_duty": is_there,
    }


@route(
    "GET", "/api/teams", permission=(Permission.ALERT_READ, Permission.STAFF_MANAGE), answer=Listing[TeamView]
)
async def list_teams(request: ApiRequest) -> dict[str, Any]:
    found = await teams.all_teams(request.hotline, request.actor)
    return {"items": [shown(*each) for each in found], "next": None}


@route(
    "PUT",
    "/api/teams/{team_id}",
    permission=Permission.STAFF_MANAGE,
    body=RegisterTeam,
    answer=TeamView,
    errors=(Forbidden,),
)
async def register_team(request: ApiRequest) -> TeamView:
    """A new team or desk, or a known one under other names."""
    wish: RegisterTeam = request.body
    team = Team(
        id=TeamId(request.path["team_id"]),
        kind=wish.kind,
        name_zh=wish.name_zh,
        name_en=wish.name_en,
        district=wish.district,
    )
    return shown(*await teams.register(request.hotline, request.actor, team))
