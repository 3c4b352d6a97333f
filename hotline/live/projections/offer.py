"""An offer: for the counselor it is made to, and for supervisors."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict

from hotline.domain.access import SUPERVISION, staff_topic
from hotline.domain.contacts import Channel
from hotline.domain.offers import Offer, OfferState
from hotline.live.directory import Directory
from triage.assessment import Level


class SuitView(TypedDict):
    """One reason why it is offered to this counselor; `skill` and `level` where it is about one."""

    why: Literal["wished", "skill", "district", "without", "reserve", "beside", "least_busy"]
    skill: str | None
    level: int | None


class OfferView(TypedDict):
    id: str
    contact_id: str
    staff_id: str
    state: OfferState
    made_at: datetime
    expires_at: datetime
    channel: Channel
    level: Level
    waiting_since: datetime
    why_zh: str | None
    why_en: str | None
    note: str | None
    by_telephone: bool
    suits: list[SuitView]


def audience(offer: Offer) -> tuple[str, ...]:
    return (staff_topic(offer.staff_id), SUPERVISION)


def view(offer: Offer, _names: Directory) -> OfferView:
    return {
        "id": offer.id,
        "contact_id": offer.contact_id,
        "staff_id": offer.staff_id,
        "state": offer.state,
        "made_at": offer.made_at,
        "expires_at": offer.expires_at,
        "channel": offer.channel,
        "level": offer.level,
        "waiting_since": offer.waiting_since,
        "why_zh": offer.why_zh,
        "why_en": offer.why_en,
        "note": offer.note,
        "by_telephone": offer.by_telephone,
        "suits": [
            {"why": each["why"], "skill": each.get("skill"), "level": each.get("level")}
            for each in offer.suits
        ],
    }
