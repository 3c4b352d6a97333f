"""The server is killed in the middle of traffic and started again: nothing that was acknowledged is lost."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import orjson
from websockets.exceptions import ConnectionClosed

from tests.server.wire import ServerProcess, StaffClient, chat, frame, open_chat, send

PEOPLE = 12
WORDS = ["最近很难受", "睡不着", "不知道跟谁说", "我不想活了", "没有人在乎我"]
IN_PROGRESS = "我刚刚吞了一整瓶安眠药,现在很困"


@dataclass
class Told:
    """What one person was told: client id → place, as acknowledged."""

    opened: dict[str, str]
    acknowledged: dict[str, int] = field(default_factory=dict)


async def _write(address: str, told: Told, first: str) -> None:
    """Write as fast as acknowledgements come, until the line is cut."""
    with contextlib.suppress(ConnectionClosed, OSError, asyncio.CancelledError):
        async with chat(address, told.opened["token"]) as page:
            await frame(page, "welcome")
            for number in range(100_000):
                text = first if number == 0 else f"{WORDS[number % len(WORDS)]} {number}"
                await send(page, "message.send", client_id=f"m{number}", text=text)
                ack = await frame(page, "message.ack", "error")
                assert ack["type"] == "message.ack", ack
                told.acknowledged[ack["client_id"]] = ack["seq"]


async def _serve(staff: StaffClient) -> None:
    """A counselor who accepts whatever is offered, until the line is cut."""
    with contextlib.suppress(ConnectionClosed, OSError, aiohttp.ClientError, asyncio.CancelledError):
        async with staff.console() as console:
            await frame(console, "welcome")
            await staff.call("PUT", "/api/presence", {"state": "available"})
            async for raw in console:
                received = orjson.loads(raw)
                if received["type"] == "offer.made" and received["offer"]["staff_id"] == staff.user["id"]:
                    await staff.call("POST", f"/api/offers/{received['offer']['id']}/accept")


async def _kept(address: str, told: Told) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the person's page shows after it came back: the contact and all messages."""
    async with chat(address, told.opened["token"]) as page:
        welcome = await frame(page, "welcome")
        last = int(welcome["cursor"])
        messages: list[dict[str, Any]] = []
        while len(messages) < last:
            messages.append((await frame(page, "message"))["message"])
        return welcome["contact"], messages


async def test_nothing_acknowledged_is_lost_when_the_server_is_killed(
    tmp_path: Path, database_url: str
) -> None:
    server = ServerProcess(tmp_path, database_url)
    await server.start()
    try:
        async with aiohttp.ClientSession() as session:
            people = [Told(await open_chat(session, server.address)) for _ in range(PEOPLE)]
            names = ("counselor1", "counselor2")
            staff = [await StaffClient(server.address, session).sign_in(name) for name in names]
            work = [asyncio.create_task(_serve(each)) for each in staff]
            for number, told in enumerate(people):
                first = IN_PROGRESS if number == 0 else "在吗"
                work.append(asyncio.create_task(_write(server.address, told, first)))
            await asyncio.sleep(2.5)
            await server.kill()
            await asyncio.gather(*work, return_exceptions=True)

            assert sum(len(each.acknowledged) for each in people) > PEOPLE * 3
            await server.start()
            for told in people:
                contact, messages = await _kept(server.address, told)
                places = [each["seq"] for each in messages]
                assert places == sorted(set(places))
                own = [each for each in messages if each["from"] == "you"]
                assert len({each["client_id"] for each in own}) == len(own)
                found = {each["client_id"]: each["seq"] for each in own}
                assert {key: found.get(key) for key in told.acknowledged} == told.acknowledged
                assert contact["state"] in ("waiting", "active")
            boss = await StaffClient(server.address, session).sign_in("supervisor")
            alerts = (await boss.call("GET", "/api/alerts?state=open"))["items"]
            assert any(each["contact_id"] == people[0].opened["contact_id"] for each in alerts)
            assert all(each["deadline"] is not None for each in alerts)
    finally:
        await server.stop()
