"""A server in a process of its own, and clients that speak the wire with another implementation of WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import orjson
from websockets.asyncio.client import ClientConnection, connect

from tests.ports import free_port

READY_SECONDS = 60.0  # a start with migrations and the triage worker takes about three


class ServerProcess:
    """`hotline demo --quiet` on a data folder and a database; killed without mercy, started again."""

    def __init__(
        self,
        data: Path,
        database_url: str,
        port: int | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """`settings`: further `HOTLINE_…` variables."""
        self.data = data
        self.database_url = database_url
        self.port = port or free_port()
        self.settings = dict(settings or {})
        self._process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
        environment |= {
            "HOTLINE_DATABASE_URL": self.database_url,
            "HOTLINE_CHATS_PER_MINUTE": "100000",
            "HOTLINE_MESSAGES_PER_SECOND": "100000",
            "HOTLINE_ANONYMOUS_REQUESTS_PER_SECOND": "100000",
            **self.settings,
        }
        command = ["-m", "web_console", "demo", "--quiet", "--port", str(self.port), "--data", str(self.data)]
        log = (self.data / "server.log").open("ab")
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *command, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        try:
            await self._until_ready()
        except BaseException:
            await self.kill()  # nobody else would: whoever asked for it never gets it
            raise

    async def _until_ready(self) -> None:
        assert self._process is not None
        async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as session:
            while True:
                if self._process.returncode is not None:
                    raise AssertionError((self.data / "server.log").read_text(encoding="utf-8")[-4000:])
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.get(f"{self.address}/health/ready") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.1)

    async def kill(self) -> None:
        """SIGKILL, to the whole process group: no goodbye, no flush."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            if how is signal.SIGKILL:
                os.killpg(process.pid, how)
            else:
                process.send_signal(how)
            await asyncio.wait_for(process.wait(), 20)


class StaffClient:
    """A program that is signed in: bearer token, HTTP commands, the console's socket."""

    def __init__(self, address: str, session: aiohttp.ClientSession) -> None:
        self.address = address
        self.session = session
        self.token = ""
        self.user: dict[str, Any] = {}

    async def sign_in(self, username: str, password: str = "demo") -> StaffClient:  # noqa: S107 - every demo account has it
        answer = await self.call("POST", "/api/session", {"username": username, "password": password})
        self.token, self.user = answer["token"], answer["user"]
        return self

    async def call(self, method: str, path: str, body: Any = None, *, status: int | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self.session.request(method, self.address + path, json=body, headers=headers) as answer:
            text = await answer.read()
            expected = {status} if status else {200, 201, 204}
            assert answer.status in expected, f"{method} {path}: {answer.status} {text[:300]!r}"
            return orjson.loads(text) if text else None

    @contextlib.asynccontextmanager
    async def console(self, after: str | None = None) -> AsyncIterator[ClientConnection]:
        url = self.address.replace("http", "ws", 1) + "/ws/console"
        headers = {"Authorization": f"Bearer {self.token}"}
        async with connect(url, additional_headers=headers, max_size=None, compression=None) as console:
            await console.send(orjson.dumps({"type": "hello", "after": after}).decode())
            yield console


async def frame(socket: ClientConnection, *types: str, within: float = 10.0) -> dict[str, Any]:
    """The next frame of one of these types; others are passed over."""
    async with asyncio.timeout(within):
        while True:
            received: dict[str, Any] = orjson.loads(await socket.recv())
            if received["type"] in types or not types:
                return received


async def send(socket: ClientConnection, what: str, **fields: Any) -> None:
    await socket.send(orjson.dumps({"type": what, **fields}).decode())


async def open_chat(session: aiohttp.ClientSession, address: str, **fields: Any) -> dict[str, str]:
    async with session.post(f"{address}/api/chats", json={"language": "zh", **fields}) as answer:
        assert answer.status == 201, await answer.text()
        opened: dict[str, str] = await answer.json()
        return opened


@contextlib.asynccontextmanager
async def chat(address: str, token: str, after: str | None = None) -> AsyncIterator[ClientConnection]:
    url = address.replace("http", "ws", 1) + "/ws/chat"
    async with connect(url, compression=None) as page:
        await send(page, "hello", token=token, after=after)
        yield page
