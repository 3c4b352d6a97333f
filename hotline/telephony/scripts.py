"""What the carrier is told to do with a line, as TwiML by its own builder.

| script        | for                                      | then the carrier asks at                      |
|---------------|------------------------------------------|-----------------------------------------------|
| queue         | back in the queue, with words            | queue-wait while waiting, queue-left when out |
| goodbye       | the contact is over                      | nothing                                       |
| fallback      | we cannot serve: words and a person      | nothing                                       |

The door's are in `menu_scripts.py`, the room's in `room_scripts.py`, other telephones' in `outside_scripts.py`.
Whenever the caller falls out of one of these, the carrier asks again: nobody is dropped by a missing verb.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from twilio.twiml.voice_response import Gather, Start, VoiceResponse

from hotline.telephony import addresses
from hotline.telephony.addresses import Addresses
from hotline.telephony.outside_scripts import OutsideScripts

_TRANSCRIBED_AS = {"zh": "cmn-Hans-CN", "en": "en-US"}
_QUEUE_NAME = "hotline"
TRANSCRIPTION_NAME = "turns"
_MOST_QUEUED = 1000  # the carrier's queue holds 100 by default; our own order is the truth
_SHORT_PAUSE_SECONDS = 3  # before it is tried again: long enough not to hammer, short enough not to feel lost
_KEY_WITHIN_SECONDS = 8  # after the words; a machine says nothing and presses nothing


@dataclass(frozen=True, slots=True)
class Scripts(OutsideScripts):
    fallback_number: str = ""
    own_recogniser: bool = False
    """The audio comes to us; the carrier does not listen."""
    partial_words: bool = True

    def _listening(self, language: str) -> Start:
        start = Start()
        if self.own_recogniser:
            start.stream(**stream_options(self.addresses))
        else:
            start.transcription(**transcription_options(self.addresses, language, partial=self.partial_words))
        return start

    def queue(self, contact_id: str, language: str, why: str | None) -> str:
        """`why`: the words for whoever was elsewhere and is back."""
        response = VoiceResponse()
        if why is not None:
            self.voice.says(response, why, language)
        return self._queued(response, contact_id)

    def _queued(self, response: VoiceResponse, contact_id: str) -> str:
        response.enqueue(
            _QUEUE_NAME,
            max_queue_size=_MOST_QUEUED,
            wait_url=self.addresses.of(addresses.QUEUE_WAIT, contact=contact_id),
            wait_url_method="POST",
            action=self.addresses.of(addresses.QUEUE_LEFT, contact=contact_id),
            method="POST",
        )
        return str(response)

    def goodbye(self, language: str) -> str:
        response = VoiceResponse()
        self.voice.says(response, "goodbye", language)
        response.hangup()
        return str(response)

    def leg_at_number(self, leg_id: str, contact_id: str) -> str:
        """A telephone at a number was picked up, by a person or a machine: only who presses a key gets the caller."""
        response = VoiceResponse()
        taken = self.addresses.of(addresses.LEG, leg=leg_id, contact=contact_id)
        gather = Gather(input="dtmf", num_digits=1, timeout=_KEY_WITHIN_SECONDS, action=taken, method="POST")
        self.voice.says_both(gather, "leg_rings", "zh")
        response.append(gather)
        response.hangup()
        return str(response)

    def leg_over(self, *, taken: bool = False) -> str:
        """`taken`: a colleague was first, or the same person at another telephone of theirs."""
        response = VoiceResponse()
        self.voice.says_both(response, "leg_taken" if taken else "leg_over", "zh")
        response.hangup()
        return str(response)

    def fallback(self) -> str:
        """Static: needs nothing of us. A person's number where one is set, else words with the public numbers."""
        response = VoiceResponse()
        self.voice.says_both(response, "fallback" if self.fallback_number else "fallback_words", "zh")
        if self.fallback_number:
            response.dial(self.fallback_number, **self.shown_number())
            self.voice.says_both(response, "fallback_words", "zh")
        response.hangup()
        return str(response)

    def out_of_queue(self) -> str:
        """We cannot say what waiting callers hear: out, where the carrier asks what is next. A wait may not dial."""
        response = VoiceResponse()
        response.pause(length=_SHORT_PAUSE_SECONDS)
        response.leave()
        return str(response)

    def hold_again(self, contact_id: str) -> str:
        """We cannot say what who is on hold hears: silence, then it is asked again."""
        response = VoiceResponse()
        response.pause(length=_SHORT_PAUSE_SECONDS)
        response.redirect(self.addresses.of(addresses.HOLD, contact=contact_id), method="POST")
        return str(response)

    def nothing(self) -> str:
        """An answer without orders."""
        return str(VoiceResponse())


def transcription_options(addresses_: Addresses, language: str, *, partial: bool) -> dict[str, Any]:
    """The same by TwiML and by request. No profanity filter: risk is in the very words it would hide."""
    return {
        "name": TRANSCRIPTION_NAME,
        "track": "both_tracks",
        "status_callback_url": addresses_.of(addresses.TRANSCRIPTION),
        "status_callback_method": "POST",
        "language_code": _TRANSCRIBED_AS[language],
        "partial_results": partial,
        "profanity_filter": False,
        "enable_automatic_punctuation": True,
    }


def stream_options(addresses_: Addresses) -> dict[str, Any]:
    """The same by TwiML and by request. Without a name: a lost stream's would still be taken by it."""
    return {
        "url": addresses_.socket(addresses.MEDIA),
        "track": "both_tracks",
        "status_callback": addresses_.of(addresses.STREAM_STATUS),
        "status_callback_method": "POST",
    }
