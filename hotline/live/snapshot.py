"""What a console starts from: everything open that this person may see, bounded; the rest is paged by the API.

A row is shown if its audience and the person's topics meet: the very rule by which frames are sent.
"""

from __future__ import annotations

from typing import Any

from hotline.domain.access import Actor, Permission, topics_of
from hotline.domain.alerts import OPEN as OPEN_ALERTS
from hotline.domain.alerts import Alert
from hotline.domain.change import Value
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.duty import Duty
from hotline.domain.duty_ring import DutyRing
from hotline.domain.followups import Followup, FollowupState
from hotline.domain.handovers import Handover
from hotline.domain.offers import Offer, OfferState
from hotline.domain.presence import Presence
from hotline.domain.referral_case import Referral
from hotline.domain.referral_codes import OVER
from hotline.domain.school_reports import ReportState, SchoolReport
from hotline.domain.shift_swaps import OPEN as OPEN_SWAPS
from hotline.domain.shift_swaps import ShiftSwap
from hotline.domain.switchboard import Diversion
from hotline.domain.voicemails import OPEN as OPEN_VOICEMAILS
from hotline.domain.voicemails import Voicemail
from hotline.live.feed import Feed
from hotline.storage.reading import Reader

_MOST = 500  # rows of a noun in a snapshot
_SMALL = frozenset({"presence", "offer"})
"""Of these a counselor has one, or a few; and few referrals, unless they are their work."""


async def snapshot(reader: Reader, feed: Feed, actor: Actor) -> dict[str, Any]:
    """By noun in the plural; `me` is the person's own presence."""
    offers, alerts = (reader.table(each) for each in (Offer, Alert))
    followups, referrals, reports = (reader.table(each) for each in (Followup, Referral, SchoolReport))

    async def shown(noun: str, model: type[Value], first: Any, *conditions: Any) -> list[Any]:
        return await _shown(reader, feed, actor, noun, model, first, *conditions)

    presences = await shown("presence", Presence, reader.table(Presence).c.id)
    diverted = reader.table(Diversion).c
    unfinished = followups.c.state.in_((FollowupState.OPEN, FollowupState.TAKEN))
    unheard = reader.table(Voicemail).c.state.in_(OPEN_VOICEMAILS)
    unaccepted = reader.table(Handover).c.accepted_at.is_(None)
    swaps = reader.table(ShiftSwap).c
    return {
        "me": next((each for each in presences if each["id"] == actor.staff_id), None),
        "presences": presences,
        "contacts": await _contacts(reader, feed, actor),
        "offers": await shown("offer", Offer, offers.c.made_at.desc(), offers.c.state == OfferState.OPEN),
        "diversions": await shown(
            "diversion", Diversion, diverted.made_at.desc(), diverted.ended_at.is_(None)
        ),
        "alerts": await shown("alert", Alert, alerts.c.created_at.desc(), alerts.c.state.in_(OPEN_ALERTS)),
        "duties": await shown("duty", Duty, reader.table(Duty).c.id),
        "duty_rings": await shown("duty_ring", DutyRing, reader.table(DutyRing).c.id),
        "handovers": await shown(
            "handover", Handover, reader.table(Handover).c.written_at.desc(), unaccepted
        ),
        "shift_swaps": await shown("shift_swap", ShiftSwap, swaps.starts_at, swaps.state.in_(OPEN_SWAPS)),
        "followups": await shown("followup", Followup, followups.c.due_at, unfinished),
        "voicemails": await shown("voicemail", Voicemail, reader.table(Voicemail).c.due_at, unheard),
        "referrals": await shown("referral", Referral, referrals.c.id.desc(), referrals.c.stage.not_in(OVER)),
        "school_reports": await shown(
            "school_report", SchoolReport, reports.c.id.desc(), reports.c.state != ReportState.CLOSED
        ),
    }


async def _contacts(reader: Reader, feed: Feed, actor: Actor) -> list[Any]:
    """One's own first, then who waits, longest first, then what others serve: however many wait, nobody's own
    conversations and nobody's long wait fall out of the picture."""
    if not actor.may(Permission.CONTACT_SERVE):
        return []
    column = reader.table(Contact).c
    own = column.counselor_id == actor.staff_id
    waiting = column.state == ContactState.WAITING
    served = column.state.in_((ContactState.ACTIVE, ContactState.WRAP_UP))
    parts = (
        await _shown(
            reader, feed, actor, "contact", Contact, column.opened_at.desc(), own, served, alike=False
        ),
        await _shown(reader, feed, actor, "contact", Contact, column.opened_at, waiting),
        await _shown(
            reader, feed, actor, "contact", Contact, column.opened_at.desc(), ~own, served, alike=False
        )
        if actor.may(Permission.CONTACT_SUPERVISE)
        else [],
    )
    return [each for part in parts for each in part]


async def _shown(
    reader: Reader,
    feed: Feed,
    actor: Actor,
    noun: str,
    model: type[Value],
    first: Any,
    *conditions: Any,
    alike: bool = True,
) -> list[Any]:
    """`first`: by what the rows are ordered, so that the bound cuts off the least urgent ones. What is
    `alike` for all (no condition names the person) is read once for all who begin; a noun has one such list."""
    projection = feed.projections[noun]
    topics = topics_of(actor)
    reach = _within_reach(actor, reader.table(model))

    works_referrals = actor.may(Permission.REFERRAL_WORK)

    async def read() -> list[Any]:
        quick = bool(reach) and (noun in _SMALL or (noun == "referral" and not works_referrals))
        rows = await reader.where(model, *conditions, *reach, order=(first,), limit=_MOST, quick=quick)
        if projection.narrowed is not None:
            return [(row, frozenset(projection.audience(row)), None) for row in rows]
        return [
            (row, frozenset(projection.audience(row)), projection.view(row, feed.directory)) for row in rows
        ]

    found = await (feed.read_once.rows(noun, read) if alike and not reach else read())
    return [
        projection.seen(row, feed.directory, topics) if view is None else view
        for row, audience, view in found
        if not topics.isdisjoint(audience)
    ]


def _within_reach(actor: Actor, table: Any) -> tuple[Any, ...]:
    """What the database can leave out beforehand, so that others' rows do not fill the bound. It only narrows:
    the audience decides."""
    if actor.may(Permission.CONTACT_SUPERVISE):
        return ()
    person, organisation = actor.staff_id, actor.organisation_id or ""
    if table.name == "offers":
        return (table.c.staff_id == person,)
    if table.name == "presences":
        return (table.c.id == person,)
    if table.name == "school_reports":
        return ((table.c.school_id == organisation) | (table.c.handled_by == person),)
    if table.name == "referrals":
        mine = (table.c.filed_by == person) | (table.c.institution_id == organisation)
        if actor.may(Permission.REFERRAL_WORK):
            return () if actor.district is None else (mine | (table.c.district == actor.district),)
        return (mine,)
    return ()
