"""The institution library, the service's districts, and the code lists of referral and rehabilitation."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from typing_extensions import TypedDict

from hotline.actions import rehabilitation
from hotline.calendar_data import care_rules
from hotline.domain import referral_codes as codes
from hotline.domain.access import Permission
from hotline.domain.care_rules import LIMIT_NAMES
from hotline.domain.ids import InstitutionId
from hotline.domain.referral_case import Institution
from hotline.errors import Forbidden, Invalid, NotFound
from web_console.api.coded import Coded, coded
from web_console.api.inputs import Count, Listing, Word
from web_console.openapi import ApiRequest, Body, route

P = Permission
READING = (P.REFERRAL_FILE, P.REFERRAL_READ, P.REFERRAL_WORK, P.REHABILITATION_WORK)


class InstitutionView(TypedDict):
    id: str
    name: str
    district: str
    services: list[str]
    places_total: int
    places_free: int
    demo: bool


class LimitView(TypedDict):
    """`basis`: `measures` for what the Measures lay down, `project_default` for what this service chose."""

    name: str
    count: int
    unit: str
    basis: str


class CodesView(TypedDict):
    channels: list[Coded]
    needs: list[Coded]
    stages: list[Coded]
    checks: list[Coded]
    decline_reasons: list[Coded]
    closure_codes: list[Coded]
    consent_ways: list[Coded]
    consent_scopes: list[Coded]
    limits: list[LimitView]
    known_years: list[int]


class RegisterInstitution(Body):
    """`services`: codes of `/api/rehabilitation/needs`."""

    name: Word
    district: Word
    services: list[Word] = Field(default_factory=list, max_length=len(codes.NEEDS))
    places_total: int = Field(ge=0, le=10_000)


class Places(Body):
    places_total: Count
    places_free: Count


def shown(institution: Institution) -> InstitutionView:
    return {
        "id": institution.id,
        "name": institution.name,
        "district": institution.district,
        "services": institution.services,
        "places_total": institution.places_total,
        "places_free": institution.places_free,
        "demo": institution.demo,
    }


def _listing(items: list[Any]) -> dict[str, Any]:
    return {"items": items, "next": None}


@route(
    "GET",
    "/api/rehabilitation/institutions",
    permission=(*READING, P.STAFF_MANAGE),
    answer=Listing[InstitutionView],
)
async def institutions(request: ApiRequest) -> dict[str, Any]:
    """The library, by district and name."""
    found = await rehabilitation.institutions(request.hotline, request.actor)
    return _listing([shown(each) for each in found])


@route(
    "PUT",
    "/api/rehabilitation/institutions/{institution_id}",
    permission=P.STAFF_MANAGE,
    body=RegisterInstitution,
    answer=InstitutionView,
    errors=(Forbidden, Invalid),
)
async def register_institution(request: ApiRequest) -> InstitutionView:
    """A new entry of the library, or a known one changed. Its people have its id as their organisation."""
    wish: RegisterInstitution = request.body
    institution = Institution(
        id=InstitutionId(request.path["institution_id"]),
        name=wish.name,
        district=wish.district,
        services=list(dict.fromkeys(wish.services)),
        places_total=wish.places_total,
        places_free=wish.places_total,
    )
    return shown(await rehabilitation.register(request.hotline, request.actor, institution))


@route(
    "PUT",
    "/api/rehabilitation/institutions/{institution_id}/places",
    permission=P.REHABILITATION_WORK,
    body=Places,
    answer=InstitutionView,
    errors=(NotFound, Forbidden, Invalid),
)
async def set_places(request: ApiRequest) -> InstitutionView:
    """By the institution itself."""
    wish: Places = request.body
    institution = await rehabilitation.set_places(
        request.hotline,
        request.actor,
        InstitutionId(request.path["institution_id"]),
        total=wish.places_total,
        free=wish.places_free,
    )
    return shown(institution)


@route("GET", "/api/rehabilitation/districts", permission=READING, answer=Listing[Coded])
async def districts(request: ApiRequest) -> dict[str, Any]:
    """The districts that this service refers within; `code` is what a referral names."""
    served = request.hotline.settings.districts
    return _listing([{"code": each.zh, "zh": each.zh, "en": each.en} for each in served])


@route("GET", "/api/rehabilitation/needs", permission=READING, answer=Listing[Coded])
async def needs(request: ApiRequest) -> dict[str, Any]:
    return _listing(coded(codes.NEEDS))


@route("GET", "/api/rehabilitation/closure-codes", permission=READING, answer=Listing[Coded])
async def closure_codes(request: ApiRequest) -> dict[str, Any]:
    return _listing(coded(codes.CLOSURE_CODES))


@route("GET", "/api/rehabilitation/codes", permission=READING, answer=CodesView)
async def all_codes(request: ApiRequest) -> dict[str, Any]:
    """Every list in its order, the time limits with where they come from, and the years whose holidays are known."""
    rules = care_rules(request.hotline.settings)
    limits = [(name, rules.limit(name)) for name in LIMIT_NAMES]
    return {
        "channels": coded(codes.CHANNELS),
        "needs": coded(codes.NEEDS),
        "stages": coded(codes.STAGES),
        "checks": coded(codes.CHECKS),
        "decline_reasons": coded(codes.DECLINE_REASONS),
        "closure_codes": coded(codes.CLOSURE_CODES),
        "consent_ways": coded(codes.CONSENT_WAYS),
        "consent_scopes": coded(codes.CONSENT_SCOPES),
        "limits": [{"name": n, "count": e.count, "unit": e.unit, "basis": e.basis} for n, e in limits],
        "known_years": sorted(rules.calendar.years),
    }
