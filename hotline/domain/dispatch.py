"""Who goes: teams and the police desk, their assignment, and the moves of those who are on their way.

A team is an organisation of staff (`organisation_id` of an account is the team's id). The police desk sees an
alert when a named dispatcher hands it over, not because the alert's target says "police".
"""

from __future__ import annotations

from datetime import datetime
from typing import NewType

from sqlmodel import SQLModel

from hotline.domain.alerts import Alert, Move, ResponderKind, made, ready
from hotline.domain.change import Change
from hotline.domain.ids import StaffId
from hotline.errors import WrongState
from triage.policy import AlertTarget

TeamId = NewType("TeamId", str)

# The desk as such, where no desk is registered: its people are found by their role.
POLICE_DESK_ZH, POLICE_DESK_EN = "公安接警台", "Police desk"

# What whoever goes gets to see of the person: the journal notes which of it there was, not what it says.
DISCLOSED = ("person", "callback", "what", "where", "means", "danger_to_others")


class Team(SQLModel):
    id: TeamId
    kind: ResponderKind
    name_zh: str
    name_en: str
    district: str | None = None


def assign(alert: Alert, team: Team, actor: StaffId, now: datetime, *, version: int) -> Change:
    """A team is to go; one that was named before is stood down by that. Assigning acknowledges."""
    move = Move.HAND_OVER_TO_POLICE if team.kind is ResponderKind.POLICE_DESK else Move.ASSIGN
    stands = (alert.assigned_kind, alert.assigned_id) == (team.kind, team.id or None)
    if not ready(alert, move, actor, version, stands=stands):
        return Change(answer=alert)
    disclosed = [name for name in DISCLOSED if getattr(alert, name)]
    facts = {"team_id": team.id, "kind": team.kind, "disclosed": disclosed}
    return made(alert, move, actor, now, None, facts, **_assigned(alert, actor, team, now))


def hand_over_to_police(
    alert: Alert, desk: Team | None, actor: StaffId, now: datetime, *, version: int
) -> Change:
    """From now on the police desk sees it."""
    desk = desk or Team(
        id=TeamId(""), kind=ResponderKind.POLICE_DESK, name_zh=POLICE_DESK_ZH, name_en=POLICE_DESK_EN
    )
    return assign(alert, desk, actor, now, version=version)


def _assigned(alert: Alert, actor: StaffId, team: Team, now: datetime) -> dict[str, object]:
    """The clock starts anew even when one assigned team replaces another."""
    to_police = team.kind is ResponderKind.POLICE_DESK
    return {
        "acknowledged_by": alert.acknowledged_by or actor,
        "assigned_kind": team.kind,
        "assigned_id": team.id or None,
        "assigned_zh": team.name_zh,
        "assigned_en": team.name_en,
        "target": AlertTarget.POLICE if to_police else alert.target,
        "clock_at": now,
        "state_since": now,
    }


def en_route(alert: Alert, actor: StaffId, now: datetime, *, version: int) -> Change:
    return _gone(alert, Move.EN_ROUTE, actor, now, None, version)


def on_scene(alert: Alert, actor: StaffId, now: datetime, *, version: int) -> Change:
    return _gone(alert, Move.ON_SCENE, actor, now, None, version)


def handed_over(alert: Alert, actor: StaffId, note: str | None, now: datetime, *, version: int) -> Change:
    """The person is with those who care for them now: hospital, family, police."""
    return _gone(alert, Move.HANDED_OVER, actor, now, note, version)


def confirm_contact(alert: Alert, actor: StaffId, note: str | None, now: datetime, *, version: int) -> Change:
    """Contact with the person is made or still held: asked again after the span."""
    if not ready(alert, Move.CONFIRM_CONTACT, actor, version, note):
        return Change(answer=alert)
    return made(alert, Move.CONFIRM_CONTACT, actor, now, note, clock_at=now)


def _gone(alert: Alert, move: Move, actor: StaffId, now: datetime, note: str | None, version: int) -> Change:
    if not ready(alert, move, actor, version, note):
        return Change(answer=alert)
    if alert.assigned_kind is None:
        raise WrongState("Nobody has been assigned yet.", code="not_assigned")
    return made(alert, move, actor, now, note)
