"""Whose console stays open: an expired session's does; a disabled, reset or signed-out account's does not."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from hotline.actions import contacts, sessions, staff
from hotline.actions.staff import OPERATOR
from hotline.auth.tokens import token_hash
from hotline.bootstrap import open_accounts
from hotline.domain.access import Role
from hotline.domain.presence import Presence
from hotline.domain.staff import Session
from tests.conftest import SetClock
from tests.scene import signed_in
from tests.web_console.site import Site
from tests.web_console.test_sockets import until
from web_console.open_sockets import SIGNED_OUT


class Console:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse, session: Session) -> None:
        self.socket = socket
        self.session = session

    async def answers(self) -> bool:
        """A ping is answered, or the socket is closed."""
        await self.socket.send_json({"type": "ping"})
        async with asyncio.timeout(5):
            while True:
                message = await self.socket.receive()
                if message.type in (
                    aiohttp.WSMsgType.CLOSE,
                    aiohttp.WSMsgType.CLOSED,
                    aiohttp.WSMsgType.CLOSING,
                ):
                    return False
                if message.json()["type"] == "pong":
                    return True

    async def closed_with(self) -> int | None:
        async with asyncio.timeout(5):
            while (await self.socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        return self.socket.close_code


@contextlib.asynccontextmanager
async def console(site: Site, *roles: Role) -> AsyncIterator[Console]:
    token = await site.token(*roles)
    table = site.hotline.reader.table(Session)
    (session,) = await site.hotline.reader.where(Session, table.c.token_hash == token_hash(token))
    headers = {"Authorization": f"Bearer {token}"}
    async with site.client.ws_connect(f"{site.address}/ws/console", headers=headers) as socket:
        await socket.send_json({"type": "hello", "after": None})
        assert (await socket.receive_json())["type"] == "welcome"
        yield Console(socket, session)


async def test_signing_out_closes_the_session_s_consoles_only(site: Site) -> None:
    async with console(site, Role.COUNSELOR) as one, console(site, Role.COUNSELOR) as other:
        await sessions.sign_out(site.hotline, one.session)
        assert await one.closed_with() == SIGNED_OUT
        assert await other.answers()


async def test_a_client_that_comes_back_in_other_roles_begins_anew(site: Site) -> None:
    """After its cursor it heard what happens now, and never of what was open in the new role."""
    token = await site.token(Role.COUNSELOR)
    (someone,) = [each for each in await staff.everyone(site.hotline) if each.roles == [Role.COUNSELOR]]

    async def comes(after: str | None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        async with site.client.ws_connect(f"{site.address}/ws/console", headers=headers) as socket:
            await socket.send_json({"type": "hello", "after": after})
            welcome: dict[str, Any] = await socket.receive_json()
            return welcome

    first = await comes(None)
    assert "snapshot" not in await comes(first["cursor"])
    await staff.change(site.hotline, OPERATOR, someone.id, roles=[Role.DISPATCHER])
    tabs = [await comes(first["cursor"]) for _ in range(2)]
    assert all("snapshot" in each for each in tabs)
    await contacts.open_chat(site.hotline, language="zh")
    later = site.hotline.feed.cursor()
    assert "snapshot" not in await comes(later)


@pytest.mark.parametrize("how", ["disable", "reset"])
async def test_an_account_that_is_taken_away(site: Site, how: str) -> None:
    async with console(site, Role.COUNSELOR) as opened:
        if how == "disable":
            await staff.change(site.hotline, OPERATOR, opened.session.staff_id, disabled=True)
        else:
            await staff.reset(site.hotline, OPERATOR, opened.session.staff_id)
        assert await opened.closed_with() == SIGNED_OUT


async def test_other_roles_mean_another_view(site: Site) -> None:
    async with console(site, Role.COUNSELOR) as opened:
        await staff.change(site.hotline, OPERATOR, opened.session.staff_id, name="Another Name")
        assert await opened.answers()
        await staff.change(site.hotline, OPERATOR, opened.session.staff_id, roles=[Role.AUDITOR])
        assert await opened.closed_with() == 1012


async def test_a_session_that_runs_out_leaves_its_console_open(site: Site, clock: SetClock) -> None:
    async with console(site, Role.COUNSELOR) as opened:
        clock.move(timedelta(days=2))
        assert await opened.answers()
        # The next sign-in clears the old session away.
        known = await site.hotline.reader.find(Session, opened.session.id)
        assert known is not None
        await sessions.sign_out(site.hotline, known)
        assert await opened.answers()


async def test_what_the_command_line_takes_away_is_noticed_within_a_minute(
    site: Site, clock: SetClock
) -> None:
    async with console(site, Role.COUNSELOR) as opened:
        assert await opened.answers()
        async with open_accounts(site.hotline.settings) as beside:
            await staff.change(beside, OPERATOR, opened.session.staff_id, disabled=True)
        assert await opened.answers()
        clock.move(timedelta(minutes=1))
        await opened.answers()
        assert await opened.closed_with() == SIGNED_OUT


@pytest.mark.parametrize(
    ("before", "then", "is_there"),
    [(Role.COUNSELOR, Role.DISPATCHER, False), (Role.DISPATCHER, Role.COUNSELOR, True)],
)
async def test_a_tab_of_another_role_does_not_count_for_presence(
    site: Site, before: Role, then: Role, is_there: bool
) -> None:
    """Changed by the command line, which is noticed within a minute: meanwhile one person has tabs of both."""
    async with console(site, before) as earlier:
        staff_id = earlier.session.staff_id
        async with open_accounts(site.hotline.settings) as beside:
            await staff.change(beside, OPERATOR, staff_id, roles=[then])
        headers = {"Authorization": f"Bearer {await signed_in(site.hotline, staff_id)}"}
        async with site.client.ws_connect(f"{site.address}/ws/console", headers=headers) as later:
            await later.send_json({"type": "hello", "after": None})
            await later.receive_json()
            await earlier.socket.close()

            async def is_noted() -> bool:
                found = await site.hotline.reader.find(Presence, staff_id)
                return found is not None and found.connected is is_there

            await until(is_noted)
