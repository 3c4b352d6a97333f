"""Pages of lists that are ordered by when a thing was made, newest first: the cursor is that time and the id."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Protocol

from pydantic import Field

from web_console.api.inputs import in_our_years
from web_console.openapi import ID_PATTERN, invalid_field

_ID = re.compile(ID_PATTERN)
Cursor = Annotated[str, Field(max_length=120)]


class Made(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...


def next_of(found: Sequence[Made], limit: int) -> str | None:
    """The cursor of the following page; None if this one is not full."""
    return next_at(found[-1].created_at, found[-1].id) if found and len(found) == limit else None


def next_at(at: datetime, last_id: str) -> str:
    return f"{at.isoformat()}~{last_id}"


def cursor_of(text: str | None) -> tuple[datetime, str] | None:
    if text is None:
        return None
    at_text, _, last_id = text.partition("~")
    try:
        at = datetime.fromisoformat(at_text)
    except ValueError:
        raise invalid_field("before", "is no cursor of this list") from None
    if at.tzinfo is None or not in_our_years(at) or not _ID.fullmatch(last_id):
        raise invalid_field("before", "is no cursor of this list")
    return at, last_id
