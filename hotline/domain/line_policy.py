"""What the operator decides about the line while it runs: its hours, and notices in the operator's own voice.

There is one policy; until somebody changes it, the line is open day and night and a voice reads the notices.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from hotline.domain import opening_hours
from hotline.domain.change import Change, Event
from hotline.domain.ids import StaffId
from hotline.domain.opening_hours import OpeningHours
from hotline.errors import FieldProblem, Invalid, StaleVersion

THE_LINE = "line"

LARGEST_NOTICE = 2 * 1024 * 1024
"""Bytes: two minutes of speech in the format that telephones use, and far longer than anybody wants to hear."""


class LinePolicy(SQLModel):
    """`hours` is an `OpeningHours`."""

    id: str = THE_LINE
    version: int = 0
    hours: dict[str, Any] = Field(default_factory=dict)
    changed_at: datetime | None = None
    changed_by: StaffId | None = None


class NoticeCode(StrEnum):
    """Which words a recording stands for. What depends on keys, numbers and places stays with the voice."""

    GREETING = "greeting"
    CLOSED = "closed"
    VOICEMAIL = "voicemail"


class Notice(SQLModel):
    """`id` is `greeting.zh` and so on; `token` makes its address one that nobody guesses."""

    id: str
    code: NoticeCode
    language: str
    content_type: str
    token: str
    data: bytes
    uploaded_by: StaffId
    uploaded_at: datetime


def hours_of(policy: LinePolicy | None) -> OpeningHours:
    return OpeningHours.model_validate(policy.hours) if policy is not None else OpeningHours()


def change_hours(
    policy: LinePolicy | None, hours: OpeningHours, version: int, actor: StaffId, now: datetime
) -> Change:
    known = policy or LinePolicy()
    if known.version != version:
        raise StaleVersion("Somebody else has changed the hours meanwhile. Look at them again.")
    wrong = opening_hours.problems(hours)
    if wrong:
        raise Invalid(
            "Some of the hours are not valid.",
            fields=tuple(FieldProblem(each, "is not valid") for each in wrong),
        )
    changed = known.model_copy(
        update={
            "hours": hours.model_dump(mode="json"),
            "version": version + 1,
            "changed_at": now,
            "changed_by": actor,
        }
    )
    facts = {"always": hours.always, "time_zone": hours.timezone, "exceptions": len(hours.exceptions)}
    return Change((changed,), (Event("line", "hours_changed", changed.id, actor, facts),), answer=changed)


_RIFF, _WAVE = b"RIFF", b"WAVE"
_MP3_STARTS = (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa")


def content_type_of(data: bytes) -> str | None:
    """What the bytes themselves say they are; what a header claims is not believed."""
    if data[:4] == _RIFF and data[8:12] == _WAVE:
        return "audio/wav"
    return "audio/mpeg" if data.startswith(_MP3_STARTS) else None


def notice_id(code: NoticeCode, language: str) -> str:
    return f"{code}.{language}"
