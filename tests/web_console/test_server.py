"""The server as a process: what it prints, what it refuses, how it stops."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.web_console.site import open_site
from web_console.demo import ACCOUNTS, PASSWORD

START_SECONDS = 90  # a loaded machine with the triage worker's first start


@contextlib.asynccontextmanager
async def process(*arguments: str, **settings: str) -> AsyncIterator[Process]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    environment |= {f"HOTLINE_{name.upper()}": value for name, value in settings.items()}
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "web_console",
        *arguments,
        env=environment,
        stdout=PIPE,
        stderr=PIPE,
        start_new_session=True,
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)
        await started.communicate()


async def lines_until(started: Process, pattern: str) -> tuple[str, str]:
    """What was printed up to the line that has the pattern, and what the pattern's group found."""
    assert started.stdout is not None
    printed = ""
    async with asyncio.timeout(START_SECONDS):
        while line := (await started.stdout.readline()).decode():
            printed += line
            if found := re.search(pattern, line):
                return printed, found[1]
    assert started.stderr is not None
    raise AssertionError(printed + (await started.stderr.read()).decode())


async def stopped(started: Process) -> int:
    started.send_signal(signal.SIGTERM)
    async with asyncio.timeout(20):
        await started.communicate()
    return started.returncode if started.returncode is not None else -1


@pytest.mark.slow
async def test_a_demo_is_there_stays_and_goes(tmp_path: Path) -> None:
    options = ("demo", "--quiet", "--port", "0", "--data", str(tmp_path))
    async with process(*options) as first:
        _, address = await lines_until(first, r"^Console: (http://127\.0\.0\.1:\d+)/$")
        _, names = await lines_until(first, r"^Demo sign-ins \(password demo\): (.+)$")
        assert names.split(", ") == [each.username for each in ACCOUNTS]
        async with aiohttp.ClientSession(address) as client:
            for account in ACCOUNTS:
                body = {"username": account.username, "password": PASSWORD}
                async with client.post("/api/session", json=body) as answer:
                    assert answer.status == 200, account.username
                    assert (await answer.json())["user"]["roles"] == [account.role]
        async with process(*options) as second:
            assert second.stderr is not None
            words = (await second.stderr.read()).decode()
            assert "one node" in words
            assert "Traceback" not in words
            assert await second.wait() == 1
        assert await stopped(first) == 0
    async with process(*options) as again:
        _, address = await lines_until(again, r"^Console: (http://127\.0\.0\.1:\d+)/$")
        port = address.rpartition(":")[2]
        other = ("demo", "--quiet", "--port", port, "--data", str(tmp_path / "other"))
        async with process(*other) as in_the_way:
            assert in_the_way.stderr is not None
            assert f"port {port} is in use already" in (await in_the_way.stderr.read()).decode()
        assert await stopped(again) == 0
    async with process("serve", data_dir=str(tmp_path), listen_host="0.0.0.0", listen_port="0") as public:  # noqa: S104
        assert public.stderr is not None
        assert "holds demo accounts" in (await public.stderr.read()).decode()
        assert await public.wait() == 1


@pytest.mark.slow
async def test_a_new_hotline_gives_its_first_administrator_a_link(tmp_path: Path) -> None:
    options = ("demo", "--bare", "--port", "0", "--data", str(tmp_path))
    password = "a long enough sentence"
    async with process(*options) as server:
        _, link = await lines_until(server, r"(http://\S+/setup\?token=\S+)")
        address, _, token = link.partition("/setup?token=")
        form = {"token": token, "password": password, "again": password}
        async with aiohttp.ClientSession(address) as client:
            async with client.post("/setup", data=form, headers={"Origin": address}) as page:
                assert page.status == 200
            body = {"username": "admin", "password": password}
            async with client.post("/api/session", json=body) as answer:
                assert (await answer.json())["user"]["roles"] == ["admin"]
            async with client.post(
                "/api/session", json={"username": "counselor1", "password": PASSWORD}
            ) as answer:
                assert answer.status == 401
        assert await stopped(server) == 0
    async with process(*options) as server:
        printed, _ = await lines_until(server, r"^Console: (\S+)$")
        assert "token" not in printed
    async with process("demo", "--quiet", "--port", "0", "--data", str(tmp_path)) as demo:
        assert demo.stderr is not None
        assert "belongs to a hotline in service" in (await demo.stderr.read()).decode()


@pytest.mark.parametrize(
    "settings",
    [
        {"database_url": "postgresql://nobody:a-secret@127.0.0.1:1/none"},
        {"data_dir": "/proc/nowhere"},
        {"secret_keys": "a-secret"},
    ],
)
async def test_a_start_that_cannot_be_says_so_in_a_sentence(tmp_path: Path, settings: dict[str, str]) -> None:
    async with process("serve", **{"data_dir": str(tmp_path), "listen_port": "0", **settings}) as server:
        assert server.stderr is not None
        words = (await server.stderr.read()).decode()
        assert await server.wait() == 1
    assert "Traceback" not in words
    assert "a-secret" not in words
    assert len(words.splitlines()[-1]) > 20


async def test_open_sockets_are_told_that_the_server_stops(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        async with site.asks("POST", "/api/chats", json={}) as answer:
            token = (await answer.json())["token"]
        client = aiohttp.ClientSession()
        socket = await client.ws_connect(f"{site.address}/ws/chat", headers={"Origin": site.address})
        await socket.send_json({"type": "hello", "token": token, "after": None})
        assert (await socket.receive_json())["type"] == "welcome"
        closed = asyncio.create_task(socket.receive())
    async with client:
        assert (await closed).type is aiohttp.WSMsgType.CLOSE
        assert socket.close_code == 1012
