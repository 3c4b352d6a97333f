from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import String
from sqlmodel import Field

from hotline.domain.ids import StaffId
from hotline.domain.phones import Phone
from hotline.storage.columns import Sealed
from hotline.storage.nouns import Noun


class PhoneRow(Phone, table=True):
    __tablename__ = "phones"

    id: StaffId = Field(primary_key=True, sa_type=String, foreign_key="staff.id")
    number: str | None = Field(default=None, sa_type=Sealed)
    number_masked: str | None = Field(default=None, sa_type=Sealed)
    both: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    chosen_at: datetime


PHONES = Noun(
    "phone",
    Phone,
    PhoneRow.__table__,  # type: ignore[attr-defined]
    sealed=("number", "number_masked"),
    tracked=("version",),
)
