"""Alerts, teams and follow-ups over HTTP: what a console sends and what it is told."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import pytest

from hotline.actions import contacts, messages, presence, sessions, staff
from hotline.actions.staff import OPERATOR, NewStaff
from hotline.domain.access import Role
from hotline.domain.contacts import Sender
from hotline.domain.ids import ContactId
from hotline.domain.presence import PresenceState
from hotline.domain.staff import actor_of
from tests.conftest import START, settle
from tests.web_console.site import PASSWORD, Site

TEAM = {"kind": "crisis_team", "name_zh": "东区危机队", "name_en": "East team"}


async def asks(
    site: Site, token: str, method: str, path: str, body: Any = None, **more: Any
) -> tuple[int, Any]:
    given = {} if body is None else {"json": body}
    async with site.asks_as(token, method, path, **given, **more) as answer:
        return answer.status, await answer.json()


async def member(site: Site, role: Role, organisation_id: str) -> str:
    name = f"member-{secrets.token_hex(4)}"
    new = NewStaff(username=name, name=name, roles=[role], password=PASSWORD, organisation_id=organisation_id)
    await staff.create(site.hotline, OPERATOR, new)
    return (await sessions.sign_in(site.hotline, name, PASSWORD)).token


async def held_contact(site: Site) -> tuple[ContactId, str]:
    """A chat and the token of the counselor who holds it."""
    account = await site.account(f"lin-{secrets.token_hex(3)}", [Role.COUNSELOR])
    token = (await sessions.sign_in(site.hotline, account.username, PASSWORD)).token
    contact, _ = await contacts.open_chat(site.hotline, language="zh")
    await messages.receive(
        site.hotline, contact.id, client_id="first", text="在吗", sender=Sender.HELP_SEEKER
    )
    await presence.connected(site.hotline, account.id)
    helper = actor_of(account)
    await presence.set_state(site.hotline, helper, PresenceState.AVAILABLE, reason=None, minutes=None)
    await settle(site.hotline)
    status, _ = await asks(site, token, "POST", f"/api/contacts/{contact.id}/take", {})
    assert status == 200
    return contact.id, token


async def raised(site: Site) -> tuple[dict, str]:
    contact_id, token = await held_contact(site)
    body = {"contact_id": contact_id, "target": "police", "what": "人在天桥上", "where": "人民路"}
    status, alert = await asks(site, token, "POST", "/api/alerts", body)
    assert status == 201
    return alert, token


async def test_raised_and_followed_to_its_outcome(site: Site) -> None:
    admin, board = await site.token(Role.ADMIN), await site.token(Role.DISPATCHER)
    assert (await asks(site, admin, "PUT", "/api/teams/tea_east", TEAM))[0] == 200
    team = await member(site, Role.CRISIS_TEAM, "tea_east")
    alert, helper = await raised(site)
    assert alert["state"] == "raised"
    assert alert["deadline_for"] == "acknowledge"
    assert alert["ladder"][alert["rung"]]["role"] == "dispatcher"
    steps: list[tuple[str, str, dict]] = [
        (board, "acknowledge", {}),
        (board, "assign", {"team_id": "tea_east"}),
        (team, "en_route", {}),
        (helper, "update", {"note": "改到桥东侧", "where": "人民路东侧", "person": ""}),
        (team, "on_scene", {}),
        (team, "confirm_contact", {}),
        (team, "handed_over", {"note": "  "}),
        (team, "close", {"outcome": "to_hospital"}),
    ]
    for token, move, facts in steps:
        body = {"version": alert["version"], **facts}
        status, alert = await asks(site, token, "POST", f"/api/alerts/{alert['id']}/{move}", body)
        assert status == 200, (move, alert)
    assert (alert["state"], alert["outcome"], alert["deadline"]) == ("closed", "to_hospital", None)
    assert alert["assigned_to"]["name_en"] == "East team"
    assert alert["where"] == "人民路东侧"
    notes = {each["kind"]: each["note"] for each in alert["steps"]}
    assert (notes["updated"], notes["handed_over"]) == ("改到桥东侧", None)
    status, again = await asks(site, helper, "GET", f"/api/alerts/{alert['id']}")
    assert again == alert


async def test_a_second_alert_of_a_contact_updates_the_open_one(site: Site) -> None:
    alert, helper = await raised(site)
    body = {"contact_id": alert["contact_id"], "target": "ambulance", "what": "已服药"}
    status, updated = await asks(site, helper, "POST", "/api/alerts", body)
    assert status == 200
    assert (updated["id"], updated["target"], updated["what"]) == (alert["id"], "ambulance", "已服药")


async def test_the_same_key_raises_once(site: Site) -> None:
    contact_id, token = await held_contact(site)
    body = {"contact_id": contact_id, "target": "crisis_team", "what": "近期有计划"}
    headers = {"Idempotency-Key": "key-of-this-alert"}
    first = await asks(site, token, "POST", "/api/alerts", body, headers=headers)
    second = await asks(site, token, "POST", "/api/alerts", body, headers=headers)
    assert (first[0], second[0]) == (201, 200)
    assert first[1]["id"] == second[1]["id"]


async def test_conflicts_have_their_codes(site: Site) -> None:
    alert, _helper = await raised(site)
    one, two = await site.token(Role.DISPATCHER), await site.token(Role.DISPATCHER)
    address = f"/api/alerts/{alert['id']}"
    old = {"version": alert["version"]}
    assert (await asks(site, one, "POST", f"{address}/acknowledge", old))[0] == 200
    status, problem = await asks(site, two, "POST", f"{address}/acknowledge", old)
    assert (status, problem["code"]) == (409, "taken")
    status, problem = await asks(site, two, "POST", f"{address}/cancel", {**old, "reason": "误报"})
    assert (status, problem["code"]) == (409, "stale_version")
    status, problem = await asks(site, two, "POST", f"{address}/dismiss", {**old, "reason": "误报"})
    assert (status, problem["code"]) == (403, "forbidden")
    body = {"version": alert["version"] + 1, "team_id": "tea_none"}
    status, problem = await asks(site, two, "POST", f"{address}/assign", body)
    assert (status, problem["code"]) == (404, "not_found")
    status, problem = await asks(
        site, two, "POST", f"{address}/handed_over", {"version": alert["version"] + 1}
    )
    assert (status, problem["code"]) == (409, "wrong_state")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"contact_id": "con_x", "target": "army", "what": "?"},
        {"contact_id": "con_x", "target": "police", "what": "   "},
        {"contact_id": "con_x", "target": "police", "what": "长" * 2001},
        {"contact_id": "con_x", "target": "police", "what": "?", "danger_to_others": "yes"},
        {"contact_id": "con_x", "target": "police", "what": "?", "state": "closed"},
    ],
)
async def test_bad_input_is_refused_with_the_place(site: Site, body: dict) -> None:
    token = await site.token(Role.COUNSELOR)
    status, problem = await asks(site, token, "POST", "/api/alerts", body)
    assert (status, problem["code"]) == (422, "invalid")
    assert problem["fields"]


async def test_each_role_sees_its_own(site: Site) -> None:
    alert, helper = await raised(site)
    address = f"/api/alerts/{alert['id']}"
    for role, sees in (
        (Role.DISPATCHER, True),
        (Role.SUPERVISOR, True),
        (Role.POLICE, False),
        (Role.COUNSELOR, False),
    ):
        token = await site.token(role)
        status, page = await asks(site, token, "GET", "/api/alerts?state=all")
        assert status == 200
        assert [each["id"] for each in page["items"]] == ([alert["id"]] if sees else [])
        assert (await asks(site, token, "GET", address))[0] == (200 if sees else 403)
    assert (await asks(site, helper, "GET", address))[0] == 200
    assert (await asks(site, await site.token(Role.SCHOOL), "GET", address))[0] == 403
    async with site.asks("GET", address) as answer:
        assert answer.status == 401


async def test_teams_are_registered_by_an_administrator_only(site: Site) -> None:
    board = await site.token(Role.DISPATCHER)
    assert (await asks(site, board, "PUT", "/api/teams/tea_east", TEAM))[0] == 403
    assert (await asks(site, await site.token(Role.ADMIN), "PUT", "/api/teams/tea_east", TEAM))[0] == 200
    status, page = await asks(site, board, "GET", "/api/teams")
    assert status == 200
    assert [(each["id"], each["name_zh"], each["on_duty"]) for each in page["items"]] == [
        ("tea_east", "东区危机队", False)
    ]


async def test_a_follow_up_from_planned_to_done(site: Site) -> None:
    contact_id, token = await held_contact(site)
    due_at = (START + timedelta(days=2)).isoformat()
    status, followup = await asks(
        site, token, "POST", "/api/followups", {"contact_id": contact_id, "due_at": due_at}
    )
    assert (status, followup["state"], followup["due_at"]) == (201, "open", "2026-03-04T03:00:00Z")
    address = f"/api/followups/{followup['id']}"
    status, page = await asks(site, token, "GET", "/api/followups?state=due")
    assert (status, page["items"]) == (200, [])
    for move, body, state in (
        ("take", {"version": 1}, "taken"),
        ("attempt", {"outcome": "no_answer"}, "open"),
        ("reschedule", {"due_at": (START + timedelta(days=3)).isoformat(), "reason": "约好"}, "open"),
        ("attempt", {"outcome": "reached", "note": "好些了"}, "taken"),
        ("done", {}, "done"),
    ):
        status, followup = await asks(site, token, "POST", f"{address}/{move}", body)
        assert (status, followup.get("state")) == (200, state), (move, followup)
    assert [each["outcome"] for each in followup["attempts"]] == ["no_answer", "reached"]
    status, problem = await asks(site, token, "POST", f"{address}/cancel", {"reason": "?"})
    assert (status, problem["code"]) == (409, "wrong_state")
    status, problem = await asks(
        site, token, "POST", "/api/followups", {"contact_id": contact_id, "due_at": "2020-01-01T00:00:00Z"}
    )
    assert (status, problem["code"]) == (422, "invalid")
    for strange in (
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "2026-02-30T00:00:00Z",
        "2026-03-04T03:00:00",
    ):
        body = {"contact_id": contact_id, "due_at": strange}
        assert (await asks(site, token, "POST", "/api/followups", body))[0] == 422
