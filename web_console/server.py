"""One server process: the service, its application, its port, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import logging
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from typing import Any

import uvloop

from hotline.bootstrap import open_hotline
from hotline.errors import SettingError
from hotline.logs import described
from hotline.service import Hotline
from hotline.settings import Settings
from web_console.app import build_app, listening
from web_console.companions import Companion
from web_console.demo import refuse_in_public

log = logging.getLogger(__name__)

_COLLECT_AFTER = 20_000  # new objects: a hundred requests, a few megabytes

Ready = Callable[[Hotline, str], Awaitable[None]]
Prepare = Callable[[Hotline], Awaitable[None]]


def run(
    settings: Settings, ready: Ready, *, prepare: Prepare | None = None, companions: Sequence[Companion] = ()
) -> None:
    """Serve until SIGTERM or SIGINT. `prepare` comes before anybody can connect, `ready` once the port is open."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(settings, ready, prepare, companions))


async def serve(
    settings: Settings, ready: Ready, prepare: Prepare | None, companions: Sequence[Companion]
) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_log_failure)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        for companion in companions:
            settings = await stack.enter_async_context(companion.before(settings))
        hotline = await stack.enter_async_context(open_hotline(settings))
        refuse_in_public(hotline)
        if prepare is not None:
            await prepare(hotline)
        with _port_named(settings):
            server = await stack.enter_async_context(listening(build_app(hotline)))
        for companion in companions:
            await stack.enter_async_context(companion.beside(hotline, server.address))
        _rarely_collect()
        await ready(hotline, server.address)
        log.info("listening", extra={"port": server.port})
        await _told_to_stop(stop, hotline)
        log.info("stopping")


async def _told_to_stop(stop: asyncio.Event, hotline: Hotline) -> None:
    told = asyncio.ensure_future(stop.wait())
    await asyncio.wait((told, hotline.ended), return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if hotline.ended.done():
        await hotline.ended


def _rarely_collect() -> None:
    """What is loaded by now stays for good: the collector need not walk through it again and again. Requests leave
    little in circles, so it need not run after every few hundred objects either: a whole walk stops the loop for a
    good part of a second once many consoles are open."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 50)


@contextlib.contextmanager
def _port_named(settings: Settings) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = f"{settings.listen_host} port {settings.listen_port}"
        if error.errno == errno.EADDRINUSE:
            raise SettingError(f"HOTLINE_LISTEN_PORT: {where} is in use already.") from None
        raise SettingError(f"HOTLINE_LISTEN_HOST: cannot listen on {where} ({error.strerror}).") from None


def _log_failure(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What nobody awaited. asyncio's own handler would write the exception's message."""
    error = context.get("exception")
    where = described(error) if isinstance(error, BaseException) else ""
    log.error("a task failed", extra={"error": where})
