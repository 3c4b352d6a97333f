"""The journal, for auditors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import Field
from typing_extensions import TypedDict

from hotline.actions import journal
from hotline.actions.organisations import organisations
from hotline.domain.access import Permission
from hotline.live.directory import Directory, Name
from hotline.storage.journal_entries import JournalEntry
from web_console.openapi import ID_PATTERN, ApiRequest, Query, route

_ID = re.compile(r"[a-z]{3}_[a-z0-9_]{3,40}")


class JournalQuery(Query):
    subject: str | None = Field(default=None, pattern=ID_PATTERN)
    before: str | None = Field(default=None, pattern=r"^[0-9]{1,9}\.[0-9]{1,15}$")


class Named(TypedDict):
    zh: str
    en: str


class JournalView(TypedDict):
    """`node` and `seq` name the entry; `actor` is a person, or the word for the machine, the help-seeker …"""

    node: int
    seq: int
    at: datetime
    actor: Name | str
    kind: str
    subject: str
    facts: dict[str, Any]


class JournalPage(TypedDict):
    """`names`: of the ids that occur on this page, those of colleagues and organisations, in both languages."""

    items: list[JournalView]
    next: str | None
    names: dict[str, Named]


@route(
    "GET",
    "/api/journal",
    permission=Permission.JOURNAL_READ,
    query=JournalQuery,
    answer=JournalPage,
)
async def read_journal(request: ApiRequest) -> JournalPage:
    """Who did what to which thing, newest first."""
    asked: JournalQuery = request.query
    page, cursor = await journal.read(
        request.hotline, request.actor, subject=asked.subject, before=asked.before
    )
    directory = request.hotline.directory
    names = await _names(request, {found for each in page for found in _ids((each.subject, each.facts))})
    return {"items": [_view(each, directory) for each in page], "next": cursor, "names": names}


def _ids(value: Any) -> Iterator[str]:
    """Every id in it, however deep."""
    if isinstance(value, str):
        if _ID.fullmatch(value):
            yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _ids(key)
            yield from _ids(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _ids(inner)


async def _names(request: ApiRequest, ids: set[str]) -> dict[str, Named]:
    directory = request.hotline.directory
    named = {each: directory.name(each) for each in ids}
    found: dict[str, Named] = {
        each: {"zh": name["name"], "en": name["name"]} for each, name in named.items() if name is not None
    }
    for each in await organisations(request.hotline, ids - found.keys()):
        found[each.id] = {"zh": each.zh, "en": each.en}
    return found


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
