"""A call's audio to our own recogniser, and what it hears into the conversation, in the order in which it was heard.

    frames ──▶ Upsampler ──▶ Recogniser (one a track) ──▶ notes ──▶ carrier_events.transcript_line
                                                            └──▶ transcript: live, failed, off

Audio never waits for the database, nor the other way round: what is heard is noted in memory and saved by a task.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from hotline.actions import carrier_events
from hotline.actions.partial_lines import COUNSELOR_TRACK
from hotline.domain import media_streams
from hotline.domain.calls import Transcript
from hotline.domain.change import Change
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import ContactId
from hotline.errors import HotlineError, NotFound, Unavailable, WrongState
from hotline.logs import log_crash
from hotline.storage.working_set import Loaded, Need
from hotline.telephony.media_stream import Start, Track, Upsampler
from hotline.telephony.recogniser_protocols import RecogniserAddress
from hotline.telephony.recognisers import Recogniser, Tally

if TYPE_CHECKING:
    from hotline.service import Hotline

log = logging.getLogger(__name__)

_AGAIN_SECONDS = 1.0  # on top of the writer's own tries
_MOST_TRIES = 60  # a minute: a database that is away longer has lost more than this
_PIECE = 480  # bytes: 60 ms, what a recogniser is sent at once; single frames would cost three times the work
_TRACK_OF = {Track.INBOUND: "inbound_track", Track.OUTBOUND: COUNSELOR_TRACK}


@dataclass(frozen=True, slots=True)
class _Heard:
    track: Track
    text: str
    number: int


class Ending(StrEnum):
    """Stopped: by the carrier, with the call. Lost: without a word. Replaced: by another stream of this call."""

    STOPPED = "stopped"
    LOST = "lost"
    REPLACED = "replaced"


_Note = _Heard | Transcript | Ending


class MediaStream:
    """One stream of one call, from its `start` on. `feed` never waits."""

    def __init__(
        self, hotline: Hotline, contact: Contact, start: Start, address: RecogniserAddress, tally: Tally
    ) -> None:
        self.start = start
        self._hotline, self._contact_id = hotline, contact.id
        self._notes: asyncio.Queue[_Note | None] = asyncio.Queue()
        self._numbers = dict.fromkeys(start.tracks, 0)
        self._works: dict[Track, bool] = {}
        self._listens: dict[Track, bool] = {}
        self.hear(contact)
        self._waiting = {track: bytearray() for track in start.tracks}
        self._upsamplers = {track: Upsampler() for track in start.tracks}
        self._recognisers = {
            track: Recogniser(
                address,
                contact.language,
                f"{start.stream_sid}-{track}",
                lambda text, track=track: self._heard(track, text),  # type: ignore[misc]
                lambda works, track=track: self._working(track, works),  # type: ignore[misc]
                tally,
                lambda text, track=track: self._partly(track, text),  # type: ignore[misc]
            )
            for track in start.tracks
        }
        self._saving = asyncio.create_task(self._save(), name="transcript")

    def hear(self, contact: Contact) -> None:
        """Where the call is, which decides whose voice may be listened to."""
        self._listens = {
            Track.INBOUND: media_streams.hears_person(contact, self._hotline.rules),
            Track.OUTBOUND: media_streams.hears_counselor(contact),
        }

    def feed(self, track: Track, mulaw: bytes) -> None:
        waiting = self._waiting.get(track)
        if waiting is not None and self._listens[track]:
            waiting += mulaw
            if len(waiting) >= _PIECE:
                self._pass_on(track)

    def _pass_on(self, track: Track) -> None:
        self._recognisers[track].feed(self._upsamplers[track].feed(bytes(self._waiting[track])))
        self._waiting[track].clear()

    async def over(self, ending: Ending) -> None:
        """The audio ends: what was said last is recognised and saved."""
        if ending is Ending.LOST:
            self._notes.put_nowait(ending)
        for track in self._recognisers:
            self._pass_on(track)
        await asyncio.gather(*(each.finish() for each in self._recognisers.values()))
        if ending is Ending.STOPPED:
            self._notes.put_nowait(Transcript.OFF)
        self._notes.put_nowait(None)
        await self._saving

    async def cancel(self) -> None:
        """The process stops."""
        self._saving.cancel()
        await asyncio.gather(
            self._saving, *(each.cancel() for each in self._recognisers.values()), return_exceptions=True
        )

    # What the recognisers tell -------------------------------------------------------------------

    def _heard(self, track: Track, text: str) -> None:
        self._numbers[track] += 1
        self._notes.put_nowait(_Heard(track, text, self._numbers[track]))

    def _partly(self, track: Track, text: str) -> None:
        self._hotline.partial_lines.hear(self._hotline, self._contact_id, _TRACK_OF[track], text)

    def _working(self, track: Track, works: bool) -> None:
        """The transcript is live only with both sides of the conversation."""
        self._works[track] = works
        if not works:
            self._notes.put_nowait(Transcript.FAILED)
        elif len(self._works) == len(self._recognisers) and all(self._works.values()):
            self._notes.put_nowait(Transcript.LIVE)

    # Saving --------------------------------------------------------------------------------------

    async def _save(self) -> None:
        while (note := await self._notes.get()) is not None:
            try:
                await self._until_saved(note)
            except HotlineError as error:
                log.info("transcript: a note on %s was of no use (%s)", self._contact_id, error.code)
            except Exception as error:
                log_crash(log, error, route="transcript")

    async def _until_saved(self, note: _Note) -> None:
        for attempt in range(1, _MOST_TRIES + 1):
            try:
                await self._save_one(note)
                return
            except Unavailable:
                if attempt == _MOST_TRIES:
                    raise
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _save_one(self, note: _Note) -> None:
        if isinstance(note, _Heard):
            await carrier_events.transcript_line(
                self._hotline,
                self.start.call_sid,
                transcript_sid=f"{self.start.stream_sid}:{note.track}",
                sequence=str(note.number),
                track=_TRACK_OF[note.track],
                text=note.text,
            )
        elif isinstance(note, Ending):
            await stream_lost(self._hotline, self._contact_id, self.start.stream_sid)
        elif note is Transcript.OFF:
            await carrier_events.transcript_is(self._hotline, self.start.call_sid, note)
        else:
            works = note is Transcript.LIVE
            await _moved(
                self._hotline,
                self._contact_id,
                lambda contact, now: media_streams.recogniser_works(contact, works, now),
            )


async def _moved(
    hotline: Hotline, contact_id: ContactId, move: Callable[[Contact, datetime], Change]
) -> None:
    def decide(loaded: Loaded) -> Change:
        return move(loaded.get(Contact, contact_id), loaded.now)

    await hotline.writer.run(decide, Need(Contact, contact_id))


async def _contact_of(hotline: Hotline, start: Start) -> Contact | None:
    """Whoever called, or was called back."""
    contact_id = await carrier_events.contact_of_line(hotline, start.call_sid)
    return await hotline.reader.find(Contact, contact_id)


async def begin(hotline: Hotline, start: Start, tally: Tally) -> MediaStream:
    """The carrier begins to stream a call that we know. Nothing else is listened to."""
    contact = await _contact_of(hotline, start)
    if contact is None or contact.call_sid != start.call_sid:
        raise NotFound("There is no such call.")
    if not media_streams.is_listened_to(contact):
        raise WrongState("The call is over.")
    address = RecogniserAddress.of(hotline.settings.transcription_url)
    return MediaStream(hotline, contact, start, address, tally)


async def look_again(hotline: Hotline, stream: MediaStream) -> None:
    """What happened to the call between its being read and its stream's being known."""
    contact = await _contact_of(hotline, stream.start)
    if contact is not None:
        stream.hear(contact)


async def stream_lost(hotline: Hotline, contact_id: ContactId, stream_sid: str) -> None:
    await _moved(
        hotline, contact_id, lambda contact, now: media_streams.stream_lost(contact, stream_sid, now)
    )


async def stream_again(hotline: Hotline) -> None:
    """At start: the streams ended with the last process, whether it could say so or not."""
    if hotline.carrier is None or not hotline.settings.transcription_url:
        return
    column = hotline.reader.table(Contact).c
    going_on = (ContactState.WAITING, ContactState.ACTIVE)
    live = column.transcript == Transcript.LIVE
    for contact in await hotline.reader.where(
        Contact, column.channel == Channel.CALL, column.state.in_(going_on), live
    ):
        await stream_lost(hotline, contact.id, f"{hotline.writer.epoch}:{contact.version}")
