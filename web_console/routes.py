"""Every address of the server, in one place. What is not listed here does not exist; what is listed without
saying who may come in keeps the server from starting."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import ModuleType

from aiohttp import web

from hotline.domain.access import Permission
from hotline.telephony import addresses
from web_console import health, page_files, setup_page
from web_console.api import (
    alerts,
    calls,
    chats,
    closing,
    contacts,
    duty_phones,
    followups,
    indicators,
    instruments,
    journal,
    line,
    me,
    offers,
    organisations,
    people,
    person_background,
    phone,
    policy,
    presence,
    public,
    recordings,
    referrals,
    rehabilitation,
    ring_rules,
    school_reports,
    schools,
    session,
    shift_swaps,
    shifts,
    sound,
    sound_troubles,
    staff,
    switchboard,
    teams,
    texts,
    triage_quality,
    voicemails,
)
from web_console.api_document import describe_api
from web_console.openapi import PUBLIC, Access, Public, Route, routes_of, served
from web_console.sockets.chat import chat
from web_console.sockets.media import media
from web_console.sockets.staff import console
from web_console.webhooks.recordings import RECORDING_WEBHOOKS
from web_console.webhooks.rooms import ROOM_WEBHOOKS, music
from web_console.webhooks.twilio import WEBHOOKS

API_MODULES: tuple[ModuleType, ...] = (
    public,
    chats,
    session,
    me,
    staff,
    organisations,
    switchboard,
    ring_rules,
    journal,
    presence,
    offers,
    people,
    person_background,
    phone,
    contacts,
    texts,
    calls,
    closing,
    instruments,
    recordings,
    sound_troubles,
    policy,
    alerts,
    teams,
    followups,
    voicemails,
    line,
    referrals,
    rehabilitation,
    school_reports,
    schools,
    indicators,
    triage_quality,
    shifts,
    shift_swaps,
    duty_phones,
)

_ALL_WEBHOOKS = {**WEBHOOKS, **ROOM_WEBHOOKS, **RECORDING_WEBHOOKS}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def api_routes() -> list[Route]:
    return [declared for module in API_MODULES for declared in routes_of(module)]


def other_routes() -> list[tuple[str, str, Handler, Access]]:
    """Pages, sockets, probes: what is no API and is not described."""
    return [
        ("GET", "/", page_files.console_page, PUBLIC),
        ("GET", "/chat", page_files.chat_page, PUBLIC),
        ("GET", "/school", page_files.school_page, PUBLIC),
        ("GET", "/embed.js", page_files.embed_script, PUBLIC),
        ("GET", "/assets/{name}", page_files.asset, PUBLIC),
        ("GET", "/favicon.ico", page_files.no_icon, PUBLIC),
        ("GET", "/setup", setup_page.show, PUBLIC),
        ("POST", "/setup", setup_page.submit, PUBLIC),
        ("GET", "/openapi.json", describe_api, PUBLIC),
        ("GET", "/sounds/{sound_id}", sound.audio, (Permission.RECORDING_LISTEN, Permission.FOLLOWUP_WORK)),
        ("GET", addresses.HOLD_MUSIC, music, PUBLIC),  # a public tune
        ("GET", "/health/live", health.live, PUBLIC),
        ("GET", "/health/ready", health.ready, PUBLIC),
        ("GET", "/metrics", health.counters, PUBLIC),
        # Known by their signature:
        *(("POST", path, webhook, PUBLIC) for path, webhook in _ALL_WEBHOOKS.items()),
        ("GET", addresses.MEDIA, media, PUBLIC),  # by its signature too
        ("GET", "/line/notices/{token}", line.notice_audio, PUBLIC),  # known by an address nobody guesses
        ("GET", "/ws/chat", chat, PUBLIC),
        ("GET", "/ws/console", console, Permission.ACCOUNT_OWN),
    ]


_SOCKETS = (chat, console, media)


def add_routes(app: web.Application) -> None:
    for declared in api_routes():
        app.router.add_route(declared.method, declared.path, served(declared))
    for method, path, handler, permission in other_routes():
        marked = open_to(permission, handler)
        app.router.add_route(method, path, marked)
        if method == "GET" and handler not in _SOCKETS:
            app.router.add_route("HEAD", path, marked)
    require_permissions(app)


def open_to(permission: Access, handler: Handler) -> Handler:
    """A plain handler with the mark that every route must have."""

    async def serve(request: web.Request) -> web.StreamResponse:
        return await handler(request)

    serve.permission = permission  # type: ignore[attr-defined]
    return serve


def require_permissions(app: web.Application) -> None:
    """Refuse to start with a route that does not say who may come in."""
    for route in app.router.routes():
        permission = getattr(route.handler, "permission", None)
        if not isinstance(permission, Permission | Public | tuple):
            address = route.resource.canonical if route.resource else "?"
            raise RuntimeError(f"{route.method} {address} does not say who may come in")
