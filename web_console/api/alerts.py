"""Alerts: raised by who is with the person, worked by the board, followed by those who go."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from hotline.actions import alerts
from hotline.domain.access import Permission
from hotline.domain.alerts import Alert, AlertFacts, Asked, Certainty, Outcome
from hotline.domain.dispatch import TeamId
from hotline.domain.ids import AlertId, ContactId
from hotline.errors import Forbidden, Invalid, NotFound
from hotline.live.projections import alert as projection
from hotline.live.projections.alert import AlertView
from triage.policy import AlertTarget
from web_console.api.inputs import Id, Listing, Note, Reason, Versioned
from web_console.api.moves import Move, handlers_of
from web_console.openapi import ApiRequest, Body, Query, route

P = Permission
SEEING = (P.ALERT_READ, P.ALERT_RESPOND, P.ALERT_POLICE)
GOING = (P.ALERT_DISPATCH, P.ALERT_RESPOND, P.ALERT_POLICE)


class Facts(Body):
    """What those who go must know; whatever is left out or blank is left as it is."""

    target: AlertTarget | None = None
    what: Note | None = None
    where: Note | None = None
    where_certainty: Certainty | None = None
    means: Note | None = None
    danger_to_others: bool | None = None
    callback: str | None = Field(default=None, max_length=200)
    asked: Asked | None = None
    person: Note | None = None

    def facts(self) -> AlertFacts:
        said = {name: getattr(self, name) for name in AlertFacts.model_fields}
        return AlertFacts(**{name: value for name, value in said.items() if _says_something(value)})


class RaiseAlert(Facts):
    """`target` and `what` are needed."""

    contact_id: Id
    target: AlertTarget
    what: Reason


class Confirm(Facts, Versioned):
    pass


class Update(Facts, Versioned):
    note: Note | None = None


class WithReason(Versioned):
    reason: Reason


class WithNote(Versioned):
    note: Note | None = None


class Assign(Versioned):
    team_id: Id


class Close(Versioned):
    outcome: Outcome
    note: Note | None = None


class AlertsQuery(Query):
    state: Literal["open", "all"] = "open"


def _says_something(value: Any) -> bool:
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


def _note(text: str | None) -> str | None:
    return text if _says_something(text) else None


def alert_id_of(request: ApiRequest) -> AlertId:
    return AlertId(request.path["alert_id"])


def shown(request: ApiRequest, alert: Alert) -> AlertView:
    return projection.view(alert, request.hotline.directory)


@route("GET", "/api/alerts", permission=SEEING, query=AlertsQuery, answer=Listing[AlertView])
async def list_alerts(request: ApiRequest) -> dict[str, Any]:
    """Open ones with the least time left first; with `state=all` the latest ended ones after them."""
    wish: AlertsQuery = request.query
    found = await alerts.visible(request.hotline, request.actor, only_open=wish.state == "open")
    return {"items": [shown(request, each) for each in found], "next": None}


@route("GET", "/api/alerts/{alert_id}", permission=SEEING, answer=AlertView, errors=(NotFound, Forbidden))
async def get_alert(request: ApiRequest) -> AlertView:
    """With every step."""
    alert = await alerts.find(request.hotline, request.actor, alert_id_of(request))
    return projection.view(alert, request.hotline.directory, steps=None)


@route(
    "POST",
    "/api/alerts",
    permission=P.ALERT_RAISE,
    body=RaiseAlert,
    answer=AlertView,
    status=201,
    also=(200,),
    errors=(NotFound, Forbidden, Invalid),
)
async def raise_alert(request: ApiRequest) -> AlertView:
    """201: a new alert. 200: the contact's open one, a proposal confirmed or a raised one updated."""
    wish: RaiseAlert = request.body
    alert, is_new = await alerts.raise_alert(
        request.hotline,
        request.actor,
        ContactId(wish.contact_id),
        wish.facts(),
        idempotency_key=request.idempotency_key,
    )
    request.status = 201 if is_new else 200
    return shown(request, alert)


Step = Move[AlertId, Alert]
MOVES = (
    Step(
        "confirm_alert",
        "confirm",
        (P.ALERT_RAISE, P.ALERT_DISPATCH),
        Confirm,
        lambda at, wish: alerts.confirm(*at, version=wish.version, facts=wish.facts()),
        "A named person confirms a proposal: the board rings.",
    ),
    Step(
        "dismiss_alert",
        "dismiss",
        P.ALERT_RAISE,
        WithReason,
        lambda at, wish: alerts.dismiss(*at, version=wish.version, reason=wish.reason),
        "A proposal that is no alert; the reason stays with a name.",
    ),
    Step(
        "acknowledge_alert",
        "acknowledge",
        P.ALERT_DISPATCH,
        Versioned,
        lambda at, wish: alerts.acknowledge(*at, version=wish.version),
        "One winner; the others hear `taken`.",
    ),
    Step(
        "decline_alert",
        "decline",
        GOING,
        WithReason,
        lambda at, wish: alerts.decline(*at, version=wish.version, reason=wish.reason),
        "Not I: the next rung rings at once.",
    ),
    Step(
        "assign_alert",
        "assign",
        P.ALERT_DISPATCH,
        Assign,
        lambda at, wish: alerts.assign(*at, version=wish.version, team_id=TeamId(wish.team_id)),
    ),
    Step(
        "hand_alert_to_police",
        "hand_over_to_police",
        P.ALERT_DISPATCH,
        Versioned,
        lambda at, wish: alerts.hand_over_to_police(*at, version=wish.version),
        "From now on the police desk sees it.",
    ),
    Step(
        "alert_en_route",
        "en_route",
        GOING,
        Versioned,
        lambda at, wish: alerts.en_route(*at, version=wish.version),
    ),
    Step(
        "alert_on_scene",
        "on_scene",
        GOING,
        Versioned,
        lambda at, wish: alerts.on_scene(*at, version=wish.version),
    ),
    Step(
        "confirm_alert_contact",
        "confirm_contact",
        GOING,
        WithNote,
        lambda at, wish: alerts.confirm_contact(*at, version=wish.version, note=_note(wish.note)),
        "Contact with the person is made or still held; asked again later.",
    ),
    Step(
        "alert_handed_over",
        "handed_over",
        GOING,
        WithNote,
        lambda at, wish: alerts.handed_over(*at, version=wish.version, note=_note(wish.note)),
        "The person is with a hospital, the family or the police now.",
    ),
    Step(
        "close_alert",
        "close",
        GOING,
        Close,
        lambda at, wish: alerts.close(*at, version=wish.version, outcome=wish.outcome, note=_note(wish.note)),
    ),
    Step(
        "cancel_alert",
        "cancel",
        (P.ALERT_DISPATCH, P.ALERT_RAISE),
        WithReason,
        lambda at, wish: alerts.cancel(*at, version=wish.version, reason=wish.reason),
        "Called off, with a reason; by a counselor only until somebody has acknowledged.",
    ),
    Step(
        "update_alert",
        "update",
        SEEING,
        Update,
        lambda at, wish: alerts.update(*at, version=wish.version, facts=wish.facts(), note=_note(wish.note)),
        "Later facts, for those who are on their way.",
    ),
)
HANDLERS = handlers_of(MOVES, "/api/alerts/{alert_id}", alert_id_of, shown, AlertView)
