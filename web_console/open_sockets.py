"""The sockets that are open, and whose they are: told when the server stops, cut when their owner may no longer.

A session that merely runs out leaves its console open: somebody may be in the middle of a conversation. Signing
out, a reset, a disabled account or other roles do not. The page of other roles comes back and sees anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import weakref
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from aiohttp import WSCloseCode, web

from hotline.domain.change import Committed
from hotline.domain.staff import Session, Staff, actor_of
from hotline.service import Hotline
from web_console.identity import IDENTITY, Identity

SIGNED_OUT = 4401
"""Close code: coming back makes no sense without signing in again."""

_GOODBYE_SECONDS = 2.0  # a socket that does not answer the goodbye is cut
_LOOK_AGAIN = timedelta(minutes=1)  # for what another process (`hotline user disable`) has changed


class OpenSockets:
    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline
        self._sockets: weakref.WeakKeyDictionary[web.WebSocketResponse, Identity | None] = (
            weakref.WeakKeyDictionary()
        )
        self._looked_at: weakref.WeakKeyDictionary[web.WebSocketResponse, datetime] = (
            weakref.WeakKeyDictionary()
        )
        hotline.writer.listen(self.hear)

    async def note(self, request: web.Request, response: web.StreamResponse) -> None:
        """A signal on every response that begins."""
        if isinstance(response, web.WebSocketResponse):
            self._sockets[response] = request.get(IDENTITY)

    def hear(self, committed: Committed) -> None:
        """A listener of the writer."""
        for saved in committed.saved.values():
            if saved.noun == "session" and isinstance(saved.before, Session) and saved.after is None:
                ended = saved.before
                if ended.expires_at > committed.at:
                    self._cut(lambda each, ended=ended: each.session.id == ended.id, SIGNED_OUT)  # type: ignore[misc]
            elif saved.noun == "staff" and isinstance(saved.after, Staff) and saved.before is not None:
                self._account_changed(saved.after)

    def _account_changed(self, now: Staff) -> None:
        if now.disabled:
            self._cut(lambda each: each.staff.id == now.id, SIGNED_OUT)
        else:
            self._cut(
                lambda each: each.staff.id == now.id and each.actor != actor_of(now),
                WSCloseCode.SERVICE_RESTART,
            )

    def _cut(self, whose: Callable[[Identity], bool], code: int) -> None:
        for socket, identity in list(self._sockets.items()):
            if identity is not None and whose(identity):
                self._hotline.background.start(_close(socket, code))

    async def look_again(self, socket: web.WebSocketResponse) -> None:
        """Now and then, at a sign of life: is the account still what it was?"""
        identity, now = self._sockets.get(socket), self._hotline.clock.now()
        if identity is None or now < self._looked_at.setdefault(socket, now) + _LOOK_AGAIN:
            return
        self._looked_at[socket] = now
        account = await self._hotline.reader.find(Staff, identity.staff.id)
        if account is not None:
            self._hotline.directory.put(account)
            self._account_changed(account)

    async def say_goodbye(self, _app: web.Application) -> None:
        """The server stops: pages come back by themselves, to the next process."""
        closing = [_close(socket, WSCloseCode.SERVICE_RESTART) for socket in list(self._sockets)]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await asyncio.gather(*closing, return_exceptions=True)


def _close(socket: web.WebSocketResponse, code: int) -> Coroutine[Any, Any, None]:
    async def close() -> None:
        await socket.close(code=code)

    return close()


OPEN_SOCKETS = web.AppKey("open_sockets", OpenSockets)
