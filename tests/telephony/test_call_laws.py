"""Whatever the carrier reports, in whatever order and how often, and whatever staff do meanwhile: the laws of a call."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hotline.actions import call_legs, carrier_events
from hotline.actions.consequences import with_consequences
from hotline.domain import contact_moves
from hotline.domain.calls import Leg, LegState, due, live_legs
from hotline.domain.change import Change
from hotline.domain.contacts import Contact, ContactState, EndedBy
from hotline.domain.ids import ContactId, StaffId
from hotline.domain.presence import Presence, PresenceState
from hotline.errors import HotlineError
from hotline.storage.working_set import Loaded
from hotline.telephony.carrier import CallStatus
from tests.in_memory import hotline_in_memory, later

STAFF = [StaffId(f"stf_{number}") for number in range(2)]
CALLS = [f"CA{number}" for number in range(2)]
OVER = [each for each in CallStatus if each.is_over]
_small = st.integers(min_value=0, max_value=5)


class Calls(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.hotline = hotline_in_memory()
        writer = self.hotline.writer

        async def find(model: Any, key: str) -> Any:
            return writer.find(model, key)

        async def still_there(_sid: str) -> CallStatus:
            return self.line_is

        self.line_is = CallStatus.IN_PROGRESS
        self.hotline.reader = SimpleNamespace(find=find)
        self.hotline.matcher = SimpleNamespace(place=lambda contact: 1)
        self.hotline.sealer = SimpleNamespace(lookup_hash=lambda value: f"hash of {value}")
        self.hotline.carrier = SimpleNamespace(call_status=still_there)

    def teardown(self) -> None:
        self.loop.close()

    def does(self, action: Any) -> None:
        """A refusal changes nothing; anything else that is raised is a fault."""
        with suppress(HotlineError):
            self.loop.run_until_complete(action)

    def decides(self, decide: Any) -> None:
        self.does(self.hotline.writer.run(decide))

    def calls(self) -> list[Contact]:
        return sorted(self.hotline.writer.all(Contact), key=lambda each: each.id)

    def legs_of(self, contact: Contact) -> list[Leg]:
        return [each for each in self.hotline.writer.all(Leg) if each.contact_id == contact.id]

    def pick_leg(self, number: int) -> Leg | None:
        legs = sorted(self.hotline.writer.all(Leg), key=lambda each: (each.made_at, each.id))
        return legs[-1 - number % len(legs)] if legs else None

    @initialize()
    def counselors_are_there(self) -> None:
        for staff_id in STAFF:
            now = self.hotline.writer.now
            presence = Presence(
                id=staff_id,
                state=PresenceState.AVAILABLE,
                since=now,
                idle_since=now,
                connected=True,
                chat_capacity=3,
                call_capacity=1,
            )
            self.decides(lambda _loaded, value=presence: Change(save=(value,)))

    # What the carrier reports, each possibly twice --------------------------------------------------

    def reported(self, make: Any, twice: bool) -> None:
        self.does(make())
        if twice:
            before = [value.model_copy() for value in self._all()]
            self.does(make())
            assert self._all() == before, "the same report again changed something"

    def _all(self) -> list[Any]:
        rows = [*self.calls(), *self.hotline.writer.all(Leg), *self.hotline.writer.all(Presence)]
        return sorted(rows, key=lambda each: each.id)

    @rule(number=_small, twice=st.booleans(), hidden=st.booleans())
    def somebody_calls(self, number: int, twice: bool, hidden: bool) -> None:
        sid = CALLS[number % len(CALLS)]
        raw = "anonymous" if hidden else "+8613912341234"
        self.reported(lambda: carrier_events.incoming_call(self.hotline, sid, raw), twice)

    @rule(number=_small, twice=st.booleans())
    def the_queue_is_entered(self, number: int, twice: bool) -> None:
        contact_id = carrier_events.contact_of_call(CALLS[number % len(CALLS)])
        self.reported(lambda: carrier_events.entered_queue(self.hotline, contact_id), twice)

    @rule(number=_small, twice=st.booleans())
    def the_room_is_entered(self, number: int, twice: bool) -> None:
        contact_id = carrier_events.contact_of_call(CALLS[number % len(CALLS)])
        self.reported(lambda: carrier_events.in_room(self.hotline, contact_id), twice)

    @rule(number=_small, twice=st.booleans())
    def a_counselor_picks_up(self, number: int, twice: bool) -> None:
        if (leg := self.pick_leg(number)) is not None:
            self.reported(lambda: call_legs.leg_answered(self.hotline, leg.id, f"CAleg{leg.id}"), twice)

    @rule(number=_small, status=st.sampled_from(list(CallStatus)), twice=st.booleans(), gone=st.booleans())
    def a_leg_is_over(self, number: int, status: CallStatus, twice: bool, gone: bool) -> None:
        self.line_is = CallStatus.COMPLETED if gone else CallStatus.IN_PROGRESS
        if (leg := self.pick_leg(number)) is not None:
            self.reported(lambda: call_legs.leg_status(self.hotline, leg.id, status), twice)

    @rule(number=_small, status=st.sampled_from(list(CallStatus)), twice=st.booleans())
    def the_line_is_over(self, number: int, status: CallStatus, twice: bool) -> None:
        sid = CALLS[number % len(CALLS)]
        self.reported(lambda: carrier_events.call_status(self.hotline, sid, status), twice)

    # What staff do -----------------------------------------------------------------------------------

    def _of(self, number: int) -> ContactId:
        return carrier_events.contact_of_call(CALLS[number % len(CALLS)])

    def changes(self, contact_id: ContactId, move: Any) -> None:
        def decide(loaded: Loaded) -> Change:
            contact = loaded.get(Contact, contact_id)
            return with_consequences(loaded, contact, move(contact, loaded), self.hotline.rules)

        self.decides(decide)

    @rule(number=_small, who=_small)
    def a_counselor_takes_it(self, number: int, who: int) -> None:
        staff_id = STAFF[who % len(STAFF)]
        self.changes(
            self._of(number), lambda contact, loaded: contact_moves.assign(contact, staff_id, loaded.now)
        )

    @rule(number=_small, who=_small)
    def it_is_transferred(self, number: int, who: int) -> None:
        to = STAFF[who % len(STAFF)]
        self.changes(
            self._of(number),
            lambda contact, loaded: contact_moves.hand_to(contact, to, "stf_boss", loaded.now),
        )

    @rule(number=_small, front=st.booleans())
    def it_goes_back_to_the_queue(self, number: int, front: bool) -> None:
        self.changes(
            self._of(number),
            lambda contact, loaded: contact_moves.requeue(
                contact, loaded.now, what="transferred_to_queue", actor="stf_boss", to_front=front
            ),
        )

    @rule(number=_small)
    def the_counselor_ends_it(self, number: int) -> None:
        self.changes(
            self._of(number),
            lambda contact, loaded: contact_moves.end(
                contact, by=EndedBy.COUNSELOR, reason="completed", actor="stf_0", now=loaded.now
            ),
        )

    @rule(seconds=st.sampled_from([1, 10, 25, 70]))
    def time_passes(self, seconds: int) -> None:
        later(self.hotline, timedelta(seconds=seconds))
        for leg in list(self.hotline.writer.all(Leg)):
            self.does(call_legs.on_leg_deadline(self.hotline, leg.id))

    # The laws ----------------------------------------------------------------------------------------

    @invariant()
    def a_served_call_has_one_live_leg_and_it_is_its_counselors(self) -> None:
        for contact in self.calls():
            live = live_legs(self.legs_of(contact))
            if contact.state is ContactState.ACTIVE:
                assert [leg.staff_id for leg in live] == [contact.counselor_id]
            else:
                assert live == []

    @invariant()
    def where_the_line_is_fits_who_serves_it(self) -> None:
        allowed = {
            ContactState.WAITING: {"greeting", "queued"},
            ContactState.ACTIVE: {"greeting", "ringing", "bridged"},
            ContactState.WRAP_UP: {"ended"},
            ContactState.CLOSED: {"ended"},
        }
        for contact in self.calls():
            assert contact.call_state in allowed[contact.state]

    @invariant()
    def bridged_means_that_both_are_there(self) -> None:
        for contact in self.calls():
            if contact.call_state == "bridged":
                assert [leg.state for leg in live_legs(self.legs_of(contact))] == [LegState.BRIDGED]

    @invariant()
    def nobody_speaks_with_two(self) -> None:
        held = Counter(
            each.counselor_id
            for each in self.calls()
            if each.state in (ContactState.ACTIVE, ContactState.WRAP_UP)
        )
        for presence in self.hotline.writer.all(Presence):
            assert presence.calls == held.get(presence.id, 0) <= 1

    @invariant()
    def a_leg_that_is_not_bridged_has_its_deadline(self) -> None:
        for leg in self.hotline.writer.all(Leg):
            waits = leg.state in (LegState.OWED, LegState.RINGING, LegState.ANSWERED)
            assert (due(leg, self.hotline.rules) is not None) == waits

    @invariant()
    def nobody_is_rung_twice_for_one_leg_and_every_lost_leg_is_hung_up(self) -> None:
        effects = [effect for _before, change in self.hotline.writer.changes for effect in change.effects]
        keys = Counter(effect.key for effect in effects)
        assert all(count == 1 for count in keys.values()), keys
        legs = {leg.id for leg in self.hotline.writer.all(Leg)}
        assert {effect.payload["leg_id"] for effect in effects if effect.kind == "ring_counselor"} == legs


TestCalls = Calls.TestCase
TestCalls.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_a_long_history_leaves_nobody_on_the_line() -> None:
    """A long history by chance: at its end every line is somewhere, and ending them leaves nothing behind."""
    chance = random.Random(7)
    machine = Calls()
    machine.counselors_are_there()
    moves = [
        lambda: machine.somebody_calls(chance.randrange(6), chance.random() < 0.3, False),
        lambda: machine.the_queue_is_entered(chance.randrange(6), chance.random() < 0.3),
        lambda: machine.the_room_is_entered(chance.randrange(6), chance.random() < 0.3),
        lambda: machine.a_counselor_picks_up(chance.randrange(6), chance.random() < 0.3),
        lambda: machine.a_leg_is_over(chance.randrange(3), chance.choice(OVER), chance.random() < 0.3, False),
        lambda: machine.a_counselor_takes_it(chance.randrange(6), chance.randrange(6)),
        lambda: machine.it_is_transferred(chance.randrange(6), chance.randrange(6)),
        lambda: machine.time_passes(chance.choice([1, 10])),
    ]
    seen: Counter[str] = Counter()
    for _ in range(600):
        chance.choice(moves)()
        machine.a_served_call_has_one_live_leg_and_it_is_its_counselors()
        machine.where_the_line_is_fits_who_serves_it()
        machine.bridged_means_that_both_are_there()
        machine.nobody_speaks_with_two()
        seen.update(str(contact.call_state) for contact in machine.calls())
    assert min(seen[state] for state in ("greeting", "queued", "ringing", "bridged")) > 5, seen
    for sid in CALLS:
        machine.does(carrier_events.call_status(machine.hotline, sid, CallStatus.COMPLETED))
    assert all(each.call_state == "ended" for each in machine.calls())
    assert live_legs(machine.hotline.writer.all(Leg)) == []
    machine.teardown()
