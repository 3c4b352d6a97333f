from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlmodel import Field

from hotline.domain import alerts as domain
from hotline.domain.alerts import Alert, AlertSource, AlertState, Asked, Certainty, Outcome, ResponderKind
from hotline.domain.dispatch import Team, TeamId
from hotline.domain.ids import AlertId, ContactId, SchoolReportId, StaffId
from hotline.storage.columns import Sealed
from hotline.storage.nouns import Noun
from triage.assessment import Level
from triage.policy import AlertTarget


class AlertRow(Alert, table=True):
    """Steps are part of their alert: a frame and a decision need all of them, nothing needs one alone."""

    __tablename__ = "alerts"
    __table_args__ = (Index("alerts_by_state", "state", "created_at"),)

    id: AlertId = Field(primary_key=True, sa_type=String)
    contact_id: ContactId = Field(sa_type=String, foreign_key="contacts.id", index=True)
    school_report_id: SchoolReportId | None = Field(default=None, sa_type=String)
    state: AlertState = Field(sa_type=String)
    source: AlertSource = Field(sa_type=String)
    target: AlertTarget = Field(sa_type=String)
    level: Level = Field(sa_type=String)
    kinds: list[str] = Field(sa_type=JSON)
    created_at: datetime
    raised_by: StaffId | None = Field(default=None, sa_type=String)
    acknowledged_by: StaffId | None = Field(default=None, sa_type=String)
    declined_by: list[str] = Field(sa_type=JSON)
    outcome: Outcome | None = Field(default=None, sa_type=String)
    cancel_reason: str | None = Field(default=None, sa_type=Sealed)
    ladder: list[dict[str, Any]] = Field(sa_type=JSON)
    clocks: dict[str, int] = Field(sa_type=JSON)
    notified: list[str] = Field(sa_type=JSON)
    called: list[str] = Field(default_factory=list, sa_type=JSON)
    assigned_kind: ResponderKind | None = Field(default=None, sa_type=String)
    what: str | None = Field(default=None, sa_type=Sealed)
    where: str | None = Field(default=None, sa_type=Sealed)
    where_certainty: Certainty = Field(sa_type=String)
    means: str | None = Field(default=None, sa_type=Sealed)
    callback: str | None = Field(default=None, sa_type=Sealed)
    asked: Asked = Field(sa_type=String)
    person: str | None = Field(default=None, sa_type=Sealed)
    counselor_id: StaffId | None = Field(default=None, sa_type=String)
    steps: list[dict[str, Any]] = Field(sa_type=Sealed)


class TeamRow(Team, table=True):
    __tablename__ = "teams"

    id: TeamId = Field(primary_key=True, sa_type=String)
    kind: ResponderKind = Field(sa_type=String)


ALERTS = Noun(
    "alert",
    Alert,
    AlertRow.__table__,  # type: ignore[attr-defined]
    sealed=("cancel_reason", "what", "where", "means", "callback", "person", "steps"),
    sealed_under="contact_id",
    lookups=("contact_id",),
    due=domain.due,
    tracked=(
        "contact_id",
        "state",
        "version",
        "level",
        "target",
        "rung",
        "round",
        "acknowledged_by",
        "assigned_kind",
        "assigned_id",
    ),
)
TEAMS = Noun("team", Team, TeamRow.__table__, lookups=("kind",), tracked=("kind",))  # type: ignore[attr-defined]
