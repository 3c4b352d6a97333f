"""Whatever the carrier reports, in whatever order and how often, and whatever staff do meanwhile: the laws of a call."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hotline.actions import call_legs, call_room, call_transfers, carrier_events, offers, phones, presence
from hotline.actions.carrier_orders import ORDERS
from hotline.actions.consequences import with_consequences
from hotline.domain import contact_moves
from hotline.domain.access import Actor, Role
from hotline.domain.call_room import TransferMode, follow, room_of
from hotline.domain.calls import (
    OF_STAFF,
    PICKED_UP,
    PICKED_UP_ELSEWHERE,
    Leg,
    LegKind,
    LegState,
    Supervision,
    due,
    live_legs,
)
from hotline.domain.change import Change
from hotline.domain.contacts import Contact, ContactState, EndedBy
from hotline.domain.ids import ContactId, StaffId
from hotline.domain.offers import Offer, OfferState
from hotline.domain.presence import Presence, PresenceState
from hotline.domain.ringing import open_offers
from hotline.domain.service_rules import ServiceRules
from hotline.errors import HotlineError
from hotline.settings import load_settings
from hotline.storage.outbox import Owed
from hotline.storage.working_set import Loaded
from hotline.telephony.carrier import CallStatus, CarrierRefused
from tests.in_memory import hotline_in_memory, later

SETTINGS = load_settings()
STAFF = [StaffId(f"stf_{number}") for number in range(3)]
CALLS = [f"CA{number}" for number in range(30)]
BOSS = Actor(StaffId("stf_boss"), frozenset({Role.SUPERVISOR}))
OUTSIDE = [each for each in LegKind if each not in OF_STAFF]
OVER = [each for each in CallStatus if each.is_over]
_small = st.integers(min_value=0, max_value=5)


class Calls(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.hotline = hotline_in_memory(ServiceRules(ring_at_once=("call",)))
        self.hotline.settings = SETTINGS
        writer = self.hotline.writer

        async def find(model: Any, key: str) -> Any:
            return writer.find(model, key)

        async def still_there(_sid: str) -> CallStatus:
            return self.line_is

        self.line_is = CallStatus.IN_PROGRESS
        self.hotline.reader.find = find
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
        """Those that are not over first, and of those the latest; so 0 is mostly one that matters."""
        legs = sorted(
            self.hotline.writer.all(Leg),
            key=lambda each: (each.state is not LegState.ENDED, each.made_at, each.id),
        )
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
        self.a_number_is_chosen(1, both=False)
        self.a_number_is_chosen(2, both=True)

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

    @rule(number=_small, who=_small)
    def two_are_connected(self, number: int, who: int) -> None:
        """The usual way in, in one step: else chance would hardly ever come into a room."""
        contact_id = self._of(number)
        self.somebody_calls(number, twice=False, hidden=False)
        self.the_queue_is_entered(number, twice=False)
        self.a_counselor_takes_it(number, who)
        self._everybody_picks_up(contact_id)
        self.the_room_is_entered(number, twice=False)

    @rule(number=_small)
    def everybody_who_is_rung_picks_up(self, number: int) -> None:
        self._everybody_picks_up(self._of(number))

    def _everybody_picks_up(self, contact_id: ContactId) -> None:
        for leg in list(self.hotline.writer.all(Leg)):
            if leg.contact_id == contact_id:
                self.does(call_legs.leg_answered(self.hotline, leg.id, f"CAleg{leg.id}"))

    # What staff do -----------------------------------------------------------------------------------

    def _of(self, number: int) -> ContactId:
        return carrier_events.contact_of_call(CALLS[number % len(CALLS)])

    def changes(self, contact_id: ContactId, move: Any) -> None:
        def decide(loaded: Loaded) -> Change:
            contact = loaded.get(Contact, contact_id)
            return with_consequences(loaded, contact, move(contact, loaded), self.hotline.rules)

        self.decides(decide)

    @rule(who=_small, both=st.booleans())
    def a_number_is_chosen(self, who: int, both: bool) -> None:
        actor = Actor(STAFF[who % len(STAFF)], frozenset({Role.COUNSELOR}))
        self.does(phones.use_number(self.hotline, actor, "+8613900001111", both=both))

    @rule(number=_small, who=_small)
    def it_rings_at_a_counselor(self, number: int, who: int) -> None:
        contact_id, staff_id = self._of(number), STAFF[who % len(STAFF)]
        self.decides(lambda loaded: offers.made(loaded, contact_id, staff_id, loaded.rules))

    @rule(number=_small)
    def it_rings_at_everybody(self, number: int) -> None:
        for who in range(len(STAFF)):
            self.it_rings_at_a_counselor(number, who)

    @rule(who=_small, takes=st.booleans())
    def an_offer_is_answered(self, who: int, takes: bool) -> None:
        actor = Actor(STAFF[who % len(STAFF)], frozenset({Role.COUNSELOR}))
        open_offers = [each for each in self.hotline.writer.all(Offer) if each.state is OfferState.OPEN]
        for offer in open_offers:
            if offer.staff_id == actor.staff_id:
                answer = offers.accept if takes else offers.decline
                self.does(answer(self.hotline, actor, offer.id))

    @rule(who=_small)
    def somebody_is_back(self, who: int) -> None:
        actor = Actor(STAFF[who % len(STAFF)], frozenset({Role.COUNSELOR}))
        self.does(presence.set_state(self.hotline, actor, PresenceState.AVAILABLE, reason=None, minutes=None))

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

    @rule(number=_small)
    def the_wrap_up_is_written(self, number: int) -> None:
        self.changes(
            self._of(number),
            lambda contact, loaded: contact_moves.close(
                contact, disposition="supported", note="—", plan=None, actor="stf_0", now=loaded.now
            ),
        )

    @rule(seconds=st.sampled_from([1, 10, 25, 70]))
    def time_passes(self, seconds: int) -> None:
        later(self.hotline, timedelta(seconds=seconds))
        for leg in list(self.hotline.writer.all(Leg)):
            self.does(call_legs.on_leg_deadline(self.hotline, leg.id))
        for offer in list(self.hotline.writer.all(Offer)):
            if offer.state is OfferState.OPEN:
                self.does(offers.on_deadline(self.hotline, offer.id))

    # What staff do in the room -------------------------------------------------------------------------

    @rule(number=_small, on=st.booleans())
    def the_caller_is_held(self, number: int, on: bool) -> None:
        self.does(call_room.hold(self.hotline, BOSS, self._of(number), on=on))

    @rule(number=_small, kind=st.sampled_from(OUTSIDE))
    def a_party_is_added(self, number: int, kind: LegKind) -> None:
        party = call_room.add_party(self.hotline, BOSS, self._of(number), kind=kind, number="+8613800001111")
        self.does(party)

    @rule(number=_small, on=st.booleans())
    def a_party_is_held(self, number: int, on: bool) -> None:
        if (leg := self.pick_leg(number)) is not None:
            self.does(call_room.hold_party(self.hotline, BOSS, leg.contact_id, leg.id, on=on))

    @rule(number=_small)
    def a_party_is_let_go(self, number: int) -> None:
        if (leg := self.pick_leg(number)) is not None:
            self.does(call_room.remove_party(self.hotline, BOSS, leg.contact_id, leg.id))

    @rule(number=_small, who=_small, mode=st.sampled_from(TransferMode))
    def a_colleague_is_asked(self, number: int, who: int, mode: TransferMode) -> None:
        to = STAFF[who % len(STAFF)]
        self.does(
            call_transfers.transfer_to_staff(self.hotline, BOSS, self._of(number), mode=mode, staff_id=to)
        )

    @rule(number=_small, mode=st.sampled_from(TransferMode), kind=st.sampled_from(OUTSIDE))
    def a_number_is_asked(self, number: int, mode: TransferMode, kind: LegKind) -> None:
        self.does(
            call_transfers.transfer_to_number(
                self.hotline, BOSS, self._of(number), mode=mode, number="+861012320", kind=kind
            )
        )

    @rule(number=_small, complete=st.booleans())
    def the_transfer_ends(self, number: int, complete: bool) -> None:
        end = call_transfers.complete_transfer if complete else call_transfers.cancel_transfer
        self.does(end(self.hotline, BOSS, self._of(number)))

    @rule(number=_small, mode=st.sampled_from([None, *Supervision]))
    def a_supervisor_listens(self, number: int, mode: Supervision | None) -> None:
        self.does(call_room.supervise(self.hotline, BOSS, self._of(number), mode))

    @rule(number=_small, taken=st.booleans())
    def the_carrier_answers_an_order_to_ring(self, number: int, taken: bool) -> None:
        """Late too: after the leg's own reports, or when it is not wanted any more."""
        leg = self.pick_leg(number)
        if leg is None or leg.sid is not None:
            return

        order, now = ORDERS["ring_counselor"], self.hotline.writer.now
        payload = {"leg_id": leg.id}
        owed = Owed(leg.id, "ring_counselor", leg.contact_id, payload, "sending", 1, now, now)

        def decide(loaded: Loaded) -> Change:
            if taken:
                return order.sent(loaded, owed, f"CAleg{leg.id}")
            return order.failed(loaded, owed, CarrierRefused(), self.hotline.rules)

        self.decides(decide)

    # The laws ----------------------------------------------------------------------------------------

    @invariant()
    def a_served_call_has_one_counselors_leg_and_it_is_its_counselors(self) -> None:
        for contact in self.calls():
            legs = self.legs_of(contact)
            if contact.state is ContactState.ACTIVE:
                own = live_legs(legs, LegKind.COUNSELOR)
                assert {leg.staff_id for leg in own} == {contact.counselor_id}
                if len(own) > 1:  # their browser and their number, and neither was picked up
                    assert sorted(str(leg.rung_at) for leg in own) == ["browser", "number"]
                    assert not any(leg.state in PICKED_UP for leg in own)
            elif contact.call_state == "handed_over":
                live = live_legs(legs)
                assert live, "a caller who was handed over is with somebody"
                assert all(leg.kind in OUTSIDE and leg.state is LegState.BRIDGED for leg in live)
                assert not any(leg.on_hold for leg in live)
            else:
                assert live_legs(legs) == []

    @invariant()
    def a_telephone_rings_with_its_offer_and_no_longer(self) -> None:
        writer = self.hotline.writer
        hung_up = {
            each.payload["leg_id"]
            for _, change in writer.changes
            for each in change.effects
            if each.kind == "hang_up_leg"
        }
        for leg in writer.all(Leg):
            if leg.offer_id is not None:
                offer = writer.find(Offer, leg.offer_id)
                if leg.state is not LegState.ENDED:
                    assert (offer.state, offer.staff_id) == (OfferState.OPEN, leg.staff_id)
                    assert due(leg, self.hotline.rules) is not None
                elif leg.ended_why in (PICKED_UP_ELSEWHERE, *OfferState):
                    assert leg.id in hung_up

    @invariant()
    def an_offer_is_accepted_once_and_by_who_serves(self) -> None:
        for contact in self.calls():
            asked = [each for each in self.hotline.writer.all(Offer) if each.contact_id == contact.id]
            open_ones = {each.staff_id: each.id for each in asked if each.state is OfferState.OPEN}
            assert open_ones == open_offers(contact)
            assert not open_ones or contact.state is ContactState.WAITING

    @invariant()
    def whoever_is_on_hold_has_a_counselor_or_a_deadline(self) -> None:
        for contact in self.calls():
            room, legs = room_of(contact), live_legs(self.legs_of(contact))
            held = [leg for leg in legs if leg.on_hold]
            if room.on_hold or held:
                assert contact.state is ContactState.ACTIVE
                for own in live_legs(legs, LegKind.COUNSELOR):
                    assert own.state is LegState.BRIDGED or due(own, self.hotline.rules) is not None
            if room.on_hold:
                assert contact.call_state in ("bridged", "ringing")

    @invariant()
    def the_room_tells_no_other_story_than_its_legs(self) -> None:
        for contact in self.calls():
            legs = self.legs_of(contact)
            assert follow(contact, legs).save == ()
            room = room_of(contact)
            shown = {each.id for each in room.parties} | {
                leg.id for leg in live_legs(legs, LegKind.SUPERVISOR)
            }
            assert shown == {leg.id for leg in live_legs(legs)}
            if room.transfer is not None:
                assert contact.state is ContactState.ACTIVE
                assert room.transfer.by == contact.counselor_id

    @invariant()
    def the_caller_hears_music_exactly_while_the_room_says_so(self) -> None:
        """Each order to hold is sent as the room is then; going back to the queue ends the music by itself."""
        music: dict[str, bool] = {}
        for _before, change in self.hotline.writer.changes:
            for effect in change.effects:
                if effect.kind == "hold_caller":
                    music[effect.subject] = not music.get(effect.subject, False)
                elif effect.kind == "return_to_queue":
                    music[effect.subject] = False
        for contact in self.calls():
            if contact.call_state != "ended":
                assert music.get(contact.id, False) == room_of(contact).on_hold

    @invariant()
    def who_was_only_consulted_reads_no_further(self) -> None:
        for contact in self.calls():
            asked = live_legs(self.legs_of(contact), LegKind.CONSULTED)
            assert set(contact.joined) == {leg.staff_id for leg in asked}

    @invariant()
    def an_ended_call_says_who_hung_up(self) -> None:
        for contact in self.calls():
            assert (contact.hung_up_by is not None) == (contact.call_state == "ended")

    @invariant()
    def where_the_line_is_fits_who_serves_it(self) -> None:
        allowed = {
            ContactState.WAITING: {"greeting", "queued"},
            ContactState.ACTIVE: {"greeting", "ringing", "bridged"},
            ContactState.WRAP_UP: {"ended", "handed_over"},
            ContactState.CLOSED: {"ended", "handed_over"},
        }
        for contact in self.calls():
            assert contact.call_state in allowed[contact.state]

    @invariant()
    def bridged_means_that_both_are_there(self) -> None:
        for contact in self.calls():
            if contact.call_state == "bridged":
                own = live_legs(self.legs_of(contact), LegKind.COUNSELOR)
                assert [leg.state for leg in own] == [LegState.BRIDGED]

    @invariant()
    def nobody_speaks_with_two(self) -> None:
        held = Counter(
            each.counselor_id
            for each in self.calls()
            if each.state in (ContactState.ACTIVE, ContactState.WRAP_UP)
        )
        for each in self.hotline.writer.all(Presence):
            assert each.calls == held.get(each.id, 0) <= 1

    @invariant()
    def a_leg_that_is_not_bridged_has_its_deadline(self) -> None:
        for leg in self.hotline.writer.all(Leg):
            waits = leg.state in (LegState.OWED, LegState.RINGING, LegState.ANSWERED)
            assert (due(leg, self.hotline.rules) is not None) == waits
            if waits and leg.back_until is not None:
                assert leg.back_until - leg.made_at <= self.hotline.rules.counselor_gone_after

    @invariant()
    def nobody_is_rung_twice_for_one_leg_and_every_lost_leg_is_hung_up(self) -> None:
        effects = [effect for _before, change in self.hotline.writer.changes for effect in change.effects]
        keys = Counter(effect.key for effect in effects)
        assert all(count == 1 for count in keys.values()), keys
        legs = {leg.id for leg in self.hotline.writer.all(Leg)}
        rung = {effect.payload["leg_id"] for effect in effects if effect.kind.startswith("ring_")}
        assert rung == legs


TestCalls = Calls.TestCase
TestCalls.settings = settings(
    max_examples=80,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
