"""Text messages: send a lost one again, note that somebody wants no more."""

from __future__ import annotations

from typing import Any

from hotline.actions import text_delivery, texts
from hotline.domain.access import Permission
from hotline.domain.ids import MessageId
from hotline.errors import Forbidden, NotFound, WrongState
from hotline.live.projections.contact import ContactView, message_view, renamed
from web_console.api.contacts import MessageWire, contact_id_of, shown
from web_console.openapi import ApiRequest, route

_CONFLICTS = (NotFound, Forbidden, WrongState)


@route(
    "POST",
    "/api/contacts/{contact_id}/messages/{message_id}/resend",
    permission=Permission.CONTACT_SERVE,
    answer=MessageWire,
    status=201,
    errors=_CONFLICTS,
)
async def resend_text(request: ApiRequest) -> dict[str, Any]:
    """A text that did not arrive, as a new one. Asked again, it is the same new one."""
    message = await text_delivery.resend(
        request.hotline, request.actor, contact_id_of(request), MessageId(request.path["message_id"])
    )
    return renamed(message_view(message, request.hotline.directory))


@route(
    "POST",
    "/api/contacts/{contact_id}/texts/stop",
    permission=Permission.CONTACT_SERVE,
    answer=ContactView,
    errors=_CONFLICTS,
)
async def stop_texts(request: ApiRequest) -> ContactView:
    """They said in their own words that they want no more texts. Only they can begin again, by START."""
    contact = await texts.stop_for(request.hotline, request.actor, contact_id_of(request))
    return shown(request, contact)
