"""The description and the server agree: no 5xx, no undocumented answer, whatever is sent.

Schemathesis runs in a process of its own against a real server; it makes its cases from the description.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from hotline.actions import presence
from hotline.domain.access import Permission, Role
from tests.web_console.site import Site
from tests.web_console.test_care import REPORT, member
from web_console.demo_organisations import INSTITUTIONS, SCHOOL, seed_organisations
from web_console.openapi import Public
from web_console.routes import api_routes

SEED = "20260302"
CASES = os.environ.get("HOTLINE_TEST_CASES", "8")  # per operation, beside the systematic ones

LEFT_OUT = (
    # What a schema cannot say is refused with 422: a time in the past, an application without consent.
    "positive_data_acceptance",
    # `/api/contacts/take-next` also has the form of `/api/contacts/{contact_id}`, which has other methods.
    "allow_header_conformance",
)


async def test_everything_under_api_is_described(site: Site) -> None:
    async with site.asks("GET", "/openapi.json") as answer:
        described = await answer.json()
    found = {(method.upper(), path) for path, item in described["paths"].items() for method in item}
    assert found == {(each.method, each.path) for each in api_routes()}
    assert described["openapi"].startswith("3.1")
    served = {route.resource.canonical for route in site.app.router.routes() if route.resource}
    assert {path for path in served if path.startswith("/api/")} == set(described["paths"])


def test_every_route_says_who_may_come_in() -> None:
    for each in api_routes():
        assert isinstance(each.permission, Permission | Public | tuple), each.path
        assert each.permission != (), each.path


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [each.name for each in api_routes()]
    assert sorted(names) == sorted(set(names))


async def lived_in(site: Site, token: str, folder: Path) -> None:
    """Things of every kind, and a dictionary of their ids, so that commands reach more than a 404."""
    known: dict[str, list[str]] = {}

    async def made(noun: str, path: str, body: dict[str, Any], method: str = "POST") -> str:
        async with site.asks_as(token, method, path, json=body) as answer:
            told = await answer.json()
            assert answer.status in (200, 201), told
        identity: str = told.get("id") or told["contact_id"]
        known.setdefault(noun, []).append(identity)
        return identity

    known["institution"] = [each.id for each in INSTITUTIONS]
    async with site.asks_as(token, "GET", "/api/me") as answer:
        await presence.connected(site.hotline, (await answer.json())["user"]["id"])
    await made("staff", "/api/presence", {"state": "available"}, "PUT")
    for _ in range(site.hotline.rules.chat_capacity):
        contact = await made("contact", "/api/chats", {"nickname": "小雨", "topic": "family"})
        async with site.asks_as(token, "POST", f"/api/contacts/{contact}/take") as answer:
            assert answer.status == 200, await answer.text()
        await made("message", f"/api/contacts/{contact}/messages", {"client_id": "c1", "text": "你好"})
        await made("alert", "/api/alerts", {"contact_id": contact, "target": "crisis_team", "what": "x"})
        await made("followup", "/api/followups", {"contact_id": contact, "due_at": "2026-03-09T01:00:00Z"})
    await made("contact", "/api/chats", {"language": "en"})
    await made("referral", "/api/referrals", {"submit": False})
    known["report"] = [
        await made("report", "/api/school-reports", {**REPORT, "what_happened": each}) for each in ("x", "y")
    ]
    lines = [f"[dictionaries.{noun}]\nvalues = {json.dumps(ids)}" for noun, ids in known.items()]
    lines += ["[parameters]"]
    lines += [f'"path.{noun}_id" = {{ dictionary = "{noun}", probability = 0.7 }}' for noun in known]
    (folder / "schemathesis.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


async def run_schemathesis(site: Site, token: str, folder: Path, *more: str) -> tuple[int, str]:
    command = ["-m", "schemathesis.cli", "run", f"{site.address}/openapi.json"]
    command += ["--header", f"Authorization: Bearer {token}", "--seed", SEED, "--max-examples", CASES]
    command += ["--generation-deterministic", "--no-color", *more]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "NO_COLOR": "1"},
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


@pytest.mark.slow
async def test_no_answer_surprises(site: Site, tmp_path: Path) -> None:
    """As somebody who has every role, so that every operation is reached."""
    await seed_organisations(site.hotline)
    token = await member(site, *Role, organisation_id=SCHOOL.id)
    await lived_in(site, token, tmp_path)
    # Signing out would end the session that all the others need.
    more = ["--exclude-operation-id", "sign_out", "--exclude-checks", ",".join(LEFT_OUT)]
    status, output = await run_schemathesis(site, token, tmp_path, *more)
    assert status == 0, output[-60000:]


@pytest.mark.slow
async def test_no_answer_surprises_a_stranger(site: Site, tmp_path: Path) -> None:
    status, output = await run_schemathesis(
        site,
        "nobody",
        tmp_path,
        "--checks",
        "not_a_server_error,status_code_conformance",
        "--phases",
        "coverage",
    )
    assert status == 0, output[-60000:]
