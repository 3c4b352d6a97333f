"""The policy table, to be read: as a whole, and what it asks for in one contact."""

from __future__ import annotations

from datetime import timedelta

from typing_extensions import TypedDict

from hotline.actions import reading_contacts
from hotline.domain import guidance
from hotline.domain.access import Permission
from hotline.domain.ids import ContactId
from hotline.errors import Forbidden, NotFound
from triage.assessment import Level
from triage.policy import Tier
from web_console.openapi import ApiRequest, route


class ClockView(TypedDict):
    name: str
    seconds: float


class TierView(TypedDict):
    """`follow_up_seconds`: after closing, when the person is called."""

    id: str
    level: Level
    act_in_progress: bool
    name_zh: str
    name_en: str
    clocks: list[ClockView]
    follow_up_seconds: list[float]


class PolicyView(TypedDict):
    """`basis`: project_default, or operator for a table of the operator's own."""

    version: str
    basis: str
    tiers: list[TierView]


class AskedView(TypedDict):
    """`who` is to be told, by a person; None: something is to be done."""

    who: str | None
    zh: str
    en: str


class GuidanceView(TypedDict):
    tier: TierView
    basis: str
    asked: list[AskedView]


def _tier(tier: Tier) -> TierView:
    clocks = {name: getattr(tier.clocks, name) for name in type(tier.clocks).model_fields}
    spans: tuple[timedelta, ...] = tier.follow_up.after if tier.follow_up else ()
    return {
        "id": tier.id,
        "level": tier.level,
        "act_in_progress": tier.act_in_progress,
        "name_zh": tier.name_zh,
        "name_en": tier.name_en,
        "clocks": [
            {"name": name, "seconds": span.total_seconds()}
            for name, span in clocks.items()
            if span is not None
        ],
        "follow_up_seconds": [span.total_seconds() for span in spans],
    }


@route("GET", "/api/policy", permission=Permission.CONTACT_SERVE, answer=PolicyView)
async def policy(request: ApiRequest) -> PolicyView:
    """The tiers with their clocks, as this service runs them."""
    table = request.hotline.rules.policy
    return {"version": table.version, "basis": table.basis, "tiers": [_tier(tier) for tier in table.tiers]}


@route(
    "GET",
    "/api/contacts/{contact_id}/guidance",
    permission=Permission.CONTACT_SERVE,
    answer=GuidanceView,
    errors=(NotFound, Forbidden),
)
async def of_contact(request: ApiRequest) -> GuidanceView:
    """Who is to be told and what is to be done now; nothing that was said."""
    hotline = request.hotline
    contact = await reading_contacts.get(hotline, request.actor, ContactId(request.path["contact_id"]))
    asked = guidance.of_contact(contact, hotline.rules)
    tells: list[AskedView] = [{"who": row.who, "zh": row.zh, "en": row.en} for row in asked.tells]
    steps: list[AskedView] = [{"who": None, "zh": row.zh, "en": row.en} for row in asked.steps]
    return {"tier": _tier(asked.tier), "basis": hotline.rules.policy.basis, "asked": tells + steps}
