"""The voice of the line: the service's words (`words.py`) as the carrier reads them aloud, in either language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from twilio.twiml.voice_response import Gather, VoiceResponse

from hotline.telephony.words import SPOKEN, spoken_numbers

_VOICES = {"zh": ("cmn-CN", "Polly.Zhiyu"), "en": ("en-US", "Polly.Joanna")}


@dataclass(frozen=True, slots=True)
class Voice:
    """`numbers`: whom to call in immediate danger."""

    name_zh: str
    name_en: str
    numbers: tuple[str, ...]

    def says(self, response: VoiceResponse | Gather, code: str, language: str, **values: Any) -> None:
        name = self.name_zh if language == "zh" else self.name_en
        numbers = spoken_numbers(list(self.numbers), language)
        spoken_language, voice = _VOICES[language]
        text = SPOKEN[code][language].format(name=name, numbers=numbers, **values)
        say: Callable[..., Any] = response.say  # the library types it on one of the two only
        say(text, language=spoken_language, voice=voice)

    def says_both(self, response: VoiceResponse | Gather, code: str, first: str = "zh") -> None:
        for language in (first, "en" if first == "zh" else "zh"):
            self.says(response, code, language)
