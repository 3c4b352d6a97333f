"""Code lists as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import TypedDict

from hotline.domain.referral_codes import Word


class Coded(TypedDict):
    code: str
    zh: str
    en: str


def coded(words: Mapping[str, Word]) -> list[Coded]:
    """In the list's own order."""
    return [{"code": each.code, "zh": each.zh, "en": each.en} for each in words.values()]
