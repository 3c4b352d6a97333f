"""`GET /openapi.json`: the description of all of `/api`."""

from __future__ import annotations

from functools import cache
from importlib import metadata

import orjson
from aiohttp import web

from web_console.openapi_document import document


async def describe_api(_request: web.Request) -> web.StreamResponse:
    return web.Response(body=_document(), content_type="application/json")


@cache
def _document() -> bytes:
    from web_console.routes import api_routes  # which lists this address too

    return orjson.dumps(document(api_routes(), version=metadata.version("crisis-hotline")))
