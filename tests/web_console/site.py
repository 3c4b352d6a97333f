"""A real server on a free port over a real store, and clients that speak HTTP to it."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from hotline.actions import staff
from hotline.actions.staff import OPERATOR, NewStaff
from hotline.bootstrap import open_hotline
from hotline.clock import Clock
from hotline.domain.access import Role
from hotline.domain.staff import Staff
from hotline.service import Hotline
from hotline.settings import load_settings
from tests import scene
from tests.databases import migrated_sqlite
from triage.assessor import InlineAssessor
from web_console.app import build_app, listening

PASSWORD = "a long enough sentence"
UNSLOWED = {
    "sign_in_attempts": 3,
    "requests_per_second": 1e6,
    "anonymous_requests_per_second": 1e6,
    "chats_per_minute": 1e6,
}


@dataclass
class Site:
    hotline: Hotline
    app: web.Application
    address: str
    client: aiohttp.ClientSession
    """Keeps no cookies."""

    async def account(
        self, username: str, roles: Sequence[Role] = (Role.COUNSELOR,), password: str | None = PASSWORD
    ) -> Staff:
        new = NewStaff(username=username, name=username.title(), roles=roles, password=password)
        return (await staff.create(self.hotline, OPERATOR, new)).staff

    async def token(self, *roles: Role) -> str:
        """Somebody signed in with these roles; without the password's tenths of a second."""
        account = await self.account(f"somebody-{secrets.token_hex(4)}", roles, password=None)
        return await scene.signed_in(self.hotline, account.id)

    def asks(self, method: str, path: str, **given: Any) -> Any:
        return self.client.request(method, self.address + path, **given)

    def asks_as(self, token: str, method: str, path: str, **given: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}", **given.pop("headers", {})}
        return self.asks(method, path, headers=headers, **given)

    def browser(self) -> contextlib.AbstractAsyncContextManager[aiohttp.ClientSession]:
        """A client that keeps cookies, also of a bare address."""
        return aiohttp.ClientSession(self.address, cookie_jar=aiohttp.CookieJar(unsafe=True))


@contextlib.asynccontextmanager
async def open_site(
    data: Path, clock: Clock | None = None, pages: Path | None = None, **settings: Any
) -> AsyncIterator[Site]:
    if not (data / "hotline.sqlite3").exists():
        migrated_sqlite(data / "hotline.sqlite3")
    chosen = load_settings(data_dir=data, **{"listen_port": 0, **UNSLOWED, **settings})
    async with open_hotline(chosen, clock=clock, assessor=InlineAssessor(), work=False) as hotline:
        app = build_app(hotline, pages=pages or data / "no pages")
        async with (
            listening(app) as server,
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client,
        ):
            yield Site(hotline, app, f"http://127.0.0.1:{server.port}", client)
