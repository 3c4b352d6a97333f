"""The close sheet, drafts and notes of a contact; dispositions and canned words as data."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, Field
from typing_extensions import TypedDict

from hotline.actions import closing, reading_contacts
from hotline.actions.closing import CloseSheet, FollowupWish
from hotline.domain.access import Permission
from hotline.domain.canned_words import CANNED_WORDS
from hotline.errors import Forbidden, Invalid, NotFound, WrongState
from hotline.live.directory import Name
from hotline.live.projections.contact import ContactView
from triage.assessment import Level
from web_console.api.contacts import contact_id_of, shown
from web_console.api.inputs import Listing, Note, Word
from web_console.openapi import ApiRequest, Body, Query, route

SERVE = Permission.CONTACT_SERVE


class Followup(Body):
    due_at: AwareDatetime
    consent: bool
    note: Note | None = None


class SafetyPlan(Body):
    """Six parts, in the person's own words."""

    warning_signs: Note = ""
    coping: Note = ""
    distraction: Note = ""
    people: Note = ""
    professionals: Note = ""
    environment: Note = ""


class Close(Body):
    """`referral_declined`: no referral is wanted or needed; else the policy's time to refer begins."""

    disposition: Word
    note: str = Field(max_length=8000)
    level_confirmed: Literal["none", "low", "moderate", "high", "imminent"]
    followup: Followup | None = None
    referral: dict[str, Any] | None = Field(default=None, max_length=40)
    referral_declined: bool = False
    safety_plan: SafetyPlan | None = None


class Draft(Body):
    kind: Literal["composer", "note"]
    text: str = Field(max_length=8000)


class DraftsView(TypedDict):
    composer: str
    note: str


class NoteView(TypedDict):
    at: datetime
    by: Name | None
    kind: str
    text: str


class Coded(TypedDict):
    code: str
    zh: str
    en: str


class LanguageQuery(Query):
    language: Literal["zh", "en"] = "zh"


@route(
    "POST",
    "/api/contacts/{contact_id}/close",
    permission=SERVE,
    body=Close,
    answer=ContactView,
    errors=(NotFound, Forbidden, WrongState, Invalid, "close_incomplete"),
)
async def close(request: ApiRequest) -> ContactView:
    """Close after wrap-up. 422 `close_incomplete` names what is missing."""
    wish: Close = request.body
    followup = wish.followup
    sheet = CloseSheet(
        disposition=wish.disposition,
        note=wish.note,
        level_confirmed=Level(wish.level_confirmed),
        followup=FollowupWish(followup.due_at, followup.consent, followup.note) if followup else None,
        referral=wish.referral,
        referral_declined=wish.referral_declined,
        safety_plan=wish.safety_plan.model_dump() if wish.safety_plan else None,
    )
    return shown(request, await closing.close(request.hotline, request.actor, contact_id_of(request), sheet))


@route("PUT", "/api/contacts/{contact_id}/draft", permission=SERVE, body=Draft, errors=(NotFound, Forbidden))
async def keep_draft(request: ApiRequest) -> None:
    """Keep a half-written sentence, per contact and person."""
    wish: Draft = request.body
    await closing.keep_draft(
        request.hotline, request.actor, contact_id_of(request), kind=wish.kind, text=wish.text
    )


@route(
    "GET",
    "/api/contacts/{contact_id}/draft",
    permission=SERVE,
    answer=DraftsView,
    errors=(NotFound, Forbidden),
)
async def drafts(request: ApiRequest) -> dict[str, str]:
    await reading_contacts.get(request.hotline, request.actor, contact_id_of(request))
    return await closing.drafts(request.hotline, request.actor, contact_id_of(request))


@route(
    "GET",
    "/api/contacts/{contact_id}/notes",
    permission=SERVE,
    answer=Listing[NoteView],
    errors=(NotFound, Forbidden),
)
async def notes(request: ApiRequest) -> dict[str, Any]:
    """What staff wrote about the contact: at closing, transfer, asking for help. Journalled."""
    contact = await reading_contacts.content(request.hotline, request.actor, contact_id_of(request))
    names = request.hotline.directory
    items: list[dict[str, Any]] = [
        {"at": each.at, "by": names.name(each.staff_id), "kind": each.kind, "text": each.text}
        for each in await closing.notes(request.hotline, contact)
    ]
    if contact.note and contact.closed_at:
        by = names.name(contact.counselor_id)
        items.append({"at": contact.closed_at, "by": by, "kind": "wrap_up", "text": contact.note})
    return {"items": items, "next": None}


@route("GET", "/api/dispositions", permission=SERVE, answer=Listing[Coded])
async def dispositions(request: ApiRequest) -> dict[str, Any]:
    items = [{"code": code, "zh": zh, "en": en} for code, (zh, en) in closing.DISPOSITIONS.items()]
    return {"items": items, "next": None}


@route("GET", "/api/canned", permission=SERVE, query=LanguageQuery, answer=Listing[Coded])
async def canned(request: ApiRequest) -> dict[str, Any]:
    """Sentences for the composer's `/`, in both languages."""
    return {
        "items": [{"code": code, "zh": zh, "en": en} for code, (zh, en) in CANNED_WORDS.items()],
        "next": None,
    }
