"""The hand-over from one shift to the next: what the one who goes says, what is still open, who took it on.

    written ──accept──▶ accepted ──(kept for a while)──▶ deleted

| move   | from    | to       | who                                                              |
|--------|---------|----------|------------------------------------------------------------------|
| write  | –       | written  | whoever is on duty in a role that has shifts                     |
| accept | written | accepted | somebody else of the role, or a supervisor; one winner           |

| state   | its clock                                                                            |
|---------|--------------------------------------------------------------------------------------|
| written | accept: then supervisors are told, again after each span, until somebody accepts it  |
| accepted | kept as long as the setting says; then deleted with the key of its note              |

The lists of what is open are ids, taken at the moment of writing; the things themselves go on having their own
owners and deadlines. Accepting takes nothing over: it says that somebody has read it.

It is read by those of the shift that goes and of the one that comes, and by supervisors. In a role without a roster
nobody knows who they are: there the role reads it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from hotline.domain.change import MACHINE, Change, Due, Event
from hotline.domain.ids import HandoverId, StaffId
from hotline.domain.service_rules import ServiceRules
from hotline.domain.shifts import DutyRole
from hotline.errors import Taken, WrongState


class Handover(SQLModel):
    """`reader_ids`: those of the two shifts, as planned when it was written; None without a roster."""

    id: HandoverId
    role: DutyRole
    written_by: StaffId
    written_at: datetime
    note: str
    contact_ids: list[str] = Field(default_factory=list)
    alert_ids: list[str] = Field(default_factory=list)
    followup_ids: list[str] = Field(default_factory=list)
    reader_ids: list[str] | None = None
    accepted_by: StaffId | None = None
    accepted_at: datetime | None = None
    rung: int = 0
    version: int = 1


def due(handover: Handover, rules: ServiceRules) -> Due | None:
    if handover.accepted_at is not None:
        return Due("hand_over_deleted", handover.accepted_at + rules.hand_overs_kept_for)
    return Due(
        "accept_hand_over", handover.written_at + rules.hand_over_accepted_within * (handover.rung + 1)
    )


def write(handover: Handover) -> Change:
    facts = {
        "role": handover.role,
        "contacts": len(handover.contact_ids),
        "alerts": len(handover.alert_ids),
        "followups": len(handover.followup_ids),
    }
    return _changed(handover, "written", handover.written_by, facts)


def accept(handover: Handover, actor: StaffId, now: datetime) -> Change:
    if handover.accepted_by == actor:
        return Change(answer=handover)
    if handover.accepted_by is not None:
        raise Taken("Somebody else has accepted it already.", by=handover.accepted_by)
    if handover.written_by == actor:
        raise WrongState("A hand-over is accepted by somebody else than its writer.")
    fields = {"accepted_by": actor, "accepted_at": now, "version": handover.version + 1}
    return _changed(handover.model_copy(update=fields), "accepted", actor, {})


def on_deadline(handover: Handover, now: datetime, rules: ServiceRules) -> Change:
    pending = due(handover, rules)
    if pending is None or pending.at > now:
        return Change(answer=handover)
    if handover.accepted_at is not None:
        gone = Event("handover", "deleted", handover.id, MACHINE, {"role": handover.role})
        return Change(remove=(handover,), events=(gone,), erase=(handover.id,))
    spans = (now - handover.written_at) // rules.hand_over_accepted_within  # after a long stop: told once
    rung = max(handover.rung + 1, spans)
    told = handover.model_copy(update={"rung": rung, "version": handover.version + 1})
    return _changed(told, "not_accepted", MACHINE, {"rung": rung})


def _changed(handover: Handover, what: str, actor: str, facts: dict[str, Any]) -> Change:
    event = Event("handover", what, handover.id, actor, {"role": handover.role, **facts})
    return Change((handover,), (event,), answer=handover)
