"""One referral, from the first draft to the archive, and how any of its moves is made.

The tables of moves stand at the top of `referrals.py` (application to answer) and `rehabilitation.py`
(assessment to archive); this module holds what both share. Each move says from where, to where, who may,
what it needs and which clock runs next; the steps give what else changes.

Laws: whoever waits has an owner and a due date; nothing moves without standing consent; an institution holds
only what the consent names it for; a move on an older version changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Field, SQLModel

from hotline.domain.access import Actor, Permission
from hotline.domain.care_rules import CareRules
from hotline.domain.change import MACHINE, Change, Due, Event
from hotline.domain.ids import ContactId, InstitutionId, ReferralId, StaffId
from hotline.domain.referral_codes import OVER, WITH_INSTITUTION, Basis, Channel, Party, Stage
from hotline.domain.referral_forms import DETAILS, LONG, Application, Consent, MoveForm
from hotline.domain.service_rules import ServiceRules
from hotline.domain.working_days import day_is_over, local_day
from hotline.errors import FieldProblem, Forbidden, Invalid, NotFound, StaleVersion, WrongState

LATE_RINGS_EVERY = timedelta(days=1)
"""What is late is told again each day: often enough to be seen, seldom enough to be read."""


class Referral(SQLModel):
    """`person`, `health` and `consent` are forms of `referral_forms.py` as JSON; sealed with notes and history."""

    id: ReferralId
    number: str
    stage: Stage = Stage.DRAFT
    version: int = 1
    channel: Channel = Channel.OTHER
    contact_id: ContactId | None = None
    filed_by: StaffId
    district: str | None = None
    needs: list[str] = Field(default_factory=list)
    person: dict[str, Any] = Field(default_factory=dict)
    health: dict[str, Any] | None = None
    consent: dict[str, Any] = Field(default_factory=dict)
    consent_revoked_at: datetime | None = None
    preferred_institution_id: InstitutionId | None = None
    institution_id: InstitutionId | None = None
    institution_name: str | None = None
    holds_place: bool = False
    identity_hash: str | None = None
    duplicate_of: ReferralId | None = None
    note: str | None = None
    risk_note: str | None = None
    decline_reason: str | None = None
    closure_code: str | None = None
    closing_proposed: bool = False
    closed_on: date | None = None
    visits_done: int = 0
    history: list[dict[str, Any]] = Field(default_factory=list)
    created_at: datetime
    stage_since: datetime

    owner: Party | None = None
    clock: str | None = None
    due_on: date | None = None
    due_basis: Basis | None = None
    due_provisional: bool = False
    counted_from: date | None = None
    late_rung: int = 0
    verify_left: int | None = None
    """Working days of the clock of `verify` that were left when it was stopped."""


class Institution(SQLModel):
    """An entry of the institution library. `demo`: made up, for showing the program."""

    id: InstitutionId
    name: str
    district: str
    services: list[str] = Field(default_factory=list)
    places_total: int
    places_free: int
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What a move is decided on, beside the referral itself."""

    actor: Actor
    now: datetime
    rules: CareRules
    institution: Institution | None = None
    """The one that holds the referral, or the one it is to be referred to."""
    same_person: tuple[Referral, ...] = ()
    """Other referrals with the same identity hash."""

    @property
    def today(self) -> date:
        return local_day(self.now)


Step = Callable[[Referral, MoveForm, Scene], dict[str, Any]]


def _nothing_more(referral: Referral, form: MoveForm, scene: Scene) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Move:
    """`to=None` stays in its stage. `clock=None` lets the running clock run on; a step may set another.
    `owes` is who has the next act. `while_closing`: possible while a proposed closing waits for its answer."""

    name: str
    start: tuple[Stage, ...]
    to: Stage | None
    who: tuple[Party, ...]
    needs: tuple[str, ...] = ()
    clock: str | None = None
    owes: Party | None = None
    step: Step = _nothing_more
    while_closing: bool = False
    without_consent: bool = False


def tabled(*moves: Move) -> Mapping[str, Move]:
    return {move.name: move for move in moves}


# Who -----------------------------------------------------------------------------------------------


def is_party(actor: Actor, referral: Referral, party: Party) -> bool:
    if party is Party.FILER:
        own = referral.filed_by == actor.staff_id
        return actor.may(Permission.REFERRAL_FILE) and (own or actor.may(Permission.CONTACT_SUPERVISE))
    if party is Party.WORKER:
        return actor.may(Permission.REFERRAL_WORK) and actor.district in (None, referral.district)
    return actor.may(Permission.REHABILITATION_WORK) and is_held_by(referral, actor.organisation_id)


def is_held_by(referral: Referral, organisation_id: str | None) -> bool:
    """An institution sees a referral from `referred` on, and as long as it is the one."""
    if organisation_id is None or referral.institution_id != organisation_id:
        return False
    return referral.stage in WITH_INSTITUTION or referral.stage in OVER


def may_read(actor: Actor, referral: Referral) -> bool:
    return any(is_party(actor, referral, party) for party in Party)


def may_read_person(actor: Actor, referral: Referral) -> bool:
    """Name, number and address: the worker, who filed it, and the institution once it has accepted."""
    if referral.stage in OVER and referral.consent_revoked_at is not None:
        return False
    if is_party(actor, referral, Party.WORKER) or is_party(actor, referral, Party.FILER):
        return True
    in_care = referral.stage is not Stage.REFERRED and referral.stage not in OVER
    return in_care and is_party(actor, referral, Party.INSTITUTION)


# Clocks --------------------------------------------------------------------------------------------


def due(referral: Referral, rules: ServiceRules) -> Due | None:
    """When it is told (again) that the next act is late. Only what is over has none."""
    if referral.due_on is None:
        return None
    return Due("late", day_is_over(referral.due_on) + LATE_RINGS_EVERY * referral.late_rung)


def is_late(referral: Referral, now: datetime) -> bool:
    return referral.due_on is not None and day_is_over(referral.due_on) <= now


def wound(
    name: str, start: date, rules: CareRules, owner: Party | None = None, left: int | None = None
) -> dict[str, Any]:
    """The fields of a clock that starts to run: its end, and whether that end is certain.
    `left`: of a clock that was stopped, what it still has."""
    limit = rules.limit(name)
    if left is not None:
        limit = replace(limit, count=min(left, limit.count))
    counted = limit.counted(start, rules.calendar)
    fields: dict[str, Any] = {"clock": name, "counted_from": start, "due_on": counted.on}
    fields |= {"due_provisional": counted.provisional, "due_basis": limit.basis, "late_rung": 0}
    return fields if owner is None else fields | {"owner": owner}


STOPPED: Mapping[str, Any] = {
    "clock": None,
    "counted_from": None,
    "due_on": None,
    "due_provisional": False,
    "due_basis": None,
    "late_rung": 0,
    "owner": None,
}


def on_deadline(referral: Referral, now: datetime, rules: CareRules) -> Change:
    """Late: its owner and the supervisors hear of it, again each day. A provisional date is counted anew first."""
    pending = due(referral, ServiceRules())
    if pending is None or pending.at > now:
        return Change(answer=referral)
    recounted = _recounted(referral, rules)
    if recounted is not None:
        return _told(recounted, "due_recounted", MACHINE, {})
    spans = (
        now - day_is_over(referral.due_on or now.date())
    ) // LATE_RINGS_EVERY  # after a long stop: told once
    late = referral.model_copy(update={"late_rung": max(referral.late_rung, spans) + 1})
    return _told(late, "late", MACHINE, {"rung": late.late_rung})


def _recounted(referral: Referral, rules: CareRules) -> Referral | None:
    """With the holiday notice that was missing before; None if it is still missing or changes nothing."""
    if not referral.due_provisional or referral.clock is None or referral.counted_from is None:
        return None
    left = referral.verify_left if referral.clock == "verify" else None
    fields = wound(referral.clock, referral.counted_from, rules, left=left)
    if fields["due_provisional"]:
        return None
    return referral.model_copy(update=fields | {"late_rung": referral.late_rung})


# Moves ---------------------------------------------------------------------------------------------


def make(referral: Referral, move: Move, form: MoveForm, scene: Scene) -> Change:
    _refuse_unless_possible(referral, move, form, scene)
    _refuse_gaps(move, form)
    to = referral.stage if move.to is None else move.to
    fields: dict[str, Any] = {"stage": to, "version": referral.version + 1}
    if to is not referral.stage:
        fields["stage_since"] = scene.now
    if to in OVER:
        fields |= {**STOPPED, "holds_place": False}
    elif move.clock is not None:
        fields |= wound(move.clock, scene.today, scene.rules)
    if move.owes is not None:
        fields["owner"] = move.owes
    fields |= move.step(referral, form, scene)
    fields["history"] = [*referral.history, _entry(referral, move, to, form, scene)]
    after = referral.model_copy(update=fields)
    change = _told(after, move.name, scene.actor.staff_id, _facts(referral, after, form))
    return change.then(_place_change(referral, after, scene)).answering(after)


def _refuse_unless_possible(referral: Referral, move: Move, form: MoveForm, scene: Scene) -> None:
    if not any(is_party(scene.actor, referral, party) for party in move.who):
        raise Forbidden("This step belongs to somebody else.")
    if form.version != referral.version:
        raise StaleVersion("The referral has changed meanwhile.")
    if referral.stage not in move.start:
        raise WrongState(f"The referral is {referral.stage}.")
    if referral.closing_proposed and not move.while_closing:
        raise WrongState("A proposed closing waits for its answer.", code="closing_proposed")
    if not move.without_consent and not consent_stands(referral):
        raise Invalid("The person's consent is not on record.", code="consent_needed")


def consent_stands(referral: Referral) -> bool:
    return bool(referral.consent.get("given")) and referral.consent_revoked_at is None


def _refuse_gaps(move: Move, form: MoveForm) -> None:
    if form.application is not None and move.name != "submit":
        raise Invalid(
            "Only submitting changes the application.", fields=(FieldProblem("application", "not here"),)
        )
    problems = [FieldProblem(name, "needed") for name in move.needs if not _is_filled(getattr(form, name))]
    allowed = DETAILS.get(move.name, frozenset())
    problems += [FieldProblem("details", "unknown field") for each in form.details if each not in allowed]
    problems += [FieldProblem("details", "too long") for each in form.details.values() if len(each) > LONG]
    if problems:
        raise Invalid("Something is missing or cannot be.", fields=tuple(problems))


def _is_filled(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None and value != []


def _entry(referral: Referral, move: Move, to: Stage, form: MoveForm, scene: Scene) -> dict[str, Any]:
    """A line of the history: sealed, since notes and forms are content."""
    given = form.model_dump(mode="json", exclude_defaults=True, exclude={"version", "application"})
    return {
        "at": scene.now.isoformat(),
        "actor": scene.actor.staff_id,
        "move": move.name,
        "from": referral.stage.value,
        "to": to.value,
        "note": form.reason or form.note,
        "given": {name: value for name, value in given.items() if name not in ("note", "reason")},
    }


def _facts(before: Referral, after: Referral, form: MoveForm) -> dict[str, Any]:
    """For the journal: codes, dates and ids only."""
    facts: dict[str, Any] = {"from": before.stage, "to": after.stage, "clock": after.clock}
    for name in ("institution_id", "decline_reason", "closure_code"):
        if getattr(after, name) != getattr(before, name):
            facts[name] = getattr(after, name)
    if form.reached is not None:
        facts["reached"] = form.reached
    return facts


def _told(referral: Referral, what: str, actor: str, facts: dict[str, Any]) -> Change:
    return Change((referral,), (Event("referral", what, referral.id, actor, facts),), answer=referral)


def _place_change(before: Referral, after: Referral, scene: Scene) -> Change:
    """The institution's free places follow who holds one."""
    institution = scene.institution
    if institution is None or before.holds_place == after.holds_place:
        return Change()
    if after.holds_place and institution.places_free <= 0:
        raise WrongState("There is no free place.", code="full")
    free = institution.places_free + (-1 if after.holds_place else 1)
    institution = institution.model_copy(update={"places_free": min(free, institution.places_total)})
    event = Event(
        "institution",
        "places_changed",
        institution.id,
        scene.actor.staff_id,
        {"free": institution.places_free},
    )
    return Change((institution,), (event,))


def move_named(moves: Mapping[str, Move], name: str) -> Move:
    if name not in moves:
        raise NotFound("There is no such step.")
    return moves[name]


def applied(application: Application) -> dict[str, Any]:
    """An application's answers as fields of a referral."""
    return {
        "channel": application.channel,
        "person": application.person.model_dump(mode="json", exclude_none=True),
        "health": application.health.model_dump(mode="json", exclude_none=True)
        if application.health
        else None,
        "consent": application.consent.model_dump(mode="json", exclude_none=True),
        "needs": list(dict.fromkeys(application.needs)),
        "district": application.district,
        "preferred_institution_id": application.preferred_institution_id,
        "note": application.note,
        "risk_note": application.risk_note,
    }


def application_of(referral: Referral) -> Application:
    """What was filled in so far, to be completed."""
    return Application.model_validate(
        {
            "channel": referral.channel,
            "person": referral.person,
            "health": referral.health,
            "consent": {
                name: referral.consent[name] for name in Consent.model_fields if name in referral.consent
            },
            "needs": referral.needs,
            "district": referral.district,
            "preferred_institution_id": referral.preferred_institution_id,
            "note": referral.note,
            "risk_note": referral.risk_note,
        }
    )
