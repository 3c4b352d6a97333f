"""What is heard on the way into a call's room, on hold and beside it. A part of `scripts.py`.

| script       | for                                                | then the carrier asks at                |
|--------------|----------------------------------------------------|-----------------------------------------|
| room         | the caller's way into the room                     | room-left when out                      |
| staff_room   | the way of a counselor, a colleague, a party       | nothing: the leg ends                   |
| listener     | a supervisor's: heard by nobody, by one, by all    | nothing: the leg ends                   |
| on_hold      | words that fit why, then music                     | hold again, round by round              |
| announced    | words to all in the room                           | nothing                                 |
| party_asked  | an outside phone was picked up: by a person?       | leg, once a key was pressed             |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from hotline.telephony import addresses
from hotline.telephony.addresses import Addresses
from hotline.telephony.voice import Voice

_MUSIC_ROUNDS = 2  # of twelve seconds: then the words again, as they fit by then
_KEY_WITHIN_SECONDS = 8  # after the words; a machine says nothing and presses nothing


@dataclass(frozen=True, slots=True)
class RoomScripts:
    addresses: Addresses
    voice: Voice

    def room(self, contact_id: str) -> str:
        """The caller's going ends the room."""
        left = self.addresses.of(addresses.ROOM_LEFT, contact=contact_id)
        return self._in_room(contact_id, left, end_conference_on_exit=True)

    def staff_room(self, contact_id: str) -> str:
        return self._in_room(contact_id, None, end_conference_on_exit=False)

    def listener(self, contact_id: str, mode: str, coached: str | None) -> str:
        """Muted unless somebody is to hear them: a whisper without an ear is heard by nobody."""
        options: dict[str, Any] = {"end_conference_on_exit": False}
        if mode == "whisper" and coached is not None:
            options["coach"] = coached
        elif mode != "barge":
            options["muted"] = True
        return self._in_room(contact_id, None, **options)

    def _in_room(self, contact_id: str, left: str | None, **options: Any) -> str:
        response = VoiceResponse()
        dial = Dial(action=left, method="POST") if left else Dial()
        dial.conference(
            contact_id,
            start_conference_on_enter=True,
            beep=False,
            status_callback=self.addresses.of(addresses.ROOM_EVENTS, contact=contact_id),
            status_callback_event="join leave",
            status_callback_method="POST",
            **options,
        )
        response.append(dial)
        return str(response)

    def leave_queue(self) -> str:
        """Out of the carrier's queue: what is next is asked then."""
        response = VoiceResponse()
        response.leave()
        return str(response)

    def on_hold(self, contact_id: str, language: str, why: str) -> str:
        """`why` as in `domain/call_room.py`; a party on hold hears the same words as a caller who was asked to wait."""
        response = VoiceResponse()
        self.voice.says(response, f"on_hold_{why}", language)
        response.play(self.addresses.of(addresses.HOLD_MUSIC), loop=_MUSIC_ROUNDS)
        response.redirect(self.addresses.of(addresses.HOLD, contact=contact_id), method="POST")
        return str(response)

    def announced(self, what: str, language: str) -> str:
        response = VoiceResponse()
        self.voice.says(response, what, language)
        return str(response)

    def party_asked(self, leg_id: str, contact_id: str) -> str:
        response = VoiceResponse()
        taken = self.addresses.of(addresses.LEG, leg=leg_id, contact=contact_id)
        gather = Gather(input="dtmf", num_digits=1, timeout=_KEY_WITHIN_SECONDS, action=taken, method="POST")
        self.voice.says_both(gather, "party_asked", "zh")
        response.append(gather)
        response.hangup()
        return str(response)
