"""Who may come in is said by every route; permissions are looked at before anything else is."""

from __future__ import annotations

import pytest
from aiohttp import WSServerHandshakeError, web

from hotline.domain.access import GRANTS, Permission, Role
from tests.web_console.site import Site
from web_console import routes
from web_console.openapi import Public, route


async def test_a_route_that_does_not_say_who_may_come_in_stops_the_start() -> None:
    async def forgotten(_request: web.Request) -> web.StreamResponse:
        return web.Response()

    app = web.Application()
    app.router.add_get("/forgotten", forgotten)
    with pytest.raises(RuntimeError, match="/forgotten"):
        routes.require_permissions(app)


def test_an_api_route_cannot_be_declared_without_a_permission() -> None:
    with pytest.raises(TypeError, match="permission"):
        route("GET", "/api/forgotten")  # type: ignore[call-arg]


PRIVATE = [each for each in routes.api_routes() if not isinstance(each.permission, Public)]


@pytest.mark.parametrize("role", list(Role))
async def test_every_role_gets_what_it_is_granted_and_nothing_else(site: Site, role: Role) -> None:
    token = await site.token(role)
    granted = GRANTS[role] | {Permission.ACCOUNT_OWN}
    for each in PRIVATE:
        if each.name == "sign_out":
            continue
        path = each.path.replace("{", "").replace("}", "")
        permissions = each.permission if isinstance(each.permission, tuple) else (each.permission,)
        async with site.asks(each.method, path) as answer:
            assert answer.status == 401, each.path
        # A body that cannot be valid: who may not come in must not even hear of that.
        async with site.asks_as(
            token, each.method, path, data=b"{", headers={"Content-Type": "application/json"}
        ) as a:
            if granted.isdisjoint(permissions):
                assert (a.status, (await a.json(content_type=None))["code"]) == (403, "forbidden"), each.path
            elif each.body is not None:
                assert a.status == 400, each.path


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/ws/chat", {"Origin": "https://evil.example"}, 403),
        ("/ws/console", {}, 401),
        ("/ws/console", {"Authorization": "Bearer none"}, 401),
    ],
)
async def test_a_socket_is_refused_before_it_opens(site: Site, path: str, headers: dict, status: int) -> None:
    with pytest.raises(WSServerHandshakeError) as refused:
        await site.client.ws_connect(site.address + path, headers=headers)
    assert refused.value.status == status
