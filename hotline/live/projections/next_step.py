"""What happens next to a thing, and when, if nothing happens before: the same form on every noun.

The console has words for every code (a test compares).
"""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from hotline.domain.change import Due
from hotline.live.directory import Name


class NextView(TypedDict):
    """`at` is None where it waits for nobody's clock: then `who` has it in hand."""

    what: str
    at: datetime | None
    who: Name | None


def next_view(due: Due | None, owner: Name | None) -> NextView | None:
    return {"what": due.what, "at": due.at, "who": owner} if due is not None else None
