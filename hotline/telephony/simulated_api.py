"""The simulated carrier's requests: the part of Twilio's API that `twilio.py` uses, as it answers.

Pure: a request in, an answer out, the carrier changed. Unknown paths are 404, wrong passwords 401, wrong or
missing parameters 400 with the carrier's error numbers.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from hotline.telephony.carrier import CallStatus
from hotline.telephony.simulated_line import Line
from hotline.telephony.simulated_rooms import ROOM_HANDLERS
from hotline.telephony.simulated_texts import refusal, text_body
from hotline.telephony.simulator import SimulatedCarrier

_INVALID_PARAMETER, _NOT_IN_PROGRESS, _NOT_FOUND, _TOO_MANY, _UNAUTHORIZED = 20001, 21220, 20404, 20429, 20003


@dataclass(frozen=True, slots=True)
class ApiRequest:
    method: str
    path: str
    form: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    authorization: str = ""


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    status: int
    body: str | bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(carrier: SimulatedCarrier, request: ApiRequest, now: datetime) -> ApiAnswer:
    expected = b64encode(f"{carrier.account_sid}:{carrier.auth_token}".encode()).decode()
    if request.authorization != f"Basic {expected}":
        return _problem(401, _UNAUTHORIZED)
    if request.method != "GET" and carrier.chance.random() < carrier.post.faults.refused_orders:
        if carrier.chance.random() < 0.5:
            return _problem(429, _TOO_MANY, {"Retry-After": "1"})
        return _problem(503, _TOO_MANY)
    prefix = f"/2010-04-01/Accounts/{carrier.account_sid}/"
    if not request.path.startswith(prefix) or not request.path.endswith((".json", ".wav")):
        return _problem(404, _NOT_FOUND)
    recorded = _recorded(carrier, request, request.path.removeprefix(prefix), now)
    if recorded is not None:
        return recorded
    parts = request.path.removeprefix(prefix).removesuffix(".json").split("/")
    shape = "/".join(part if index % 2 == 0 else "*" for index, part in enumerate(parts))
    handler = _HANDLERS.get((request.method, shape))
    if handler is None:
        return _problem(404, _NOT_FOUND)
    return handler(carrier, request, parts[1::2], now)


def _recorded(carrier: SimulatedCarrier, request: ApiRequest, path: str, now: datetime) -> ApiAnswer | None:
    def lives(sid: str) -> bool:
        return sid in carrier.lines and carrier.lines[sid].status is CallStatus.IN_PROGRESS

    found = carrier.tapes.answer(request.method, path, request.form, lives, now)
    if found is None:
        return None
    status, body = found
    if isinstance(body, bytes):
        return ApiAnswer(status, body, {"Content-Type": "audio/x-wav"} if body else {})
    return _problem(status, body["code"]) if status >= 400 else _made(status, body)


def _problem(status: int, code: int, headers: Mapping[str, str] | None = None) -> ApiAnswer:
    body = {"code": code, "message": "refused by the simulated carrier", "more_info": "", "status": status}
    return ApiAnswer(status, json.dumps(body), headers or {})


def _made(status: int, body: dict[str, Any]) -> ApiAnswer:
    return ApiAnswer(status, json.dumps(body, ensure_ascii=False))


def _time(at: datetime | None) -> str | None:
    return format_datetime(at) if at else None


def _line_body(carrier: SimulatedCarrier, line: Line) -> dict[str, Any]:
    return {
        "sid": line.sid,
        "account_sid": carrier.account_sid,
        "from": line.from_,
        "to": line.to,
        "direction": line.way.value,
        "status": line.status.value,
        "date_created": _time(line.made_at),
        "start_time": _time(line.answered_at),
        "end_time": _time(line.ended_at),
    }


# Calls -------------------------------------------------------------------------------------------


def _create_call(carrier: SimulatedCarrier, request: ApiRequest, _ids: list[str], now: datetime) -> ApiAnswer:
    form = request.form
    if (
        not form.get("From")
        or not form.get("To", "").startswith(("client:", "+", *"0123456789"))
        or not form.get("Url")
    ):
        return _problem(400, _INVALID_PARAMETER)
    timeout = form.get("Timeout", "60")
    if not timeout.isdecimal():
        return _problem(400, _INVALID_PARAMETER)
    phone = form["To"].removeprefix("client:")
    ring_for = timedelta(seconds=int(timeout))
    line = carrier.ring(phone, form["Url"], form.get("StatusCallback", ""), ring_for, now)
    if "initiated" in form.get("StatusCallbackEvent", "").split():
        carrier.initiated(line, now)
    return _made(201, _line_body(carrier, line) | {"status": "queued"})


def _update_call(carrier: SimulatedCarrier, request: ApiRequest, ids: list[str], now: datetime) -> ApiAnswer:
    line = carrier.lines.get(ids[0])
    if line is None:
        return _problem(404, _NOT_FOUND)
    status, url = request.form.get("Status"), request.form.get("Url")
    if status not in (None, "completed", "canceled") or (status is None and not url):
        return _problem(400, _INVALID_PARAMETER)
    if line.is_over or (url and line.status is not CallStatus.IN_PROGRESS):
        return _problem(400, _NOT_IN_PROGRESS)
    if url:
        carrier.redirect(line, url, now)
    else:
        ringing = line.status is CallStatus.RINGING
        carrier.end(line, CallStatus.CANCELED if ringing else CallStatus.COMPLETED, now)
    return _made(200, _line_body(carrier, line))


def _fetch_call(carrier: SimulatedCarrier, _request: ApiRequest, ids: list[str], _now: datetime) -> ApiAnswer:
    line = carrier.lines.get(ids[0])
    return _problem(404, _NOT_FOUND) if line is None else _made(200, _line_body(carrier, line))


def _list_calls(carrier: SimulatedCarrier, request: ApiRequest, _ids: list[str], _now: datetime) -> ApiAnswer:
    wanted = request.query.get("To")
    lines = [line for line in reversed(carrier.lines.values()) if wanted in (None, line.to)]
    return _listed("calls", [_line_body(carrier, line) for line in lines[:50]])


def _listed(name: str, items: list[dict[str, Any]]) -> ApiAnswer:
    return _made(200, {name: items, "next_page_uri": None, "page": 0, "page_size": 50, "uri": ""})


def _transcribe(carrier: SimulatedCarrier, request: ApiRequest, ids: list[str], now: datetime) -> ApiAnswer:
    line = carrier.lines.get(ids[0])
    if line is None or line.is_over:
        return _problem(404, _NOT_FOUND)
    options = {"statusCallbackUrl": request.form.get("StatusCallbackUrl", "")}
    options["languageCode"] = request.form.get("LanguageCode", "en-US")
    transcription = carrier.transcribe(line, options, now)
    body = {"sid": transcription.sid, "call_sid": line.sid, "account_sid": carrier.account_sid}
    return _made(201, body | {"status": "in-progress", "name": request.form.get("Name")})


def _stream(carrier: SimulatedCarrier, request: ApiRequest, ids: list[str], now: datetime) -> ApiAnswer:
    line = carrier.lines.get(ids[0])
    if line is None or line.is_over:
        return _problem(404, _NOT_FOUND)
    if not request.form.get("Url", "").startswith(("ws://", "wss://")):
        return _problem(400, _INVALID_PARAMETER)
    options = {"url": request.form["Url"], "track": request.form.get("Track", "inbound_track")}
    options["statusCallback"] = request.form.get("StatusCallback", "")
    stream = carrier.stream(line, options, now)
    return _made(201, {"sid": stream.sid, "call_sid": line.sid, "status": "in-progress"})


# Texts -------------------------------------------------------------------------------------------


def _create_text(carrier: SimulatedCarrier, request: ApiRequest, _ids: list[str], now: datetime) -> ApiAnswer:
    form = request.form
    if not form.get("To") or not form.get("From") or not form.get("Body"):
        return _problem(400, _INVALID_PARAMETER)
    refused = refusal(form["Body"], form["To"], carrier.stops)
    if refused is not None:
        return _problem(400, refused)
    text = carrier.send_text(form["To"], form["Body"], form.get("StatusCallback", ""), now)
    return _made(201, text_body(text) | {"status": "queued", "error_code": None})


def _fetch_text(carrier: SimulatedCarrier, _request: ApiRequest, ids: list[str], _now: datetime) -> ApiAnswer:
    text = carrier.texts.get(ids[0])
    return _problem(404, _NOT_FOUND) if text is None else _made(200, text_body(text))


def _list_texts(carrier: SimulatedCarrier, request: ApiRequest, _ids: list[str], _now: datetime) -> ApiAnswer:
    to, since = request.query.get("To"), request.query.get("DateSent>")
    after = datetime.fromisoformat(since) if since else None
    texts = [
        text
        for text in reversed(carrier.texts.values())
        if to in (None, text.to) and (after is None or text.made_at >= after)
    ]
    return _listed("messages", [text_body(text) for text in texts[:50]])


_Handler = Callable[[SimulatedCarrier, ApiRequest, list[str], datetime], ApiAnswer]
_HANDLERS: dict[tuple[str, str], _Handler] = {
    ("POST", "Calls"): _create_call,
    ("GET", "Calls"): _list_calls,
    ("POST", "Calls/*"): _update_call,
    ("GET", "Calls/*"): _fetch_call,
    ("POST", "Calls/*/Transcriptions"): _transcribe,
    ("POST", "Calls/*/Streams"): _stream,
    **ROOM_HANDLERS,
    ("POST", "Messages"): _create_text,
    ("GET", "Messages"): _list_texts,
    ("GET", "Messages/*"): _fetch_text,
}
