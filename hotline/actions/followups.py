"""Follow-ups: planned by closings and abandonments (parts of other decisions), worked by people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hotline.actions.deadlines import when_due
from hotline.domain import access, followups, kept_places
from hotline.domain.access import Actor, Permission
from hotline.domain.change import NOTHING, Change
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.followups import AttemptOutcome, Followup, FollowupKind
from hotline.domain.ids import ContactId, FollowupId, derived_id
from hotline.domain.service_rules import ServiceRules
from hotline.errors import FieldProblem, Invalid, NotFound
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline

P = Permission


# Parts of other decisions ---------------------------------------------------------------------------


def from_closing(
    loaded: Loaded, contact: Contact, due_at: datetime, note: str | None, actor: Actor
) -> Change:
    """The follow-up that was agreed at closing, with the schedule of the contact's level behind it."""
    due_at = _in_future(due_at, loaded.now, "followup.due_at")
    return followups.planned(
        FollowupId(loaded.new_id("fol")),
        contact,
        FollowupKind.FOLLOW_UP,
        due_at,
        loaded.now,
        note=note,
        by=actor.staff_id,
        scheduled_from=loaded.now,
    )


def care_owed(loaded: Loaded, contact: Contact, actor: Actor) -> Change:
    """Closed without a referral that the policy asks for, and nobody has said that the person does not want it."""
    followup_id = FollowupId(derived_id("fol", contact.id, "referral"))
    return followups.referral_owed(followup_id, contact, actor.staff_id, loaded.now, loaded.rules)


def after_referral(loaded: Loaded, contact_id: ContactId | None, actor: Actor) -> Change:
    """A referral of this contact was filed: what was owed is done."""
    if contact_id is None:
        return NOTHING
    owed = loaded.find(Followup, FollowupId(derived_id("fol", contact_id, "referral")))
    return NOTHING if owed is None else followups.referred(owed, actor.staff_id, loaded.now)


def after_abandonment(loaded: Loaded, contact: Contact, now: datetime, rules: ServiceRules) -> Change:
    """Somebody at risk left before anybody answered: called back, or, without a number, a supervisor decides. Whose
    counselor's phone still rang has been heard by nobody either, whoever writes it up.

    Who had shown no risk is not called: a call back can harm whose phone others answer.
    """
    over = (ContactState.CLOSED, ContactState.WRAP_UP)
    if contact.state not in over or not followups.is_risky(contact):
        return NOTHING
    kind = FollowupKind.CALL_BACK if contact.number is not None else FollowupKind.REVIEW
    followup_id = FollowupId(derived_id("fol", contact.id, "abandoned"))
    if loaded.find(Followup, followup_id) is not None:
        return NOTHING
    return followups.planned(followup_id, contact, kind, now + rules.call_back_within, now)


def on_place_taken(loaded: Loaded, before: Contact | None, after: Contact) -> Change:
    """Whoever takes somebody who waits to be called has the call back by that, for as long as they have them."""
    if before is None or before.state is after.state:
        return NOTHING
    taken = kept_places.is_kept(before) and after.state is ContactState.ACTIVE
    returned = before.state is ContactState.ACTIVE and kept_places.is_kept(after)
    followup = loaded.find(Followup, after.followup_id or "") if taken or returned else None
    if followup is None or not followups.is_open(followup):
        return NOTHING
    if returned:
        return followups.given_back(followup, loaded.now)
    return (
        NOTHING
        if after.counselor_id is None
        else followups.call_begun(followup, after.counselor_id, loaded.now)
    )


def _in_future(due_at: datetime, now: datetime, path: str) -> datetime:
    if due_at <= now:
        raise Invalid("A follow-up lies in the future.", fields=(FieldProblem(path, "lies in the past"),))
    if due_at > now + followups.FURTHEST:
        raise Invalid("A follow-up is due within two years.", fields=(FieldProblem(path, "is too far away"),))
    return due_at.astimezone(UTC)


# What people do ---------------------------------------------------------------------------------------


async def plan(
    hotline: Hotline,
    actor: Actor,
    contact_id: ContactId,
    *,
    due_at: datetime,
    note: str | None = None,
    idempotency_key: str | None = None,
) -> Followup:
    """A follow-up by hand. The same key again gives the same one."""
    access.require(actor, P.FOLLOWUP_WORK)

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        access.require_serving(actor, contact)
        followup_id = FollowupId(loaded.id_of("fol", idempotency_key, actor.staff_id))
        known = loaded.find(Followup, followup_id)
        if known is not None:
            return Change(answer=known)
        at = _in_future(due_at, loaded.now, "due_at")
        return followups.planned(
            followup_id, contact, FollowupKind.FOLLOW_UP, at, loaded.now, note=note, by=actor.staff_id
        )

    followup: Followup = await hotline.writer.run(decide, Need(Contact, contact_id))
    return followup


Decide = Callable[[Loaded, Followup], Change]


async def _move(hotline: Hotline, actor: Actor, followup_id: FollowupId, move: Decide) -> Followup:
    def decide(loaded: Loaded) -> Change:
        followup = loaded.get(Followup, followup_id)
        access.require_followup_held(actor, followup)
        return move(loaded, followup)

    followup: Followup = await hotline.writer.run(decide, Need(Followup, followup_id))
    return followup


async def take(
    hotline: Hotline, actor: Actor, followup_id: FollowupId, *, version: int | None = None
) -> Followup:
    """One winner: the others hear who has it."""

    def decide(loaded: Loaded) -> Change:
        followup = loaded.get(Followup, followup_id)
        access.require_followup(actor, followup)
        return followups.take(followup, actor.staff_id, loaded.now, version=version)

    followup: Followup = await hotline.writer.run(decide, Need(Followup, followup_id))
    return followup


async def attempt(
    hotline: Hotline,
    actor: Actor,
    followup_id: FollowupId,
    *,
    outcome: AttemptOutcome,
    note: str | None = None,
    version: int | None = None,
) -> Followup:
    def move(loaded: Loaded, followup: Followup) -> Change:
        new_ids = (FollowupId(loaded.new_id("fol")), FollowupId(loaded.new_id("fol")))
        return followups.attempt(
            followup, actor.staff_id, outcome, note, loaded.now, loaded.rules, new_ids, version=version
        )

    return await _move(hotline, actor, followup_id, move)


async def done(
    hotline: Hotline,
    actor: Actor,
    followup_id: FollowupId,
    *,
    note: str | None = None,
    version: int | None = None,
) -> Followup:
    """Done; the next one of its schedule is planned."""

    def move(loaded: Loaded, followup: Followup) -> Change:
        next_id = FollowupId(loaded.new_id("fol"))
        return followups.done(
            followup, actor.staff_id, note, loaded.now, loaded.rules, next_id, version=version
        )

    return await _move(hotline, actor, followup_id, move)


async def reschedule(
    hotline: Hotline,
    actor: Actor,
    followup_id: FollowupId,
    *,
    due_at: datetime,
    reason: str,
    version: int | None = None,
) -> Followup:
    def move(loaded: Loaded, followup: Followup) -> Change:
        at = _in_future(due_at, loaded.now, "due_at")
        return followups.reschedule(followup, actor.staff_id, at, reason, loaded.now, version=version)

    return await _move(hotline, actor, followup_id, move)


async def cancel(
    hotline: Hotline, actor: Actor, followup_id: FollowupId, *, reason: str, version: int | None = None
) -> Followup:
    def move(loaded: Loaded, followup: Followup) -> Change:
        return followups.cancel(followup, actor.staff_id, reason, loaded.now, version=version)

    return await _move(hotline, actor, followup_id, move)


on_deadline = when_due(
    Followup, lambda loaded, followup: followups.on_deadline(followup, loaded.now, loaded.rules)
)
"""Falls due, then overdue again and again."""


# Reading ----------------------------------------------------------------------------------------------

LATEST = 200


async def find(hotline: Hotline, actor: Actor, followup_id: FollowupId) -> Followup:
    followup = await hotline.reader.find(Followup, followup_id)
    if followup is None:
        raise NotFound("There is no such follow-up.")
    access.require_followup(actor, followup)
    return followup


async def visible(hotline: Hotline, actor: Actor, state: str) -> list[Followup]:
    """ "due": open ones whose time has come; "open": all open ones by due time; "all": the latest ended too."""
    access.require(actor, P.FOLLOWUP_WORK)
    column = hotline.reader.table(Followup).c
    running = sorted(each.value for each in followups.OPEN)
    due = (column.due_at <= hotline.clock.now(),) if state == "due" else ()
    found = await hotline.reader.where(
        Followup, column.state.in_(running), *due, order=(column.due_at, column.id)
    )
    if state == "all":
        found += await hotline.reader.where(
            Followup, column.state.not_in(running), order=(column.created_at.desc(),), limit=LATEST
        )
    topics = access.topics_of(actor)
    return [each for each in found if not topics.isdisjoint(access.followup_audience(each))]
