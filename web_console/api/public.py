"""What anybody may know before writing a word."""

from __future__ import annotations

from typing_extensions import TypedDict

from hotline.actions import messages, outside
from hotline.actions.switchboard import chats_paused
from hotline.domain.topics import AGE_BANDS, TOPICS, AgeBand
from web_console.openapi import PUBLIC, ApiRequest, route


class NumberView(TypedDict):
    number: str
    label_zh: str
    label_en: str


class TopicView(TypedDict):
    code: str
    zh: str
    en: str


class PublicView(TypedDict):
    """`on_duty`: whether anybody is there to answer; `chats_paused` are the languages in which
    no new chat can be begun now; `usual_wait_seconds` is null while that is not known."""

    service_name_zh: str
    service_name_en: str
    numbers: list[NumberView]
    on_duty: bool
    chats_paused: list[str]
    usual_wait_seconds: int | None
    minors_allowed: bool
    neutral_url: str
    topics: list[TopicView]
    age_bands: list[AgeBand]
    max_message_length: int


@route("GET", "/api/public", permission=PUBLIC, answer=PublicView)
async def about_the_service(request: ApiRequest) -> PublicView:
    """The service's names, whether somebody is on duty, and whom to call in immediate danger."""
    hotline = request.hotline
    settings = hotline.settings
    return {
        "service_name_zh": settings.service_name_zh,
        "service_name_en": settings.service_name_en,
        "numbers": [
            {"number": each.number, "label_zh": each.label_zh, "label_en": each.label_en}
            for each in settings.numbers
        ],
        "on_duty": outside.is_anybody_there(hotline),
        "chats_paused": [each for each in ("zh", "en") if chats_paused(hotline, each)],
        "usual_wait_seconds": hotline.matcher.usual_wait_seconds(),
        "minors_allowed": settings.minors_may_chat_anonymously,
        "neutral_url": settings.neutral_url,
        "topics": [{"code": each.code, "zh": each.zh, "en": each.en} for each in TOPICS],
        "age_bands": list(AGE_BANDS),
        "max_message_length": messages.MAX_LENGTH,
    }
