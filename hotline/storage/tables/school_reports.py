from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlmodel import Field

from hotline.domain import school_reports as domain
from hotline.domain.ids import ContactId, SchoolId, SchoolReportId, StaffId
from hotline.domain.school_report_forms import Color
from hotline.domain.school_reports import ReportState, School, SchoolReport, SchoolReportDraft
from hotline.storage.columns import Sealed
from hotline.storage.nouns import Noun
from triage.assessment import Level


class SchoolRow(School, table=True):
    __tablename__ = "schools"

    id: SchoolId = Field(primary_key=True, sa_type=String)


class SchoolReportRow(SchoolReport, table=True):
    __tablename__ = "school_reports"
    __table_args__ = (Index("school_reports_by_school", "school_id", "created_at"),)

    id: SchoolReportId = Field(primary_key=True, sa_type=String)
    number: str = Field(unique=True)
    state: ReportState = Field(sa_type=String, index=True)
    school_id: SchoolId = Field(sa_type=String, foreign_key="schools.id")
    reporter_id: StaffId = Field(sa_type=String)
    level_color: Color = Field(sa_type=String)
    level: Level = Field(sa_type=String)
    facts: dict[str, Any] = Field(sa_type=Sealed)
    contact_id: ContactId = Field(sa_type=String, foreign_key="contacts.id", unique=True)
    handled_by: StaffId | None = Field(default=None, sa_type=String)
    asked: list[dict[str, Any]] = Field(sa_type=JSON)
    steps: list[dict[str, Any]] = Field(sa_type=Sealed)
    created_at: datetime
    last_step_at: datetime


class SchoolReportDraftRow(SchoolReportDraft, table=True):
    __tablename__ = "school_report_drafts"

    id: str = Field(primary_key=True)
    staff_id: StaffId = Field(sa_type=String)
    answers: dict[str, Any] = Field(sa_type=Sealed)
    saved_at: datetime


SCHOOLS = Noun("school", School, SchoolRow.__table__)  # type: ignore[attr-defined]
SCHOOL_REPORTS = Noun(
    "school_report",
    SchoolReport,
    SchoolReportRow.__table__,  # type: ignore[attr-defined]
    sealed=("facts", "steps"),
    due=domain.due,
    tracked=("state", "level", "contact_id", "handled_by", "version"),
)
SCHOOL_REPORT_DRAFTS = Noun(
    "school_report_draft",
    SchoolReportDraft,
    SchoolReportDraftRow.__table__,  # type: ignore[attr-defined]
    sealed=("answers",),
)
