"""The two sockets when the other side, or our own database, does not behave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson
import pytest

from hotline.actions import contacts, messages, offers, presence
from hotline.domain.access import Role
from hotline.domain.contacts import Contact
from hotline.domain.ids import ContactId
from hotline.domain.presence import Presence
from hotline.errors import Invalid, Unavailable
from hotline.live.snapshot import snapshot
from tests.scene import counselor
from tests.web_console.site import Site
from web_console.sockets import leaving, outbox
from web_console.sockets.outbox import Outbox

HELLO = {"type": "hello", "after": None}


@asynccontextmanager
async def console(site: Site, token: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    headers = {"Authorization": f"Bearer {token}"}
    async with site.client.ws_connect(site.address + "/ws/console", headers=headers) as socket:
        yield socket


async def chat_token(site: Site) -> str:
    async with site.asks("POST", "/api/chats", json={}) as answer:
        return str((await answer.json())["token"])


def failing(times: int, then: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """`then`, after the database did not answer so many times."""
    left = times

    async def fails_first(*given: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if left >= 0:
            raise Unavailable("The database does not answer.")
        return await then(*given, **named)

    return fails_first


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await holds():  # noqa: ASYNC110 - what is waited for happens in another task
            await asyncio.sleep(0.02)


async def test_a_greeting_that_fails_on_our_side_closes_the_socket(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would look connected and hear nothing; the page comes back, and its next greeting is answered."""
    token = await site.token(Role.COUNSELOR)
    monkeypatch.setattr("web_console.sockets.staff.snapshot", failing(1, snapshot))
    async with console(site, token) as socket:
        await socket.send_json(HELLO)
        assert (await socket.receive_json())["code"] == "unavailable"
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert socket.close_code == aiohttp.WSCloseCode.TRY_AGAIN_LATER
    async with console(site, token) as socket:
        await socket.send_json(HELLO)
        assert (await socket.receive_json())["type"] == "welcome"


async def test_a_chats_greeting_that_fails_on_our_side_closes_the_socket(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    hello = {"type": "hello", "token": await chat_token(site), "after": None}
    monkeypatch.setattr(contacts, "contact_of_token", failing(1, contacts.contact_of_token))
    for expected in ("error", "welcome"):
        async with site.client.ws_connect(site.address + "/ws/chat") as socket:
            await socket.send_json(hello)
            assert (await socket.receive_json())["type"] == expected


async def test_a_malformed_greeting_may_be_said_again(site: Site) -> None:
    async with console(site, await site.token(Role.COUNSELOR)) as socket:
        await socket.send_json({"type": "hello", "after": "9" * 600})
        assert (await socket.receive_json())["code"] == "invalid"
        await socket.send_json(HELLO)
        assert (await socket.receive_json())["type"] == "welcome"


@pytest.mark.parametrize("after", ["9" * 20, "-1", "nonsense", "٣", ""])
async def test_a_cursor_that_is_none_of_ours_begins_anew(site: Site, after: str) -> None:
    async with site.client.ws_connect(site.address + "/ws/chat") as socket:
        await socket.send_json({"type": "hello", "token": await chat_token(site), "after": after})
        assert (await socket.receive_json())["type"] == "welcome"


async def test_a_counselor_whose_coming_could_not_be_noted_comes_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await site.token(Role.COUNSELOR)
    monkeypatch.setattr(presence, "connected", failing(1, presence.connected))
    async with console(site, token) as socket:
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert socket.close_code == aiohttp.WSCloseCode.TRY_AGAIN_LATER
    async with console(site, token) as socket:
        await socket.send_json(HELLO)
        welcome = await socket.receive_json()
        assert welcome["snapshot"]["me"]["connected"] is True


async def test_a_going_is_noted_when_the_database_answers_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the counselor would be offered contacts, and the person would wait, until the next start."""
    monkeypatch.setattr(leaving, "_AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(presence, "disconnected", failing(3, presence.disconnected))
    async with console(site, await site.token(Role.COUNSELOR)) as socket:
        await socket.send_json(HELLO)
        staff_id = (await socket.receive_json())["snapshot"]["me"]["id"]

    async def is_gone() -> bool:
        found = await site.hotline.reader.find(Presence, staff_id)
        return found is not None and found.gone_since is not None and not found.connected

    await until(is_gone)

    token = await chat_token(site)
    async with site.client.ws_connect(site.address + "/ws/chat") as page:
        await page.send_json({"type": "hello", "token": token, "after": None})
        await page.receive_json()
        monkeypatch.setattr(contacts, "person_connected", failing(3, contacts.person_connected))

    async def person_is_gone() -> bool:
        found = await site.hotline.reader.find(Contact, token.partition(".")[0])
        return found is not None and not found.person_connected

    await until(person_is_gone)


async def test_other_words_under_the_same_client_id_are_refused(site: Site) -> None:
    """Not acknowledged: they would be lost."""
    helper = await counselor(site.hotline)
    token = await chat_token(site)
    async with site.client.ws_connect(site.address + "/ws/chat") as page:
        await page.send_json({"type": "hello", "token": token, "after": None})
        for text in ("first", "first", "second"):
            await page.send_json({"type": "message.send", "client_id": "c1", "text": text})
        answers: list[str] = []
        while len(answers) < 3:
            frame = await page.receive_json()
            if "re" in frame or "message_id" in frame:
                answers.append(frame.get("code") or frame["type"])
        assert answers == ["message.ack", "message.ack", "client_id_used"]
    contact_id = ContactId(token.partition(".")[0])
    await offers.take(site.hotline, helper, contact_id)
    for text in ("first", "first"):
        await messages.send(site.hotline, helper, contact_id, client_id="c1", text=text)
    with pytest.raises(Invalid):
        await messages.send(site.hotline, helper, contact_id, client_id="c1", text="second")


async def test_a_flood_of_frames_that_are_no_text_is_slowed_too(site: Site) -> None:
    async with site.client.ws_connect(site.address + "/ws/chat") as page:
        started = asyncio.get_running_loop().time()
        for _ in range(40):
            await page.send_bytes(b"\x00")
        for _ in range(40):
            assert (await page.receive_json())["code"] == "malformed"
        # Thirty at once, the rest at the pace of messages.
        pace = site.hotline.settings.messages_per_second
        assert asyncio.get_running_loop().time() - started > 10 / pace * 0.8


class StandingSocket:
    """A socket whose reader does not read: nothing that is sent ever arrives."""

    closed = False

    async def send_frame(self, _frame: bytes, _kind: aiohttp.WSMsgType) -> None:
        await asyncio.Event().wait()


class Line:
    """What an outbox knows of its request: the connection to cut."""

    def __init__(self) -> None:
        self.transport = self
        self.aborted = False

    def abort(self) -> None:
        self.aborted = True


async def test_who_asks_and_never_reads_is_cut() -> None:
    line = Line()
    box = Outbox(StandingSocket(), line)  # type: ignore[arg-type]
    answer = {"type": "error", "code": "malformed", "detail": "x" * 1000}
    size = len(orjson.dumps(answer))
    for _ in range(outbox.LARGEST // size):
        box.say(answer)
    assert not line.aborted
    for _ in range(3):
        box.say(answer)
    assert line.aborted
    await box.close()
