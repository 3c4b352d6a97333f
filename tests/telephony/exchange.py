"""The whole telephone in one process: the service on a port, the simulated carrier, and a clock set by hand."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hotline.actions import offers, outbox
from hotline.bootstrap import open_hotline
from hotline.domain.access import Actor
from hotline.domain.calls import Leg
from hotline.domain.contacts import Contact, Message
from hotline.domain.ids import ContactId
from hotline.domain.offers import Offer, OfferState
from hotline.errors import HotlineError
from hotline.service import Hotline
from hotline.settings import load_settings
from hotline.telephony.simulated_post import Faults
from hotline.telephony.simulator import Numbers, SimulatedCarrier
from tests.conftest import SetClock, settle, wake
from tests.ports import free_port
from triage.assessment import Assessment, Kind, Level
from triage.assessor import Assessor
from web_console.app import build_app, listening
from web_console.simulation.carrier_server import CarrierServer

ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "a-token-of-the-carrier", "+861012356000"
_SHORTEST_STEP = timedelta(milliseconds=100)
_PATIENCE_SECONDS = 10.0


def numbers_of(base: str) -> Numbers:
    return Numbers(
        NUMBER,
        f"{base}/twilio/voice",
        f"{base}/twilio/status",
        f"{base}/twilio/messages",
        f"{base}/twilio/voice-fallback",
    )


class PlainEar:
    """Triage for tests of the telephone: who speaks of the roof is in danger, nobody else."""

    async def assess(
        self, _contact_id: str, text: str, _history: Any = (), *, speech: bool = False
    ) -> Assessment:
        level = Level.IMMINENT if "楼顶" in text else Level.NONE
        kinds = (Kind.SUICIDE,) if level is Level.IMMINENT else ()
        return Assessment(level, 0.9 if kinds else 0.0, kinds, (), False, (), "test")


class Exchange:
    def __init__(self, hotline: Hotline, server: CarrierServer, clock: SetClock, base: str) -> None:
        self.hotline = hotline
        self.server = server
        self.carrier = server.carrier
        self.clock = clock
        self.base = base

    async def settle(self) -> None:
        """Until carrier and service have nothing more to tell each other at this moment."""
        for _ in range(300):
            sent = await self.server.send_due()
            self.hotline.outbox.start_due(self.hotline, self.clock.now())
            busy = self.hotline.outbox.is_busy
            if busy:
                await asyncio.wait(tuple(self.hotline.outbox._sending.values()), timeout=_PATIENCE_SECONDS)
            await settle(self.hotline)
            if not sent and not busy:
                return
        raise AssertionError("the telephone does not come to rest")

    async def passes(self, seconds: float) -> None:
        """Time passes from one event to the next; deadlines are woken as the worker does."""
        until = self.clock.at + timedelta(seconds=seconds)
        await self.settle()
        while self.clock.at < until:
            self.clock.at = min(until, max(self._next_at(until), self.clock.at + _SHORTEST_STEP))
            await wake(self.hotline)
            await self.settle()

    def _next_at(self, until: datetime) -> datetime:
        times = [at for _noun, at in self.hotline.writer.deadlines.values() if at > self.clock.at]
        times += [lane[0].next_at for lane in self.hotline.outbox._lanes.values()]
        times = [at for at in times if at > self.clock.at]
        carrier_at = self.carrier.next_at()
        text_at = self.hotline.outbox.next_at()
        times += [text_at] if text_at is not None and text_at > self.clock.at else []
        return min([*times, until, *([carrier_at] if carrier_at else [])])

    async def call(self, number: str = "+8613912341234") -> str:
        sid = self.carrier.call_in(number, self.clock.now())
        await self.settle()
        return sid

    async def says(self, sid: str, text: str, track: str = "inbound_track") -> None:
        assert self.carrier.speak(sid, text, self.clock.now(), track=track)
        await self.settle()

    async def hangs_up(self, sid: str) -> None:
        self.carrier.hang_up(sid, self.clock.now())
        await self.settle()

    async def contact(self, sid: str) -> Contact:
        found = await self.hotline.reader.find(Contact, contact_id_of(sid))
        assert found is not None
        return found

    async def messages(self, sid: str) -> list[Message]:
        table = self.hotline.reader.table(Message)
        return await self.hotline.reader.where(
            Message, table.c.contact_id == contact_id_of(sid), order=(table.c.seq,)
        )

    async def messages_of(self, contact_id: str) -> list[Message]:
        table = self.hotline.reader.table(Message)
        return await self.hotline.reader.where(
            Message, table.c.contact_id == contact_id, order=(table.c.seq,)
        )

    async def legs(self, sid: str) -> list[Leg]:
        table = self.hotline.reader.table(Leg)
        return await self.hotline.reader.where(
            Leg, table.c.contact_id == contact_id_of(sid), order=(table.c.made_at,)
        )

    async def accepts(self, actor: Actor) -> Offer:
        """This counselor accepts what is offered to them."""
        table = self.hotline.reader.table(Offer)
        found = await self.hotline.reader.where(
            Offer, table.c.staff_id == actor.staff_id, table.c.state == OfferState.OPEN
        )
        assert found, "nothing is offered to this counselor"
        await offers.accept(self.hotline, actor, found[0].id)
        await self.settle()
        return found[0]

    async def accepts_if_offered(self, actor: Actor) -> None:
        with contextlib.suppress(AssertionError, HotlineError):
            await self.accepts(actor)


def contact_id_of(sid: str) -> ContactId:
    from hotline.actions.carrier_events import contact_of_call

    return contact_of_call(sid)


@asynccontextmanager
async def open_exchange(
    database_url: str,
    folder: Path,
    clock: SetClock,
    *,
    faults: Faults | None = None,
    seed: int = 1,
    assessor: Assessor | None = None,
    carrier: SimulatedCarrier | None = None,
    **settings: Any,
) -> AsyncIterator[Exchange]:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    carrier = carrier or SimulatedCarrier(
        account_sid=ACCOUNT, auth_token=TOKEN, numbers=numbers_of(base), faults=faults, seed=seed
    )
    carrier.numbers = numbers_of(base)
    server = CarrierServer(carrier, clock)
    async with server.running(pump=False) as api_url:
        given = load_settings(
            data_dir=folder,
            database_url=database_url,
            listen_port=port,
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=TOKEN,
            twilio_number=NUMBER,
            twilio_api_url=api_url,
            **settings,
        )
        async with (
            open_hotline(given, clock=clock, assessor=assessor or PlainEar(), work=False) as hotline,
            listening(build_app(hotline)),
        ):
            yield Exchange(hotline, server, clock, base)


async def nothing_owed(exchange: Exchange) -> bool:
    await outbox.send_owed(exchange.hotline)
    return len(exchange.hotline.outbox) == 0
