"""Ringing at several, thrown at with random offers, answers and losses: nobody waits because of it, nobody has two."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.actions import offers, presence
from hotline.domain import presence as presences
from hotline.domain import ring_rules, ringing
from hotline.domain.access import Actor, Role
from hotline.domain.change import Change
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import ContactId, OfferId, StaffId
from hotline.domain.offers import Offer, OfferState
from hotline.domain.presence import Presence, PresenceState
from hotline.domain.routing import WaitingRoom
from hotline.domain.service_rules import ServiceRules
from hotline.errors import HotlineError, Invalid
from tests.domain.test_routing import NOW, somebody, waiting
from tests.in_memory import hotline_in_memory, later
from triage.assessment import Level

RULES = ServiceRules(ring_at_once=("call", "chat:en"), ring_at_once_most=3)
STAFF = [StaffId(f"stf_{number}") for number in range(5)]


class Floor:
    """Five counselors and whoever calls, with the very actions of the service."""

    def __init__(self) -> None:
        self.hotline = hotline_in_memory(RULES)
        self.store = self.hotline.writer
        self.room = WaitingRoom(RULES)
        self.told = 0
        for number, staff_id in enumerate(STAFF):
            self.run(presence.connected(self.hotline, staff_id))
            self.becomes(number, PresenceState.AVAILABLE)

    def run(self, work: Any) -> None:
        with suppress(HotlineError):
            asyncio.run(work)
        for _, change in self.store.changes[self.told :]:
            for value in change.save:  # as committed, one after the other
                self.hear(value)
        self.told = len(self.store.changes)

    def hear(self, value: Any) -> None:
        if isinstance(value, Contact):
            self.room.see_contact(self.store.find(Contact, value.id))
        elif isinstance(value, Presence):
            self.room.see_presence(self.store.find(Presence, value.id))

    def actor(self, number: int) -> Actor:
        return Actor(STAFF[number % len(STAFF)], frozenset({Role.COUNSELOR}))

    def becomes(self, number: int, state: PresenceState) -> None:
        self.run(presence.set_state(self.hotline, self.actor(number), state, reason=None, minutes=None))

    def comes(self, contact: Contact) -> None:
        self.run(self.store.run(lambda _loaded: Change(save=(contact,))))

    def match(self) -> None:
        """Until no more offers are to be made."""
        for _ in range(60):
            found = self.room.matches(self.store.now)
            if not found:
                return
            for each in found:
                self.run(
                    self.store.run(
                        lambda loaded, one=each: offers.made(loaded, one.contact_id, one.staff_id, RULES)
                    )
                )
        raise AssertionError("offers are made and taken back without end")

    def answers(self, number: int, takes: bool) -> None:
        for offer in self.store.all(Offer):
            if offer.state is OfferState.OPEN and offer.staff_id == STAFF[number % len(STAFF)]:
                answer = offers.accept if takes else offers.decline
                self.run(answer(self.hotline, self.actor(number), offer.id))

    def passes(self, seconds: int) -> None:
        later(self.hotline, timedelta(seconds=seconds))
        for offer in self.store.all(Offer):
            if offer.state is OfferState.OPEN:
                self.run(offers.on_deadline(self.hotline, offer.id))

    def laws(self) -> None:
        rung: dict[str, str] = {}
        for contact in self.store.all(Contact):
            asked = ringing.open_offers(contact)
            assert contact.state is ContactState.WAITING or not asked
            assert len(asked) <= RULES.ring_at_once_most
            for staff_id in asked:
                assert staff_id not in rung, "one offer at a time"
                rung[staff_id] = contact.id
        for each in self.store.all(Presence):
            assert (each.offer_id is not None) == (each.id in rung)
            assert each.calls <= each.call_capacity
            assert each.chats <= each.chat_capacity
        for contact in self.store.all(Contact):
            if contact.state is ContactState.WAITING and not ringing.open_offers(contact):
                self.nobody_could_be_asked(contact)

    def nobody_could_be_asked(self, contact: Contact) -> None:
        """All of these counselors speak both languages, and nothing else is asked."""
        beside = {each for one in self.store.all(Contact) for each in one.also_offered}
        for each in self.store.all(Presence):
            free = each.model_copy(update={"offer_id": None}) if each.id in beside else each
            able = each.id not in contact.refused_by
            assert not able or presences.why_not_offered(free, contact.channel, RULES) is not None, (
                "somebody waits while a colleague is only rung beside another"
            )


moves = st.lists(
    st.one_of(
        st.tuples(st.just("comes"), st.booleans(), st.sampled_from(["zh", "en"]), st.sampled_from(Level)),
        st.tuples(st.just("answers"), st.integers(0, 4), st.booleans()),
        st.tuples(st.just("becomes"), st.integers(0, 4), st.booleans()),
        st.tuples(st.just("passes"), st.sampled_from([1, 9, 21])),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(moves)
def test_nobody_waits_because_several_ring_for_another(history: list[tuple[Any, ...]]) -> None:
    floor = Floor()
    for number, (what, *given_) in enumerate(history):
        if what == "comes":
            is_call, language, level = given_
            channel = Channel.CALL if is_call else Channel.CHAT
            now = floor.store.now
            floor.comes(
                Contact(
                    id=ContactId(f"con_{number}"),
                    channel=channel,
                    language=language,
                    level=level,
                    opened_at=now,
                    waiting_since=now,
                )
            )
        elif what == "answers":
            floor.answers(*given_)
        elif what == "becomes":
            state = PresenceState.AVAILABLE if given_[1] else PresenceState.ON_BREAK
            floor.becomes(given_[0], state)
        else:
            floor.passes(*given_)
        floor.match()
        floor.laws()


# In the room itself -------------------------------------------------------------------------------


def on_offer(number: int, staff_id: str, also: tuple[str, ...] = (), **fields: Any) -> Contact:
    return waiting(
        number,
        offer_id=OfferId(f"off_{number}"),
        offered_to_id=StaffId(staff_id),
        also_offered={each: f"off_{each}" for each in also},
        **fields,
    )


def test_who_waits_by_turn_rings_at_more_after_a_turn_and_at_once_when_imminent() -> None:
    room = WaitingRoom(ServiceRules())
    room.rebuild([on_offer(1, "stf_9")], [somebody(0)], (), NOW)
    assert room.matches(NOW + timedelta(seconds=19)) == []
    assert [each.staff_id for each in room.matches(NOW + timedelta(seconds=20))] == ["stf_0"]
    room.see_contact(on_offer(2, "stf_9", level=Level.IMMINENT))
    assert [each.contact_id for each in room.matches(NOW + timedelta(seconds=1))] == ["con_2"]
    assert room.waiting_in_order() == [], "who is on offer is not in the queue"
    assert room.place("con_1") is None


def test_a_queue_may_ring_at_once_by_itself_and_one_means_by_turn_always() -> None:
    english = ServiceRules(ring_at_once=("call:en",))
    call = on_offer(1, "stf_9", channel=Channel.CALL, language="en")
    assert ringing.rings_more(call, NOW, english)
    assert not ringing.rings_more(call.model_copy(update={"language": "zh"}), NOW, english)
    alone = ServiceRules(ring_at_once=("call",), ring_at_once_most=1)
    assert not ringing.rings_more(call, NOW + timedelta(hours=1), alone)


def test_a_queue_of_a_skill_rings_at_once_in_every_language_or_in_one() -> None:
    young = on_offer(1, "stf_9", channel=Channel.CALL, language="zh", skills=["youth", "violence"])
    for named, rings in {
        "call:*:youth": True,
        "call:zh:youth": True,
        "call:en:youth": False,
        "chat:*:youth": False,
        "call:*:older": False,
    }.items():
        assert ringing.rings_more(young, NOW, ServiceRules(ring_at_once=(named,))) is rings, named
        assert ring_rules.queue_name(*ring_rules.of_queue(named)) == ring_rules.check_queue(named)


def test_what_is_ruled_anew_counts_for_those_who_ring_already() -> None:
    room, rules = WaitingRoom(ServiceRules()), ServiceRules()
    room.rebuild([on_offer(1, "stf_9")], [somebody(0), somebody(1)], (), NOW)
    assert room.matches(NOW) == []
    ruled = ring_rules.RingRules(queues=["chat:zh"], most=2, after_seconds=60)
    room.see_rules(ring_rules.applied(rules, ruled))
    assert [each.contact_id for each in room.matches(NOW)] == ["con_1"]
    room.see_rules(ring_rules.applied(rules, ruled.model_copy(update={"queues": []})))
    assert room.matches(NOW + timedelta(seconds=59)) == []
    assert [each.contact_id for each in room.matches(NOW + timedelta(seconds=60))] == ["con_1"]
    room.see_rules(ring_rules.applied(rules, ruled.model_copy(update={"most": 1})))
    assert room.matches(NOW + timedelta(hours=1)) == [], "by turn, always"
    room.see_rules(rules)
    assert [each.contact_id for each in room.matches(NOW + timedelta(seconds=20))] == ["con_1"]


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"queues": ["call:*:juggling"]}, "queues"),
        ({"queues": ["walk_in"]}, "queues"),
        ({"queues": ["call:fr"]}, "queues"),
        ({"most": 0}, "most"),
        ({"after_seconds": 601}, "after_seconds"),
    ],
)
def test_what_cannot_be_ruled_says_which_field(change: dict[str, Any], refused: str) -> None:
    wish = ring_rules.set_at_start(ServiceRules()).model_copy(update=change)
    with pytest.raises(Invalid) as why:
        ring_rules.change(None, wish, ServiceRules(), STAFF[0], NOW)
    assert [each.path for each in why.value.fields] == [refused]


@pytest.mark.parametrize("ringing_now", [300])
def test_many_that_ring_cost_a_look_little(ringing_now: int) -> None:
    """300 contacts on offer, each at three, and 2,000 who wait for a language that nobody free speaks."""
    rung = [
        on_offer(each, f"stf_{3 * each}", (f"stf_{3 * each + 1}", f"stf_{3 * each + 2}"))
        for each in range(ringing_now)
    ]
    staff = [somebody(each, offer_id=OfferId(f"off_{each}"), calls=0) for each in range(3 * ringing_now)]
    others = [waiting(1000 + each, language="en") for each in range(2000)]
    speaker = somebody(5000, languages=["en"], state=PresenceState.AVAILABLE, chats=2)
    room = WaitingRoom(ServiceRules())
    room.rebuild([*rung, *others], [*staff, speaker], (), NOW)
    room.matches(NOW)
    begun = time.process_time()
    for _ in range(10):
        assert room.matches(NOW) == []
    assert (time.process_time() - begun) / 10 < 0.1
