"""Referral into community rehabilitation, up to the institution's answer.

    draft ─submit─▶ submitted ─verify─▶ verifying ─register─▶ registered ─refer─▶ referred ─accept─▶ accepted
                       ▲                 │      └─refuse─▶ not_registered    ▲        │      (rehabilitation.py)
                       └─submit─ returned ◀─return                           └─refer─ declined ◀─decline
    (all of these: withdraw, revoke_consent ─▶ withdrawn)

| move           | from                 | who           | needs                    | then due (owed by)              |
|----------------|----------------------|---------------|--------------------------|---------------------------------|
| submit         | draft, returned      | filer, worker | application, consent     | verify: 5 wd, Measures (worker) |
| verify         | submitted            | worker        |                          | the same clock                  |
| return         | verifying            | worker        | reason                   | complete (filer); verify stands |
| refuse         | verifying            | worker        | reason                   |                                 |
| register       | verifying            | worker        | not registered elsewhere | refer: 5 wd, Measures (worker)  |
| refer          | registered, declined | worker        | institution in consent   | answer (institution)            |
| accept         | referred             | institution   | a free place             | assess (institution)            |
| decline        | referred             | institution   | decline reason           | refer again (worker)            |
| withdraw       | before accepted      | filer, worker | reason                   |                                 |
| revoke_consent | anything open        | all           | how (reason)             |                                 |

wd = working days. Limits that name no source are project defaults (`care_rules.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hotline.domain import referral_case as case
from hotline.domain.change import Change, Event
from hotline.domain.ids import ContactId, ReferralId
from hotline.domain.referral_case import Move, Referral, Scene, tabled, wound
from hotline.domain.referral_codes import CHECKS, CONSENT_WAYS, DECLINE_REASONS, OVER, Party, Stage
from hotline.domain.referral_forms import Application, MoveForm, gaps
from hotline.errors import FieldProblem, Invalid, WrongState

_CLOCKS_DIFFER = timedelta(minutes=10)
"""A console's clock may go before ours; what it calls now is not the future."""
_UNDECIDED = (Stage.DRAFT, Stage.SUBMITTED, Stage.VERIFYING, Stage.RETURNED)
_BEFORE_ACCEPTED = (*_UNDECIDED, Stage.REGISTERED, Stage.REFERRED, Stage.DECLINED)
_OPEN = tuple(stage for stage in Stage if stage not in OVER)


def _submit(referral: Referral, form: MoveForm, scene: Scene) -> dict[str, Any]:
    application = form.application or case.application_of(referral)
    fields = _submittable(application, scene)
    if form.application is None:  # completed without a new consent: who recorded it stays on record
        fields["consent"] = fields["consent"] | _recorder(referral)
    fields["duplicate_of"] = next((each.id for each in scene.same_person if each.stage not in OVER), None)
    return fields | wound("verify", scene.today, scene.rules, left=referral.verify_left)


def _recorder(referral: Referral) -> dict[str, Any]:
    return {
        name: referral.consent[name] for name in ("recorded_by", "named_later") if name in referral.consent
    }


def _submittable(application: Application, scene: Scene) -> dict[str, Any]:
    consent = application.consent
    problems = list(gaps(application, scene.today))
    if consent.at is not None and consent.at.tzinfo is None:
        problems.append(FieldProblem("consent.at", "needs a time zone"))
    elif consent.at is not None and consent.at > scene.now + _CLOCKS_DIFFER:
        problems.append(FieldProblem("consent.at", "lies in the future"))
    if problems:
        code = "consent_needed" if not consent.given else "invalid"
        raise Invalid("The application is not complete.", fields=tuple(problems), code=code)
    fields = case.applied(application)
    recorded = {
        "at": min(consent.at or scene.now, scene.now).isoformat(),
        "recorded_by": scene.actor.staff_id,
    }
    return fields | {"consent": fields["consent"] | recorded}


def _return(referral: Referral, form: MoveForm, scene: Scene) -> dict[str, Any]:
    """The clock stands still: what is left of it, at least a day, runs on after the completion."""
    end = referral.due_on or scene.today
    return {"verify_left": max(1, scene.rules.calendar.between(scene.today, end))}


def _register(referral: Referral, form: MoveForm, scene: Scene) -> dict[str, Any]:
    if any(each not in CHECKS for each in form.checks):
        raise Invalid("A check is unknown.", fields=(FieldProblem("checks", "unknown code"),))
    decided = [each for each in scene.same_person if each.stage not in OVER and each.stage not in _UNDECIDED]
    if decided:
        raise WrongState("This person is registered already.", code="duplicate")
    return {}


def _refer(referral: Referral, form: MoveForm, scene: Scene) -> dict[str, Any]:
    if scene.institution is None:
        raise Invalid(
            "There is no such institution.", fields=(FieldProblem("institution_id", "not in the library"),)
        )
    fields: dict[str, Any] = {
        "institution_id": scene.institution.id,
        "institution_name": scene.institution.name,
    }
    fields["decline_reason"] = None
    receivers = referral.consent.get("receivers", [])
    if not {scene.institution.id, scene.institution.name}.isdisjoint(receivers):
        return fields
    if form.receiver_consent not in CONSENT_WAYS:
        raise Invalid(
            "The consent does not name this institution: ask the person, and record how they agreed.",
            fields=(FieldProblem("receiver_consent", "needed"),),
            code="consent_needed",
        )
    named = {"id": scene.institution.id, "how": form.receiver_consent, "at": scene.now.isoformat()}
    consent = referral.consent | {
        "receivers": [*receivers, scene.institution.id],
        "named_later": [*referral.consent.get("named_later", []), named],
    }
    return fields | {"consent": consent}


def _decline(referral: Referral, form: MoveForm, scene: Scene) -> dict[str, Any]:
    if form.decline_reason not in DECLINE_REASONS:
        raise Invalid("The reason is unknown.", fields=(FieldProblem("decline_reason", "unknown code"),))
    return {"decline_reason": form.decline_reason, "institution_id": None, "institution_name": None}


def _accept(referral: Referral, form: MoveForm, scene: Scene) -> dict[str, Any]:
    return {"holds_place": True}


def _revoke(referral: Referral, form: MoveForm, scene: Scene) -> dict[str, Any]:
    return {"consent_revoked_at": scene.now, "closing_proposed": False}


F, W, N = Party.FILER, Party.WORKER, Party.INSTITUTION
S = Stage

MOVES: Mapping[str, Move] = tabled(
    Move(
        "submit", (S.DRAFT, S.RETURNED), S.SUBMITTED, (F, W), (), "verify", W, _submit, without_consent=True
    ),
    Move("verify", (S.SUBMITTED,), S.VERIFYING, (W,)),
    Move("return", (S.VERIFYING,), S.RETURNED, (W,), ("reason",), "complete", F, _return),
    Move("refuse", (S.VERIFYING,), S.NOT_REGISTERED, (W,), ("reason",)),
    Move("register", (S.VERIFYING,), S.REGISTERED, (W,), (), "refer", W, _register),
    Move("refer", (S.REGISTERED, S.DECLINED), S.REFERRED, (W,), ("institution_id",), "answer", N, _refer),
    Move("accept", (S.REFERRED,), S.ACCEPTED, (N,), (), "assess", N, _accept),
    Move("decline", (S.REFERRED,), S.DECLINED, (N,), ("decline_reason",), "refer_again", W, _decline),
    Move("withdraw", _BEFORE_ACCEPTED, S.WITHDRAWN, (F, W), ("reason",), without_consent=True),
    Move(
        "revoke_consent",
        _OPEN,
        S.WITHDRAWN,
        (F, W, N),
        ("reason",),
        step=_revoke,
        while_closing=True,
        without_consent=True,
    ),
)


# The beginning -------------------------------------------------------------------------------------


def number_of(referral_id: str, day: date) -> str:
    """What people read to each other on the telephone: the day, and the end of the id."""
    return f"ZJ{day:%Y%m%d}-{referral_id[-6:].upper()}"


def draft(
    referral_id: ReferralId,
    application: Application,
    scene: Scene,
    *,
    contact_id: ContactId | None,
    identity_hash: str | None,
) -> Referral:
    """A new referral that is not yet passed on to anybody."""
    return Referral(
        id=referral_id,
        number=number_of(referral_id, scene.today),
        contact_id=contact_id,
        filed_by=scene.actor.staff_id,
        identity_hash=identity_hash,
        created_at=scene.now,
        stage_since=scene.now,
        **case.applied(application),
        **wound("submit", scene.today, scene.rules, Party.FILER),
    )


def file(referral: Referral, scene: Scene, *, submit: bool) -> Change:
    """Save a new referral, submitted at once or kept as a draft."""
    facts = {"from": None, "to": referral.stage, "clock": referral.clock}
    event = Event("referral", "filed", referral.id, scene.actor.staff_id, facts)
    filed = Change((referral,), (event,), answer=referral)
    if not submit:
        return filed
    return filed.then(case.make(referral, MOVES["submit"], MoveForm(version=referral.version), scene))


def identity_of(application: Application) -> str | None:
    """What tells one person from another, best first; it is only ever kept as a keyed hash."""
    person = application.person
    if person.id_number:
        return f"id:{(person.id_type or '').strip().lower()}:{_plain(person.id_number)}"
    if person.name and person.birth_date:
        return f"born:{_plain(person.name)}:{person.birth_date.isoformat()}"
    if person.name and person.phone:
        return f"phone:{_plain(person.name)}:{''.join(filter(str.isdigit, person.phone))[-11:]}"
    return None


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
