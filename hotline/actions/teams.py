"""Crisis teams and police desks: registered by whoever sets the service up, read by the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.domain import access
from hotline.domain.access import Actor, Permission
from hotline.domain.alerts import ResponderKind
from hotline.domain.change import Change, Event
from hotline.domain.dispatch import Team
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline


async def register(hotline: Hotline, actor: Actor, team: Team) -> tuple[Team, bool]:
    """A new team, or a known one with new names; the people of it have its id as their `organisation_id`."""
    access.require(actor, Permission.STAFF_MANAGE)

    def decide(loaded: Loaded) -> Change:
        if loaded.find(Team, team.id) == team:
            return Change(answer=team)
        return Change((team,), (Event("team", "registered", team.id, actor.staff_id),), answer=team)

    registered: Team = await hotline.writer.run(decide, Need(Team, team.id))
    return registered, _is_there(hotline, registered)


async def all_teams(hotline: Hotline, actor: Actor) -> list[tuple[Team, bool]]:
    """All teams and desks; whether somebody of each is signed in and listening now."""
    access.require(actor, Permission.ALERT_READ, Permission.STAFF_MANAGE)
    found = await hotline.reader.where(Team)
    return [(team, _is_there(hotline, team)) for team in found]


def _is_there(hotline: Hotline, team: Team) -> bool:
    topics = [access.team_topic(team.id)]
    if team.kind is ResponderKind.POLICE_DESK:
        topics.append(access.POLICE_DESK)
    return any(hotline.feed.is_anyone_at(topic) for topic in topics)
