"""The queue switchboard: which skills there are, which queues are diverted, and diverting them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from hotline.actions import switchboard
from hotline.domain.access import Permission
from hotline.domain.contacts import Channel
from hotline.domain.ids import DiversionId
from hotline.domain.switchboard import LONGEST, DivertTo
from hotline.errors import Forbidden, Invalid, NotFound, WrongState
from hotline.live.projections import diversion as projection
from hotline.live.projections.diversion import DiversionView
from web_console.api.inputs import Listing, Note, SkillCode, SkillCodes
from web_console.openapi import ApiRequest, Body, route

_LONGEST_MINUTES = int(LONGEST.total_seconds() // 60)


class SkillView(TypedDict):
    """`topics` and `age_bands` ask for it by themselves."""

    code: str
    zh: str
    en: str
    topics: list[str]
    age_bands: list[str]


class Skills(TypedDict):
    """`partner_number` is empty where no partner line is set."""

    items: list[SkillView]
    next: str | None
    level_wanted: int
    partner_number: str


class Divert(Body):
    """A queue is a channel × language × skill; null means all of them. `to_skills`: for `to: "skills"`."""

    channel: Literal["call", "chat", "sms"] | None = None
    language: Literal["zh", "en"] | None = None
    skill: SkillCode | None = None
    to: Literal["skills", "callback", "partner", "pause"]
    to_skills: SkillCodes = Field(default=[])
    minutes: int = Field(ge=1, le=_LONGEST_MINUTES)
    reason: Note | None = None


@route("GET", "/api/skills", permission=Permission.STAFF_READ, answer=Skills)
async def skills(request: ApiRequest) -> Skills:
    """The skills of this service, languages first, named in both languages."""
    rules = request.hotline.rules
    items: list[SkillView] = [
        {
            "code": each.code,
            "zh": each.zh,
            "en": each.en,
            "topics": list(each.topics),
            "age_bands": list(each.age_bands),
        }
        for each in rules.all_skills
    ]
    return {
        "items": items,
        "next": None,
        "level_wanted": rules.skill_level_wanted,
        "partner_number": rules.partner_number,
    }


@route("GET", "/api/diversions", permission=Permission.CONTACT_SERVE, answer=Listing[DiversionView])
async def diversions(request: ApiRequest) -> dict[str, Any]:
    """Those in force."""
    found = await switchboard.in_force(request.hotline)
    return {"items": [projection.view(each, request.hotline.directory) for each in found], "next": None}


@route(
    "POST",
    "/api/diversions",
    permission=Permission.QUEUE_DIVERT,
    body=Divert,
    answer=DiversionView,
    status=201,
    errors=(Invalid, "not_divertible", Forbidden),
)
async def divert(request: ApiRequest) -> DiversionView:
    """Divert a queue from now on, for so many minutes. The same `Idempotency-Key` again changes nothing."""
    wish: Divert = request.body
    made = await switchboard.divert(
        request.hotline,
        request.actor,
        to=DivertTo(wish.to),
        minutes=wish.minutes,
        channel=Channel(wish.channel) if wish.channel is not None else None,
        language=wish.language,
        skill=wish.skill,
        to_skills=wish.to_skills,
        reason=wish.reason,
        key=request.idempotency_key,
    )
    return projection.view(made, request.hotline.directory)


@route(
    "POST",
    "/api/diversions/{diversion_id}/end",
    permission=Permission.QUEUE_DIVERT,
    answer=DiversionView,
    errors=(NotFound, Forbidden, WrongState, "diversion_over"),
)
async def end_diversion(request: ApiRequest) -> DiversionView:
    """The queue comes back at once."""
    over = await switchboard.end(request.hotline, request.actor, DiversionId(request.path["diversion_id"]))
    return projection.view(over, request.hotline.directory)
