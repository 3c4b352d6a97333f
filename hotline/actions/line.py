"""The line as its operator sets it: hours, notices in the operator's own voice, numbers that are not put through."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from hotline.actions.deadlines import when_due
from hotline.domain import access, callers, line_policy
from hotline.domain.access import Actor, Permission
from hotline.domain.callers import Block
from hotline.domain.change import Change, Event
from hotline.domain.contacts import Contact
from hotline.domain.ids import BlockId, ContactId
from hotline.domain.line_policy import THE_LINE, LinePolicy, Notice, NoticeCode
from hotline.domain.opening_hours import OpeningHours
from hotline.domain.people import caller_number
from hotline.errors import FieldProblem, Invalid, NotFound, WrongState
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline

P = Permission
_LATEST_BLOCKS = 200


# Hours -----------------------------------------------------------------------------------------------------------


async def policy(hotline: Hotline, actor: Actor) -> LinePolicy:
    access.require(actor, P.LINE_MANAGE)
    return await hotline.reader.find(LinePolicy, THE_LINE) or LinePolicy()


async def set_hours(hotline: Hotline, actor: Actor, hours: OpeningHours, *, version: int) -> LinePolicy:
    access.require(actor, P.LINE_MANAGE)

    def decide(loaded: Loaded) -> Change:
        known = loaded.find(LinePolicy, THE_LINE)
        return line_policy.change_hours(known, hours, version, actor.staff_id, loaded.now)

    changed: LinePolicy = await hotline.writer.run(decide, Need(LinePolicy, THE_LINE))
    return changed


# Notices ---------------------------------------------------------------------------------------------------------


def notice_path(token: str) -> str:
    """Where the carrier fetches a notice: an address that nobody guesses, and new with each upload."""
    return f"/line/notices/{token}"


async def notices(hotline: Hotline, actor: Actor) -> list[Notice]:
    access.require(actor, P.LINE_MANAGE)
    return await hotline.reader.where(Notice)


async def notice_tokens(hotline: Hotline) -> dict[str, str]:
    """By `greeting.zh` and so on; without the sound, since this is asked with every call."""
    rows = await hotline.reader.columns(Notice, "id", "token")
    return {row.id: row.token for row in rows}


async def notice_of_token(hotline: Hotline, token: str) -> Notice | None:
    found = await hotline.reader.where(Notice, hotline.reader.table(Notice).c.token == token, limit=1)
    return found[0] if found else None


async def upload_notice(
    hotline: Hotline, actor: Actor, code: NoticeCode, language: str, data: bytes
) -> Notice:
    """A recording instead of the words; the newer one stands."""
    access.require(actor, P.LINE_MANAGE)
    content_type = line_policy.content_type_of(data)
    if content_type is None:
        raise Invalid("A notice is a WAV or MP3 file.", code="not_audio")
    if len(data) > line_policy.LARGEST_NOTICE:
        raise Invalid("A notice has two megabytes at most.", code="too_large_audio")
    notice_id, token = line_policy.notice_id(code, language), secrets.token_urlsafe(24)

    def decide(loaded: Loaded) -> Change:
        notice = Notice(
            id=notice_id,
            code=code,
            language=language,
            content_type=content_type,
            token=token,
            data=data,
            uploaded_by=actor.staff_id,
            uploaded_at=loaded.now,
        )
        facts = {"bytes": len(data), "content_type": content_type}
        event = Event("notice", "uploaded", notice.id, actor.staff_id, facts)
        return Change((notice,), (event,), answer=notice)

    notice: Notice = await hotline.writer.run(decide, Need(Notice, notice_id))
    return notice


async def remove_notice(hotline: Hotline, actor: Actor, code: NoticeCode, language: str) -> None:
    """Back to the words of the house."""
    access.require(actor, P.LINE_MANAGE)
    notice_id = line_policy.notice_id(code, language)

    def decide(loaded: Loaded) -> Change:
        notice = loaded.get(Notice, notice_id)
        return Change(remove=(notice,), events=(Event("notice", "removed", notice_id, actor.staff_id),))

    await hotline.writer.run(decide, Need(Notice, notice_id))


# Blocks ----------------------------------------------------------------------------------------------------------


async def blocks(hotline: Hotline, actor: Actor) -> list[Block]:
    """The latest first, ended ones too: who was shut out, why, and by whom."""
    access.require(actor, P.LINE_MANAGE)
    column = hotline.reader.table(Block).c
    return await hotline.reader.where(Block, order=(column.made_at.desc(),), limit=_LATEST_BLOCKS)


async def block_number(hotline: Hotline, actor: Actor, number: str, *, reason: str, until: datetime) -> Block:
    return await _block(hotline, actor, number, reason, until, "number")


async def block_contact(
    hotline: Hotline, actor: Actor, contact_id: ContactId, *, reason: str, until: datetime
) -> Block:
    """The number of a call, which whoever blocks it need not see."""
    access.require(actor, P.LINE_MANAGE)
    contact = await hotline.reader.find(Contact, contact_id)
    if contact is None:
        raise NotFound("There is no such contact.")
    if contact.number is None:
        raise WrongState("There is no number: it was hidden, or this is no call.", code="no_number")
    return await _block(hotline, actor, contact.number, reason, until, "contact_id")


async def _block(
    hotline: Hotline, actor: Actor, raw_number: str, reason: str, until: datetime, field: str
) -> Block:
    access.require(actor, P.LINE_MANAGE)
    number = caller_number(raw_number)
    if number.lookup is None:
        raise Invalid("That is no number.", fields=(FieldProblem(field, "is not somebody's own number"),))
    phone_hash = hotline.sealer.lookup_hash(number.lookup)

    def decide(loaded: Loaded) -> Change:
        if not loaded.now < until <= loaded.now + callers.LONGEST_BLOCK:
            raise Invalid(
                "A block ends within a year.", fields=(FieldProblem("until", "lies within the coming year"),)
            )
        if callers.standing(loaded.where(Block, "phone_hash", phone_hash), loaded.now) is not None:
            raise WrongState("This number is blocked already.", code="blocked_already")
        block = Block(
            id=BlockId(loaded.new_id("blk")),
            phone_hash=phone_hash,
            number_masked=number.masked,
            reason=reason,
            made_by=actor.staff_id,
            made_at=loaded.now,
            until=until,
        )
        return callers.made(block)

    block: Block = await hotline.writer.run(decide, Need(Block, phone_hash, "phone_hash"))
    return block


async def lift(hotline: Hotline, actor: Actor, block_id: BlockId) -> Block:
    access.require(actor, P.LINE_MANAGE)
    block: Block = await hotline.writer.run(
        lambda loaded: callers.lifted(loaded.get(Block, block_id), actor.staff_id, loaded.now),
        Need(Block, block_id),
    )
    return block


on_block_deadline = when_due(Block, lambda loaded, block: callers.on_deadline(block, loaded.now))
