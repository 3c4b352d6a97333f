"""The simulated carrier's rooms as its requests change them: hold, mute, coaching, words to all; and who hears whom."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hotline.telephony.simulated_line import Line

if TYPE_CHECKING:
    from hotline.telephony.simulated_api import ApiAnswer, ApiRequest
    from hotline.telephony.simulator import Room, SimulatedCarrier

_FLAGS = ("Hold", "Muted", "Coaching")


def hearers(carrier: SimulatedCarrier, sid: str) -> set[str]:
    """The lines that hear what is said on this one now."""
    line = carrier.lines[sid]
    room = carrier.rooms.get(line.room or "")
    if room is None or line.held or (line.muted and line.coaches is None):
        return set()
    others = {each for each in room.members if each != sid and not carrier.lines[each].held}
    return others if line.coaches is None else others & {line.coaches}


def entered(line: Line, options: dict[str, str]) -> None:
    """As the script says that lets the line into the room."""
    line.held = False
    line.muted = options.get("muted") == "true"
    line.coaches = options.get("coach")


def _room(carrier: SimulatedCarrier, sid: str) -> Room | None:
    return next((each for each in carrier.rooms.values() if each.sid == sid), None)


def list_rooms(carrier: SimulatedCarrier, request: ApiRequest, _ids: list[str], _now: datetime) -> ApiAnswer:
    room = carrier.rooms.get(request.query.get("FriendlyName", ""))
    found = [] if room is None else [_room_body(room)]
    return _answer(200, {"conferences": found, "next_page_uri": None, "page": 0, "page_size": 50, "uri": ""})


def _room_body(room: Room) -> dict[str, Any]:
    return {"sid": room.sid, "friendly_name": room.name, "status": "in-progress"}


def update_room(carrier: SimulatedCarrier, request: ApiRequest, ids: list[str], now: datetime) -> ApiAnswer:
    """Words to all in the room."""
    room = _room(carrier, ids[0])
    if room is None:
        return _answer(404, {"code": 20404, "message": "", "more_info": "", "status": 404})
    address = request.form.get("AnnounceUrl")
    for sid in room.members if address else ():
        carrier.ask_beside(carrier.lines[sid], address or "", now)
    return _answer(200, _room_body(room))


def update_participant(
    carrier: SimulatedCarrier, request: ApiRequest, ids: list[str], now: datetime
) -> ApiAnswer:
    room, form = _room(carrier, ids[0]), request.form
    if room is None or ids[1] not in room.members:
        return _answer(404, {"code": 20404, "message": "", "more_info": "", "status": 404})
    given = {name: form[name] for name in _FLAGS if name in form}
    coached = form.get("CallSidToCoach")
    wrong = any(value not in ("true", "false") for value in given.values())
    if wrong or not given or (given.get("Coaching") == "true" and coached not in room.members):
        return _answer(400, {"code": 20001, "message": "", "more_info": "", "status": 400})
    line = carrier.lines[ids[1]]
    line.muted = given.get("Muted", str(line.muted).lower()) == "true"
    if "Coaching" in given:
        line.coaches = coached if given["Coaching"] == "true" else None
    if "Hold" in given:
        line.held = given["Hold"] == "true"
        if line.held and form.get("HoldUrl"):
            carrier.ask_beside(line, form["HoldUrl"], now)
    body = {"call_sid": line.sid, "conference_sid": room.sid, "hold": line.held, "muted": line.muted}
    return _answer(200, body | {"coaching": line.coaches is not None, "call_sid_to_coach": line.coaches})


def stop_transcription(
    carrier: SimulatedCarrier, request: ApiRequest, ids: list[str], now: datetime
) -> ApiAnswer:
    """By its number or its name; the carrier's own is not kept apart here."""
    line = carrier.lines.get(ids[0])
    if line is None or line.is_over or line.transcription is None:
        return _answer(404, {"code": 20404, "message": "", "more_info": "", "status": 404})
    if request.form.get("Status") != "stopped":
        return _answer(400, {"code": 20001, "message": "", "more_info": "", "status": 400})
    sid = line.transcription.sid
    carrier.stop_transcribing(line, now)
    return _answer(200, {"sid": sid, "call_sid": line.sid, "status": "stopped"})


def _answer(status: int, body: dict[str, Any]) -> ApiAnswer:
    from hotline.telephony.simulated_api import ApiAnswer

    return ApiAnswer(status, json.dumps(body))


Handler = Callable[["SimulatedCarrier", "ApiRequest", list[str], datetime], "ApiAnswer"]
ROOM_HANDLERS: dict[tuple[str, str], Handler] = {
    ("GET", "Conferences"): list_rooms,
    ("POST", "Conferences/*"): update_room,
    ("POST", "Conferences/*/Participants/*"): update_participant,
    ("POST", "Calls/*/Transcriptions/*"): stop_transcription,
}
