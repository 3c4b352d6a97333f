"""Callers who are connected to a telephone outside of ours (a partner line, a person on duty). A part of `scripts.py`.

| script        | for                                                     | then the carrier asks at              |
|---------------|---------------------------------------------------------|---------------------------------------|
| connected_to  | the caller: words, then the other telephone rings       | partner-left or fallback-left         |
| outside_asked | whoever picked up there: a person, or a machine?        | outside-taken, once a key was pressed |
| outside_taken | they pressed a key                                      | nothing: the two are connected        |
| duty_notice   | a duty telephone that we ring: who waits, how long      | duty-key with a key; else hung up     |
| duty_enters   | there 1 was pressed: to the caller                      | nothing                               |
| duty_room     | that caller                                             | fallback-left                         |

Who presses no key is hung up on, and the caller goes on: to the next telephone, or back to our queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from hotline.telephony import addresses
from hotline.telephony.room_scripts import RoomScripts

_RINGS_SECONDS = 30
_KEY_WITHIN_SECONDS = 8  # after the words; a machine says nothing and presses nothing


@dataclass(frozen=True, slots=True)
class OutsideScripts(RoomScripts):
    own_number: str = ""
    """The line's own, shown to whoever outside is rung for a caller. Empty: the caller's own is passed on."""

    def partner(self, contact_id: str, language: str, number: str) -> str:
        left = self.addresses.of(addresses.PARTNER_LEFT, contact=contact_id)
        return self._connected_to(number, left, contact_id, language, "to_partner")

    def duty_telephone(self, contact_id: str, language: str, number: str, rung: int) -> str:
        """`rung`: how many telephones rang in vain before this one."""
        left = self.addresses.of(addresses.FALLBACK_LEFT, contact=contact_id, rung=str(rung))
        words = "to_next_duty_telephone" if rung else "to_duty_telephone"
        return self._connected_to(number, left, contact_id, language, words)

    def _connected_to(self, number: str, left: str, contact_id: str, language: str, words: str) -> str:
        response = VoiceResponse()
        self.voice.says(response, words, language)
        dial = Dial(timeout=_RINGS_SECONDS, action=left, method="POST", **self.shown_number())
        asked = self.addresses.of(addresses.OUTSIDE_ASKED, contact=contact_id)
        dial.number(number, url=asked, method="POST")
        response.append(dial)
        return str(response)

    def shown_number(self) -> dict[str, Any]:
        return {"caller_id": self.own_number} if self.own_number else {}

    def outside_asked(self, contact_id: str) -> str:
        response = VoiceResponse()
        taken = self.addresses.of(addresses.OUTSIDE_TAKEN, contact=contact_id)
        gather = Gather(input="dtmf", num_digits=1, timeout=_KEY_WITHIN_SECONDS, action=taken, method="POST")
        self.voice.says_both(gather, "party_asked")
        response.append(gather)
        response.hangup()
        return str(response)

    # The duty telephone is rung ------------------------------------------------------------------------------------

    def duty_notice(self, attempt: int, language: str, said: Mapping[str, int], *, caller: bool) -> str:
        """Said twice, then hung up: the next telephone. `said`: how many wait, how many of them in writing, how long,
        alerts; `caller`: somebody is on a line who can be connected. No key is named that would do nothing."""
        response = VoiceResponse()
        for again in ("0", "1"):
            key = self.addresses.of(
                addresses.DUTY_KEY, attempt=str(attempt), again=again, offered="1" if caller else "0"
            )
            gather = Gather(
                input="dtmf", num_digits=1, timeout=_KEY_WITHIN_SECONDS, action=key, method="POST"
            )
            self.voice.says(gather, "duty_hello", language)
            if said["count"]:
                self.voice.says(gather, "duty_waiting", language, **said)
            if said["alerts"]:
                self.voice.says(gather, "duty_alerts", language, **said)
            if caller and said["written"]:
                self.voice.says(gather, "duty_written_too", language, **said)
            if caller:
                self.voice.says(gather, "duty_take_key", language)
            elif said["count"]:
                self.voice.says(gather, "duty_nobody_on_line", language)
            self.voice.says(gather, "duty_acknowledge_key", language)
            response.append(gather)
        response.hangup()
        return str(response)

    def duty_says(self, code: str, language: str, **values: Any) -> str:
        response = VoiceResponse()
        self.voice.says(response, code, language, **values)
        response.hangup()
        return str(response)

    def duty_enters(self, contact_id: str, language: str) -> str:
        """The telephone where 1 was pressed; the caller comes in a moment."""
        response = VoiceResponse()
        self.voice.says(response, "duty_connecting", language)
        return self._into_room(response, contact_id, Dial())

    def duty_room(self, contact_id: str, language: str) -> str:
        """The caller's way there; when either hangs up, it is over."""
        response = VoiceResponse()
        self.voice.says(response, "to_duty_telephone", language)
        left = self.addresses.of(addresses.FALLBACK_LEFT, contact=contact_id)
        return self._into_room(response, contact_id, Dial(action=left, method="POST"))

    def _into_room(self, response: VoiceResponse, contact_id: str, dial: Dial) -> str:
        dial.conference(f"{contact_id}-duty", end_conference_on_exit=True, beep=False)
        response.append(dial)
        return str(response)

    def outside_taken(self) -> str:
        return str(VoiceResponse())
