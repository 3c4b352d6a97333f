"""A carrier without a network: pure, stateful, driven by the time it is told and by what it is asked.

    people:   call_in · speak · press · hang_up · text_in             ─┐
    orders:   simulated_api.answer (what the service requests)        ─┼─▶ lines, rooms, queue
    scripts:  answered (what our webhooks said)                       ─┘        │
                                                      due(now) ◀── signed webhooks, late, twice or lost if told to

Chance comes from a seed: the same calls and the same faults again. Sockets are the caller's business.
"""

from __future__ import annotations

import json
import random
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hotline.telephony import simulated_dials, simulated_rooms
from hotline.telephony.carrier import CallStatus
from hotline.telephony.signatures import Signatures
from hotline.telephony.simulated_line import (
    AudioStream,
    Line,
    ScriptError,
    Transcription,
    Verb,
    Way,
    parse_script,
    seconds_of,
)
from hotline.telephony.simulated_post import Faults, Webhook, WebhookPost
from hotline.telephony.simulated_recordings import Tapes
from hotline.telephony.simulated_texts import Stops, Text, received_form, status_form


@dataclass(frozen=True, slots=True)
class Numbers:
    """Where the hotline's number points, as one would set it at the carrier."""

    number: str
    voice_url: str
    status_url: str
    messages_url: str
    fallback_url: str = ""


@dataclass(slots=True)
class Room:
    sid: str
    name: str
    members: list[str] = field(default_factory=list)
    callback: str = ""
    sequence: int = 0


class SimulatedCarrier:
    """`post.faults`, `answers_after`, `never_answers`, `machines` (who pick up and press no key) and `silent` (who say
    nothing after a tone) may be changed while it runs."""

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        numbers: Numbers,
        seed: int = 1,
        faults: Faults | None = None,
        answers_after: timedelta = timedelta(seconds=1),
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.numbers = numbers
        self.answers_after = answers_after
        self.never_answers: set[str] = set()
        self.machines: set[str] = set()
        self.silent: set[str] = set()
        self.unreachable_until: dict[str, datetime] = {}
        self.unreachable: dict[str, int] = {}
        self.stops = Stops()
        self.lines: dict[str, Line] = {}
        self.rooms: dict[str, Room] = {}
        self.texts: dict[str, Text] = {}
        self.problems: list[str] = []
        self.chance = random.Random(seed)  # noqa: S311  (faults are to be repeatable, not secret)
        self.post = WebhookPost(Signatures(auth_token, account_sid), self.chance, faults or Faults())
        self.tapes = Tapes(account_sid, self.new_sid, self._report)

    # The people -------------------------------------------------------------------------------

    def call_in(self, number: str, now: datetime) -> str:
        line = Line(self.new_sid("CA"), Way.INBOUND, number, self.numbers.number, now)
        line.status_callback = self.numbers.status_url
        self.lines[line.sid] = line
        self._ask(line, self.numbers.voice_url, now)
        return line.sid

    def hang_up(self, sid: str, now: datetime) -> None:
        self.end(self.lines[sid], CallStatus.COMPLETED, now)

    def speak(
        self, sid: str, text: str, now: datetime, *, track: str = "inbound_track", final: bool = True
    ) -> bool:
        """Said on this line, as recognised; False if nobody transcribes it."""
        line = self.lines[sid]
        if line.transcription is None or line.is_over:
            return False
        data = json.dumps({"transcript": text, "confidence": 0.9}, ensure_ascii=False)
        content = {"Track": track, "TranscriptionData": data, "Final": "true" if final else "false"}
        self._transcribed(line, "transcription-content", content, now)
        return True

    def press(self, sid: str, digits: str, now: datetime) -> None:
        line = self.lines[sid]
        line.presses_at = None
        if line.gathering is not None:
            action = line.gathering.options.get("action", self.numbers.voice_url)
            line.gathering = None
            self._ask(line, action, now, {"Digits": digits})
        elif line.record is not None:
            self._message_over(line, now, digits)

    def other_end_hangs_up(self, sid: str, now: datetime) -> None:
        """Whoever this line was connected to outside ends the talk."""
        self.end(self.lines[self.lines[sid].dials or ""], CallStatus.COMPLETED, now)

    def text_in(self, number: str, body: str, now: datetime, *, media: int = 0) -> str:
        text = Text(
            self.new_sid("SM"), number, self.numbers.number, body, now, "received", media=media, inbound=True
        )
        self.texts[text.sid] = text
        self.stops.heard(number, body)
        self._report(self.numbers.messages_url, received_form(text), now)
        return text.sid

    # Time ------------------------------------------------------------------------------------

    def next_at(self) -> datetime | None:
        """When something happens next by itself."""
        next_post = self.post.next_at()
        times = [next_post] if next_post is not None else []
        for line in self.lines.values():
            if not line.is_over:
                moments = (line.busy_until, line.answers_at, line.rings_until, line.presses_at)
                times.extend(each for each in moments if each is not None)
        return min(times, default=None)

    def due(self, now: datetime) -> list[Webhook]:
        """Let time pass; the webhooks to be sent now."""
        for line in list(self.lines.values()):
            self._pass_time(line, now)
        return self.post.due(now)

    def _pass_time(self, line: Line, now: datetime) -> None:
        if line.is_over:
            return
        if line.answers_at is not None and line.answers_at <= now:
            line.answers_at = line.rings_until = None
            line.status, line.answered_at = CallStatus.IN_PROGRESS, now
            if line.first_url:
                self._ask(line, line.first_url, now)
            else:
                self._run(line, now)
        elif line.rings_until is not None and line.rings_until <= now:
            self.end(line, CallStatus.NO_ANSWER, now)
        elif line.presses_at is not None and line.presses_at <= now:
            self.press(line.sid, "1", now)
        elif line.busy_until is not None and line.busy_until <= now:
            line.busy_until, line.gathering = None, None
            if line.record is not None:
                self._message_over(line, now, "")
            else:
                self._run(line, now)

    # Webhooks --------------------------------------------------------------------------------

    def answered(self, number: int, status: int, body: str, now: datetime) -> None:
        """What our server answered to a webhook (status 0: nothing came)."""
        webhook = self.post.answered(number)
        if webhook is None or webhook.line_sid is None:
            return
        line = self.lines[webhook.line_sid]
        if number in line.beside:
            line.beside.discard(number)
            self._heard_beside(line, status, body)
            return
        if line.asking != number or line.is_over:
            return
        line.asking = None
        if not 200 <= status < 300:
            self._broken(line, f"{webhook.address.partition('?')[0]} answered {status}", now)
            return
        try:
            script = parse_script(body)
        except ScriptError as error:
            self._broken(line, str(error), now)
            return
        if line.status is CallStatus.RINGING:
            line.status, line.answered_at = CallStatus.IN_PROGRESS, now
        line.script = deque(script)
        self._run(line, now)

    def ask_beside(self, line: Line, address: str, now: datetime) -> None:
        """Words for a line that stays in its room."""
        line.beside.add(self.post.ask(address, self._form(line), line.sid, now))

    def _heard_beside(self, line: Line, status: int, body: str) -> None:
        try:
            verbs = parse_script(body) if 200 <= status < 300 else []
        except ScriptError as error:
            self.problems.append(str(error))
            return
        if not verbs:
            self.problems.append(f"nothing to be heard, answered {status}")
        line.heard.extend(each.text for each in verbs if each.name == "Say")

    def _broken(self, line: Line, problem: str, now: datetime) -> None:
        self.problems.append(problem)
        if self.numbers.fallback_url and line.way is Way.INBOUND and not line.fell_back:
            line.fell_back = True  # once: a broken fallback ends the call
            self._ask(line, self.numbers.fallback_url, now)
        else:
            self.end(line, CallStatus.FAILED, now)

    def _form(self, line: Line, **more: str) -> dict[str, str]:
        return {
            "CallSid": line.sid,
            "AccountSid": self.account_sid,
            "From": line.from_,
            "To": line.to,
            "Direction": line.way.value,
            "ApiVersion": "2010-04-01",
            "CallStatus": line.status.value,
            **more,
        }

    def _ask(self, line: Line, address: str, now: datetime, more: dict[str, str] | None = None) -> None:
        """Ask our server what to do next with this line."""
        line.script.clear()
        line.busy_until = None
        line.asking = self.post.ask(address, self._form(line, **(more or {})), line.sid, now)

    def _report(self, address: str, form: dict[str, str], now: datetime) -> None:
        """Tell our server something; subject to faults."""
        if address:
            self.post.report(address, {"AccountSid": self.account_sid, **form}, now)

    # Scripts ---------------------------------------------------------------------------------

    def _run(self, line: Line, now: datetime) -> None:
        """Obey verbs until one takes time, asks, or the script is over."""
        while (
            not line.is_over
            and line.asking is None
            and line.busy_until is None
            and line.room is None
            and line.dials is None
        ):
            if not line.script:
                self._script_over(line, now)
                return
            self._obey(line, line.script.popleft(), now)

    def _script_over(self, line: Line, now: datetime) -> None:
        if line.queue is not None:
            self._wait_in_queue(line, now)
        elif line.dialled_by is not None:
            simulated_dials.script_over(self, line, now)
        else:
            self.end(line, CallStatus.COMPLETED, now)

    def _obey(self, line: Line, verb: Verb, now: datetime) -> None:
        if verb.name == "Record" and line.from_ in self.silent:  # nothing to keep: the script goes on
            line.busy_until = now + timedelta(seconds=seconds_of(verb))
        elif verb.name == "Record":
            line.record, line.busy_until = verb, now + timedelta(seconds=seconds_of(verb))
            self.tapes.begin(line.sid, verb.options.get("recordingStatusCallback", ""), now, "RecordVerb")
        elif verb.name in ("Say", "Play", "Pause", "Gather"):
            line.heard.extend(each.text for each in (verb, *verb.children) if each.name == "Say")
            line.busy_until = now + timedelta(seconds=seconds_of(verb))
            line.gathering = verb if verb.name == "Gather" else None
            if line.gathering is not None:
                simulated_dials.asked_for_key(self, line, now)
        elif verb.name == "Start":
            begin = self.transcribe if verb.children[0].name == "Transcription" else self.stream
            begin(line, verb.children[0].options, now)
        elif verb.name == "Enqueue":
            line.queue, line.queued_at = verb, now
            self._wait_in_queue(line, now)
        elif verb.name == "Leave":
            self.leave_queue(line, "leave", now, ask=True)
        elif verb.name == "Redirect":
            self._ask(line, verb.text, now)
        elif verb.name == "Dial":
            self._dial(line, verb, now)
        else:
            self.end(line, CallStatus.BUSY if verb.name == "Reject" else CallStatus.COMPLETED, now)

    def transcribe(self, line: Line, options: dict[str, str], now: datetime) -> Transcription:
        language = options.get("languageCode", "en-US")
        line.transcription = Transcription(self.new_sid("GT"), options.get("statusCallbackUrl", ""), language)
        self._transcribed(line, "transcription-started", {}, now)
        return line.transcription

    def stream(self, line: Line, options: dict[str, str], now: datetime) -> AudioStream:
        line.stream = AudioStream(
            self.new_sid("MZ"), options.get("url", ""), options.get("track", "inbound_track")
        )
        form = {"CallSid": line.sid, "StreamSid": line.stream.sid, "StreamEvent": "stream-started"}
        self._report(options.get("statusCallback", ""), form | {"Timestamp": now.isoformat()}, now)
        return line.stream

    def stop_transcribing(self, line: Line, now: datetime) -> None:
        self._transcribed(line, "transcription-stopped", {}, now)
        line.transcription = None

    def _transcribed(self, line: Line, event: str, more: dict[str, str], now: datetime) -> None:
        if line.transcription is None:
            return
        line.transcription.sequence += 1
        form = {
            "CallSid": line.sid,
            "TranscriptionSid": line.transcription.sid,
            "Timestamp": now.isoformat(),
            "SequenceId": str(line.transcription.sequence),
            "TranscriptionEvent": event,
            "LanguageCode": line.transcription.language,
            **more,
        }
        self._report(line.transcription.callback, form, now)

    def _message_over(self, line: Line, now: datetime, digits: str) -> None:
        """What was said after the tone is over: by the key, by silence, or by its length."""
        verb, line.record, line.busy_until = line.record, None, None
        tape = [each for each in self.tapes.tapes.values() if each.call_sid == line.sid][-1]
        self.tapes.set(tape, "stopped", now)
        more = {"RecordingSid": tape.sid, "RecordingDuration": str(tape.seconds), "Digits": digits}
        action = verb.options.get("action", "") if verb is not None else ""
        self._ask(line, action, now, more)

    # The queue -------------------------------------------------------------------------------

    def _wait_in_queue(self, line: Line, now: datetime) -> None:
        queued = sorted(
            (each for each in self.lines.values() if each.queue), key=lambda each: each.queued_at or now
        )
        place = str(queued.index(line) + 1)
        waited = str(round((now - (line.queued_at or now)).total_seconds()))
        more = {"QueuePosition": place, "CurrentQueueSize": str(len(queued)), "QueueTime": waited}
        self._ask(line, (line.queue.options if line.queue else {})["waitUrl"], now, more)

    def leave_queue(self, line: Line, result: str, now: datetime, *, ask: bool = False) -> None:
        if line.queue is None:
            return
        action = line.queue.options.get("action")
        waited = str(round((now - (line.queued_at or now)).total_seconds()))
        line.queue = line.queued_at = None
        if action and ask:
            self._ask(line, action, now, {"QueueResult": result, "QueueTime": waited})
        elif action:
            self._report(action, self._form(line, QueueResult=result, QueueTime=waited), now)

    # Rooms -----------------------------------------------------------------------------------

    def _dial(self, line: Line, verb: Verb, now: datetime) -> None:
        line.dial = verb
        child = verb.children[0] if verb.children else Verb("Number", verb.text, {})
        if child.name == "Conference":
            self.enter(line, child.text, child.options, now)
        elif child.name == "Client":
            self.enter(line, f"dial {line.sid}", {"endConferenceOnExit": "true"}, now)
            leg = self.ring(child.text or "", "", "", timedelta(seconds=30), now)
            leg.script.append(Verb("Dial", "", {}, (Verb("Conference", f"dial {line.sid}", {}),)))
        else:
            simulated_dials.begin(self, line, verb, child, now)

    def enter(self, line: Line, name: str, options: dict[str, str], now: datetime) -> None:
        room = self.rooms.get(name)
        if room is None:
            room = self.rooms[name] = Room(
                self.new_sid("CF"), name, callback=options.get("statusCallback", "")
            )
        room.members.append(line.sid)
        line.room, line.room_options = name, options
        simulated_rooms.entered(line, options)
        if len(room.members) == 2:
            self._room_event(room, "conference-start", line, now)
        self._room_event(room, "participant-join", line, now)

    def _room_event(self, room: Room, event: str, line: Line, now: datetime) -> None:
        room.sequence += 1
        form = {
            "ConferenceSid": room.sid,
            "FriendlyName": room.name,
            "CallSid": line.sid,
            "SequenceNumber": str(room.sequence),
            "StatusCallbackEvent": event,
            "Timestamp": now.isoformat(),
        }
        self._report(room.callback, form, now)

    def leave_room(self, line: Line, now: datetime) -> None:
        room = self.rooms.get(line.room or "")
        if room is None:
            return
        line.room, line.held = None, False
        room.members.remove(line.sid)
        self._room_event(room, "participant-leave", line, now)
        ends = line.room_options.get("endConferenceOnExit") == "true"
        if ends or not room.members:
            self._room_event(room, "conference-end", line, now)
            del self.rooms[room.name]
            for sid in room.members:
                other = self.lines[sid]
                other.room = None
                self.dial_over(other, now)

    def dial_over(
        self, line: Line, now: datetime, status: str = "completed", *, connected: bool = True
    ) -> None:
        action = line.dial.options.get("action") if line.dial else None
        line.dial = None
        if action:
            bridged = str(connected).lower()
            told = {"DialCallStatus": status, "DialBridged": bridged}
            self._ask(line, action, now, told | simulated_dials.duration(self, line, now))
        else:
            self._run(line, now)

    # What the orders do -------------------------------------------------------------------------

    def ring(self, phone: str, url: str, status_callback: str, ring_for: timedelta, now: datetime) -> Line:
        """`phone`: somebody's identity in a browser, or a number."""
        to = phone if phone[:1] in "+0123456789" else f"client:{phone}"
        line = Line(self.new_sid("CA"), Way.OUTBOUND, self.numbers.number, to, now)
        line.first_url, line.status_callback = url, status_callback
        line.rings_until = now + ring_for
        if phone not in self.never_answers:
            line.answers_at = now + self.answers_after
        self.lines[line.sid] = line
        if now < self.unreachable_until.get(phone, now):  # a browser that is not registered
            line.rings_until, line.answers_at = now, None
        return line

    def initiated(self, line: Line, now: datetime) -> None:
        self._report(line.status_callback, self._form(line, CallStatus="initiated"), now)

    def redirect(self, line: Line, address: str, now: datetime) -> None:
        self.leave_queue(line, "redirected", now)
        line.dial = None
        self.leave_room(line, now)
        simulated_dials.line_over(self, line, now)
        self._ask(line, address, now)

    def end(self, line: Line, status: CallStatus, now: datetime) -> None:
        if line.is_over:
            return
        line.status, line.ended_at = status, now
        line.asking = line.busy_until = line.answers_at = line.rings_until = line.presses_at = None
        line.script.clear()
        line.dial = None
        self.leave_queue(line, "hangup", now)
        self.leave_room(line, now)
        simulated_dials.line_over(self, line, now)
        simulated_dials.leg_over(self, line, now)
        self.tapes.line_over(line.sid, now)
        self._transcribed(line, "transcription-stopped", {}, now)
        spoken = now - line.answered_at if line.answered_at else timedelta()
        more = {"CallDuration": str(round(spoken.total_seconds())), "Timestamp": now.isoformat()}
        self._report(line.status_callback, self._form(line, **more), now)

    def send_text(self, to: str, body: str, status_callback: str, now: datetime) -> Text:
        text = Text(self.new_sid("SM"), self.numbers.number, to, body, now)
        self.texts[text.sid] = text
        text.code = self.unreachable.get(to)
        for status in ("sent", "delivered" if text.code is None else "undelivered"):
            text.status = status
            self._report(status_callback, status_form(text), now)
        return text

    def forget_ended(self, before: datetime) -> None:
        """A carrier that runs for days keeps no dead lines."""
        for sid, line in list(self.lines.items()):
            if line.ended_at is not None and line.ended_at < before:
                del self.lines[sid]

    def new_sid(self, kind: str) -> str:
        return kind + f"{self.chance.getrandbits(128):032x}"
