"""The load: people who write, consoles that read; closed loop (as fast as it goes) and offered rate (latency)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import statistics
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import orjson

WINDOW = 4  # messages a writer has on the way before it waits for an acknowledgement
TEXTS = (
    "最近睡不好,有点累",
    "跟家里吵架了,心里很乱",
    "I could not sleep again last night",
    "今天上班一直走神",
)
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Figures:
    """`latencies` in seconds from sending to the console's receiving."""

    messages: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.messages / self.seconds if self.seconds else 0.0

    @property
    def cpu_microseconds(self) -> float:
        return self.cpu_seconds / self.messages * 1e6 if self.messages else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


def cpu_of(pid: int) -> float:
    """User and system seconds of one process."""
    parts = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(parts[11]) + int(parts[12])) / _TICKS


@dataclass
class Side:
    """How one server is spoken to."""

    base: str
    write_urls: list[str]
    read_urls: list[str]
    write_hellos: list[dict[str, Any]] | None = None
    read_tokens: list[str] | None = None


class Crowd:
    """Open sockets of one side: writers and readers."""

    def __init__(self, session: aiohttp.ClientSession, side: Side) -> None:
        self._session = session
        self._side = side
        self.writers: list[aiohttp.ClientWebSocketResponse] = []
        self.readers: list[aiohttp.ClientWebSocketResponse] = []
        self.sent: dict[str, float] = {}
        self.figures = Figures()
        self._tasks: list[asyncio.Task[None]] = []
        self._acknowledged: list[asyncio.Semaphore] = []

    async def gather(self) -> None:
        side = self._side
        for number, url in enumerate(side.read_urls):
            token = side.read_tokens[number] if side.read_tokens else None
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            socket = await self._session.ws_connect(url, headers=headers, compress=0, max_msg_size=0)
            if token:
                await socket.send_str('{"type": "hello", "after": null}')
                await _until(socket, "welcome")
            self.readers.append(socket)
        for number, url in enumerate(side.write_urls):
            socket = await self._session.ws_connect(url, compress=0, max_msg_size=0)
            if side.write_hellos:
                await socket.send_str(orjson.dumps(side.write_hellos[number]).decode())
                await _until(socket, "welcome")
            self.writers.append(socket)
            self._acknowledged.append(asyncio.Semaphore(WINDOW))
        self._tasks = [asyncio.create_task(self._read(each)) for each in self.readers]
        self._tasks += [asyncio.create_task(self._hear(n, each)) for n, each in enumerate(self.writers)]

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            if b'"message.added"' not in message.data.encode()[:200]:
                continue
            client_id = orjson.loads(message.data)["message"]["client_id"]
            at = self.sent.pop(client_id, None)
            if at is not None:
                self.figures.messages += 1
                self.figures.latencies.append(time.perf_counter() - at)

    async def _hear(self, number: int, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            if '"message.ack"' in message.data[:200]:
                self._acknowledged[number].release()

    async def _write(self, number: int, count: int) -> None:
        await self._acknowledged[number].acquire()
        client_id = f"{number}-{count}-{time.perf_counter_ns()}"
        frame = {"type": "message.send", "client_id": client_id, "text": TEXTS[count % len(TEXTS)]}
        self.sent[client_id] = time.perf_counter()
        await self.writers[number].send_str(orjson.dumps(frame).decode())

    async def at_full_speed(self, seconds: float, pid: int) -> Figures:
        self.figures = Figures()
        end = time.perf_counter() + seconds
        start, cpu = time.perf_counter(), cpu_of(pid)

        async def keep_writing(number: int) -> None:
            count = 0
            while time.perf_counter() < end:
                await self._write(number, count)
                count += 1

        await asyncio.gather(*(keep_writing(number) for number in range(len(self.writers))))
        self.figures.seconds = time.perf_counter() - start
        self.figures.cpu_seconds = cpu_of(pid) - cpu
        return self.figures

    async def at_rate(self, per_second: float, seconds: float) -> Figures:
        await asyncio.sleep(0.5)
        self.figures = Figures()
        start = time.perf_counter()
        for count in range(int(per_second * seconds)):
            due = start + count / per_second
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            await self._write(count % len(self.writers), count)
        await asyncio.sleep(0.5)
        self.figures.seconds = time.perf_counter() - start
        return self.figures

    async def leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(
            *(each.close() for each in (*self.writers, *self.readers)), return_exceptions=True
        )


async def _until(socket: aiohttp.ClientWebSocketResponse, what: str) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while True:
            frame: dict[str, Any] = orjson.loads((await socket.receive()).data)
            if frame["type"] == what:
                return frame


@contextlib.asynccontextmanager
async def crowd(side: Side) -> AsyncIterator[Crowd]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        gathered = Crowd(session, side)
        await gathered.gather()
        try:
            yield gathered
        finally:
            await gathered.leave()


async def spread(read_urls: list[str], tokens: list[str] | None, what: str, cause: str, body: Any) -> float:
    """Milliseconds from causing one event until the last of the readers has it; the median of five."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        sockets = []
        for number, url in enumerate(read_urls):
            headers = {"Authorization": f"Bearer {tokens[number]}"} if tokens else {}
            socket = await session.ws_connect(url, headers=headers, compress=0, max_msg_size=0)
            if tokens:
                await socket.send_str('{"type": "hello", "after": null}')
                await _until(socket, "welcome")
            sockets.append(socket)
        times = []
        for _ in range(5):
            waiting = [asyncio.create_task(_until(each, what)) for each in sockets]
            await asyncio.sleep(0.3)
            start = time.perf_counter()
            async with session.post(cause, json=body):
                pass
            await asyncio.gather(*waiting)
            times.append((time.perf_counter() - start) * 1000)
        await asyncio.gather(*(each.close() for each in sockets), return_exceptions=True)
    return statistics.median(times)
