"""A recording of a call: made at the carrier, fetched, sealed on our side, listened to for a reason, deleted in time.

    owed ──▶ running ◀──▶ paused
      │         └────┬──────┘ the call is over, or consent is withdrawn
      ▼              ▼
    failed       finished ──fetched, sealed──▶ kept ──retention, erasure──▶ deleted
    absent           └── consent withdrawn: never fetched ─────────────────────▲

| state    | means                                     | next deadline (`due`)                                   |
|----------|-------------------------------------------|---------------------------------------------------------|
| owed     | the carrier is to record                  | none: the outbox sends it or gives up                   |
| running  | the carrier records                       | after the call: its end did not come, the carrier is asked |
| paused   | the carrier records silence               | the same                                                |
| finished | the audio lies at the carrier             | not fetched: fetched again                              |
| kept     | sealed on our side                        | deleted at the carrier again; then the end of retention |
| absent   | the carrier recorded nothing              | none                                                    |
| failed   | it was never begun, or the carrier lost it | none                                                    |
| deleted  | gone here; `deleted_why`                  | deleted at the carrier again, until it is gone there    |

The caller's own line is recorded, not the room: what colleagues say to each other while the caller is on hold is
not on it. `wanted` is what was asked for, `state` what the carrier confirmed; only the latter is shown as fact.
The audio's key is a sealed column: whoever erases the contact's key or empties the column makes the file noise.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import SQLModel

from hotline.domain.calls import CallState
from hotline.domain.change import CARRIER, MACHINE, NOTHING, Change, Due, Effect, Event
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import ContactId, RecordingId, StaffId
from hotline.domain.service_rules import ServiceRules

FIRST_TRY_AFTER = timedelta(minutes=2)
"""The carrier tells of a recording's end within seconds; after two minutes it had better be asked."""
_LONGEST_PAUSE = timedelta(hours=6)


class RecordingState(StrEnum):
    OWED = "owed"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    KEPT = "kept"
    ABSENT = "absent"
    FAILED = "failed"
    DELETED = "deleted"


class Wanted(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class Recording(SQLModel):
    """`sid`: the carrier's name for it. `seconds`: its length; `size`: bytes of audio on our side.

    `held`: the contact is under legal hold. `discard`: consent was withdrawn, nothing of it is kept.
    `at_carrier`: the carrier may still have a copy. `trouble`: what went wrong last, None once it is right again.
    """

    id: RecordingId
    contact_id: ContactId
    state: RecordingState = RecordingState.OWED
    wanted: Wanted = Wanted.RUNNING
    version: int = 1
    call_sid: str | None = None
    sid: str | None = None
    paused_by: StaffId | None = None
    made_at: datetime
    finished_at: datetime | None = None
    seconds: int | None = None
    size: int | None = None
    file_key: str | None = None
    at_carrier: bool = False
    held: bool = False
    discard: bool = False
    trouble: str | None = None
    tries: int = 0
    next_try_at: datetime | None = None
    delete_at: datetime | None = None
    deleted_at: datetime | None = None
    deleted_why: str | None = None
    given_up_at: datetime | None = None
    given_up_by: StaffId | None = None
    given_up_reason: str | None = None


RUNNING = (RecordingState.OWED, RecordingState.RUNNING, RecordingState.PAUSED)
_CONFIRMED = {RecordingState.RUNNING: Wanted.RUNNING, RecordingState.PAUSED: Wanted.PAUSED}
_OURS = (RecordingState.KEPT, RecordingState.DELETED)
"""The carrier's copy is of no more use."""


def is_running(recording: Recording) -> bool:
    """Still being made, and not on its way out."""
    return recording.state in RUNNING and recording.wanted is not Wanted.STOPPED


# What happens next, and when ---------------------------------------------------------------------


def due(recording: Recording, rules: ServiceRules) -> Due | None:
    if recording.next_try_at is not None:
        if recording.state in (RecordingState.RUNNING, RecordingState.PAUSED):
            return Due("recording_asked_after", recording.next_try_at)
        if recording.state is RecordingState.FINISHED:
            return Due("recording_fetched_again", recording.next_try_at)
        if recording.at_carrier:
            return Due("recording_removed_again", recording.next_try_at)
    if recording.state is RecordingState.KEPT and recording.delete_at is not None and not recording.held:
        return Due("recording_deleted", recording.delete_at)
    return None


def on_deadline(recording: Recording, now: datetime, rules: ServiceRules) -> Change:
    next_due = due(recording, rules)
    if next_due is None or next_due.at > now:
        return NOTHING
    if next_due.what == "recording_deleted":
        return deleted(recording, "retention", MACHINE, now)
    kind = {
        "recording_asked_after": "ask_after_recording",
        "recording_fetched_again": "fetch_recording",
        "recording_removed_again": "remove_recording",
    }[next_due.what]
    return ordered_again(recording, kind, now)


def _to_be_tried(recording: Recording, now: datetime, tries: int) -> Recording:
    """Twice as long each time: a carrier that is down for a night is asked some ten times."""
    pause = min(FIRST_TRY_AFTER * 2 ** min(tries, 10), _LONGEST_PAUSE)
    return recording.model_copy(update={"tries": tries, "next_try_at": now + pause})


def _effect(recording: Recording, kind: str, **payload: Any) -> Effect:
    """In the recording's own lane: what is fetched for minutes holds up no call."""
    key = f"{recording.id}:{kind}:{recording.version}:{recording.tries}"
    return Effect(kind, recording.id, key, payload)


def _changed(recording: Recording, what: str, actor: str, **facts: Any) -> Change:
    recording = recording.model_copy(update={"version": recording.version + 1})
    facts = {"contact_id": recording.contact_id, **facts}
    return Change(
        save=(recording,), events=(Event("recording", what, recording.id, actor, facts),), answer=recording
    )


# What the contact asks of its recording ----------------------------------------------------------


def may_record(contact: Contact, rules: ServiceRules) -> bool:
    """Policy says so, and the caller was told and agreed. Who was never told (None) has agreed to nothing."""
    return (
        rules.record_calls
        and contact.recording_consent is True
        and contact.channel is Channel.CALL
        and contact.call_sid is not None
    )


def _in_conversation(contact: Contact) -> bool:
    return contact.state is ContactState.ACTIVE and contact.call_state == CallState.BRIDGED


def follow(
    contact: Contact,
    recordings: Iterable[Recording],
    new_id: RecordingId,
    now: datetime,
    rules: ServiceRules,
) -> Change:
    """The recording follows its call: begun with the conversation, paused without one, over with the call."""
    running = [each for each in recordings if is_running(each)]
    if contact.state in (ContactState.WRAP_UP, ContactState.CLOSED):
        return _joined(_call_over(each, now) for each in running)
    if not may_record(contact, rules):
        return _joined(stop(each, MACHINE, now) for each in running)
    if not running:
        return begin(new_id, contact, now) if _in_conversation(contact) else NOTHING
    return _joined(_fitting(each, contact) for each in running)


def _joined(changes: Iterable[Change]) -> Change:
    whole = NOTHING
    for each in changes:
        whole = whole.then(each)
    return whole


def begin(new_id: RecordingId, contact: Contact, now: datetime) -> Change:
    recording = Recording(
        id=new_id, contact_id=contact.id, call_sid=contact.call_sid, made_at=now, at_carrier=True
    )
    change = _changed(recording, "begun", MACHINE)
    return change.then(Change(effects=(_effect(change.answer, "start_recording"),)))


def _fitting(recording: Recording, contact: Contact) -> Change:
    rests = recording.paused_by is not None or not _in_conversation(contact)
    wanted = Wanted.PAUSED if rests else Wanted.RUNNING
    return NOTHING if recording.wanted is wanted else _order(recording, wanted, MACHINE)


def _order(recording: Recording, wanted: Wanted, actor: str, **fields: Any) -> Change:
    recording = recording.model_copy(update={**fields, "wanted": wanted, "trouble": None})
    change = _changed(recording, f"to_be_{wanted}", actor)
    return change.then(Change(effects=(_effect(change.answer, "set_recording", wanted=wanted.value),)))


def _call_over(recording: Recording, now: datetime) -> Change:
    """The carrier ends it by itself. What was never begun has nothing to end."""
    if recording.state is RecordingState.OWED and recording.sid is None:
        fields = {"state": RecordingState.ABSENT, "wanted": Wanted.STOPPED, "at_carrier": False}
        return _changed(recording.model_copy(update=fields), "absent", MACHINE, why="never_begun")
    return Change(save=(_to_be_tried(recording.model_copy(update={"wanted": Wanted.STOPPED}), now, 0),))


def pause(recording: Recording, actor: StaffId) -> Change:
    """By the counselor; it stays so until somebody resumes it."""
    if recording.paused_by is not None:
        return Change(answer=recording)
    return _order(recording, Wanted.PAUSED, actor, paused_by=actor)


def resume(recording: Recording, contact: Contact, actor: StaffId) -> Change:
    if recording.paused_by is None:
        return Change(answer=recording)
    wanted = Wanted.RUNNING if _in_conversation(contact) else Wanted.PAUSED
    return _order(recording, wanted, actor, paused_by=None)


def stop(recording: Recording, actor: str, now: datetime) -> Change:
    """Consent was withdrawn: stopped, and nothing of it is kept, unless the contact is under legal hold."""
    discard = not recording.held
    if recording.state is RecordingState.OWED and recording.sid is None:
        return _call_over(recording.model_copy(update={"discard": discard}), now)
    recording = _to_be_tried(recording, now, 0)
    return _order(recording, Wanted.STOPPED, actor, discard=discard)


# What the carrier reports ------------------------------------------------------------------------


def started(recording: Recording, sid: str, now: datetime) -> Change:
    """The carrier records. If that is not wanted any more, it is told to stop, and nothing of it is kept."""
    if recording.sid is not None:
        return NOTHING
    fields = {"sid": sid, "state": RecordingState.RUNNING, "at_carrier": True}
    late = recording.state is not RecordingState.OWED
    change = _changed(recording.model_copy(update=fields), "started", CARRIER)
    return change.then(stop(change.answer, MACHINE, now)) if late else change


def not_started(recording: Recording, why: str) -> Change:
    if recording.state is not RecordingState.OWED:
        return NOTHING
    fields = {"state": RecordingState.FAILED, "at_carrier": False, "trouble": why}
    return _changed(recording.model_copy(update=fields), "failed", CARRIER, why=why)


def is_set(recording: Recording, wanted: Wanted) -> Change:
    """The carrier obeyed. Stopped is only over when its end is reported."""
    state = {Wanted.RUNNING: RecordingState.RUNNING, Wanted.PAUSED: RecordingState.PAUSED}.get(wanted)
    if state is None or recording.state not in _CONFIRMED or recording.state is state:
        return NOTHING
    return _changed(recording.model_copy(update={"state": state}), wanted.value, CARRIER)


def not_set(recording: Recording, wanted: Wanted, why: str) -> Change:
    """The carrier did not obey: shown as it really is, so that nobody relies on a pause that is none."""
    if recording.state not in _CONFIRMED or recording.wanted is not wanted or wanted is Wanted.STOPPED:
        return NOTHING
    fields: dict[str, Any] = {"wanted": _CONFIRMED[recording.state], "trouble": f"not_{wanted}"}
    fields["paused_by"] = None if wanted is Wanted.PAUSED else recording.paused_by
    return _changed(recording.model_copy(update=fields), f"not_{wanted}", CARRIER, why=why)


def finished(recording: Recording, sid: str, seconds: int | None, now: datetime) -> Change:
    """The audio lies ready at the carrier."""
    if recording.state not in RUNNING:
        return NOTHING
    fields: dict[str, Any] = {"sid": sid, "seconds": seconds, "finished_at": now, "at_carrier": True}
    fields |= {"wanted": Wanted.STOPPED, "state": RecordingState.FINISHED, "trouble": None}
    recording = recording.model_copy(update=fields)
    if recording.discard:
        return deleted(recording, "not_wanted", MACHINE, now)
    change = _changed(_to_be_tried(recording, now, 0), "finished", CARRIER, seconds=seconds)
    return change.then(Change(effects=(_effect(change.answer, "fetch_recording"),)))


def absent(recording: Recording) -> Change:
    """The carrier says that nothing was recorded."""
    if recording.state not in (*RUNNING, RecordingState.FINISHED):
        return NOTHING
    fields = {"state": RecordingState.ABSENT, "at_carrier": False, "wanted": Wanted.STOPPED, "trouble": None}
    return _changed(recording.model_copy(update=fields), "absent", CARRIER)


def lost(recording: Recording, why: str) -> Change:
    """The carrier failed, or has it no more although we never got it."""
    if recording.state not in (*RUNNING, RecordingState.FINISHED):
        return NOTHING
    fields = {"state": RecordingState.FAILED, "at_carrier": False, "wanted": Wanted.STOPPED, "trouble": why}
    return _changed(recording.model_copy(update=fields), "failed", CARRIER, why=why)


def not_fetched(recording: Recording, why: str) -> Change:
    """It stays at the carrier and is fetched again later (`due`)."""
    if recording.state is not RecordingState.FINISHED:
        return NOTHING
    return _changed(recording.model_copy(update={"trouble": "not_fetched"}), "not_fetched", CARRIER, why=why)


def kept(recording: Recording, file_key: str, size: int, now: datetime, rules: ServiceRules) -> Change:
    """Sealed on our side; only now the carrier's copy goes."""
    if recording.state is not RecordingState.FINISHED:
        return NOTHING
    fields: dict[str, Any] = {"state": RecordingState.KEPT, "file_key": file_key, "size": size}
    fields |= {"trouble": None, "delete_at": recording.made_at + rules.recordings_kept_for}
    change = _changed(_to_be_tried(recording.model_copy(update=fields), now, 0), "kept", MACHINE, size=size)
    return change.then(Change(effects=(_effect(change.answer, "remove_recording"),)))


def removed_at_carrier(recording: Recording) -> Change:
    if not recording.at_carrier or recording.state not in _OURS:
        return NOTHING
    fields = {"at_carrier": False, "next_try_at": None, "trouble": None}
    return _changed(recording.model_copy(update=fields), "removed_at_carrier", CARRIER)


def not_removed(recording: Recording, why: str) -> Change:
    if not recording.at_carrier or recording.state not in _OURS:
        return NOTHING
    return _changed(recording.model_copy(update={"trouble": "not_removed"}), "not_removed", CARRIER, why=why)


# Deletion and hold -------------------------------------------------------------------------------


def deleted(recording: Recording, why: str, actor: str, now: datetime) -> Change:
    """The key goes with this change; the file's removal and the carrier's follow."""
    if recording.state is RecordingState.DELETED:
        return NOTHING
    fields: dict[str, Any] = {"state": RecordingState.DELETED, "deleted_at": now, "deleted_why": why}
    fields |= {"file_key": None, "wanted": Wanted.STOPPED, "trouble": None}
    recording = _to_be_tried(recording.model_copy(update=fields), now, 0)
    if recording.sid is None:
        recording = recording.model_copy(update={"at_carrier": False})
    change = _changed(recording, "deleted", actor, why=why)
    if not recording.at_carrier:
        return change
    return change.then(Change(effects=(_effect(change.answer, "remove_recording"),)))


def held(recording: Recording, *, on: bool) -> Change:
    return Change(save=(recording.model_copy(update={"held": on}),))


def ordered_again(recording: Recording, kind: str, now: datetime) -> Change:
    again = _to_be_tried(recording, now, recording.tries + 1)
    return Change(save=(again,), effects=(_effect(again, kind),), answer=again)


# What the console says while the call runs -------------------------------------------------------


def shown(recordings: Iterable[Recording]) -> str | None:
    """Of the call's latest recording: what is certain, and what is only asked for."""
    made = list(recordings)
    if not made:
        return None
    latest = max(made, key=lambda each: (each.made_at, each.id))
    if latest.state is RecordingState.FAILED:
        return "failed"
    if latest.state not in RUNNING:
        return None
    if latest.trouble is not None:
        return latest.trouble
    if latest.state is RecordingState.OWED:
        return "starting"
    if latest.wanted is Wanted.STOPPED:
        return "stopping"
    if latest.state is RecordingState.RUNNING:
        return "recording" if latest.wanted is Wanted.RUNNING else "pausing"
    return "paused" if latest.wanted is Wanted.PAUSED else "resuming"
