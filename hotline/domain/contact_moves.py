"""A contact: one encounter, by chat, call, SMS, school report or walk-in.

    open ──▶ waiting ──assign──▶ active ──end──▶ wrap_up ──close──▶ closed
               ▲  │                │ ▲              (a disposition is demanded)
               │  └─abandon─▶ closed │
               └──counselor lost / transfer to the queue

| state    | may                                          | next deadline (`due`)                            |
|----------|----------------------------------------------|--------------------------------------------------|
| waiting  | assign, abandon, write                       | supervisors are told; page gone; partner line   |
| active   | write, requeue, transfer, end, help          | silence: theirs is asked about, ours is told of |
| wrap_up  | close                                        | supervisors are told that wrap-up is long        |
| closed   | nothing, but for those who are back          | none                                             |

Back from the end (`back_to_waiting`) are only callers whom nobody has: a message that tells of danger, an outside party
whose line ended before theirs. Levels are `risk.py`'s; who is offered what is `routing.py`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from hotline.domain import passing_on, ringing
from hotline.domain.change import MACHINE, PERSON, Change, Due, Event
from hotline.domain.contacts import (
    AT_RISK,
    FROM_PERSON,
    RISKY,
    Channel,
    Contact,
    ContactState,
    EndedBy,
    Message,
    Sender,
)
from hotline.domain.ids import (
    StaffId,
)
from hotline.domain.service_rules import ServiceRules
from hotline.domain.switchboard import PARTNER_SHOWN
from hotline.errors import WrongState


def refuse_unless(contact: Contact, *states: ContactState) -> None:
    if contact.state not in states:
        raise WrongState(f"The contact is {contact.state}.", code="wrong_state")


def moved(contact: Contact, **fields: Any) -> Contact:
    return contact.model_copy(update={**fields, "version": contact.version + 1})


def _changed(contact: Contact, what: str, actor: str, **facts: Any) -> Change:
    return Change(save=(contact,), events=(Event("contact", what, contact.id, actor, facts),), answer=contact)


def event(contact: Contact, what: str, actor: str, **facts: Any) -> Event:
    return Event("contact", what, contact.id, actor, facts)


# What happens next, and when -------------------------------------------------------------------


def _waiting_span(contact: Contact, rules: ServiceRules) -> timedelta:
    """The level's own span, if policy has one and it is not longer than everybody's."""
    own = rules.tier(contact.level, contact.act_in_progress).clocks.waiting_escalates_after
    return min(own or rules.waiting_escalates_after, rules.waiting_escalates_after)


def _supervisor_span(contact: Contact, rules: ServiceRules) -> timedelta:
    own = rules.tier(contact.level, contact.act_in_progress).clocks.supervisor_joins_within
    return min(own or rules.help_unanswered_after, rules.help_unanswered_after)


def _wrap_up_span(contact: Contact, rules: ServiceRules) -> timedelta:
    own = rules.tier(contact.peak_level, contact.act_in_progress).clocks.record_within
    return min(own or rules.wrap_up_warned_after, rules.wrap_up_warned_after)


def due(contact: Contact, rules: ServiceRules) -> Due | None:
    """The next thing that happens to this contact by itself. Only a closed contact has none."""
    pending: list[Due] = []
    if contact.state is ContactState.WAITING:
        since = contact.waiting_since or contact.opened_at
        pending.append(Due("wait_escalates", since + _waiting_span(contact, rules) * (contact.wait_rung + 1)))
        if (
            rules.partner_number
            and contact.diverted is None
            and contact.channel in (Channel.CHAT, Channel.SMS)
        ):
            pending.append(Due("partner_shown", since + rules.partner_overflow_after))
        if contact.person_gone_since is not None:
            pending.append(Due("abandoned", contact.person_gone_since + rules.person_gone_after))
    elif contact.state is ContactState.ACTIVE:
        pending.extend(_active_due(contact, rules))
    elif contact.state is ContactState.WRAP_UP and contact.ended_at is not None:
        span = _wrap_up_span(contact, rules) * (contact.wrap_up_rung + 1)
        pending.append(Due("wrap_up_long", contact.ended_at + span))
    return min(pending, key=lambda each: each.at, default=None)


def _active_due(contact: Contact, rules: ServiceRules) -> list[Due]:
    pending: list[Due] = []
    if contact.channel in (Channel.CHAT, Channel.SMS) and not contact.silence_handed_over:
        if _is_owed_an_answer(contact):
            pending.append(Due("answer_owed", _last_word(contact) + rules.silence_warned_after))
        elif contact.silence_warned_at is not None:
            ends = contact.silence_warned_at + rules.silence_closed_after
            pending.append(Due("silent_at_risk" if stays_open_in_silence(contact) else "silence_ends", ends))
        else:
            pending.append(Due("silence_warned", _last_word(contact) + rules.silence_warned_after))
    if contact.help_requested_at is not None:
        span = _supervisor_span(contact, rules) * (contact.help_rung + 1)
        pending.append(Due("help_rings_again", contact.help_requested_at + span))
    return pending


def _is_owed_an_answer(contact: Contact) -> bool:
    """The silence is ours: what they wrote has no answer, and they are there still or have never had one. Who says
    goodbye and leaves waits for nothing."""
    if contact.last_person_at is None:
        return False
    if contact.last_staff_at is None:
        return True
    return contact.person_connected and contact.last_person_at > contact.last_staff_at


def _last_word(contact: Contact) -> datetime:
    passed_on = passing_on.passed_on_of(contact)
    times = [contact.answered_at, contact.last_person_at, contact.last_staff_at, contact.opened_at]
    times.append(passed_on.at if passed_on is not None else None)
    return max(each for each in times if each is not None)


# What can happen --------------------------------------------------------------------------------


def open_contact(contact: Contact, now: datetime, actor: str = PERSON) -> Change:
    contact = contact.model_copy(
        update={"opened_at": now, "waiting_since": now, "state": ContactState.WAITING}
    )
    return _changed(contact, "opened", actor, channel=contact.channel, language=contact.language)


LEFT_MESSAGE, ASKED_CALL_BACK = "left_message", "asked_call_back"
"""End reasons of callers who would not wait."""

MESSAGE_WITHIN = timedelta(minutes=6)
"""A message is begun when its contact is over; it has three minutes, and its transcript comes a while later."""

LAST_WORDS_WITHIN = timedelta(minutes=2)
"""A transcript is slower than hanging up; what was said last is often what matters most."""


def _are_last_words(contact: Contact, message: Message, now: datetime) -> bool:
    spoken = message.sender in (Sender.TRANSCRIPT_HELP_SEEKER, Sender.TRANSCRIPT_COUNSELOR)
    within = MESSAGE_WITHIN if contact.end_reason == LEFT_MESSAGE else LAST_WORDS_WITHIN
    return spoken and contact.ended_at is not None and now - contact.ended_at <= within


def add_message(contact: Contact, message: Message, now: datetime) -> tuple[Contact, Message]:
    """The next turn of this contact: gives the message its place and moves the contact's clocks."""
    if not _are_last_words(contact, message, now):
        refuse_unless(contact, ContactState.WAITING, ContactState.ACTIVE)
    seq = contact.last_seq + 1
    fields: dict[str, Any] = {"last_seq": seq}
    if message.sender in FROM_PERSON:
        fields |= {"last_person_at": now, "silence_warned_at": None, "silence_handed_over": False}
        if contact.channel is Channel.CHAT:
            fields |= {"person_gone_since": None}
    elif message.sender is not Sender.AUTOMATIC:
        fields |= {"last_staff_at": now, "read_by_staff_seq": contact.last_seq}
        if _is_owed_an_answer(contact):  # from here on a silence is theirs
            fields |= {"silence_handed_over": False}
    return contact.model_copy(update=fields), message.model_copy(update={"seq": seq, "at": now})


_UNASKED: Mapping[str, Any] = {"wait_rung": 0, "refused_by": [], "diverted": None}
"""Nobody was asked yet to take it."""


def _waits_from(now: datetime) -> dict[str, Any]:
    """In the queue, and nobody's."""
    return {"state": ContactState.WAITING, "counselor_id": None, "waiting_since": now, **_UNASKED}


def _wished(wished: tuple[StaffId, datetime] | None) -> dict[str, Any]:
    """The counselor whom the person wishes for, and until when that one is waited for."""
    counselor_id, until = wished or (None, None)
    return {"wished_counselor_id": counselor_id, "wished_until": until}


def assign(contact: Contact, staff_id: StaffId, now: datetime) -> Change:
    refuse_unless(contact, ContactState.WAITING)
    # Being taken is no answer to what somebody wrote while they waited.
    unheard = contact.answered_at is None and contact.last_person_at is not None
    contact = moved(
        contact,
        state=ContactState.ACTIVE,
        counselor_id=staff_id,
        answered_at=contact.answered_at or now,
        last_staff_at=None if unheard else now,
        interrupted_since=None,
        waiting_since=None,
        **_UNASKED,
        **_wished(None),
        joined=[each for each in contact.joined if each != staff_id],
        **ringing.NONE_OPEN,
    )
    return _changed(contact, "assigned", staff_id, counselor_id=staff_id)


def requeue(
    contact: Contact,
    now: datetime,
    *,
    what: str,
    actor: str,
    to_front: bool,
    skills: list[str] | None = None,
    wished: tuple[StaffId, datetime] | None = None,
) -> Change:
    """Back to the queue: because the counselor was lost (to the front) or by transfer. `skills`: other wishes than
    before; `wished`: the counselor whom the person wishes for, and until when that one is waited for."""
    refuse_unless(contact, ContactState.ACTIVE)
    contact = moved(
        contact,
        interrupted_since=now if to_front else None,
        silence_warned_at=None,
        skills=contact.skills if skills is None else skills,
        **_waits_from(now),
        **_wished(wished),
    )
    return _changed(contact, what, actor, to_front=to_front, skills=contact.skills)


def wishes(
    contact: Contact, skills: list[str], wished: tuple[StaffId, datetime] | None, actor: str
) -> Change:
    """What is asked of who takes the contact, as somebody put it who knows the person."""
    refuse_unless(contact, ContactState.WAITING, ContactState.ACTIVE)
    changed = {"skills": skills, **_wished(wished)}
    if all(getattr(contact, name) == value for name, value in changed.items()):
        return Change(answer=contact)
    contact = moved(contact, **changed)
    return _changed(contact, "wishes_set", actor, skills=skills, wished=contact.wished_counselor_id)


def hand_to(contact: Contact, staff_id: StaffId, actor: str, now: datetime) -> Change:
    """From one counselor directly to another, who has room (checked by the caller)."""
    refuse_unless(contact, ContactState.ACTIVE)
    attended = contact.last_staff_at if _is_owed_an_answer(contact) else now
    joined = [each for each in contact.joined if each != staff_id]
    contact = moved(contact, counselor_id=staff_id, last_staff_at=attended, joined=joined)
    return _changed(contact, "transferred", actor, counselor_id=staff_id)


def end(contact: Contact, *, by: EndedBy, reason: str, actor: str, now: datetime) -> Change:
    """The conversation is over. Somebody who was being served goes to wrap-up; nobody else is left behind."""
    refuse_unless(contact, ContactState.WAITING, ContactState.ACTIVE)
    served = contact.state is ContactState.ACTIVE
    contact = moved(
        contact,
        state=ContactState.WRAP_UP if served else ContactState.CLOSED,
        ended_at=now,
        ended_by=by,
        end_reason=reason,
        closed_at=None if served else now,
        help_requested_at=None,
        waiting_since=None,
        call_state="ended" if contact.channel is Channel.CALL else contact.call_state,
        **ringing.NONE_OPEN,
    )
    return _changed(contact, "ended" if served else "abandoned", actor, by=by, reason=reason)


def back_to_waiting(
    contact: Contact,
    now: datetime,
    *,
    what: str,
    actor: str,
    to_front: bool,
    wished: tuple[StaffId, datetime] | None = None,
) -> Change:
    """It looked over and is not: in the queue again, before anybody's record of it counts."""
    refuse_unless(contact, ContactState.WRAP_UP, ContactState.CLOSED)
    contact = moved(
        contact,
        interrupted_since=now if to_front else None,
        ended_at=None,
        ended_by=None,
        end_reason=None,
        closed_at=None,
        hung_up_by=None,
        disposition=None,
        note=None,
        wrap_up_rung=0,
        **_waits_from(now),
        **_wished(wished),
    )
    return _changed(contact, what, actor, to_front=to_front)


def unreached(contact: Contact, reason: str, by: EndedBy, actor: str, now: datetime) -> Change:
    """A person whom we called back did not come to the telephone: nothing was said that could be written up."""
    refuse_unless(contact, ContactState.ACTIVE)
    contact = moved(
        contact,
        state=ContactState.CLOSED,
        ended_at=now,
        closed_at=now,
        ended_by=by,
        end_reason=reason,
        call_state="ended",
    )
    return _changed(contact, "unreached", actor, reason=reason)


def close(
    contact: Contact, *, disposition: str, note: str, plan: dict[str, str] | None, actor: str, now: datetime
) -> Change:
    refuse_unless(contact, ContactState.WRAP_UP)
    contact = moved(
        contact,
        state=ContactState.CLOSED,
        closed_at=now,
        disposition=disposition,
        note=note,
        safety_plan=plan or contact.safety_plan,
    )
    return _changed(contact, "closed", actor, disposition=disposition)


def request_help(contact: Contact, actor: str, now: datetime) -> Change:
    refuse_unless(contact, ContactState.ACTIVE)
    if contact.help_requested_at is not None:
        return Change(answer=contact)
    contact = moved(contact, help_requested_at=now, help_rung=0)
    return _changed(contact, "help_requested", actor)


def join(contact: Contact, staff_id: StaffId) -> Change:
    refuse_unless(contact, ContactState.WAITING, ContactState.ACTIVE)
    if staff_id in contact.joined:
        return Change(answer=contact)
    contact = moved(contact, joined=[*contact.joined, staff_id], help_requested_at=None, help_rung=0)
    return _changed(contact, "joined", staff_id)


def leave(contact: Contact, staff_id: StaffId) -> Change:
    if staff_id not in contact.joined:
        return Change(answer=contact)
    contact = moved(contact, joined=[each for each in contact.joined if each != staff_id])
    return _changed(contact, "left", staff_id)


def person_connected(contact: Contact, now: datetime) -> Change:
    if contact.person_connected and contact.person_gone_since is None:
        return Change(answer=contact)
    return _changed(moved(contact, person_connected=True, person_gone_since=None), "person_connected", PERSON)


def person_gone(contact: Contact, now: datetime) -> Change:
    if not contact.person_connected:
        return Change(answer=contact)
    contact = moved(contact, person_connected=False, person_gone_since=now)
    return _changed(contact, "person_gone", PERSON)


def awaited_anew(contact: Contact, now: datetime) -> Change:
    """At a start: nobody could write or come back while the service was down, so that whoever is away, or was asked
    whether they are there, has the whole span again."""
    change = person_gone(contact, now)
    gone: Contact = change.answer
    running = ("person_gone_since", "silence_warned_at")
    clocks = {name: now for name in running if getattr(gone, name) is not None}
    anew = moved(gone, **clocks)
    return Change(save=(anew,), events=change.events, answer=anew)


def read_by_person(contact: Contact, seq: int) -> Change:
    seq = min(seq, contact.last_seq)
    if seq <= contact.read_by_person_seq:
        return Change(answer=contact)
    return _changed(contact.model_copy(update={"read_by_person_seq": seq}), "read_by_person", PERSON, seq=seq)


def read_by_staff(contact: Contact, seq: int, staff_id: StaffId) -> Change:
    seq = min(seq, contact.last_seq)
    if seq <= contact.read_by_staff_seq:
        return Change(answer=contact)
    return _changed(contact.model_copy(update={"read_by_staff_seq": seq}), "read_by_staff", staff_id, seq=seq)


# Deadlines --------------------------------------------------------------------------------------


def rung_now(rung: int, since: datetime, span: timedelta, now: datetime) -> int:
    """The next rung; after a long stop the one that is due by now, so that it is told once and not for each span."""
    return max(rung + 1, (now - since) // span)


def on_deadline(contact: Contact, now: datetime, rules: ServiceRules) -> Change:
    """What its `due` says, if the time has come; nothing if it has moved on."""
    next_due = due(contact, rules)
    if next_due is None or next_due.at > now:
        return Change(answer=contact)
    if next_due.what == "wait_escalates":
        since, span = contact.waiting_since or contact.opened_at, _waiting_span(contact, rules)
        rung = rung_now(contact.wait_rung, since, span, now)
        # Whoever declined is asked again: by now everybody may have.
        contact = moved(contact, wait_rung=rung, refused_by=[])
        return _changed(contact, "wait_escalated", MACHINE, rung=rung)
    if next_due.what == "partner_shown":
        return _changed(moved(contact, diverted=PARTNER_SHOWN), "partner_shown", MACHINE)
    if next_due.what == "abandoned":
        return end(contact, by=EndedBy.PERSON, reason="abandoned", actor=MACHINE, now=now)
    if next_due.what == "answer_owed":
        asked = contact.help_requested_at or now
        return _changed(
            moved(contact, silence_handed_over=True, help_requested_at=asked), "answer_owed", MACHINE
        )
    if next_due.what == "silence_warned":
        return _changed(moved(contact, silence_warned_at=now), "silence_warned", MACHINE)
    if next_due.what in ("silence_ends", "silent_at_risk"):
        return _silence_ends(contact, now)
    if next_due.what == "help_rings_again":
        since = contact.help_requested_at or now
        rung = rung_now(contact.help_rung, since, _supervisor_span(contact, rules), now)
        return _changed(moved(contact, help_rung=rung), "help_requested", MACHINE, rung=rung)
    rung = rung_now(contact.wrap_up_rung, contact.ended_at or now, _wrap_up_span(contact, rules), now)
    return _changed(moved(contact, wrap_up_rung=rung), "wrap_up_long", MACHINE, rung=rung)


def stays_open_in_silence(contact: Contact) -> bool:
    """At risk, silence is not an ending."""
    return contact.level in AT_RISK or contact.peak_level in RISKY


def _silence_ends(contact: Contact, now: datetime) -> Change:
    """A silent chat at risk is never ended: it becomes a supervisor's task."""
    if stays_open_in_silence(contact):
        contact = moved(contact, silence_handed_over=True, help_requested_at=contact.help_requested_at or now)
        return _changed(contact, "silent_at_risk", MACHINE)
    return end(contact, by=EndedBy.SILENCE, reason="silent", actor=MACHINE, now=now)
