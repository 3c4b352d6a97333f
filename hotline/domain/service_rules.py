"""The service's own clocks and sizes. All are project defaults that an operator may set (`settings.py`);
none is a legal limit. The pure machines are handed this value and read no setting themselves.

What depends on the level (who waits how long, when a supervisor joins, follow-ups) stands in `policy`, the table
of `triage/policy`; the properties below read it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from hotline.domain.skills import DEFAULT_SKILLS, Skill, with_the_languages
from triage.assessment import Level
from triage.policy import PolicyTable, Tier, default_table


@dataclass(frozen=True, slots=True)
class LadderRung:
    """Who is told, and how long this rung has before the next one is told too."""

    role: str
    within: timedelta


@dataclass(frozen=True, slots=True)
class ServiceRules:
    offer_within: timedelta = timedelta(seconds=20)
    """A counselor's time to answer an offer: a ring of four or five tones."""
    ring_at_once: tuple[str, ...] = ()
    """Queues that ring at several counselors at once, as `ring_rules.py` names them, until it is ruled otherwise."""
    ring_at_once_most: int = 3
    """At how many: more would let half the room look up for every call."""
    ring_at_once_after: timedelta = timedelta(seconds=20)
    """Who has waited this long, one turn, rings at several in every queue."""
    leg_answered_within: timedelta = timedelta(seconds=20)
    """A counselor who took a call picks up by then, else the caller goes to the front of the queue."""
    party_answered_within: timedelta = timedelta(seconds=30)
    """An outside number (an interpreter, a partner) rings this long: before most voicemail picks up."""
    supervision_announced: bool = False
    """Whether all in the room hear words when a supervisor begins to listen; the counselor sees it in any case."""
    leg_bridged_within: timedelta = timedelta(seconds=60)
    """From picking up to both being in the room: as long as the notices in both languages take, and a margin."""
    counselor_gone_after: timedelta = timedelta(seconds=20)
    """After the last socket closed, before the contacts go back to the front of the queue."""
    waiting_escalates_after: timedelta = timedelta(minutes=3)
    """Somebody waits this long: supervisors are told, and again after each further span. Policy has shorter ones."""
    silence_warned_after: timedelta = timedelta(minutes=10)
    silence_closed_after: timedelta = timedelta(minutes=5)
    """From the warning to the end of a silent chat that is not at risk."""
    person_gone_after: timedelta = timedelta(minutes=5)
    """A waiting chat whose page is gone this long counts as abandoned."""
    wrap_up_warned_after: timedelta = timedelta(minutes=15)
    """Wrap-up is never ended by force; supervisors are told instead, again after each span."""
    help_unanswered_after: timedelta = timedelta(seconds=60)
    """A counselor's cry for a supervisor rings again after this span."""
    alert_ladder: tuple[LadderRung, ...] = (
        LadderRung("dispatcher", timedelta(seconds=60)),
        LadderRung("next_dispatcher", timedelta(seconds=45)),
        LadderRung("supervisor", timedelta(seconds=45)),
        LadderRung("everyone", timedelta(seconds=60)),
    )
    assign_within: timedelta = timedelta(minutes=3)
    depart_within: timedelta = timedelta(minutes=5)
    arrive_within: timedelta = timedelta(minutes=30)
    close_alert_within: timedelta = timedelta(hours=2)
    """Handed over: the outcome is asked for after this span, and again after each further one."""
    call_back_within: timedelta = timedelta(minutes=10)
    """An abandoned call at risk is to be called back by then."""
    call_back_pauses: tuple[int, ...] = (10, 30, 120)
    """Minutes from one unanswered call back to the next: growing, so that the tries fall at different times."""
    voicemail_heard_within: timedelta = timedelta(minutes=30)
    """A message on the line is listened to by then; at risk within the time of a call back."""
    followup_grace: timedelta = timedelta(hours=1)
    """Past due by this much, supervisors are told; again after each span."""
    chat_capacity: int = 2
    """What crisis text services found safe for most: a third one halves the attention that each gets."""
    call_capacity: int = 1
    calls_beside_chats: bool = False
    """Whether somebody who chats may be offered a call. Nobody who speaks is offered a chat."""
    rest_after_imminent: timedelta = timedelta(minutes=10)
    """After an imminent contact was written up or handed on, no offers; its owner may end it earlier."""
    skills: tuple[Skill, ...] = DEFAULT_SKILLS
    skill_level_wanted: int = 3
    """Who has a skill at this level is offered first who wishes for it."""
    wished_counselor_for: timedelta = timedelta(minutes=2)
    """A counselor whom the person wished for is waited for this long, if they are there."""
    district_preferred_for: timedelta = timedelta(seconds=10)
    skills_widened_after: timedelta = timedelta(seconds=20)
    """Then any level of a wished skill will do; a while later nobody asks for it any more."""
    skills_overflow_after: timedelta = timedelta(seconds=30)
    supervisors_overflow_after: timedelta = timedelta(seconds=60)
    """Supervisors who are available are offered what has waited this long."""
    risky_overflow_after: timedelta = timedelta(seconds=10)
    """At risk, skills, district and the supervisors' standing back are waited for no longer than this."""
    partner_number: str = ""
    """The partner line, to which callers are put through and which chats are shown; none by default."""
    partner_overflow_after: timedelta = timedelta(minutes=10)
    outside_numbers: tuple[str, ...] = ()
    """What may be dialled (`outside_numbers.py`); none: the forms of the line's own country."""
    outside_served_after: timedelta = timedelta(seconds=30)
    """Who hangs up outside after that long has said goodbye; sooner the line broke: half a minute is a greeting."""
    transcribe_outside: bool = False
    """What a caller says to a partner line or a duty telephone is not ours to write down."""
    duty_called_after: timedelta = timedelta(minutes=2)
    """A text is read within two minutes or not soon: then the duty telephone is rung."""
    duty_acknowledged_for: timedelta = timedelta(minutes=10)
    """Long enough to find a computer and to sign in; then it is rung again, if somebody waits still."""
    duty_called_again_after: timedelta = timedelta(minutes=5)
    """All duty telephones rang in vain: the next round, for as long as somebody waits."""
    frequent_from: int = 10
    """Contacts in a month from which a plan is asked for: about what services report of their most frequent callers."""
    frequent_within: timedelta = timedelta(days=30)
    minors_may_chat_anonymously: bool = True
    language_overflow_after: timedelta = timedelta(seconds=45)
    """After this wait somebody who does not speak the person's language may be offered the contact."""
    head_start_moderate: timedelta = timedelta(minutes=5)
    """Moderate and unassessed count as having waited this much longer than low and none."""
    school_asked_within: timedelta = timedelta(hours=24)
    record_calls: bool = False
    """A recording is a risk to whoever is on it: made only where the operator's policy says so, and with consent."""
    recordings_kept_days: int = 180
    """Half a year: long enough for a complaint or a review, no longer than both need."""
    shift_late_after: timedelta = timedelta(minutes=10)
    """Whose shift began this long ago and who has not signed in is named to the supervisors."""
    hand_over_accepted_within: timedelta = timedelta(minutes=15)
    """A hand-over that nobody has accepted by then is told to the supervisors, again after each span."""
    hand_overs_kept_days: int = 30
    """What has to be known for longer belongs into the record of the person, where it can be found and erased."""
    contacts_kept_days: int = 1096
    """What was said and written in a contact: three years, the least that China's guide for hotlines asks for."""
    texts_kept_days: int = 1096
    """The same of text messages, of which the carrier and a telephone have copies that are easier to find."""
    school_reports_kept_days: int = 1096
    swaps_kept_days: int = 365
    """A year: long enough to see whether shifts are shared out fairly."""
    swaps_approved: bool = True
    """Whether a supervisor approves each shift that counselors swap: who plans answers for the skills of a shift."""
    policy: PolicyTable = field(default_factory=default_table)

    @property
    def all_skills(self) -> tuple[Skill, ...]:
        """The operator's skills and the service's languages."""
        return with_the_languages(self.skills)

    def tier(self, level: Level, act_in_progress: bool = False) -> Tier:
        """The tier of a level in the policy table."""
        return self.policy.tier(level, act_in_progress)

    @property
    def hand_overs_kept_for(self) -> timedelta:
        return timedelta(days=self.hand_overs_kept_days)

    @property
    def recordings_kept_for(self) -> timedelta:
        return timedelta(days=self.recordings_kept_days)

    @property
    def confirm_alert_within(self) -> timedelta:
        """A proposed alert waits this long for the counselor, then for the supervisor, and so on."""
        return _needed(self.tier(Level.IMMINENT).clocks.alert_confirmed_within)

    def acknowledge_alert_within(self, act_in_progress: bool) -> timedelta:
        """By then everybody on the ladder has been rung."""
        return _needed(self.tier(Level.IMMINENT, act_in_progress).clocks.alert_acknowledged_within)

    def confirm_contact_every(self, act_in_progress: bool) -> timedelta:
        """On the way or on the scene: "contact made?" is asked again after each span."""
        return _needed(self.tier(Level.IMMINENT, act_in_progress).clocks.contact_confirmed_every)


def _needed(span: timedelta | None) -> timedelta:
    if span is None:  # the table is checked when it is read (`triage/policy/table.py`)
        raise ValueError("the policy table lacks a clock of imminent danger")
    return span
