"""Who may not be put through as others are, and why nobody at risk is locked out by that.

| the number is …       | known at risk    | presses 1: in danger      | else                     |
|-----------------------|------------------|---------------------------|--------------------------|
| free                  | served           | served, as high           | served                   |
| over the hourly limit | served, flagged  | served, as high, flagged  | hears words; may press 1 |
| blocked               | served, flagged  | served, as high, flagged  | hears words; may press 1 |

Known at risk: an open alert, an open follow-up, or a contact of the last weeks that reached high or imminent. A
hidden number has no history, so it is never blocked or limited: that would lock out all who hide theirs.

    block ──(until)──▶ ended
      └──lifted by a person──▶ ended
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import SQLModel

from hotline.domain import followups
from hotline.domain.alerts import OPEN as OPEN_ALERTS
from hotline.domain.alerts import Alert
from hotline.domain.change import MACHINE, Change, Due, Event
from hotline.domain.contacts import Contact
from hotline.domain.followups import Followup
from hotline.domain.ids import BlockId, StaffId
from hotline.domain.service_rules import ServiceRules
from hotline.errors import WrongState

REMEMBERED_AT_RISK = timedelta(days=30)
"""So long after a contact at risk its number is let through: the weeks in which most who try again do."""

LONGEST_BLOCK = timedelta(days=366)
"""Nobody is shut out for ever by one decision: it is looked at again after a year at most."""


class Verdict(StrEnum):
    """What became of a call at the door."""

    SERVED = "served"
    BLOCKED = "blocked"
    OVER_LIMIT = "over_limit"
    CLOSED = "closed"


class Block(SQLModel):
    """One number that is not put through. The number itself is kept sealed, so that a person can be told of it."""

    id: BlockId
    phone_hash: str
    number_masked: str | None = None
    reason: str
    made_by: StaffId
    made_at: datetime
    until: datetime
    ended_at: datetime | None = None
    ended_by: StaffId | None = None
    calls: int = 0
    """Calls that it has held up since."""


def due(block: Block, _rules: ServiceRules) -> Due | None:
    return None if block.ended_at is not None else Due("block_ends", block.until)


def _changed(block: Block, what: str, actor: str) -> Change:
    facts = {"until": block.until}
    return Change((block,), (Event("block", what, block.id, actor, facts),), answer=block)


def made(block: Block) -> Change:
    return _changed(block, "made", block.made_by)


def lifted(block: Block, by: StaffId, now: datetime) -> Change:
    if block.ended_at is not None:
        raise WrongState("The block has ended already.")
    return _changed(block.model_copy(update={"ended_at": now, "ended_by": by}), "lifted", by)


def on_deadline(block: Block, now: datetime) -> Change:
    if block.ended_at is not None or now < block.until:
        return Change(save=(block,))
    return _changed(block.model_copy(update={"ended_at": now}), "ran_out", MACHINE)


def standing(blocks: Iterable[Block], now: datetime) -> Block | None:
    """The block that holds this number up now."""
    return next((each for each in blocks if each.ended_at is None and each.until > now), None)


def is_known_at_risk(
    contacts: Iterable[Contact], alerts: Iterable[Alert], planned: Iterable[Followup], now: datetime
) -> bool:
    return (
        any(each.state in OPEN_ALERTS for each in alerts)
        or any(followups.is_open(each) for each in planned)
        or any(followups.is_risky(each) and each.opened_at > now - REMEMBERED_AT_RISK for each in contacts)
    )


def verdict(*, block: Block | None, over_limit: bool, at_risk: bool, is_open: bool) -> Verdict:
    """Who is at risk is served whatever else is the case; closed doors come after shut ones."""
    if at_risk:
        return Verdict.SERVED
    if block is not None:
        return Verdict.BLOCKED
    if over_limit:
        return Verdict.OVER_LIMIT
    return Verdict.SERVED if is_open else Verdict.CLOSED
