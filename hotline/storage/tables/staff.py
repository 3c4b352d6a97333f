from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, String
from sqlmodel import Field

from hotline.domain.access import Role
from hotline.domain.ids import SessionId, StaffId
from hotline.domain.staff import Session, Staff
from hotline.storage.columns import Sealed
from hotline.storage.nouns import Noun


class StaffRow(Staff, table=True):
    __tablename__ = "staff"

    id: StaffId = Field(primary_key=True, sa_type=String)
    username: str = Field(unique=True)
    roles: list[Role] = Field(sa_type=JSON)
    skills: dict[str, int] = Field(sa_type=JSON, sa_column_kwargs={"server_default": "{}"})
    totp_secret: str | None = Field(default=None, sa_type=Sealed)
    setup_token_hash: str | None = Field(default=None, index=True)
    created_at: datetime


class SessionRow(Session, table=True):
    __tablename__ = "sessions"

    id: SessionId = Field(primary_key=True, sa_type=String)
    staff_id: StaffId = Field(sa_type=String, foreign_key="staff.id", index=True)
    token_hash: str = Field(unique=True)


STAFF = Noun(
    "staff",
    Staff,
    StaffRow.__table__,  # type: ignore[attr-defined]
    sealed=("totp_secret",),
    lookups=("username", "setup_token_hash"),
    tracked=("roles", "disabled", "version"),
)
SESSIONS = Noun(
    "session",
    Session,
    SessionRow.__table__,  # type: ignore[attr-defined]
    lookups=("staff_id", "token_hash"),
    tracked=("staff_id", "expires_at"),
)
