"""Contacts and what hangs on them, as they are when their time is over."""

from datetime import UTC, datetime

from hotline.domain.alerts import Alert, AlertSource, AlertState
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.followups import Followup, FollowupKind, FollowupState
from hotline.domain.ids import (
    AlertId,
    ContactId,
    FollowupId,
    LegalHoldId,
    RecordingId,
    SchoolId,
    SchoolReportId,
    ShiftId,
    ShiftSwapId,
    StaffId,
    VoicemailId,
)
from hotline.domain.legal_holds import LegalHold
from hotline.domain.recordings import Recording, RecordingState
from hotline.domain.school_report_forms import Color
from hotline.domain.school_reports import ReportState, SchoolReport
from hotline.domain.shift_swaps import ShiftSwap, SwapState
from hotline.domain.shifts import DutyRole
from hotline.domain.voicemails import Audio, Voicemail, VoicemailState
from triage.assessment import Level
from triage.policy import AlertTarget

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
SOMEBODY = StaffId("stf_1")
ID = ContactId("con_1")


def contact(
    channel: Channel = Channel.CHAT, state: ContactState = ContactState.CLOSED, of: ContactId = ID
) -> Contact:
    return Contact(
        id=of, channel=channel, state=state, opened_at=NOW, closed_at=NOW, nickname="小雨", note="…"
    )


def alert(ended_at: datetime | None, of: ContactId = ID) -> Alert:
    return Alert(
        id=AlertId(f"alr_{of}"),
        contact_id=of,
        state=AlertState.CLOSED if ended_at else AlertState.HANDED_OVER,
        source=AlertSource.COUNSELOR,
        target=AlertTarget.CRISIS_TEAM,
        level=Level.IMMINENT,
        created_at=NOW,
        ended_at=ended_at,
        state_since=NOW,
        clocks={"close": 60},
        clock_at=NOW,
    )


def followup(ended_at: datetime | None, of: ContactId = ID) -> Followup:
    return Followup(
        id=FollowupId(f"fol_{of}"),
        contact_id=of,
        kind=FollowupKind.FOLLOW_UP,
        state=FollowupState.DONE if ended_at else FollowupState.OPEN,
        level=Level.HIGH,
        due_at=NOW,
        created_at=NOW,
        ended_at=ended_at,
    )


def hold(lifted_at: datetime | None, of: ContactId = ID) -> LegalHold:
    return LegalHold(
        id=LegalHoldId(f"hld_{of}"),
        contact_id=of,
        placed_by=SOMEBODY,
        placed_at=NOW,
        reason="…",
        lifted_at=lifted_at,
    )


def sound(state: RecordingState, of: ContactId = ID) -> Recording:
    return Recording(id=RecordingId(f"rec_{of}"), contact_id=of, state=state, made_at=NOW)


def message(state: VoicemailState, audio: Audio, of: ContactId = ID) -> Voicemail:
    return Voicemail(
        id=VoicemailId(f"vml_{of}"),
        contact_id=of,
        state=state,
        audio=audio,
        level=Level.LOW,
        language="zh",
        due_at=NOW,
        created_at=NOW,
    )


def report(state: ReportState = ReportState.CLOSED, of: ContactId = ID) -> SchoolReport:
    return SchoolReport(
        id=SchoolReportId("rep_1"),
        number="XY1",
        state=state,
        school_id=SchoolId("sch_1"),
        school_name="第一中学",
        district="甲区",
        reporter_id=SOMEBODY,
        level_color=Color.RED,
        level=Level.IMMINENT,
        facts={"level_color": "red", "event_types": ["plan"], "what_happened": "…", "student_name": "…"},
        contact_id=of,
        steps=[{"at": NOW.isoformat(), "kind": "updated", "note": "…", "actor": SOMEBODY}],
        created_at=NOW,
        last_step_at=NOW,
        closed_at=NOW if state is ReportState.CLOSED else None,
    )


def swap(state: SwapState) -> ShiftSwap:
    return ShiftSwap(
        id=ShiftSwapId("swp_1"),
        role=DutyRole.COUNSELOR,
        shift_id=ShiftId("shf_1"),
        day=NOW.date(),
        starts_at=NOW,
        ends_at=NOW,
        given_by=SOMEBODY,
        state=state,
        made_at=NOW,
        over_at=None if state is SwapState.OFFERED else NOW,
    )
