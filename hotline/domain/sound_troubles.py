"""Sound that is not as it should be, and what a person may do about it: try again, or give up with a reason.

| trouble      | what is wrong                                    | try again          | give up                     |
|--------------|--------------------------------------------------|--------------------|-----------------------------|
| not_recorded | the carrier never began it, or failed            | –                  | noted                       |
| lost         | the carrier has it no more, and we never got it  | –                  | noted                       |
| not_fetched  | it lies at the carrier                           | fetched now        | deleted, at the carrier too |
| not_removed  | ours is settled, the carrier still has a copy    | removed there now  | noted; nobody asks again    |
| missing      | the row says kept, the folder has no such file   | looked for again   | deleted                     |
| broken       | the file is not as long as it was                | looked at again    | deleted                     |
| overdue      | its time was over an hour ago and it is there    | deleted now        | – (it has to go)            |

Under legal hold nothing is given up.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from hotline.domain import recordings, voicemails
from hotline.domain.change import Change, Effect, Event
from hotline.domain.ids import StaffId
from hotline.domain.recordings import Recording, RecordingState
from hotline.domain.service_rules import ServiceRules
from hotline.domain.voicemails import Audio, Voicemail
from hotline.errors import WrongState

OVERDUE_AFTER = timedelta(hours=1)
"""The worker deletes within a second; an hour late is no slow worker."""


class Trouble(StrEnum):
    NOT_RECORDED = "not_recorded"
    LOST = "lost"
    NOT_FETCHED = "not_fetched"
    NOT_REMOVED = "not_removed"
    MISSING = "missing"
    BROKEN = "broken"
    OVERDUE = "overdue"


_OF_FILE = (Trouble.MISSING, Trouble.BROKEN)
FINAL = (Trouble.NOT_RECORDED, Trouble.LOST)
"""There is nothing to try again."""


def of_recording(recording: Recording, now: datetime) -> Trouble | None:
    if recording.given_up_at is not None and recording.next_try_at is None:
        return None
    if recording.state is RecordingState.FAILED:
        return Trouble.NOT_RECORDED if recording.sid is None else Trouble.LOST
    if recording.state is RecordingState.FINISHED:
        return Trouble.NOT_FETCHED if recording.trouble is not None else None
    if recording.state not in (RecordingState.KEPT, RecordingState.DELETED):
        return None  # what goes wrong while the call runs is shown there
    late = recording.delete_at is not None and recording.delete_at + OVERDUE_AFTER < now
    if recording.state is RecordingState.KEPT and late and not recording.held:
        return Trouble.OVERDUE
    return Trouble(recording.trouble) if recording.trouble is not None else None


def of_voicemail(voicemail: Voicemail, now: datetime, rules: ServiceRules) -> Trouble | None:
    if voicemail.audio is Audio.FAILED:
        return Trouble.NOT_FETCHED
    if voicemail.audio is not Audio.KEPT:
        return None
    due = voicemails.due(voicemail, rules)
    if due is not None and due.what == "voicemail_deleted" and due.at + OVERDUE_AFTER < now:
        return Trouble.OVERDUE
    return Trouble(voicemail.audio_trouble) if voicemail.audio_trouble is not None else None


# What is found in the folder ----------------------------------------------------------------------


def found(sound: Recording | Voicemail, trouble: Trouble | None) -> Change:
    """What became of its file: missing, broken, or (None) there again. Said again, it changes nothing."""
    known = sound.trouble if isinstance(sound, Recording) else sound.audio_trouble
    if known == trouble or (known is not None and known not in _OF_FILE):
        return Change(answer=sound)
    column = "trouble" if isinstance(sound, Recording) else "audio_trouble"
    return _changed(sound.model_copy(update={column: trouble}), f"file_{trouble or 'found'}", "machine")


# What people do -----------------------------------------------------------------------------------


def try_again(sound: Recording | Voicemail, actor: StaffId, now: datetime, rules: ServiceRules) -> Change:
    """What can be ordered by a change; whether the file is there is looked at by the action."""
    trouble = _troubled(sound, now, rules)
    if trouble in FINAL:
        raise WrongState("There is nothing to try again.", code="nothing_to_fetch")
    asked = _changed(sound, "tried_again", actor, trouble=trouble)
    if trouble in _OF_FILE:
        return asked
    if isinstance(sound, Recording):
        return asked.then(_recording_again(asked.answer, trouble, now))
    if trouble is Trouble.OVERDUE:
        return asked.then(voicemails.on_deadline(asked.answer, now, rules))
    again = asked.answer.model_copy(update={"audio": Audio.AT_CARRIER})
    key = f"{sound.id}:fetch:{again.version}"
    owed = Effect("fetch_voicemail", sound.id, key, {"recording_sid": sound.recording_sid})
    return asked.then(Change(save=(again,), effects=(owed,), answer=again))


def _recording_again(recording: Recording, trouble: Trouble, now: datetime) -> Change:
    if trouble is Trouble.OVERDUE:
        return recordings.deleted(recording, "retention", "machine", now)
    kind = "fetch_recording" if trouble is Trouble.NOT_FETCHED else "remove_recording"
    return recordings.ordered_again(recording, kind, now)


def give_up(
    sound: Recording | Voicemail, reason: str, actor: StaffId, now: datetime, rules: ServiceRules
) -> Change:
    trouble = _troubled(sound, now, rules)
    if trouble is Trouble.OVERDUE:
        raise WrongState("Its time is over: it has to be deleted.", code="to_be_deleted")
    if sound.held:
        raise WrongState("The contact is under legal hold.", code="legal_hold")
    if isinstance(sound, Voicemail):
        return _voicemail_given_up(sound, reason, actor, now)
    fields = {"given_up_by": actor, "given_up_at": now, "given_up_reason": reason, "next_try_at": None}
    given_up = _changed(sound.model_copy(update=fields), "given_up", actor, trouble=trouble)
    if trouble in (*_OF_FILE, Trouble.NOT_FETCHED):
        return given_up.then(recordings.deleted(given_up.answer, "given_up", actor, now))
    return given_up


def _voicemail_given_up(voicemail: Voicemail, reason: str, actor: StaffId, now: datetime) -> Change:
    """The message stays somebody's work; its sound is given up, at the carrier too."""
    step = {"at": now.isoformat(), "actor": actor, "kind": "sound_given_up", "note": reason}
    fields = {"audio": Audio.DELETED, "audio_key": None, "audio_trouble": None}
    change = _changed(
        voicemail.model_copy(update={**fields, "steps": [*voicemail.steps, step]}), "sound_given_up", actor
    )
    if voicemail.audio is not Audio.FAILED or voicemail.recording_sid is None:
        return change
    sid = {"recording_sid": voicemail.recording_sid}
    return change.then(
        Change(effects=(Effect("remove_voicemail", voicemail.id, f"{voicemail.id}:remove", sid),))
    )


def _troubled(sound: Recording | Voicemail, now: datetime, rules: ServiceRules) -> Trouble:
    trouble = of_recording(sound, now) if isinstance(sound, Recording) else of_voicemail(sound, now, rules)
    if trouble is None:
        raise WrongState("Nothing is wrong with it any more.", code="no_trouble")
    return trouble


def _changed(sound: Recording | Voicemail, what: str, actor: str, **facts: str) -> Change:
    sound = sound.model_copy(update={"version": sound.version + 1})
    noun = "recording" if isinstance(sound, Recording) else "voicemail"
    event = Event(noun, what, sound.id, actor, {"contact_id": sound.contact_id, **facts})
    return Change((sound,), (event,), answer=sound)
