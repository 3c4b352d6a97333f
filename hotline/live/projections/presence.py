"""A presence: for oneself and for supervisors; other counselors see who is there through the API."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from hotline.domain.access import SUPERVISION, Role, staff_topic
from hotline.domain.contacts import Channel
from hotline.domain.presence import Presence, PresenceState, WhyNot, why_not_offered
from hotline.domain.service_rules import ServiceRules
from hotline.live.directory import Directory


class PresenceView(TypedDict):
    """`calls_withheld`, `chats_withheld`: why they are not offered any now, beside an open
    offer; null: they may be."""

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
    skills: dict[str, int]
    calls_withheld: WhyNot | None
    chats_withheld: WhyNot | None
    wrap_ups: int
    rest_until: datetime | None


def audience(presence: Presence) -> tuple[str, ...]:
    return (staff_topic(presence.id), SUPERVISION)


def view(presence: Presence, names: Directory, rules: ServiceRules) -> PresenceView:
    staff = names.staff(presence.id)
    without_offer = presence.model_copy(update={"offer_id": None})  # offers have frames of their own
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
        "skills": presence.skills,
        "calls_withheld": why_not_offered(without_offer, Channel.CALL, rules),
        "chats_withheld": why_not_offered(without_offer, Channel.CHAT, rules),
        "wrap_ups": len(presence.wrap_ups),
        "rest_until": presence.rest_until,
    }
