"""The line as its operator sets it: opening hours, recorded notices, blocked numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field
from typing_extensions import TypedDict

from hotline.actions import line, outside
from hotline.domain import line_policy, opening_hours
from hotline.domain.access import Permission
from hotline.domain.callers import Block
from hotline.domain.ids import BlockId, ContactId
from hotline.domain.line_policy import LinePolicy, Notice, NoticeCode
from hotline.domain.opening_hours import OpeningHours
from hotline.errors import Forbidden, HotlineError, Invalid, NotFound, StaleVersion, WrongState
from hotline.live.directory import Directory, Name
from web_console.api.inputs import Count, Id, Listing, Moment, Nothing, Reason
from web_console.identity import HOTLINE
from web_console.openapi import ApiRequest, Body, route

MANAGE = Permission.LINE_MANAGE
ERRORS: tuple[type[HotlineError], ...] = (NotFound, Forbidden, Invalid, WrongState, StaleVersion)

Spans = Annotated[list[list[str]], Field(max_length=opening_hours.MOST_SPANS)]


class HoursBody(Body):
    """`weekly` by weekday ("0" is Monday), `exceptions` by date: spans ["08:00", "22:00"]; an empty list is closed."""

    version: Count
    always: bool
    time_zone: Annotated[str, Field(min_length=1, max_length=64)]
    weekly: Annotated[dict[str, Spans], Field(max_length=7)]
    exceptions: Annotated[dict[str, Spans], Field(max_length=opening_hours.MOST_EXCEPTIONS)]


class NoticeView(TypedDict):
    code: NoticeCode
    language: str
    content_type: str
    bytes: int
    uploaded_by: Name | None
    uploaded_at: datetime
    address: str


class LineView(TypedDict):
    """`open`: now; `opens_at`: when next, if it is closed and that is known. The rest is set at the start."""

    version: int
    always: bool
    time_zone: str
    weekly: dict[str, list[list[str]]]
    exceptions: dict[str, list[list[str]]]
    changed_by: Name | None
    changed_at: datetime | None
    open: bool
    opens_at: datetime | None
    calls_per_hour: int
    records_calls: bool
    has_fallback_number: bool
    notices: list[NoticeView]


class BlockView(TypedDict):
    id: str
    number_masked: str | None
    reason: str
    made_by: Name | None
    made_at: datetime
    until: datetime
    ended_at: datetime | None
    ended_by: Name | None
    calls: int


class BlockBody(Body):
    """Either a number, or a contact whose number it is."""

    number: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    contact_id: Id | None = None
    reason: Reason
    until: Moment


def notice_view(notice: Notice, names: Directory) -> NoticeView:
    return {
        "code": notice.code,
        "language": notice.language,
        "content_type": notice.content_type,
        "bytes": len(notice.data),
        "uploaded_by": names.name(notice.uploaded_by),
        "uploaded_at": notice.uploaded_at,
        "address": line.notice_path(notice.token),
    }


def block_view(block: Block, names: Directory) -> BlockView:
    return {
        "id": block.id,
        "number_masked": block.number_masked,
        "reason": block.reason,
        "made_by": names.name(block.made_by),
        "made_at": block.made_at,
        "until": block.until,
        "ended_at": block.ended_at,
        "ended_by": names.name(block.ended_by),
        "calls": block.calls,
    }


async def _shown(request: ApiRequest, policy: LinePolicy) -> LineView:
    hotline, names = request.hotline, request.hotline.directory
    hours, now = line_policy.hours_of(policy), hotline.clock.now()
    return {
        "version": policy.version,
        "always": hours.always,
        "time_zone": hours.timezone,
        "weekly": hours.weekly,
        "exceptions": hours.exceptions,
        "changed_by": names.name(policy.changed_by),
        "changed_at": policy.changed_at,
        "open": opening_hours.is_open(hours, now),
        "opens_at": opening_hours.opens_at(hours, now),
        "calls_per_hour": hotline.settings.calls_per_hour,
        "records_calls": hotline.rules.record_calls,
        "has_fallback_number": bool(outside.telephones(hotline)),
        "notices": [notice_view(each, names) for each in await line.notices(hotline, request.actor)],
    }


@route("GET", "/api/line", permission=MANAGE, answer=LineView)
async def get_line(request: ApiRequest) -> LineView:
    return await _shown(request, await line.policy(request.hotline, request.actor))


@route("PUT", "/api/line/hours", permission=MANAGE, body=HoursBody, answer=LineView, errors=ERRORS)
async def set_hours(request: ApiRequest) -> LineView:
    """The version that was seen must still be the newest."""
    wish: HoursBody = request.body
    hours = OpeningHours(
        always=wish.always, timezone=wish.time_zone, weekly=wish.weekly, exceptions=wish.exceptions
    )
    return await _shown(
        request, await line.set_hours(request.hotline, request.actor, hours, version=wish.version)
    )


# Notices ---------------------------------------------------------------------------------------------------------


@route(
    "PUT",
    "/api/line/notices/{code}/{language}",
    permission=MANAGE,
    answer=NoticeView,
    errors=(*ERRORS, "not_audio", "too_large_audio"),
)
async def upload_notice(request: ApiRequest) -> NoticeView:
    """The body is the sound itself: WAV or MP3, two megabytes at most."""
    code, language = _notice_of(request)
    data = bytearray()
    async for piece in request.raw.content.iter_chunked(64 * 1024):
        data += piece
        if len(data) > line_policy.LARGEST_NOTICE:
            raise Invalid("A notice has two megabytes at most.", code="too_large_audio")
    notice = await line.upload_notice(request.hotline, request.actor, code, language, bytes(data))
    return notice_view(notice, request.hotline.directory)


@route("DELETE", "/api/line/notices/{code}/{language}", permission=MANAGE, errors=ERRORS)
async def remove_notice(request: ApiRequest) -> None:
    """Callers hear the words of the house again."""
    await line.remove_notice(request.hotline, request.actor, *_notice_of(request))


def _notice_of(request: ApiRequest) -> tuple[NoticeCode, str]:
    code, language = request.path["code"], request.path["language"]
    if code not in set(NoticeCode) or language not in ("zh", "en"):
        raise NotFound("There is no such notice.")
    return NoticeCode(code), language


async def notice_audio(request: web.Request) -> web.StreamResponse:
    """For the carrier, at an address that nobody guesses: what callers hear is no secret."""
    notice = await line.notice_of_token(request.app[HOTLINE], request.match_info["token"])
    if notice is None:
        raise NotFound("There is no such address.")
    return web.Response(
        body=notice.data, content_type=notice.content_type, headers={"Cache-Control": "private, max-age=3600"}
    )


# Blocks ----------------------------------------------------------------------------------------------------------


@route("GET", "/api/line/blocks", permission=MANAGE, answer=Listing[BlockView])
async def list_blocks(request: ApiRequest) -> dict[str, Any]:
    found = await line.blocks(request.hotline, request.actor)
    return {"items": [block_view(each, request.hotline.directory) for each in found], "next": None}


@route(
    "POST",
    "/api/line/blocks",
    permission=MANAGE,
    body=BlockBody,
    answer=BlockView,
    status=201,
    errors=(*ERRORS, "blocked_already", "no_number"),
)
async def block_number(request: ApiRequest) -> BlockView:
    """Whoever is known at risk is let through all the same, and anybody who presses 1."""
    wish: BlockBody = request.body
    hotline, actor = request.hotline, request.actor
    if wish.contact_id is not None:
        contact_id = ContactId(wish.contact_id)
        block = await line.block_contact(hotline, actor, contact_id, reason=wish.reason, until=wish.until)
    elif wish.number is not None:
        block = await line.block_number(hotline, actor, wish.number, reason=wish.reason, until=wish.until)
    else:
        raise Invalid("A number or a contact is needed.")
    return block_view(block, hotline.directory)


@route(
    "POST",
    "/api/line/blocks/{block_id}/lift",
    permission=MANAGE,
    body=Nothing,
    answer=BlockView,
    errors=ERRORS,
)
async def lift_block(request: ApiRequest) -> BlockView:
    block = await line.lift(request.hotline, request.actor, BlockId(request.path["block_id"]))
    return block_view(block, request.hotline.directory)
