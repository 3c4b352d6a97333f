"""Sound in trouble: found by looking at the folder and the rows, tried again or given up by a person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from hotline.domain import access, sound_troubles
from hotline.domain.access import Actor, Permission
from hotline.domain.change import Change
from hotline.domain.listenings import SoundId
from hotline.domain.recordings import Recording, RecordingState
from hotline.domain.sound_troubles import OVERDUE_AFTER, Trouble
from hotline.domain.voicemails import Audio, Voicemail
from hotline.errors import NotFound
from hotline.storage.recording_files import AudioMissing
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline

_MOST = 200  # rows on the page: with more the reason is one and the same


@dataclass(frozen=True, slots=True)
class Troubled:
    sound: Recording | Voicemail
    trouble: Trouble

    @property
    def since(self) -> datetime:
        sound = self.sound
        return sound.finished_at or sound.made_at if isinstance(sound, Recording) else sound.created_at


# Finding it ---------------------------------------------------------------------------------------


async def look_for_files(hotline: Hotline) -> None:
    """At start and every few minutes: whether every file that a row says we keep is there, and as long as it was."""
    made, left = (hotline.reader.table(each).c for each in (Recording, Voicemail))
    kept: list[Recording | Voicemail] = []
    kept += await hotline.reader.where(Recording, made.state == RecordingState.KEPT)
    kept += await hotline.reader.where(Voicemail, left.audio == Audio.KEPT)
    for sound in kept:
        if await _file_trouble(hotline, sound) != _known(sound):
            await _look_again(hotline, sound)
    hotline.sounds_in_trouble = len(await all_in_trouble(hotline))


async def _look_again(hotline: Hotline, sound: Recording | Voicemail) -> None:
    trouble = await _file_trouble(hotline, sound)

    def decide(loaded: Loaded) -> Change:
        now = loaded.get(type(sound), sound.id)
        return sound_troubles.found(now, trouble) if _has_file(now) else Change()

    await hotline.writer.run(decide, Need(type(sound), sound.id))


async def _file_trouble(hotline: Hotline, sound: Recording | Voicemail) -> Trouble | None:
    size = sound.size or 0 if isinstance(sound, Recording) else sound.audio_size
    try:
        whole = await asyncio.to_thread(hotline.audio.is_whole, sound.id, size)
    except AudioMissing:
        return Trouble.MISSING
    return None if whole else Trouble.BROKEN


def _known(sound: Recording | Voicemail) -> str | None:
    return sound.trouble if isinstance(sound, Recording) else sound.audio_trouble


def _has_file(sound: Recording | Voicemail) -> bool:
    if isinstance(sound, Recording):
        return sound.state is RecordingState.KEPT
    return sound.audio is Audio.KEPT


async def all_in_trouble(hotline: Hotline) -> list[Troubled]:
    """Newest first; without asking who wants to know."""
    now = hotline.clock.now()
    made, left = (hotline.reader.table(each).c for each in (Recording, Voicemail))
    late = (made.state == RecordingState.KEPT) & (made.delete_at < now - OVERDUE_AFTER)
    wrong = (made.state == RecordingState.FAILED) | made.trouble.is_not(None) | late
    recorded = await hotline.reader.where(
        Recording,
        made.given_up_at.is_(None) | made.next_try_at.is_not(None),
        wrong,
        order=(made.made_at.desc(),),
        limit=_MOST,
    )
    kept_too_long = left.ended_at < now - hotline.rules.recordings_kept_for - OVERDUE_AFTER
    wrong = left.audio_trouble.is_not(None) | kept_too_long
    messages = await hotline.reader.where(
        Voicemail,
        (left.audio == Audio.FAILED) | ((left.audio == Audio.KEPT) & wrong),
        order=(left.created_at.desc(),),
        limit=_MOST,
    )
    found = [(each, sound_troubles.of_recording(each, now)) for each in recorded]
    found += [(each, sound_troubles.of_voicemail(each, now, hotline.rules)) for each in messages]  # type: ignore[misc]
    troubled = [Troubled(sound, trouble) for sound, trouble in found if trouble is not None]
    return sorted(troubled, key=lambda each: each.since, reverse=True)[:_MOST]


# What people do -----------------------------------------------------------------------------------


async def in_trouble(hotline: Hotline, actor: Actor) -> list[Troubled]:
    access.require(actor, Permission.RECORDING_MEND)
    return await all_in_trouble(hotline)


async def try_again(hotline: Hotline, actor: Actor, sound_id: SoundId) -> None:
    def move(sound: Recording | Voicemail, loaded: Loaded) -> Change:
        return sound_troubles.try_again(sound, actor.staff_id, loaded.now, loaded.rules)

    sound = await _moved(hotline, actor, sound_id, move)
    if _has_file(sound):
        await _look_again(hotline, sound)


async def give_up(hotline: Hotline, actor: Actor, sound_id: SoundId, *, reason: str) -> None:
    def move(sound: Recording | Voicemail, loaded: Loaded) -> Change:
        return sound_troubles.give_up(sound, reason, actor.staff_id, loaded.now, loaded.rules)

    await _moved(hotline, actor, sound_id, move)


Move = Callable[[Recording | Voicemail, Loaded], Change]


async def _moved(hotline: Hotline, actor: Actor, sound_id: SoundId, move: Move) -> Recording | Voicemail:
    access.require(actor, Permission.RECORDING_MEND)

    def decide(loaded: Loaded) -> Change:
        sound = loaded.find(Recording, sound_id) or loaded.find(Voicemail, sound_id)
        if sound is None:
            raise NotFound("There is no such sound.")
        return move(sound, loaded)

    moved: Recording | Voicemail = await hotline.writer.run(
        decide, Need(Recording, sound_id), Need(Voicemail, sound_id)
    )
    return moved
