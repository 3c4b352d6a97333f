"""Alerts: raised by who is with the person, worked by the board, followed by those who go."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from hotline.actions import alerts
from hotline.domain.access import Permission
from hotline.domain.alerts import Alert, AlertFacts, Asked, Certainty, Outcome
from hotline.domain.dispatch import TeamId
from hotline.domain.ids import AlertId, ContactId
from hotline.errors import Forbidden, HotlineError, Invalid, NotFound, StaleVersion, Taken, WrongState
from hotline.live.projections import alert as projection
from hotline.live.projections.alert import AlertView
from triage.policy import AlertTarget
from web_console.api.inputs import Id, Listing, Note, Reason, Versioned
from web_console.openapi import ApiRequest, Body, Query, route

P = Permission
SEEING = (P.ALERT_READ, P.ALERT_RESPOND, P.ALERT_POLICE)
GOING = (P.ALERT_DISPATCH, P.ALERT_RESPOND, P.ALERT_POLICE)
CONFLICTS: tuple[type[HotlineError], ...] = (NotFound, Forbidden, Taken, StaleVersion, WrongState)


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


@route(
    "POST",
    "/api/alerts/{alert_id}/confirm",
    permission=(P.ALERT_RAISE, P.ALERT_DISPATCH),
    body=Confirm,
    answer=AlertView,
    errors=CONFLICTS,
)
async def confirm_alert(request: ApiRequest) -> AlertView:
    """A named person confirms a proposal: the board rings."""
    wish: Confirm = request.body
    alert = await alerts.confirm(
        request.hotline, request.actor, alert_id_of(request), version=wish.version, facts=wish.facts()
    )
    return shown(request, alert)


@route(
    "POST",
    "/api/alerts/{alert_id}/dismiss",
    permission=P.ALERT_RAISE,
    body=WithReason,
    answer=AlertView,
    errors=CONFLICTS,
)
async def dismiss_alert(request: ApiRequest) -> AlertView:
    """A proposal that is no alert; the reason stays with a name."""
    wish: WithReason = request.body
    alert = await alerts.dismiss(
        request.hotline, request.actor, alert_id_of(request), version=wish.version, reason=wish.reason
    )
    return shown(request, alert)


@route(
    "POST",
    "/api/alerts/{alert_id}/acknowledge",
    permission=P.ALERT_DISPATCH,
    body=Versioned,
    answer=AlertView,
    errors=CONFLICTS,
)
async def acknowledge_alert(request: ApiRequest) -> AlertView:
    """One winner; the others hear `taken`."""
    wish: Versioned = request.body
    alert = await alerts.acknowledge(
        request.hotline, request.actor, alert_id_of(request), version=wish.version
    )
    return shown(request, alert)


@route(
    "POST",
    "/api/alerts/{alert_id}/decline",
    permission=GOING,
    body=WithReason,
    answer=AlertView,
    errors=CONFLICTS,
)
async def decline_alert(request: ApiRequest) -> AlertView:
    """Not I: the next rung rings at once."""
    wish: WithReason = request.body
    alert = await alerts.decline(
        request.hotline, request.actor, alert_id_of(request), version=wish.version, reason=wish.reason
    )
    return shown(request, alert)


@route(
    "POST",
    "/api/alerts/{alert_id}/assign",
    permission=P.ALERT_DISPATCH,
    body=Assign,
    answer=AlertView,
    errors=CONFLICTS,
)
async def assign_alert(request: ApiRequest) -> AlertView:
    wish: Assign = request.body
    alert = await alerts.assign(
        request.hotline,
        request.actor,
        alert_id_of(request),
        version=wish.version,
        team_id=TeamId(wish.team_id),
    )
    return shown(request, alert)


@route(
    "POST",
    "/api/alerts/{alert_id}/hand_over_to_police",
    permission=P.ALERT_DISPATCH,
    body=Versioned,
    answer=AlertView,
    errors=CONFLICTS,
)
async def hand_alert_to_police(request: ApiRequest) -> AlertView:
    """From now on the police desk sees it."""
    wish: Versioned = request.body
    alert = await alerts.hand_over_to_police(
        request.hotline, request.actor, alert_id_of(request), version=wish.version
    )
    return shown(request, alert)


@route(
    "POST",
    "/api/alerts/{alert_id}/en_route",
    permission=GOING,
    body=Versioned,
    answer=AlertView,
    errors=CONFLICTS,
)
async def alert_en_route(request: ApiRequest) -> AlertView:
    wish: Versioned = request.body
    alert = await alerts.en_route(request.hotline, request.actor, alert_id_of(request), version=wish.version)
    return shown(request, alert)


@route(
    "POST",
    "/api/alerts/{alert_id}/on_scene",
    permission=GOING,
    body=Versioned,
    answer=AlertView,
    errors=CONFLICTS,
)
async def alert_on_scene(request: ApiRequest) -> AlertView:
    wish: Versioned = request.body
    alert = await alerts.on_scene(request.hotline, request.actor, alert_id_of(request), version=wish.version)
    return shown(request, alert)


@route(
    "POST",
    "/api/alerts/{alert_id}/confirm_contact",
    permission=GOING,
    body=WithNote,
    answer=AlertView,
    errors=CONFLICTS,
)
async def confirm_alert_contact(request: ApiRequest) -> AlertView:
    """Contact with the person is made or still held; asked again later."""
    wish: WithNote = request.body
    alert = await alerts.confirm_contact(
        request.hotline, request.actor, alert_id_of(request), version=wish.version, note=_note(wish.note)
    )
    return shown(request, alert)


@route(
    "POST",
    "/api/alerts/{alert_id}/handed_over",
    permission=GOING,
    body=WithNote,
    answer=AlertView,
    errors=CONFLICTS,
)
async def alert_handed_over(request: ApiRequest) -> AlertView:
    """The person is with a hospital, the family or the police now."""
    wish: WithNote = request.body
    alert = await alerts.handed_over(
        request.hotline, request.actor, alert_id_of(request), version=wish.version, note=_note(wish.note)
    )
    return shown(request, alert)


@route(
    "POST",
    "/api/alerts/{alert_id}/close",
    permission=GOING,
    body=Close,
    answer=AlertView,
    errors=CONFLICTS,
)
async def close_alert(request: ApiRequest) -> AlertView:
    wish: Close = request.body
    alert = await alerts.close(
        request.hotline,
        request.actor,
        alert_id_of(request),
        version=wish.version,
        outcome=wish.outcome,
        note=_note(wish.note),
    )
    return shown(request, alert)


@route(
    "POST",
    "/api/alerts/{alert_id}/cancel",
    permission=(P.ALERT_DISPATCH, P.ALERT_RAISE),
    body=WithReason,
    answer=AlertView,
    errors=CONFLICTS,
)
async def cancel_alert(request: ApiRequest) -> AlertView:
    """Called off, with a reason; by a counselor only until somebody has acknowledged."""
    wish: WithReason = request.body
    alert = await alerts.cancel(
        request.hotline, request.actor, alert_id_of(request), version=wish.version, reason=wish.reason
    )
    return shown(request, alert)


@route(
    "POST",
    "/api/alerts/{alert_id}/update",
    permission=SEEING,
    body=Update,
    answer=AlertView,
    errors=CONFLICTS,
)
async def update_alert(request: ApiRequest) -> AlertView:
    """Later facts, for those who are on their way."""
    wish: Update = request.body
    alert = await alerts.update(
        request.hotline,
        request.actor,
        alert_id_of(request),
        version=wish.version,
        facts=wish.facts(),
        note=_note(wish.note),
    )
    return shown(request, alert)
