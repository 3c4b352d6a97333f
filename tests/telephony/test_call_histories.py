"""Long histories by weighted chance: every corner of a call's room is come to, and the laws hold there too."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from hotline.actions import carrier_events
from hotline.domain.call_room import TransferMode
from hotline.domain.calls import Leg, Supervision, live_legs
from hotline.domain.contacts import ContactState
from hotline.telephony.carrier import CallStatus
from tests.telephony.test_call_laws import CALLS, OUTSIDE, OVER, Calls

LAWS = [
    Calls.a_served_call_has_one_counselors_leg_and_it_is_its_counselors,
    Calls.whoever_is_on_hold_has_a_counselor_or_a_deadline,
    Calls.the_room_tells_no_other_story_than_its_legs,
    Calls.who_was_only_consulted_reads_no_further,
    Calls.an_ended_call_says_who_hung_up,
    Calls.where_the_line_is_fits_who_serves_it,
    Calls.bridged_means_that_both_are_there,
    Calls.nobody_speaks_with_two,
    Calls.a_leg_that_is_not_bridged_has_its_deadline,
]
MUST_HAPPEN = {
    *(
        "contact.call_held",
        "contact.transfer_begun",
        "contact.transfer_cancelled",
        "contact.supervision_begun",
    ),
    *("contact.call_handed_over", "contact.call_bridged", "contact.leg_lost", "contact.leg_unanswered"),
    *(
        "leg.took_over",
        "leg.held",
        "leg.supervises",
        "way back",
        "front after the way back",
        "contact.came_back_from_outside",
    ),
}


def _moves(machine: Calls, chance: random.Random) -> list[tuple[int, Any]]:
    """With how often each is to happen: chance alone would hardly ever stay in a room for long."""
    by_id = {carrier_events.contact_of_call(sid): number for number, sid in enumerate(CALLS)}

    def some() -> int:
        served = [by_id[each.id] for each in machine.calls() if each.state is ContactState.ACTIVE]
        return chance.choice(served) if served and chance.random() < 0.8 else chance.randrange(len(CALLS))

    def mostly() -> bool:
        return chance.random() < 0.7

    def one_of_the_latest() -> int:
        return chance.randrange(6)

    modes, outside = list(TransferMode), OUTSIDE
    return [
        (8, lambda: machine.two_are_connected(chance.randrange(len(CALLS)), chance.randrange(3))),
        (1, lambda: machine.the_queue_is_entered(some(), mostly())),
        (1, lambda: machine.the_room_is_entered(some(), mostly())),
        (8, lambda: machine.everybody_who_is_rung_picks_up(some())),
        (3, lambda: machine.a_counselor_picks_up(one_of_the_latest(), mostly())),
        (
            5,
            lambda: machine.a_leg_is_over(
                one_of_the_latest(), chance.choice(OVER), mostly(), chance.random() < 0.1
            ),
        ),
        (1, lambda: machine.the_line_is_over(some(), chance.choice(OVER), mostly())),
        (1, lambda: machine.it_is_transferred(some(), some())),
        (1, lambda: machine.it_goes_back_to_the_queue(some(), mostly())),
        (1, lambda: machine.the_counselor_ends_it(some())),
        (6, lambda: [machine.the_wrap_up_is_written(number) for number in by_id.values()]),
        (3, lambda: machine.the_caller_is_held(some(), mostly())),
        (4, lambda: machine.a_party_is_added(some(), chance.choice(outside))),
        (3, lambda: machine.a_party_is_held(one_of_the_latest(), mostly())),
        (2, lambda: machine.a_party_is_let_go(one_of_the_latest())),
        (6, lambda: machine.a_colleague_is_asked(some(), some(), chance.choice(modes))),
        (4, lambda: machine.a_number_is_asked(some(), chance.choice(modes), chance.choice(outside))),
        (4, lambda: machine.the_transfer_ends(some(), mostly())),
        (4, lambda: machine.a_supervisor_listens(some(), chance.choice([None, *Supervision]))),
        (3, lambda: machine.the_carrier_answers_an_order_to_ring(one_of_the_latest(), mostly())),
        (3, lambda: machine.time_passes(chance.choice([1, 3, 10, 25]))),
    ]


def _happened(machine: Calls) -> Counter[str]:
    seen: Counter[str] = Counter()
    for event, after, _due in machine.hotline.writer.journal:
        seen[f"{event.noun}.{event.what}"] += 1
        if isinstance(after, Leg) and event.what == "owed" and after.back_until is not None:
            seen["way back"] += 1
    over = [each for each in machine.hotline.writer.all(Leg) if each.ended_why == "leg_unanswered"]
    seen["front after the way back"] = sum(1 for each in over if each.back_until is not None)
    return seen


def test_long_histories_keep_the_laws_and_leave_nobody_on_the_line() -> None:
    seen: Counter[str] = Counter()
    for seed in range(24):
        chance, machine = random.Random(seed), Calls()
        machine.counselors_are_there()
        moves = _moves(machine, chance)
        for _ in range(200):
            chance.choices([move for _, move in moves], [weight for weight, _ in moves])[0]()
            for law in LAWS:
                law(machine)
        machine.the_caller_hears_music_exactly_while_the_room_says_so()
        machine.nobody_is_rung_twice_for_one_leg_and_every_lost_leg_is_hung_up()
        for sid in CALLS:
            machine.does(carrier_events.call_status(machine.hotline, sid, CallStatus.COMPLETED))
        assert all(each.call_state == "ended" for each in machine.calls())
        assert live_legs(machine.hotline.writer.all(Leg)) == []
        seen += _happened(machine)
        machine.teardown()
    assert {name for name in MUST_HAPPEN if not seen[name]} == set(), seen
