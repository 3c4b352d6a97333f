"""A console that stops reading is cut at its bound, and costs the others nothing. Real sockets, a real server."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import statistics
from pathlib import Path

import aiohttp
from websockets.asyncio.client import ClientConnection

from tests.server.wire import ServerProcess, StaffClient, chat, frame, open_chat, send

WORD = "今天和昨天一样。" * 480  # 3,840 characters, some 12 kB as a frame
ROUNDS = 400  # about 5 MB: what the kernel holds for both ends, the server's bound, and more
TIMED = 60


async def _stalled(server: ServerProcess, token: str) -> socket.socket:
    """A console over a bare TCP socket with a small window: it greets, and never reads again."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(line, ("127.0.0.1", server.port))
    key = base64.b64encode(os.urandom(16)).decode()
    request = (
        f"GET /ws/console HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        f"Authorization: Bearer {token}\r\n\r\n"
    )
    await loop.sock_sendall(line, request.encode())
    assert b"101" in (await loop.sock_recv(line, 64)).split(b"\r\n")[0]
    hello = b'{"type":"hello","after":null}'
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(hello))
    await loop.sock_sendall(line, bytes([0x81, 0x80 | len(hello)]) + mask + masked)
    return line


async def _is_cut(line: socket.socket) -> bool:
    """Whether the server has ended the connection: what the kernel still holds is read first."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(10):
            while await loop.sock_recv(line, 65536):
                pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


async def _heard(page: ClientConnection, console: ClientConnection, number: int, text: str) -> float:
    """Seconds from the person's word to the counselor's console."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    await send(page, "message.send", client_id=f"w{number}", text=text)
    while (await frame(console, "message.added"))["message"]["client_id"] != f"w{number}":
        pass
    seconds = loop.time() - began
    await frame(page, "message.ack")
    return seconds


async def _served(
    session: aiohttp.ClientSession, server: ServerProcess, console: ClientConnection, staff: StaffClient
) -> dict[str, str]:
    """A chat that this counselor has taken."""
    opened = await open_chat(session, server.address)
    await staff.call("POST", f"/api/contacts/{opened['contact_id']}/take")
    await frame(console, "contact.assigned")
    return opened


async def test_a_console_that_stops_reading_is_cut_and_the_others_hear_all(
    tmp_path: Path, database_url: str
) -> None:
    server = ServerProcess(tmp_path, database_url)
    await server.start()
    try:
        async with aiohttp.ClientSession() as session:
            counselor = await StaffClient(server.address, session).sign_in("counselor1")
            async with counselor.console() as console:
                await frame(console, "welcome")
                opened = await _served(session, server, console, counselor)
                async with chat(server.address, opened["token"]) as page:
                    await frame(page, "welcome")
                    alone = [await _heard(page, console, n, WORD) for n in range(TIMED)]
                    # The same account in a second tab: it is owed every word of this chat, and reads none.
                    stalled = await _stalled(server, counselor.token)
                    beside = [await _heard(page, console, TIMED + n, WORD) for n in range(ROUNDS)]
                    assert await _is_cut(stalled)
                    stalled.close()
                    # The counselor is still there: the tab that reads is one presence with the one that did not.
                    presence = (await counselor.call("GET", "/api/presence"))["items"]
                    own = next(each for each in presence if each["id"] == counselor.user["id"])
                    assert own["connected"] is True
                    # Whoever was cut resumes: nothing is lost.
                    path = f"/api/contacts/{opened['contact_id']}/messages?limit=200"
                    kept = (await counselor.call("GET", path))["items"]
                    assert [each["seq"] for each in kept] == list(
                        range(kept[0]["seq"], kept[0]["seq"] + len(kept))
                    )
        # Wide bounds, for other work on the machine: a frozen server would take seconds, or for ever.
        assert statistics.median(beside) < 5 * statistics.median(alone) + 0.05
        assert max(beside) < 5
    finally:
        await server.stop()
