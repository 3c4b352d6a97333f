"""A socket's own outbox and writer: one reader that stops reading costs the others nothing.

Frames are pushed without waiting; a task of the socket sends them. Past `LARGEST` bytes the connection is
cut; the console comes back and resumes by its cursor.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import Any

import orjson
from aiohttp import WSMsgType, web

LARGEST = 1024 * 1024  # bytes held for one reader


class Outbox:
    """`push` may be called from anywhere on the loop; frames leave in this order."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self._socket = socket
        self._request = request
        self._frames: deque[bytes] = deque()
        self._size = 0
        self._wake = asyncio.Event()
        self._held: deque[bytes] | None = None
        self._cut = False
        self._task = asyncio.create_task(self._send(), name="socket outbox")

    def push(self, frame: bytes) -> None:
        if self._cut:
            return
        self._size += len(frame)
        if self._size > LARGEST:
            self.cut()
            return
        if self._held is not None:
            self._held.append(frame)
            return
        self._frames.append(frame)
        self._wake.set()

    def say(self, frame: dict[str, Any]) -> None:
        """An answer to this reader alone; it overtakes what is held back. Who asks and never reads is cut."""
        if self._size > LARGEST:
            self.cut()
            return
        self.push_now(orjson.dumps(frame, option=orjson.OPT_UTC_Z))

    def cut(self) -> None:
        """End the connection without a farewell: its reader does not read, or never said who it is."""
        self._cut = True
        self._frames.clear()
        if self._held is not None:
            self._held.clear()
        transport = self._request.transport
        if transport is not None:
            transport.abort()

    def push_now(self, frame: bytes) -> None:
        """A frame that comes before those held back (what was missed)."""
        if self._cut:
            return
        self._size += len(frame)
        self._frames.append(frame)
        self._wake.set()

    def hold(self) -> None:
        """From here on pushed frames wait, until `release`: while a snapshot is being read."""
        self._held = deque()

    def release(self) -> None:
        held, self._held = self._held or deque(), None
        self._frames.extend(held)
        self._wake.set()

    async def _send(self) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            while not self._socket.closed:
                while self._frames:
                    frame = self._frames.popleft()
                    self._size -= len(frame)
                    await self._socket.send_frame(frame, WSMsgType.TEXT)
                self._wake.clear()
                await self._wake.wait()

    async def close(self) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
