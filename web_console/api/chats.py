"""Help-seekers open a chat without an account. What follows goes over `/ws/chat`."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from hotline.actions import contacts
from hotline.domain.topics import AGE_BANDS, TOPICS, AgeBand
from hotline.errors import Forbidden, NotSignedIn, SlowDown
from web_console.openapi import PUBLIC, ApiRequest, Body, invalid_field, route

_TOPIC_CODES = frozenset(each.code for each in TOPICS)


def _known_topic(code: str | None) -> str | None:
    """A code is kept in the clear: nobody's own words may pass for one."""
    if code is not None and code not in _TOPIC_CODES:
        raise ValueError("must be one of the topics of /api/public")
    return code


_SHORTEST_KEY = 16  # whoever guesses the key of a chat is given its token
_JOINERS = "\u200c\u200d"  # written languages and emoji need them


def _as_shown(nickname: str | None) -> str | None:
    """On one line and visible: what turns the direction of writing or draws nothing could make a list say of somebody
    what is not so."""
    if nickname is None:
        return None
    line = " ".join(nickname.split())
    seen = "".join(each for each in line if each in _JOINERS or unicodedata.category(each)[0] != "C")
    return seen.strip(f" {_JOINERS}") or None


class OpenChat(Body):
    """`same_counselor_as`: the token of an earlier chat, whose counselor is waited for a while if they are at work."""

    language: Literal["zh", "en"] = "zh"
    nickname: Annotated[str | None, AfterValidator(_as_shown)] = Field(default=None, max_length=40)
    topic: Annotated[str | None, AfterValidator(_known_topic)] = Field(
        default=None, max_length=40, pattern=r"^[a-z_]+$"
    )
    age_band: AgeBand | None = None
    survey: dict[str, str] | None = Field(default=None, max_length=10)
    same_counselor_as: str | None = Field(default=None, min_length=1, max_length=200)


class OpenedChat(TypedDict):
    """`token` opens the chat's socket and nothing else."""

    contact_id: str
    token: str


class Answers(Body):
    helped: int = Field(ge=1, le=5)
    comment: str | None = Field(default=None, max_length=2000)


class Feedback(Body):
    answers: Answers


@route(
    "POST",
    "/api/chats",
    permission=PUBLIC,
    body=OpenChat,
    answer=OpenedChat,
    status=201,
    errors=(Forbidden, "chats_paused", SlowDown),
)
async def open_chat(request: ApiRequest) -> OpenedChat:
    """Open an anonymous chat. The same `Idempotency-Key` again gives the same chat, and its token:
    it has 16 characters at least, and nobody can guess it."""
    wish: OpenChat = request.body
    key = request.idempotency_key
    if key is not None and len(key) < _SHORTEST_KEY:
        raise invalid_field("Idempotency-Key", f"at least {_SHORTEST_KEY} characters, which nobody can guess")
    age_band = wish.age_band or (wish.survey or {}).get("age_band")
    contact, token = await contacts.open_chat(
        request.hotline,
        language=wish.language,
        nickname=wish.nickname,
        topic=wish.topic,
        age_band=age_band if age_band in AGE_BANDS else None,
        idempotency_key=key,
        same_counselor_as=wish.same_counselor_as,
    )
    return {"contact_id": contact.id, "token": token}


@route(
    "POST", "/api/chats/feedback", permission=PUBLIC, body=Feedback, errors=(NotSignedIn,), by_chat_token=True
)
async def feedback(request: ApiRequest) -> None:
    """The two questions after a chat; opened by the chat's own token."""
    if request.bearer is None:
        raise NotSignedIn("The chat's token is needed.", code="wrong_token")
    contact = await contacts.contact_of_token(request.hotline, request.bearer)
    wish: Feedback = request.body
    await contacts.keep_feedback(request.hotline, contact.id, wish.answers.helped, wish.answers.comment)
