"""Who is offered whom: the waiting room (order), and the offer (one contact, one counselor, one countdown).

Order: bands first: imminent, interrupted (the counselor was lost), high, all others. Within a band who
waits longest goes first; among the others a moderate or unassessed contact counts as having waited
`head_start_moderate` longer, so a low one that waits long enough still passes it: nobody waits for ever,
and ageing never lifts anyone past high or imminent.

| offer     | by                                    |
|-----------|---------------------------------------|
| open      | made: the contact and the counselor are reserved for each other until `expires_at` |
| accepted  | the counselor, in time                |
| declined  | the counselor: next one, they stay available |
| missed    | the deadline: next one, they become not ready |
| withdrawn | the contact ended, or the counselor was lost |
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import SQLModel

from hotline.domain import presence as presences
from hotline.domain.change import MACHINE, Change, Due, Event
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import ContactId, OfferId, StaffId
from hotline.domain.presence import Presence, PresenceState
from hotline.domain.service_rules import ServiceRules
from hotline.errors import WrongState
from triage.assessment import Level


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


class Offer(SQLModel):
    id: OfferId
    contact_id: ContactId
    staff_id: StaffId
    state: OfferState = OfferState.OPEN
    made_at: datetime
    expires_at: datetime
    channel: Channel
    level: Level
    waiting_since: datetime
    why_zh: str | None = None
    why_en: str | None = None


def due(offer: Offer, rules: ServiceRules) -> Due | None:
    return Due("offer_missed", offer.expires_at) if offer.state is OfferState.OPEN else None


# The order of those who wait --------------------------------------------------------------------

_BAND_IMMINENT, _BAND_INTERRUPTED, _BAND_HIGH, _BAND_OTHERS = range(4)
_MIDDLE = (Level.MODERATE, Level.UNASSESSED)


def queue_key(contact: Contact, rules: ServiceRules) -> tuple[int, float, str]:
    """Smaller is sooner."""
    since = contact.waiting_since or contact.opened_at
    if contact.level is Level.IMMINENT:
        return (_BAND_IMMINENT, since.timestamp(), contact.id)
    if contact.interrupted_since is not None:
        return (_BAND_INTERRUPTED, contact.interrupted_since.timestamp(), contact.id)
    if contact.level is Level.HIGH:
        return (_BAND_HIGH, since.timestamp(), contact.id)
    head_start = rules.head_start_moderate.total_seconds() if contact.level in _MIDDLE else 0.0
    return (_BAND_OTHERS, since.timestamp() - head_start, contact.id)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the waiting room knows of one who waits and may be offered now."""

    contact_id: ContactId
    channel: Channel
    language: str
    since: datetime
    key: tuple[int, float, str]
    refused_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class Match:
    contact_id: ContactId
    staff_id: StaffId


def _free_key(presence: Presence) -> tuple[int, float, str]:
    return (presence.chats + presence.calls, presence.idle_since.timestamp(), presence.id)


class WaitingRoom:
    """Those who wait and those who are free, in order. Pure: changed by `see_*`, asked by `matches`.

    One heap per (channel kind, language) and one of the free counselors (least loaded, then longest idle),
    both with lazy deletion: a decision costs the logarithm of the queue, not its length.
    """

    def __init__(self, rules: ServiceRules) -> None:
        self._rules = rules
        self._waiting: dict[str, Waiting] = {}
        self._queues: dict[tuple[bool, str], list[tuple[tuple[int, float, str], str]]] = {}
        self._free: dict[str, Presence] = {}
        self._free_order: list[tuple[int, float, str]] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def see_contact(self, contact: Contact) -> None:
        """Take in, move or take out: whatever the committed contact says."""
        wanted = contact.state is ContactState.WAITING and contact.offer_id is None
        if not wanted or contact.channel is Channel.WALK_IN:
            self._waiting.pop(contact.id, None)
            return
        entry = Waiting(
            contact.id,
            contact.channel,
            contact.language,
            contact.waiting_since or contact.opened_at,
            queue_key(contact, self._rules),
            frozenset(contact.refused_by),
        )
        known = self._waiting.get(contact.id)
        self._waiting[contact.id] = entry
        if known is None or known.key != entry.key or known.language != entry.language:
            queue = self._queues.setdefault((contact.channel is Channel.CALL, contact.language), [])
            heapq.heappush(queue, (entry.key, contact.id))

    def see_presence(self, presence: Presence) -> None:
        free = presence.state is PresenceState.AVAILABLE and presence.connected and presence.offer_id is None
        if free and (
            presences.has_room(presence, Channel.CALL) or presences.has_room(presence, Channel.CHAT)
        ):
            known = self._free.get(presence.id)
            self._free[presence.id] = presence
            if known is None or _free_key(known) != _free_key(presence):
                heapq.heappush(self._free_order, _free_key(presence))
        else:
            self._free.pop(presence.id, None)

    def waiting_in_order(self) -> list[Waiting]:
        return sorted(self._waiting.values(), key=lambda each: each.key)

    def place(self, contact_id: str) -> int | None:
        """How many are before this one, plus one; None if it is not waiting (it may be on offer)."""
        own = self._waiting.get(contact_id)
        if own is None:
            return None
        return 1 + sum(1 for each in self._waiting.values() if each.key < own.key)

    def _heads(self, queue_name: tuple[bool, str]) -> Iterator[Waiting]:
        """The entries of one queue in order; stale heap entries are dropped on the way."""
        queue = self._queues[queue_name]
        put_back: list[tuple[tuple[int, float, str], str]] = []
        try:
            while queue:
                key, contact_id = heapq.heappop(queue)
                entry = self._waiting.get(ContactId(contact_id))
                if (
                    entry is None
                    or (put_back and put_back[-1] == (key, contact_id))
                    or entry.key != key
                    or (entry.channel is Channel.CALL, entry.language) != queue_name
                ):
                    continue
                put_back.append((key, contact_id))
                yield entry
        finally:
            for each in put_back:
                heapq.heappush(queue, each)

    def next_for(self, presence: Presence, now: datetime) -> Waiting | None:
        """The first one whom this counselor can take."""
        best: Waiting | None = None
        for name in self._queues:
            is_call, language = name
            channel = Channel.CALL if is_call else Channel.CHAT
            if not presences.has_room(presence, channel):
                continue
            for entry in self._heads(name):
                if best is not None and entry.key > best.key:
                    break
                overflowed = now - entry.since >= self._rules.language_overflow_after
                if (language in presence.languages or overflowed) and presence.id not in entry.refused_by:
                    best = entry
                    break
        return best

    def matches(self, now: datetime) -> list[Match]:
        """Pairs to be offered now; nobody twice. Counselors least loaded first, then longest idle."""
        found: list[Match] = []
        reserved: list[Waiting] = []
        asked: list[tuple[int, float, str]] = []
        while self._waiting and self._free_order:
            key = heapq.heappop(self._free_order)
            presence = self._free.get(key[2])
            if presence is None or _free_key(presence) != key:
                continue
            asked.append(key)
            entry = self.next_for(presence, now)
            if entry is not None:
                found.append(Match(entry.contact_id, presence.id))
                reserved.append(self._waiting.pop(entry.contact_id))
        for key in dict.fromkeys(asked):
            heapq.heappush(self._free_order, key)
        for entry in reserved:
            self._waiting[entry.contact_id] = entry
            heapq.heappush(
                self._queues[entry.channel is Channel.CALL, entry.language], (entry.key, entry.contact_id)
            )
        return found

    def rebuild(self, waiting: Iterable[Contact], free: Iterable[Presence]) -> None:
        self.__init__(self._rules)  # type: ignore[misc]
        for contact in waiting:
            self.see_contact(contact)
        for presence in free:
            self.see_presence(presence)


# Offers ------------------------------------------------------------------------------------------


def _offer_event(offer: Offer, what: str, actor: str) -> Event:
    return Event("offer", what, offer.id, actor, {"contact_id": offer.contact_id, "staff_id": offer.staff_id})


def _contact_freed(contact: Contact, *, refused_by: str | None) -> Contact:
    refused = contact.refused_by if refused_by is None else [*contact.refused_by, refused_by]
    return contact.model_copy(
        update={
            "offer_id": None,
            "offered_to_id": None,
            "refused_by": refused,
            "version": contact.version + 1,
        }
    )


def make_offer(
    contact: Contact, presence: Presence, offer_id: OfferId, now: datetime, rules: ServiceRules
) -> Change:
    """Reserve the two for each other; nothing if either has moved on meanwhile."""
    free = presence.state is PresenceState.AVAILABLE and presence.connected and presence.offer_id is None
    if contact.state is not ContactState.WAITING or contact.offer_id is not None or not free:
        return Change()
    if not presences.has_room(presence, contact.channel):
        return Change()
    offer = Offer(
        id=offer_id,
        contact_id=contact.id,
        staff_id=presence.id,
        made_at=now,
        expires_at=now + rules.offer_within,
        channel=contact.channel,
        level=contact.level,
        waiting_since=contact.waiting_since or contact.opened_at,
        why_zh=contact.reasons[0]["why_zh"] if contact.reasons else None,
        why_en=contact.reasons[0]["why_en"] if contact.reasons else None,
    )
    contact = contact.model_copy(
        update={"offer_id": offer.id, "offered_to_id": presence.id, "version": contact.version + 1}
    )
    presence = presence.model_copy(update={"offer_id": offer.id})
    return Change(
        save=(offer, contact, presence),
        events=(_offer_event(offer, "made", MACHINE), Event("contact", "offered", contact.id, MACHINE)),
        answer=offer,
    )


def refuse_unless_open(offer: Offer) -> None:
    if offer.state is not OfferState.OPEN:
        raise WrongState(f"The offer was {offer.state}.", code="offer_over")


def accepted(offer: Offer) -> Change:
    refuse_unless_open(offer)
    offer = offer.model_copy(update={"state": OfferState.ACCEPTED})
    return Change(save=(offer,), events=(_offer_event(offer, "accepted", offer.staff_id),), answer=offer)


def ended(offer: Offer, contact: Contact, presence: Presence, state: OfferState, now: datetime) -> Change:
    """Declined, missed or withdrawn: the contact is free for the next counselor, the counselor is freed too."""
    refuse_unless_open(offer)
    offer = offer.model_copy(update={"state": state})
    refused_by = offer.staff_id if state is OfferState.DECLINED else None
    actor = offer.staff_id if state is OfferState.DECLINED else MACHINE
    change = Change(save=(offer,), events=(_offer_event(offer, state.value, actor),), answer=offer)
    if contact.offer_id == offer.id:
        contact = _contact_freed(contact, refused_by=refused_by)
        change = change.then(
            Change(save=(contact,), events=(Event("contact", "offer_ended", contact.id, actor),))
        )
    if presence.offer_id == offer.id:
        freed = presence.model_copy(update={"offer_id": None})
        if state is OfferState.MISSED:
            change = change.then(presences.missed_offer(freed, now))
        else:
            change = change.then(presences.load_changed(freed))
    return change.answering(offer)
