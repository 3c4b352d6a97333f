"""A presence: for oneself and for supervisors; other counselors see who is there through the API."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from hotline.domain.access import SUPERVISION, Role, staff_topic
from hotline.domain.presence import Presence, PresenceState
from hotline.live.directory import Directory


class PresenceView(TypedDict):
    id: str
    name: str
    roles: list[Role]
    state: PresenceState
    reason: str | None
    since: datetime
    until: datetime | None
    chats: int
    calls: int
    chat_capacity: int
    call_capacity: int
    connected: bool
    languages: list[str]


def audience(presence: Presence) -> tuple[str, ...]:
    return (staff_topic(presence.id), SUPERVISION)


def view(presence: Presence, names: Directory) -> PresenceView:
    staff = names.staff(presence.id)
    return {
        "id": presence.id,
        "name": staff.name if staff else "",
        "roles": sorted(staff.roles) if staff else [],
        "state": presence.state,
        "reason": presence.reason,
        "since": presence.since,
        "until": presence.until,
        "chats": presence.chats,
        "calls": presence.calls,
        "chat_capacity": presence.chat_capacity,
        "call_capacity": presence.call_capacity,
        "connected": presence.connected,
        "languages": presence.languages,
    }
