"""Offers to a counselor, and picking by hand."""

from __future__ import annotations

from hotline.actions import offers
from hotline.domain.access import Permission
from hotline.domain.ids import OfferId
from hotline.errors import Forbidden, NotFound, Taken, WrongState
from hotline.live.projections import offer as offer_projection
from hotline.live.projections.contact import ContactView
from hotline.live.projections.offer import OfferView
from web_console.api.contacts import contact_id_of, contact_move, shown
from web_console.openapi import ApiRequest, route

_CONFLICTS = (NotFound, Forbidden, Taken, WrongState)


@route(
    "POST",
    "/api/offers/{offer_id}/accept",
    permission=Permission.CONTACT_SERVE,
    answer=ContactView,
    errors=_CONFLICTS,
)
async def accept(request: ApiRequest) -> ContactView:
    contact = await offers.accept(request.hotline, request.actor, OfferId(request.path["offer_id"]))
    return shown(request, contact)


@route(
    "POST",
    "/api/offers/{offer_id}/decline",
    permission=Permission.CONTACT_SERVE,
    answer=OfferView,
    errors=_CONFLICTS,
)
async def decline(request: ApiRequest) -> OfferView:
    offer = await offers.decline(request.hotline, request.actor, OfferId(request.path["offer_id"]))
    return offer_projection.view(offer, request.hotline.directory)


@contact_move("take", errors=_CONFLICTS)
async def take(request: ApiRequest) -> ContactView:
    """Pick a waiting contact by hand."""
    contact = await offers.take(request.hotline, request.actor, contact_id_of(request))
    return shown(request, contact)


@route(
    "POST",
    "/api/contacts/take-next",
    permission=Permission.CONTACT_SERVE,
    answer=ContactView,
    errors=_CONFLICTS,
)
async def take_next(request: ApiRequest) -> ContactView:
    """Take the first one who waits."""
    contact = await offers.take_next(request.hotline, request.actor)
    return shown(request, contact)
