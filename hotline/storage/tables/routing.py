from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, String
from sqlmodel import Field

from hotline.domain import presence as presence_domain
from hotline.domain import routing as routing_domain
from hotline.domain.contacts import Channel
from hotline.domain.ids import ContactId, OfferId, StaffId
from hotline.domain.presence import Presence, PresenceState
from hotline.domain.routing import Offer, OfferState
from hotline.storage.nouns import Noun
from triage.assessment import Level


class PresenceRow(Presence, table=True):
    __tablename__ = "presences"
    __table_args__ = (
        CheckConstraint("chats <= chat_capacity", name="chats_within_capacity"),
        CheckConstraint("calls <= call_capacity", name="calls_within_capacity"),
    )

    id: StaffId = Field(primary_key=True, sa_type=String)
    state: PresenceState = Field(sa_type=String)
    offer_id: OfferId | None = Field(default=None, sa_type=String)
    languages: list[str] = Field(sa_type=JSON)


class OfferRow(Offer, table=True):
    __tablename__ = "offers"

    id: OfferId = Field(primary_key=True, sa_type=String)
    contact_id: ContactId = Field(sa_type=String, index=True)
    staff_id: StaffId = Field(sa_type=String)
    state: OfferState = Field(sa_type=String, index=True)
    channel: Channel = Field(sa_type=String)
    level: Level = Field(sa_type=String)


PRESENCES = Noun(
    "presence",
    Presence,
    PresenceRow.__table__,  # type: ignore[attr-defined]
    due=presence_domain.due,
    tracked=("state", "chats", "calls", "connected"),
)
OFFERS = Noun(
    "offer",
    Offer,
    OfferRow.__table__,  # type: ignore[attr-defined]
    lookups=("contact_id",),
    due=routing_domain.due,
    tracked=("state", "contact_id", "staff_id"),
)
