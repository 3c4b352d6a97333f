"""Reading what a form or a foreign program posted, whatever its headers claim it to be."""

from __future__ import annotations

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from web_console.problems import Malformed

_UNREADABLE = (ValueError, LookupError, RuntimeError, AssertionError, HttpProcessingError)
"""An unknown charset, bytes that are none of it, a multipart body that breaks off or names no boundary."""


async def posted_fields(request: web.Request) -> dict[str, str]:
    """The text fields of a posted form, or `Malformed`."""
    try:
        posted = await request.post()
    except _UNREADABLE:
        raise Malformed("The form cannot be read.") from None
    return {name: value for name, value in posted.items() if isinstance(value, str)}


async def posted_text(request: web.Request) -> str:
    """The body as text, or `Malformed`."""
    try:
        return await request.text()
    except _UNREADABLE:
        raise Malformed("The text cannot be read.") from None
