"""The switchboard: a supervisor diverts a queue for a while, and everybody sees that it is diverted.

    (made) ──▶ in force ──until──▶ over
                  └──ended by hand──▶ over

A queue is a channel × language × skill; what is left open means all of them. Where goes what arrives or waits there:

| to       | calls                                              | chats and texts                                   |
|----------|----------------------------------------------------|---------------------------------------------------|
| skills   | are offered to counselors of other skills, or of none in particular | the same                         |
| callback | callers are asked to leave a message or to be called back | not possible                               |
| partner  | are put through to the partner line                | are shown its number, and go on waiting           |
| pause    | not possible: a call is always taken               | new ones are answered with words and numbers      |

Whoever is at high or imminent risk is never diverted: they stay with us. If several are in force, the most exact one
counts, then the newest. A diversion always ends by itself: a forgotten one would turn people away for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Field, SQLModel

from hotline.domain.change import MACHINE, Change, Due, Event
from hotline.domain.contacts import RISKY, Channel, Contact, ContactState
from hotline.domain.ids import DiversionId, StaffId
from hotline.domain.service_rules import ServiceRules
from hotline.errors import FieldProblem, Invalid, WrongState

LONGEST = timedelta(hours=24)
"""Whoever wants it longer looks at it again the next day."""
WRITTEN = (Channel.CHAT, Channel.SMS)
AT_PARTNER, PARTNER_TRIED, PARTNER_SHOWN = "partner", "partner_tried", "partner_shown"
MESSAGE_TRIED = "message_tried"
"""`Contact.diverted`: the caller's line is with the partner; nobody picked up there; the number was shown; they were
asked for a message and said nothing."""
PARTNER_WORDS = {
    "zh": "现在等候的人很多，对不起让您久等。您也可以拨打合作热线 {number}，那里现在有人接听。我们这里仍然为您排着队。",
    "en": "Many people are waiting now, and we are sorry that it takes so long. You may also call our partner line, "
    "{number}: somebody is there now. You keep your place with us.",
}
DIVERTIBLE = (Channel.CALL, Channel.CHAT, Channel.SMS)


class DivertTo(StrEnum):
    SKILLS = "skills"
    CALLBACK = "callback"
    PARTNER = "partner"
    PAUSE = "pause"


class Diversion(SQLModel):
    """`channel`, `language` and `skill` None: all of them. `to_skills`: for `skills`; none: anybody."""

    id: DiversionId
    channel: Channel | None = None
    language: str | None = None
    skill: str | None = None
    to: DivertTo
    to_skills: list[str] = Field(default_factory=list)
    reason: str | None = None
    made_by: StaffId
    made_at: datetime
    until: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None


def in_force(diversion: Diversion, now: datetime) -> bool:
    return diversion.ended_at is None and now < diversion.until


def due(diversion: Diversion, _rules: ServiceRules) -> Due | None:
    return Due("diversion_ends", diversion.until) if diversion.ended_at is None else None


# What can happen --------------------------------------------------------------------------------


def _changed(diversion: Diversion, what: str, actor: str) -> Change:
    facts = {
        "channel": diversion.channel,
        "language": diversion.language,
        "skill": diversion.skill,
        "to": diversion.to,
        "until": diversion.until,
    }
    event = Event("diversion", what, diversion.id, actor, facts)
    return Change(save=(diversion,), events=(event,), answer=diversion)


def divert(diversion: Diversion, rules: ServiceRules) -> Change:
    problems = tuple(_problems(diversion, rules))
    if problems:
        raise Invalid("This queue cannot be diverted like that.", fields=problems, code="not_divertible")
    return _changed(diversion, "made", diversion.made_by)


def _problems(diversion: Diversion, rules: ServiceRules) -> Iterable[FieldProblem]:
    if diversion.channel is not None and diversion.channel not in DIVERTIBLE:
        yield FieldProblem("channel", "is not routed")
    if diversion.to is DivertTo.PAUSE and diversion.channel is not Channel.CHAT:
        yield FieldProblem("channel", "only chats can be paused: a call is always taken")
    if diversion.to is DivertTo.PAUSE and diversion.skill is not None:
        yield FieldProblem("skill", "chats are paused by language")
    if diversion.to is DivertTo.CALLBACK and diversion.channel is not Channel.CALL:
        yield FieldProblem("channel", "only calls can go to voicemail and call-back")
    if diversion.to is DivertTo.PARTNER and not rules.partner_number:
        yield FieldProblem("to", "no partner line is set (HOTLINE_PARTNER_NUMBER)")
    if diversion.to is DivertTo.SKILLS and diversion.skill in diversion.to_skills:
        yield FieldProblem("to_skills", "is where they are already")
    if not timedelta(0) < diversion.until - diversion.made_at <= LONGEST:
        yield FieldProblem("minutes", "is out of range")


def end(diversion: Diversion, actor: str, now: datetime) -> Change:
    if diversion.ended_at is not None:
        raise WrongState("This diversion is over already.", code="diversion_over")
    return _changed(
        diversion.model_copy(update={"ended_at": now, "ended_by": actor}),
        "ended" if actor != MACHINE else "ran_out",
        actor,
    )


def on_deadline(diversion: Diversion, now: datetime) -> Change:
    if diversion.ended_at is not None or diversion.until > now:
        return Change(save=(diversion,))
    return end(diversion, MACHINE, now)


# What it means ----------------------------------------------------------------------------------


def _covers(
    diversion: Diversion, channel: Channel, language: str, skills: Iterable[str], now: datetime
) -> bool:
    return (
        in_force(diversion, now)
        and diversion.channel in (None, channel)
        and diversion.language in (None, language)
        and (diversion.skill is None or diversion.skill in skills)
    )


def _exactness(diversion: Diversion) -> tuple[int, datetime]:
    given = (diversion.skill, diversion.channel, diversion.language)
    return sum(1 for each in given if each is not None), diversion.made_at


def of_contact(diversions: Iterable[Diversion], contact: Contact, now: datetime) -> Diversion | None:
    """The one that counts for somebody who waits; none at risk, and none for who was lost once."""
    if contact.state is not ContactState.WAITING or contact.channel not in DIVERTIBLE:
        return None
    if contact.level in RISKY or contact.peak_level in RISKY or contact.interrupted_since is not None:
        return None
    covering = [
        each
        for each in diversions
        if each.to is not DivertTo.PAUSE
        and _covers(each, contact.channel, contact.language, contact.skills, now)
    ]
    return max(covering, key=_exactness, default=None)


def line_goes_to(
    diversions: Iterable[Diversion], contact: Contact, now: datetime, rules: ServiceRules
) -> DivertTo | None:
    """Where a waiting caller's line goes now: by diversion, or after too long a wait, whatever the risk: somebody
    there is better than nobody here. Not while one of ours is being asked, and not twice."""
    if contact.channel is not Channel.CALL or contact.state is not ContactState.WAITING:
        return None
    if contact.offer_id is not None or contact.diverted not in (None, MESSAGE_TRIED):
        return None
    diverted = of_contact(diversions, contact, now)
    ways = {DivertTo.PARTNER} if contact.diverted == MESSAGE_TRIED else {DivertTo.CALLBACK, DivertTo.PARTNER}
    if diverted is not None and diverted.to in ways:
        return diverted.to
    since = contact.waiting_since or contact.opened_at
    too_long = bool(rules.partner_number) and now - since >= rules.partner_overflow_after
    return DivertTo.PARTNER if too_long else None


def pause_of(diversions: Iterable[Diversion], language: str, now: datetime) -> Diversion | None:
    """Whether new chats of this language are paused."""
    pausing = [
        each
        for each in diversions
        if each.to is DivertTo.PAUSE and _covers(each, Channel.CHAT, language, (), now)
    ]
    return max(pausing, key=_exactness, default=None)
