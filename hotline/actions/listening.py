"""Listening to what is kept of a voice, a recording or a message left: with a reason, noted before it is heard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.domain import access, listenings, voicemails
from hotline.domain.access import Actor, Permission
from hotline.domain.change import Change
from hotline.domain.ids import ListeningId, RecordingId, VoicemailId
from hotline.domain.listenings import Listening, SoundId
from hotline.domain.recordings import Recording, RecordingState
from hotline.domain.voicemails import Audio, Voicemail
from hotline.errors import Forbidden, NotFound, WrongState
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline


@dataclass(frozen=True, slots=True)
class Sound:
    """A file that may be heard now; `key` opens it."""

    id: SoundId
    key: str
    size: int
    seconds: int | None

    def pieces(self, hotline: Hotline, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        return hotline.audio.open_audio(self.id, self.key, self.size, start, end)


async def to_recording(
    hotline: Hotline, actor: Actor, recording_id: RecordingId, *, reason: str
) -> Listening:
    access.require(actor, Permission.RECORDING_LISTEN)

    def decide(loaded: Loaded) -> Change:
        recording = loaded.get(Recording, recording_id)
        _of_recording(recording)
        return _noted(loaded, recording, actor, reason)

    listening: Listening = await hotline.writer.run(decide, Need(Recording, recording_id))
    return listening


async def to_voicemail(
    hotline: Hotline, actor: Actor, voicemail_id: VoicemailId, *, reason: str
) -> Listening:
    """Whoever has it, and supervisors: that nobody hears it in passing and leaves it to others."""
    access.require(actor, Permission.FOLLOWUP_WORK)

    def decide(loaded: Loaded) -> Change:
        voicemail = loaded.get(Voicemail, voicemail_id)
        access.require_voicemail_held(actor, voicemail)
        _of_voicemail(voicemail)
        if voicemail.owner_id != actor.staff_id and not actor.may(Permission.CONTACT_SUPERVISE):
            raise WrongState("Take it first: then it is clear who answers it.", code="not_taken")
        noted = _noted(loaded, voicemail, actor, reason)
        return voicemails.listened(voicemail, actor.staff_id, loaded.now).then(noted)

    listening: Listening = await hotline.writer.run(decide, Need(Voicemail, voicemail_id))
    return listening


def _noted(loaded: Loaded, sound: Recording | Voicemail, actor: Actor, reason: str) -> Change:
    listening_id = ListeningId(loaded.new_id("lis"))
    return listenings.listened(listening_id, sound, actor.staff_id, reason, loaded.now)


async def to_be_heard(hotline: Hotline, actor: Actor, sound_id: SoundId, listening_id: ListeningId) -> Sound:
    """The sound, for whoever has just said why they listen; nobody else, and not for ever."""
    access.require(actor, Permission.RECORDING_LISTEN, Permission.FOLLOWUP_WORK)
    listening = await hotline.reader.find(Listening, listening_id)
    if listening is None or listening.sound_id != sound_id or listening.staff_id != actor.staff_id:
        raise Forbidden("Say first why you listen to it.", code="reason_needed")
    if listening.until < hotline.clock.now():
        raise Forbidden("The time for listening is over: say again why.", code="reason_needed")
    recording = await hotline.reader.find(Recording, sound_id)
    if recording is not None:
        access.require(actor, Permission.RECORDING_LISTEN)
        return _of_recording(recording)
    voicemail = await hotline.reader.find(Voicemail, sound_id)
    if voicemail is None:
        raise NotFound("There is no such sound.")
    return _of_voicemail(voicemail)


def _of_recording(recording: Recording) -> Sound:
    if recording.state is RecordingState.DELETED:
        raise WrongState("The recording was deleted.", code="recording_deleted")
    if recording.state is not RecordingState.KEPT or recording.file_key is None:
        raise WrongState("The recording is not here yet.", code="recording_not_here")
    return Sound(recording.id, recording.file_key, recording.size or 0, recording.seconds)


def _of_voicemail(voicemail: Voicemail) -> Sound:
    if voicemail.audio is not Audio.KEPT or voicemail.audio_key is None:
        raise WrongState("The sound is not here.", code="no_audio")
    return Sound(voicemail.id, voicemail.audio_key, voicemail.audio_size, voicemail.seconds)
