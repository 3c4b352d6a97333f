"""Handing over a shift: the note, what is open at that moment, and who accepted it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hotline.actions.deadlines import when_due
from hotline.domain import access, handovers
from hotline.domain.access import Actor, Permission, Role
from hotline.domain.alerts import ON_THE_BOARD, Alert
from hotline.domain.change import Change
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.followups import OPEN, Followup
from hotline.domain.handovers import Handover
from hotline.domain.ids import HandoverId
from hotline.domain.shifts import DutyRole, occurrences
from hotline.errors import Forbidden
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline

_MOST = 200  # ids in a list: whoever has more open is not handing over a shift but a service
_LATEST = 50
_COMES_WITHIN = timedelta(days=1)
"""Who comes later than that comes from another shift than this one is handed to."""


async def write(
    hotline: Hotline, actor: Actor, role: DutyRole, note: str, *, idempotency_key: str | None = None
) -> Handover:
    _refuse_others(actor, role)
    contact_ids, alert_ids, followup_ids = await _open_for(hotline, actor, role)

    def decide(loaded: Loaded) -> Change:
        handover_id = HandoverId(loaded.id_of("hov", idempotency_key, actor.staff_id))
        known = loaded.find(Handover, handover_id)
        if known is not None:
            return Change(answer=known)
        handover = Handover(
            id=handover_id,
            role=role,
            written_by=actor.staff_id,
            written_at=loaded.now,
            note=note,
            contact_ids=contact_ids,
            alert_ids=alert_ids,
            followup_ids=followup_ids,
            reader_ids=_of_both_shifts(hotline, role, loaded.now),
        )
        return handovers.write(handover)

    written: Handover = await hotline.writer.run(decide)
    return written


def _of_both_shifts(hotline: Hotline, role: DutyRole, now: datetime) -> list[str] | None:
    """Who is on duty, and who comes next. None without a roster."""
    roster = hotline.roster
    if role not in roster.rota(now).planned:
        return None
    coming = occurrences(roster.patterns, roster.overrides, role, now, now + _COMES_WITHIN)
    next_start = min((each.start for each in coming if each.start > now), default=None)
    people = [*roster.on_duty(role, now)]
    people += [who for each in coming if each.start == next_start for who in each.staff_ids]
    return list(dict.fromkeys(people))


async def _open_for(hotline: Hotline, actor: Actor, role: DutyRole) -> tuple[list[str], list[str], list[str]]:
    """A counselor's own; of supervisors and dispatchers everything that is open."""
    contacts, alerts = hotline.reader.table(Contact).c, hotline.reader.table(Alert).c
    followups = hotline.reader.table(Followup).c
    served = contacts.state.in_((ContactState.ACTIVE, ContactState.WRAP_UP))
    own_contacts = () if role is DutyRole.SUPERVISOR else (contacts.counselor_id == actor.staff_id,)
    own_followups = () if role is DutyRole.SUPERVISOR else (followups.owner_id == actor.staff_id,)
    held = await hotline.reader.where(Contact, served, *own_contacts, limit=_MOST)
    due_soon = await hotline.reader.where(
        Followup, followups.state.in_(OPEN), *own_followups, order=(followups.due_at,), limit=_MOST
    )
    ringing = await hotline.reader.where(Alert, alerts.state.in_(sorted(ON_THE_BOARD)), limit=_MOST)
    mine = {each.id for each in held}
    seen = (
        ringing if role is not DutyRole.COUNSELOR else [each for each in ringing if each.contact_id in mine]
    )
    if role is DutyRole.DISPATCHER:
        return [], [each.id for each in seen], []
    return [each.id for each in held], [each.id for each in seen], [each.id for each in due_soon]


async def accept(hotline: Hotline, actor: Actor, handover_id: HandoverId) -> Handover:
    access.require(actor, Permission.SHIFT_READ)

    def decide(loaded: Loaded) -> Change:
        handover = loaded.get(Handover, handover_id)
        _refuse_others(actor, handover.role)
        if not access.may_read_handover(actor, handover, hotline.roster.on_duty(handover.role, loaded.now)):
            raise Forbidden("This hand-over is between other shifts.", code="other_shift")
        return handovers.accept(handover, actor.staff_id, loaded.now)

    accepted: Handover = await hotline.writer.run(decide, Need(Handover, handover_id))
    return accepted


on_deadline = when_due(
    Handover, lambda loaded, handover: handovers.on_deadline(handover, loaded.now, loaded.rules)
)
"""Nobody has accepted it: supervisors are told. Accepted long ago: it is deleted."""


async def latest(hotline: Hotline, actor: Actor) -> list[Handover]:
    access.require(actor, Permission.SHIFT_READ)
    column, now = hotline.reader.table(Handover).c, hotline.clock.now()
    found = await hotline.reader.where(Handover, order=(column.written_at.desc(),), limit=_LATEST)
    return [
        each
        for each in found
        if access.may_read_handover(actor, each, hotline.roster.on_duty(each.role, now))
    ]


def _refuse_others(actor: Actor, role: DutyRole) -> None:
    access.require(actor, Permission.SHIFT_READ)
    if Role.SUPERVISOR not in actor.roles and Role(role.value) not in actor.roles:
        raise Forbidden("This is a hand-over of another role.")
