"""What a console starts from: everything open that this person may see, bounded; the rest is paged by the API.

A row is shown if its audience and the person's topics meet: the very rule by which frames are sent.
"""

from __future__ import annotations

from typing import Any

from hotline.domain.access import Actor, topics_of
from hotline.domain.alerts import OPEN as OPEN_ALERTS
from hotline.domain.alerts import Alert
from hotline.domain.change import Value
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.followups import Followup, FollowupState
from hotline.domain.presence import Presence
from hotline.domain.referral_case import Referral
from hotline.domain.referral_codes import OVER
from hotline.domain.routing import Offer, OfferState
from hotline.domain.school_reports import ReportState, SchoolReport
from hotline.live.feed import Feed
from hotline.storage.reading import Reader

_MOST = 500  # rows of a noun in a snapshot


async def snapshot(reader: Reader, feed: Feed, actor: Actor) -> dict[str, Any]:
    """By noun in the plural; `me` is the person's own presence."""
    contacts, offers, alerts = (reader.table(each) for each in (Contact, Offer, Alert))
    followups, referrals, reports = (reader.table(each) for each in (Followup, Referral, SchoolReport))
    presences = await _shown(reader, feed, actor, "presence", Presence)
    return {
        "me": next((each for each in presences if each["id"] == actor.staff_id), None),
        "presences": presences,
        "contacts": await _shown(
            reader, feed, actor, "contact", Contact, contacts.c.state != ContactState.CLOSED
        ),
        "offers": await _shown(reader, feed, actor, "offer", Offer, offers.c.state == OfferState.OPEN),
        "alerts": await _shown(reader, feed, actor, "alert", Alert, alerts.c.state.in_(OPEN_ALERTS)),
        "followups": await _shown(
            reader,
            feed,
            actor,
            "followup",
            Followup,
            followups.c.state.in_((FollowupState.OPEN, FollowupState.TAKEN)),
        ),
        "referrals": await _shown(reader, feed, actor, "referral", Referral, referrals.c.stage.not_in(OVER)),
        "school_reports": await _shown(
            reader, feed, actor, "school_report", SchoolReport, reports.c.state != ReportState.CLOSED
        ),
    }


async def _shown(
    reader: Reader, feed: Feed, actor: Actor, noun: str, model: type[Value], *conditions: Any
) -> list[Any]:
    projection = feed.projections[noun]
    topics = topics_of(actor)
    rows = await reader.where(model, *conditions, limit=_MOST)
    seen = [row for row in rows if not topics.isdisjoint(projection.audience(row))]
    return [projection.seen(row, feed.directory, topics) for row in seen]
