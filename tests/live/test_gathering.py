"""What is gathered for many: the last state of each thing, in lots that are bounded in size and in time."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson

from hotline.domain.access import QUEUE, SUPERVISION
from hotline.live import gathering
from hotline.live.gathering import SPOKEN, Gathered, Gathering, Lot, Told, several

AT = datetime(2026, 3, 2, tzinfo=UTC)
NOBODY: frozenset[str] = frozenset()
IN_QUEUE, ABOVE = frozenset({QUEUE}), frozenset({SUPERVISION})


def change(key: str, what: str = "changed", value: object = None) -> Gathered:
    return Gathered("contact", key, what, value, AT, NOBODY, IN_QUEUE)


def told(entry: Gathered) -> list[Told]:
    return [Told(IN_QUEUE, NOBODY, f"{entry.key} {entry.what} {entry.value}".encode())]


def test_of_each_thing_only_the_last_state_leaves_and_a_word_hides_no_change() -> None:
    gathered = Gathering()
    for key, what, value in (("a", "opened", 1), ("b", SPOKEN, 2), ("a", SPOKEN, 3), ("b", SPOKEN, 4)):
        gathered.add(change(key, what, value), learned=NOBODY)
    assert [each.frame for each in gathered.take(told)] == [b"a opened 3", b"b spoken 4"]
    assert len(gathered) == 0


def test_a_lot_is_bounded_and_the_rest_leaves_with_the_next() -> None:
    gathered = Gathering()
    for number in range(10):
        gathered.add(change(str(number)), learned=NOBODY)
    size = gathering._MOST_BYTES // 3

    def large(_entry: Gathered) -> list[Told]:
        return [Told(IN_QUEUE, NOBODY, b"x" * size)]

    assert len(list(gathered.take(large))) == 4
    assert len(gathered) == 6


def test_the_next_lot_waits_as_long_as_the_last_one_needs_to_leave() -> None:
    gathered = Gathering()
    assert gathered.wait(100.0) == gathering._SOONEST_SECONDS
    gathered.left(100.0, gathering._BYTES_PER_SECOND * 3)
    assert gathered.wait(101.0) == 2.0
    assert gathered.wait(110.0) == gathering._SOONEST_SECONDS


def test_everybody_gets_what_is_for_them_and_those_who_hear_the_same_share_it() -> None:
    mine = "staff:me"
    lot = Lot(
        [
            Told(IN_QUEUE, frozenset({mine, SUPERVISION}), b'{"gone":1}'),
            Told(ABOVE, NOBODY, b'{"held":1}'),
            Told(IN_QUEUE, NOBODY, b'{"waits":2}'),
        ]
    )
    one, other = (lot.of(frozenset({QUEUE, f"staff:{number}"})) for number in (1, 2))
    assert one is other
    assert one is not None
    assert orjson.loads(one) == {"type": "several", "frames": [{"gone": 1}, {"waits": 2}]}
    assert lot.of(frozenset({QUEUE, mine})) == b'{"waits":2}'
    above = lot.of(frozenset({QUEUE, SUPERVISION}))
    assert above == several([b'{"held":1}', b'{"waits":2}'])
    assert lot.of(frozenset({"alerts"})) is None
