"""What is being said on a call and is not final yet: shown to whoever reads along, and gone with the final words.

    hear · hear · hear ──at most four times a second, the newest──▶ consoles          over: the final line is there

It is in memory for that moment only: not stored, not triaged, not journalled, not resumed by a console that comes back.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hotline.domain import call_room, media_streams
from hotline.domain.access import message_audience
from hotline.domain.calls import CallState
from hotline.domain.contacts import Contact, Sender
from hotline.domain.ids import ContactId
from hotline.domain.service_rules import ServiceRules

if TYPE_CHECKING:
    from hotline.service import Hotline

COUNSELOR_TRACK = "outbound_track"
_EVERY_SECONDS = 0.25  # faster nobody reads along, and every word would be a frame
_LONGEST = 400  # characters of what is being said: its end is what is new


def sender_of(contact: Contact, track: str, rules: ServiceRules) -> Sender | None:
    """Whose voice it is, if it is ours to write down: what the caller hears of us before a counselor speaks is not,
    nor is what they say to somebody outside."""
    if not media_streams.hears_person(contact, rules):
        return None
    if track != COUNSELOR_TRACK:
        return Sender.TRANSCRIPT_HELP_SEEKER
    with_counselor = contact.call_state == CallState.BRIDGED and not call_room.room_of(contact).on_hold
    return Sender.TRANSCRIPT_COUNSELOR if with_counselor else None


class PartialLines:
    """Conflated: of each voice the newest words."""

    def __init__(self) -> None:
        self._newest: dict[tuple[ContactId, str], str] = {}
        self._waiting: set[tuple[ContactId, str]] = set()

    def hear(self, hotline: Hotline, contact_id: ContactId, track: str, text: str) -> None:
        if not hotline.settings.partial_transcripts:
            return
        voice = (contact_id, track)
        self._newest[voice] = text.strip()[-_LONGEST:]
        if voice not in self._waiting:
            self._waiting.add(voice)
            loop = asyncio.get_running_loop()
            loop.call_later(_EVERY_SECONDS, lambda: hotline.background.start(self._tell(hotline, voice)))

    @property
    def is_waiting(self) -> bool:
        """Whether words are still to be shown."""
        return bool(self._waiting)

    def over(self, contact_id: ContactId, track: str) -> None:
        """Its final words are there: whoever shows them takes the partial ones away."""
        self._newest.pop((contact_id, track), None)

    async def _tell(self, hotline: Hotline, voice: tuple[ContactId, str]) -> None:
        contact_id, track = voice
        self._waiting.discard(voice)
        contact = await hotline.reader.find(Contact, contact_id)
        text = self._newest.pop(voice, "")
        sender = sender_of(contact, track, hotline.rules) if contact is not None and text else None
        if contact is None or sender is None:
            return
        frame = {"type": "partial", "contact_id": contact_id, "from": sender, "text": text}
        hotline.feed.whisper_all(message_audience(contact), frame)
