"""School reports on the real store: into the queue at their level, to an alert, followed to the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from hotline.actions import closing, contacts, followups, offers, school_reporting, school_reports, schools
from hotline.actions.closing import CloseSheet
from hotline.domain.access import Actor, Role
from hotline.domain.alerts import Alert, AlertSource, AlertState
from hotline.domain.contacts import Channel, Contact, ContactState, LevelSource
from hotline.domain.followups import Followup, FollowupKind
from hotline.domain.ids import SchoolId
from hotline.domain.school_report_forms import Color, CrisisFacts
from hotline.domain.school_reports import ReportState, School, SchoolReport
from hotline.errors import Forbidden, Invalid, NotFound
from hotline.service import Hotline
from tests.conftest import Opener, SetClock, settle, wake
from tests.consoles import Console
from tests.scene import ADMIN, counselor, staff, supervisor
from triage.assessment import Assessment, Kind, Level

SCHOOL = School(id=SchoolId("sch_sea"), name="海边中学", stage="junior", district="西岗区")
FACTS: dict[str, Any] = {
    "level_color": "orange",
    "what_happened": "学生对同桌说了告别的话",
    "event_types": ["plan"],
    "reporter_phone": "13911112222",
    "student": "小雨",
    "student_age": 14,
}


def facts(**changes: Any) -> CrisisFacts:
    return CrisisFacts.model_validate(FACTS | changes)


class Said:
    """Triage that finds nothing, but what the word "rooftop" names."""

    async def assess(self, _id: str, said: str, _history: Any = (), *, speech: bool = False) -> Assessment:
        level = Level.IMMINENT if "rooftop" in said else Level.NONE
        kinds = (Kind.SUICIDE,) if "rooftop" in said else ()
        return Assessment(level, 0.5, kinds, (), "rooftop" in said, (), "test")


@pytest.fixture
async def hotline(opened: Opener) -> AsyncIterator[Hotline]:
    async with opened(assessor=Said()) as hotline:
        await schools.register(hotline, ADMIN, SCHOOL)
        yield hotline


async def teacher(hotline: Hotline, school_id: str = SCHOOL.id) -> Actor:
    return await staff(hotline, Role.SCHOOL, organisation_id=school_id)


async def contact_of(hotline: Hotline, report: SchoolReport) -> Contact:
    contact = await hotline.reader.find(Contact, report.contact_id)
    assert contact is not None
    return contact


async def stored(hotline: Hotline, report: SchoolReport) -> SchoolReport:
    found = await hotline.reader.find(SchoolReport, report.id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("color", "level"), [("red", "imminent"), ("orange", "high"), ("yellow", "moderate"), ("blue", "low")]
)
async def test_a_report_waits_in_the_queue_at_its_level(hotline: Hotline, color: str, level: str) -> None:
    report = await school_reporting.submit(hotline, await teacher(hotline), facts(level_color=color))
    contact = await contact_of(hotline, report)
    assert (contact.channel, contact.state, contact.level) == (
        Channel.SCHOOL,
        ContactState.WAITING,
        Level(level),
    )
    assert (contact.level_source, contact.school_report_id) == (LevelSource.REPORT, report.id)
    assert (contact.nickname, contact.age_band, contact.tags) == ("小雨", "14to17", ["minor"])
    assert contact.district == SCHOOL.district
    assert contact.number == "13911112222"


async def test_it_is_offered_followed_and_closed_with_its_contact(hotline: Hotline, clock: SetClock) -> None:
    school = await teacher(hotline)
    portal = Console(hotline, school, "school_report")
    helper = await counselor(hotline)
    report = await school_reporting.submit(hotline, school, facts())
    await settle(hotline)
    offer_id = (await contact_of(hotline, report)).offer_id
    assert offer_id is not None
    desk = Console(hotline, helper, "school_report")
    await offers.accept(hotline, helper, offer_id)
    assert (await stored(hotline, report)).handled_by == helper.staff_id
    assert desk.heard() == ["school_report.received"]
    asked = await school_reports.ask(hotline, helper, report.id, "call_back", timedelta(hours=1))
    assert asked.state is ReportState.BEING_HANDLED
    await school_reports.note(hotline, helper, report.id, "请先陪着他")
    await contacts.end_conversation(hotline, helper, report.contact_id)
    sheet = CloseSheet(disposition="supported", note="已与班主任商定", level_confirmed=Level.HIGH)
    await closing.close(hotline, helper, report.contact_id, sheet)
    closed = await stored(hotline, report)
    assert (closed.state, closed.closed_at) == (ReportState.CLOSED, clock.now())
    assert portal.heard()[0] == "school_report.submitted"
    assert portal.heard()[-1] == "school_report.closed"
    assert portal.frames[-1]["school_report"]["handled_by"]["id"] == helper.staff_id


async def test_red_proposes_an_alert_and_an_act_in_progress_raises_one(hotline: Hotline) -> None:
    school = await teacher(hotline)
    for acting, state in ((False, AlertState.PROPOSED), (True, AlertState.RAISED)):
        report = await school_reporting.submit(
            hotline, school, facts(level_color="red", act_in_progress=acting)
        )
        alert_id = (await contact_of(hotline, report)).alert_id
        assert alert_id is not None
        alert = await hotline.reader.find(Alert, alert_id)
        assert alert is not None
        assert (alert.state, alert.source, alert.school_report_id) == (state, AlertSource.SCHOOL, report.id)


async def test_triage_raises_what_the_school_thought_milder(hotline: Hotline) -> None:
    mild = facts(level_color="yellow", what_happened="he stands on the rooftop")
    report = await school_reporting.submit(hotline, await teacher(hotline), mild)
    contact = await contact_of(hotline, report)
    assert (contact.level, contact.act_in_progress, contact.level_source) == (
        Level.IMMINENT,
        True,
        LevelSource.TRIAGE,
    )
    assert contact.alert_id is not None
    assert (await stored(hotline, report)).level is Level.MODERATE


@pytest.mark.parametrize("closed", [False, True])
async def test_a_later_note_is_read_by_triage_too(hotline: Hotline, *, closed: bool) -> None:
    """What comes an hour after the form may be the worst of it, and nobody need be looking at the report just then."""
    school, helper = await teacher(hotline), await counselor(hotline)
    report = await school_reporting.submit(hotline, school, facts(level_color="yellow"))
    if closed:
        await offers.take(hotline, helper, report.contact_id)
        await contacts.end_conversation(hotline, helper, report.contact_id)
        sheet = CloseSheet(disposition="supported", note="已商定", level_confirmed=Level.MODERATE)
        await closing.close(hotline, helper, report.contact_id, sheet)
    quiet = await school_reporting.update(hotline, school, report.id, note="已回教室", done=[])
    assert await hotline.reader.where(Alert) == []
    noted = await school_reporting.update(hotline, school, report.id, note="now on the rooftop", done=[])
    assert noted.version > quiet.version
    (alert,) = await hotline.reader.where(Alert)
    assert (alert.state, alert.source, alert.school_report_id) == (
        AlertState.RAISED,
        AlertSource.SCHOOL,
        report.id,
    )
    contact = await contact_of(hotline, report)
    assert (contact.level, contact.alert_id) == (Level.IMMINENT, alert.id)
    assert noted.alert_state == AlertState.RAISED


async def test_a_note_on_a_closed_report_waits_for_a_supervisor_by_a_time(hotline: Hotline) -> None:
    """However harmless it reads: nobody handles the report any more, and nobody was bound to look."""
    school, helper, boss = await teacher(hotline), await counselor(hotline), await supervisor(hotline)
    report = await school_reporting.submit(hotline, school, facts(level_color="yellow"))
    await school_reporting.update(hotline, school, report.id, note="家长在路上", done=[])
    assert await hotline.reader.where(Followup) == [], "who handles it is there to read it"
    await offers.take(hotline, helper, report.contact_id)
    await contacts.end_conversation(hotline, helper, report.contact_id)
    sheet = CloseSheet(disposition="supported", note="已商定", level_confirmed=Level.MODERATE)
    await closing.close(hotline, helper, report.contact_id, sheet)
    await school_reporting.update(hotline, school, report.id, note="想再问一次", done=[])
    await school_reporting.update(hotline, school, report.id, note="还有一句", done=[])
    (review,) = await hotline.reader.where(Followup)
    assert (review.kind, review.note) == (FollowupKind.REVIEW, "想再问一次")
    assert review.due_at == hotline.clock.now() + hotline.rules.school_asked_within
    await followups.done(hotline, boss, review.id)
    await school_reporting.update(hotline, school, report.id, note="另一件事", done=[])
    assert len(await hotline.reader.where(Followup)) == 2


async def test_it_is_worse_now(hotline: Hotline) -> None:
    school = await teacher(hotline)
    report = await school_reporting.submit(
        hotline, school, facts(level_color="yellow", event_types=["self_harm"])
    )
    worse = await school_reporting.worsened(hotline, school, report.id, color=Color.RED, act_in_progress=True)
    contact = await contact_of(hotline, report)
    assert (worse.level, contact.level) == (Level.IMMINENT, Level.IMMINENT)
    (alert,) = await hotline.reader.where(Alert)
    assert alert.state is AlertState.RAISED
    with pytest.raises(Invalid):
        await school_reporting.worsened(hotline, school, report.id, color=Color.BLUE, act_in_progress=False)


async def test_the_school_sees_how_far_help_has_come(hotline: Hotline) -> None:
    from hotline.actions import alerts

    school = await teacher(hotline)
    dispatcher = await staff(hotline, Role.DISPATCHER)
    report = await school_reporting.submit(hotline, school, facts(level_color="red", act_in_progress=True))
    assert report.alert_state == "raised"
    (alert,) = await hotline.reader.where(Alert)
    await alerts.acknowledge(hotline, dispatcher, alert.id, version=alert.version)
    after = await stored(hotline, report)
    assert (after.alert_state, after.state) == ("acknowledged", ReportState.BEING_HANDLED)


async def test_the_same_key_is_the_same_report(hotline: Hotline) -> None:
    school = await teacher(hotline)
    twice = [
        await school_reporting.submit(hotline, school, facts(), idempotency_key="key-12345678")
        for _ in range(2)
    ]
    assert twice[0] == twice[1]
    assert len(await hotline.reader.where(Contact)) == 1


async def test_a_draft_is_kept_and_goes_when_the_report_is_sent(hotline: Hotline) -> None:
    school = await teacher(hotline)
    assert await school_reporting.draft(hotline, school) == {}
    await school_reporting.keep_draft(hotline, school, {"what_happened": "他说"})
    await school_reporting.keep_draft(hotline, school, {"what_happened": "他说不想"})
    assert await school_reporting.draft(hotline, school) == {"what_happened": "他说不想"}
    assert await school_reporting.draft(hotline, await teacher(hotline)) == {}
    await school_reporting.submit(hotline, school, facts())
    assert await school_reporting.draft(hotline, school) == {}


async def test_a_school_sees_its_own_reports_only(hotline: Hotline) -> None:
    other_school = SCHOOL.model_copy(update={"id": SchoolId("sch_hill"), "name": "山上中学"})
    await schools.register(hotline, ADMIN, other_school)
    school, other = await teacher(hotline), await teacher(hotline, other_school.id)
    portal = Console(hotline, other, "school_report")
    report = await school_reporting.submit(hotline, school, facts())
    assert portal.frames == []
    for attempt in (
        school_reports.get(hotline, other, report.id),
        school_reporting.update(hotline, other, report.id, note="x", done=[]),
        school_reporting.worsened(hotline, other, report.id, color=Color.RED, act_in_progress=True),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await school_reports.page(hotline, other, before=None, limit=10) == []
    mine = await school_reports.page(hotline, await teacher(hotline), before=None, limit=10)
    assert [each.id for each in mine] == [report.id]


async def test_only_who_handles_it_asks_the_school(hotline: Hotline) -> None:
    report = await school_reporting.submit(hotline, await teacher(hotline), facts())
    with pytest.raises(Forbidden):
        await school_reports.ask(hotline, await counselor(hotline), report.id, "call_back")
    asked = await school_reports.ask(hotline, await supervisor(hotline), report.id, "call_back")
    assert asked.asked[-1]["code"] == "call_back"


async def test_an_account_without_a_school_is_told_so(hotline: Hotline) -> None:
    with pytest.raises(Forbidden):
        await school_reporting.submit(hotline, await staff(hotline, Role.SCHOOL), facts())


async def test_what_was_asked_and_not_done_is_told_by_deadline(hotline: Hotline, clock: SetClock) -> None:
    school = await teacher(hotline)
    leader = Console(hotline, await supervisor(hotline), "school_report")
    report = await school_reporting.submit(hotline, school, facts())
    clock.move(timedelta(minutes=59))
    await school_reporting.update(hotline, school, report.id, note=None, done=["tell_guardian"])
    clock.move(timedelta(minutes=2))
    await wake(hotline)
    assert leader.heard()[-1] == "school_report.ask_overdue"
    told = len(leader.heard())
    await wake(hotline)
    assert len(leader.heard()) == told


async def test_nothing_the_school_wrote_is_readable_in_the_database(hotline: Hotline) -> None:
    school = await teacher(hotline)
    await school_reporting.keep_draft(hotline, school, {"student": "小雨"})
    report = await school_reporting.submit(hotline, school, facts())
    await school_reporting.update(hotline, school, report.id, note="家长已到校", done=[])
    dump = ""
    async with hotline.database.reading.connect() as connection:
        for table in ("school_reports", "school_report_drafts", "contacts", "journal", "outbox"):
            dump += repr((await connection.execute(text(f"SELECT * FROM {table}"))).all())  # noqa: S608
    for word in ("小雨", "告别", "13911112222", "家长"):
        assert word not in dump
    assert report.number in dump
