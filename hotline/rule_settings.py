"""The settings of the service's own clocks, of the policy table and of the limits of referral.

Their defaults and the reasons stand in `domain/service_rules.py` and `domain/care_rules.py`; here each gets a
name and a unit. `settings.py` reads them with all the others.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, field_validator

from hotline.domain import outside_numbers, ring_rules
from hotline.domain.service_rules import LadderRung, ServiceRules
from hotline.domain.skills import Skill
from hotline.setting_forms import (
    DEFAULT_DISTRICTS,
    District,
    care_limits,
    json_list,
    ladder,
    listed,
)
from triage.policy import PolicyTable, default_table, read_table

_DEFAULT_RULES = ServiceRules()
_LONGEST_SECONDS = 30 * 24 * 3600.0
_LONGEST_KEPT_DAYS = 36_600  # a hundred years


def setting(default: Any, unit: str, reason: str, **limits: Any) -> Any:
    """A field with its unit and the reason for its default."""
    return Field(default, description=reason, json_schema_extra={"unit": unit}, **limits)


def rule(name: str, unit: str, reason: str, **limits: Any) -> Any:
    """A value of `ServiceRules`; its default is written there."""
    return setting(getattr(_DEFAULT_RULES, name), unit, reason, **limits)


def clock(name: str, reason: str) -> Any:
    """A duration of `ServiceRules` in seconds; its default is written there."""
    default = getattr(_DEFAULT_RULES, name).total_seconds()
    return setting(default, "seconds", reason, gt=0, le=_LONGEST_SECONDS)


def kept_days(name: str, reason: str) -> Any:
    """How long something is kept that need not be deleted at all."""
    return rule(name, "days", reason, ge=0, le=_LONGEST_KEPT_DAYS)


def policy_clock(reason: str) -> Any:
    """A duration that stands in the policy table and may be set by itself; by default the table's."""
    return setting(None, "seconds", reason, gt=0, le=_LONGEST_SECONDS)


_POLICY_CLOCKS = {
    "waiting_escalates_after": "risky_waiting_escalates_after_seconds",
    "alert_confirmed_within": "confirm_alert_within_seconds",
    "contact_confirmed_every": "confirm_contact_every_seconds",
}


class RuleSettings(BaseModel):
    policy_file: Path | None = setting(
        None,
        "TOML file",
        "Which level asks for what: who is told, what is proposed, which clocks run. The project's own table "
        "(triage/policy/default.toml, the form to copy) by default.",
    )
    offer_within_seconds: float = clock("offer_within", "A counselor's time to answer an offer.")
    ring_at_once: tuple[str, ...] = rule(
        "ring_at_once",
        "queue, …",
        "Queues that ring at several counselors at once, the first to accept has the contact: by channel (call, chat, "
        "sms, school), with a language (call:en), a skill (call:*:youth) or both (call:en:youth). By turn everywhere "
        "else; imminent rings at once everywhere. This and the next two stand until it is ruled on the switchboard's "
        "page.",
        max_length=20,
    )
    ring_at_once_most: int = rule(
        "ring_at_once_most",
        "counselors",
        "At how many a contact rings at once; 1 for one after the other, always.",
        ge=1,
        le=20,
    )
    ring_at_once_after_seconds: float = clock(
        "ring_at_once_after", "Who has waited this long rings at several counselors at once in every queue."
    )
    leg_answered_within_seconds: float = clock(
        "leg_answered_within", "A counselor's phone rings this long for a call that was accepted."
    )
    party_answered_within_seconds: float = clock(
        "party_answered_within", "An outside number that a counselor adds to a call rings this long."
    )
    supervision_announced: bool = rule(
        "supervision_announced",
        "yes or no",
        "All in the room hear words when a supervisor begins to listen; the counselor's console always shows it.",
    )
    leg_bridged_within_seconds: float = clock(
        "leg_bridged_within", "From the counselor's picking up to both being connected: the notices' length."
    )
    counselor_gone_after_seconds: float = clock(
        "counselor_gone_after",
        "After a counselor's last socket closed, before their chats go back to the queue.",
    )
    waiting_escalates_after_seconds: float = clock(
        "waiting_escalates_after", "Somebody waits this long: supervisors are told, again after each span."
    )
    risky_waiting_escalates_after_seconds: float | None = policy_clock(
        "The same at high and imminent risk, instead of the policy table's span."
    )
    silence_warned_after_seconds: float = clock(
        "silence_warned_after", "A silent chat is asked whether it goes on."
    )
    silence_closed_after_seconds: float = clock(
        "silence_closed_after", "From that question to the end of a silent chat that is not at risk."
    )
    person_gone_after_seconds: float = clock(
        "person_gone_after", "A waiting chat whose page is gone this long counts as abandoned."
    )
    wrap_up_warned_after_seconds: float = clock(
        "wrap_up_warned_after", "Wrap-up is never ended by force; supervisors are told after this span."
    )
    help_unanswered_after_seconds: float = clock(
        "help_unanswered_after", "A counselor's call for a supervisor rings again."
    )
    confirm_alert_within_seconds: float | None = policy_clock(
        "A proposed alert waits for the counselor, then for the supervisor, instead of the policy table's span."
    )
    alert_ladder: tuple[LadderRung, ...] = rule(
        "alert_ladder",
        "role:seconds, …",
        "Who is told of an unacknowledged alert, and how long each has before the next is told too.",
        min_length=1,
    )
    assign_within_seconds: float = clock("assign_within", "From acknowledged to a team or the police desk.")
    depart_within_seconds: float = clock("depart_within", "From assigned to on the way.")
    arrive_within_seconds: float = clock("arrive_within", "From on the way to on the scene.")
    confirm_contact_every_seconds: float | None = policy_clock(
        "“Contact made?” is asked again, instead of the policy table's span."
    )
    close_alert_within_seconds: float = clock(
        "close_alert_within", "From handed over to a closed alert with its outcome."
    )
    call_back_within_seconds: float = clock(
        "call_back_within", "An abandoned call at risk is called back by then."
    )
    call_back_pauses: tuple[int, ...] = rule(
        "call_back_pauses",
        "minutes, …",
        "From one unanswered call back to the next, and the last one again and again; growing.",
        min_length=1,
        max_length=10,
    )
    voicemail_heard_within_seconds: float = clock(
        "voicemail_heard_within", "A message that was left on the line is listened to by then."
    )
    followup_grace_seconds: float = clock("followup_grace", "Past due by this much, supervisors are told.")
    chat_capacity: int = rule("chat_capacity", "chats", "A counselor's chats at a time.", ge=1, le=20)
    call_capacity: int = rule("call_capacity", "calls", "A counselor's calls at a time.", ge=1, le=2)
    calls_beside_chats: bool = rule(
        "calls_beside_chats", "yes/no", "Whether somebody who chats may be offered a call."
    )
    rest_after_imminent_seconds: float = setting(
        _DEFAULT_RULES.rest_after_imminent.total_seconds(),
        "seconds",
        "After an imminent contact its counselor is offered nothing for this long, unless they say they are "
        "available; 0 for no rest.",
        ge=0,
        le=_LONGEST_SECONDS,
    )
    skills: tuple[Skill, ...] = rule(
        "skills",
        "JSON list of {code, zh, en, topics, age_bands}",
        "What contacts may need beside Chinese and English, and which topics and ages ask for it by themselves. A "
        "code that begins with language: is a language.",
        max_length=40,
    )
    skill_level_wanted: int = rule(
        "skill_level_wanted",
        "level",
        "Who has a wished skill at this level (1 to 5) is offered the contact first.",
        ge=1,
        le=5,
    )
    wished_counselor_for_seconds: float = clock(
        "wished_counselor_for",
        "A counselor whom the person wished for is waited for this long, if they are there.",
    )
    district_preferred_for_seconds: float = clock(
        "district_preferred_for", "A counselor of the person's district is waited for this long."
    )
    skills_widened_after_seconds: float = clock(
        "skills_widened_after", "Then any level of a wished skill will do."
    )
    skills_overflow_after_seconds: float = clock(
        "skills_overflow_after", "Then nobody asks for the wished skills any more."
    )
    supervisors_overflow_after_seconds: float = clock(
        "supervisors_overflow_after", "Then supervisors who are available are offered the contact too."
    )
    risky_overflow_after_seconds: float = clock(
        "risky_overflow_after", "At high and imminent risk those waits are no longer than this."
    )
    partner_number: str = rule(
        "partner_number",
        "number",
        "The partner line that callers are put through to when the wait has become too long, and that chats are "
        "shown.",
        pattern=r"^(\+?[0-9]{3,15})?$",
    )
    outside_numbers: tuple[str, ...] = rule(
        "outside_numbers",
        "numbers",
        "What counselors may dial: digits as dialled at home, x for any digit, * at the end for any more. Default: "
        "emergency, help lines, fixed and mobile telephones of the line's own country; nothing that costs extra, "
        "nothing abroad.",
        max_length=200,
    )
    outside_served_after_seconds: float = clock(
        "outside_served_after",
        "Whoever outside hangs up after that long with a caller has said goodbye: the caller is taken back in turn "
        "(project default). Sooner, or by a line that failed, and at risk always: at the front of the queue.",
    )
    transcribe_outside: bool = rule(
        "transcribe_outside",
        "yes or no",
        "What callers say to a partner line or a duty telephone is written down and assessed. No: it is not ours.",
    )
    duty_called_after_seconds: float = clock(
        "duty_called_after", "From the text to the duty telephone until it is rung, if somebody waits still."
    )
    duty_acknowledged_for_seconds: float = clock(
        "duty_acknowledged_for",
        "Whoever acknowledged by a key is rung again after this, if somebody waits still.",
    )
    duty_called_again_after_seconds: float = clock(
        "duty_called_again_after", "From all duty telephones in vain to the next round."
    )
    frequent_from: int = rule(
        "frequent_from",
        "contacts",
        "From so many contacts of one person within the span below a plan is asked for.",
        ge=2,
        le=500,
    )
    frequent_within_seconds: float = clock("frequent_within", "The span in which they are counted.")
    partner_overflow_after_seconds: float = clock(
        "partner_overflow_after", "Then the partner line is offered, where there is one."
    )
    language_overflow_after_seconds: float = clock(
        "language_overflow_after", "Then a counselor of another language may be offered the contact."
    )
    head_start_moderate_seconds: float = clock(
        "head_start_moderate", "Moderate and unassessed count as having waited this much longer."
    )
    school_asked_within_seconds: float = clock(
        "school_asked_within", "A school's time for what it was asked to do."
    )
    record_calls: bool = rule(
        "record_calls",
        "yes or no",
        "Calls are recorded if the caller has agreed. Off: a recording is a risk to whoever is on it.",
    )
    recordings_kept_days: int = rule(
        "recordings_kept_days",
        "days",
        "Then recordings and voicemails are deleted, unless a legal hold stands: half a year covers a complaint.",
        ge=1,
        le=3660,
    )
    shift_late_after_seconds: float = clock(
        "shift_late_after",
        "Whose shift began this long ago and who has not signed in is named to supervisors.",
    )
    swaps_approved: bool = rule(
        "swaps_approved",
        "yes or no",
        "A shift that a colleague took over counts once a supervisor has approved it. No: at once.",
    )
    hand_over_accepted_within_seconds: float = clock(
        "hand_over_accepted_within", "A hand-over that nobody has accepted by then is told to supervisors."
    )

    hand_overs_kept_days: int = rule(
        "hand_overs_kept_days",
        "days",
        "Then a hand-over that was accepted is deleted (project default): what has to last is written with the person.",
        ge=1,
        le=3660,
    )
    contacts_kept_days: int = kept_days(
        "contacts_kept_days",
        "Then what was said and written in a closed contact is erased, codes and times stay; 0 keeps it (project "
        "default: three years, the least that China's guide for hotlines asks for). Counted from the end of its last "
        "alert and follow-up, and from the last contact of a person who is known by a number.",
    )
    texts_kept_days: int = kept_days(
        "texts_kept_days",
        "The same of conversations by text message (project default).",
    )
    school_reports_kept_days: int = kept_days(
        "school_reports_kept_days",
        "Then words and names of a closed school report are emptied, its codes stay; 0 keeps them (project default).",
    )
    swaps_kept_days: int = kept_days(
        "swaps_kept_days",
        "Then an offered shift that is over is deleted; 0 keeps it (project default).",
    )

    # Working days and the limits of referral: defaults and their reasons stand in domain/care_rules.py ---
    districts: tuple[District, ...] = setting(
        DEFAULT_DISTRICTS,
        "JSON list of {zh, en}",
        "The districts that referrals go to, each with a referral worker's account; Dalian's by default.",
        min_length=1,
        max_length=200,
    )
    days_off: tuple[date, ...] = setting(
        (),
        "dates",
        "Days off beside the published holidays: local ones, and years that are not published yet.",
    )
    days_worked: tuple[date, ...] = setting(
        (), "dates", "Weekends that are worked, beside the published ones."
    )
    holiday_years: tuple[int, ...] = setting(
        (),
        "years",
        "Years whose holidays are all named above; dates in unknown years are shown as provisional.",
    )
    care_limits: dict[str, int] = setting(
        {},
        "name:count, …",
        "Other limits of referral and rehabilitation than the project's defaults, in each limit's own unit. "
        "The two of the Measures (verify, refer) are not among them.",
    )

    @field_validator("alert_ladder", mode="before")
    @classmethod
    def _parse_ladder(cls, value: Any) -> Any:
        return ladder(value)

    @field_validator("care_limits", mode="before")
    @classmethod
    def _parse_care_limits(cls, value: Any) -> Any:
        return care_limits(value)

    @field_validator(
        "days_off", "days_worked", "holiday_years", "call_back_pauses", "outside_numbers", mode="before"
    )
    @classmethod
    def _split_dates(cls, value: Any) -> Any:
        return listed(value)

    @field_validator("skills")
    @classmethod
    def _check_skills(cls, value: tuple[Skill, ...]) -> tuple[Skill, ...]:
        if len({each.code for each in value}) != len(value):
            raise ValueError("must not name a skill twice")
        return value

    @field_validator("ring_at_once", mode="before")
    @classmethod
    def _split_queues(cls, value: Any) -> Any:
        return listed(value)

    @field_validator("ring_at_once")
    @classmethod
    def _check_queues(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(ring_rules.check_queue(each) for each in value)

    @field_validator("outside_numbers")
    @classmethod
    def _check_forms(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(outside_numbers.check_form(each) for each in value)

    @field_validator("districts", "skills", mode="before")
    @classmethod
    def _parse_districts(cls, value: Any) -> Any:
        return json_list(value)

    @field_validator("policy_file")
    @classmethod
    def _check_policy(cls, value: Path | None) -> Path | None:
        if value is not None:
            read_table(value)
        return value

    def policy(self) -> PolicyTable:
        """The operator's table or the project's, with the clocks that are set by themselves."""
        table = read_table(self.policy_file) if self.policy_file else default_table()
        given = {name: getattr(self, variable) for name, variable in _POLICY_CLOCKS.items()}
        return table.with_clocks(
            **{name: timedelta(seconds=seconds) for name, seconds in given.items() if seconds is not None}
        )

    def service_rules(self) -> ServiceRules:
        """The clocks and sizes as the pure machines take them."""
        values: dict[str, Any] = {"policy": self.policy()}
        for rule in fields(ServiceRules):
            if rule.name == "policy":
                continue
            if isinstance(getattr(_DEFAULT_RULES, rule.name), timedelta):
                values[rule.name] = timedelta(seconds=getattr(self, f"{rule.name}_seconds"))
            else:
                values[rule.name] = getattr(self, rule.name)
        return ServiceRules(**values)
