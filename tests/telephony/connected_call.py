"""A caller who speaks with a counselor, through the simulated carrier."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from hotline.domain.access import Actor
from hotline.domain.call_room import HoldWhy, room_of
from hotline.domain.calls import Leg, LegKind, LegState
from hotline.domain.contacts import Contact
from hotline.domain.ids import ContactId
from hotline.telephony.simulated_line import Line
from hotline.telephony.simulated_rooms import hearers
from tests.conftest import SetClock
from tests.scene import counselor
from tests.telephony.exchange import Exchange, open_exchange

GREETED = 45  # seconds: the menu and both notices, with a margin


class Call:
    """A caller who speaks with a counselor."""

    def __init__(self, exchange: Exchange, sid: str, own: Actor) -> None:
        self.exchange = exchange
        self.hotline = exchange.hotline
        self.sid = sid
        self.own = own
        self.id: ContactId = ContactId("")

    @property
    def line(self) -> Line:
        return self.exchange.carrier.lines[self.sid]

    async def contact(self) -> Contact:
        return await self.exchange.contact(self.sid)

    async def leg(self, kind: LegKind) -> Leg:
        """The newest of this kind that is there, else the newest."""
        legs = [each for each in await self.exchange.legs(self.sid) if each.kind is kind]
        return max(legs, key=lambda leg: (leg.state is not LegState.ENDED, leg.made_at))

    async def line_of(self, kind: LegKind) -> str:
        return (await self.leg(kind)).sid or ""

    def hears(self, sid: str) -> set[str]:
        return hearers(self.exchange.carrier, sid)

    def mates(self) -> set[str]:
        """The lines in the room with the caller, as the carrier knows them."""
        found = self.exchange.carrier.rooms.get(self.line.room or "")
        return set(found.members) - {self.sid} if found is not None else set()

    async def passes(self, seconds: float) -> None:
        await self.exchange.passes(seconds)

    async def why_held(self) -> HoldWhy | None:
        """The room's word, which must be the carrier's too."""
        contact = await self.contact()
        held = room_of(contact)
        assert held.on_hold == self.line.held == (held.hold_why is not None)
        return held.hold_why


@asynccontextmanager
async def connected_call(
    database_url: str, folder: Path, clock: SetClock, **settings: Any
) -> AsyncIterator[Call]:
    async with open_exchange(database_url, folder, clock, **settings) as exchange:
        own = await counselor(exchange.hotline)
        call = Call(exchange, await exchange.call(), own)
        await exchange.accepts(own)
        await exchange.passes(GREETED)
        contact = await call.contact()
        call.id = contact.id
        assert contact.call_state == "bridged"
        yield call
        assert exchange.carrier.problems == []
