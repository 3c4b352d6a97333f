"""When the line is open: by the clock on the wall, with days that differ. Without hours it is open day and night.

    weekly       {0: [("08:00", "22:00")], …}   Monday is 0; a span past midnight ends the next day: ("22:00", "06:00")
    exceptions   {2026-10-01: []}               a day with hours of its own; none: closed

A span belongs to the day on which it begins. An exception's day replaces what begins on that day, not what runs
over into it from the day before.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Field, SQLModel

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DAY_ENDS = "24:00"
_LOOKED_AHEAD = 62  # days: closed for longer than two months is no opening that one tells a caller
MOST_SPANS = 6  # a day
MOST_EXCEPTIONS = 200

Span = tuple[str, str]


class OpeningHours(SQLModel):
    """`weekly` by the number of the weekday as text ("0" is Monday), since JSON knows no other keys."""

    always: bool = True
    timezone: str = "Asia/Shanghai"
    weekly: dict[str, list[list[str]]] = Field(default_factory=dict)
    exceptions: dict[str, list[list[str]]] = Field(default_factory=dict)


def problems(hours: OpeningHours) -> list[str]:
    """What is wrong with them, by place; empty if nothing is."""
    found = []
    try:
        ZoneInfo(hours.timezone)
    except (KeyError, ValueError, OSError):
        found.append("timezone")
    if not hours.weekly.keys() <= {str(each) for each in range(7)}:
        found.append("weekly")
    if len(hours.exceptions) > MOST_EXCEPTIONS or not all(map(_is_date, hours.exceptions)):
        found.append("exceptions")
    days = [("weekly", each) for each in hours.weekly.values()]
    days += [("exceptions", each) for each in hours.exceptions.values()]
    found += [place for place, spans in days if not _are_spans(spans)]
    return sorted(set(found))


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _are_spans(spans: list[list[str]]) -> bool:
    return len(spans) <= MOST_SPANS and all(
        len(each) == 2
        and _TIME.fullmatch(each[0])
        and (each[1] == _DAY_ENDS or _TIME.fullmatch(each[1]))
        and each[0] != each[1]
        for each in spans
    )


def _openings(hours: OpeningHours, day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """The spans that begin on this day, in UTC: so that an hour that a clock skips or repeats is counted rightly."""
    spans = hours.exceptions.get(day.isoformat(), hours.weekly.get(str(day.weekday()), []))
    found = []
    for begins, ends in spans:
        over = ends == _DAY_ENDS or ends < begins
        last = day + timedelta(days=1) if over else day
        found.append(
            (
                _moment(day, begins, zone),
                _moment(last, "00:00" if ends == _DAY_ENDS else ends, zone),
            )
        )
    return sorted(found)


def _moment(day: date, at: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(at), zone).astimezone(UTC)


def is_open(hours: OpeningHours, now: datetime) -> bool:
    if hours.always:
        return True
    zone = ZoneInfo(hours.timezone)
    today = now.astimezone(zone).date()
    days = (today - timedelta(days=1), today)
    return any(begins <= now < ends for day in days for begins, ends in _openings(hours, day, zone))


def opens_at(hours: OpeningHours, now: datetime) -> datetime | None:
    """When it opens next, in the line's own time zone; None if it is open now, or if that is too far away to tell."""
    if is_open(hours, now):
        return None
    zone = ZoneInfo(hours.timezone)
    today = now.astimezone(zone).date()
    for ahead in range(_LOOKED_AHEAD):
        for begins, _ in _openings(hours, today + timedelta(days=ahead), zone):
            if begins > now:
                return begins.astimezone(zone)
    return None


def said(opening: datetime | None, now: datetime) -> dict[str, Any] | None:
    """An opening as a voice says it: which day from today (0, 1, …), the weekday, and the time."""
    if opening is None:
        return None
    days = (opening.date() - now.astimezone(opening.tzinfo).date()).days
    return {"days": days, "weekday": opening.weekday(), "hour": opening.hour, "minute": opening.minute}
