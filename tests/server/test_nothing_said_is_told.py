"""What people say reaches no log line, journal entry, metric or error, and stands nowhere in the clear on disk.

A server process is given a canary in every text of its API, sockets and webhooks: fitting, malformed, refused, and
while its database fails.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import orjson
from sqlalchemy import text
from twilio.request_validator import RequestValidator
from websockets.asyncio.client import connect

from hotline.storage.database import Database
from tests.ports import free_port
from tests.server.canary_bodies import Bodies
from tests.server.wire import ServerProcess, StaffClient, chat, frame, open_chat, send

CANARY = "KANARIENVOGEL und 金丝雀在唱歌"
BIRDS = ("KANARIENVOGEL", "金丝雀", "\\u91d1\\u4e1d\\u96c0", "13900017731", "1390001")
"""The canary in whichever writing, and a caller's number."""

ACCOUNT, TOKEN = "AC" + "7" * 32, "the-carriers-secret"
PUBLIC_FACTS = ("/api/staff", "/api/schools", "/api/teams", "/api/rehabilitation/institutions")
"""What administrators write there is no secret: names of accounts and organisations."""
LEFT_OUT = {("DELETE", "/api/session"), ("DELETE", "/api/people/{person_id}")}
ROLES = ("counselor1", "supervisor", "admin", "dispatcher", "school", "referral", "rehab")


def birds_in(told: str | bytes) -> list[str]:
    words = told if isinstance(told, str) else told.decode(errors="replace")
    return [bird for bird in BIRDS if bird in words]


class Attack:
    """Sends, and looks at every refusal."""

    def __init__(self, server: ServerProcess, session: aiohttp.ClientSession) -> None:
        self.server = server
        self.session = session
        self.statuses: dict[int, int] = {}
        self.repeated = 0

    async def asks(self, method: str, path: str, **given: Any) -> tuple[int, bytes]:
        async with self.session.request(method, self.server.address + path, **given) as answer:
            body = await answer.read()
            self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
            self.repeated += answer.status < 400 and bool(birds_in(body))
            if answer.status >= 400:
                assert not birds_in(body), f"{method} {path}: {answer.status}"
                assert not birds_in(str(answer.headers))
            assert answer.status != 500, f"{method} {path} crashed"
            return answer.status, body

    async def posts_webhook(self, path: str, form: dict[str, str], *, signed: bool = True) -> int:
        form = {"AccountSid": ACCOUNT, **form}
        secret = TOKEN if signed else "another"
        signature = RequestValidator(secret).compute_signature(self.server.address + path, form)
        status, _ = await self.asks("POST", path, data=form, headers={"X-Twilio-Signature": signature})
        return status


# The API ------------------------------------------------------------------------------------------------


async def _operations(attack: Attack) -> tuple[list[tuple[str, str, dict[str, Any]]], Bodies]:
    _, described = await attack.asks("GET", "/openapi.json")
    document = orjson.loads(described)
    found = [
        (method.upper(), path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in ("get", "post", "put", "patch", "delete")
    ]
    return [each for each in found if each[:2] not in LEFT_OUT], Bodies(document, CANARY)


async def _every_operation(attack: Attack, staff: dict[str, StaffClient], ids: dict[str, str]) -> None:
    operations, bodies = await _operations(attack)
    for method, path, operation in operations:
        address = re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], "nothing_of_this_id"), path)
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        schema = content.get("schema")
        wishes: list[Any] = [None] if schema is None else [bodies.fitting(schema), bodies.broken(schema)]
        for name, client in staff.items():
            headers = {"Authorization": f"Bearer {client.token}"}
            for wish in wishes:
                if path.startswith(PUBLIC_FACTS) and name == "admin" and wish is wishes[0]:
                    continue
                await attack.asks(method, address, json=wish, headers=headers)
            query = {
                each["name"]: CANARY for each in operation.get("parameters", ()) if each["in"] == "query"
            }
            if query:
                await attack.asks(method, address, params=query, headers=headers)


async def _strange_requests(attack: Attack) -> None:
    address = "/api/chats"
    json = {"Content-Type": "application/json"}
    for data in (CANARY, f'{{"nickname": "{CANARY}', f'["{CANARY}"]', f'{{"nickname": "{CANARY}\\u0000"}}'):
        await attack.asks("POST", address, data=data.encode(), headers=json)
    await attack.asks("POST", address, data=CANARY.encode(), headers={"Content-Type": "text/plain"})
    await attack.asks("POST", address, json={"nickname": CANARY * 500})
    await attack.asks(
        "POST", address, json={"nickname": CANARY}, headers={"Origin": "https://KANARIENVOGEL.example"}
    )
    await attack.asks("POST", address, json={}, headers={"Idempotency-Key": "KANARIENVOGEL {}"})
    await attack.asks("GET", f"/{CANARY}", params={"q": CANARY})
    await attack.asks("GET", f"/api/contacts/{CANARY}")
    await attack.asks("GET", "/api/me", headers={"Authorization": "Bearer KANARIENVOGEL"})
    await attack.asks("GET", "/api/me", headers={"Cookie": "hotline-session=KANARIENVOGEL"})
    await attack.asks("POST", "/api/session", json={"username": "KANARIENVOGEL", "password": CANARY})
    await attack.asks("GET", "/setup", params={"token": "nothing"})
    for content_type in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        await attack.asks("POST", "/setup", data=CANARY.encode(), headers={"Content-Type": content_type})


# A whole day -------------------------------------------------------------------------------------------


async def _a_day(attack: Attack, staff: dict[str, StaffClient]) -> dict[str, str]:
    """What is said on an ordinary day, and the ids it leaves."""
    counselor, server = staff["counselor1"], attack.server
    opened = await open_chat(attack.session, server.address, nickname=CANARY)
    contact_id = opened["contact_id"]
    ids = {"contact_id": contact_id}
    async with counselor.console() as console, chat(server.address, opened["token"]) as page:
        await frame(console, "welcome")
        await frame(page, "welcome")
        await send(page, "message.send", client_id="c1", text=f"{CANARY} 我不想活了")
        await frame(page, "message.ack")
        await counselor.call("POST", f"/api/contacts/{contact_id}/take")
        await counselor.call("POST", f"/api/contacts/{contact_id}/help", {"note": CANARY})
        words = {"client_id": "s1", "text": CANARY}
        await counselor.call("POST", f"/api/contacts/{contact_id}/messages", words)
        told = {"level": "imminent", "reason": CANARY}
        await counselor.call("POST", f"/api/contacts/{contact_id}/override", told)
        facts = dict.fromkeys(("what", "where", "means", "callback", "person"), CANARY)
        wish = {"contact_id": contact_id, "target": "police", **facts}
        ids["alert_id"] = (await counselor.call("POST", "/api/alerts", wish))["id"]
        plan = {"contact_id": contact_id, "due_at": "2027-03-02T08:00:00+08:00", "note": CANARY}
        ids["followup_id"] = (await counselor.call("POST", "/api/followups", plan))["id"]
        for kind in ("composer", "note"):
            await counselor.call("PUT", f"/api/contacts/{contact_id}/draft", {"kind": kind, "text": CANARY})
        await _frames(page, console, contact_id)
    feedback = {"answers": {"helped": 3, "comment": CANARY}}
    bearer = {"Authorization": f"Bearer {opened['token']}"}
    status, _ = await attack.asks("POST", "/api/chats/feedback", json=feedback, headers=bearer)
    assert status == 204
    ids["report_id"] = await _school_report(staff["school"])
    return ids


async def _school_report(school: StaffClient) -> str:
    codes = await school.call("GET", "/api/school-reports/codes")
    said = (
        "what_happened",
        "student",
        "student_name",
        "student_class",
        "place",
        "means",
        "present_state",
        "triggers",
    )
    wish: dict[str, Any] = dict.fromkeys(
        (*said, "present_place", "with_whom", "guardian_who", "actions", "reporter_name"), CANARY
    )
    wish |= {
        "level_color": "red",
        "reporter_phone": "13900017731",
        "event_types": [codes["event_types"][0]["code"]],
    }
    report = await school.call("POST", "/api/school-reports", wish)
    await school.call("POST", f"/api/school-reports/{report['id']}/update", {"note": CANARY})
    return str(report["id"])


async def _frames(page: Any, console: Any, contact_id: str) -> None:
    """Frames that are refused: what they held is not repeated (`re` names the frame itself)."""
    bad: list[dict[str, Any]] = [
        {"type": "message.send", "client_id": "x y", "text": CANARY},
        {"type": "message.send", "client_id": "x", "text": [CANARY]},
        {"type": "message.send", "client_id": "x", "text": CANARY * 1000},
        {"type": "message.send", "client_id": "x", "text": CANARY + "\x00"},
        {"type": "read", "up_to_seq": CANARY},
        {"type": "nothing", "text": CANARY},
    ]
    for line in (page, console):
        for each in bad:
            await line.send(orjson.dumps({"contact_id": contact_id, **each}).decode())
            refused = await frame(line, "error")
            assert not birds_in(orjson.dumps(refused)), refused
        for raw in (CANARY, f'["{CANARY}"]', f'{{"type": "{CANARY}"', CANARY.encode()):
            await line.send(raw)
            assert not birds_in(orjson.dumps(await frame(line, "error")))


async def _webhooks(attack: Attack) -> None:
    call, number = {"CallSid": "CA" + "1" * 32, "To": "+10000000000"}, "+8613900017731"
    for signed in (False, True):
        await attack.posts_webhook("/twilio/voice", call | {"From": number}, signed=signed)
        await attack.posts_webhook("/twilio/voice", {"From": CANARY}, signed=signed)
        text_in = {"MessageSid": f"SM{signed}" + "1" * 30, "From": number, "Body": f"{CANARY} 救救我"}
        await attack.posts_webhook("/twilio/messages", text_in, signed=signed)
        await attack.posts_webhook("/twilio/messages", text_in | {"MessageSid": CANARY}, signed=signed)
        await attack.posts_webhook("/twilio/messages", text_in | {"Body": CANARY * 700}, signed=signed)
        spoken = call | {"TranscriptionEvent": "transcription-content", "Final": "true", "SequenceId": "1"}
        spoken |= {"TranscriptionSid": "GT1", "Track": "inbound_track"}
        for data in (orjson.dumps({"transcript": CANARY}).decode(), CANARY, f'{{"transcript": "{CANARY}'):
            await attack.posts_webhook(
                "/twilio/transcription", spoken | {"TranscriptionData": data}, signed=signed
            )
        await attack.posts_webhook("/twilio/status", call | {"CallStatus": CANARY}, signed=signed)
        await attack.posts_webhook("/twilio/queue-left", {"QueueResult": CANARY}, signed=signed)


async def _while_the_database_fails(attack: Attack, database_url: str) -> None:
    """A table is gone: every driver and library on the way gets the chance to print what it held."""
    opened = await open_chat(attack.session, attack.server.address)
    await _write(database_url, "ALTER TABLE messages RENAME TO lost_messages")
    async with chat(attack.server.address, opened["token"]) as page:
        await send(page, "message.send", client_id="c1", text=CANARY)
        refused = await frame(page, "error", within=30)
        assert refused["code"] == "unavailable"
    text_in = {"MessageSid": "SM9", "From": "+8613900017731", "Body": CANARY}
    await attack.posts_webhook("/twilio/messages", text_in)
    await _write(database_url, "ALTER TABLE lost_messages RENAME TO messages")


# Where it must not be ----------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def _database(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


async def _write(url: str, statement: str) -> None:
    async with _database(url) as database:
        await database.write(lambda connection: connection.execute(text(statement)))


async def _in_the_clear(url: str) -> list[str]:
    """The columns of all tables in which a bird stands."""
    found = []
    async with _database(url) as database, database.reading.connect() as connection:
        from sqlalchemy import inspect

        tables = await connection.run_sync(lambda each: inspect(each).get_table_names())
        for table in tables:
            rows = (await connection.execute(text(f'SELECT * FROM "{table}"'))).mappings()  # noqa: S608 - our own names
            for row in rows:
                found += [f"{table}.{column}" for column, value in row.items() if birds_in(_as_text(value))]
    return sorted(set(found))


def _as_text(value: Any) -> str | bytes:
    return value if isinstance(value, str | bytes) else str(value)


async def test_what_is_said_is_told_to_nobody_else(tmp_path: Path, database_url: str) -> None:
    settings = {
        "HOTLINE_TWILIO_ACCOUNT_SID": ACCOUNT,
        "HOTLINE_TWILIO_AUTH_TOKEN": TOKEN,
        "HOTLINE_TWILIO_NUMBER": "+10000000000",
        # A carrier that does not answer: what is owed to it is tried and fails.
        "HOTLINE_TWILIO_API_URL": f"http://127.0.0.1:{free_port()}",
        "HOTLINE_LOG_LEVEL": "debug",
        "HOTLINE_REQUESTS_PER_SECOND": "100000",
        "HOTLINE_SIGN_IN_ATTEMPTS": "1000",
    }
    server = ServerProcess(tmp_path, database_url, settings=settings)
    await server.start()
    try:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            attack = Attack(server, session)
            staff = {name: await StaffClient(server.address, session).sign_in(name) for name in ROLES}
            ids = await _a_day(attack, staff)
            await _webhooks(attack)
            await _strange_requests(attack)
            await _every_operation(attack, staff, ids)
            await _while_the_database_fails(attack, database_url)
            assert attack.statuses.get(200, 0) > 100, attack.statuses
            assert attack.statuses.get(422, 0) > 100, attack.statuses
            assert attack.repeated > 10, "those who may read it are told, so it was said"
            _, metrics = await attack.asks("GET", "/metrics")
            assert not birds_in(metrics)
            url = server.address.replace("http", "ws", 1) + "/ws/chat"
            async with connect(url, compression=None) as stranger:
                await send(stranger, "hello", token=f"con_x.{CANARY}")
                assert not birds_in(orjson.dumps(await frame(stranger, "error")))
    finally:
        await server.stop()
    log = (tmp_path / "server.log").read_text(encoding="utf-8")
    assert "unavailable" in log or "the database failed" in log, "the log is written where we look"
    assert birds_in(log) == [], [line for line in log.splitlines() if birds_in(line)][:3]
    assert "crashed" not in log, [line for line in log.splitlines() if "crashed" in line][:3]
    assert await _in_the_clear(database_url) == []
