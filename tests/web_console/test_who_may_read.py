"""Who may read what was said: for every role and every address of a contact, served by somebody else or waiting."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from hotline.actions import closing, contacts, messages, offers, presence, risk, transfers
from hotline.actions.staff import OPERATOR, NewStaff, create
from hotline.domain.access import Actor, Role
from hotline.domain.contacts import Contact, Sender
from hotline.domain.ids import ContactId
from hotline.domain.presence import PresenceState
from hotline.domain.staff import actor_of
from hotline.service import Hotline
from tests.web_console.site import Site
from triage.assessment import Level
from triage.instruments import catalogue

SAID = "KANARIE: nobody may read this who does not serve me"
READING = ["", "/guidance", "/messages", "/notes", "/assessments", "/instruments", "/draft"]
CONTENT = ["/messages", "/notes", "/assessments", "/instruments"]
WRITING = [
    ("POST", "/messages", {"client_id": "x1", "text": "hello"}),
    ("POST", "/override", {"level": "low", "reason": "because"}),
    ("POST", "/help", {}),
    ("POST", "/join", None),
    ("POST", "/leave", None),
    ("POST", "/transfer", {"to": "queue"}),
    ("POST", "/end", None),
    ("PUT", "/draft", {"kind": "note", "text": "x"}),
    ("POST", "/instruments", {"instrument_id": catalogue()[0].id, "answers": {}}),
    ("POST", "/unmask", {"reason": "to call them back"}),
    ("POST", "/close", {"disposition": "supported", "note": "n", "level_confirmed": "low"}),
]
STRANGERS = [role for role in Role if role is not Role.SUPERVISOR]


async def _holder(hotline: Hotline) -> Actor:
    new = NewStaff(username="holder", name="Holder", roles=[Role.COUNSELOR])
    actor = actor_of((await create(hotline, OPERATOR, new)).staff)
    await presence.connected(hotline, actor.staff_id)
    await presence.set_state(hotline, actor, PresenceState.ON_BREAK, reason="meal", minutes=None)
    return actor


async def _served(hotline: Hotline) -> ContactId:
    """A contact with words, notes and reasons in it, served by a counselor."""
    holder = await _holder(hotline)
    contact, _ = await contacts.open_chat(hotline, language="en", nickname="Nick")
    for text in (SAID, "I want to die"):
        await messages.receive(
            hotline, contact.id, client_id=f"{len(text)}", text=text, sender=Sender.HELP_SEEKER
        )
    await offers.take(hotline, holder, contact.id)
    await contacts.request_help(hotline, holder, contact.id, note=SAID)
    await risk.override(hotline, holder, contact.id, level=Level.IMMINENT, reason=SAID)
    await closing.keep_draft(hotline, holder, contact.id, kind="note", text=SAID)
    return contact.id


async def _waiting(hotline: Hotline) -> ContactId:
    """The same, handed back to the queue."""
    contact_id = await _served(hotline)
    holder = next(each for each in hotline.directory.everyone() if each.username == "holder")
    await transfers.transfer(hotline, actor_of(holder), contact_id, to_staff_id=None, reason=SAID)
    return contact_id


@pytest.mark.parametrize("role", STRANGERS)
async def test_nobody_else_reads_or_changes_a_served_contact(site: Site, role: Role) -> None:
    token, contact_id = await site.token(role), await _served(site.hotline)
    before = await site.hotline.reader.find(Contact, contact_id)
    for path in READING:
        async with site.asks_as(token, "GET", f"/api/contacts/{contact_id}{path}") as answer:
            assert answer.status == 403, path
            assert "KANARIE" not in await answer.text()
    for method, path, body in WRITING:
        async with site.asks_as(token, method, f"/api/contacts/{contact_id}{path}", json=body) as answer:
            assert answer.status == 403, path
            assert "KANARIE" not in await answer.text()
    for path in (
        "/api/contacts",
        "/api/contacts?state=active",
        "/api/followups?state=all",
        "/api/alerts?state=all",
    ):
        async with site.asks_as(token, "GET", path) as answer:
            text = await answer.text()
            assert contact_id not in text, path
            assert "KANARIE" not in text
    assert await site.hotline.reader.find(Contact, contact_id) == before


async def test_while_somebody_waits_counselors_see_that_they_wait_and_not_what_was_said(site: Site) -> None:
    token, contact_id = await site.token(Role.COUNSELOR), await _waiting(site.hotline)
    async with site.asks_as(token, "GET", f"/api/contacts/{contact_id}") as answer:
        assert answer.status == 200
    for path in CONTENT:
        async with site.asks_as(token, "GET", f"/api/contacts/{contact_id}{path}") as answer:
            assert answer.status == 403, path


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.SUPERVISOR, Role.COUNSELOR)])
async def test_while_somebody_waits_no_other_role_sees_them(site: Site, role: Role) -> None:
    token, contact_id = await site.token(role), await _waiting(site.hotline)
    for path in ("", *CONTENT, "/take"):
        method = "POST" if path == "/take" else "GET"
        async with site.asks_as(token, method, f"/api/contacts/{contact_id}{path}") as answer:
            assert answer.status == 403, path


@pytest.mark.parametrize("put", [_served, _waiting])
async def test_a_supervisors_reading_is_journalled(
    site: Site, put: Callable[[Hotline], Awaitable[ContactId]]
) -> None:
    token, contact_id = await site.token(Role.SUPERVISOR), await put(site.hotline)
    for number, path in enumerate(CONTENT, 1):
        async with site.asks_as(token, "GET", f"/api/contacts/{contact_id}{path}") as answer:
            assert answer.status == 200
        async with site.asks_as(token, "GET", f"/api/journal?subject={contact_id}") as answer:
            read = [each for each in (await answer.json())["items"] if each["kind"] == "contact.content_read"]
            assert len(read) == number, path
