"""An alert: help is asked for. The machine, its values and its clocks.

The moves of people and signals are in `alert_moves.py`, those of who goes in `dispatch.py`, and what happens
when a clock runs out in `alert_ladder.py`.

    (signal) ──▶ proposed ──confirm──▶ raised ──acknowledge──▶ acknowledged ──assign──▶ assigned
        │           │ │                ▲  ▲ ▲                      │   hand_over_to_police │  │
        │   dismiss─┘ └──act begins────┘  │ └──not assigned in time┘                       │  │
        │                                 └──────────not departed in time, declined────────┘  │
        └──act in progress──▶ raised                            closed ◀── handed_over ◀── on_scene ◀── en_route

| move                | from                              | to           | who                                 |
|---------------------|-----------------------------------|--------------|-------------------------------------|
| confirm             | proposed                          | raised       | counselor, supervisor; then everyone|
| dismiss             | proposed                          | dismissed    | counselor, supervisor               |
| acknowledge         | raised                            | acknowledged | dispatcher, supervisor              |
| decline             | raised, acknowledged, assigned    | raised, rings on | dispatcher; the assigned team   |
| assign              | raised … on_scene                 | assigned     | dispatcher, supervisor              |
| hand_over_to_police | raised … on_scene                 | assigned     | dispatcher, supervisor              |
| en_route            | raised … assigned, with a team    | en_route     | the assigned team; dispatcher       |
| on_scene            | raised … en_route, with a team    | on_scene     | the assigned team; dispatcher       |
| confirm_contact     | en_route, on_scene                | (stays)      | the assigned team; dispatcher       |
| handed_over         | en_route, on_scene                | handed_over  | the assigned team; dispatcher       |
| close (outcome)     | acknowledged … handed_over        | closed       | the assigned team; dispatcher       |
| cancel (reason)     | raised … on_scene                 | cancelled    | dispatcher; counselor while raised  |
| update              | every open state                  | (stays)      | whoever sees it                     |

| state        | its clock (`next_step`)                | when it runs out                                      |
|--------------|----------------------------------------|-------------------------------------------------------|
| proposed     | confirm: counselor, supervisor, everyone | the next rung rings too, the last one again and again |
| raised       | acknowledge: the ladder it was raised with | the next rung rings too; after the last, from the first |
| acknowledged | assign                                 | back to raised: rings from the first rung             |
| assigned     | depart                                 | back to raised, the team still named (it may yet go)  |
| en_route     | arrive (once); confirm_contact         | told as late; "contact made?" is asked again          |
| on_scene     | confirm_contact                        | asked again                                           |
| handed_over  | close                                  | asked again                                           |

Laws: every open alert has a clock; each rung of a round rings once; closed, cancelled and dismissed are for
ever; a machine confirms nothing, but an act in progress goes to the board at once; one open alert per contact
(`actions/alerts.py` sees to that, in the contact's transaction). Ringing does not move `version`: it changes
nothing that somebody decides about.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from hotline.domain.change import Change, Due, Event
from hotline.domain.ids import AlertId, ContactId, SchoolReportId, StaffId
from hotline.domain.service_rules import ServiceRules
from hotline.errors import StaleVersion, WrongState
from triage.assessment import Level
from triage.policy import AlertTarget


class AlertState(StrEnum):
    PROPOSED = "proposed"
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    DISMISSED = "dismissed"


class AlertSource(StrEnum):
    TRIAGE = "triage"
    COUNSELOR = "counselor"
    SUPERVISOR = "supervisor"
    SCHOOL = "school"


class Certainty(StrEnum):
    EXACT = "exact"
    APPROXIMATE = "approximate"
    UNKNOWN = "unknown"


class Asked(StrEnum):
    LOCATE = "locate"
    RESCUE = "rescue"
    WELFARE_CHECK = "welfare_check"
    ESCORT = "escort"


class Outcome(StrEnum):
    SAFE = "safe"
    TO_HOSPITAL = "to_hospital"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    FALSE_ALARM = "false_alarm"
    DEATH = "death"


class ResponderKind(StrEnum):
    CRISIS_TEAM = "crisis_team"
    POLICE_DESK = "police_desk"


S = AlertState
OPEN = frozenset({S.PROPOSED, S.RAISED, S.ACKNOWLEDGED, S.ASSIGNED, S.EN_ROUTE, S.ON_SCENE, S.HANDED_OVER})
ON_THE_BOARD = OPEN - {S.PROPOSED}
BEFORE_HAND_OVER = ON_THE_BOARD - {S.HANDED_OVER}


class Move(StrEnum):
    """`MOVES` says from where to where; the value is also the kind of the step."""

    CONFIRM = "confirmed"
    DISMISS = "dismissed"
    ACKNOWLEDGE = "acknowledged"
    DECLINE = "declined"
    ASSIGN = "assigned"
    HAND_OVER_TO_POLICE = "handed_to_police"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    CONFIRM_CONTACT = "contact_confirmed"
    HANDED_OVER = "handed_over"
    CLOSE = "closed"
    CANCEL = "cancelled"
    UPDATE = "updated"


MOVES: Mapping[Move, tuple[frozenset[AlertState], AlertState | None]] = {
    Move.CONFIRM: (frozenset({S.PROPOSED}), S.RAISED),
    Move.DISMISS: (frozenset({S.PROPOSED}), S.DISMISSED),
    Move.ACKNOWLEDGE: (frozenset({S.RAISED}), S.ACKNOWLEDGED),
    Move.DECLINE: (frozenset({S.RAISED, S.ACKNOWLEDGED, S.ASSIGNED}), S.RAISED),
    Move.ASSIGN: (BEFORE_HAND_OVER, S.ASSIGNED),
    Move.HAND_OVER_TO_POLICE: (BEFORE_HAND_OVER, S.ASSIGNED),
    Move.EN_ROUTE: (frozenset({S.RAISED, S.ACKNOWLEDGED, S.ASSIGNED}), S.EN_ROUTE),
    Move.ON_SCENE: (frozenset({S.RAISED, S.ACKNOWLEDGED, S.ASSIGNED, S.EN_ROUTE}), S.ON_SCENE),
    Move.CONFIRM_CONTACT: (frozenset({S.EN_ROUTE, S.ON_SCENE}), None),
    Move.HANDED_OVER: (frozenset({S.EN_ROUTE, S.ON_SCENE}), S.HANDED_OVER),
    Move.CLOSE: (ON_THE_BOARD - {S.RAISED}, S.CLOSED),
    Move.CANCEL: (BEFORE_HAND_OVER, S.CANCELLED),
    Move.UPDATE: (OPEN, None),
}


class AlertFacts(SQLModel):
    """What the helpers who go must know, told by a person; the minimum (no conversation, no diagnosis).
    None says nothing about it."""

    target: AlertTarget | None = None
    what: str | None = Field(default=None, max_length=2000)
    where: str | None = Field(default=None, max_length=2000)
    where_certainty: Certainty | None = None
    means: str | None = Field(default=None, max_length=2000)
    danger_to_others: bool | None = None
    callback: str | None = Field(default=None, max_length=200)
    asked: Asked | None = None
    person: str | None = Field(default=None, max_length=2000)


class Alert(SQLModel):
    """`steps` are `{at, actor, kind, note}`, oldest first. `ladder` is what is being climbed now
    (`{role, seconds}`), `rung` the place in it, `round` how often it began again; `clocks` are the spans in
    seconds by what they are for; both are a snapshot: a changed setting does not move an alert that runs.
    `called` are those on duty whom the rungs of this round called by name."""

    id: AlertId
    contact_id: ContactId
    school_report_id: SchoolReportId | None = None
    state: AlertState
    version: int = 1
    source: AlertSource
    target: AlertTarget
    level: Level
    kinds: list[str] = Field(default_factory=list)
    act_in_progress: bool = False
    reason_zh: str | None = None
    reason_en: str | None = None
    district: str | None = None

    created_at: datetime
    raised_at: datetime | None = None
    raised_by: StaffId | None = None
    acknowledged_by: StaffId | None = None
    declined_by: list[str] = Field(default_factory=list)
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    cancel_reason: str | None = None

    state_since: datetime
    clock_at: datetime
    ladder: list[dict[str, Any]] = Field(default_factory=list)
    clocks: dict[str, int] = Field(default_factory=dict)
    rung: int = 0
    round: int = 0
    notified: list[str] = Field(default_factory=list)
    called: list[str] = Field(default_factory=list)
    late_told: bool = False

    assigned_kind: ResponderKind | None = None
    assigned_id: str | None = None
    assigned_zh: str | None = None
    assigned_en: str | None = None

    what: str | None = None
    where: str | None = None
    where_certainty: Certainty = Certainty.UNKNOWN
    means: str | None = None
    danger_to_others: bool = False
    callback: str | None = None
    asked: Asked = Asked.RESCUE
    person: str | None = None
    counselor_id: StaffId | None = None
    still_in_contact: bool = True
    steps: list[dict[str, Any]] = Field(default_factory=list)


# What happens next, and when ---------------------------------------------------------------------


def due(alert: Alert, rules: ServiceRules) -> Due | None:
    return next_step(alert)


def next_step(alert: Alert) -> Due | None:
    """What this alert waits for, and until when. Only an ended one waits for nothing."""
    if alert.state is S.PROPOSED:
        return Due("confirm", alert.clock_at + _rung_span(alert))
    if alert.state is S.RAISED:
        return Due("acknowledge", alert.clock_at + _rung_span(alert))
    if alert.state is S.EN_ROUTE and not alert.late_told:
        arrive = Due("arrive", alert.state_since + _span(alert, "arrive"))
        return min(_span_due(alert, "confirm_contact"), arrive, key=lambda each: each.at)
    waits_for = _WAITS_FOR.get(alert.state)
    return _span_due(alert, waits_for) if waits_for else None


_WAITS_FOR = {
    S.ACKNOWLEDGED: "assign",
    S.ASSIGNED: "depart",
    S.EN_ROUTE: "confirm_contact",
    S.ON_SCENE: "confirm_contact",
    S.HANDED_OVER: "close",
}


def _rung_span(alert: Alert) -> timedelta:
    return timedelta(seconds=alert.ladder[alert.rung]["seconds"])


def _span(alert: Alert, what: str) -> timedelta:
    return timedelta(seconds=alert.clocks[what])


def _span_due(alert: Alert, what: str) -> Due:
    return Due(what, alert.clock_at + _span(alert, what))


# Steps --------------------------------------------------------------------------------------------


def noted(
    alert: Alert, kind: str, actor: str | None, now: datetime, note: str | None = None
) -> list[dict[str, Any]]:
    """The steps with one more. The actor is a staff id, or None for the machine."""
    return [*alert.steps, {"at": now.isoformat(), "actor": actor, "kind": kind, "note": note}]


def changed(alert: Alert, what: str, actor: str, **facts: Any) -> Change:
    facts = {"contact_id": alert.contact_id, **facts}
    return Change((alert,), (Event("alert", what, alert.id, actor, facts),), answer=alert)


def ready(
    alert: Alert, move: Move, actor: StaffId, version: int, note: str | None = None, *, stands: bool = True
) -> bool:
    """Whether the move is to be made now; False if this very request already made it. Refuses otherwise.
    `stands`: what it asks for is what the alert says. Where it is not, it is another request on an old version."""
    if stands and _is_repeated(alert, move, actor, version, note):
        return False
    if version != alert.version:
        raise StaleVersion("The alert has changed meanwhile. Look at it again.")
    if alert.state not in MOVES[move][0]:
        raise WrongState(f"The alert is {alert.state}.")
    return True


def _is_repeated(alert: Alert, move: Move, actor: StaffId, version: int, note: str | None) -> bool:
    last = alert.steps[-1] if alert.steps else {}
    same = (last.get("kind"), last.get("actor"), last.get("note")) == (move.value, actor, note)
    return same and version == alert.version - 1


def made(
    alert: Alert,
    move: Move,
    actor: StaffId,
    now: datetime,
    note: str | None = None,
    facts: Mapping[str, Any] | None = None,
    **fields: Any,
) -> Change:
    """The move: state, clock, version, step and event. `facts` are for the journal: codes and ids only."""
    to = MOVES[move][1]
    fields |= {"version": alert.version + 1, "steps": noted(alert, move, actor, now, note)}
    if to is not None and to is not alert.state:
        fields |= {"state": to, "state_since": now, "clock_at": now, "late_told": False}
        if to not in OPEN:
            fields |= {"ended_at": now}
    return changed(alert.model_copy(update=fields), move.value, actor, **(facts or {}))
