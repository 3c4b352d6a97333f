"""What a school does: keeps a draft, reports a crisis, adds to it.

A report becomes a contact in the same transaction and enters the same queue, at the report's level or what
triage reads in its words, whichever is higher. An imminent one proposes an alert; an act in progress raises it.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hotline.actions import alerts
from hotline.actions.consequences import with_consequences
from hotline.actions.risk import level_step
from hotline.domain import access, contact_moves, followups, risk, school_reports
from hotline.domain.access import Actor, Permission
from hotline.domain.alerts import AlertSource
from hotline.domain.change import Change
from hotline.domain.contacts import Channel, Contact, LevelSource
from hotline.domain.followups import Followup, FollowupKind
from hotline.domain.ids import ContactId, FollowupId, SchoolId, SchoolReportId, derived_id
from hotline.domain.people import caller_number
from hotline.domain.school_report_forms import Color, CrisisFacts, age_band, kinds_of
from hotline.domain.school_reports import ReportState, School, SchoolReport, SchoolReportDraft
from hotline.errors import Forbidden, NotFound
from hotline.storage.working_set import Loaded, Need
from triage import policy
from triage.assessment import Assessment, Kind, Level

if TYPE_CHECKING:
    from hotline.service import Hotline

P = Permission
_MINOR_BANDS = ("under14", "14to17")
_TRIAGE_WAIT_SECONDS = 1.0
"""A form is sent once, not typed turn by turn: it may wait longer than a chat message. Its own level stands anyway."""


async def submit(
    hotline: Hotline, actor: Actor, facts: CrisisFacts, *, idempotency_key: str | None = None
) -> SchoolReport:
    """Report a crisis. The same key again gives the same report."""
    school_id = _own_school(actor)
    said = "\n".join(filter(None, (facts.what_happened, facts.present_state)))
    assessment = await _assessed(hotline, said)

    def decide(loaded: Loaded) -> Change:
        report_id = SchoolReportId(loaded.id_of("rep", idempotency_key, actor.staff_id))
        known = loaded.find(SchoolReport, report_id)
        if known is not None:
            return Change(answer=known)
        school = loaded.get(School, school_id)
        contact_id = ContactId(derived_id("con", report_id))
        reported = school_reports.submitted(report_id, facts, school, contact_id, actor.staff_id, loaded.now)
        report: SchoolReport = loaded.see(reported).answer
        opened = _opened(loaded, report, facts, actor, assessment)
        change = with_consequences(loaded, None, reported.then(opened), hotline.rules)
        return change.then(_draft_gone(loaded, actor)).answering(_latest(change, report))

    report: SchoolReport = await hotline.writer.run(decide)
    return report


def _own_school(actor: Actor) -> SchoolId:
    access.require(actor, P.SCHOOL_REPORT)
    if actor.organisation_id is None:
        raise Forbidden("Your account belongs to no school: ask the administrator.")
    return SchoolId(actor.organisation_id)


async def _assessed(hotline: Hotline, text: str) -> Assessment | None:
    """What triage reads in the school's own words. Evidence points into the form, not into a message: left out."""
    try:
        found = await asyncio.wait_for(hotline.assessor.assess("school", text), _TRIAGE_WAIT_SECONDS)
    except TimeoutError:
        return None
    return replace(found, evidence=())


def _opened(
    loaded: Loaded, report: SchoolReport, facts: CrisisFacts, actor: Actor, assessment: Assessment | None
) -> Change:
    """The report's contact, waiting at its level; and its alert, where the level asks for one."""
    number = caller_number(facts.reporter_phone)
    band = age_band(facts.student_age)
    contact = Contact(
        id=report.contact_id,
        channel=Channel.SCHOOL,
        nickname=facts.student,
        topic="school",
        age_band=band,
        tags=["minor"] if band in _MINOR_BANDS else [],
        kinds=kinds_of(facts),
        district=report.district,
        number=number.dialable,
        number_masked=number.masked,
        act_in_progress=facts.act_in_progress,
        school_report_id=report.id,
        opened_at=loaded.now,
    )
    opened = contact_moves.open_contact(contact, loaded.now, actor.staff_id)
    return opened.then(_raised(loaded, opened.answer, report.level, actor, assessment))


def _raised(
    loaded: Loaded, contact: Contact, floor: Level, actor: Actor, assessment: Assessment | None
) -> Change:
    change = risk.raise_floor(contact, floor, LevelSource.REPORT, actor.staff_id)
    judged: Contact = change.answer
    if assessment is not None and assessment.level is not Level.UNASSESSED:
        judged, events = risk.on_assessment(judged, assessment, message_id=None, seq=None)
        change = change.then(Change((judged,), events))
    step = level_step(loaded, judged, judged.level_source, staff_id=actor.staff_id)
    change = change.then(Change((step,)))
    proposal = policy.propose(
        judged.level,
        [Kind(each) for each in judged.kinds],
        judged.tags,
        judged.act_in_progress,
        table=loaded.rules.policy,
    )
    if proposal is None:
        return change.answering(judged)
    signalled = alerts.signal(loaded, judged, proposal, AlertSource.SCHOOL)
    return change.then(signalled).answering(judged)


def _latest(change: Change, report: SchoolReport) -> SchoolReport:
    found = (
        each for each in reversed(change.save) if isinstance(each, SchoolReport) and each.id == report.id
    )
    return next(found, report)


# Adding to it ----------------------------------------------------------------------------------------


async def update(
    hotline: Hotline, actor: Actor, report_id: SchoolReportId, *, note: str | None, done: list[str]
) -> SchoolReport:
    """What the school adds: a note, or what it has done of what was asked. A note is read by triage like the form: it
    may raise the contact and ask for help, also when the report is closed; a supervisor then looks at it."""
    assessment = await _assessed(hotline, note) if note else None

    def decide(loaded: Loaded) -> Change:
        report = _own(loaded, actor, report_id)
        change = school_reports.update(
            report, actor.staff_id, loaded.now, note=note, done=done, by_school=True
        )
        contact = loaded.find(Contact, report.contact_id)
        if contact is None or contact.content_erased_at is not None:
            return change
        updated: SchoolReport = loaded.see(change).answer
        if note and report.state is ReportState.CLOSED:
            change = change.then(_to_be_read(loaded, contact, note)).answering(updated)
        if assessment is None:
            return change
        both = with_consequences(
            loaded, contact, change.then(_read(loaded, contact, assessment)), hotline.rules
        )
        return both.answering(_latest(both, updated))

    report: SchoolReport = await hotline.writer.run(decide, Need(SchoolReport, report_id))
    return report


def _to_be_read(loaded: Loaded, contact: Contact, note: str) -> Change:
    """Nobody handles a closed report any more: what comes then is a supervisor's to look at, by a time."""
    known = loaded.where(Followup, "contact_id", contact.id)
    if any(each.kind is FollowupKind.REVIEW and followups.is_open(each) for each in known):
        return Change()
    due_at = loaded.now + loaded.rules.school_asked_within
    review_id = FollowupId(loaded.new_id("fol"))
    return followups.planned(review_id, contact, FollowupKind.REVIEW, due_at, loaded.now, note=note)


def _read(loaded: Loaded, contact: Contact, assessment: Assessment) -> Change:
    """What a later note does to the contact. Imminent words ask for help each time, whatever level a person has set."""
    judged, events = risk.on_assessment(contact, assessment, message_id=None, seq=None)
    change = Change()
    if events:
        step = level_step(loaded, judged, LevelSource.TRIAGE, score=assessment.score)
        change = Change((judged, step), events)
    if assessment.level is not Level.IMMINENT and not assessment.act_in_progress:
        return change
    kinds = [Kind(each) for each in judged.kinds]
    proposal = policy.propose(
        Level.IMMINENT, kinds, judged.tags, assessment.act_in_progress, table=loaded.rules.policy
    )
    if proposal is None:
        return change
    return change.then(alerts.signal(loaded, judged, proposal, AlertSource.SCHOOL))


async def worsened(
    hotline: Hotline, actor: Actor, report_id: SchoolReportId, *, color: Color, act_in_progress: bool
) -> SchoolReport:
    """It is worse than reported: the contact rises with the report, and signals anew."""

    def decide(loaded: Loaded) -> Change:
        report = _own(loaded, actor, report_id)
        change = school_reports.worsened(report, color, act_in_progress, actor.staff_id, loaded.now)
        if not change.save:
            return change
        worse: SchoolReport = loaded.see(change).answer
        contact = loaded.get(Contact, report.contact_id)
        rising = contact_moves.moved(contact, act_in_progress=contact.act_in_progress or act_in_progress)
        risen = _raised(loaded, rising, worse.level, actor, None)
        both = with_consequences(loaded, contact, change.then(risen), hotline.rules)
        return both.answering(_latest(both, worse))

    report: SchoolReport = await hotline.writer.run(decide, Need(SchoolReport, report_id))
    return report


def _own(loaded: Loaded, actor: Actor, report_id: SchoolReportId) -> SchoolReport:
    access.require(actor, P.SCHOOL_REPORT)
    report = loaded.find(SchoolReport, report_id)
    if report is None or not school_reports.is_school(actor, report):
        raise NotFound("There is no such report.")
    return report


# The draft -------------------------------------------------------------------------------------------


def _draft_id(actor: Actor) -> str:
    return derived_id("srd", actor.staff_id)


async def keep_draft(hotline: Hotline, actor: Actor, answers: dict[str, Any]) -> None:
    """The form as far as it is filled in; nothing of it need be valid yet."""
    _own_school(actor)

    def decide(loaded: Loaded) -> Change:
        loaded.find(SchoolReportDraft, _draft_id(actor))
        draft = SchoolReportDraft(
            id=_draft_id(actor), staff_id=actor.staff_id, answers=answers, saved_at=loaded.now
        )
        return Change((draft,))

    await hotline.writer.run(decide, Need(SchoolReportDraft, _draft_id(actor)))


async def draft(hotline: Hotline, actor: Actor) -> dict[str, Any]:
    _own_school(actor)
    found = await hotline.reader.find(SchoolReportDraft, _draft_id(actor))
    return found.answers if found is not None else {}


def _draft_gone(loaded: Loaded, actor: Actor) -> Change:
    """A sent form leaves no draft: it is emptied, for its row keeps the key of the next one."""
    known = loaded.find(SchoolReportDraft, _draft_id(actor))
    if known is None or not known.answers:
        return Change()
    return Change((known.model_copy(update={"answers": {}, "saved_at": loaded.now}),))
