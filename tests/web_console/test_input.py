"""Bad input: a clear refusal with a code, in one form, whatever it is."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest

from hotline.actions import contacts
from hotline.domain.access import Role
from hotline.domain.change import Change
from hotline.domain.contacts import Contact
from hotline.storage.working_set import Loaded
from tests.web_console.site import Site

JSON = {"Content-Type": "application/json"}
SIGN_IN = ("POST", "/api/session")


async def refusal(site: Site, method: str, path: str, **given: Any) -> tuple[int, dict]:
    async with site.asks(method, path, **given) as answer:
        assert answer.content_type == "application/problem+json", await answer.text()
        body = await answer.json(content_type=None)
        assert body["status"] == answer.status
        assert {"type", "title", "code", "detail"} <= body.keys()
        return answer.status, body


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"{", 400, "malformed"),
        (b"\xff\xfe", 400, "malformed"),
        (b'{"username": "\\ud800", "password": "x"}', 400, "malformed"),
        (b"[" * 100_000, 413, "too_large"),
        (b"[" * 10_000, 400, "malformed"),
        (b"[]", 422, "invalid"),
        (b"null", 422, "invalid"),
        (b"NaN", 400, "malformed"),
        (b'{"username": 1, "password": "x"}', 422, "invalid"),
        (b'{"username": "a", "password": "x", "more": 1}', 422, "invalid"),
        (b'{"username": "a\\u0000", "password": "x"}', 422, "invalid"),
        (b'{"\\u0000": "a"}', 422, "invalid"),
        (b'{"username": "a"}', 422, "invalid"),
        (b"", 422, "invalid"),
        (b'{"username": "a", "password": 18446744073709551616}', 422, "invalid"),
        (b'{"username": "a", "password": 1e400}', 400, "malformed"),
    ],
)
async def test_a_bad_body(site: Site, data: bytes, status: int, code: str) -> None:
    found, body = await refusal(site, *SIGN_IN, data=data, headers=JSON)
    assert (found, body["code"]) == (status, code)
    if status == 422:
        assert body["fields"]


async def test_the_refusal_says_where_but_not_what(site: Site) -> None:
    secret = "I want to tell you something"
    data = {"username": ["x", secret], "password": 7, secret: secret}
    status, body = await refusal(site, *SIGN_IN, json=data)
    assert status == 422
    assert {each["path"] for each in body["fields"]} >= {"username", "password"}
    assert secret not in str([each["problem"] for each in body["fields"]])
    assert secret not in body["detail"]


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""]
)
async def test_a_body_that_is_not_json_by_its_own_word(site: Site, content_type: str) -> None:
    status, body = await refusal(
        site, *SIGN_IN, data=b'{"username": "a", "password": "b"}', headers={"Content-Type": content_type}
    )
    assert (status, body["code"]) == (415, "wrong_content_type")


async def test_charset_does_not_matter(site: Site) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    status, _ = await refusal(site, *SIGN_IN, data=b'{"username": "a", "password": "b"}', headers=headers)
    assert status == 401


async def test_nothing_said_is_enough_where_nothing_is_needed(site: Site) -> None:
    async with site.asks("POST", "/api/chats") as answer:
        assert answer.status == 201


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("text/html", 406),
        ("application/xml, text/plain", 406),
        ("text/html, */*;q=0.1", 200),
        ("application/json", 200),
    ],
)
async def test_somebody_who_cannot_read_json(site: Site, accept: str, status: int) -> None:
    async with site.asks("GET", "/api/public", headers={"Accept": accept}) as answer:
        assert answer.status == status


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("GET", "/nothing", 404),
        ("PUT", "/api/session", 405),
        ("OPTIONS", "/api/session", 405),
        ("GET", "/api/staff/%00", 405),
        ("POST", "/api/staff/%2e%2e%2f/reset", 404),
    ],
)
async def test_a_wrong_address_or_method(site: Site, method: str, path: str, status: int) -> None:
    found, body = await refusal(site, method, path)
    assert found == status
    assert path.strip("/") not in body["detail"]


@pytest.mark.parametrize("staff_id", ["%00", "a%20b", "x" * 65, "..%2f..%2fetc", "%F0%9F%98%80"])
async def test_an_id_that_cannot_be_one(site: Site, staff_id: str) -> None:
    token = await site.token(Role.ADMIN)
    async with site.asks_as(token, "POST", f"/api/staff/{staff_id}/reset") as answer:
        assert answer.status == 404


@pytest.mark.parametrize("key", ["short", "x" * 129, "with space inside", "ünïcödé-key"])
async def test_an_idempotency_key_that_is_none(site: Site, key: str) -> None:
    status, body = await refusal(site, "POST", "/api/chats", json={}, headers={"Idempotency-Key": key})
    assert (status, body["fields"][0]["path"]) == (422, "Idempotency-Key")


async def test_the_key_of_a_chat_is_long_or_refused(site: Site) -> None:
    """A short one was taken and not heeded: the second try opened a second chat, and the first waited for nobody."""
    short = {"Idempotency-Key": "my-chat-1"}
    status, body = await refusal(site, "POST", "/api/chats", json={}, headers=short)
    assert (status, body["fields"][0]["path"]) == (422, "Idempotency-Key")
    opened = []
    for _ in range(2):
        headers = {"Idempotency-Key": "my-chat-which-nobody-guesses"}
        async with site.asks("POST", "/api/chats", json={}, headers=headers) as answer:
            opened.append(await answer.json())
    assert opened[0] == opened[1]


@pytest.mark.parametrize(
    "query", ["before=x", "before=1", "subject=a%00", "subject=" + "x" * 65, "before=9.9&before=x"]
)
async def test_a_bad_query(site: Site, query: str) -> None:
    token = await site.token(Role.AUDITOR)
    async with site.asks_as(token, "GET", f"/api/journal?{query}") as answer:
        assert answer.status == 422
    async with site.asks_as(token, "GET", "/api/journal?unknown=1") as answer:
        assert answer.status == 200


async def test_a_crash_tells_nothing_to_the_sender_or_the_log(
    site: Site, monkeypatch: pytest.MonkeyPatch, written: io.StringIO
) -> None:
    secret = "what somebody told us"

    def broken() -> int:
        raise ValueError(secret)

    monkeypatch.setattr(site.hotline.matcher, "usual_wait_seconds", broken)
    status, body = await refusal(site, "GET", "/api/public")
    assert (status, body["code"]) == (500, "failed")
    logged = written.getvalue()
    assert secret not in str(body) + logged
    assert "ValueError" in logged
    assert "test_input.py" in logged
    assert "/api/public" in logged


BROKEN_FORMS = [
    ("application/x-www-form-urlencoded; charset=nonsense", b"Body=x"),
    ("application/x-www-form-urlencoded", b"Body=\xff\xfe"),
    ("application/json; charset=nonsense", b"{}"),
    ("application/json", b"\xff"),
    ("multipart/form-data", b"--x"),
    ("multipart/form-data; boundary=x", b"--x\r\nno header"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nhalf'),
]


@pytest.mark.parametrize(("content_type", "data"), BROKEN_FORMS)
@pytest.mark.parametrize("path", ["/setup", "/twilio/voice", "/twilio/messages", "/twilio/status"])
async def test_a_form_that_cannot_be_read(
    site: Site, written: io.StringIO, path: str, content_type: str, data: bytes
) -> None:
    """Whatever a form claims to be, it is refused by its sender's fault, not by ours."""
    async with site.asks("POST", path, data=data, headers={"Content-Type": content_type}) as answer:
        assert answer.status in ((403,) if path.startswith("/twilio") else (400, 422, 404))
    assert "crashed" not in written.getvalue()


async def test_a_number_that_no_store_holds_is_refused(site: Site) -> None:
    token = await site.token(Role.SCHOOL)
    for number in (b"1" + b"0" * 40, b"-18446744073709551616", b"18446744073709551616"):
        body = b'{"answers": {"student_age": %b}}' % number
        async with site.asks_as(token, "PUT", "/api/school-reports/draft", data=body, headers=JSON) as answer:
            assert answer.status == 422


async def test_the_log_of_no_http_names_nobody(site: Site, written: io.StringIO) -> None:
    port = int(site.address.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"KANARIE / HTTP/1.1\r\n\r\n")
    await writer.drain()
    assert b"400" in await reader.readline()
    writer.close()
    await writer.wait_closed()
    assert "Error handling request" in written.getvalue()
    assert "127.0.0.1" not in written.getvalue()
    assert "KANARIE" not in written.getvalue()


async def test_a_topic_is_a_code_and_nobodys_own_words(site: Site) -> None:
    """It is kept in the clear, so that it can be counted."""
    status, body = await refusal(site, "POST", "/api/chats", json={"topic": "my_uncle_wang_hits_me"})
    assert (status, body["fields"][0]["path"]) == (422, "topic")
    assert "uncle" not in str(body)
    async with site.asks("POST", "/api/chats", json={"topic": "family"}) as answer:
        assert answer.status == 201


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_a_time_at_the_ends_of_the_calendar_is_refused(site: Site, at: str) -> None:
    """Made UTC, or a few days on, it leaves the calendar: the database was said not to answer, or nothing at all."""
    token = await site.token(Role.SUPERVISOR)
    block = {"number": "+8613912341234", "reason": "x", "until": at}
    for method, path, given in (
        ("GET", "/api/contacts", {"params": {"before": f"{at}~con_1"}}),
        ("GET", "/api/shifts", {"params": {"since": at}}),
        ("GET", "/api/referrals", {"params": {"before": f"{at}~ref_1"}}),
        ("GET", "/api/school-reports", {"params": {"before": f"{at}~rep_1"}}),
        ("POST", "/api/line/blocks", {"json": block}),
        ("POST", "/api/shift-swaps", {"json": {"shift_id": "shf_1", "day": at[:10]}}),
    ):
        async with site.asks_as(token, method, path, **given) as answer:
            assert (answer.status, (await answer.json())["code"]) == (422, "invalid"), path


async def test_contacts_of_one_instant_are_all_listed(site: Site) -> None:
    """By the time alone the next page began behind all that were opened in the same moment."""
    hotline = site.hotline
    opened = [(await contacts.open_chat(hotline, language="zh"))[0] for _ in range(5)]

    def at_once(loaded: Loaded) -> Change:
        found = [loaded.get(Contact, each.id) for each in opened]
        return Change(tuple(each.model_copy(update={"opened_at": opened[0].opened_at}) for each in found))

    await hotline.writer.run(at_once)
    token = await site.token(Role.SUPERVISOR)
    before: dict[str, str | None] = {}
    listed: list[str] = []
    for _ in range(3):
        async with site.asks_as(token, "GET", "/api/contacts?limit=2", params=before) as answer:
            page = await answer.json()
        listed += [each["id"] for each in page["items"]]
        before = {"before": page["next"]}
    assert (len(listed), len(set(listed)), before) == (5, 5, {"before": None})


async def test_an_id_does_not_end_in_a_new_line(site: Site) -> None:
    """It made a team that no page could name again."""
    team = {"kind": "crisis_team", "name_zh": "东区", "name_en": "East"}
    async with site.asks_as(await site.token(Role.ADMIN), "PUT", "/api/teams/tea_x%0A", json=team) as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("  小  雨 ", "小 雨"),
        ("a\nb", "a b"),
        ("\u202eevil\u202c", "evil"),
        ("\u0007x", "x"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        (" \u200b\u2066 ", None),
        ("\u200d", None),
        ("", None),
    ],
)
async def test_a_nickname_is_one_visible_line(site: Site, given: str, shown: str | None) -> None:
    """It stands in the queue beside levels and other people's names."""
    async with site.asks("POST", "/api/chats", json={"nickname": given}) as answer:
        contact = await site.hotline.reader.find(Contact, (await answer.json())["contact_id"])
    assert contact is not None
    assert contact.nickname == shown
