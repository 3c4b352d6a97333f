"""The room of a call through the API: every command, what is refused and how, and what a contact shows of its call."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hotline.domain.access import Actor, Role
from tests.conftest import SetClock
from tests.databases import migrated_sqlite
from tests.scene import available, counselor, signed_in, staff
from tests.telephony.exchange import Exchange, open_exchange

GREETED = 45  # seconds: the menu and both notices, with a margin


@dataclass
class Desk:
    """A counselor who speaks with a caller, at the API."""

    exchange: Exchange
    client: aiohttp.ClientSession
    own: Actor
    token: str
    contact_id: str

    async def asks(self, path: str, body: Any = None, *, method: str = "POST", token: str = "") -> Any:
        """(status, answer); the telephone then comes to rest, two seconds later."""
        address = f"{self.exchange.base}/api/contacts/{self.contact_id}{path}"
        headers = {"Authorization": f"Bearer {token or self.token}"}
        async with self.client.request(method, address, json=body, headers=headers) as answer:
            found = await answer.json()
        await self.exchange.passes(2)
        return answer.status, found

    async def call(self) -> Any:
        _status, contact = await self.asks("", method="GET")
        return contact["call"]


@pytest.fixture
async def desk(tmp_path: Path, clock: SetClock) -> AsyncIterator[Desk]:
    database = migrated_sqlite(tmp_path / "hotline.sqlite3")
    async with open_exchange(database, tmp_path, clock) as exchange, aiohttp.ClientSession() as client:
        own = await counselor(exchange.hotline)
        sid = await exchange.call()
        await exchange.accepts(own)
        await exchange.passes(GREETED)
        contact = await exchange.contact(sid)
        yield Desk(exchange, client, own, await signed_in(exchange.hotline, own.staff_id), contact.id)


async def test_a_call_goes_through_its_room(desk: Desk) -> None:
    call = await desk.call()
    assert (call["state"], call["on_hold"], call["hung_up_by"], call["transfer"]) == (
        "bridged",
        False,
        None,
        None,
    )
    (own,) = call["parties"]
    assert (own["kind"], own["staff_id"], own["state"]) == ("counselor", desk.own.staff_id, "bridged")

    status, contact = await desk.asks("/call/hold", {"on": True})
    assert (status, contact["call"]["on_hold"], contact["call"]["hold_why"]) == (200, True, "hold")
    await desk.asks("/call/hold", {"on": False})

    status, party = await desk.asks("/call/parties", {"kind": "interpreter", "number": "+8613800001111"})
    assert (status, party["number_masked"], party["state"]) == (201, "138****1111", "owed")
    status, contact = await desk.asks(f"/call/parties/{party['id']}/hold", {"on": True})
    held = next(each for each in contact["call"]["parties"] if each["id"] == party["id"])
    assert (status, held["on_hold"]) == (200, True)
    status, contact = await desk.asks(f"/call/parties/{party['id']}", method="DELETE")
    assert (status, len(contact["call"]["parties"])) == (200, 1)

    second = await counselor(desk.exchange.hotline)
    to = {"staff_id": second.staff_id}
    status, contact = await desk.asks("/call/transfer", {"mode": "warm", "to": to})
    assert (status, contact["call"]["transfer"]["state"]) == (200, "ringing")
    assert (await desk.call())["transfer"]["state"] == "consulting"
    status, contact = await desk.asks("/call/transfer/cancel")
    assert (status, contact["call"]["transfer"]) == (200, None)
    await desk.asks("/call/transfer", {"mode": "warm", "to": to})
    status, contact = await desk.asks("/call/transfer/complete")
    assert (status, contact["counselor"]["id"]) == (200, second.staff_id)

    desk.token = await signed_in(desk.exchange.hotline, second.staff_id)
    status, contact = await desk.asks("/call/hang-up")
    assert (status, contact["state"], contact["call"]["hung_up_by"]) == (200, "wrap_up", "counselor")
    assert contact["call"]["parties"] == []


async def test_a_supervisor_listens(desk: Desk) -> None:
    boss = await available(desk.exchange.hotline, await staff(desk.exchange.hotline, Role.SUPERVISOR))
    token = await signed_in(desk.exchange.hotline, boss.staff_id)
    for mode in ("monitor", "whisper", "barge"):
        status, contact = await desk.asks("/call/supervision", {"mode": mode}, token=token)
        (listener,) = contact["call"]["supervision"]
        assert (status, listener["staff_id"], listener["mode"]) == (200, boss.staff_id, mode)
    status, contact = await desk.asks("/call/supervision", {"mode": "stop"}, token=token)
    assert (status, contact["call"]["supervision"]) == (200, [])
    status, problem = await desk.asks("/call/supervision", {"mode": "monitor"})
    assert (status, problem["code"]) == (403, "forbidden")


async def test_what_is_refused(desk: Desk) -> None:
    stranger = await signed_in(desk.exchange.hotline, (await counselor(desk.exchange.hotline)).staff_id)
    for path, body in (
        ("/call/hold", {"on": True}),
        ("/call/parties", {"kind": "other", "number": "110"}),
        ("/call/transfer", {"mode": "cold", "to": {"skill": "violence"}}),
        ("/call/transfer/complete", None),
        ("/call/hang-up", None),
    ):
        status, problem = await desk.asks(path, body, token=stranger)
        assert (status, problem["code"]) == (403, "forbidden"), path
    for path, body in (
        ("/call/hold", {"on": "yes"}),
        ("/call/hold", {}),
        ("/call/parties", {"kind": "counselor", "number": "110"}),
        ("/call/parties", {"kind": "other", "number": "one one zero"}),
        ("/call/transfer", {"mode": "cold", "to": {}}),
        ("/call/transfer", {"mode": "cold", "to": {"skill": "violence", "staff_id": "stf_1"}}),
        ("/call/transfer", {"mode": "warm", "to": {"number": "110"}}),
        ("/call/transfer", {"mode": "cold", "to": {"skill": "astrology"}}),
        ("/call/supervision", {"mode": "record"}),
    ):
        status, problem = await desk.asks(path, body)
        assert status in (400, 403, 422), (path, body, problem)
    for path, code in (
        ("/call/transfer/complete", "no_transfer"),
        ("/call/parties/leg_0/hold", "not_found"),
    ):
        status, problem = await desk.asks(path, {"on": True} if path.endswith("hold") else None)
        assert problem["code"] == code, path
    assert (await desk.call())["state"] == "bridged", "nothing of it changed anything"
