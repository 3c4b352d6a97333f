"""The simulated carrier's texts: who has stopped us, what is reported, and what our requests about texts answer."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

LONGEST_BODY = 1600
TOO_LONG, STOPPED = 21617, 21610

_STOP = frozenset("stop stopall unsubscribe cancel end quit revoke optout".split())
_START = frozenset("start yes unstop".split())


@dataclass(slots=True)
class Text:
    """`status` and `code` as the carrier would tell them when asked."""

    sid: str
    from_: str
    to: str
    body: str
    made_at: datetime
    status: str = "queued"
    code: int | None = None
    media: int = 0
    inbound: bool = False


@dataclass(slots=True)
class Stops:
    """Who told the carrier to stop us: it knows English words only, and then refuses by itself."""

    numbers: set[str] = field(default_factory=set)

    def heard(self, number: str, body: str) -> None:
        word = unicodedata.normalize("NFKC", body).strip().casefold()
        if word in _STOP:
            self.numbers.add(number)
        elif word in _START:
            self.numbers.discard(number)


def received_form(text: Text) -> dict[str, str]:
    """What is posted to us when somebody writes."""
    form = {"MessageSid": text.sid, "From": text.from_, "To": text.to, "Body": text.body}
    form["NumMedia"] = str(text.media)
    for number in range(text.media):
        form[f"MediaUrl{number}"] = f"https://media.example/{text.sid}/{number}"
        form[f"MediaContentType{number}"] = "image/jpeg"
    return form


def status_form(text: Text) -> dict[str, str]:
    """What is reported about a text of ours."""
    form = {"MessageSid": text.sid, "MessageStatus": text.status, "From": text.from_, "To": text.to}
    if text.code is not None and text.status in ("undelivered", "failed"):
        form["ErrorCode"] = str(text.code)
    return form


def refusal(text: str, to: str, stops: Stops) -> int | None:
    """The carrier's error number for a text that it does not take."""
    if len(text) > LONGEST_BODY:
        return TOO_LONG
    return STOPPED if to in stops.numbers else None


def text_body(text: Text) -> dict[str, Any]:
    made = format_datetime(text.made_at)
    return {
        "sid": text.sid,
        "from": text.from_,
        "to": text.to,
        "body": text.body,
        "status": text.status,
        "error_code": text.code,
        "direction": "inbound" if text.inbound else "outbound-api",
        "num_media": str(text.media),
        "date_created": made,
        "date_sent": made,
    }
