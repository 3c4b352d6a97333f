"""The duty telephones: which, in what order, what they read and hear."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from hotline.actions import duty_phones as actions
from hotline.domain import duty_phones
from hotline.domain.access import Permission
from hotline.domain.duty_phones import LONGEST_TEXT, MOST_NUMBERS, DutyPhones
from hotline.errors import Forbidden, Invalid, StaleVersion
from hotline.live.directory import Name
from web_console.api.inputs import Count
from web_console.openapi import ApiRequest, Body, route

PLAN = Permission.SHIFT_PLAN

DutyNumber = Annotated[str, Field(min_length=1, max_length=40)]
DutyText = Annotated[str, Field(max_length=LONGEST_TEXT)]


class DutyPhonesBody(Body):
    """`numbers` in the order in which they ring. A text names the id by {id}; null or empty: the words of the house."""

    version: Count
    numbers: Annotated[list[DutyNumber], Field(max_length=MOST_NUMBERS)]
    language: Literal["zh", "en"]
    alert_text: DutyText | None = None
    waiting_text: DutyText | None = None


class DutyPhonesView(TypedDict):
    """Version 0: as set at the start. `…_words`: the words of the house."""

    version: int
    numbers: list[str]
    language: Literal["zh", "en"]
    alert_text: str | None
    waiting_text: str | None
    alert_words: str
    waiting_words: str
    changed_by: Name | None
    changed_at: datetime | None


def _shown(request: ApiRequest, ruled: DutyPhones) -> DutyPhonesView:
    return {
        "version": ruled.version,
        "numbers": ruled.numbers,
        "language": "en" if ruled.language == "en" else "zh",
        "alert_text": ruled.alert_text,
        "waiting_text": ruled.waiting_text,
        "alert_words": duty_phones.ALERT_WORDS,
        "waiting_words": duty_phones.WAITING_WORDS,
        "changed_by": request.hotline.directory.name(ruled.changed_by),
        "changed_at": ruled.changed_at,
    }


@route("GET", "/api/duty-phones", permission=PLAN, answer=DutyPhonesView)
async def duty_phones_in_force(request: ApiRequest) -> DutyPhonesView:
    return _shown(request, request.hotline.duty_telephones.now)


@route(
    "PUT",
    "/api/duty-phones",
    permission=PLAN,
    body=DutyPhonesBody,
    answer=DutyPhonesView,
    errors=(Invalid, "number_not_allowed", Forbidden, StaleVersion),
)
async def rule_duty_phones(request: ApiRequest) -> DutyPhonesView:
    """From now on. The version that was seen must still be the newest."""
    wish: DutyPhonesBody = request.body
    ruling = DutyPhones(**wish.model_dump())
    return _shown(request, await actions.rule(request.hotline, request.actor, ruling))
