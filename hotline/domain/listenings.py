"""Somebody listens to a sound of ours, a recording or a message left, and why. One rule for both.

Said first, and journalled; it opens the sound to them alone, for its own length and half an hour.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import SQLModel

from hotline.domain.change import Change, Event
from hotline.domain.ids import ContactId, ListeningId, RecordingId, StaffId, VoicemailId
from hotline.domain.recordings import Recording
from hotline.domain.voicemails import Voicemail

SoundId = RecordingId | VoicemailId

_BEYOND_ITS_LENGTH = timedelta(minutes=30)
"""Time to go back, and to be called away in between."""


class Listening(SQLModel):
    id: ListeningId
    sound_id: SoundId
    contact_id: ContactId
    staff_id: StaffId
    reason: str
    at: datetime
    until: datetime


def listened(
    listening_id: ListeningId, sound: Recording | Voicemail, actor: StaffId, reason: str, now: datetime
) -> Change:
    listening = Listening(
        id=listening_id,
        sound_id=sound.id,
        contact_id=sound.contact_id,
        staff_id=actor,
        reason=reason,
        at=now,
        until=now + _BEYOND_ITS_LENGTH + timedelta(seconds=sound.seconds or 0),
    )
    noun = "recording" if isinstance(sound, Recording) else "voicemail"
    facts = {"contact_id": sound.contact_id, "listening_id": listening.id}
    return Change((listening,), (Event(noun, "listened", sound.id, actor, facts),), answer=listening)
