"""Today's figures, each with its definition, from the contacts of the day.

Offered: contacts opened by people (calls and chats). Answered: those a counselor took. Abandoned: ended
before anybody answered, later than the threshold. Speed of answer counts from opening to answering.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from hotline.domain.contacts import Channel, Contact, ContactState

ABANDONED_AFTER = timedelta(seconds=5)
"""Project default: whoever is gone within five seconds had dialled wrong or thought again."""

COUNTED = (Channel.CALL, Channel.CHAT, Channel.SMS)

DEFINITIONS: dict[str, tuple[str, str]] = {
    "answer_rate": (
        "接通率 = 已接入 ÷ 来访总数(不含仍在等待的)",
        "Answer rate = answered ÷ offered, those who still wait not counted",
    ),
    "average_speed_of_answer_s": (
        "平均应答时间 = 从来访到咨询员接入的平均秒数",
        "Average speed of answer = mean seconds from arrival to a counselor",
    ),
    "abandonment_rate": (
        "放弃率 = 等待超过 5 秒后离开、未被接入的 ÷ 来访总数(不含仍在等待的)",
        "Abandonment = left unanswered after more than 5 s ÷ offered, those who still wait not counted",
    ),
}


@dataclass(frozen=True, slots=True)
class Hour:
    hour: int
    offered: int
    answered: int


@dataclass(frozen=True, slots=True)
class Indicators:
    """Rates are 0…1; None where nobody was answered or gone yet. Who still waits is no failure yet."""

    offered: int
    answered: int
    abandoned: int
    answer_rate: float | None
    abandonment_rate: float | None
    average_speed_of_answer_s: float | None
    hours: tuple[Hour, ...]


def indicators(contacts: Iterable[Contact], zone: tzinfo) -> Indicators:
    offered = [each for each in contacts if each.channel in COUNTED]
    answered = [each for each in offered if each.answered_at is not None]
    abandoned = [each for each in offered if _abandoned(each)]
    decided = sum(1 for each in offered if each.answered_at is not None or each.state is ContactState.CLOSED)
    waits = [_seconds(each.opened_at, each.answered_at) for each in answered if each.answered_at is not None]
    hours: dict[int, list[Contact]] = {}
    for each in offered:
        hours.setdefault(each.opened_at.astimezone(zone).hour, []).append(each)
    return Indicators(
        offered=len(offered),
        answered=len(answered),
        abandoned=len(abandoned),
        answer_rate=len(answered) / decided if decided else None,
        abandonment_rate=len(abandoned) / decided if decided else None,
        average_speed_of_answer_s=sum(waits) / len(waits) if waits else None,
        hours=tuple(
            Hour(hour, len(group), sum(1 for each in group if each.answered_at is not None))
            for hour, group in sorted(hours.items())
        ),
    )


def _seconds(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()


def _abandoned(contact: Contact) -> bool:
    over = contact.state is ContactState.CLOSED and contact.answered_at is None
    return over and contact.ended_at is not None and contact.ended_at - contact.opened_at > ABANDONED_AFTER
