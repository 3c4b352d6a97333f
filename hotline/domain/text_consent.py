"""Whether a person wants text messages from us: STOP and START, 退订 and 开始, and nothing sent in between.

    texts are welcome ──STOP, 退订, a counselor notes it, or the carrier says so──▶ stopped
            ▲                                                                         │
            └──────────────────────── START, 开始 (theirs alone) ──────────────────────┘

Only a message that is nothing but the word counts: "stop i took pills" is somebody speaking, and is triaged and
answered like any other. YES and START say "begin again" only to who had stopped; to all others they are an answer.
HELP is somebody asking for help first, and a word for the carrier second: it opens a conversation.

Each order is kept once per message (`TextConsent`), since the same one may be told again after a later one.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from enum import StrEnum

from sqlmodel import SQLModel

from hotline.domain.change import PERSON, Change, Event
from hotline.domain.ids import PersonId, derived_id
from hotline.domain.people import Person

STOPPED_AT_CARRIER = 21610  # the carrier's error number: the person has told the carrier to stop us


class TextWord(StrEnum):
    STOP = "stop"
    START = "start"
    HELP = "help"


# The carrier's own words (it then blocks by itself), and those that people in China know from operators.
_WORDS: dict[str, TextWord] = {
    **dict.fromkeys("stop stopall unsubscribe cancel end quit revoke optout".split(), TextWord.STOP),
    **dict.fromkeys(("退订", "td", "t", "取消订阅", "停止"), TextWord.STOP),
    **dict.fromkeys(("start", "yes", "unstop", "开始", "恢复", "重新开始"), TextWord.START),
    **dict.fromkeys(("help", "info", "帮助"), TextWord.HELP),
}


class TextConsent(SQLModel):
    """One order to stop or begin again; `id` is made of the message's id."""

    id: str
    person_id: PersonId
    stopped: bool
    at: datetime


def consent_id(message_sid: str) -> str:
    return derived_id("tco", message_sid)


def word_of(text: str) -> TextWord | None:
    """The order that this text is, if it is nothing else: `Stop.`, ` ＴＤ `, `退订！`."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = "".join(each for each in folded if unicodedata.category(each)[0] in "LN")
    return _WORDS.get(bare)


def ordered(person: Person, message_sid: str, *, stopped: bool, now: datetime, actor: str = PERSON) -> Change:
    """The person's order, kept. `answer` is the person."""
    order = TextConsent(id=consent_id(message_sid), person_id=person.id, stopped=stopped, at=now)
    return Change(save=(order,)).then(
        stopped_now(person, now, actor) if stopped else started(person, now, actor)
    )


def stopped_now(person: Person, now: datetime, actor: str) -> Change:
    if person.texts_stopped_at is not None:
        return Change(answer=person)
    person = person.model_copy(update={"texts_stopped_at": now})
    return Change((person,), (Event("person", "texts_stopped", person.id, actor),), answer=person)


def started(person: Person, now: datetime, actor: str) -> Change:
    if person.texts_stopped_at is None:
        return Change(answer=person)
    person = person.model_copy(update={"texts_stopped_at": None})
    return Change((person,), (Event("person", "texts_started", person.id, actor),), answer=person)
