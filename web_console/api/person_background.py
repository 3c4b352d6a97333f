"""What is known of a person before the first word: earlier contacts, flags that end, a plan among staff."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from hotline.actions import person_background, person_flags
from hotline.domain.access import Permission
from hotline.domain.ids import PersonFlagId, PersonId
from hotline.domain.person_background import Background
from hotline.domain.person_flags import FlagCode, PersonFlag
from hotline.errors import Forbidden, Invalid, NotFound, WrongState
from hotline.live.directory import Name
from triage.assessment import Level
from web_console.api.contacts import contact_id_of
from web_console.api.inputs import Moment, Note, Reason
from web_console.api.people import EarlierContact, earlier_view
from web_console.openapi import ApiRequest, Body, route

SERVE = Permission.CONTACT_SERVE


class FlagView(TypedDict):
    """`note` is None for who is only offered the contact."""

    id: str
    code: FlagCode
    note: str | None
    set_by: Name | None
    set_at: datetime
    expires_at: datetime


class PlanView(TypedDict):
    text: str
    by: Name | None
    at: datetime | None


class OpenAlertView(TypedDict):
    id: str
    opened_at: datetime


class BackgroundView(TypedDict):
    """`count` of earlier contacts, `recently` of them in the last 30 days. `open_alert`: of an earlier contact."""

    person_id: str | None
    count: int
    recently: int
    is_frequent: bool
    peak_level: Level | None
    earlier: list[EarlierContact]
    flags: list[FlagView]
    plan: PlanView | None
    open_alert: OpenAlertView | None


class NewFlag(Body):
    code: FlagCode
    note: Note | None = None
    expires_at: Moment


class NewPlan(Body):
    text: Reason


def _person_id(request: ApiRequest) -> PersonId:
    return PersonId(request.path["person_id"])


def _flag(request: ApiRequest, flag: PersonFlag) -> FlagView:
    return {
        "id": flag.id,
        "code": flag.code,
        "note": flag.note,
        "set_by": request.hotline.directory.name(flag.set_by),
        "set_at": flag.set_at,
        "expires_at": flag.expires_at,
    }


def _shown(request: ApiRequest, found: Background) -> BackgroundView:
    plan, alert = found.plan, found.open_alert
    by = request.hotline.directory.name(plan.by) if plan else None
    return {
        "person_id": found.person_id,
        "count": found.count,
        "recently": found.recently,
        "is_frequent": found.is_frequent,
        "peak_level": found.peak,
        "earlier": [earlier_view(each) for each in found.earlier],
        "flags": [_flag(request, each) for each in found.flags],
        "plan": {"text": plan.text, "by": by, "at": plan.at} if plan else None,
        "open_alert": {"id": alert.id, "opened_at": alert.created_at} if alert else None,
    }


@route(
    "GET",
    "/api/contacts/{contact_id}/background",
    permission=SERVE,
    answer=BackgroundView,
    errors=(NotFound, Forbidden),
)
async def get_background(request: ApiRequest) -> BackgroundView:
    """Whether this person was here before, and what to mind. Journalled where there is something to read."""
    found = await person_background.of_contact(request.hotline, request.actor, contact_id_of(request))
    return _shown(request, found)


@route(
    "PUT",
    "/api/people/{person_id}/plan",
    permission=Permission.CONTACT_SUPERVISE,
    body=NewPlan,
    errors=(NotFound, Forbidden, WrongState, Invalid),
)
async def put_plan(request: ApiRequest) -> None:
    """The plan for a person who comes again and again; shown on top whenever they do."""
    wish: NewPlan = request.body
    await person_background.write_plan(request.hotline, request.actor, _person_id(request), wish.text)


@route(
    "DELETE",
    "/api/people/{person_id}/plan",
    permission=Permission.CONTACT_SUPERVISE,
    errors=(NotFound, Forbidden, WrongState),
)
async def delete_plan(request: ApiRequest) -> None:
    await person_background.write_plan(request.hotline, request.actor, _person_id(request), None)


@route(
    "POST",
    "/api/people/{person_id}/flags",
    permission=SERVE,
    body=NewFlag,
    answer=FlagView,
    status=201,
    errors=(NotFound, Forbidden, WrongState, Invalid),
)
async def put_flag(request: ApiRequest) -> FlagView:
    """What the next one must know; it ends by itself. The same code again takes the older one's place."""
    wish: NewFlag = request.body
    flag = await person_flags.put(
        request.hotline,
        request.actor,
        _person_id(request),
        code=wish.code,
        note=wish.note,
        expires_at=wish.expires_at,
    )
    return _flag(request, flag)


@route(
    "DELETE",
    "/api/people/{person_id}/flags/{flag_id}",
    permission=SERVE,
    errors=(NotFound, Forbidden, WrongState),
)
async def lift_flag(request: ApiRequest) -> None:
    flag_id = PersonFlagId(request.path["flag_id"])
    await person_flags.lift(request.hotline, request.actor, _person_id(request), flag_id)
