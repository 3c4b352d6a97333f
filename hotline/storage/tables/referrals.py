from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlmodel import Field

from hotline.domain import referral_case as domain
from hotline.domain.ids import ContactId, InstitutionId, ReferralId, StaffId
from hotline.domain.referral_case import Institution, Referral
from hotline.domain.referral_codes import Basis, Channel, Party, Stage
from hotline.storage.columns import Sealed
from hotline.storage.nouns import Noun


class InstitutionRow(Institution, table=True):
    """The institution library: public facts, nothing sealed."""

    __tablename__ = "institutions"
    __table_args__ = (
        CheckConstraint("places_free >= 0 AND places_free <= places_total", name="places_within"),
    )

    id: InstitutionId = Field(primary_key=True, sa_type=String)
    services: list[str] = Field(sa_type=JSON)


class ReferralRow(Referral, table=True):
    """History is part of its referral: who may read one may read the other, and nothing needs it alone."""

    __tablename__ = "referrals"
    __table_args__ = (Index("referrals_by_stage", "stage", "due_on"),)

    id: ReferralId = Field(primary_key=True, sa_type=String)
    number: str = Field(unique=True)
    stage: Stage = Field(sa_type=String)
    channel: Channel = Field(sa_type=String)
    contact_id: ContactId | None = Field(default=None, sa_type=String, foreign_key="contacts.id", index=True)
    filed_by: StaffId = Field(sa_type=String, index=True)
    district: str | None = Field(default=None, index=True)
    needs: list[str] = Field(sa_type=JSON)
    person: dict[str, Any] = Field(sa_type=Sealed)
    health: dict[str, Any] | None = Field(default=None, sa_type=Sealed)
    consent: dict[str, Any] = Field(sa_type=Sealed)
    preferred_institution_id: InstitutionId | None = Field(default=None, sa_type=String)
    institution_id: InstitutionId | None = Field(
        default=None, sa_type=String, foreign_key="institutions.id", index=True
    )
    identity_hash: str | None = Field(default=None, index=True)
    duplicate_of: ReferralId | None = Field(default=None, sa_type=String)
    note: str | None = Field(default=None, sa_type=Sealed)
    risk_note: str | None = Field(default=None, sa_type=Sealed)
    history: list[dict[str, Any]] = Field(sa_type=Sealed)
    created_at: datetime
    stage_since: datetime
    owner: Party | None = Field(default=None, sa_type=String)
    due_basis: Basis | None = Field(default=None, sa_type=String)


INSTITUTIONS = Noun("institution", Institution, InstitutionRow.__table__)  # type: ignore[attr-defined]
REFERRALS = Noun(
    "referral",
    Referral,
    ReferralRow.__table__,  # type: ignore[attr-defined]
    sealed=("person", "health", "consent", "note", "risk_note", "history"),
    lookups=("identity_hash", "contact_id"),
    due=domain.due,
    tracked=("stage", "owner", "due_on", "institution_id", "version"),
)
