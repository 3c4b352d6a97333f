"""Which queues ring at several counselors at once, at how many, and after how long every queue does: by the console.

Until somebody rules it there, the settings stand (`HOTLINE_RING_AT_ONCE…`); afterwards what was ruled, from that moment
on, for those who wait already too. `ringing.py` says what it means.

A queue is a channel, a language of it, a skill of it, or a skill in one language: `call`, `call:en`, `call:*:youth`,
`call:en:youth`. A contact stands in all queues of what it asks for.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Field, SQLModel

from hotline.domain.change import Change, Event
from hotline.domain.contacts import Channel
from hotline.domain.ids import StaffId
from hotline.domain.service_rules import ServiceRules
from hotline.errors import FieldProblem, Invalid, StaleVersion

RING_RULES_ID = "ring_rules"

RINGING = (Channel.CALL, Channel.CHAT, Channel.SMS, Channel.SCHOOL)
"""Channels that are offered."""
MOST_AT_ONCE = 20
MOST_QUEUES = 40
LONGEST_TURN = timedelta(minutes=10)
"""Whoever has waited that long by turn has been forgotten by a rule."""
_ANY = "*"
_FORM = re.compile(
    r"(call|chat|sms|school)(:(zh|en))?|(call|chat|sms|school):(zh|en|\*):[a-z][a-z0-9_]{0,31}"
)


class RingRules(SQLModel):
    id: str = RING_RULES_ID
    queues: list[str] = Field(default_factory=list)
    most: int
    after_seconds: int
    changed_by: StaffId | None = None
    changed_at: datetime | None = None
    version: int = 0


def queue_name(channel: str, language: str | None = None, skill: str | None = None) -> str:
    if skill is not None:
        return f"{channel}:{language or _ANY}:{skill}"
    return channel if language is None else f"{channel}:{language}"


def of_queue(name: str) -> tuple[str, str | None, str | None]:
    """The channel, and language and skill where it is meant for these alone."""
    channel, language, skill = (*name.split(":", 2), "", "")[:3]
    return channel, None if language in ("", _ANY) else language, skill or None


def check_queue(name: str) -> str:
    if not _FORM.fullmatch(name):
        raise ValueError("must name queues such as call, chat:en, call:*:youth or call:en:youth")
    return name


def set_at_start(rules: ServiceRules) -> RingRules:
    """What the settings say."""
    seconds = int(rules.ring_at_once_after.total_seconds())
    return RingRules(queues=list(rules.ring_at_once), most=rules.ring_at_once_most, after_seconds=seconds)


def applied(rules: ServiceRules, ruled: RingRules | None) -> ServiceRules:
    """The service's rules with what was ruled since."""
    if ruled is None:
        return rules
    return replace(
        rules,
        ring_at_once=tuple(ruled.queues),
        ring_at_once_most=ruled.most,
        ring_at_once_after=timedelta(seconds=ruled.after_seconds),
    )


def change(
    known: RingRules | None, wish: RingRules, rules: ServiceRules, actor: StaffId, now: datetime
) -> Change:
    """`wish.version` is the one that was seen."""
    version = 0 if known is None else known.version
    if wish.version != version:
        raise StaleVersion("Somebody else has ruled it meanwhile. Look at it again.")
    problems = tuple(_problems(wish, rules))
    if problems:
        raise Invalid("Calls cannot ring like that.", fields=problems)
    update = {
        "queues": sorted(set(wish.queues)),
        "changed_by": actor,
        "changed_at": now,
        "version": version + 1,
    }
    ruled = wish.model_copy(update=update)
    facts = {"queues": ruled.queues, "most": ruled.most, "after_seconds": ruled.after_seconds}
    return Change((ruled,), (Event("ring_rules", "changed", ruled.id, actor, facts),), answer=ruled)


def _problems(wish: RingRules, rules: ServiceRules) -> list[FieldProblem]:
    found, known = [], {each.code for each in rules.all_skills}
    if len(wish.queues) > MOST_QUEUES:
        found.append(FieldProblem("queues", f"at most {MOST_QUEUES}"))
    for name in wish.queues:
        skill = of_queue(name)[2]
        if not _FORM.fullmatch(name) or (skill is not None and skill not in known):
            found.append(FieldProblem("queues", "names a queue that there is not"))
    if not 1 <= wish.most <= MOST_AT_ONCE:
        found.append(FieldProblem("most", f"must be 1 to {MOST_AT_ONCE}"))
    if not 0 <= wish.after_seconds <= LONGEST_TURN.total_seconds():
        found.append(FieldProblem("after_seconds", "is out of range"))
    return found
