"""The application around a running `Hotline`: routes, middlewares, what lives as long as the server does."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from hotline.metrics import Metrics
from hotline.service import Hotline
from web_console import health
from web_console.identity import HOTLINE
from web_console.middlewares import METRICS, answer_errors, identify, protect_browsers, refuse_other_sites
from web_console.open_sockets import OPEN_SOCKETS, OpenSockets
from web_console.openapi import LARGEST_BODY
from web_console.page_files import PAGES, PAGES_FOLDER
from web_console.rate_limits import RATE_LIMITS, RateLimits
from web_console.routes import add_routes
from web_console.server_address import SERVER_ADDRESS, ServerAddress
from web_console.sockets.chat import CHATS, OpenChats
from web_console.sockets.media import STREAMS, OpenStreams
from web_console.sockets.staff import CONSOLES, OpenConsoles
from web_console.turnstile import TURNSTILE, Turnstile, in_turn

_FINISH_SECONDS = 5.0  # requests that are being served when the server is told to stop


def build_app(hotline: Hotline, *, pages: Path = PAGES) -> web.Application:
    middlewares = [answer_errors, refuse_other_sites, in_turn, identify]
    app = web.Application(middlewares=middlewares, client_max_size=LARGEST_BODY)
    app[HOTLINE] = hotline
    app[SERVER_ADDRESS] = ServerAddress(hotline.settings)
    app[RATE_LIMITS] = RateLimits()
    app[TURNSTILE] = Turnstile()
    app[PAGES_FOLDER] = pages
    app[METRICS] = Metrics()
    app[METRICS].watch(lambda: health.gauges_of(hotline))
    hotline.writer.listen(app[METRICS].hear)
    app[OPEN_SOCKETS] = OpenSockets(hotline)
    app[CONSOLES] = OpenConsoles(hotline)
    app[CHATS] = OpenChats(hotline)
    app[STREAMS] = OpenStreams(hotline)
    app[METRICS].watch(app[STREAMS].gauges)
    app.on_response_prepare.append(protect_browsers)
    app.on_response_prepare.append(app[OPEN_SOCKETS].note)
    app.on_shutdown.append(app[OPEN_SOCKETS].say_goodbye)
    add_routes(app)
    return app


@contextlib.asynccontextmanager
async def listening(app: web.Application) -> AsyncIterator[ServerAddress]:
    """The application on its port; at the end sockets are told, and requests in service finished."""
    settings = app[HOTLINE].settings
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=_FINISH_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.listen_host, settings.listen_port, reuse_address=True).start()
        app[SERVER_ADDRESS].port = runner.addresses[0][1]
        yield app[SERVER_ADDRESS]
    finally:
        await runner.cleanup()
        app[CHATS].close()
