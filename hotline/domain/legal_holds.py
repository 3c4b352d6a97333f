"""A legal hold: what belongs to a contact must not be deleted or erased while it stands.

placed ──lifted──▶ over        by a person with a reason, both journalled; one at a time for a contact
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import SQLModel

from hotline.domain.change import Change, Event
from hotline.domain.ids import ContactId, LegalHoldId, StaffId
from hotline.errors import WrongState


class LegalHold(SQLModel):
    id: LegalHoldId
    contact_id: ContactId
    placed_by: StaffId
    placed_at: datetime
    reason: str
    lifted_by: StaffId | None = None
    lifted_at: datetime | None = None
    lift_reason: str | None = None


def standing(holds: Iterable[LegalHold]) -> LegalHold | None:
    return next((each for each in holds if each.lifted_at is None), None)


def place(
    new_id: LegalHoldId,
    contact_id: ContactId,
    holds: Iterable[LegalHold],
    reason: str,
    actor: StaffId,
    now: datetime,
) -> Change:
    if standing(holds) is not None:
        raise WrongState("The contact is under legal hold already.", code="held_already")
    hold = LegalHold(id=new_id, contact_id=contact_id, placed_by=actor, placed_at=now, reason=reason)
    event = Event("legal_hold", "placed", hold.id, actor, {"contact_id": contact_id})
    return Change(save=(hold,), events=(event,), answer=hold)


def lift(holds: Iterable[LegalHold], reason: str, actor: StaffId, now: datetime) -> Change:
    hold = standing(holds)
    if hold is None:
        raise WrongState("The contact is not under legal hold.", code="not_held")
    hold = hold.model_copy(update={"lifted_by": actor, "lifted_at": now, "lift_reason": reason})
    event = Event("legal_hold", "lifted", hold.id, actor, {"contact_id": hold.contact_id})
    return Change(save=(hold,), events=(event,), answer=hold)
