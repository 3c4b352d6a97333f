"""The laws of the house, as a machine of random histories: whatever happens, in whatever order, they hold.

Contacts, offers, presences and alerts are driven by the very actions that the server runs (`tests/in_memory.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hotline.actions import alerts as alert_actions
from hotline.actions import contacts, messages, offers, presence, risk, transfers
from hotline.domain import alerts, contact_moves, ringing
from hotline.domain.access import Actor, Role
from hotline.domain.alerts import Alert
from hotline.domain.change import MACHINE, Change
from hotline.domain.contacts import Channel, Contact, ContactState, EndedBy, Message, Sender
from hotline.domain.ids import ContactId, OfferId, StaffId
from hotline.domain.offers import Offer, OfferState
from hotline.domain.presence import Presence, PresenceState
from hotline.domain.routing import Match, WaitingRoom
from hotline.errors import HotlineError
from tests.in_memory import hotline_in_memory, later
from triage.assessment import Assessment, Kind, Level

LEVELS = [Level.NONE, Level.LOW, Level.MODERATE, Level.HIGH, Level.IMMINENT, Level.UNASSESSED]
STAFF = [StaffId(f"stf_{n}") for n in range(3)]
BOSS = Actor(StaffId("stf_boss"), frozenset({Role.SUPERVISOR}))
ON_DEADLINE: dict[str, Callable[[Any, Any], Coroutine[Any, Any, Any]]] = {
    "contact": contacts.on_deadline,
    "offer": offers.on_deadline,
    "presence": presence.on_deadline,
    "alert": alert_actions.on_deadline,
}
_HELD = (ContactState.ACTIVE, ContactState.WRAP_UP)
numbers = st.integers(min_value=0, max_value=5)


class _Said:
    """Triage that says what the history wants it to say."""

    answer = Assessment(Level.NONE, 0.0, (), (), False, (), "test")

    async def assess(self, *_arguments: Any, **_options: Any) -> Assessment:
        return self.answer


class House(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.hotline = hotline_in_memory()
        self.hotline.assessor = _Said()
        self.store = self.hotline.writer
        self.room = WaitingRoom(self.hotline.rules)
        self.people: list[ContactId] = []
        self.heard = 0

    def teardown(self) -> None:
        self.loop.close()

    def do(self, work: Coroutine[Any, Any, Any]) -> None:
        """An action; being refused is allowed, breaking a law is not."""
        with suppress(HotlineError):
            self.loop.run_until_complete(work)
        for value in self.store.all(Contact):
            self.room.see_contact(value)
        for value in self.store.all(Presence):
            self.room.see_presence(value)

    def actor(self, number: int) -> Actor:
        return Actor(STAFF[number % len(STAFF)], frozenset({Role.COUNSELOR}))

    def someone(self, number: int) -> ContactId:
        return self.people[number % len(self.people)]

    def offer(self, number: int) -> OfferId:
        made = self.store.all(Offer)
        return made[number % len(made)].id if made else OfferId("off_none")

    # What can happen ------------------------------------------------------------------------------

    @initialize()
    def begin(self) -> None:
        self.opens(is_call=False)
        for number in range(2):
            self.becomes(number, PresenceState.AVAILABLE)

    @rule(is_call=st.booleans())
    def opens(self, is_call: bool) -> None:
        contact_id = ContactId(f"con_{len(self.people)}")
        channel = Channel.CALL if is_call else Channel.CHAT

        def decide(loaded: Any) -> Change:
            contact = Contact(id=contact_id, channel=channel, opened_at=loaded.now, person_connected=True)
            return contact_moves.open_contact(contact, loaded.now)

        self.people.append(contact_id)
        self.do(self.store.run(decide))

    @rule(number=numbers, level=st.sampled_from(LEVELS), act=st.booleans())
    def writes(self, number: int, level: Level, act: bool) -> None:
        act = act and level is Level.IMMINENT
        self.hotline.assessor.answer = Assessment(level, 0.5, (Kind.SUICIDE,), (), act, (), "test")
        work = messages.receive(
            self.hotline,
            self.someone(number),
            client_id=f"m{len(self.store.journal)}",
            text="话",
            sender=Sender.HELP_SEEKER,
        )
        self.do(work)

    @rule(number=numbers, state=st.sampled_from([each for each in PresenceState if each != "not_ready"]))
    def becomes(self, number: int, state: PresenceState) -> None:
        actor = self.actor(number)
        self.do(presence.connected(self.hotline, actor.staff_id))
        self.do(presence.set_state(self.hotline, actor, state, reason=None, minutes=None))

    @rule(number=numbers)
    def loses_the_line(self, number: int) -> None:
        self.do(presence.disconnected(self.hotline, self.actor(number).staff_id))

    @rule()
    def matching(self) -> None:
        for match in self.room.matches(self.store.now):

            def decide(loaded: Any, match: Match = match) -> Change:
                return offers.made(loaded, match.contact_id, match.staff_id, loaded.rules)

            self.do(self.store.run(decide))

    @rule(number=numbers, staff=numbers)
    def accepts(self, number: int, staff: int) -> None:
        self.do(offers.accept(self.hotline, self.actor(staff), self.offer(number)))

    @rule(number=numbers, staff=numbers)
    def declines(self, number: int, staff: int) -> None:
        self.do(offers.decline(self.hotline, self.actor(staff), self.offer(number)))

    @rule(number=numbers, staff=numbers)
    def takes(self, number: int, staff: int) -> None:
        self.do(offers.take(self.hotline, self.actor(staff), self.someone(number)))

    @rule(number=numbers, staff=numbers, other=numbers, to_queue=st.booleans())
    def transfers(self, number: int, staff: int, other: int, to_queue: bool) -> None:
        target = None if to_queue else self.actor(other).staff_id
        contact_id = self.someone(number)
        self.do(
            transfers.transfer(self.hotline, self.actor(staff), contact_id, to_staff_id=target, reason="因为")
        )

    @rule(number=numbers, staff=numbers)
    def ends(self, number: int, staff: int) -> None:
        self.do(contacts.end_conversation(self.hotline, self.actor(staff), self.someone(number)))

    @rule(number=numbers)
    def hangs_up(self, number: int) -> None:
        work = contacts.carrier_ends(self.hotline, self.someone(number), by=EndedBy.PERSON, reason="left")
        self.do(work)

    @rule(number=numbers, connected=st.booleans())
    def page(self, number: int, connected: bool) -> None:
        self.do(contacts.person_connected(self.hotline, self.someone(number), connected=connected))

    @rule(number=numbers, level=st.sampled_from(LEVELS))
    def overrides(self, number: int, level: Level) -> None:
        self.do(risk.override(self.hotline, BOSS, self.someone(number), level=level, reason="因为"))

    @rule(minutes=st.sampled_from([0.2, 0.5, 1, 3, 11, 40]))
    def time_passes(self, minutes: float) -> None:
        later(self.hotline, timedelta(minutes=minutes))
        for at, noun, key in sorted(self.store.due()):
            if at <= self.store.now and noun in ON_DEADLINE:
                self.do(ON_DEADLINE[noun](self.hotline, key))

    # What always holds ----------------------------------------------------------------------------

    @invariant()
    def nobody_waits_without_an_owner_or_a_deadline(self) -> None:
        for contact in self.store.all(Contact):
            if contact.state is not ContactState.CLOSED:
                due = contact_moves.due(contact, self.hotline.rules)
                assert due is not None or contact.counselor_id is not None

    @invariant()
    def no_open_alert_without_a_deadline_or_a_name(self) -> None:
        for alert in self.store.all(Alert):
            if alert.state in alerts.OPEN:
                assert alerts.due(alert, self.hotline.rules) is not None or alert.acknowledged_by

    @invariant()
    def loads_are_counted_and_within_capacity(self) -> None:
        held = self.store.all(Contact)
        for each in self.store.all(Presence):
            own = [one for one in held if one.state in _HELD and one.counselor_id == each.id]
            calls = sum(1 for one in own if one.channel is Channel.CALL)
            assert (each.calls, each.chats) == (calls, len(own) - calls)
            assert each.calls <= each.call_capacity
            assert each.chats <= each.chat_capacity
            assert each.imminent == sorted(one.id for one in own if one.level is Level.IMMINENT)
            assert each.wrap_ups == sorted(one.id for one in own if one.state is ContactState.WRAP_UP)

    @invariant()
    def an_open_offer_reserves_its_contact_and_one_counselor(self) -> None:
        open_offers = [each for each in self.store.all(Offer) if each.state is OfferState.OPEN]
        assert len({each.staff_id for each in open_offers}) == len(open_offers)
        by_id = {each.id: each for each in open_offers}
        for contact in self.store.all(Contact):
            known = ringing.open_offers(contact)
            assert known or not contact.also_offered
            assert known == {
                each.staff_id: each.id for each in open_offers if each.contact_id == contact.id
            }, "whoever rings is known to the contact, and nobody rings for one who is served"
            assert len(known) <= self.hotline.rules.ring_at_once_most
            if known:
                assert contact.state is ContactState.WAITING
                assert by_id[contact.offer_id or ""].contact_id == contact.id
        for each in self.store.all(Presence):
            if each.offer_id is not None:
                offer = by_id[each.offer_id]
                assert offer.staff_id == each.id
                assert each.calls == 0

    @invariant()
    def levels_never_fall_without_a_persons_name(self) -> None:
        for before, change in self.store.changes[self.heard :]:
            actors = {each.actor for each in change.events if each.noun == "contact"}
            for value in change.save:
                known = before.get(("contact", value.id)) if isinstance(value, Contact) else None
                if isinstance(known, Contact) and isinstance(value, Contact):
                    fell = value.level.rank < known.level.rank and value.level is not Level.UNASSESSED
                    assert not fell or (actors and MACHINE not in actors)
        self.heard = len(self.store.changes)

    @invariant()
    def places_in_a_conversation_have_no_gap(self) -> None:
        for contact in self.store.all(Contact):
            seqs = sorted(each.seq for each in self.store.all(Message) if each.contact_id == contact.id)
            assert seqs == list(range(1, contact.last_seq + 1))

    @invariant()
    def the_journal_alone_gives_states_levels_owners_and_deadlines(self) -> None:
        told: dict[str, tuple[Any, Any]] = {}
        for event, value, due in self.store.journal:
            if event.noun == "contact" and isinstance(value, Contact):
                told[event.subject] = (_facts(value), due)
        for contact in self.store.all(Contact):
            facts, due = told[contact.id]
            assert facts == _facts(contact)
            now_due = contact_moves.due(contact, self.hotline.rules)
            assert (due is None) == (now_due is None)


def _facts(contact: Contact) -> tuple[Any, ...]:
    return (contact.state, contact.level, contact.counselor_id)


House.TestCase.settings = settings(
    max_examples=400,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestHouse = House.TestCase
