"""The close sheet: what is demanded before a contact is closed, and what leaves it: follow-up, referral, plan.

| demanded                    | when                                                       |
|-----------------------------|------------------------------------------------------------|
| disposition, note           | always                                                     |
| level, confirmed by a person| always                                                     |
| safety plan                 | level or peak high or above, unless the person had left     |
| consent                     | for a referral, and for a follow-up                         |

Closed without a referral at a level for which the policy names a time to refer (`referral_within`), and without the
word that the person does not want one: that time begins, as a follow-up of whoever closed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hotline.actions import followups, referrals
from hotline.actions.consequences import with_consequences
from hotline.actions.risk import set_by_hand
from hotline.domain import access, contact_moves
from hotline.domain.access import Actor
from hotline.domain.change import Change
from hotline.domain.contacts import RISKY, Channel, Contact, ContactState, Draft, Note
from hotline.domain.ids import ContactId, derived_id
from hotline.errors import FieldProblem, Invalid
from hotline.storage.working_set import Loaded, Need
from triage.assessment import Level

if TYPE_CHECKING:
    from hotline.service import Hotline

DISPOSITIONS: dict[str, tuple[str, str]] = {
    "supported": ("情绪得到支持，已安全结束", "Supported, ended safely"),
    "information": ("提供了信息", "Information given"),
    "safety_plan": ("完成安全计划", "Safety plan made"),
    "referred": ("已转介", "Referred"),
    "emergency": ("已启动紧急救助", "Emergency help called"),
    "third_party_advised": ("已为第三方提供建议", "Third party advised"),
    "left_early": ("对方提前离开", "The person left early"),
    "silent": ("沉默来访", "Silent contact"),
    "harassing": ("骚扰来访", "Harassing contact"),
    "wrong_number": ("误拨或测试", "Wrong number or test"),
}
PLAN_PARTS = ("warning_signs", "coping", "distraction", "people", "professionals", "environment")
_LEFT = ("left_early", "silent", "harassing", "wrong_number")


@dataclass(frozen=True, slots=True)
class FollowupWish:
    due_at: datetime
    consent: bool
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CloseSheet:
    disposition: str
    note: str
    level_confirmed: Level
    followup: FollowupWish | None = None
    referral: dict[str, Any] | None = None
    referral_declined: bool = False
    safety_plan: dict[str, str] | None = None


def missing(contact: Contact, sheet: CloseSheet) -> tuple[FieldProblem, ...]:
    """What is still missing, by field."""
    problems = []
    if sheet.disposition not in DISPOSITIONS:
        problems.append(FieldProblem("disposition", "is needed"))
    if not sheet.note.strip():
        problems.append(FieldProblem("note", "is needed"))
    if sheet.level_confirmed is Level.UNASSESSED:
        problems.append(FieldProblem("level_confirmed", "is needed"))
    serious = contact.level in RISKY or contact.peak_level in RISKY
    plan = sheet.safety_plan or contact.safety_plan or {}
    spoken_with = contact.channel is not Channel.SCHOOL and sheet.disposition not in _LEFT
    if serious and spoken_with and not any(plan.get(part, "").strip() for part in PLAN_PARTS):
        problems.append(FieldProblem("safety_plan", "is needed at high or above"))
    if sheet.followup is not None and not sheet.followup.consent:
        problems.append(FieldProblem("followup.consent", "is needed"))
    return tuple(problems)


async def close(hotline: Hotline, actor: Actor, contact_id: ContactId, sheet: CloseSheet) -> Contact:
    """Close after wrap-up. Closing a closed contact again with the same hands changes nothing."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        access.require_held(actor, contact)
        if contact.state is ContactState.CLOSED and contact.disposition == sheet.disposition:
            return Change(answer=contact)
        contact_moves.refuse_unless(contact, ContactState.WRAP_UP)
        problems = missing(contact, sheet)
        if problems:
            raise Invalid("The close sheet is not complete.", fields=problems, code="close_incomplete")
        return _closed(loaded, hotline, actor, contact, sheet)

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


def _closed(loaded: Loaded, hotline: Hotline, actor: Actor, before: Contact, sheet: CloseSheet) -> Change:
    change = Change()
    contact = before
    if sheet.level_confirmed is not before.level:
        change = set_by_hand(loaded, before, sheet.level_confirmed, sheet.note, actor)
        contact = change.answer
    plan = {part: sheet.safety_plan.get(part, "") for part in PLAN_PARTS} if sheet.safety_plan else None
    move = contact_moves.close(
        contact,
        disposition=sheet.disposition,
        note=sheet.note,
        plan=plan,
        actor=actor.staff_id,
        now=loaded.now,
    )
    closed: Contact = move.answer
    change = loaded.see(with_consequences(loaded, before, change.then(move), hotline.rules))
    if sheet.followup is not None:
        wish = sheet.followup
        change = change.then(followups.from_closing(loaded, closed, wish.due_at, wish.note, actor))
    if sheet.referral is not None:
        change = change.then(referrals.from_closing(hotline, loaded, closed, sheet.referral, actor))
    elif _owes_care(closed, sheet):
        change = change.then(followups.care_owed(loaded, closed, actor))
    return change.answering(closed)


def _owes_care(contact: Contact, sheet: CloseSheet) -> bool:
    """Whether the policy's time to refer begins: somebody was there to be referred, and has not said no."""
    elsewhere = sheet.disposition in (*_LEFT, "third_party_advised", "emergency")
    return not (sheet.referral_declined or elsewhere or contact.channel is Channel.SCHOOL)


# Drafts and notes -----------------------------------------------------------------------------------


async def keep_draft(hotline: Hotline, actor: Actor, contact_id: ContactId, *, kind: str, text: str) -> None:
    """The half-written sentence of this person in this contact."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        access.require_serving(actor, contact)
        draft = Draft(
            id=draft_id(contact_id, actor.staff_id, kind),
            contact_id=contact_id,
            staff_id=actor.staff_id,
            kind=kind,
            text=text,
        )
        loaded.find(Draft, draft.id)
        return Change(save=(draft,))

    await hotline.writer.run(decide, Need(Contact, contact_id))


def draft_id(contact_id: str, staff_id: str, kind: str) -> str:
    return derived_id("dra", contact_id, staff_id, kind)


async def drafts(hotline: Hotline, actor: Actor, contact_id: ContactId) -> dict[str, str]:
    keys = [draft_id(contact_id, actor.staff_id, kind) for kind in ("composer", "note")]
    found = await hotline.reader.where(Draft, hotline.reader.table(Draft).c.id.in_(keys))
    texts = {each.kind: each.text for each in found}
    return {"composer": texts.get("composer", ""), "note": texts.get("note", "")}


async def notes(hotline: Hotline, contact: Contact) -> list[Note]:
    table = hotline.reader.table(Note)
    return await hotline.reader.where(Note, table.c.contact_id == contact.id, order=(table.c.at, table.c.id))
