"""The simulated carrier's tapes: a line is recorded, paused, stopped; what is finished is a real WAV file.

Somebody's voice is a tone here, a pause is silence: so a test hears where a pause was.
"""

from __future__ import annotations

import io
import math
import struct
import wave
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

RATE = 8000  # samples a second, 16 bits each: what a telephone line carries
_TONE_HERTZ = 400
_LONGEST_SECONDS = 600  # of sound that is really made: a test's hour need not fill the memory
_NOT_IN_PROGRESS, _NOT_FOUND, _INVALID = 21220, 20404, 20001

Report = Callable[[str, dict[str, str], datetime], None]


@dataclass(slots=True)
class Tape:
    """`spans`: how many seconds were sound (True) and silence (False), in order."""

    sid: str
    call_sid: str
    callback: str
    source: str
    made_at: datetime
    status: str = "in-progress"
    since: datetime | None = None
    spans: list[tuple[bool, float]] = field(default_factory=list)

    @property
    def seconds(self) -> int:
        return round(sum(length for _, length in self.spans))

    def sound(self) -> bytes:
        """The WAV file."""
        tone = b"".join(
            struct.pack("<h", round(8000 * math.sin(2 * math.pi * _TONE_HERTZ * n / RATE)))
            for n in range(RATE)
        )
        content = io.BytesIO()
        with wave.open(content, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            for voice, length in self.spans:
                second = tone if voice else bytes(len(tone))
                for _ in range(min(round(length), _LONGEST_SECONDS)):
                    file.writeframes(second)
        return content.getvalue()


class Tapes:
    """`report` sends a webhook; `new_sid` names things. Told of the end of a line by `line_over`."""

    def __init__(self, account_sid: str, new_sid: Callable[[str], str], report: Report) -> None:
        self._account_sid = account_sid
        self._new_sid = new_sid
        self._report = report
        self.tapes: dict[str, Tape] = {}
        self.refuses_changes = False

    def begin(
        self, call_sid: str, callback: str, now: datetime, source: str = "StartCallRecordingAPI"
    ) -> Tape:
        tape = Tape(self._new_sid("RE"), call_sid, callback, source, now, since=now)
        self.tapes[tape.sid] = tape
        self._tell(tape, now)
        return tape

    def line_over(self, call_sid: str, now: datetime) -> None:
        for tape in self.tapes.values():
            if tape.call_sid == call_sid and tape.status in ("in-progress", "paused"):
                self._finish(tape, now)

    def set(self, tape: Tape, status: str, now: datetime) -> None:
        if status == "stopped":
            self._finish(tape, now)
            return
        self._count(tape, now)
        tape.status = status

    def _count(self, tape: Tape, now: datetime) -> None:
        length = (now - (tape.since or now)).total_seconds()
        tape.spans.append((tape.status == "in-progress", length))
        tape.since = now

    def _finish(self, tape: Tape, now: datetime) -> None:
        self._count(tape, now)
        tape.status = "completed" if tape.seconds else "absent"
        self._tell(tape, now)

    def _tell(self, tape: Tape, now: datetime) -> None:
        form = {
            "CallSid": tape.call_sid,
            "RecordingSid": tape.sid,
            "RecordingStatus": tape.status,
            "RecordingUrl": f"https://api.twilio.com/2010-04-01/Accounts/{self._account_sid}/Recordings/{tape.sid}",
            "RecordingChannels": "1",
            "RecordingSource": tape.source,
            "RecordingStartTime": format_datetime(tape.made_at),
        }
        if tape.status in ("completed", "absent"):
            form["RecordingDuration"] = str(tape.seconds)
        if tape.callback:
            self._report(tape.callback, form, now)

    # The requests ----------------------------------------------------------------------------------

    def answer(
        self,
        method: str,
        path: str,
        form: Mapping[str, str],
        line_lives: Callable[[str], bool],
        now: datetime,
    ) -> tuple[int, dict[str, Any] | bytes] | None:
        """`Calls/CA…/Recordings[/RE…].json` and `Recordings/RE….(json|wav)`; None for anything else."""
        plain, _, form_asked = path.rpartition(".")
        parts = plain.split("/")
        if parts[0] == "Calls" and len(parts) in (3, 4) and parts[2] == "Recordings":
            return self._of_call(method, parts[1], parts[3:], form, line_lives, now)
        if parts[0] == "Recordings" and len(parts) == 2:
            return self._of_recording(method, parts[1], form_asked)
        return None

    def _of_call(
        self,
        method: str,
        call_sid: str,
        sids: list[str],
        form: Mapping[str, str],
        line_lives: Callable[[str], bool],
        now: datetime,
    ) -> tuple[int, dict[str, Any]]:
        if method == "GET":
            found = [self._body(each) for each in self.tapes.values() if each.call_sid == call_sid]
            return 200, {"recordings": found, "next_page_uri": None, "page": 0, "page_size": 50, "uri": ""}
        if not line_lives(call_sid):
            return 400, {"code": _NOT_IN_PROGRESS}
        if not sids:
            tape = self.begin(call_sid, form.get("RecordingStatusCallback", ""), now)
            return 201, self._body(tape)
        known, status = self.tapes.get(sids[0]), form.get("Status", "")
        if known is None or known.status not in ("in-progress", "paused"):
            return 404, {"code": _NOT_FOUND}
        if self.refuses_changes or status not in ("in-progress", "paused", "stopped"):
            return 400, {"code": _INVALID}
        self.set(known, status, now)
        return 200, self._body(known)

    def _of_recording(self, method: str, sid: str, form_asked: str) -> tuple[int, dict[str, Any] | bytes]:
        tape = self.tapes.get(sid)
        if tape is None:
            return 404, {"code": _NOT_FOUND}
        if method == "DELETE":
            del self.tapes[sid]
            return 204, b""
        if form_asked == "wav":
            return (200, tape.sound()) if tape.status == "completed" else (404, {"code": _NOT_FOUND})
        return 200, self._body(tape)

    def _body(self, tape: Tape) -> dict[str, Any]:
        over = tape.status in ("completed", "absent")
        return {
            "sid": tape.sid,
            "account_sid": self._account_sid,
            "call_sid": tape.call_sid,
            "status": tape.status,
            "duration": str(tape.seconds) if over else None,
            "channels": 1,
            "source": tape.source,
            "date_created": format_datetime(tape.made_at),
            "start_time": format_datetime(tape.made_at),
        }
