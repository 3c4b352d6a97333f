"""Every request that we send to the carrier, held against the carrier's published description of its API.

The description (OpenAPI, `twilio_api_v2010.json` or a folder with it) is named by `HOTLINE_TWILIO_OPENAPI`; it is the
carrier's and does not stand here. Without it only the checker itself and what is sent at all are tested.
"""

from __future__ import annotations

import inspect
import json
import os
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiohttp import web

from hotline.telephony.call_recorder import CallRecorder, RecordingSid, RecordingStatus
from hotline.telephony.call_rooms import CallRooms, DutyCall, PartyLeg, PersonCall
from hotline.telephony.carrier import CallSid, Carrier, CounselorLeg
from hotline.telephony.messaging import Messenger
from hotline.telephony.twilio import TwilioCarrier

DESCRIPTION = os.environ.get("HOTLINE_TWILIO_OPENAPI", "")
ACCOUNT = "AC" + "1" * 32
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
RING_FOR = timedelta(seconds=20)


class Sent(NamedTuple):
    method: str
    path: str
    form: dict[str, list[str]]
    query: dict[str, list[str]]


# What the carrier would answer -------------------------------------------------------------------


def _answer(method: str, path: str) -> dict[str, Any]:
    """One thing of the kind that is asked for, with every field that we read."""
    when = "Sun, 01 Nov 2026 12:00:00 +0000"
    thing = {
        "sid": "XX" + "2" * 32,
        "account_sid": ACCOUNT,
        "call_sid": "CA" + "3" * 32,
        "conference_sid": "CF" + "4" * 32,
        "status": "in-progress",
        "direction": "outbound-api",
        "date_created": when,
        "date_updated": when,
        "date_sent": when,
        "start_time": when,
        "duration": "3",
        "to": "+8613900000000",
        "from": "+861012356000",
        "body": "x",
        "num_media": "0",
        "muted": False,
        "hold": False,
        "uri": path,
    }
    name = path.rsplit("/", 1)[-1].removesuffix(".json")
    is_list = method == "GET" and name in ("Calls", "Conferences", "Messages", "Participants", "Recordings")
    return {name.lower(): [thing], "page": 0, "page_size": 50, "uri": path} if is_list else thing


@pytest.fixture
async def carrier() -> AsyncIterator[tuple[TwilioCarrier, list[Sent]]]:
    sent: list[Sent] = []

    async def serve(request: web.Request) -> web.StreamResponse:
        posted = await request.post()
        form = {name: [str(each) for each in posted.getall(name)] for name in posted}
        query = {name: list(request.query.getall(name)) for name in request.query}
        sent.append(Sent(request.method, request.path, form, query))
        if request.method == "DELETE":
            return web.Response(status=204)
        return web.json_response(_answer(request.method, request.path), status=201 if form else 200)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    adapter = TwilioCarrier(
        account_sid=ACCOUNT,
        auth_token="token",
        number="+861012356000",
        public_url="https://h.example",
        api_url=f"http://127.0.0.1:{runner.addresses[0][1]}",
    )
    yield adapter, sent
    await adapter.close()
    await runner.cleanup()


# Everything that the port can ask for -------------------------------------------------------------

CALL, OTHER = CallSid("CA" + "3" * 32), CallSid("CA" + "5" * 32)
LEG = CounselorLeg("leg_1", "con_1", "stf_1", RING_FOR)
PARTY = PartyLeg("leg_2", "con_1", RING_FOR, "+8613900000001", True)
PERSON = PersonCall("con_1", RING_FOR, "+8613900000000")
DUTY = DutyCall(1, RING_FOR, "+8613900000002")
RECORDING = RecordingSid("RE" + "6" * 32)
ASKED: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "ring_counselor": ((LEG,), {}),
    "find_leg": ((LEG, SINCE), {}),
    "join_room": ((CALL, "con_1"), {}),
    "return_to_queue": ((CALL, "con_1"), {}),
    "hang_up": ((CALL,), {}),
    "call_status": ((CALL,), {}),
    "start_transcription": ((CALL, "zh"), {}),
    "stop_transcription": ((CALL,), {}),
    "call_person": ((PERSON,), {}),
    "find_person_call": ((PERSON, SINCE), {}),
    "ring_party": ((PARTY,), {}),
    "find_party": ((PARTY, SINCE), {}),
    "ring_duty": ((DUTY,), {}),
    "find_duty": ((DUTY, SINCE), {}),
    "join_duty": ((CALL, "con_1"), {}),
    "hold": ((CALL, "con_1"), {"on": True}),
    "supervise": ((CALL, "con_1", "whisper", OTHER), {}),
    "announce": (("con_1", "supervisor_joined"), {}),
    "send_message": (("+8613900000000", "好"), {}),
    "find_message": (("+8613900000000", "好", SINCE), {}),
    "sent_message": (("SM" + "7" * 32,), {}),
    "received_since": ((SINCE,), {}),
}
ASKED_OF_THE_RECORDER: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "start": ((CALL, "rec_1"), {}),
    "find": ((CALL,), {}),
    "change": ((CALL, RECORDING, RecordingStatus.PAUSED), {}),
    "look": ((RECORDING,), {}),
    "left_after_tone": ((CALL,), {}),
    "remove": ((RECORDING,), {}),
}


def _asynchronous(*ports: type) -> set[str]:
    return {
        name for port in ports for name, what in vars(port).items() if inspect.iscoroutinefunction(what)
    } - {"close"}


async def _ask_for_everything(carrier: TwilioCarrier) -> None:
    for name, (given, named) in ASKED.items():
        await getattr(carrier, name)(*given, **named)
    for name, (given, named) in ASKED_OF_THE_RECORDER.items():
        await getattr(carrier.recorder, name)(*given, **named)


def test_nothing_of_the_port_is_left_out() -> None:
    assert set(ASKED) == _asynchronous(Carrier, CallRooms, Messenger)
    assert set(ASKED_OF_THE_RECORDER) == _asynchronous(CallRecorder)


async def test_each_wish_is_a_request_to_the_account(carrier: tuple[TwilioCarrier, list[Sent]]) -> None:
    adapter, sent = carrier
    for name, (given, named) in ASKED.items():
        before = len(sent)
        await getattr(adapter, name)(*given, **named)
        assert len(sent) > before or name == "stop_transcription", name
    assert all(each.path.startswith(f"/2010-04-01/Accounts/{ACCOUNT}/") for each in sent)


# The description ----------------------------------------------------------------------------------


class Described(NamedTuple):
    pattern: re.Pattern[str]
    operations: dict[str, Any]


def read_description(place: Path) -> list[Described]:
    """All paths of a file, or of every `*api_v2010*.json` in a folder; the one with fewest wildcards first."""
    files = sorted(place.glob("**/*api_v2010*.json")) if place.is_dir() else [place]
    paths = {path: what for file in files for path, what in json.loads(file.read_text())["paths"].items()}
    in_order = sorted(paths, key=lambda path: path.count("{"))
    return [
        Described(re.compile(re.sub(r"\\\{[A-Za-z]+\\\}", "[^/]+?", re.escape(path)) + "$"), paths[path])
        for path in in_order
    ]


def faults_of(sent: Sent, description: list[Described]) -> list[str]:
    """What is wrong with a request by the description; nothing: it conforms."""
    known = next((each for each in description if each.pattern.match(sent.path)), None)
    if known is None:
        return [f"no such address: {sent.path}"]
    operation = known.operations.get(sent.method.lower())
    if operation is None:
        return [f"{sent.method} is not possible at {sent.path}"]
    in_query = {
        each["name"]: each | each.get("schema", {})
        for each in operation.get("parameters", ())
        if each["in"] == "query"
    }
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/x-www-form-urlencoded", {}).get("schema", {})
    body, required = schema.get("properties", {}), set(schema.get("required", ()))
    required |= {name for name, each in in_query.items() if each.get("required") is True}
    found = [f"missing: {name}" for name in sorted(required - sent.form.keys() - sent.query.keys())]
    for given, allowed in ((sent.query, in_query), (sent.form, body)):
        for name, values in given.items():
            if name not in allowed:
                found.append(f"unknown: {name}")
            else:
                found += [
                    f"{name}: {fault}" for value in values if (fault := _fault_of(value, allowed[name]))
                ]
    return found


def _fault_of(value: str, schema: dict[str, Any]) -> str:
    if schema.get("type") == "array":
        return _fault_of(value, schema.get("items", {}))
    if "enum" in schema and value not in map(str, schema["enum"]):
        return "not one of the words"
    if schema.get("type") == "boolean" and value not in ("true", "false"):
        return "no boolean"
    if schema.get("type") == "integer" and not re.fullmatch(r"-?\d+", value):
        return "no whole number"
    if schema.get("pattern") and not re.match(schema["pattern"], value):
        return "not of the pattern"
    return ""


@pytest.mark.skipif(
    not DESCRIPTION, reason="HOTLINE_TWILIO_OPENAPI names no description of the carrier's API"
)
async def test_every_request_conforms(carrier: tuple[TwilioCarrier, list[Sent]]) -> None:
    adapter, sent = carrier
    await _ask_for_everything(adapter)
    description = read_description(Path(DESCRIPTION))
    assert {
        f"{each.method} {each.path}": faults for each in sent if (faults := faults_of(each, description))
    } == {}


def test_the_checker_sees_what_does_not_conform(tmp_path: Path) -> None:
    form = {
        "schema": {
            "required": ["To"],
            "properties": {
                "To": {"type": "string"},
                "Muted": {"type": "boolean"},
                "Timeout": {"type": "integer"},
                "Method": {"type": "string", "enum": ["GET", "POST"]},
                "Events": {"type": "array", "items": {"type": "string"}},
            },
        }
    }
    described = {
        "/A/{Sid}/Calls.json": {
            "post": {"requestBody": {"content": {"application/x-www-form-urlencoded": form}}},
            "get": {"parameters": [{"name": "To", "in": "query", "schema": {"type": "string"}}]},
        }
    }
    file = tmp_path / "twilio_api_v2010.json"
    file.write_text(json.dumps({"paths": described}))
    description = read_description(tmp_path)
    path = "/A/AC1/Calls.json"
    good = {"To": ["+1"], "Muted": ["true"], "Timeout": ["5"], "Method": ["POST"], "Events": ["a", "b"]}
    assert faults_of(Sent("POST", path, good, {}), description) == []
    assert faults_of(Sent("GET", path, {}, {"To": ["+1"]}), description) == []
    assert faults_of(Sent("POST", "/A/AC1/Call.json", {}, {}), description)
    assert faults_of(Sent("DELETE", path, {}, {}), description)
    bad = {"Muted": ["maybe"], "Timeout": ["soon"], "Method": ["PUT"], "Loud": ["1"]}
    assert len(faults_of(Sent("POST", path, bad, {}), description)) == len(bad) + 1
    assert faults_of(Sent("GET", path, {}, {"Form": ["+1"]}), description) == ["unknown: Form"]
