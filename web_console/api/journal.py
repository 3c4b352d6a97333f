"""The journal, for auditors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field
from typing_extensions import TypedDict

from hotline.actions import journal
from hotline.domain.access import Permission
from hotline.live.directory import Directory, Name
from hotline.storage.journal_entries import JournalEntry
from web_console.api.inputs import Listing
from web_console.openapi import ID_PATTERN, ApiRequest, Query, route


class JournalQuery(Query):
    subject: str | None = Field(default=None, pattern=ID_PATTERN)
    before: str | None = Field(default=None, pattern=r"^[0-9]{1,9}\.[0-9]{1,15}$")


class JournalView(TypedDict):
    """`node` and `seq` name the entry; `actor` is a person, or the word for the machine, the help-seeker …"""

    node: int
    seq: int
    at: datetime
    actor: Name | str
    kind: str
    subject: str
    facts: dict[str, Any]


@route(
    "GET",
    "/api/journal",
    permission=Permission.JOURNAL_READ,
    query=JournalQuery,
    answer=Listing[JournalView],
)
async def read_journal(request: ApiRequest) -> Listing[JournalView]:
    """Who did what to which thing, newest first."""
    asked: JournalQuery = request.query
    page, cursor = await journal.read(
        request.hotline, request.actor, subject=asked.subject, before=asked.before
    )
    directory = request.hotline.directory
    return {"items": [_view(each, directory) for each in page], "next": cursor}


def _view(entry: JournalEntry, directory: Directory) -> JournalView:
    return {
        "node": entry.node,
        "seq": entry.seq,
        "at": entry.at,
        "actor": directory.name(entry.actor) or entry.actor,
        "kind": f"{entry.noun}.{entry.what}",
        "subject": entry.subject,
        "facts": entry.facts,
    }
