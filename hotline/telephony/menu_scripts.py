"""The door's own scripts, as TwiML: the steps of `domain/inbound.py`, and what a caller may choose while waiting.

| script         | for                                       | then the carrier asks at                         |
|----------------|-------------------------------------------|--------------------------------------------------|
| language       | a new call                                | menu, with the key or without                    |
| notice         | the notice, recording, the safety question| menu                                             |
| straight_in    | past the menu                             | queue-wait while waiting, queue-left when out    |
| held_up, closed| who is not put through now                | menu                                             |
| waiting        | one round in the queue, with keys         | menu with a key, else queue-wait again           |
| message        | leaves a message                          | message-left; message-recorded when it is kept   |

Uploaded notices are played instead of the words that they stand for; each Gather is followed by a Redirect, so that
no key is an answer too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from twilio.twiml.voice_response import Gather, VoiceResponse

from hotline.telephony import addresses
from hotline.telephony.menu_words import opening_words
from hotline.telephony.scripts import Scripts

_KEY_WITHIN_SECONDS = 2
_ROUND_SECONDS = 12  # between two announcements: often enough not to feel forgotten
_LONGEST_MESSAGE_SECONDS = 180
_SILENT_FOR_SECONDS = 8  # then the message is over: whoever looks for words may look for a while


def _other(language: str) -> str:
    return "en" if language == "zh" else "zh"


@dataclass(frozen=True, slots=True)
class MenuScripts(Scripts):
    """`notices`: the carrier's address of an uploaded notice by `greeting.zh` and so on."""

    notices: Mapping[str, str] = field(default_factory=dict)

    # The door --------------------------------------------------------------------------------------------------

    def language(self, language: str, again: int) -> str:
        response = VoiceResponse()
        gather = self._gather("language", again)
        if again:
            self.voice.says(gather, "not_understood", language)
        else:
            self.voice.says(gather, "welcome", language)
        self.voice.says(gather, "language_key", "zh")
        self.voice.says(gather, "language_key", "en")
        return self._then(response, gather, "language", again)

    def notice(self, language: str, again: int, *, by: str | None, recorded: bool) -> str:
        """`by` None: the language is only guessed, so both are heard."""
        response = VoiceResponse()
        if not again:
            response.append(self._listening(language))
        gather = self._gather("notice", again)
        languages = (language,) if by is not None else (language, _other(language))
        if again:
            self.voice.says(gather, "not_understood", language)
        else:
            if by in ("number", "earlier"):
                self.voice.says(gather, "welcome", language)
            for each in languages:
                self._heard(gather, "greeting", "notice", each)
        for code in ("danger_key", *(("recording_key",) if recorded else ())):
            for each in languages:
                self.voice.says(gather, code, each)
        return self._then(response, gather, "notice", again)

    def straight_in(self, contact_id: str, language: str, said: Iterable[str], *, listen: bool) -> str:
        response = VoiceResponse()
        if listen:
            response.append(self._listening(language))
        for code in said:
            self.voice.says(response, code, language)
        return self._queued(response, contact_id)

    def held_up(self, code: str, language: str, again: int) -> str:
        response = VoiceResponse()
        gather = self._gather("held_up", again)
        if again:
            self.voice.says(gather, "not_understood", language)
        else:
            self.voice.says_both(gather, "welcome", language)
        self.voice.says_both(gather, code, language)
        return self._then(response, gather, "held_up", again)

    def closed(self, language: str, again: int, opening: dict[str, Any] | None) -> str:
        response = VoiceResponse()
        gather = self._gather("closed", again)
        languages = (language, _other(language)) if not again else (language,)
        for each in languages:
            if not again:
                self.voice.says(gather, "welcome", each)
            self._heard(gather, "closed", "closed", each, opens=opening_words(opening, each))
        return self._then(response, gather, "closed", again)

    def closed_again(self, language: str, code: str) -> str:
        """What was chosen does not work; the other choices stand."""
        response = VoiceResponse()
        gather = self._gather("closed", 1)
        self.voice.says(gather, code, language)
        return self._then(response, gather, "closed", 1)

    def over(self, code: str, language: str) -> str:
        """The last words, and the end of the line."""
        response = VoiceResponse()
        self.voice.says(response, code, language)
        response.hangup()
        return str(response)

    # While waiting ---------------------------------------------------------------------------------------------

    def waiting_with_keys(
        self,
        contact_id: str,
        language: str,
        place: int | None,
        *,
        there: bool,
        in_queue: bool,
        first: bool,
        same_counselor: bool = False,
    ) -> str:
        """One round; `there`: somebody is online who could take the call; `same_counselor`: so is who served them
        last. In the first one the choices are not known before they were said: a key that comes earlier answers what
        was said before (`early`)."""
        response, at = VoiceResponse(), "queue" if in_queue else "line"
        early = {"early": "1"} if first and there else {}
        gather = self._gather("passed", 0, at=at, **early)
        if there:
            words = "place" if place is not None and place > 1 else "next"
            self.voice.says(gather, words, language, place=place)
        else:
            self.voice.says(gather, "nobody_there", language)
        self.voice.says(gather, "speak", language)
        gather.pause(length=_ROUND_SECONDS)
        response.append(gather)
        gather = self._gather("passed", 0, at=at)
        self.voice.says(gather, "wait_keys", language)
        if same_counselor:
            self.voice.says(gather, "same_counselor_key", language)
        self.voice.says(gather, "danger", language)
        gather.pause(length=_ROUND_SECONDS)
        response.append(gather)
        return self._next_round(response, contact_id, in_queue=in_queue)

    def goes_on_waiting(self, contact_id: str, language: str, code: str | None, *, in_queue: bool) -> str:
        response = VoiceResponse()
        if code is not None:
            self.voice.says(response, code, language)
        return self._next_round(response, contact_id, in_queue=in_queue)

    def _next_round(self, response: VoiceResponse, contact_id: str, *, in_queue: bool) -> str:
        path = addresses.QUEUE_WAIT if in_queue else addresses.QUEUE
        response.redirect(self.addresses.of(path, contact=contact_id, again="1"), method="POST")
        return str(response)

    def message(self, voicemail_id: str, contact_id: str, language: str, *, listen: bool) -> str:
        response = VoiceResponse()
        if listen:
            response.append(self._listening(language))
        self._heard(response, "voicemail", "leave_message", language)
        response.record(
            action=self.addresses.of(addresses.MESSAGE_LEFT, contact=contact_id, voicemail=voicemail_id),
            method="POST",
            max_length=_LONGEST_MESSAGE_SECONDS,
            timeout=_SILENT_FOR_SECONDS,
            finish_on_key="#",
            play_beep=True,
            recording_status_callback=self.addresses.of(addresses.MESSAGE_RECORDED, voicemail=voicemail_id),
            recording_status_callback_method="POST",
            recording_status_callback_event="completed absent",
        )
        # Nothing was said: the carrier asks nobody then, and goes on here. Whoever waited waits on.
        unsaid = self.addresses.of(
            addresses.MESSAGE_LEFT, contact=contact_id, voicemail=voicemail_id, silent="1"
        )
        response.redirect(unsaid, method="POST")
        return str(response)

    def called_back(self, contact_id: str, language: str) -> str:
        """The person whom we call back has answered: who we are, then the room."""
        response = VoiceResponse()
        response.append(self._listening(language))
        self.voice.says(response, "called_back", language)
        response.redirect(self.addresses.of(addresses.ROOM, contact=contact_id), method="POST")
        return str(response)

    # Parts -----------------------------------------------------------------------------------------------------

    def _menu(self, step: str, again: int, **more: str) -> str:
        return self.addresses.of(addresses.MENU, step=step, again=str(again), **more)

    def _gather(self, step: str, again: int, **more: str) -> Gather:
        return Gather(
            input="dtmf",
            num_digits=1,
            timeout=_KEY_WITHIN_SECONDS,
            action=self._menu(step, again, **more),
            method="POST",
        )

    def _then(self, response: VoiceResponse, gather: Gather, step: str, again: int) -> str:
        response.append(gather)
        response.redirect(self._menu(step, again), method="POST")
        return str(response)

    def _heard(
        self, response: VoiceResponse | Gather, notice: str, code: str, language: str, **values: Any
    ) -> None:
        """The operator's own recording, or the words."""
        address = self.notices.get(f"{notice}.{language}")
        if address is None:
            self.voice.says(response, code, language, **values)
        else:
            response.play(address)  # type: ignore[no-untyped-call]  # the library's own gap
