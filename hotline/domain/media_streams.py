"""The transcript of our own recogniser: what follows when it fails, and when the audio itself stops coming.

| what fails                       | shown as | then                                                        |
|----------------------------------|----------|-------------------------------------------------------------|
| the recogniser, for some seconds | failed   | nothing is ordered: its client connects again by itself     |
| the stream of audio, in a call   | failed   | the carrier is asked for a new one, once per lost stream    |
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hotline.domain import calls
from hotline.domain.calls import TRANSCRIBED_AGAIN_AFTER, CallState, Transcript
from hotline.domain.change import NOTHING, Change, Effect
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.service_rules import ServiceRules


def is_listened_to(contact: Contact) -> bool:
    """The call goes on; what comes after it is the end of what was said before."""
    return contact.call_sid is not None and contact.state in (ContactState.WAITING, ContactState.ACTIVE)


def hears_person(contact: Contact, rules: ServiceRules) -> bool:
    """Who was put through to somebody outside is not listened to any more, or not for so long as they speak there.
    Last words after the end still are."""
    if contact.call_state == CallState.OUTSIDE:
        return rules.transcribe_outside
    return contact.call_state != CallState.HANDED_OVER


def hears_counselor(contact: Contact) -> bool:
    """Until a counselor speaks, what the caller hears are words and music of the line."""
    return contact.call_state == CallState.BRIDGED


def recogniser_works(contact: Contact, works: bool, now: datetime) -> Change:
    change = calls.transcript_is(contact, Transcript.LIVE if works else Transcript.FAILED, now)
    return replace(change, effects=())


def stream_lost(contact: Contact, stream_sid: str, now: datetime) -> Change:
    """The audio ended without a word from the carrier. The same loss told twice orders one stream."""
    if not is_listened_to(contact):
        return NOTHING
    payload = {"call_sid": contact.call_sid, "language": contact.language}
    again = Effect(
        "transcribe",
        contact.id,
        f"{contact.id}:stream:{stream_sid}",
        payload,
        now + TRANSCRIBED_AGAIN_AFTER,
    )
    return recogniser_works(contact, False, now).then(Change(effects=(again,)))
