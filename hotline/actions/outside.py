"""Waiting callers who are connected to a telephone outside of ours: the person on duty, where nobody of ours is there.

The duty telephones ring one after the other (`HOTLINE_FALLBACK_NUMBER`, then those of `domain/duty_phones.py`); a
telephone counts as answered once a key was pressed there. The partner line's own moves are in `partner_line.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.actions.consequences import with_consequences
from hotline.domain import contact_moves, followups, inbound, outside_line
from hotline.domain.change import CARRIER, Change
from hotline.domain.contacts import RISKY, Contact, ContactState, EndedBy
from hotline.domain.followups import Followup, FollowupKind
from hotline.domain.ids import ContactId, FollowupId, derived_id
from hotline.domain.inbound import LineFlag
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline


def telephones(hotline: Hotline) -> list[str]:
    """The duty telephones in their order."""
    ruled = (hotline.settings.fallback_number, *hotline.duty_telephones.now.numbers)
    return list(dict.fromkeys(each for each in ruled if each))


def is_anybody_there(hotline: Hotline) -> bool:
    """Somebody is at work who is offered contacts (`Rota.takes_contacts`)."""
    return hotline.roster.rota(hotline.clock.now()).takes_contacts()


def needs_duty_telephone(hotline: Hotline, contact: Contact) -> bool:
    """At risk, nobody of ours is there, and a person's telephone is known that was not tried yet."""
    return (
        bool(telephones(hotline))
        and not is_anybody_there(hotline)
        and contact.state is ContactState.WAITING
        and contact.offer_id is None
        and contact.level in RISKY
        and LineFlag.FALLBACK_TRIED not in contact.line_flags
    )


async def taken(hotline: Hotline, contact_id: ContactId) -> Contact:
    """A key was pressed at the other telephone: a person is there."""
    carrier_listens = not hotline.settings.transcription_url
    contact: Contact = await hotline.writer.run(
        lambda loaded: outside_line.taken(
            loaded.get(Contact, contact_id), loaded.rules, carrier_listens=carrier_listens
        ),
        Need(Contact, contact_id),
    )
    return contact


async def spoke(hotline: Hotline, contact_id: ContactId) -> bool:
    """Whether somebody outside has taken this caller, by what is stored."""
    contact = await hotline.reader.find(Contact, contact_id)
    return contact is not None and outside_line.speaks_outside(contact)


async def duty_telephone(hotline: Hotline, contact_id: ContactId, *, rings: bool) -> Contact:
    """The duty telephone is rung for this caller, or it is over and they are back with us."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        if rings:
            flags = (LineFlag.WITH_FALLBACK, LineFlag.FALLBACK_TRIED, LineFlag.NOBODY_THERE)
            after = inbound.flagged(contact, *flags)
        else:
            after = inbound.unflagged(contact, LineFlag.WITH_FALLBACK)
        if after == contact:
            return Change(answer=contact)
        after = contact_moves.moved(after)
        what = "duty_telephone_rung" if rings else "duty_telephone_over"
        change = Change((after,), (contact_moves.event(after, what, CARRIER),), answer=after)
        return change if rings else _then_back(change, after)

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


def given_back(contact: Contact) -> Change:
    """They are with us after all, before all others of their risk."""
    after = contact_moves.moved(inbound.unflagged(contact, LineFlag.WITH_FALLBACK))
    change = Change((after,), (contact_moves.event(after, "duty_telephone_over", CARRIER),), answer=after)
    return _then_back(change, after)


def _then_back(change: Change, contact: Contact) -> Change:
    back = outside_line.back(contact)
    return change.then(back).answering(back.answer)


def talk_over(loaded: Loaded, contact: Contact) -> Change:
    """They spoke with somebody outside and that is over, whoever hung up. After a talk with the person on duty a
    supervisor looks at what came of it."""
    planned, reason = Change(), "partner_line"
    if LineFlag.WITH_FALLBACK in contact.line_flags:
        contact, reason = inbound.unflagged(contact, LineFlag.WITH_FALLBACK), "duty_telephone"
        followup_id = FollowupId(derived_id("fol", contact.id, "abandoned"))
        due_at = loaded.now + loaded.rules.call_back_within
        if loaded.find(Followup, followup_id) is None:
            planned = loaded.see(
                followups.planned(followup_id, contact, FollowupKind.REVIEW, due_at, loaded.now)
            )
    over = contact_moves.end(contact, by=EndedBy.PERSON, reason=reason, actor=CARRIER, now=loaded.now)
    ended = with_consequences(loaded, contact, over, loaded.rules)
    return planned.then(ended).answering(ended.answer)


async def line_broke(hotline: Hotline, contact_id: ContactId) -> Contact:
    """Too short for a talk: they are with us again, before all others of their risk, and the duty telephones ring
    again as if they had not."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        if contact.state is not ContactState.WAITING or LineFlag.WITH_FALLBACK not in contact.line_flags:
            return Change(answer=contact)
        unflagged = inbound.unflagged(contact, LineFlag.FALLBACK_TRIED)
        return given_back(unflagged.model_copy(update={"interrupted_since": loaded.now}))

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


async def answered_elsewhere(hotline: Hotline, contact_id: ContactId) -> Contact:
    """The duty telephone was answered and the talk is over: a supervisor looks at what came of it."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        return talk_over(loaded, contact) if contact.state is ContactState.WAITING else Change(answer=contact)

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact
