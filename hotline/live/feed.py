"""The feed: committed events to consoles, in commit order, resumable, each frame built once per audience.

    writer ──Committed──▶ publish ──frames──▶ subscribers of the topics   (and a bounded memory for resuming)

A frame goes to the topics of its noun's audience; who was in the audience before and is no longer gets
`removed`. The cursor is a vector `{node epoch: seq}` in an opaque string. What a subscriber does with a
frame must not block: it has a bounded outbox of its own.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from hotline.domain.access import message_audience, person_topic
from hotline.domain.change import Committed, Event, Value
from hotline.domain.contacts import Channel, Contact, ContactState, Message
from hotline.domain.service_rules import ServiceRules
from hotline.live.directory import Directory
from hotline.live.projections import all_projections
from hotline.live.projections.contact import message_view, person_message, renamed, spoken_view

_KEPT_FRAMES = 20_000  # about ten minutes of a busy city; whoever was away longer begins with a snapshot
_OPTIONS = orjson.OPT_UTC_Z


class Subscriber(Protocol):
    """One socket. `topics` may change only through `Feed.move`."""

    topics: frozenset[str]

    def push(self, frame: bytes) -> None:
        """Take a frame; never blocks and never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    seq: int
    topics: tuple[str, ...]
    frame: bytes


def encode(frame: dict[str, Any]) -> bytes:
    return orjson.dumps(frame, option=_OPTIONS)


class Feed:
    def __init__(self, epoch: str, directory: Directory, rules: ServiceRules) -> None:
        self.epoch = epoch
        self.directory = directory
        self.projections = all_projections(rules)
        self._rules = rules
        self._seq = 0
        self._kept: deque[Kept] = deque(maxlen=_KEPT_FRAMES)
        self._forgotten_upto = 0
        self._by_topic: dict[str, set[Subscriber]] = defaultdict(set)
        self._person_watchers: list[Callable[[Contact], None]] = []

    # Subscribers -------------------------------------------------------------------------------

    def join(self, subscriber: Subscriber) -> None:
        for topic in subscriber.topics:
            self._by_topic[topic].add(subscriber)

    def leave(self, subscriber: Subscriber) -> None:
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

    # Cursors -----------------------------------------------------------------------------------

    def cursor(self, seq: int | None = None) -> str:
        return f"{self.epoch}.{self._seq if seq is None else seq}"

    def since(self, cursor: str, topics: frozenset[str]) -> list[bytes] | None:
        """The frames after the cursor for these topics; None if they are no longer held."""
        vector = dict(part.rsplit(".", 1) for part in cursor.split(",") if "." in part)
        seq_text = vector.get(self.epoch, "")
        if not seq_text.isdigit() or len(seq_text) > 18:
            return None
        seq = int(seq_text)
        if seq < self._forgotten_upto or seq > self._seq:
            return None
        return [kept.frame for kept in self._kept if kept.seq > seq and not topics.isdisjoint(kept.topics)]

    # Publishing --------------------------------------------------------------------------------

    def publish(self, committed: Committed) -> None:
        """A listener of the writer."""
        for index, event in enumerate(committed.events):
            self._seq = committed.first_seq + index
            if event.noun == "message":
                self._publish_message(committed, event)
            elif event.noun in self.projections:
                self._publish_noun(committed, event)
                if event.noun == "contact":
                    self._publish_to_person(committed.after("contact", event.subject))

    def _publish_noun(self, committed: Committed, event: Event) -> None:
        saved = committed.saved.get((event.noun, event.subject))
        if saved is None:
            return
        projection = self.projections[event.noun]
        topics = projection.audience(saved.after) if saved.after is not None else ()
        if saved.before is not None:
            lost = tuple(each for each in projection.audience(saved.before) if each not in topics)
            if lost:
                frame = {"type": "removed", "cursor": self.cursor(), "at": committed.at}
                frame |= {"noun": event.noun, "id": event.subject}
                self._send(lost, encode(frame), skip=self._members(topics))
        if saved.after is not None:
            self._tell(committed, event.noun, event.what, saved.after)

    def _tell(self, committed: Committed, noun: str, what: str, value: Value) -> None:
        """The noun as it is now, to its whole audience."""
        projection = self.projections[noun]
        topics = projection.audience(value)
        frame = {"type": f"{noun}.{what}", "cursor": self.cursor(), "at": committed.at}
        for heard in (topics,) if projection.narrowed is None else ((each,) for each in topics):
            frame[noun] = projection.seen(value, self.directory, heard)
            self._send(heard, encode(frame))

    def _publish_message(self, committed: Committed, event: Event) -> None:
        message: Message | None = committed.after("message", event.subject)
        if message is None:
            return
        contact: Contact | None = committed.after("contact", message.contact_id)
        if contact is None:
            return
        follows = contact.state is ContactState.ACTIVE
        # Two frames of one event: who is cut off between them asks for both again.
        cursor = self.cursor(self._seq - 1) if follows else self.cursor()
        frame = {"type": f"message.{event.what}", "cursor": cursor, "at": committed.at}
        frame["message"] = renamed(message_view(message, self.directory))
        self._send(message_audience(contact), encode(frame))
        if follows:
            # The conversation's clocks moved with the word. While somebody waits they do not, and the queue is long.
            frame = {"type": "contact.spoken", "cursor": self.cursor(), "at": committed.at}
            frame["spoken"] = spoken_view(contact, self.directory, self._rules)
            self._send(self.projections["contact"].audience(contact), encode(frame))
        if contact.channel is Channel.CHAT and event.what == "added":
            topic = person_topic(contact.id)
            if topic in self._by_topic:
                self.whisper(topic, {"type": "message", "message": renamed(person_message(message))})

    def _publish_to_person(self, contact: Contact | None) -> None:
        if contact is not None and person_topic(contact.id) in self._by_topic:
            for watcher in self._person_watchers:
                watcher(contact)

    def watch_persons(self, watcher: Callable[[Contact], None]) -> None:
        """Called with each changed contact whose own page is open."""
        self._person_watchers.append(watcher)

    def whisper(self, topic: str, frame: dict[str, Any]) -> None:
        """Something passing (typing, a person's own frames): not kept, no cursor."""
        encoded = encode(frame)
        for subscriber in tuple(self._by_topic.get(topic, ())):
            subscriber.push(encoded)

    def _members(self, topics: Iterable[str]) -> set[Subscriber]:
        members: set[Subscriber] = set()
        for topic in topics:
            members |= self._by_topic.get(topic, set())
        return members

    def _send(self, topics: tuple[str, ...], frame: bytes, skip: set[Subscriber] | None = None) -> None:
        if len(self._kept) == self._kept.maxlen:
            self._forgotten_upto = self._kept[0].seq
        self._kept.append(Kept(self._seq, topics, frame))
        for subscriber in self._members(topics) - (skip or set()):
            subscriber.push(frame)
