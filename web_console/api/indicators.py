"""Today's figures for the wallboard, with their definitions."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from typing_extensions import TypedDict

from hotline.actions.sound_troubles import all_in_trouble
from hotline.domain.access import Permission
from hotline.domain.contacts import Contact
from hotline.domain.indicators import DEFINITIONS, indicators
from web_console.openapi import ApiRequest, route

ZONE = ZoneInfo("Asia/Shanghai")  # the service's day; China has one time zone and no summer time


class HourView(TypedDict):
    hour: int
    offered: int
    answered: int


class Definition(TypedDict):
    zh: str
    en: str


class IndicatorsView(TypedDict):
    """Rates are 0…1, null where nothing was offered yet; seconds for the speed of answer. `sounds_in_trouble`:
    recordings and messages left that somebody should look at, of any day."""

    offered: int
    answered: int
    abandoned: int
    answer_rate: float | None
    abandonment_rate: float | None
    average_speed_of_answer_s: float | None
    sounds_in_trouble: int
    hours: list[HourView]
    definitions: dict[str, Definition]


@route("GET", "/api/indicators/today", permission=Permission.INDICATORS_READ, answer=IndicatorsView)
async def today(request: ApiRequest) -> IndicatorsView:
    now = request.hotline.clock.now().astimezone(ZONE)
    midnight = datetime.combine(now.date(), time(), ZONE)
    table = request.hotline.reader.table(Contact)
    found = indicators(await request.hotline.reader.where(Contact, table.c.opened_at >= midnight), ZONE)
    return {
        "offered": found.offered,
        "answered": found.answered,
        "abandoned": found.abandoned,
        "answer_rate": found.answer_rate,
        "abandonment_rate": found.abandonment_rate,
        "average_speed_of_answer_s": found.average_speed_of_answer_s,
        "sounds_in_trouble": len(await all_in_trouble(request.hotline)),
        "hours": [
            {"hour": each.hour, "offered": each.offered, "answered": each.answered} for each in found.hours
        ],
        "definitions": {key: {"zh": zh, "en": en} for key, (zh, en) in DEFINITIONS.items()},
    }
