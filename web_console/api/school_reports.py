"""Reports of campus crises: sent and followed by the school, worked by who has the contact."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from hotline.actions import school_reporting, school_reports
from hotline.domain.access import Permission
from hotline.domain.ids import SchoolReportId
from hotline.domain.referral_codes import Word
from hotline.domain.school_report_forms import (
    ASKS,
    COLORS,
    EVENT_TYPES,
    HOW_FOUND,
    REPORTER_ROLES,
    REQUESTED_HELP,
    SPECIAL_GROUPS,
    Color,
    CrisisFacts,
)
from hotline.domain.school_reports import SchoolReport
from hotline.errors import Forbidden, Invalid, NotFound, WrongState
from hotline.live.projections import school_report as projection
from hotline.live.projections.school_report import SchoolReportView
from web_console.api.coded import Coded, coded
from web_console.api.inputs import Listing, Note, PageSize
from web_console.api.inputs import Word as Code
from web_console.api.pages import Cursor, cursor_of, next_of
from web_console.openapi import ApiRequest, Body, Query, route

P = Permission
READING = (P.SCHOOL_REPORT, P.SCHOOL_READ)


class Draft(Body):
    """Answers as far as they are filled in; none is checked yet."""

    answers: dict[Annotated[str, Field(max_length=60)], Any] = Field(max_length=80)


class DraftView(TypedDict):
    answers: dict[str, Any]


class Update(Body):
    """A note, what was done of what was asked, or both."""

    note: Note | None = None
    done: list[Code] = Field(default_factory=list, max_length=len(ASKS))


class Worse(Body):
    level_color: Color
    act_in_progress: bool = False


class Asking(Body):
    """`within_hours`: the service's usual span where it is left out."""

    code: Code
    within_hours: int | None = Field(default=None, ge=1, le=90 * 24)


class ReportsQuery(Query):
    before: Cursor | None = None
    limit: PageSize = 100


class CodesView(TypedDict):
    """The form's lists, in their order."""

    colors: list[Coded]
    event_types: list[Coded]
    how_found: list[Coded]
    requested_help: list[Coded]
    reporter_roles: list[Coded]
    special_groups: list[Coded]
    asks: list[Coded]


def report_id_of(request: ApiRequest) -> SchoolReportId:
    return SchoolReportId(request.path["report_id"])


def shown(request: ApiRequest, report: SchoolReport) -> SchoolReportView:
    return projection.view(report, request.hotline.directory)


@route("GET", "/api/school-reports/draft", permission=P.SCHOOL_REPORT, answer=DraftView, errors=(Forbidden,))
async def get_draft(request: ApiRequest) -> DraftView:
    return {"answers": await school_reporting.draft(request.hotline, request.actor)}


@route("PUT", "/api/school-reports/draft", permission=P.SCHOOL_REPORT, body=Draft, errors=(Forbidden,))
async def put_draft(request: ApiRequest) -> None:
    """Keep the half-filled form, sealed; one per person."""
    wish: Draft = request.body
    await school_reporting.keep_draft(request.hotline, request.actor, wish.answers)


@route("GET", "/api/school-reports/codes", permission=READING, answer=CodesView)
async def codes(request: ApiRequest) -> dict[str, list[Coded]]:
    lists: dict[str, dict[str, Word]] = {
        "colors": COLORS,
        "event_types": EVENT_TYPES,
        "how_found": HOW_FOUND,
        "requested_help": REQUESTED_HELP,
        "reporter_roles": REPORTER_ROLES,
        "special_groups": SPECIAL_GROUPS,
        "asks": ASKS,
    }
    return {name: coded(words) for name, words in lists.items()}


@route("GET", "/api/school-reports", permission=READING, query=ReportsQuery, answer=Listing[SchoolReportView])
async def list_reports(request: ApiRequest) -> dict[str, Any]:
    """Newest first: a school its own, a counselor those they handle, a supervisor all."""
    wish: ReportsQuery = request.query
    found = await school_reports.page(
        request.hotline, request.actor, before=cursor_of(wish.before), limit=wish.limit
    )
    return {"items": [shown(request, each) for each in found], "next": next_of(found, wish.limit)}


@route(
    "POST",
    "/api/school-reports",
    permission=P.SCHOOL_REPORT,
    body=CrisisFacts,
    answer=SchoolReportView,
    status=201,
    errors=(Forbidden, NotFound, Invalid),
)
async def submit(request: ApiRequest) -> SchoolReportView:
    """A report becomes a contact in the queue at once, at its level. The same `Idempotency-Key` is the same report."""
    report = await school_reporting.submit(
        request.hotline, request.actor, request.body, idempotency_key=request.idempotency_key
    )
    return shown(request, report)


@route(
    "GET", "/api/school-reports/{report_id}", permission=READING, answer=SchoolReportView, errors=(NotFound,)
)
async def get_report(request: ApiRequest) -> SchoolReportView:
    return shown(request, await school_reports.get(request.hotline, request.actor, report_id_of(request)))


@route(
    "POST",
    "/api/school-reports/{report_id}/update",
    permission=READING,
    body=Update,
    answer=SchoolReportView,
    errors=(NotFound, Forbidden, Invalid),
)
async def update(request: ApiRequest) -> SchoolReportView:
    """By the school: a note, what is done. By who handles it: a note that the school reads."""
    wish: Update = request.body
    if request.actor.may(P.SCHOOL_REPORT):
        report = await school_reporting.update(
            request.hotline, request.actor, report_id_of(request), note=wish.note, done=wish.done
        )
    else:
        report = await school_reports.note(
            request.hotline, request.actor, report_id_of(request), wish.note or "", wish.done
        )
    return shown(request, report)


@route(
    "POST",
    "/api/school-reports/{report_id}/worsened",
    permission=P.SCHOOL_REPORT,
    body=Worse,
    answer=SchoolReportView,
    errors=(NotFound, WrongState, Invalid),
)
async def worsened(request: ApiRequest) -> SchoolReportView:
    """It is worse than reported: the level rises, and what that asks is asked. Nobody lowers it here."""
    wish: Worse = request.body
    report = await school_reporting.worsened(
        request.hotline,
        request.actor,
        report_id_of(request),
        color=wish.level_color,
        act_in_progress=wish.act_in_progress,
    )
    return shown(request, report)


@route(
    "POST",
    "/api/school-reports/{report_id}/ask",
    permission=P.SCHOOL_READ,
    body=Asking,
    answer=SchoolReportView,
    errors=(NotFound, Forbidden, WrongState, Invalid),
)
async def ask(request: ApiRequest) -> SchoolReportView:
    """Ask the school to do something by a time (a project default, never a legal limit)."""
    wish: Asking = request.body
    within = timedelta(hours=wish.within_hours) if wish.within_hours is not None else None
    report = await school_reports.ask(
        request.hotline, request.actor, report_id_of(request), wish.code, within
    )
    return shown(request, report)
