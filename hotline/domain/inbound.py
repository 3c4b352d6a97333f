"""A call at the door: what was found out about it, and the menu that its caller goes through by keys.

    arrived ──▶ language ──▶ notice ──▶ passed          verdict "served": a contact waits from the first second on
    arrived ──▶ held_up ──1──▶ passed                    blocked, over the limit: words; in danger they are let through
    arrived ──▶ closed ──1──▶ passed                     outside the opening hours

| step     | 1                    | 2                        | 3         | no key       | another key                 |
|----------|----------------------|--------------------------|-----------|--------------|-----------------------------|
| language | Chinese → notice     | English → notice         | –         | → notice     | said again once, → notice   |
| notice   | in danger → passed   | no recording → passed    | –         | → passed     | said again once, → passed   |
| held_up  | in danger → passed   | –                        | –         | goodbye      | said again once, goodbye    |
| closed   | in danger → passed   | leaves a message         | call back | said again once, goodbye | the same        |
| passed   | in danger            | leaves a message         | call back | goes on      | goes on                     |

While waiting, 4 asks for the counselor of last time, where there was one who is at work (`same_counselor.py`).

A key counts for the step whose words were heard, however late or often it is reported; "in danger" counts always. While
waiting, a key that comes before the choices were said for the first time still answers the notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from hotline.domain.callers import Verdict
from hotline.domain.change import CARRIER, PERSON, Change, Event
from hotline.domain.contacts import Contact
from hotline.domain.ids import ContactId, InboundId


class Step(StrEnum):
    LANGUAGE = "language"
    NOTICE = "notice"
    HELD_UP = "held_up"
    CLOSED = "closed"
    PASSED = "passed"


class Wish(StrEnum):
    """What the caller asked for instead of waiting; `fallback`: the duty telephone is rung for them, `partner`: the
    partner line."""

    MESSAGE = "message"
    CALL_BACK = "call_back"
    FALLBACK = "fallback"
    PARTNER = "partner"


class LineFlag(StrEnum):
    """What the counselor should know of how a call came in. `came_back`: from an outside party whose line ended."""

    BLOCKED = "blocked"
    OVER_LIMIT = "over_limit"
    OUTSIDE_HOURS = "outside_hours"
    KNOWN_AT_RISK = "known_at_risk"
    DANGER_KEY = "danger_key"
    NOBODY_THERE = "nobody_there"
    WITH_FALLBACK = "with_fallback"
    FALLBACK_TRIED = "fallback_tried"
    CALLED_BACK = "called_back"
    TO_CALL_BACK = "to_call_back"
    CAME_BACK = "came_back"


class InboundCall(SQLModel):
    """`language_by`: number (ours, that was called), earlier (an earlier contact), key, or None: only guessed.
    `repeats`: how often the words of this step were said again. `asks_recording`: the line records, and says so.
    """

    id: InboundId
    contact_id: ContactId | None = None
    phone_hash: str | None = None
    at: datetime
    verdict: Verdict
    language: str
    language_by: str | None = None
    step: Step
    repeats: int = 0
    asks_recording: bool = False
    wish: Wish | None = None
    flags: list[str] = Field(default_factory=list)


_FIRST_STEP = {
    Verdict.SERVED: Step.LANGUAGE,
    Verdict.BLOCKED: Step.HELD_UP,
    Verdict.OVER_LIMIT: Step.HELD_UP,
    Verdict.CLOSED: Step.CLOSED,
}


def arrived(call: InboundCall) -> Change:
    step = _FIRST_STEP[call.verdict]
    if step is Step.LANGUAGE and call.language_by is not None:
        step = Step.NOTICE
    call = call.model_copy(update={"step": step})
    return _changed(call, "arrived", CARRIER, verdict=call.verdict, flags=call.flags)


def _changed(call: InboundCall, what: str, actor: str, **facts: Any) -> Change:
    return Change((call,), (Event("inbound_call", what, call.id, actor, facts),), answer=call)


class Asked(StrEnum):
    """What a key asks of the service, besides the next words."""

    NOTHING = "nothing"
    LANGUAGE = "language"
    IN_DANGER = "in_danger"
    NO_RECORDING = "no_recording"
    MESSAGE = "message"
    CALL_BACK = "call_back"
    GOODBYE = "goodbye"
    SAME_COUNSELOR = "same_counselor"


_KEYS: Mapping[Step, Mapping[str, Asked]] = {
    Step.LANGUAGE: {"1": Asked.LANGUAGE, "2": Asked.LANGUAGE},
    Step.NOTICE: {"1": Asked.IN_DANGER, "2": Asked.NO_RECORDING},
    Step.HELD_UP: {"1": Asked.IN_DANGER},
    Step.CLOSED: {"1": Asked.IN_DANGER, "2": Asked.MESSAGE, "3": Asked.CALL_BACK},
    Step.PASSED: {
        "1": Asked.IN_DANGER,
        "2": Asked.MESSAGE,
        "3": Asked.CALL_BACK,
        "4": Asked.SAME_COUNSELOR,
    },
}
_NEXT = {Step.LANGUAGE: Step.NOTICE, Step.NOTICE: Step.PASSED}
_LANGUAGES = {"1": "zh", "2": "en"}


def asked_by_key(step: Step, key: str) -> Asked:
    return _KEYS[step].get(key, Asked.NOTHING)


def asked_by(call: InboundCall, step: Step, key: str) -> Asked:
    asked = asked_by_key(step, key)
    if asked is Asked.NO_RECORDING and not call.asks_recording:
        return Asked.NOTHING
    return asked


def pressed(
    call: InboundCall, step: Step, repeats: int, key: str, *, early: bool = False
) -> tuple[InboundCall, Asked]:
    """`key` (empty: none) after the words of `step`, said for the `repeats`-th time again.

    Said of a step that is over it changes nothing, but whoever is in danger is heard at any time. `early`: the choices
    of waiting were not said yet, so the key answers the notice: "2" is no recording, and no message.
    """
    asked = asked_by(call, Step.NOTICE if early else step, key)
    if early and asked is Asked.NO_RECORDING and step is call.step:
        return call, asked
    if asked is Asked.IN_DANGER:
        return call.model_copy(update={"step": Step.PASSED, "repeats": 0, "wish": None}), asked
    if step is not call.step:
        return call, Asked.NOTHING
    if asked is Asked.LANGUAGE:
        return _moved(call, language=_LANGUAGES[key], language_by="key"), asked
    if asked is Asked.NO_RECORDING:
        return _moved(call), asked
    if asked in (Asked.MESSAGE, Asked.CALL_BACK) and not early:
        return call.model_copy(update={"wish": Wish(asked.value)}), asked
    if asked is Asked.SAME_COUNSELOR:
        return call, asked
    return _not_understood(call, step, repeats, key)


def _moved(call: InboundCall, **fields: Any) -> InboundCall:
    return call.model_copy(update={**fields, "step": _NEXT.get(call.step, call.step), "repeats": 0})


def _not_understood(call: InboundCall, step: Step, repeats: int, key: str) -> tuple[InboundCall, Asked]:
    """No key goes on; a wrong one is asked about once more, and then goes on too."""
    if step is Step.PASSED:
        return call, Asked.NOTHING
    silent = key == ""
    first_time = call.repeats == 0 and repeats == 0
    if first_time and (not silent or step is Step.CLOSED):
        return call.model_copy(update={"repeats": 1}), Asked.NOTHING
    if repeats < call.repeats:
        return call, Asked.NOTHING  # the same report again
    if step in (Step.HELD_UP, Step.CLOSED):
        return call, Asked.GOODBYE
    return _moved(call), Asked.NOTHING


def noted(before: InboundCall, call: InboundCall, asked: Asked) -> Change:
    """The call as it is now, journalled where something was asked."""
    if asked is Asked.NOTHING or asked is Asked.GOODBYE:
        return Change(save=(call,), answer=call) if call != before else Change(answer=call)
    return _changed(call, str(asked), PERSON, step=before.step)


def wished(call: InboundCall, wish: Wish | None) -> Change:
    if call.wish is wish:
        return Change(answer=call)
    return Change(save=(call.model_copy(update={"wish": wish}),), answer=call)


def flagged(contact: Contact, *flags: LineFlag) -> Contact:
    return contact.model_copy(update={"line_flags": sorted({*contact.line_flags, *flags})})


def unflagged(contact: Contact, *flags: LineFlag) -> Contact:
    return contact.model_copy(
        update={"line_flags": [each for each in contact.line_flags if each not in flags]}
    )


def flags_of(*, is_blocked: bool, is_over_limit: bool, at_risk: bool, is_open: bool) -> list[str]:
    """What is known at the door, for whoever serves the call in spite of it."""
    found = {
        LineFlag.BLOCKED: is_blocked,
        LineFlag.OVER_LIMIT: is_over_limit,
        LineFlag.OUTSIDE_HOURS: not is_open,
        LineFlag.KNOWN_AT_RISK: at_risk and (is_blocked or is_over_limit or not is_open),
    }
    return sorted(flag.value for flag, holds in found.items() if holds)
