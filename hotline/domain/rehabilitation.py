"""Community rehabilitation: from the institution's yes to the archive.

    accepted ─assess─▶ assessing ─found_suitable─▶ agreement ─sign─▶ in_service ─evaluate─▶ stage_evaluation
                          └─found_unsuitable─▶ unsuitable              ▲  │ ▲◀──continue──────┘    │
                                                                resume─┘  └─suspend─▶ suspended ◀──┘
    agreement, in_service, stage_evaluation, suspended: propose_closing (institution) ─▶ close | keep_open (worker)
    unsuitable ─close─▶ closed ─visit─▶ follow_up ─visit …, archive─▶ archived;  reopen ─▶ registered

| move             | from                  | who                 | needs            | then due (owed by)       |
|------------------|-----------------------|---------------------|------------------|--------------------------|
| assess           | accepted              | institution         |                  | the same clock           |
| found_suitable   | assessing             | institution         | services         | agree (institution)      |
| found_unsuitable | assessing             | institution         | reason           | settle (worker)          |
| sign             | agreement             | institution         |                  | evaluate (institution)   |
| evaluate         | in_service            | institution         |                  | finish (institution)     |
| continue         | stage_evaluation      | institution         | note             | evaluate (institution)   |
| suspend          | both of these         | institution         | reason           | review (institution)     |
| keep_suspended   | suspended             | institution         | reason           | review (institution)     |
| resume           | suspended             | institution         |                  | evaluate (institution)   |
| propose_closing  | agreement … suspended | institution         | closure code     | confirm closing (worker) |
| keep_open        | proposed              | worker              | reason           | the stage's, afresh      |
| close            | proposed; unsuitable  | worker              | closure code     | first visit (worker)     |
| visit            | closed, follow_up     | worker, institution | way, reached     | next visit (worker)      |
| archive          | closed, follow_up     | worker              | visits or reason |                          |
| reopen           | closed, follow_up     | worker              | reason           | refer (worker)           |

All limits here are project defaults: the Measures' own could not be confirmed. Nobody is visited after a death.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hotline.domain import referrals
from hotline.domain.change import Change
from hotline.domain.referral_case import Move, Referral, Scene, make, move_named, tabled, wound
from hotline.domain.referral_codes import CLOSURE_CODES, NEEDS, Party, Stage
from hotline.domain.referral_forms import MoveForm
from hotline.domain.working_days import months_after
from hotline.errors import FieldProblem, Invalid, WrongState

DEATH = "death"


def _services(referral: Referral, form: MoveForm, scene: Scene) -> dict[str, Any]:
    if any(each not in NEEDS for each in form.services):
        raise Invalid("A service is unknown.", fields=(FieldProblem("services", "unknown code"),))
    return {}


# Closing -------------------------------------------------------------------------------------------


def _checked_closure(code: str | None) -> str:
    if code not in CLOSURE_CODES or code is None:
        problem = "needed" if not code else "unknown code"
        raise Invalid("A closure needs its reason.", fields=(FieldProblem("closure_code", problem),))
    return code


def _propose_closing(referral: Referral, form: MoveForm, scene: Scene) -> dict[str, Any]:
    return {"closure_code": _checked_closure(form.closure_code), "closing_proposed": True}


def _keep_open(referral: Referral, form: MoveForm, scene: Scene) -> dict[str, Any]:
    if not referral.closing_proposed:
        raise WrongState("No closing is proposed.", code="not_proposed")
    clock = _STAGE_CLOCKS[referral.stage]
    running = wound(clock, scene.today, scene.rules, Party.INSTITUTION)
    return {"closing_proposed": False, "closure_code": None} | running


def _close(referral: Referral, form: MoveForm, scene: Scene) -> dict[str, Any]:
    """The institution proposes, the worker confirms; after an unsuitable assessment the worker alone."""
    if not referral.closing_proposed and referral.stage is not Stage.UNSUITABLE:
        raise WrongState("The institution has to propose it first.", code="not_proposed")
    code = _checked_closure(form.closure_code or referral.closure_code)
    fields = {"closure_code": code, "closing_proposed": False, "closed_on": scene.today, "holds_place": False}
    fields |= {"visits_done": 0}
    return fields | _next_visit(referral.model_copy(update=fields), scene)


# Return visits -------------------------------------------------------------------------------------


def _next_visit(referral: Referral, scene: Scene) -> dict[str, Any]:
    """The clock of the next return visit, or of the archive when there is none to come."""
    months = scene.rules.visit_months
    closed_on = referral.closed_on or scene.today
    if referral.closure_code == DEATH or referral.visits_done >= len(months):
        return wound("archive", scene.today, scene.rules, Party.WORKER)
    clock = wound("visit_again", scene.today, scene.rules, Party.WORKER)
    planned = months_after(closed_on, months[referral.visits_done])
    return clock | {"clock": "visit", "due_on": planned, "counted_from": closed_on, "due_provisional": False}


def _visit(referral: Referral, form: MoveForm, scene: Scene) -> dict[str, Any]:
    if referral.closure_code == DEATH:
        raise WrongState("Nobody is visited after a death.", code="no_visits")
    if not form.reached:
        again = wound("visit_again", scene.today, scene.rules, Party.WORKER)
        later = referral.due_on is not None and referral.due_on > again["due_on"]
        return {} if later else again
    passed = sum(
        months_after(referral.closed_on or scene.today, each) <= scene.today for each in _months(scene)
    )
    done = max(referral.visits_done + 1, passed)
    return {"visits_done": done} | _next_visit(referral.model_copy(update={"visits_done": done}), scene)


def _months(scene: Scene) -> tuple[int, ...]:
    return scene.rules.visit_months


def _archive(referral: Referral, form: MoveForm, scene: Scene) -> dict[str, Any]:
    if referral.clock != "archive" and not (form.reason or "").strip():
        raise Invalid("Return visits are still planned.", fields=(FieldProblem("reason", "needed"),))
    return {}


def _reopen(referral: Referral, form: MoveForm, scene: Scene) -> dict[str, Any]:
    if referral.closure_code == DEATH:
        raise WrongState("The person has died.", code="no_visits")
    fields: dict[str, Any] = {"institution_id": None, "institution_name": None, "closure_code": None}
    return fields | {"closed_on": None, "visits_done": 0}


W, N = Party.WORKER, Party.INSTITUTION
S = Stage

_STAGE_CLOCKS: Mapping[Stage, str] = {
    S.AGREEMENT: "agree",
    S.IN_SERVICE: "evaluate",
    S.STAGE_EVALUATION: "finish_evaluation",
    S.SUSPENDED: "review_suspension",
}
_IN_CARE = tuple(_STAGE_CLOCKS)
_AFTER = (S.CLOSED, S.FOLLOW_UP)
_TO_CLOSE = (*_IN_CARE, S.UNSUITABLE)
_SERVED = (S.IN_SERVICE, S.STAGE_EVALUATION)

MOVES: Mapping[str, Move] = {
    **referrals.MOVES,
    **tabled(
        Move("assess", (S.ACCEPTED,), S.ASSESSING, (N,)),
        Move("found_suitable", (S.ASSESSING,), S.AGREEMENT, (N,), ("services",), "agree", N, _services),
        Move("found_unsuitable", (S.ASSESSING,), S.UNSUITABLE, (N,), ("reason",), "settle_unsuitable", W),
        Move("sign", (S.AGREEMENT,), S.IN_SERVICE, (N,), (), "evaluate", N, _services),
        Move("evaluate", (S.IN_SERVICE,), S.STAGE_EVALUATION, (N,), (), "finish_evaluation", N),
        Move("continue", (S.STAGE_EVALUATION,), S.IN_SERVICE, (N,), ("note",), "evaluate", N, _services),
        Move("suspend", _SERVED, S.SUSPENDED, (N,), ("reason",), "review_suspension", N),
        Move("keep_suspended", (S.SUSPENDED,), None, (N,), ("reason",), "review_suspension", N),
        Move("resume", (S.SUSPENDED,), S.IN_SERVICE, (N,), (), "evaluate", N),
        Move(
            "propose_closing", _IN_CARE, None, (N,), ("closure_code",), "confirm_closing", W, _propose_closing
        ),
        Move("keep_open", _IN_CARE, None, (W,), ("reason",), step=_keep_open, while_closing=True),
        Move("close", _TO_CLOSE, S.CLOSED, (W,), (), None, W, _close, while_closing=True),
        Move("visit", _AFTER, S.FOLLOW_UP, (W, N), ("way", "reached"), step=_visit),
        Move("archive", _AFTER, S.ARCHIVED, (W,), step=_archive),
        Move("reopen", _AFTER, S.REGISTERED, (W,), ("reason",), "refer", W, _reopen),
    ),
}
"""All moves of a referral's whole life, by name."""


def act(referral: Referral, name: str, form: MoveForm, scene: Scene) -> Change:
    """Make a move: the referral after it, its event, and the institution's places."""
    return make(referral, move_named(MOVES, name), form, scene)


def possible(referral: Referral) -> list[Move]:
    """What may happen next, whoever does it: a closing can only be confirmed or refused once it is proposed."""
    return [move for move in MOVES.values() if referral.stage in move.start and _fits(referral, move)]


def _fits(referral: Referral, move: Move) -> bool:
    if referral.closing_proposed:
        return move.while_closing
    if move.name == "keep_open" or (move.name == "close" and referral.stage is not Stage.UNSUITABLE):
        return False
    return not (referral.closure_code == DEATH and move.name in ("visit", "reopen"))


def needs_of(referral: Referral, move: Move) -> list[str]:
    """What a person must give for this move now."""
    needs = list(move.needs)
    if move.name == "submit" and not needs:
        needs = ["application"] if referral.stage is Stage.RETURNED else []
    if move.name == "refer":
        needs.append("receiver_consent")
    if move.name == "close" and referral.closure_code is None:
        needs.append("closure_code")
    if move.name == "archive" and referral.clock != "archive":
        needs.append("reason")
    return needs
