"""A crowd is offered in rounds: looked at once a round, not once for every offer that is made."""

from __future__ import annotations

import asyncio

import pytest

from hotline.domain.offers import Offer, OfferState
from hotline.domain.routing import WaitingRoom
from hotline.service import Hotline
from tests.conftest import settle
from tests.scene import counselor, person


async def test_everybody_is_offered_and_the_room_is_looked_at_a_few_times(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0
    matches = WaitingRoom.matches

    def counted(room: WaitingRoom, *given: object) -> object:
        nonlocal looks
        looks += 1
        return matches(room, *given)  # type: ignore[arg-type]

    for _ in range(12):
        await counselor(hotline)
    await settle(hotline)
    monkeypatch.setattr(WaitingRoom, "matches", counted)
    await asyncio.gather(*(person(hotline, "en") for _ in range(12)))
    await settle(hotline)
    open_offers = [each for each in await hotline.reader.where(Offer) if each.state is OfferState.OPEN]
    assert len({each.contact_id for each in open_offers}) == 12
    assert len({each.staff_id for each in open_offers}) == 12
    assert looks <= 8
