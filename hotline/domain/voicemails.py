"""A message that somebody left on the line: a piece of work with an owner and a time by which it is listened to.

    awaited ──the carrier has it──▶ open ──take──▶ taken ──done──▶ done
       │                             ▲                │
       └─nothing came──▶ empty       └────give back───┘

| state       | its clock                                                                                |
|-------------|------------------------------------------------------------------------------------------|
| awaited     | nothing came in time: empty (the caller hung up before the tone), and the carrier is     |
|             | asked: its report may be what was lost                                                   |
| open, taken | falls due once; then overdue: supervisors are told again and again, as of follow-ups      |
| done        | the sound is kept as long as recordings are, then deleted                                |
| empty       | none                                                                                     |

Whoever takes it listens (every listening is noted), and says what came of it. A transcript, where there is one, may
raise its level; nothing lowers it. At risk the time is short.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from hotline.domain.change import CARRIER, MACHINE, Change, Due, Effect, Event
from hotline.domain.contacts import RISKY
from hotline.domain.ids import ContactId, StaffId, VoicemailId
from hotline.domain.service_rules import ServiceRules
from hotline.errors import StaleVersion, Taken, WrongState
from triage.assessment import Level

AWAITED_FOR = timedelta(minutes=10)
"""A message has three minutes; the carrier tells of it some seconds later."""


class VoicemailState(StrEnum):
    AWAITED = "awaited"
    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    EMPTY = "empty"


class VoicemailOutcome(StrEnum):
    CALLED_BACK = "called_back"
    CALL_BACK_PLANNED = "call_back_planned"
    HELP_SENT = "help_sent"
    NOTHING_NEEDED = "nothing_needed"
    NOT_UNDERSTANDABLE = "not_understandable"


class Audio(StrEnum):
    """Where the sound is."""

    NONE = "none"
    AT_CARRIER = "at_carrier"
    KEPT = "kept"
    DELETED = "deleted"
    FAILED = "failed"


class Voicemail(SQLModel):
    """`steps` are `{at, actor, kind, note}`; `recording_sid` is the carrier's name for the sound.

    `held`: the contact is under legal hold, nothing of it is deleted.
    """

    id: VoicemailId
    contact_id: ContactId
    state: VoicemailState = VoicemailState.AWAITED
    version: int = 1
    level: Level
    language: str
    due_at: datetime
    created_at: datetime
    owner_id: StaffId | None = None
    fell_due: bool = False
    overdue_rung: int = 0
    recording_sid: str | None = None
    audio: Audio = Audio.NONE
    audio_key: str | None = None
    audio_size: int = 0
    audio_trouble: str | None = None
    seconds: int | None = None
    transcript: str | None = None
    number_masked: str | None = None
    outcome: VoicemailOutcome | None = None
    listened: int = 0
    held: bool = False
    steps: list[dict[str, Any]] = Field(default_factory=list)
    ended_at: datetime | None = None


OPEN = (VoicemailState.OPEN, VoicemailState.TAKEN)


def is_open(voicemail: Voicemail) -> bool:
    return voicemail.state in OPEN


# What happens next, and when ---------------------------------------------------------------------------------


def listen_within(level: Level, rules: ServiceRules) -> timedelta:
    """Nobody knows yet what was said: a message without a level is not left for the day's end either."""
    return rules.call_back_within if level in RISKY else rules.voicemail_heard_within


def due(voicemail: Voicemail, rules: ServiceRules) -> Due | None:
    if voicemail.state is VoicemailState.AWAITED:
        return Due("voicemail_awaited", voicemail.created_at + AWAITED_FOR)
    if voicemail.audio is Audio.KEPT and voicemail.ended_at is not None and not voicemail.held:
        return Due("voicemail_deleted", voicemail.ended_at + rules.recordings_kept_for)
    if not is_open(voicemail):
        return None
    if not voicemail.fell_due:
        return Due("voicemail_unheard", voicemail.due_at)
    span = listen_within(voicemail.level, rules)
    return Due("voicemail_overdue", voicemail.due_at + span * (voicemail.overdue_rung + 1))


def on_deadline(voicemail: Voicemail, now: datetime, rules: ServiceRules) -> Change:
    next_due = due(voicemail, rules)
    if next_due is None or next_due.at > now:
        return Change(answer=voicemail)
    if next_due.what == "voicemail_awaited":
        return _moved(voicemail, "empty", MACHINE, now, state=VoicemailState.EMPTY, ended_at=now)
    if next_due.what == "voicemail_deleted":
        return _moved(voicemail, "deleted", MACHINE, now, audio=Audio.DELETED, audio_key=None)
    if next_due.what == "voicemail_unheard":
        return _changed(voicemail.model_copy(update={"fell_due": True}), "fell_due", MACHINE)
    spans = (now - voicemail.due_at) // listen_within(voicemail.level, rules)
    rung = max(voicemail.overdue_rung + 1, spans)
    return _changed(voicemail.model_copy(update={"overdue_rung": rung}), "overdue", MACHINE, rung=rung)


# From the line -----------------------------------------------------------------------------------------------


def begun(voicemail: Voicemail, call_sid: str) -> Change:
    """The tone has sounded; what is said now will be kept. The carrier is asked for it in any case, once its own
    report ought to have come: of a message that nobody is told of nobody would know."""
    asked = ask_after(voicemail, call_sid, 0, voicemail.created_at)
    return _changed(voicemail, "begun", CARRIER, level=voicemail.level).then(asked)


def ask_after(voicemail: Voicemail, call_sid: str, time: int, now: datetime) -> Change:
    """In a lane of its own: what waits for minutes must not hold up what is owed at once."""
    payload = {"voicemail_id": voicemail.id, "call_sid": call_sid, "time": time}
    key = f"{voicemail.id}:ask:{time}"
    return Change(effects=(Effect("ask_after_voicemail", key, key, payload, now + AWAITED_FOR),))


def may_be_at_carrier(voicemail: Voicemail) -> bool:
    unknown = (VoicemailState.AWAITED, VoicemailState.EMPTY)
    return voicemail.state in unknown and voicemail.recording_sid is None


def received(
    voicemail: Voicemail, recording_sid: str, seconds: int, now: datetime, rules: ServiceRules
) -> Change:
    """The carrier has the whole message; ours is to fetch it. Said again, it changes nothing."""
    if not may_be_at_carrier(voicemail):
        return Change(answer=voicemail)
    if seconds <= 0:
        return _moved(voicemail, "empty", CARRIER, now, state=VoicemailState.EMPTY, ended_at=now)
    change = _moved(
        voicemail,
        "received",
        CARRIER,
        now,
        state=VoicemailState.OPEN,
        recording_sid=recording_sid,
        seconds=seconds,
        audio=Audio.AT_CARRIER,
        due_at=now + listen_within(voicemail.level, rules),
        ended_at=None,
    )
    fetch = Effect("fetch_voicemail", voicemail.id, f"{voicemail.id}:fetch", {"recording_sid": recording_sid})
    return change.then(Change(effects=(fetch,)))


def audio_is(voicemail: Voicemail, audio: Audio, key: str | None = None, size: int = 0) -> Change:
    """Kept by us, with the key that opens it; or not to be had."""
    if voicemail.audio is audio:
        return Change(answer=voicemail)
    fields = {"audio": audio, "audio_key": key, "audio_size": size, "version": voicemail.version + 1}
    return _changed(voicemail.model_copy(update=fields), f"audio_{audio}", MACHINE)


def transcribed(voicemail: Voicemail, text: str, level: Level, now: datetime, rules: ServiceRules) -> Change:
    """What the recogniser heard, and what triage says of it: it may come before or after the sound itself."""
    risen = max(voicemail.level, level, key=lambda each: (each.queue_rank, each.rank))
    due_at = min(voicemail.due_at, now + listen_within(risen, rules))
    voicemail = voicemail.model_copy(
        update={
            "transcript": text,
            "level": risen,
            "due_at": due_at,
            "version": voicemail.version + 1,
        }
    )
    return _changed(voicemail, "transcribed", MACHINE, level=risen)


# What people do ----------------------------------------------------------------------------------------------


def take(voicemail: Voicemail, actor: StaffId, now: datetime, *, version: int | None = None) -> Change:
    if voicemail.state is VoicemailState.TAKEN:
        if voicemail.owner_id == actor:
            return Change(answer=voicemail)
        raise Taken("Somebody else has taken it already.", by=voicemail.owner_id)
    _refuse_unless_ready(voicemail, version)
    return _moved(voicemail, "taken", actor, now, state=VoicemailState.TAKEN, owner_id=actor)


def give_back(voicemail: Voicemail, actor: StaffId, now: datetime, *, version: int | None = None) -> Change:
    _refuse_unless_ready(voicemail, version)
    return _moved(voicemail, "given_back", actor, now, state=VoicemailState.OPEN, owner_id=None)


def listened(voicemail: Voicemail, actor: StaffId, now: datetime) -> Change:
    """Somebody hears it now; also after it is done. The journal's line is the listening's (`listenings.py`)."""
    step = {"at": now.isoformat(), "actor": actor, "kind": "listened", "note": None}
    fields = {"listened": voicemail.listened + 1, "version": voicemail.version + 1}
    heard = voicemail.model_copy(update={**fields, "steps": [*voicemail.steps, step]})
    return Change((heard,), answer=heard)


def done(
    voicemail: Voicemail,
    actor: StaffId,
    outcome: VoicemailOutcome,
    note: str | None,
    now: datetime,
    *,
    version: int | None = None,
) -> Change:
    """Nobody finishes what nobody has heard: neither the sound nor its transcript."""
    _refuse_unless_ready(voicemail, version)
    if voicemail.listened == 0 and voicemail.transcript is None and voicemail.audio is not Audio.FAILED:
        raise WrongState("Nobody has listened to it yet.", code="not_listened")
    fields = {
        "state": VoicemailState.DONE,
        "outcome": outcome,
        "owner_id": voicemail.owner_id or actor,
        "ended_at": now,
    }
    return _moved(voicemail, "done", actor, now, note, {"outcome": outcome}, **fields)


def _refuse_unless_ready(voicemail: Voicemail, version: int | None) -> None:
    if version is not None and version != voicemail.version:
        raise StaleVersion("The message has changed meanwhile. Look at it again.")
    if not is_open(voicemail):
        raise WrongState(f"The message is {voicemail.state}.")


def _moved(
    voicemail: Voicemail,
    what: str,
    actor: str,
    now: datetime,
    note: str | None = None,
    facts: dict[str, Any] | None = None,
    **fields: Any,
) -> Change:
    step = {"at": now.isoformat(), "actor": actor, "kind": what, "note": note}
    steps = [*voicemail.steps, step]
    voicemail = voicemail.model_copy(update={**fields, "version": voicemail.version + 1, "steps": steps})
    return _changed(voicemail, what, actor, **(facts or {}))


def _changed(voicemail: Voicemail, what: str, actor: str, **facts: Any) -> Change:
    facts = {"contact_id": voicemail.contact_id, **facts}
    return Change((voicemail,), (Event("voicemail", what, voicemail.id, actor, facts),), answer=voicemail)
