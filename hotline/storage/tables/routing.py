from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import JSON, CheckConstraint, String
from sqlmodel import Field

from hotline.domain import offers as offers_domain
from hotline.domain import presence as presence_domain
from hotline.domain import switchboard
from hotline.domain.contacts import Channel
from hotline.domain.ids import ContactId, DiversionId, OfferId, StaffId
from hotline.domain.offers import Offer, OfferState
from hotline.domain.presence import Presence, PresenceState
from hotline.domain.ring_rules import RingRules
from hotline.domain.switchboard import Diversion, DivertTo
from hotline.storage.columns import Sealed
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
    skills: dict[str, int] = Field(sa_type=JSON, sa_column_kwargs={"server_default": "{}"})
    reserve: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    imminent: list[str] = Field(sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    wrap_ups: list[str] = Field(sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    let_ring: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})


class OfferRow(Offer, table=True):
    __tablename__ = "offers"

    id: OfferId = Field(primary_key=True, sa_type=String)
    contact_id: ContactId = Field(sa_type=String, index=True)
    staff_id: StaffId = Field(sa_type=String)
    state: OfferState = Field(sa_type=String, index=True)
    suits: list[dict[str, Any]] = Field(sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    channel: Channel = Field(sa_type=String)
    level: Level = Field(sa_type=String)
    note: str | None = Field(default=None, sa_type=Sealed)
    by_telephone: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})


class DiversionRow(Diversion, table=True):
    __tablename__ = "diversions"

    id: DiversionId = Field(primary_key=True, sa_type=String)
    channel: Channel | None = Field(default=None, sa_type=String)
    to: DivertTo = Field(sa_type=String)
    to_skills: list[str] = Field(sa_type=JSON)
    reason: str | None = Field(default=None, sa_type=Sealed)
    made_by: StaffId = Field(sa_type=String)
    ended_at: datetime | None = Field(default=None, index=True)


class RingRulesRow(RingRules, table=True):
    __tablename__ = "ring_rules"

    id: str = Field(primary_key=True)
    queues: list[str] = Field(sa_type=JSON)
    changed_by: StaffId | None = Field(default=None, sa_type=String)


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
    sealed=("note",),
    sealed_under="contact_id",
    lookups=("contact_id",),
    due=offers_domain.due,
    tracked=("state", "contact_id", "staff_id"),
)
DIVERSIONS = Noun(
    "diversion",
    Diversion,
    DiversionRow.__table__,  # type: ignore[attr-defined]
    sealed=("reason",),
    due=switchboard.due,
    tracked=("to", "until", "ended_at"),
)
RING_RULES = Noun(
    "ring_rules",
    RingRules,
    RingRulesRow.__table__,  # type: ignore[attr-defined]
    tracked=("version",),
)
