"""A diversion of a queue: for everybody who serves contacts, since it says why some do not come."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from hotline.domain.access import QUEUE, SUPERVISION
from hotline.domain.contacts import Channel
from hotline.domain.switchboard import Diversion, DivertTo
from hotline.live.directory import Directory, Name


class DiversionView(TypedDict):
    """`channel`, `language`, `skill` null: all of them. `reason` is in its maker's words."""

    id: str
    channel: Channel | None
    language: str | None
    skill: str | None
    to: DivertTo
    to_skills: list[str]
    reason: str | None
    made_by: Name | None
    made_at: datetime
    until: datetime
    ended_at: datetime | None
    ended_by: Name | None


def audience(_diversion: Diversion) -> tuple[str, ...]:
    return (QUEUE, SUPERVISION)


def view(diversion: Diversion, names: Directory) -> DiversionView:
    return {
        "id": diversion.id,
        "channel": diversion.channel,
        "language": diversion.language,
        "skill": diversion.skill,
        "to": diversion.to,
        "to_skills": diversion.to_skills,
        "reason": diversion.reason,
        "made_by": names.name(diversion.made_by),
        "made_at": diversion.made_at,
        "until": diversion.until,
        "ended_at": diversion.ended_at,
        "ended_by": names.name(diversion.ended_by),
    }
