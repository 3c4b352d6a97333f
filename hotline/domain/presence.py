"""A counselor's presence: one per person, however many tabs.

| state     | means                                   | left by                              |
|-----------|-----------------------------------------|--------------------------------------|
| available | may be offered contacts                 | the person, a missed offer, the loss |
| on_break  | reason and, if given, the time of return| the person; overdue is shown         |
| not_ready | missed an offer: looks away             | the person                           |
| offline   | not on shift                            | the person                           |

`connected` says that at least one socket is open. When the last one has been gone for
`counselor_gone_after`, the presence is offline and what it held goes to the front of the queue.
`chats` and `calls` count held contacts; `offer_id` is the one open offer. Load never passes capacity.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from hotline.domain.change import MACHINE, Change, Due, Event
from hotline.domain.contacts import Channel
from hotline.domain.ids import OfferId, StaffId
from hotline.domain.service_rules import ServiceRules


class PresenceState(StrEnum):
    AVAILABLE = "available"
    ON_BREAK = "on_break"
    NOT_READY = "not_ready"
    OFFLINE = "offline"


class Presence(SQLModel):
    """`id` is the staff id."""

    id: StaffId
    state: PresenceState = PresenceState.OFFLINE
    reason: str | None = None
    since: datetime
    until: datetime | None = None
    connected: bool = False
    gone_since: datetime | None = None
    chats: int = 0
    calls: int = 0
    chat_capacity: int
    call_capacity: int
    offer_id: OfferId | None = None
    languages: list[str] = Field(default_factory=list)
    idle_since: datetime


def _changed(presence: Presence, what: str, actor: str, **facts: Any) -> Change:
    facts = {"state": presence.state, **facts}
    return Change(
        save=(presence,), events=(Event("presence", what, presence.id, actor, facts),), answer=presence
    )


def due(presence: Presence, rules: ServiceRules) -> Due | None:
    if presence.gone_since is not None:
        return Due("counselor_lost", presence.gone_since + rules.counselor_gone_after)
    return None


def set_state(
    presence: Presence, state: PresenceState, *, reason: str | None, until: datetime | None, now: datetime
) -> Change:
    presence = presence.model_copy(
        update={"state": state, "reason": reason, "until": until, "since": now, "idle_since": now}
    )
    return _changed(presence, "set", presence.id)


def connected(presence: Presence, now: datetime) -> Change:
    if presence.connected and presence.gone_since is None:
        return Change(answer=presence)
    presence = presence.model_copy(update={"connected": True, "gone_since": None})
    return _changed(presence, "connected", presence.id)


def disconnected(presence: Presence, now: datetime) -> Change:
    if not presence.connected:
        return Change(answer=presence)
    presence = presence.model_copy(update={"connected": False, "gone_since": now})
    return _changed(presence, "disconnected", presence.id)


def lost(presence: Presence, now: datetime) -> Change:
    """Gone for good: offline, and what it held has been taken away by the caller."""
    presence = presence.model_copy(
        update={
            "state": PresenceState.OFFLINE,
            "since": now,
            "gone_since": None,
            "reason": None,
            "until": None,
        }
    )
    return _changed(presence, "lost", MACHINE)


def missed_offer(presence: Presence, now: datetime) -> Change:
    presence = presence.model_copy(
        update={
            "offer_id": None,
            "state": PresenceState.NOT_READY,
            "since": now,
            "until": None,
            "reason": None,
        }
    )
    return _changed(presence, "missed_offer", MACHINE)


def is_there(presence: Presence) -> bool:
    """A console is open, or was seconds ago: if it stays away, `counselor_lost` takes back what it holds.
    Nothing would take it back from somebody who has been lost already."""
    return presence.connected or presence.gone_since is not None


def has_room(presence: Presence, channel: Channel) -> bool:
    """A call needs both hands: no chat beside it, and none is offered to somebody who speaks."""
    if channel is Channel.CALL:
        return presence.calls < presence.call_capacity and presence.chats == 0
    return presence.calls == 0 and presence.chats < presence.chat_capacity


def took(presence: Presence, channel: Channel, now: datetime) -> Presence:
    counted = "calls" if channel is Channel.CALL else "chats"
    return presence.model_copy(update={counted: getattr(presence, counted) + 1, "idle_since": now})


def let_go(presence: Presence, channel: Channel, now: datetime) -> Presence:
    counted = "calls" if channel is Channel.CALL else "chats"
    return presence.model_copy(update={counted: max(0, getattr(presence, counted) - 1), "idle_since": now})


def load_changed(presence: Presence) -> Change:
    return _changed(presence, "load_changed", MACHINE, chats=presence.chats, calls=presence.calls)
