"""At how many counselors a contact rings, by queue: what is in force, and ruling it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from hotline.actions import ring_rules as actions
from hotline.domain import ring_rules
from hotline.domain.access import Permission
from hotline.domain.ring_rules import LONGEST_TURN, MOST_AT_ONCE, MOST_QUEUES, RingRules
from hotline.errors import Forbidden, Invalid, StaleVersion
from hotline.live.directory import Name
from web_console.api.inputs import Count, SkillCode
from web_console.openapi import ApiRequest, Body, route

RingChannel = Literal["call", "chat", "sms", "school"]


class RingQueue(Body):
    """What is null is meant for all of them."""

    channel: RingChannel
    language: Literal["zh", "en"] | None = None
    skill: SkillCode | None = None


class Ruling(Body):
    version: Count
    queues: Annotated[list[RingQueue], Field(max_length=MOST_QUEUES)]
    most: Annotated[int, Field(ge=1, le=MOST_AT_ONCE)]
    after_seconds: Annotated[int, Field(ge=0, le=int(LONGEST_TURN.total_seconds()))]


class RingQueueView(TypedDict):
    channel: RingChannel
    language: Literal["zh", "en"] | None
    skill: str | None


class RingRulesView(TypedDict):
    """`queues` ring at `most` counselors at once, all others once somebody has waited `after_seconds`. Version 0: as
    set at the start."""

    version: int
    queues: list[RingQueueView]
    most: int
    after_seconds: int
    changed_by: Name | None
    changed_at: datetime | None


def _shown(request: ApiRequest, ruled: RingRules) -> RingRulesView:
    queues: list[RingQueueView] = []
    for name in ruled.queues:
        channel, language, skill = ring_rules.of_queue(name)
        queues.append({"channel": channel, "language": language, "skill": skill})  # type: ignore[typeddict-item]
    return {
        "version": ruled.version,
        "queues": queues,
        "most": ruled.most,
        "after_seconds": ruled.after_seconds,
        "changed_by": request.hotline.directory.name(ruled.changed_by),
        "changed_at": ruled.changed_at,
    }


@route("GET", "/api/ring-rules", permission=Permission.CONTACT_SUPERVISE, answer=RingRulesView)
async def ring_rules_in_force(request: ApiRequest) -> RingRulesView:
    return _shown(request, await actions.in_force(request.hotline))


@route(
    "PUT",
    "/api/ring-rules",
    permission=Permission.QUEUE_DIVERT,
    body=Ruling,
    answer=RingRulesView,
    errors=(Invalid, Forbidden, StaleVersion),
)
async def rule_rings(request: ApiRequest) -> RingRulesView:
    """From now on, for those who wait already too. The version that was seen must still be the newest."""
    wish: Ruling = request.body
    names = [ring_rules.queue_name(each.channel, each.language, each.skill) for each in wish.queues]
    ruling = RingRules(queues=names, most=wish.most, after_seconds=wish.after_seconds, version=wish.version)
    return _shown(request, await actions.rule(request.hotline, request.actor, ruling))
