"""Who goes first when more is asked than one process can do at once."""

from __future__ import annotations

import asyncio

from tests.web_console.site import Site
from web_console import turnstile
from web_console.turnstile import Rank, Turnstile


async def test_people_go_before_what_counselors_do_and_that_before_what_only_looks() -> None:
    gate, passed = Turnstile(), list[Rank]()

    async def come(rank: Rank) -> None:
        await gate.enter(rank)
        passed.append(rank)

    coming = [Rank.LOOKING] * 20 + [Rank.DOING] * 10 + [Rank.PERSON] * 10
    await asyncio.gather(*(come(each) for each in coming))
    at_once = turnstile._A_TURN
    assert passed[:at_once] == [Rank.LOOKING] * at_once  # nobody else was there yet
    assert passed[at_once:] == sorted(passed[at_once:])
    assert len(passed) == len(coming)


async def test_only_so_many_begin_in_a_turn_and_nobody_is_forgotten() -> None:
    gate, begun = Turnstile(), 0

    async def come() -> None:
        nonlocal begun
        await gate.enter(Rank.DOING)
        begun += 1

    coming = [asyncio.create_task(come()) for _ in range(50)]
    before, turns = 0, 0
    while begun < len(coming):
        await asyncio.sleep(0)
        assert (
            begun - before <= 2 * turnstile._A_TURN
        )  # those who waited, and those who come into an empty place
        before, turns = begun, turns + 1
    assert turns >= len(coming) / turnstile._A_TURN / 2
    await gate.enter(Rank.LOOKING)
    assert len(gate) == 0


async def test_whoever_gives_up_waiting_leaves_the_place_to_the_next() -> None:
    gate = Turnstile()
    coming = [asyncio.create_task(gate.enter(Rank.DOING)) for _ in range(40)]
    await asyncio.sleep(0)
    for each in coming[:30]:
        each.cancel()
    async with asyncio.timeout(5):
        await asyncio.gather(*coming, return_exceptions=True)
        await gate.enter(Rank.DOING)
    assert len(gate) == 0


async def test_a_crowd_of_requests_is_answered_and_the_carrier_does_not_queue_with_it(site: Site) -> None:
    order: list[str] = []

    async def ask(path: str, method: str = "GET") -> None:
        async with site.asks(method, path) as answer:
            assert answer.status in (200, 401, 403)
        order.append(path)

    crowd = [asyncio.create_task(ask("/api/contacts")) for _ in range(60)]
    probe = asyncio.create_task(ask("/health/live"))
    await asyncio.gather(probe, *crowd)
    assert len(order) == 61
