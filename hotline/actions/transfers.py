"""Handing on: to a colleague, or back to the queue with what is wished for there."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hotline.actions.consequences import with_consequences
from hotline.actions.messages import automatic
from hotline.actions.notes import noted
from hotline.domain import access, contact_moves, passing_on, skills
from hotline.domain import presence as presences
from hotline.domain.access import Actor, Permission
from hotline.domain.change import Change
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.ids import ContactId, StaffId
from hotline.domain.presence import Presence
from hotline.errors import FieldProblem, Invalid, WrongState
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline


async def transfer(
    hotline: Hotline,
    actor: Actor,
    contact_id: ContactId,
    *,
    to_staff_id: StaffId | None,
    reason: str | None,
    skills_wished: list[str] | None = None,
    wished_counselor_id: StaffId | None = None,
    override: str | None = None,
) -> Contact:
    """To a colleague who may take it, or back to the queue (`to_staff_id` is None), there with other wishes if given.
    `override`: why a supervisor hands it to somebody who serves an imminent contact, or looks away, all the same."""
    wishes = _checked_wishes(hotline, skills_wished, wished_counselor_id)
    may_override(actor, override)

    def decide(loaded: Loaded) -> Change:
        by_hand = False
        contact = loaded.get(Contact, contact_id)
        access.require_held(actor, contact)
        contact_moves.refuse_unless(contact, ContactState.ACTIVE)
        if contact.counselor_id == to_staff_id:
            return Change(answer=contact)  # theirs already: nobody is told that they are passed on
        said = automatic(loaded, contact, "transferred")
        current = passing_on.with_note(
            said.answer or contact, by=actor.staff_id, to_id=to_staff_id, note=reason, now=loaded.now
        )
        if to_staff_id is None:
            move = contact_moves.requeue(
                current,
                loaded.now,
                what="transferred_to_queue",
                actor=actor.staff_id,
                to_front=False,
                skills=wishes,
                wished=_wished(hotline, wished_counselor_id, loaded),
            )
        else:
            overridden = refuse_hand_over(loaded, actor, contact, to_staff_id, override)
            move = contact_moves.hand_to(current, to_staff_id, actor.staff_id, loaded.now)
            by_hand = bool(overridden.events)
            move = overridden.then(move)
        change = said.then(move)
        if reason:
            change = change.then(noted(loaded, contact, "transfer", reason, actor.staff_id))
        answered = change.answering(move.answer)
        return with_consequences(loaded, contact, answered, hotline.rules, by_hand=by_hand)

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


def may_override(actor: Actor, reason: str | None) -> None:
    if reason is None:
        return
    access.require(actor, Permission.CONTACT_SUPERVISE)
    if not reason.strip():
        raise Invalid("An override has a reason.", fields=(FieldProblem("override", "must not be empty"),))


def refuse_hand_over(
    loaded: Loaded, actor: Actor, contact: Contact, to: StaffId, override: str | None
) -> Change:
    """Refused, or what the journal and the notes have of an override that was needed."""
    presence = loaded.find(Presence, to)
    if to == actor.staff_id:  # whoever takes it themselves has looked
        presences.refuse_hand_over(presence, contact.channel, loaded.rules, overridden=True)
        return Change()
    try:
        presences.refuse_hand_over(presence, contact.channel, loaded.rules, overridden=False)
    except WrongState as refusal:
        if override is None:
            raise
        presences.refuse_hand_over(presence, contact.channel, loaded.rules, overridden=True)
        facts = {"counselor_id": to, "refused": refusal.code}
        told = contact_moves.event(contact, "hand_over_overridden", actor.staff_id, **facts)
        written = noted(loaded, contact, "override", override.strip(), actor.staff_id)
        return Change(events=(told,)).then(written)
    return Change()


async def set_wishes(
    hotline: Hotline,
    actor: Actor,
    contact_id: ContactId,
    *,
    skills_wished: list[str],
    wished_counselor_id: StaffId | None,
) -> Contact:
    """What is asked of who takes a contact: who serves it may say it before handing on, supervisors at any time."""
    wishes = _checked_wishes(hotline, skills_wished, wished_counselor_id) or []

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        access.require_held(actor, contact)
        return contact_moves.wishes(
            contact, wishes, _wished(hotline, wished_counselor_id, loaded), actor.staff_id
        )

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


def _checked_wishes(
    hotline: Hotline, codes: list[str] | None, wished_counselor_id: StaffId | None
) -> list[str] | None:
    if wished_counselor_id is not None:
        staff = hotline.feed.directory.staff(wished_counselor_id)
        if (
            staff is None
            or staff.disabled
            or Permission.CONTACT_SERVE not in access.permissions_of(staff.roles)
        ):
            problem = FieldProblem("wished_counselor_id", "is nobody who serves contacts")
            raise Invalid("There is no such counselor.", fields=(problem,))
    return None if codes is None else skills.checked_wish(hotline.rules.all_skills, codes)


def _wished(hotline: Hotline, staff_id: StaffId | None, loaded: Loaded) -> tuple[StaffId, datetime] | None:
    return None if staff_id is None else (staff_id, loaded.now + hotline.rules.wished_counselor_for)
