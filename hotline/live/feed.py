"""The feed: committed events to consoles, in commit order, resumable, each frame built once per audience.

    writer ──Committed──▶ publish ──frames──▶ subscribers of the topics   (and a bounded memory for resuming)
                             └──gathered──lots──▶ the queue, supervisors       (`gathering.py`)

A frame goes to the topics of its noun's audience; who was in the audience before and is no longer gets
`removed`. The cursor is a vector `{node epoch: (seq, lot)}` in an opaque string. What a subscriber does with a
frame must not block: it has a bounded outbox of its own.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import orjson

from hotline.domain.access import Actor, message_audience, person_topic
from hotline.domain.change import Committed, Event, Saved, Value
from hotline.domain.contacts import Channel, Contact, ContactState, Message
from hotline.domain.service_rules import ServiceRules
from hotline.live.directory import Directory
from hotline.live.gathering import FAR, NOUNS, SPOKEN, Gathered, Gathering, Lot, Told
from hotline.live.projections import all_projections
from hotline.live.projections.contact import message_view, person_message, renamed, spoken_view
from hotline.live.read_once import ReadOnce

_KEPT_FRAMES = 20_000  # about ten minutes of a busy city; whoever was away longer begins with a snapshot
_LONGEST_NUMBER = 18  # digits of a cursor; what is longer is none of ours
_NOBODY: frozenset[str] = frozenset()
_OPTIONS = orjson.OPT_UTC_Z


class Subscriber(Protocol):
    """One socket. `topics` may change only through `Feed.move`."""

    topics: frozenset[str]

    def push(self, frame: bytes) -> None:
        """Take a frame; never blocks and never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """`lot` is set for what was gathered."""

    seq: int
    lot: int | None
    told: Told


def encode(frame: dict[str, Any]) -> bytes:
    return orjson.dumps(frame, option=_OPTIONS)


def contact_of(value: Value) -> str | None:
    """The contact whose content a noun may show."""
    found: str | None = value.id if isinstance(value, Contact) else getattr(value, "contact_id", None)
    return found


def erased_in(committed: Committed) -> frozenset[str]:
    """Contacts whose content this unit destroyed."""
    return frozenset(
        saved.after.id
        for saved in committed.saved.values()
        if isinstance(saved.after, Contact) and saved.after.content_erased_at is not None
    )


class Feed:
    def __init__(self, epoch: str, directory: Directory, rules: ServiceRules) -> None:
        self.epoch = epoch
        self.directory = directory
        self.projections = all_projections(rules)
        self._rules = rules
        self._seq = 0
        self._kept: deque[Kept] = deque(maxlen=_KEPT_FRAMES)
        self._forgotten_upto = self._forgotten_lot = 0
        self._begun: dict[str, tuple[Actor, int]] = {}
        """In which roles each person's consoles are there, and since when."""
        self._by_topic: dict[str, set[Subscriber]] = defaultdict(set)
        self._person_watchers: list[Callable[[Contact], None]] = []
        self._changes: Counter[str] = Counter()
        self.read_once = ReadOnce(self.changes)
        self._gathering = Gathering()
        self._lot = 0
        self._leaving: asyncio.TimerHandle | None = None
        self._newcomers: dict[Subscriber, bool] = {}
        """Who may have seen in a snapshot what was not told yet; True once the snapshot is there."""

    # Subscribers -------------------------------------------------------------------------------

    def join(self, subscriber: Subscriber) -> None:
        for topic in subscriber.topics:
            self._by_topic[topic].add(subscriber)
        if not subscriber.topics.isdisjoint(FAR):
            self._newcomers[subscriber] = False

    def welcomed(self, subscriber: Subscriber) -> None:
        """Its snapshot was read: from the next lot on it knows what the others know."""
        if subscriber in self._newcomers:
            self._newcomers[subscriber] = True

    def leave(self, subscriber: Subscriber) -> None:
        self._newcomers.pop(subscriber, None)
        for topic in subscriber.topics:
            members = self._by_topic.get(topic)
            if members is not None:
                members.discard(subscriber)
                if not members:
                    del self._by_topic[topic]

    def move(self, subscriber: Subscriber, topics: frozenset[str]) -> None:
        self.leave(subscriber)
        subscriber.topics = topics
        self.join(subscriber)

    def is_anyone_at(self, topic: str) -> bool:
        return topic in self._by_topic

    def changes(self, noun: str) -> int:
        """How many changes of this noun were told: what was read since the last one is still so."""
        return self._changes[noun]

    # Cursors -----------------------------------------------------------------------------------

    def cursor(self, seq: int | None = None) -> str:
        return f"{self.epoch}.{self._seq if seq is None else seq}.{self._lot}"

    def resumed(self, cursor: str | None, actor: Actor, topics: frozenset[str]) -> list[bytes] | None:
        """Like `since`, for a console that comes back. In other roles than before it begins anew: what it heard then is
        no beginning of what it may see now."""
        known, begun = self._begun.get(actor.staff_id, (actor, 0))
        if known != actor:
            begun = self._seq + 1
        self._begun[actor.staff_id] = (actor, begun)
        return self.since(cursor, topics, begun) if cursor else None

    def since(self, cursor: str, topics: frozenset[str], begun: int = 0) -> list[bytes] | None:
        """The frames after the cursor for these topics; None if they are no longer held, or the cursor is from before
        `begun`."""
        vector = {parts[0]: parts[1:] for each in cursor.split(",") if len(parts := each.rsplit(".", 2)) == 3}
        numbers = vector.get(self.epoch, [])
        if len(numbers) != 2 or not all(
            each.isdecimal() and len(each) <= _LONGEST_NUMBER for each in numbers
        ):
            return None
        seq, lot = (int(each) for each in numbers)
        if (
            seq < max(begun, self._forgotten_upto)
            or lot < self._forgotten_lot
            or seq > self._seq
            or lot > self._lot
        ):
            return None
        return [
            kept.told.frame
            for kept in self._kept
            if (kept.seq > seq if kept.lot is None else kept.lot > lot) and kept.told.is_for(topics)
        ]

    # Publishing --------------------------------------------------------------------------------

    def publish(self, committed: Committed) -> None:
        """A listener of the writer."""
        self._forget(erased_in(committed))
        for noun, _ in committed.saved:
            self._changes[noun] += 1
        for index, event in enumerate(committed.events):
            self._seq = committed.first_seq + index
            if event.noun == "message":
                self._publish_message(committed, event)
            elif event.noun in self.projections:
                self._publish_noun(committed, event)
                if event.noun == "contact":
                    self._publish_to_person(committed.after("contact", event.subject))

    def _forget(self, erased: frozenset[str]) -> None:
        """Nobody who comes back hears again what was erased: who was away since begins with a snapshot."""
        gone = [kept for kept in self._kept if kept.told.contact_id in erased] if erased else []
        if gone:
            self._forgotten_upto = max(self._forgotten_upto, *(kept.seq for kept in gone))
            self._forgotten_lot = max(self._forgotten_lot, *(kept.lot or 0 for kept in gone))
            left = (kept for kept in self._kept if kept.told.contact_id not in erased)
            self._kept = deque(left, maxlen=self._kept.maxlen)

    def _publish_noun(self, committed: Committed, event: Event) -> None:
        saved = committed.saved.get((event.noun, event.subject))
        if saved is None:
            return
        before, topics = self._audiences(saved)
        lost = before - topics
        if event.noun in NOUNS and not FAR.isdisjoint(topics | before):
            key, what = event.subject, event.what
            self._gather(event.noun, key, what, saved.after, committed.at, before=before, after=topics)
            lost -= FAR
        if lost:
            self._send(Told(lost, topics, self._removed(event.noun, event.subject, committed.at)))
        if saved.after is not None:
            self._tell(committed, event.noun, event.what, saved.after)

    def _audiences(self, saved: Saved) -> tuple[frozenset[str], frozenset[str]]:
        audience = self.projections[saved.noun].audience
        before, after = (
            frozenset(audience(each)) if each is not None else _NOBODY for each in (saved.before, saved.after)
        )
        return before, after

    def _removed(self, noun: str, key: str, at: datetime) -> bytes:
        return encode({"type": "removed", "cursor": self.cursor(), "at": at, "noun": noun, "id": key})

    def _tell(self, committed: Committed, noun: str, what: str, value: Value) -> None:
        """The noun as it is now, to its whole audience; what is gathered to those who are near."""
        projection = self.projections[noun]
        topics = projection.audience(value)
        if noun in NOUNS:
            topics = tuple(each for each in topics if each not in FAR)
        for heard in (topics,) if projection.narrowed is None else ((each,) for each in topics):
            if heard:
                frame = self._frame(noun, what, value, heard, committed.at)
                self._send(Told(frozenset(heard), _NOBODY, frame, contact_of(value)))

    def _frame(self, noun: str, what: str, value: Value, heard: Iterable[str], at: datetime) -> bytes:
        frame = {"type": f"{noun}.{what}", "cursor": self.cursor(), "at": at}
        frame[noun] = self.projections[noun].seen(value, self.directory, heard)
        return encode(frame)

    def _publish_message(self, committed: Committed, event: Event) -> None:
        message: Message | None = committed.after("message", event.subject)
        if message is None:
            return
        contact: Contact | None = committed.after("contact", message.contact_id)
        if contact is None:
            return
        follows = event.what == "added" and contact.state is ContactState.ACTIVE
        # Two frames of one event: who is cut off between them asks for both again.
        cursor = self.cursor(self._seq - 1) if follows else self.cursor()
        frame = {"type": f"message.{event.what}", "cursor": cursor, "at": committed.at}
        frame["message"] = renamed(message_view(message, self.directory))
        self._send(Told(frozenset(message_audience(contact)), _NOBODY, encode(frame), contact.id))
        if follows:
            # The conversation's clocks moved with the word. While somebody waits they do not, and the queue is long.
            before, topics = self._audiences(committed.saved["contact", contact.id])
            self._send(Told(topics - FAR, _NOBODY, self._spoken(contact, committed.at)))
            self._gather("contact", contact.id, SPOKEN, contact, committed.at, before=before, after=topics)
        if contact.channel is Channel.CHAT and event.what == "added":
            topic = person_topic(contact.id)
            if topic in self._by_topic:
                self.whisper(topic, {"type": "message", "message": renamed(person_message(message))})

    def _spoken(self, contact: Contact, at: datetime) -> bytes:
        frame = {"type": f"contact.{SPOKEN}", "cursor": self.cursor(), "at": at}
        return encode(frame | {"spoken": spoken_view(contact, self.directory, self._rules)})

    def _publish_to_person(self, contact: Contact | None) -> None:
        if contact is not None and person_topic(contact.id) in self._by_topic:
            for watcher in self._person_watchers:
                watcher(contact)

    def watch_persons(self, watcher: Callable[[Contact], None]) -> None:
        """Called with each changed contact whose own page is open."""
        self._person_watchers.append(watcher)

    def whisper(self, topic: str, frame: dict[str, Any]) -> None:
        """Something passing (typing, a person's own frames): not kept, no cursor."""
        self.whisper_all((topic,), frame)

    def whisper_all(self, topics: Iterable[str], frame: dict[str, Any]) -> None:
        """The same to several audiences; who is in two of them hears it once."""
        encoded = encode(frame)
        for subscriber in self._members(topics):
            subscriber.push(encoded)

    def _members(self, topics: Iterable[str]) -> set[Subscriber]:
        members: set[Subscriber] = set()
        for topic in topics:
            members |= self._by_topic.get(topic, set())
        return members

    def _send(self, told: Told) -> None:
        self._keep(Kept(self._seq, None, told))
        for subscriber in self._members(told.topics) - self._members(told.but):
            subscriber.push(told.frame)

    def _keep(self, kept: Kept) -> None:
        if len(self._kept) == self._kept.maxlen:
            oldest = self._kept[0]
            self._forgotten_upto = max(self._forgotten_upto, oldest.seq)
            self._forgotten_lot = max(self._forgotten_lot, oldest.lot or 0)
        self._kept.append(kept)

    # What is gathered --------------------------------------------------------------------------

    def _gather(
        self,
        noun: str,
        key: str,
        what: str,
        value: Value | None,
        at: datetime,
        *,
        before: frozenset[str],
        after: frozenset[str],
    ) -> None:
        """`before`, `after`: the audience around this change. Who was near and is far now has been told of it."""
        far = after & FAR
        new = Gathered(noun, key, what, value, at, before & FAR, (before | after) & FAR)
        self._gathering.add(new, learned=_NOBODY if before - FAR <= after else far)
        if self._leaving is None:
            wait = self._gathering.wait(time.monotonic())
            self._leaving = asyncio.get_running_loop().call_later(wait, self.send_lot)

    def send_lot(self) -> None:
        """What was gathered leaves; called by itself when its time has come."""
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        self._lot += 1
        told = list(self._gathering.take(self._told_by))
        for each in told:
            self._keep(Kept(self._seq, self._lot, each))
        lot, sent = Lot(told), 0
        for subscriber in self._members(FAR):
            frame = lot.of(subscriber.topics)
            if frame is not None:
                subscriber.push(frame)
                sent += len(frame)
        now = time.monotonic()
        self._gathering.left(now, sent)
        if len(self._gathering):
            wait = self._gathering.wait(now)
            self._leaving = asyncio.get_running_loop().call_later(wait, self.send_lot)
        else:
            self._newcomers = {each: False for each, known in self._newcomers.items() if not known}

    def _told_by(self, entry: Gathered) -> Iterable[Told]:
        audience = self.projections[entry.noun].audience
        topics = frozenset(audience(entry.value)) if entry.value is not None else _NOBODY
        far = topics & FAR
        gone = (entry.passed if self._newcomers else entry.known) - far
        if gone:
            yield Told(gone, topics, self._removed(entry.noun, entry.key, entry.at))
        if not far or entry.value is None:
            return
        if entry.what == SPOKEN:
            yield Told(far, _NOBODY, self._spoken(entry.value, entry.at))
        else:
            frame = self._frame(entry.noun, entry.what, entry.value, far, entry.at)
            yield Told(far, _NOBODY, frame, contact_of(entry.value))
