"""Who may do what: the one place. What is not granted here is refused.

A route names a `Permission`; an action may ask more of the thing itself (`may_read_contact` …).
Topics say what a person's console hears; a frame goes to topics, and only those.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hotline.domain.alerts import Alert, AlertState, ResponderKind
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.followups import Followup, FollowupKind
from hotline.domain.handovers import Handover
from hotline.domain.ids import StaffId
from hotline.domain.voicemails import Voicemail
from hotline.errors import Forbidden


class Role(StrEnum):
    COUNSELOR = "counselor"
    SUPERVISOR = "supervisor"
    DISPATCHER = "dispatcher"
    CRISIS_TEAM = "crisis_team"
    POLICE = "police"
    SCHOOL = "school"
    REFERRAL_WORKER = "referral_worker"
    REHABILITATION = "rehabilitation"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Permission(StrEnum):
    ACCOUNT_OWN = "account.own"
    PRESENCE_OWN = "presence.own"
    CONTACT_SERVE = "contact.serve"
    CONTACT_SUPERVISE = "contact.supervise"
    CONTACT_UNMASK = "contact.unmask"
    ALERT_RAISE = "alert.raise"
    ALERT_DISPATCH = "alert.dispatch"
    ALERT_RESPOND = "alert.respond"
    ALERT_POLICE = "alert.police"
    ALERT_READ = "alert.read"
    FOLLOWUP_WORK = "followup.work"
    SCHOOL_REPORT = "school.report"
    SCHOOL_READ = "school.read"
    REFERRAL_FILE = "referral.file"
    REFERRAL_WORK = "referral.work"
    REHABILITATION_WORK = "rehabilitation.work"
    REFERRAL_READ = "referral.read"
    INDICATORS_READ = "indicators.read"
    TRIAGE_REVIEW = "triage.review"
    TRIAGE_EXPORT = "triage.export"
    LINE_MANAGE = "line.manage"
    STAFF_READ = "staff.read"
    STAFF_MANAGE = "staff.manage"
    STAFF_SKILLS = "staff.skills"
    QUEUE_DIVERT = "queue.divert"
    PERSON_ERASE = "person.erase"
    RECORDING_LISTEN = "recording.listen"
    RECORDING_MEND = "recording.mend"
    LEGAL_HOLD = "legal.hold"
    SHIFT_READ = "shift.read"
    SHIFT_PLAN = "shift.plan"
    JOURNAL_READ = "journal.read"


P, R = Permission, Role

GRANTS: dict[Role, frozenset[Permission]] = {
    R.COUNSELOR: frozenset(
        {P.PRESENCE_OWN, P.CONTACT_SERVE, P.ALERT_RAISE, P.ALERT_READ, P.FOLLOWUP_WORK, P.REFERRAL_FILE}
        | {P.REFERRAL_READ, P.STAFF_READ, P.SCHOOL_READ, P.SHIFT_READ}
    ),
    R.SUPERVISOR: frozenset(
        {P.PRESENCE_OWN, P.CONTACT_SERVE, P.CONTACT_SUPERVISE, P.CONTACT_UNMASK, P.ALERT_RAISE, P.ALERT_READ}
        | {P.ALERT_DISPATCH, P.FOLLOWUP_WORK, P.REFERRAL_FILE, P.REFERRAL_READ, P.INDICATORS_READ}
        | {P.STAFF_READ, P.STAFF_SKILLS, P.QUEUE_DIVERT, P.SCHOOL_READ, P.JOURNAL_READ}
        | {P.TRIAGE_REVIEW, P.TRIAGE_EXPORT}
        | {P.SHIFT_READ, P.SHIFT_PLAN, P.RECORDING_LISTEN, P.LEGAL_HOLD, P.LINE_MANAGE, P.RECORDING_MEND}
    ),
    R.DISPATCHER: frozenset({P.ALERT_DISPATCH, P.ALERT_READ, P.STAFF_READ, P.SHIFT_READ}),
    R.CRISIS_TEAM: frozenset({P.ALERT_RESPOND}),
    R.POLICE: frozenset({P.ALERT_POLICE}),
    R.SCHOOL: frozenset({P.SCHOOL_REPORT}),
    R.REFERRAL_WORKER: frozenset({P.REFERRAL_WORK, P.REFERRAL_READ, P.REFERRAL_FILE}),
    R.REHABILITATION: frozenset({P.REHABILITATION_WORK}),
    R.AUDITOR: frozenset({P.JOURNAL_READ, P.INDICATORS_READ, P.STAFF_READ}),
    R.ADMIN: frozenset(
        {P.STAFF_READ, P.STAFF_MANAGE, P.PERSON_ERASE, P.INDICATORS_READ, P.JOURNAL_READ, P.LINE_MANAGE}
        | {P.RECORDING_MEND}
    ),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a signed-in person. `organisation_id` is the school or institution, where there is one."""

    staff_id: StaffId
    roles: frozenset[Role]
    district: str | None = None
    organisation_id: str | None = None

    def may(self, permission: Permission) -> bool:
        return permission is P.ACCOUNT_OWN or any(permission in GRANTS[role] for role in self.roles)


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    return frozenset({P.ACCOUNT_OWN}).union(*(GRANTS[role] for role in roles))


def require(actor: Actor, *permissions: Permission) -> None:
    """Any one of these permissions is enough."""
    if not any(actor.may(each) for each in permissions):
        raise Forbidden("Your role does not include this.")


# Contacts ----------------------------------------------------------------------------------------


def may_read_contact(actor: Actor, contact: Contact) -> bool:
    """The content of a contact: who serves or joined it, and supervisors."""
    return (
        actor.may(P.CONTACT_SUPERVISE)
        or contact.counselor_id == actor.staff_id
        or actor.staff_id in contact.joined
    )


def require_serving(actor: Actor, contact: Contact) -> None:
    """To act in a contact's conversation: who serves it, who joined it, and supervisors."""
    require(actor, P.CONTACT_SERVE)
    if not may_read_contact(actor, contact):
        raise Forbidden("This contact is served by somebody else.")


def require_held(actor: Actor, contact: Contact) -> None:
    """To end, transfer or close it: who holds it, and supervisors."""
    require(actor, P.CONTACT_SERVE)
    if contact.counselor_id != actor.staff_id and not actor.may(P.CONTACT_SUPERVISE):
        raise Forbidden("This contact is held by somebody else.")


# Topics ------------------------------------------------------------------------------------------

QUEUE, SUPERVISION, ALERTS, POLICE_DESK, TEAMS, FOLLOWUPS, DUTY = (
    "queue",
    "supervision",
    "alerts",
    "police_desk",
    "teams",
    "followups",
    "duty",
)


def duty_topic(role: str) -> str:
    """Who may be on duty in a role."""
    return f"duty:{role}"


def staff_topic(staff_id: str) -> str:
    return f"staff:{staff_id}"


def serving_topic(staff_id: str) -> str:
    """What this person serves, as long as they may: who was a counselor hears no more of it."""
    return f"serving:{staff_id}"


def person_topic(contact_id: str) -> str:
    """The help-seeker's own page."""
    return f"person:{contact_id}"


def team_topic(team_id: str) -> str:
    """A crisis team or police desk."""
    return f"team:{team_id}"


def school_topic(school_id: str) -> str:
    return f"school:{school_id}"


def institution_topic(institution_id: str) -> str:
    return f"institution:{institution_id}"


def referrals_topic(district: str | None) -> str:
    return f"referrals:{district or '*'}"


def topics_of(actor: Actor) -> frozenset[str]:
    """What this person's console hears."""
    topics = {staff_topic(actor.staff_id)}
    for permission, topic in (
        (P.CONTACT_SERVE, QUEUE),
        (P.CONTACT_SERVE, serving_topic(actor.staff_id)),
        (P.CONTACT_SUPERVISE, SUPERVISION),
        (P.ALERT_DISPATCH, ALERTS),
        (P.ALERT_POLICE, POLICE_DESK),
        (P.ALERT_RESPOND, TEAMS),
        (P.FOLLOWUP_WORK, FOLLOWUPS),
        (P.SHIFT_READ, DUTY),
    ):
        if actor.may(permission):
            topics.add(topic)
    if actor.may(P.SHIFT_READ):
        topics |= {duty_topic(role) for role in actor.roles}
    if actor.may(P.REFERRAL_WORK):
        topics.add(referrals_topic(actor.district))
    if actor.organisation_id is not None:
        topics |= _topics_of_organisation(actor, actor.organisation_id)
    return frozenset(topics)


def _topics_of_organisation(actor: Actor, organisation_id: str) -> set[str]:
    """By role: an account keeps its organisation when its role is taken away, and a team may have a school's id."""
    topics = set()
    if actor.may(P.ALERT_RESPOND) or actor.may(P.ALERT_POLICE):
        topics.add(team_topic(organisation_id))
    if actor.may(P.SCHOOL_REPORT):
        topics.add(school_topic(organisation_id))
    if actor.may(P.REHABILITATION_WORK):
        topics.add(institution_topic(organisation_id))
    return topics


def contact_audience(contact: Contact) -> tuple[str, ...]:
    """Who hears of a contact's state: its counselor, who joined, who is asked to take it, supervisors; all counselors
    while it waits."""
    near = (contact.counselor_id, *contact.joined, contact.offered_to_id, *contact.also_offered)
    topics = [serving_topic(each) for each in dict.fromkeys(near) if each]
    topics.append(SUPERVISION)
    if contact.state is ContactState.WAITING:
        topics.append(QUEUE)
    return tuple(topics)


def message_audience(contact: Contact) -> tuple[str, ...]:
    """Who hears what is said: its counselor and who joined."""
    return tuple(serving_topic(each) for each in (contact.counselor_id, *contact.joined) if each)


# Duty --------------------------------------------------------------------------------------------


def handover_audience(handover: Handover) -> tuple[str, ...]:
    """Those of the two shifts, and supervisors; without a roster whoever may be on duty in the role."""
    if handover.reader_ids is None:
        return (SUPERVISION, duty_topic(handover.role))
    readers = dict.fromkeys((handover.written_by, *handover.reader_ids, handover.accepted_by))
    return (SUPERVISION, *(staff_topic(each) for each in readers if each))


def may_read_handover(actor: Actor, handover: Handover, on_duty: Iterable[str]) -> bool:
    """Whoever hears of it; and who stands in meanwhile, until somebody has accepted it."""
    stands_in = handover.accepted_at is None and actor.staff_id in on_duty
    return stands_in or not topics_of(actor).isdisjoint(handover_audience(handover))


# Alerts ------------------------------------------------------------------------------------------


def alert_audience(alert: Alert) -> tuple[str, ...]:
    """Who hears of an alert: the counselor with the person and supervisors; the board once it is raised, or
    when a proposal rings everyone; those who go from the moment it is given to them, and nobody else."""
    topics = [SUPERVISION]
    if alert.counselor_id is not None:
        topics.append(serving_topic(alert.counselor_id))
    if alert.raised_at is not None or "everyone" in alert.notified:
        topics.append(ALERTS)
    if alert.assigned_kind is ResponderKind.POLICE_DESK:
        topics.append(POLICE_DESK)
    elif alert.assigned_id is not None:
        topics.append(team_topic(alert.assigned_id))
    return tuple(topics)


def may_read_alert(actor: Actor, alert: Alert) -> bool:
    """Whoever hears of it may read it: there is one list."""
    return not topics_of(actor).isdisjoint(alert_audience(alert))


def require_alert(actor: Actor, alert: Alert) -> None:
    if not may_read_alert(actor, alert):
        raise Forbidden("This alert is not yours to see.")


def require_responding(actor: Actor, alert: Alert) -> None:
    """To say how it goes: those it was given to, and dispatchers for them (by phone or radio)."""
    require(actor, P.ALERT_DISPATCH, P.ALERT_RESPOND, P.ALERT_POLICE)
    require_alert(actor, alert)


def require_cancelling(actor: Actor, alert: Alert) -> None:
    """The board; and the counselor, as long as nobody has acknowledged."""
    require_alert(actor, alert)
    if not (actor.may(P.ALERT_DISPATCH) or (actor.may(P.ALERT_RAISE) and alert.state is AlertState.RAISED)):
        raise Forbidden("The alert is in the dispatcher's hands now: ask them to cancel it.")


# Follow-ups --------------------------------------------------------------------------------------


def followup_audience(followup: Followup) -> tuple[str, ...]:
    """A review is a supervisor's; the rest anybody on duty may take."""
    return (SUPERVISION,) if followup.kind is FollowupKind.REVIEW else (FOLLOWUPS,)


def require_followup(actor: Actor, followup: Followup) -> None:
    require(actor, P.FOLLOWUP_WORK)
    if topics_of(actor).isdisjoint(followup_audience(followup)):
        raise Forbidden("This is a supervisor's task.")


def voicemail_audience(_voicemail: Voicemail) -> tuple[str, ...]:
    """Anybody on duty may take a message, as they may a call back."""
    return (FOLLOWUPS,)


def require_voicemail_held(actor: Actor, voicemail: Voicemail) -> None:
    """To work on it: its owner, anybody while it has none, and supervisors."""
    require(actor, P.FOLLOWUP_WORK)
    if voicemail.owner_id not in (None, actor.staff_id) and not actor.may(P.CONTACT_SUPERVISE):
        raise Forbidden("Somebody else has taken this message.")


def require_followup_held(actor: Actor, followup: Followup) -> None:
    """To work on it: its owner, anybody while it has none, and supervisors."""
    require_followup(actor, followup)
    if followup.owner_id not in (None, actor.staff_id) and not actor.may(P.CONTACT_SUPERVISE):
        raise Forbidden("Somebody else has taken this follow-up.")
