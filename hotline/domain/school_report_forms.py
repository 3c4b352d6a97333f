"""What a school fills in about a campus crisis: facts only, no diagnosis, in four short steps.

Levels, their criteria, what is asked of the school and by when are project defaults: no national scale was
found, and local rules for reporting emergencies go first. Red is reported by telephone at once; the form
follows. Only what is needed to act is demanded: the level, what happened, what it is about, a call-back number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from sqlmodel import Field, SQLModel

from hotline.domain.referral_codes import Word, listed
from hotline.errors import FieldProblem
from triage.assessment import Kind, Level


class Color(StrEnum):
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"


LEVEL_OF: Mapping[Color, Level] = {
    Color.RED: Level.IMMINENT,
    Color.ORANGE: Level.HIGH,
    Color.YELLOW: Level.MODERATE,
    Color.BLUE: Level.LOW,
}
"""A report's colour is a floor below its contact's level: triage may raise it, nothing automatic lowers it."""

COLORS = listed(
    ("red", "一级（红）：紧急", "Red: emergency"),
    ("orange", "二级（橙）：重大", "Orange: serious"),
    ("yellow", "三级（黄）：一般", "Yellow: watch"),
    ("blue", "四级（蓝）：关注", "Blue: keep in view"),
)
EVENT_TYPES = listed(
    ("ideation", "自杀想法", "Thoughts of suicide"),
    ("plan", "自杀计划", "A plan for suicide"),
    ("attempt", "自杀未遂", "A suicide attempt"),
    ("self_harm", "自伤", "Self-harm"),
    ("death", "死亡", "A death"),
    ("violence", "伤人", "Violence towards others"),
    ("bullied", "被欺凌", "Being bullied"),
    ("sexual_assault", "疑似性侵", "Suspected sexual assault"),
    ("bereavement", "丧亲", "Bereavement"),
    ("incident", "突发事件", "A sudden event"),
    ("acute_symptoms", "急性精神症状", "Acute psychiatric symptoms"),
    ("other", "其他", "Other"),
)
HOW_FOUND = listed(
    ("screening", "筛查", "Screening"),
    ("talk", "谈话", "A talk"),
    ("classmate", "同学报告", "A classmate told"),
    ("parent", "家长", "A parent told"),
    ("online", "网络", "Online"),
    ("event", "事件发生", "It happened"),
)
REQUESTED_HELP = listed(
    ("consultation", "热线会商", "Consultation by the hotline"),
    ("crisis_team", "危机干预队到校", "The crisis team at school"),
    ("green_channel", "绿色通道就诊", "A doctor through the green channel"),
    ("grief_support", "哀伤辅导", "Grief support"),
    ("media_support", "舆情支持", "Support with the media"),
)
REPORTER_ROLES = listed(
    ("class_teacher", "班主任", "Class teacher"),
    ("psychology_teacher", "心理教师", "Psychology teacher"),
    ("principal", "校长", "Principal"),
    ("university_counselor", "辅导员", "University counselor"),
    ("doctor", "校医", "School doctor"),
    ("classmate", "同学", "Classmate"),
    ("parent", "家长", "Parent"),
    ("other", "其他", "Other"),
)
SPECIAL_GROUPS = listed(
    ("left_behind", "留守", "Left behind by parents who work elsewhere"),
    ("hardship", "困境", "In hardship"),
    ("disability", "残疾", "With a disability"),
    ("single_parent", "单亲", "One parent"),
    ("newcomer", "新转入", "New at this school"),
    ("final_year", "毕业年级", "In the final year"),
)
SCHOOL_STAGES = listed(
    ("primary", "小学", "Primary school"),
    ("junior", "初中", "Junior secondary school"),
    ("senior", "高中", "Senior secondary school"),
    ("vocational", "中职", "Vocational school"),
    ("university", "高校", "University"),
)
KINDS_OF: Mapping[str, Kind] = {
    "ideation": Kind.SUICIDE,
    "plan": Kind.SUICIDE,
    "attempt": Kind.SUICIDE,
    "self_harm": Kind.SELF_HARM,
    "violence": Kind.VIOLENCE,
    "bullied": Kind.ABUSE,
    "sexual_assault": Kind.ABUSE,
    "acute_symptoms": Kind.PSYCHOSIS,
}


class CrisisFacts(SQLModel):
    """The form. `student` is a pseudonym; the name is optional and sealed like everything here."""

    model_config = {"extra": "forbid", "hide_input_in_errors": True}

    level_color: Color
    act_in_progress: bool = False
    what_happened: str = Field(min_length=1, max_length=4000)
    event_types: list[str] = Field(min_length=1, max_length=len(EVENT_TYPES))
    reporter_phone: str = Field(min_length=3, max_length=40)
    reporter_name: str | None = Field(default=None, max_length=100)
    reporter_role: str | None = Field(default=None, max_length=40)

    student: str | None = Field(default=None, max_length=100)
    student_name: str | None = Field(default=None, max_length=100)
    student_sex: Literal["0", "1", "2", "9"] | None = None
    student_age: int | None = Field(default=None, ge=3, le=100)
    student_class: str | None = Field(default=None, max_length=100)
    boarder: bool | None = None
    special_groups: list[str] = Field(default_factory=list, max_length=len(SPECIAL_GROUPS))

    found_at: datetime | None = None
    how_found: str | None = Field(default=None, max_length=40)
    place: str | None = Field(default=None, max_length=300)
    means: str | None = Field(default=None, max_length=500)
    present_state: str | None = Field(default=None, max_length=1000)
    present_place: str | None = Field(default=None, max_length=300)
    with_whom: str | None = Field(default=None, max_length=200)

    known_treatment: str | None = Field(default=None, max_length=1000)
    triggers: str | None = Field(default=None, max_length=1000)
    protective_factors: str | None = Field(default=None, max_length=1000)

    guardian_told: bool | None = None
    guardian_told_at: datetime | None = None
    guardian_who: str | None = Field(default=None, max_length=200)
    guardian_reaction: str | None = Field(default=None, max_length=1000)
    guardian_refused: bool | None = None
    taken_home: bool | None = None

    actions: str | None = Field(default=None, max_length=2000)
    called_110: bool = False
    called_120: bool = False
    requested_help: list[str] = Field(default_factory=list, max_length=len(REQUESTED_HELP))
    affected_others: str | None = Field(default=None, max_length=1000)
    mandatory_report_needed: Literal["yes", "no", "unsure"] | None = None
    mandatory_report_filed: bool | None = None
    next_review_on: date | None = None


def wrong(facts: CrisisFacts) -> tuple[FieldProblem, ...]:
    """Codes that are not in their lists, words that are only blanks, times without a zone."""
    return tuple(_wrong(facts))


def _wrong(facts: CrisisFacts) -> Iterator[FieldProblem]:
    for name in ("what_happened", "reporter_phone"):
        if not getattr(facts, name).strip():
            yield FieldProblem(name, "needed")
    for name, codes in _CODED.items():
        given = getattr(facts, name)
        for code in given if isinstance(given, list) else [given]:
            if code is not None and code not in codes:
                yield FieldProblem(name, "unknown code")
    for name in ("found_at", "guardian_told_at"):
        at: datetime | None = getattr(facts, name)
        if at is not None and at.tzinfo is None:
            yield FieldProblem(name, "needs a time zone")


_CODED: Mapping[str, Mapping[str, Word]] = {
    "event_types": EVENT_TYPES,
    "how_found": HOW_FOUND,
    "requested_help": REQUESTED_HELP,
    "reporter_role": REPORTER_ROLES,
    "special_groups": SPECIAL_GROUPS,
}


def kinds_of(facts: CrisisFacts) -> list[str]:
    return sorted({KINDS_OF[each].value for each in facts.event_types if each in KINDS_OF})


_BANDS = ((14, "under14"), (18, "14to17"), (26, "18to25"), (60, "26to59"))


def age_band(age: int | None) -> str | None:
    if age is None:
        return None
    return next((band for below, band in _BANDS if age < below), "60plus")


# What is asked of the school -------------------------------------------------------------------------

ASKS = listed(
    ("stay_with", "安排专人陪伴，不让学生独处", "Somebody stays with the student, around the clock"),
    ("call_emergency", "有人正处在危险中：拨打 110 或 120", "Somebody is in danger now: call 110 or 120"),
    ("tell_guardian", "联系监护人，请其到场", "Tell the guardian and ask them to come"),
    ("tell_principal", "报告校长", "Tell the principal"),
    ("report_bureau", "报告教育主管部门", "Report to the education authority"),
    ("see_doctor", "通过绿色通道到精神科就诊", "See a psychiatrist through the green channel"),
    ("counseling_plan", "心理教师制定辅导计划", "The psychology teacher makes a plan"),
    ("weekly_review", "每周复评一次", "Look at it again each week"),
    ("interview", "安排一次访谈", "Talk with the student"),
    ("mandatory_report", "核对是否属于强制报告情形", "Check whether it must be reported to the police"),
    ("call_back", "请回电热线", "Call the hotline back"),
)


@dataclass(frozen=True, slots=True)
class Ask:
    code: str
    within: timedelta


_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

ASKED_AT_ONCE: Mapping[Color, tuple[Ask, ...]] = {
    Color.RED: (
        Ask("call_emergency", _HOUR / 6),
        Ask("stay_with", _HOUR / 6),
        Ask("tell_guardian", _HOUR / 2),
        Ask("tell_principal", _HOUR / 2),
        Ask("report_bureau", 2 * _HOUR),
    ),
    Color.ORANGE: (Ask("stay_with", _HOUR), Ask("tell_guardian", 8 * _HOUR), Ask("see_doctor", 3 * _DAY)),
    Color.YELLOW: (
        Ask("tell_guardian", 3 * _DAY),
        Ask("counseling_plan", 3 * _DAY),
        Ask("weekly_review", 7 * _DAY),
    ),
    Color.BLUE: (Ask("interview", 14 * _DAY),),
}
"""By colour, what the form's answer asks of the school, and within what time (project defaults)."""

_REPORTABLE = frozenset({"sexual_assault", "death", "self_harm", "attempt", "bullied"})


def asked_at_once(facts: CrisisFacts, rise_from: Color | None = None) -> tuple[Ask, ...]:
    """What this report asks of the school; after a rise only what the lower level had not asked."""
    before = {ask.code for ask in ASKED_AT_ONCE[rise_from]} if rise_from else set()
    asks = [ask for ask in ASKED_AT_ONCE[facts.level_color] if ask.code not in before]
    minor = facts.student_age is None or facts.student_age < _ADULT
    if rise_from is None and minor and _REPORTABLE.intersection(facts.event_types):
        asks.append(Ask("mandatory_report", 2 * _HOUR))
    already = {"call_emergency"} if facts.called_110 or facts.called_120 else set()
    if facts.guardian_told:
        already.add("tell_guardian")
    return tuple(ask for ask in asks if ask.code not in already)


_ADULT = 18
