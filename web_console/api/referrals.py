"""Referrals into community rehabilitation: filed, moved by their parties, read by those who may."""

from __future__ import annotations

from typing import Any

from pydantic import StrictBool
from typing_extensions import TypedDict

from hotline.actions import referrals
from hotline.domain.access import Permission, topics_of
from hotline.domain.ids import ContactId, ReferralId
from hotline.domain.referral_case import Referral
from hotline.domain.referral_codes import Stage
from hotline.domain.referral_forms import Application, MoveForm
from hotline.errors import Forbidden, Invalid, NotFound, StaleVersion, WrongState
from hotline.live.projections import referral as projection
from hotline.live.projections.referral import ReferralView
from web_console.api.inputs import Id, Listing, PageSize
from web_console.api.pages import Cursor, cursor_of, next_of
from web_console.openapi import ApiRequest, Query, route

P = Permission
MOVING = (P.REFERRAL_FILE, P.REFERRAL_WORK, P.REHABILITATION_WORK)


class Filing(Application):
    """`contact_id`: the closed contact it comes from; none for a walk-in. `submit=false` keeps it as a draft."""

    contact_id: Id | None = None
    submit: StrictBool = True


class ReferralsQuery(Query):
    stage: Stage | None = None
    before: Cursor | None = None
    limit: PageSize = 100


class PersonRecord(TypedDict):
    """Everything that was filed about the person; reading it is journalled."""

    person: dict[str, Any]
    health: dict[str, Any] | None
    forms: list[dict[str, Any]]


def referral_id_of(request: ApiRequest) -> ReferralId:
    return ReferralId(request.path["referral_id"])


def shown(request: ApiRequest, referral: Referral) -> ReferralView:
    """As the asker's own console sees it in frames."""
    whole = projection.view(referral, request.hotline.directory)
    return projection.narrowed(referral, whole, topics_of(request.actor))


@route(
    "GET",
    "/api/referrals",
    permission=referrals.READERS,
    query=ReferralsQuery,
    answer=Listing[ReferralView],
    errors=(Invalid,),
)
async def list_referrals(request: ApiRequest) -> dict[str, Any]:
    """Newest first; a counselor their own, a worker the district's, an institution those referred to it."""
    wish: ReferralsQuery = request.query
    found = await referrals.page(
        request.hotline, request.actor, stage=wish.stage, before=cursor_of(wish.before), limit=wish.limit
    )
    return {"items": [shown(request, each) for each in found], "next": next_of(found, wish.limit)}


@route(
    "POST",
    "/api/referrals",
    permission=P.REFERRAL_FILE,
    body=Filing,
    answer=ReferralView,
    status=201,
    errors=(NotFound, Forbidden, WrongState, Invalid, "consent_needed"),
)
async def file_referral(request: ApiRequest) -> ReferralView:
    """Without the person's consent, its scope and its named receivers nothing is submitted."""
    wish: Filing = request.body
    application = Application(**{name: getattr(wish, name) for name in Application.model_fields})
    referral = await referrals.file(
        request.hotline,
        request.actor,
        application,
        contact_id=ContactId(wish.contact_id) if wish.contact_id is not None else None,
        submit=wish.submit,
        idempotency_key=request.idempotency_key,
    )
    return shown(request, referral)


@route(
    "GET",
    "/api/referrals/{referral_id}",
    permission=referrals.READERS,
    answer=ReferralView,
    errors=(NotFound,),
)
async def get_referral(request: ApiRequest) -> ReferralView:
    return shown(request, await referrals.get(request.hotline, request.actor, referral_id_of(request)))


@route(
    "GET",
    "/api/referrals/{referral_id}/person",
    permission=referrals.READERS,
    answer=PersonRecord,
    errors=(NotFound, Forbidden),
)
async def get_person(request: ApiRequest) -> PersonRecord:
    """The full record: for the district's worker, who filed it, and the institution once it has accepted."""
    referral = await referrals.read_person(request.hotline, request.actor, referral_id_of(request))
    forms = [
        {"move": each["move"], "at": each["at"], **each["given"]}
        for each in referral.history
        if each["given"]
    ]
    return {"person": referral.person, "health": referral.health, "forms": forms}


@route(
    "POST",
    "/api/referrals/{referral_id}/{move}",
    permission=MOVING,
    body=MoveForm,
    answer=ReferralView,
    errors=(
        NotFound,
        Forbidden,
        StaleVersion,
        WrongState,
        Invalid,
        "consent_needed",
        "duplicate",
        "full",
        "closing_proposed",
        "not_proposed",
        "no_visits",
    ),
)
async def move_referral(request: ApiRequest) -> ReferralView:
    """One step, named in `next_moves` with what it needs: submit, verify, register, refer, accept …"""
    referral = await referrals.move(
        request.hotline, request.actor, referral_id_of(request), request.path["move"], request.body
    )
    return shown(request, referral)
