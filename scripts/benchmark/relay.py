"""A0: a bare aiohttp relay that stores nothing. A writer's message goes to its one reader and is acknowledged."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import orjson
import uvloop
from aiohttp import WSMsgType, web

READERS: dict[str, web.WebSocketResponse] = {}
EVERYBODY: list[web.WebSocketResponse] = []


async def write(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    name = request.query["name"]
    async for message in socket:
        frame: dict[str, Any] = orjson.loads(message.data)
        reader = READERS.get(name)
        if reader is not None:
            told = {
                "type": "message.added",
                "message": {"client_id": frame["client_id"], "text": frame["text"]},
            }
            await reader.send_frame(orjson.dumps(told), WSMsgType.TEXT)
        ack = orjson.dumps({"type": "message.ack", "client_id": frame["client_id"]})
        await socket.send_frame(ack, WSMsgType.TEXT)
    return socket


async def read(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    READERS[request.query["name"]] = socket
    EVERYBODY.append(socket)
    async for _ in socket:
        pass
    return socket


async def broadcast(_request: web.Request) -> web.Response:
    frame = orjson.dumps({"type": "contact.opened", "contact": {"id": "con_x", "filler": "x" * 1200}})
    for socket in EVERYBODY:
        await socket.send_frame(frame, WSMsgType.TEXT)
    return web.Response()


async def main() -> None:
    app = web.Application()
    app.router.add_get("/write", write)
    app.router.add_get("/read", read)
    app.router.add_post("/broadcast", broadcast)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=4096).start()
    sys.stdout.write(orjson.dumps({"port": runner.addresses[0][1]}).decode() + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
