"""Who is offered whom: the waiting room. Offers themselves are `offers.py`'s.

Order: bands first: imminent, interrupted (the counselor was lost), high, all others. Within a band who
waits longest goes first; among the others a moderate or unassessed contact counts as having waited
`head_start_moderate` longer, so a low one that waits long enough still passes it: nobody waits for ever,
and ageing never lifts anyone past high or imminent.

What is asked of who takes a contact becomes less while it waits (`requirements.py`). All that wait with the same
requirement at this moment are one queue, a heap. A counselor who becomes free looks at the heads of the queues that
they may serve, and takes the first: the cost is the number of different requirements, not of people.

Who is on offer and may ring at more counselors (`ringing.py`) stands in the same queues behind all others: only whom
nobody waits for is rung beside a colleague, and who rings beside gives way as soon as somebody waits in vain.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from hotline.domain import kept_places, ringing, switchboard
from hotline.domain import presence as presences
from hotline.domain.at_work import AtWork, capability
from hotline.domain.contacts import RISKY, Channel, Contact, ContactState
from hotline.domain.ids import ContactId, StaffId
from hotline.domain.inbound import LineFlag
from hotline.domain.presence import Presence
from hotline.domain.requirements import Capability, Requirement, Step, Wish, steps
from hotline.domain.service_rules import ServiceRules
from hotline.domain.switchboard import Diversion, DivertTo
from triage.assessment import Level

Key = tuple[int, float, str]

_BAND_IMMINENT, _BAND_INTERRUPTED, _BAND_HIGH, _BAND_OTHERS = range(4)
_BAND_BESIDE = 10  # on offer, and may ring at more: behind all who wait
_MIDDLE = (Level.MODERATE, Level.UNASSESSED)
_MOST_QUEUES = 500  # above this, empty ones are cleared away


def queue_key(contact: Contact, rules: ServiceRules) -> Key:
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
    """What the waiting room knows of one who waits and may be offered now. `contact` is as it was committed.
    `beside`: it is on offer already, and may ring at one more."""

    contact_id: ContactId
    channel: Channel
    since: datetime
    key: Key
    refused_by: frozenset[str]
    wish: Wish
    contact: Contact
    beside: bool = False


def _asks(entry: Waiting) -> tuple[object, ...]:
    contact = entry.contact
    wished = contact.wished_counselor_id
    return (entry.wish, entry.since, wished, contact.wished_until, frozenset(contact.refused_by))


@dataclass(frozen=True, slots=True)
class Match:
    contact_id: ContactId
    staff_id: StaffId


class _Queue:
    """Those of whom the same is asked. Lazy: what left or moved is dropped when it comes to the head."""

    __slots__ = ("asked", "heap")

    def __init__(self, asked: Requirement) -> None:
        self.asked = asked
        self.heap: list[Key] = []


def _free_key(presence: Presence) -> Key:
    return (presence.chats + presence.calls, presence.idle_since.timestamp(), presence.id)


def _only(staff_id: str, is_call: bool) -> Requirement:
    return Requirement(is_call, reserve=True, only=staff_id)


class WaitingRoom:
    """Those who wait and those who are free, in order. Pure: changed by `see_*`, asked by `matches`."""

    def __init__(self, rules: ServiceRules) -> None:
        self._rules = rules
        self._waiting: dict[str, Waiting] = {}
        self._place: dict[str, _Queue] = {}
        self._queues: dict[Requirement, _Queue] = {}
        self._eased_at: list[tuple[float, str]] = []
        self._steps: dict[Wish, tuple[Step, ...]] = {}
        self._diversions: tuple[Diversion, ...] = ()
        self._diverted: datetime | None = None  # as of when; each of them ends by a change of its own
        self._free: dict[str, Presence] = {}
        self._free_order: list[Key] = []
        self._at_work = AtWork()
        self._declined: set[str] = set()  # who waits and was declined by somebody: see `at_work.py`
        self._duty_changed = False  # other things can be met than when those who wait got their places
        self._ringing: dict[str, Contact] = {}
        self._at_once_from: list[tuple[float, str]] = []
        self._rung: dict[str, Presence] = {}  # who would be free but for their open offer, as if free
        self._rung_beside: dict[
            str, str
        ] = {}  # counselor → the contact that rings at them beside a colleague
        self._also_rung: dict[str, tuple[str, ...]] = {}
        self._served_by: dict[Capability, list[_Queue]] = {}
        self._serves: dict[str, list[_Queue]] = {}

    def __len__(self) -> int:
        """For whom something may change with time: who waits, and who is on offer and may ring at more."""
        return len(self._waiting.keys() | self._ringing.keys())

    # Those who wait -----------------------------------------------------------------------------

    def see_contact(self, contact: Contact) -> None:
        """Take in, move or take out: whatever the committed contact says."""
        self._note_also_rung(contact)
        # Whoever speaks with the person on duty is not pulled out of that talk.
        elsewhere = contact.diverted == switchboard.AT_PARTNER or LineFlag.WITH_FALLBACK in contact.line_flags
        elsewhere = elsewhere or kept_places.is_on_line(contact)  # it would be busy
        if contact.state is not ContactState.WAITING or elsewhere or contact.channel is Channel.WALK_IN:
            self._take_out(contact)
        elif contact.offer_id is not None:
            self._see_ringing(contact)
        else:
            self._ringing.pop(contact.id, None)
            self._enter(contact, queue_key(contact, self._rules), contact.refused_by)

    def _take_out(self, contact: Contact) -> None:
        self._waiting.pop(contact.id, None)
        self._place.pop(contact.id, None)
        self._ringing.pop(contact.id, None)
        self._declined.discard(contact.id)

    def _see_ringing(self, contact: Contact) -> None:
        """On offer: not asked for any more, unless it may ring at more counselors; `ease` knows when."""
        self._take_out(contact)
        self._ringing[contact.id] = contact
        if ringing.may_ring_more(contact, self._rules):
            at = ringing.at_once_from(contact, self._rules).timestamp()
            heapq.heappush(self._at_once_from, (at, contact.id))

    def _ring_more(self, now: datetime) -> None:
        while self._at_once_from and self._at_once_from[0][0] <= now.timestamp():
            contact = self._ringing.get(heapq.heappop(self._at_once_from)[1])
            if (
                contact is None
                or contact.id in self._waiting
                or not ringing.rings_more(contact, now, self._rules)
            ):
                continue
            band, since, contact_id = queue_key(contact, self._rules)
            asked = (*contact.refused_by, *ringing.open_offers(contact))
            self._enter(contact, (_BAND_BESIDE + band, since, contact_id), asked, beside=True)

    def _note_also_rung(self, contact: Contact) -> None:
        for staff_id in self._also_rung.pop(contact.id, ()):
            if self._rung_beside.get(staff_id) == contact.id:
                del self._rung_beside[staff_id]
        if contact.also_offered and contact.state is ContactState.WAITING:
            self._also_rung[contact.id] = tuple(contact.also_offered)
            self._rung_beside.update(dict.fromkeys(contact.also_offered, contact.id))

    def _enter(self, contact: Contact, key: Key, refused_by: Iterable[str], *, beside: bool = False) -> None:
        known = self._waiting.get(contact.id)
        entry = Waiting(
            contact.id,
            contact.channel,
            contact.waiting_since or contact.opened_at,
            key,
            frozenset(refused_by),
            self._wish(contact),
            contact,
            beside,
        )
        self._waiting[contact.id] = entry
        (self._declined.add if contact.refused_by else self._declined.discard)(contact.id)
        before = self._place.get(contact.id)
        if known is None or _asks(known) != _asks(entry):
            self._put(entry, entry.since)
        stays = before is self._place.get(contact.id)
        if before is not None and stays and known is not None and known.key != entry.key:
            heapq.heappush(before.heap, entry.key)  # the same is asked, its place in the order is another

    def _wish(self, contact: Contact) -> Wish:
        skills = tuple(contact.skills)
        risky = contact.level in RISKY or contact.interrupted_since is not None
        if self._diverted is not None:
            diverted = switchboard.of_contact(self._diversions, contact, self._diverted)
            if diverted is not None and diverted.to is DivertTo.SKILLS:
                skills = tuple(diverted.to_skills)
        return Wish(contact.channel is Channel.CALL, contact.language, skills, contact.district, risky)

    def _put(self, entry: Waiting, now: datetime) -> None:
        """Into the queue of what is asked now; `ease` moves it on when less is asked."""
        asked, changes_at = self._asked(entry, now)
        if changes_at is not None:
            heapq.heappush(self._eased_at, (changes_at.timestamp(), entry.contact_id))
        if self._place.get(entry.contact_id) is not (queue := self._queue(asked)):
            self._place[entry.contact_id] = queue
            heapq.heappush(queue.heap, entry.key)

    def _asked(self, entry: Waiting, now: datetime) -> tuple[Requirement, datetime | None]:
        """What is asked at `now`, and when that changes."""
        wish, wished, until = entry.wish, entry.contact.wished_counselor_id, self._wished_until(entry)
        if wished is not None and wished in self._at_work and until is not None and now < until:
            return _only(wished, wish.is_call), until
        found = self._steps.get(wish)
        if found is None:
            found = self._steps[wish] = steps(wish, self._rules)
        waited, asked = now - entry.since, found[0].asked
        for each in found[1:]:
            if each.after > waited:
                return self._at_work.askable(asked, entry.contact.refused_by), entry.since + each.after
            asked = each.asked
        return self._at_work.askable(asked, entry.contact.refused_by), None

    def _wished_until(self, entry: Waiting) -> datetime | None:
        """How long the wished counselor is waited for: not once they have declined, and at risk not for long."""
        until = entry.contact.wished_until
        if until is None or entry.contact.wished_counselor_id in entry.contact.refused_by:
            return None
        return min(until, entry.since + self._rules.risky_overflow_after) if entry.wish.risky else until

    def _queue(self, asked: Requirement) -> _Queue:
        queue = self._queues.get(asked)
        if queue is None:
            if len(self._queues) >= _MOST_QUEUES:
                self._clear_empty_queues()
            queue = self._queues[asked] = _Queue(asked)
            for who, served in self._served_by.items():
                if asked.only is None and asked.is_met_by(who):
                    served.append(queue)
        return queue

    def _clear_empty_queues(self) -> None:
        used = {id(each) for each in self._place.values()}
        self._queues = {asked: each for asked, each in self._queues.items() if id(each) in used}
        for served in self._served_by.values():
            served[:] = [each for each in served if id(each) in used]

    def _queues_for(self, who: Capability) -> list[_Queue]:
        return [
            each for each in self._queues.values() if each.asked.only is None and each.asked.is_met_by(who)
        ]

    def ease(self, now: datetime) -> None:
        """Move on whoever has waited so long that less is asked, and all when others are on duty than before: a
        specialist, or nobody who could meet what is asked. Stands at the beginning of every look.
        """
        if self._duty_changed:
            self._duty_changed = False
            for each in tuple(self._waiting.values()):
                self._put(each, now)
        self._ring_more(now)
        moment = now.timestamp()
        while self._eased_at and self._eased_at[0][0] <= moment:
            _, contact_id = heapq.heappop(self._eased_at)
            entry = self._waiting.get(contact_id)
            if entry is not None:
                self._put(entry, now)

    def see_diversions(self, diversions: Iterable[Diversion], now: datetime) -> None:
        """What a supervisor diverts, from now on."""
        self._diversions = tuple(diversions)
        self._diverted = now if self._diversions else None
        for entry in tuple(self._waiting.values()):
            moved = replace(entry, wish=self._wish(entry.contact))
            self._waiting[entry.contact_id] = moved
            if moved.wish != entry.wish:
                self._put(moved, now)

    def see_rules(self, rules: ServiceRules) -> None:
        """It was ruled anew at how many a contact rings: those that ring already ring as is ruled now."""
        self._rules = rules
        for contact in tuple(self._ringing.values()):
            self._see_ringing(contact)

    # Those who are free -------------------------------------------------------------------------

    def see_presence(self, presence: Presence) -> None:
        self._note_duty(presence)
        if presence.offer_id is not None:
            self._rung[presence.id] = presence.model_copy(update={"offer_id": None})
        else:
            self._rung.pop(presence.id, None)
        calls, chats = (
            presences.why_not_offered(presence, each, self._rules) for each in (Channel.CALL, Channel.CHAT)
        )
        if calls is not None and chats is not None:
            self._free.pop(presence.id, None)
            return
        known = self._free.get(presence.id)
        self._free[presence.id] = presence
        if known is None or _free_key(known) != _free_key(presence):
            heapq.heappush(self._free_order, _free_key(presence))

    def _note_duty(self, presence: Presence) -> None:
        """Who is at work at all, free or not: what nobody of them can do is not asked for."""
        moved = self._at_work.see(presence)
        self._duty_changed = self._duty_changed or moved.others
        if moved.was == moved.now:
            return
        if moved.was is not None:
            del self._serves[presence.id]
            if not self._at_work.is_anybody(moved.was):
                del self._served_by[moved.was]
            self._wished_for_in_vain(presence.id)
        if moved.now is not None:
            if moved.now not in self._served_by:
                self._served_by[moved.now] = self._queues_for(moved.now)
            self._serves[presence.id] = self._served_by[moved.now]
            if moved.was is None:
                self._wished_for_has_come(presence.id)
        for contact_id in self._declined:
            heapq.heappush(self._eased_at, (0.0, contact_id))

    def _wished_for_in_vain(self, staff_id: str) -> None:
        """Who waits for just this counselor is looked at anew."""
        for is_call in (True, False):
            own = self._queues.get(_only(staff_id, is_call))
            for key in own.heap if own is not None else ():
                heapq.heappush(self._eased_at, (0.0, key[2]))

    def _wished_for_has_come(self, staff_id: str) -> None:
        for each in self._waiting.values():
            if each.contact.wished_counselor_id == staff_id:
                heapq.heappush(self._eased_at, (0.0, each.contact_id))

    # Asked ----------------------------------------------------------------------------------------

    def waiting_in_order(self) -> list[Waiting]:
        return sorted((each for each in self._waiting.values() if not each.beside), key=lambda each: each.key)

    def place(self, contact_id: str) -> int | None:
        """How many are before this one, plus one; None if it is not waiting (it may be on offer)."""
        own = self._waiting.get(contact_id)
        if own is None or own.beside:
            return None
        return 1 + sum(1 for each in self._waiting.values() if each.key < own.key)

    def next_for(self, presence: Presence, now: datetime) -> Waiting | None:
        """The first one whom this counselor may be offered."""
        self.ease(now)
        return self._next_for(presence)

    def _next_for(self, presence: Presence) -> Waiting | None:
        room = {
            is_call: presences.why_not_offered(presence, channel, self._rules) is None
            for is_call, channel in ((True, Channel.CALL), (False, Channel.CHAT))
        }
        best: Waiting | None = None
        for queue in self._queues_of(presence):
            if not room[queue.asked.is_call] or not queue.heap:
                continue
            if best is None or queue.heap[0] < best.key:
                best = self._first(queue, presence.id, best)
        return best

    def _queues_of(self, presence: Presence) -> list[_Queue]:
        """The queues whose requirement this counselor meets, and their own."""
        found = self._serves.get(presence.id)
        if found is None:
            found = self._queues_for(capability(presence))
        for is_call in (True, False):
            own = self._queues.get(_only(presence.id, is_call))
            if own is not None:
                found = [*found, own]
        return found

    def _first(self, queue: _Queue, staff_id: str, best: Waiting | None) -> Waiting | None:
        """The queue's first that this counselor has not refused, if it comes before `best`."""
        heap, refused = queue.heap, []
        while heap and (best is None or heap[0] < best.key):
            entry = self._waiting.get(ContactId(heap[0][2]))
            if entry is None or entry.key != heap[0] or self._place[entry.contact_id] is not queue:
                heapq.heappop(heap)
            elif staff_id in entry.refused_by:
                refused.append(heapq.heappop(heap))
            else:
                best = entry
                break
        for key in refused:
            heapq.heappush(heap, key)
        return best

    def matches(self, now: datetime) -> list[Match]:
        """Pairs to be offered now; nobody twice. Counselors least loaded first, then longest idle."""
        self.ease(now)
        found: list[Match] = []
        reserved: list[Waiting] = []
        asked: list[Key] = []
        while self._waiting and self._free_order:
            key = heapq.heappop(self._free_order)
            presence = self._free.get(key[2])
            if presence is None or _free_key(presence) != key:
                continue
            if (
                asked and asked[-1] == key
            ):  # free, then busy, then free as before: they stand in the order twice
                continue
            asked.append(key)
            entry = self._next_for(presence)
            if entry is not None:
                found.append(Match(entry.contact_id, presence.id))
                reserved.append(self._waiting.pop(entry.contact_id))
        self._give_way(found, reserved)
        for key in dict.fromkeys(asked):
            heapq.heappush(self._free_order, key)
        for entry in reserved:
            self._waiting[entry.contact_id] = entry
            heapq.heappush(self._place[entry.contact_id].heap, entry.key)
        return found

    def _give_way(self, found: list[Match], reserved: list[Waiting]) -> None:
        """Whom nobody free is asked for is offered to somebody who is only rung beside a colleague."""
        if not self._rung_beside or all(each.beside for each in self._waiting.values()):
            return
        also_rung = (self._rung[each] for each in self._rung_beside if each in self._rung)
        for presence in sorted(also_rung, key=_free_key):
            entry = self._next_for(presence)
            if entry is not None and not entry.beside:
                found.append(Match(entry.contact_id, presence.id))
                reserved.append(self._waiting.pop(entry.contact_id))

    def rebuild(
        self,
        waiting: Iterable[Contact],
        free: Iterable[Presence],
        diversions: Iterable[Diversion],
        now: datetime,
    ) -> None:
        self.__init__(self._rules)  # type: ignore[misc]
        for presence in free:
            self.see_presence(presence)
        for contact in waiting:
            self.see_contact(contact)
        self.see_diversions(diversions, now)
        self.ease(now)
