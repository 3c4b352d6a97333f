"""Reading the journal. It holds ids and facts only; who reads what a person said is written into it elsewhere."""

from __future__ import annotations

from hotline.actions.accounts import Accounts
from hotline.domain.access import Actor, Permission, require
from hotline.errors import FieldProblem, Invalid
from hotline.storage import journal_entries
from hotline.storage.journal_entries import JournalEntry

_PAGE = 100
_LARGEST = 2**31 - 1


async def read(
    hotline: Accounts, actor: Actor, *, subject: str | None = None, before: str | None = None
) -> tuple[list[JournalEntry], str | None]:
    """A page, newest first, and the cursor of the next one."""
    require(actor, Permission.JOURNAL_READ)
    found = await journal_entries.entries(
        hotline.reader, subject=subject, before=_place(before) if before else None, limit=_PAGE + 1
    )
    page = found[:_PAGE]
    return page, f"{page[-1].node}.{page[-1].seq}" if len(found) > _PAGE else None


def _place(cursor: str) -> tuple[int, int]:
    node, _, seq = cursor.partition(".")
    if node.isdecimal() and seq.isdecimal() and len(cursor) < 30 and int(node) <= _LARGEST:
        return int(node), min(int(seq), 2**62)
    raise Invalid("This is no cursor.", fields=(FieldProblem("before", "is not one that we gave"),))
