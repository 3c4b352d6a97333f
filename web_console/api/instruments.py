"""Instruments as data, and filling them for a contact."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from pydantic import Field
from typing_extensions import TypedDict

from hotline.actions import reading_contacts, risk
from hotline.domain.access import Permission
from hotline.domain.contacts import InstrumentAnswers
from hotline.domain.ids import ContactId
from hotline.errors import Forbidden, Invalid, NotFound
from hotline.live.directory import Name
from hotline.live.projections import contact as projection
from hotline.live.projections.contact import ContactView
from triage import instruments
from triage.assessment import Level
from triage.instruments.scoring import Floors
from web_console.api.inputs import Listing
from web_console.openapi import ApiRequest, Body, route


class OptionView(TypedDict):
    value: str | int | bool
    zh: str
    en: str


class ConditionView(TypedDict):
    item: str
    values: list[str | int | bool]


class ItemView(TypedDict):
    """Asked when any condition of `shown_if` holds; without conditions, always."""

    id: str
    text_zh: str
    text_en: str
    note_zh: str
    note_en: str
    options: list[OptionView]
    shown_if: list[ConditionView]
    unverified: bool


class InstrumentView(TypedDict):
    id: str
    version: str
    title_zh: str
    title_en: str
    stem_zh: str
    stem_en: str
    help_zh: str
    help_en: str
    licence: str
    unverified: bool
    items: list[ItemView]


class NextStep(TypedDict):
    zh: str
    en: str


class ResultView(TypedDict):
    """`level_high`, `low` and `high`: what unknown answers leave open. `steps`: what is to be done next."""

    level_floor: Level
    level_high: Level
    complete: bool
    low: int | None
    high: int | None
    summary_zh: str
    summary_en: str
    steps: list[NextStep]


class Filled(TypedDict):
    result: ResultView
    contact: ContactView


class PastAnswers(TypedDict):
    at: datetime
    instrument_id: str
    instrument_version: str
    by: Name | None
    answers: dict[str, Any]
    level_floor: Level | None
    result: ResultView | None
    """What they say; None if the instrument has changed since, or is no longer there."""


class FillInstrument(Body):
    instrument_id: str = Field(pattern=r"^[a-z0-9_-]{1,40}$")
    answers: dict[str, str | int | bool | None] = Field(max_length=60)


def _item(item: instruments.Item) -> ItemView:
    return {
        "id": item.id,
        "text_zh": item.text_zh,
        "text_en": item.text_en,
        "note_zh": item.note_zh,
        "note_en": item.note_en,
        "options": [{"value": each.value, "zh": each.text_zh, "en": each.text_en} for each in item.options],
        "shown_if": [{"item": each.item, "values": list(each.values)} for each in item.shown_if],
        "unverified": item.unverified,
    }


def _instrument(each: instruments.Instrument) -> InstrumentView:
    return {
        "id": each.id,
        "version": each.version,
        "title_zh": each.title_zh,
        "title_en": each.title_en,
        "stem_zh": each.stem_zh,
        "stem_en": each.stem_en,
        "help_zh": each.help_zh,
        "help_en": each.help_en,
        "licence": each.licence,
        "unverified": each.unverified,
        "items": [_item(item) for item in each.items],
    }


def _result(result: instruments.InstrumentResult) -> ResultView:
    return {
        "level_floor": result.level,
        "level_high": result.level_high,
        "complete": result.complete,
        "low": result.low,
        "high": result.high,
        "summary_zh": result.summary_zh,
        "summary_en": result.summary_en,
        "steps": [{"zh": step.text_zh, "en": step.text_en} for step in result.steps],
    }


def _past_result(each: InstrumentAnswers, floors: Floors) -> ResultView | None:
    """Scored again, by the instrument that was filled and no other."""
    now = next((one for one in instruments.catalogue() if one.id == each.instrument_id), None)
    if now is None or str(now.version) != each.instrument_version:
        return None
    return _result(instruments.score(each.instrument_id, each.answers, floors))


@route("GET", "/api/instruments", permission=Permission.CONTACT_SERVE, answer=Listing[InstrumentView])
async def catalogue(request: ApiRequest) -> dict[str, Any]:
    """The questionnaires, with their questions in both languages."""
    return {"items": [_instrument(each) for each in instruments.catalogue()], "next": None}


@route(
    "POST",
    "/api/contacts/{contact_id}/instruments",
    permission=Permission.CONTACT_SERVE,
    body=FillInstrument,
    answer=Filled,
    status=201,
    errors=(NotFound, Forbidden, Invalid),
)
async def fill(request: ApiRequest) -> Filled:
    """Keep the answers; their floor joins the contact's level."""
    wish: FillInstrument = request.body
    result, contact = await risk.fill_instrument(
        request.hotline,
        request.actor,
        ContactId(request.path["contact_id"]),
        instrument_id=wish.instrument_id,
        answers=dict(wish.answers),
        idempotency_key=request.idempotency_key or secrets.token_hex(8),
    )
    return {
        "result": _result(result),
        "contact": projection.view(contact, request.hotline.directory, request.hotline.rules),
    }


@route(
    "GET",
    "/api/contacts/{contact_id}/instruments",
    permission=Permission.CONTACT_SERVE,
    answer=Listing[PastAnswers],
    errors=(NotFound, Forbidden),
)
async def past(request: ApiRequest) -> dict[str, Any]:
    """What was answered earlier. Journalled."""
    hotline = request.hotline
    contact_id = ContactId(request.path["contact_id"])
    contact = await reading_contacts.content(hotline, request.actor, contact_id)
    table = hotline.reader.table(InstrumentAnswers)
    found = await hotline.reader.where(
        InstrumentAnswers, table.c.contact_id == contact.id, order=(table.c.at,)
    )
    return {
        "items": [
            {
                "at": each.at,
                "instrument_id": each.instrument_id,
                "instrument_version": each.instrument_version,
                "by": hotline.directory.name(each.staff_id),
                "answers": each.answers,
                "level_floor": each.level_floor,
                "result": _past_result(each, hotline.rules.policy.floors),
            }
            for each in found
        ],
        "next": None,
    }
