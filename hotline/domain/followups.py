"""A follow-up: our own call back, later. Kinds: `follow_up` (agreed at closing), `call_back` (somebody at risk
hung up while waiting), `review` (a supervisor decides, because nobody can be reached or there is no number),
`referral` (to care, which the policy asks for within a span; it ends by itself when the referral is filed).

    open ──take──▶ taken ──done──▶ done ──(of a schedule)──▶ the next one, open
     │ ▲             │
     │ └─no answer───┤ (tried again later; after the last attempt: done, and at risk a review)
     └────cancel─────┴──▶ cancelled

| move       | from        | to        | who                                                     |
|------------|-------------|-----------|---------------------------------------------------------|
| take       | open        | taken     | counselors and supervisors (a review: supervisors)      |
| attempt    | open, taken | reached: taken; no_answer: open; refused: done | its owner, or whoever takes it by that |
| done       | open, taken | done      | its owner, supervisors                                  |
| reschedule | open, taken | (stays)   | its owner, supervisors                                  |
| cancel     | open, taken | cancelled | its owner, supervisors                                  |
| given back | taken       | open      | by itself: whoever was to call did not pick up, or lost the line |

| state       | its clock                                                             |
|-------------|-----------------------------------------------------------------------|
| open, taken | falls due once; then overdue: supervisors are told again and again    |

Schedules and attempts come from the policy table, by level; its defaults follow the Beijing hotline's study and
the US Lifeline's guidance (24 hours, a week, a month, three, twelve months; three attempts at different times).
"Refused" ends a schedule.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from hotline.domain.change import MACHINE, Change, Due, Event
from hotline.domain.contacts import RISKY, Contact
from hotline.domain.ids import ContactId, FollowupId, StaffId
from hotline.domain.service_rules import ServiceRules
from hotline.errors import StaleVersion, Taken, WrongState
from triage.assessment import Level
from triage.policy import FollowUp


class FollowupKind(StrEnum):
    FOLLOW_UP = "follow_up"
    CALL_BACK = "call_back"
    REVIEW = "review"
    REFERRAL = "referral"


class FollowupState(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    CANCELLED = "cancelled"


class AttemptOutcome(StrEnum):
    REACHED = "reached"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"


class Followup(SQLModel):
    """`scheduled_from` is when the contact was closed, for one that belongs to a schedule. `attempts` are
    `{at, by, outcome}`; `steps` are `{at, actor, kind, note}`. `ended` says how it ended:
    done | refused | unreachable | cancelled."""

    id: FollowupId
    contact_id: ContactId
    kind: FollowupKind
    state: FollowupState = FollowupState.OPEN
    version: int = 1
    level: Level
    due_at: datetime
    scheduled_from: datetime | None = None
    created_at: datetime
    created_by: StaffId | None = None
    owner_id: StaffId | None = None
    fell_due: bool = False
    overdue_rung: int = 0
    attempts: list[dict[str, Any]] = Field(default_factory=list)
    steps: list[dict[str, Any]] = Field(default_factory=list)
    note: str | None = None
    nickname: str | None = None
    number_masked: str | None = None
    ended: str | None = None
    ended_at: datetime | None = None


ONCE = FollowUp(after=(timedelta(days=7),), attempts=3, again_after=timedelta(hours=6))
"""Attempts at a level without a schedule of its own: it is called once, on the day that was agreed."""

FURTHEST = timedelta(days=731)  # a later date is a slip of the hand

OPEN = (FollowupState.OPEN, FollowupState.TAKEN)
_AGREED = (FollowupKind.FOLLOW_UP, FollowupKind.REFERRAL)


def is_open(followup: Followup) -> bool:
    return followup.state in OPEN


def attempts_left(followup: Followup, rules: ServiceRules) -> int:
    return max(0, _care(followup, rules).attempts - _unanswered(followup.attempts))


def _care(followup: Followup, rules: ServiceRules) -> FollowUp:
    return rules.tier(followup.level).follow_up or ONCE


def is_risky(contact: Contact) -> bool:
    """High or imminent at any time, or with words that nobody and nothing has assessed."""
    return contact.level in RISKY or contact.peak_level in RISKY or bool(contact.unassessed_seqs)


# What happens next, and when ---------------------------------------------------------------------


def due(followup: Followup, rules: ServiceRules) -> Due | None:
    """Only a finished one waits for nothing."""
    if not is_open(followup):
        return None
    refers = followup.kind is FollowupKind.REFERRAL
    if not followup.fell_due:
        return Due("referral_due" if refers else "falls_due", followup.due_at)
    late = followup.due_at + _grace(followup, rules) * (followup.overdue_rung + 1)
    return Due("referral_overdue" if refers else "overdue", late)


def _grace(followup: Followup, rules: ServiceRules) -> timedelta:
    """Who hung up at risk has no hour to spare."""
    return rules.followup_grace if followup.kind in _AGREED else rules.call_back_within


def on_deadline(followup: Followup, now: datetime, rules: ServiceRules) -> Change:
    next_due = due(followup, rules)
    if next_due is None or next_due.at > now:
        return Change(answer=followup)
    if not followup.fell_due:
        return _changed(followup.model_copy(update={"fell_due": True}), "fell_due", MACHINE)
    spans = (now - followup.due_at) // _grace(
        followup, rules
    )  # after a long stop: told once, not for each span
    rung = max(followup.overdue_rung + 1, spans)
    return _changed(followup.model_copy(update={"overdue_rung": rung}), "overdue", MACHINE, rung=rung)


# Coming into being -------------------------------------------------------------------------------


def planned(
    followup_id: FollowupId,
    contact: Contact,
    kind: FollowupKind,
    due_at: datetime,
    now: datetime,
    *,
    note: str | None = None,
    by: StaffId | None = None,
    scheduled_from: datetime | None = None,
) -> Change:
    followup = Followup(
        id=followup_id,
        contact_id=contact.id,
        kind=kind,
        level=max(contact.level, contact.peak_level, key=lambda each: (each.queue_rank, each.rank)),
        due_at=due_at,
        scheduled_from=scheduled_from,
        created_at=now,
        created_by=by,
        note=note,
        nickname=contact.nickname,
        number_masked=contact.number_masked,
        steps=[_step("planned", by, now)],
    )
    return _changed(followup, "planned", by or MACHINE, kind=kind, due_at=due_at)


def referral_owed(
    followup_id: FollowupId, contact: Contact, by: StaffId, now: datetime, rules: ServiceRules
) -> Change:
    """The policy asks for care within a span, and no referral has left yet: whoever closed it has it in hand."""
    within = rules.tier(contact.level).clocks.referral_within
    if within is None:
        return Change()
    change = planned(followup_id, contact, FollowupKind.REFERRAL, now + within, now, by=by)
    held = change.answer.model_copy(update={"state": FollowupState.TAKEN, "owner_id": by})
    return Change((held,), change.events, answer=held)


def referred(followup: Followup, actor: StaffId, now: datetime) -> Change:
    """The referral is on its way: nothing more is owed."""
    if not is_open(followup):
        return Change(answer=followup)
    return _moved(followup, "done", actor, now, **_ended("done", now), owner_id=followup.owner_id or actor)


def _next_of_schedule(followup: Followup, next_id: FollowupId, now: datetime, rules: ServiceRules) -> Change:
    """The next one of the level's schedule, counted from the closing of the contact; nothing after the last."""
    begun = followup.scheduled_from
    if begun is None or followup.kind is not FollowupKind.FOLLOW_UP:
        return Change()
    after = max(now, followup.due_at)
    schedule = rules.tier(followup.level).follow_up
    times = (begun + offset for offset in (schedule.after if schedule else ()))
    due_at = next((each for each in times if each > after), None)
    if due_at is None:
        return Change()
    following = followup.model_copy(
        update={
            "id": next_id,
            "state": FollowupState.OPEN,
            "version": 1,
            "due_at": due_at,
            "created_at": now,
            "created_by": None,
            "owner_id": None,
            "fell_due": False,
            "overdue_rung": 0,
            "attempts": [],
            "steps": [_step("planned", None, now)],
            "ended": None,
            "ended_at": None,
        }
    )
    return _changed(following, "planned", MACHINE, kind=following.kind, due_at=due_at, after=followup.id)


def review_of(followup: Followup, review_id: FollowupId, now: datetime, rules: ServiceRules) -> Change:
    """Nobody answers, and the last level was high or above: a supervisor decides what is done."""
    review = followup.model_copy(
        update={
            "id": review_id,
            "kind": FollowupKind.REVIEW,
            "state": FollowupState.OPEN,
            "version": 1,
            "due_at": now + rules.call_back_within,
            "scheduled_from": None,
            "created_at": now,
            "created_by": None,
            "owner_id": None,
            "fell_due": False,
            "overdue_rung": 0,
            "steps": [_step("unreachable", None, now)],
            "ended": None,
            "ended_at": None,
        }
    )
    return _changed(review, "planned", MACHINE, kind=review.kind, due_at=review.due_at, after=followup.id)


# What people do ----------------------------------------------------------------------------------


def take(followup: Followup, actor: StaffId, now: datetime, *, version: int | None = None) -> Change:
    if followup.state is FollowupState.TAKEN:
        if followup.owner_id == actor:
            return Change(answer=followup)
        raise Taken("Somebody else has taken it already.", by=followup.owner_id)
    _refuse_unless_ready(followup, version)
    return _moved(followup, "taken", actor, now, state=FollowupState.TAKEN, owner_id=actor)


def attempt(
    followup: Followup,
    actor: StaffId,
    outcome: AttemptOutcome,
    note: str | None,
    now: datetime,
    rules: ServiceRules,
    new_ids: tuple[FollowupId, FollowupId],
    *,
    version: int | None = None,
) -> Change:
    """One try to reach the person. `new_ids` are for what may follow: the next of the schedule, a review."""
    _refuse_unless_ready(followup, version)
    attempts = [*followup.attempts, {"at": now.isoformat(), "by": actor, "outcome": outcome.value}]
    fields: dict[str, Any] = {"attempts": attempts, "owner_id": actor, "state": FollowupState.TAKEN}
    if outcome is AttemptOutcome.REFUSED:
        fields |= _ended("refused", now)
    elif outcome is AttemptOutcome.NO_ANSWER and _unanswered(attempts) < _care(followup, rules).attempts:
        pause = _pause(followup, _unanswered(attempts), rules)
        fields |= {"state": FollowupState.OPEN, "owner_id": None, **_due_again(now + pause)}
    elif outcome is AttemptOutcome.NO_ANSWER:
        fields |= _ended("unreachable", now)
    change = _moved(followup, "attempted", actor, now, note, {"outcome": outcome}, **fields)
    if change.answer.ended != "unreachable":
        return change
    followed = _next_of_schedule(followup, new_ids[0], now, rules)
    if followup.level in RISKY and followup.kind is not FollowupKind.REVIEW:
        followed = followed.then(review_of(change.answer, new_ids[1], now, rules))
    return change.then(followed).answering(change.answer)


def call_begun(followup: Followup, actor: StaffId, now: datetime, *, version: int | None = None) -> Change:
    """Their phone rings for it now; whoever had not taken it takes it by that."""
    _refuse_unless_ready(followup, version)
    return _moved(followup, "call_begun", actor, now, state=FollowupState.TAKEN, owner_id=actor)


def given_back(followup: Followup, now: datetime) -> Change:
    """Their phone was not picked up, or their line broke: nobody has it in hand."""
    if followup.state is not FollowupState.TAKEN:
        return Change(answer=followup)
    return _moved(followup, "given_back", MACHINE, now, state=FollowupState.OPEN, owner_id=None)


def _pause(followup: Followup, unanswered: int, rules: ServiceRules) -> timedelta:
    """Until the next try: of a call back it grows, so that the tries fall at different times."""
    if followup.kind in _AGREED:
        return _care(followup, rules).again_after
    minutes = rules.call_back_pauses
    return timedelta(minutes=minutes[min(unanswered, len(minutes)) - 1])


def done(
    followup: Followup,
    actor: StaffId,
    note: str | None,
    now: datetime,
    rules: ServiceRules,
    next_id: FollowupId,
    *,
    version: int | None = None,
) -> Change:
    _refuse_unless_ready(followup, version)
    change = _moved(
        followup, "done", actor, now, note, **_ended("done", now), owner_id=followup.owner_id or actor
    )
    return change.then(_next_of_schedule(followup, next_id, now, rules)).answering(change.answer)


def reschedule(
    followup: Followup,
    actor: StaffId,
    due_at: datetime,
    reason: str,
    now: datetime,
    *,
    version: int | None = None,
) -> Change:
    _refuse_unless_ready(followup, version)
    fields = _due_again(due_at)
    return _moved(followup, "rescheduled", actor, now, reason, {"due_at": due_at}, **fields)


def cancel(
    followup: Followup, actor: StaffId, reason: str, now: datetime, *, version: int | None = None
) -> Change:
    _refuse_unless_ready(followup, version)
    fields = {**_ended("cancelled", now), "state": FollowupState.CANCELLED}
    return _moved(followup, "cancelled", actor, now, reason, **fields)


def needless(followup: Followup, now: datetime) -> Change:
    """What it was planned for has come right by itself, and nobody has taken it."""
    if followup.state is not FollowupState.OPEN:
        return Change(answer=followup)
    fields = {**_ended("cancelled", now), "state": FollowupState.CANCELLED}
    return _moved(followup, "cancelled", MACHINE, now, **fields)


def _refuse_unless_ready(followup: Followup, version: int | None) -> None:
    if version is not None and version != followup.version:
        raise StaleVersion("The follow-up has changed meanwhile. Look at it again.")
    if not is_open(followup):
        raise WrongState(f"The follow-up is {followup.state}.")


def _unanswered(attempts: list[dict[str, Any]]) -> int:
    return sum(1 for each in attempts if each["outcome"] == AttemptOutcome.NO_ANSWER)


def _due_again(at: datetime) -> dict[str, Any]:
    return {"due_at": at, "fell_due": False, "overdue_rung": 0}


def _ended(how: str, now: datetime) -> dict[str, Any]:
    return {"state": FollowupState.DONE, "ended": how, "ended_at": now}


def _step(kind: str, actor: str | None, now: datetime, note: str | None = None) -> dict[str, Any]:
    return {"at": now.isoformat(), "actor": actor, "kind": kind, "note": note}


def _moved(
    followup: Followup,
    what: str,
    actor: str,
    now: datetime,
    note: str | None = None,
    facts: Mapping[str, Any] | None = None,
    **fields: Any,
) -> Change:
    steps = [*followup.steps, _step(what, actor, now, note)]
    followup = followup.model_copy(update={**fields, "version": followup.version + 1, "steps": steps})
    return _changed(followup, what, actor, **(facts or {}))


def _changed(followup: Followup, what: str, actor: str, **facts: Any) -> Change:
    facts = {"contact_id": followup.contact_id, **facts}
    return Change((followup,), (Event("followup", what, followup.id, actor, facts),), answer=followup)
