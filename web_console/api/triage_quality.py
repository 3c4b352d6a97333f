"""How well triage does: figures by week against the weeks before, and people reading what it let pass."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from hotline.actions import triage_quality
from hotline.actions.triage_quality import MOST_WEEKS
from hotline.domain import triage_drift, triage_readings
from hotline.domain.access import Permission
from hotline.domain.triage_drift import Drift, Figure, Share, Tally
from hotline.domain.triage_readings import TriageReading, Verdict
from hotline.errors import Invalid, NotFound
from hotline.live.directory import Directory, Name
from hotline.live.projections.contact import EvidenceView
from triage.assessment import Kind, Level
from web_console.api.inputs import Listing
from web_console.openapi import ApiRequest, Body, Query, route

_FIRST_WEEK = date(2020, 1, 6)  # before any message that can be here


class ShareView(TypedDict):
    hits: int
    of: int
    share: float | None


class FigureView(TypedDict):
    """`series`: one share a week, oldest first; the last is this week's, the others together `before`. `z`:
    two-proportion, its variance taken between contacts; null where there is too little to say. Moved from 3."""

    name: str
    series: list[ShareView]
    before: ShareView
    z: float | None
    moved: Literal["up", "down"] | None


class TimesView(TypedDict):
    """Seconds."""

    p50: float
    p95: float
    p99: float


class WeekView(TypedDict):
    week: date
    messages: int
    contacts: int
    scores: list[int]
    times: TimesView | None


class DriftView(TypedDict):
    """`scores_…`: assessed messages by tenth of the score. `stability`: the population stability index of this
    week's against those before, less what chance gives; moved from 0.1."""

    weeks: list[WeekView]
    figures: list[FigureView]
    scores_before: list[int]
    stability: float | None
    scores_moved: bool


class ReadingView(TypedDict):
    level: Level
    verdict: Verdict
    kinds: list[str]
    by: Name | None
    at: datetime


class SampledView(TypedDict):
    message_id: str
    at: datetime
    channel: str
    lang: str
    level: Level
    reading: ReadingView | None


class SampledMessage(TypedDict):
    message_id: str
    text: str
    evidence: list[EvidenceView]


class LabelView(TypedDict):
    """A line of the file that `python -m triage train` reads. `given` is what triage had said; `lang` is null for
    mixtures and other scripts, of which training makes what it can."""

    id: str
    text: str
    lang: Literal["zh", "en"] | None
    level: Level
    kinds: list[str]
    given: Level


class DriftQuery(Query):
    weeks: Annotated[int, Field(ge=2, le=MOST_WEEKS)] = 8


class SampleQuery(Query):
    """`week`: its Monday; left out, the last week that is over."""

    week: Annotated[date, Field(ge=_FIRST_WEEK)] | None = None


class Reading(Body):
    level: Literal["none", "low", "moderate", "high", "imminent"]
    kinds: list[Literal["suicide", "self_harm", "violence", "abuse", "psychosis", "overdose"]] = Field(
        default_factory=list, max_length=len(Kind)
    )


@route("GET", "/api/triage/drift", permission=Permission.INDICATORS_READ, query=DriftQuery, answer=DriftView)
async def drift(request: ApiRequest) -> DriftView:
    """Cue rates, levels, alarms, overrides, scores and times by week, and which moved more than chance."""
    hotline = request.hotline
    wish: DriftQuery = request.query
    found = await triage_quality.report(hotline.reader, hotline.clock, hotline.figures, weeks=wish.weeks)
    return _drift(found)


def _drift(found: Drift) -> DriftView:
    return {
        "weeks": [_week(each) for each in found.weeks],
        "figures": [_figure(each) for each in found.figures],
        "scores_before": list(found.bins_before),
        "stability": found.stability,
        "scores_moved": found.stability is not None and found.stability >= triage_drift.MOVED_PSI,
    }


def _week(each: Tally) -> WeekView:
    times = each.times
    return {
        "week": each.week,
        "messages": each.messages,
        "contacts": each.contacts,
        "scores": list(each.bins),
        "times": {"p50": times.p50, "p95": times.p95, "p99": times.p99} if times is not None else None,
    }


def _figure(each: Figure) -> FigureView:
    return {
        "name": each.name,
        "series": [_share(share) for share in each.series],
        "before": _share(each.before),
        "z": each.z,
        "moved": each.moved,
    }


def _share(each: Share) -> ShareView:
    return {"hits": each.hits, "of": each.of, "share": each.share}


@route(
    "GET",
    "/api/triage/sample",
    permission=Permission.TRIAGE_REVIEW,
    query=SampleQuery,
    answer=Listing[SampledView],
    errors=(Invalid,),
)
async def sample(request: ApiRequest) -> dict[str, Any]:
    """The messages of a week, graded none or low, that people are to read: drawn by chance, always the same."""
    hotline = request.hotline
    wish: SampleQuery = request.query
    week = wish.week or triage_drift.last_weeks(triage_drift.week_of(hotline.clock.now()), 2)[0]
    found = await triage_quality.sample(hotline, request.actor, week)
    return {
        "items": [
            {
                "message_id": each.message.id,
                "at": each.message.at,
                "channel": each.message.channel,
                "lang": each.message.lang,
                "level": each.message.level,
                "reading": _reading(each.reading, hotline.directory) if each.reading else None,
            }
            for each in found
        ],
        "next": None,
    }


def _reading(each: TriageReading, names: Directory) -> ReadingView:
    return {
        "level": each.level,
        "verdict": triage_readings.verdict(each.given, each.level),
        "kinds": each.kinds,
        "by": names.name(each.staff_id),
        "at": each.at,
    }


@route(
    "GET",
    "/api/triage/sample/{message_id}",
    permission=Permission.TRIAGE_REVIEW,
    answer=SampledMessage,
    errors=(NotFound,),
)
async def open_message(request: ApiRequest) -> SampledMessage:
    """The words of a sampled message. Journalled."""
    found = await triage_quality.open_message(request.hotline, request.actor, request.path["message_id"])
    return {"message_id": found.id, "text": found.text, "evidence": found.evidence}  # type: ignore[typeddict-item]


@route(
    "POST",
    "/api/triage/sample/{message_id}/reading",
    permission=Permission.TRIAGE_REVIEW,
    body=Reading,
    answer=ReadingView,
    errors=(NotFound, Invalid),
)
async def keep_reading(request: ApiRequest) -> ReadingView:
    """The level that a reader says it calls for: a labelled message. The newer reading stands."""
    wish: Reading = request.body
    found = await triage_quality.keep_reading(
        request.hotline,
        request.actor,
        request.path["message_id"],
        level=Level(wish.level),
        kinds=list(dict.fromkeys(wish.kinds)),
    )
    return _reading(found, request.hotline.directory)


@route("GET", "/api/triage/labels", permission=Permission.TRIAGE_EXPORT, answer=Listing[LabelView])
async def labels(request: ApiRequest) -> dict[str, Any]:
    """Every labelled message with its words, for training. Journalled."""
    found = await triage_quality.labels(request.hotline, request.actor)
    return {
        "items": [
            {
                "id": each.message.id,
                "text": each.message.text,
                "lang": each.message.lang if each.message.lang in ("zh", "en") else None,
                "level": each.reading.level,
                "kinds": each.reading.kinds,
                "given": each.reading.given,
            }
            for each in found
        ],
        "next": None,
    }
