"""The forms that input has in many routes. Each has an end: what is unbounded breaks something later."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field
from typing_extensions import TypedDict

from web_console.openapi import ID_PATTERN, Body

T = TypeVar("T")

LARGEST_INTEGER = 2**31 - 1  # what an INTEGER column of PostgreSQL holds


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


_NO_MOMENT = "must be a date and time with an offset, such as 2026-03-02T08:00:00+08:00"


_YEARS = range(2000, 3000)
"""Beyond them nothing of ours can lie, and at the ends of the calendar reckoning with a time breaks off."""


def in_our_years(day: date) -> bool:
    return day.year in _YEARS


def _ours(day: date) -> date:
    if not in_our_years(day):
        raise ValueError(f"must lie in the years {_YEARS.start} to {_YEARS.stop - 1}")
    return day


def _moment(value: Any) -> Any:
    """Read here, since in a body, where nothing is converted, a validator hides that the text comes from JSON."""
    if isinstance(value, int | float) or (isinstance(value, str) and "T" not in value.upper()):
        raise ValueError(_NO_MOMENT)
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        raise ValueError(_NO_MOMENT) from None


Id = Annotated[str, Field(pattern=ID_PATTERN)]
Word = Annotated[str, Field(min_length=1, max_length=100)]
Note = Annotated[str, Field(max_length=2000)]
"""What somebody writes about something; may be empty."""
Reason = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S"), AfterValidator(_not_blank)]
"""What somebody has to give."""
MessageText = Annotated[str, Field(min_length=1, max_length=4000, pattern=r"\S"), AfterValidator(_not_blank)]
Version = Annotated[int, Field(ge=1, le=LARGEST_INTEGER)]
Count = Annotated[int, Field(ge=0, le=LARGEST_INTEGER)]
PageSize = Annotated[int, Field(ge=1, le=200)]


Moment = Annotated[AwareDatetime, BeforeValidator(_moment), AfterValidator(_ours)]
"""RFC 3339 with an offset. Pydantic alone would take "12" for twelve seconds after 1970."""
Day = Annotated[date, AfterValidator(_ours)]


SkillCode = Annotated[str, Field(pattern=r"^(language:)?[a-z][a-z0-9_]{0,31}$")]
SkillCodes = Annotated[list[SkillCode], Field(max_length=10)]


class Nothing(Body):
    """A command that needs no word besides its address."""


class Versioned(Body):
    """A command on the version of a thing that the sender saw."""

    version: Version


class Listing(TypedDict, Generic[T]):
    """A page of a list; `next` is the cursor of the following one."""

    items: list[T]
    next: str | None
