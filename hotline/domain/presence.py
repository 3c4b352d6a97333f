"""A counselor's presence: one per person, however many tabs.

| state     | means                                   | left by                              |
|-----------|-----------------------------------------|--------------------------------------|
| available | may be offered contacts                 | the person, a missed offer, the loss |
|           | `let_ring`: rang in vain beside others  | a second offer in vain; or answering |
| on_break  | reason and, if given, the time of return| the person; overdue is shown         |
| not_ready | missed an offer: looks away             | the person                           |
| offline   | not on shift                            | the person                           |

`connected` says that at least one socket is open. When the last one has been gone for
`counselor_gone_after`, the presence is offline and what it held goes to the front of the queue; but not a caller to
whom they speak: a telephone needs no console, and its line has a way back of its own.
`chats` and `calls` count held contacts, also those that are being written up; `offer_id` is the one open offer.
Load never passes capacity. Available is not yet offered everything (`why_not_offered`):

| reason      | keeps away      | until                                                          |
|-------------|-----------------|----------------------------------------------------------------|
| away        | calls and chats | they are available and connected                               |
| offer_open  | calls and chats | they have answered the offer                                   |
| resting     | calls and chats | `rest_until`, after an imminent contact; or they say available |
| imminent    | calls and chats | the imminent contact is over: it is served alone               |
| wrap_up     | calls and chats | all that they hold is over, and is written up                  |
| on_call     | calls and chats | the call is over                                               |
| full        | chats           | a chat is closed                                               |
| has_chats   | calls           | the chats are closed (`calls_beside_chats`: never)             |

All of them are about offers. By hand one may take what there is room for (`has_room`), and a supervisor whatever the
capacity allows (`within_capacity`).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from hotline.domain.change import MACHINE, Change, Due, Event
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import OfferId, StaffId
from hotline.domain.service_rules import ServiceRules
from hotline.errors import WrongState
from triage.assessment import Level


class PresenceState(StrEnum):
    AVAILABLE = "available"
    ON_BREAK = "on_break"
    NOT_READY = "not_ready"
    OFFLINE = "offline"


class WhyNot(StrEnum):
    """Why somebody is not offered a contact of a channel now."""

    AWAY = "away"
    OFFER_OPEN = "offer_open"
    RESTING = "resting"
    IMMINENT = "imminent"
    WRAP_UP = "wrap_up"
    ON_CALL = "on_call"
    FULL = "full"
    HAS_CHATS = "has_chats"


class Presence(SQLModel):
    """`id` is the staff id. `reserve`: a supervisor, who is offered contacts when the wait has become long.
    `imminent` and `wrap_ups` are the held contacts at imminent risk, and those that are being written up."""

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
    skills: dict[str, int] = Field(default_factory=dict)
    district: str | None = None
    reserve: bool = False
    imminent: list[str] = Field(default_factory=list)
    wrap_ups: list[str] = Field(default_factory=list)
    rest_until: datetime | None = None
    let_ring: bool = False
    idle_since: datetime


def _changed(presence: Presence, what: str, actor: str, **facts: Any) -> Change:
    facts = {"state": presence.state, **facts}
    return Change(
        save=(presence,), events=(Event("presence", what, presence.id, actor, facts),), answer=presence
    )


def due(presence: Presence, rules: ServiceRules) -> Due | None:
    pending: list[Due] = []
    if presence.gone_since is not None:
        pending.append(Due("counselor_lost", presence.gone_since + rules.counselor_gone_after))
    if presence.rest_until is not None:
        pending.append(Due("rest_over", presence.rest_until))
    return min(pending, key=lambda each: each.at, default=None)


def set_state(
    presence: Presence, state: PresenceState, *, reason: str | None, until: datetime | None, now: datetime
) -> Change:
    presence = presence.model_copy(
        update={"state": state, "reason": reason, "until": until, "since": now, "idle_since": now}
    )
    if state is PresenceState.AVAILABLE:  # whoever says so has rested enough
        presence = presence.model_copy(update={"rest_until": None, "let_ring": False})
    return _changed(presence, "set", presence.id)


def rest_over(presence: Presence, now: datetime) -> Change:
    presence = presence.model_copy(update={"rest_until": None, "idle_since": now})
    return _changed(presence, "rest_over", MACHINE)


def described(presence: Presence, **can: Any) -> Presence:
    """What the account says of what they can do, and the capacities of today; nobody is put over capacity by it."""
    if "chat_capacity" in can:
        can["chat_capacity"] = max(can["chat_capacity"], presence.chats)
        can["call_capacity"] = max(can["call_capacity"], presence.calls)
    return presence.model_copy(update=can)


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


def awaited_anew(presence: Presence, now: datetime) -> Change:
    """After a start: while there was no server nobody could come back, so the time to do it begins now."""
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
            "rest_until": None,
        }
    )
    return _changed(presence, "lost", MACHINE)


def missed_offer(presence: Presence, now: datetime, *, beside_others: bool = False) -> Change:
    """Rung alone: they look away. Rung beside colleagues, each may have thought that another answers: once is no
    looking away, twice on end is."""
    if beside_others and not presence.let_ring:
        update = {"offer_id": None, "let_ring": True, "idle_since": now}
        return _changed(presence.model_copy(update=update), "let_ring", MACHINE)
    presence = presence.model_copy(
        update={
            "offer_id": None,
            "let_ring": False,
            "state": PresenceState.NOT_READY,
            "since": now,
            "until": None,
            "reason": None,
        }
    )
    return _changed(presence, "missed_offer", MACHINE)


def blameless(presence: Presence) -> Change:
    """A colleague has taken what they let ring: they missed nothing."""
    if not presence.let_ring:
        return Change(answer=presence)
    presence = presence.model_copy(update={"let_ring": False})
    return Change((presence,), answer=presence)


def is_there(presence: Presence) -> bool:
    """A console is open, or was seconds ago: if it stays away, `counselor_lost` takes back what it holds.
    Nothing would take it back from somebody who has been lost already."""
    return presence.connected or presence.gone_since is not None


def within_capacity(presence: Presence, channel: Channel) -> bool:
    """What the database holds everybody to."""
    if channel is Channel.CALL:
        return presence.calls < presence.call_capacity
    return presence.chats < presence.chat_capacity


def has_room(presence: Presence, channel: Channel, rules: ServiceRules) -> bool:
    """A call needs both hands: no chat beside it, and none is given to somebody who speaks."""
    if not within_capacity(presence, channel):
        return False
    if channel is Channel.CALL:
        return presence.chats == 0 or rules.calls_beside_chats
    return presence.calls == 0


def why_not_offered(presence: Presence, channel: Channel, rules: ServiceRules) -> WhyNot | None:
    """None: they may be offered a contact of this channel."""
    if presence.state is not PresenceState.AVAILABLE or not presence.connected:
        return WhyNot.AWAY
    if presence.imminent:
        return _unless_written_up(presence, WhyNot.IMMINENT)
    if presence.calls and not has_room(presence, channel, rules):
        return _unless_written_up(presence, WhyNot.ON_CALL)
    if presence.rest_until is not None:
        return WhyNot.RESTING
    if presence.offer_id is not None:
        return WhyNot.OFFER_OPEN
    if not has_room(presence, channel, rules):
        return _unless_written_up(presence, WhyNot.HAS_CHATS if channel is Channel.CALL else WhyNot.FULL)
    return None


def _unless_written_up(presence: Presence, otherwise: WhyNot) -> WhyNot:
    """Nobody speaks with them any more: what holds them back is the writing."""
    return WhyNot.WRAP_UP if len(presence.wrap_ups) >= presence.chats + presence.calls else otherwise


def refuse_hand_over(
    presence: Presence | None, channel: Channel, rules: ServiceRules, *, overridden: bool
) -> None:
    """Before somebody is handed a contact by name. What they cannot hold stays refused; that they serve somebody in
    danger alone, or look away, a supervisor may override."""
    if presence is None or not is_there(presence):
        raise WrongState("They are not here now.", code="not_there")
    if not within_capacity(presence, channel):
        raise WrongState("There is no room for another contact.", code="no_room")
    if overridden:
        return
    if presence.imminent:
        raise WrongState("They serve an imminent contact alone.", code="serves_imminent")
    if presence.state is not PresenceState.AVAILABLE:
        raise WrongState("They are on a break or not ready.", code="looks_away")
    if not has_room(presence, channel, rules):
        raise WrongState("There is no room for another contact.", code="no_room")


def refuse_beside_imminent(presence: Presence | None) -> None:
    """Before a counselor takes somebody by hand, from the queue or by calling them back."""
    if presence is not None and presence.imminent:
        raise WrongState("An imminent contact is served alone.", code="imminent_alone")


def took(presence: Presence, contact: Contact, now: datetime) -> Presence:
    counted = "calls" if contact.channel is Channel.CALL else "chats"
    taken = presence.model_copy(
        update={counted: getattr(presence, counted) + 1, "idle_since": now, "let_ring": False}
    )
    return noted(taken, contact)


def let_go(presence: Presence, contact: Contact, now: datetime) -> Presence:
    counted = "calls" if contact.channel is Channel.CALL else "chats"
    return presence.model_copy(
        update={
            counted: max(0, getattr(presence, counted) - 1),
            "idle_since": now,
            "imminent": _without(presence.imminent, contact.id),
            "wrap_ups": _without(presence.wrap_ups, contact.id),
        }
    )


def noted(presence: Presence, contact: Contact) -> Presence:
    """A held contact became imminent or is so no more; it is being written up."""
    imminent, wrap_ups = _without(presence.imminent, contact.id), _without(presence.wrap_ups, contact.id)
    if contact.level is Level.IMMINENT:
        imminent = sorted([*imminent, contact.id])
    if contact.state is ContactState.WRAP_UP:
        wrap_ups = sorted([*wrap_ups, contact.id])
    return presence.model_copy(update={"imminent": imminent, "wrap_ups": wrap_ups})


def _without(ids: list[str], contact_id: str) -> list[str]:
    return [each for each in ids if each != contact_id]


def rests(presence: Presence, now: datetime, rules: ServiceRules) -> Presence:
    """After an imminent contact: no offers for a while, unless they say that they are available."""
    if not rules.rest_after_imminent or presence.state is not PresenceState.AVAILABLE:
        return presence
    return presence.model_copy(update={"rest_until": now + rules.rest_after_imminent})


def load_changed(presence: Presence) -> Change:
    return _changed(presence, "load_changed", MACHINE, chats=presence.chats, calls=presence.calls)
