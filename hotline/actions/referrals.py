"""Referrals: filed from a closed contact or by hand, moved by their parties, read by those who may.

`from_closing` is part of the close sheet's decision; the moves and their law are in `domain/referrals.py` and
`domain/rehabilitation.py`. Who reads a person's full record leaves an entry in the journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from hotline.actions import followups
from hotline.actions.rehabilitation import served_district
from hotline.calendar_data import care_rules
from hotline.domain import access, referral_case, referrals, rehabilitation
from hotline.domain.access import Actor, Permission
from hotline.domain.change import Change, Event
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.ids import ContactId, ReferralId, derived_id
from hotline.domain.referral_case import Institution, Referral, Scene
from hotline.domain.referral_codes import Stage
from hotline.domain.referral_forms import Application, MoveForm
from hotline.errors import FieldProblem, Forbidden, Invalid, NotFound, WrongState
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline

P = Permission
READERS = (P.REFERRAL_READ, P.REFERRAL_WORK, P.REHABILITATION_WORK)
_MOVERS = (P.REFERRAL_FILE, P.REFERRAL_WORK, P.REHABILITATION_WORK)


# Filing --------------------------------------------------------------------------------------------


def from_closing(
    hotline: Hotline, loaded: Loaded, contact: Contact, fields: Mapping[str, Any], actor: Actor
) -> Change:
    """The referral that leaves with a close sheet: submitted with the person's consent, or the sheet is refused."""
    access.require(actor, P.REFERRAL_FILE)
    application = parsed(fields, "referral")
    if application.district is None:
        application = application.model_copy(update={"district": contact.district})
    referral_id = ReferralId(derived_id("ref", contact.id, "closing"))
    try:
        return _filed(hotline, loaded, actor, application, referral_id, contact.id, submit=True)
    except Invalid as refused:
        problems = tuple(FieldProblem(f"referral.{each.path}", each.problem) for each in refused.fields)
        raise Invalid(refused.detail, fields=problems, code=refused.code) from None


def parsed(fields: Mapping[str, Any], path: str) -> Application:
    """An application from what a form sent; what is wrong is named, never repeated."""
    try:
        return Application.model_validate(fields)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        problems = tuple(
            FieldProblem(".".join((path, *(str(part)[:40] for part in each["loc"]))), each["msg"])
            for each in found[:20]
        )
    raise Invalid("Some of the input is not valid.", fields=problems)


async def file(
    hotline: Hotline,
    actor: Actor,
    application: Application,
    *,
    contact_id: ContactId | None = None,
    submit: bool = True,
    idempotency_key: str | None = None,
) -> Referral:
    """A new referral, submitted or kept as a draft. The same key again gives the same one."""
    access.require(actor, P.REFERRAL_FILE)

    def decide(loaded: Loaded) -> Change:
        referral_id = ReferralId(loaded.id_of("ref", idempotency_key, actor.staff_id))
        if contact_id is not None:
            _require_closed(loaded.get(Contact, contact_id), actor)
        filed = _filed(hotline, loaded, actor, application, referral_id, contact_id, submit=submit)
        if not submit:
            return filed
        return filed.then(followups.after_referral(loaded, contact_id, actor)).answering(filed.answer)

    referral: Referral = await hotline.writer.run(decide)
    return referral


def _require_closed(contact: Contact, actor: Actor) -> None:
    access.require_held(actor, contact)
    if contact.state is not ContactState.CLOSED:
        raise WrongState("The contact is still open: refer it with the close sheet.")


def _filed(
    hotline: Hotline,
    loaded: Loaded,
    actor: Actor,
    application: Application,
    referral_id: ReferralId,
    contact_id: ContactId | None,
    *,
    submit: bool,
) -> Change:
    known = loaded.find(Referral, referral_id)
    if known is not None:
        return Change(answer=known)
    application = _in_district(hotline, application)
    identity = _identity_hash(hotline, application)
    scene = _scene(hotline, loaded, actor, identity, None)
    draft = referrals.draft(referral_id, application, scene, contact_id=contact_id, identity_hash=identity)
    return referrals.file(draft, scene, submit=submit)


def _in_district(hotline: Hotline, application: Application) -> Application:
    """Its district as accounts name it; one that nobody serves is refused, for nobody would see the referral."""
    if not (application.district or "").strip():
        return application
    return application.model_copy(update={"district": served_district(hotline, application.district or "")})


def _identity_hash(hotline: Hotline, application: Application) -> str | None:
    identity = referrals.identity_of(application)
    return hotline.sealer.lookup_hash(f"referral {identity}") if identity is not None else None


def _scene(
    hotline: Hotline, loaded: Loaded, actor: Actor, identity: str | None, institution: Institution | None
) -> Scene:
    same_person = loaded.where(Referral, "identity_hash", identity) if identity is not None else []
    return Scene(actor, loaded.now, care_rules(hotline.settings), institution, tuple(same_person))


# Moving --------------------------------------------------------------------------------------------


async def move(
    hotline: Hotline, actor: Actor, referral_id: ReferralId, name: str, form: MoveForm
) -> Referral:
    """One step of a referral, by whose turn it is."""
    access.require(actor, *_MOVERS)

    def decide(loaded: Loaded) -> Change:
        referral = loaded.get(Referral, referral_id)
        if not referral_case.may_read(actor, referral):
            raise NotFound("There is no such referral.")
        completed = form
        if form.application is not None:
            application = _in_district(hotline, form.application)
            completed = form.model_copy(update={"application": application})
            identity = _identity_hash(hotline, application)
            referral = referral.model_copy(update={"identity_hash": identity})
        institution_id = form.institution_id if name == "refer" else referral.institution_id
        institution = loaded.find(Institution, institution_id) if institution_id else None
        scene = _scene(hotline, loaded, actor, referral.identity_hash, institution)
        others = tuple(each for each in scene.same_person if each.id != referral_id)
        change = rehabilitation.act(referral, name, completed, replace(scene, same_person=others))
        if name != "submit":
            return change
        return change.then(followups.after_referral(loaded, referral.contact_id, actor)).answering(
            change.answer
        )

    referral: Referral = await hotline.writer.run(decide, Need(Referral, referral_id))
    return referral


async def on_deadline(hotline: Hotline, referral_id: ReferralId) -> None:
    """The referral's `due` has come: it is late, and its people hear of it."""

    def decide(loaded: Loaded) -> Change:
        referral = loaded.get(Referral, referral_id)
        change = referral_case.on_deadline(referral, loaded.now, care_rules(hotline.settings))
        return change if change.save else Change(save=(referral,))

    await hotline.writer.run(decide, Need(Referral, referral_id))


# Reading -------------------------------------------------------------------------------------------


async def get(hotline: Hotline, actor: Actor, referral_id: ReferralId) -> Referral:
    """For its parties; for everybody else it does not exist."""
    access.require(actor, *READERS)
    referral = await hotline.reader.find(Referral, referral_id)
    if referral is None or not referral_case.may_read(actor, referral):
        raise NotFound("There is no such referral.")
    return referral


async def page(
    hotline: Hotline, actor: Actor, *, stage: Stage | None, before: tuple[datetime, str] | None, limit: int
) -> list[Referral]:
    """Newest first. `before`: creation time and id of the last one of the page before."""
    access.require(actor, *READERS)
    table = hotline.reader.table(Referral)
    conditions = [_readable(actor, table)]
    if stage is not None:
        conditions.append(table.c.stage == stage)
    if before is not None:
        at, last_id = before
        conditions.append((table.c.created_at < at) | ((table.c.created_at == at) & (table.c.id < last_id)))
    order = (table.c.created_at.desc(), table.c.id.desc())
    found = await hotline.reader.where(Referral, *conditions, order=order, limit=limit)
    return [each for each in found if referral_case.may_read(actor, each)]


def _readable(actor: Actor, table: Any) -> Any:
    """The part of `may_read` that the database can decide, so that pages are full."""
    mine = table.c.filed_by == actor.staff_id
    if actor.may(P.CONTACT_SUPERVISE):
        return table.c.id.is_not(None)
    if actor.may(P.REFERRAL_WORK):
        return (
            table.c.id.is_not(None) if actor.district is None else (table.c.district == actor.district) | mine
        )
    if actor.may(P.REHABILITATION_WORK):
        return table.c.institution_id == (actor.organisation_id or "")
    return mine


async def read_person(hotline: Hotline, actor: Actor, referral_id: ReferralId) -> Referral:
    """The full record of the person, for who needs it to act; reading it is journalled."""
    referral = await get(hotline, actor, referral_id)
    if not referral_case.may_read_person(actor, referral):
        raise Forbidden("The full record opens once the institution has accepted.")
    event = Event("referral", "person_read", referral.id, actor.staff_id, {"version": referral.version})
    await hotline.writer.run(lambda _loaded: Change(events=(event,)))
    return referral
