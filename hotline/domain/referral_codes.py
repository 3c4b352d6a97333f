"""The code lists of referral and community rehabilitation, each with its words in Chinese and English.

Stages and channels follow the Management Measures for the Sharing and Referral of Resources for Community
Rehabilitation Services for Mental Disorders (19 December 2023); services follow the names of the 2017
Opinion and the 2020 work norms. Closure codes, decline reasons, consent scopes and forms are the
project's own: the Measures' templates could not be read in full.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    VERIFYING = "verifying"
    RETURNED = "returned"
    NOT_REGISTERED = "not_registered"
    REGISTERED = "registered"
    REFERRED = "referred"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    ASSESSING = "assessing"
    UNSUITABLE = "unsuitable"
    AGREEMENT = "agreement"
    IN_SERVICE = "in_service"
    STAGE_EVALUATION = "stage_evaluation"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    FOLLOW_UP = "follow_up"
    ARCHIVED = "archived"


OVER = frozenset({Stage.NOT_REGISTERED, Stage.WITHDRAWN, Stage.ARCHIVED})
"""Nothing more happens by itself; whoever still has the need applies again."""

WITH_INSTITUTION = frozenset(
    {Stage.REFERRED, Stage.ACCEPTED, Stage.ASSESSING, Stage.UNSUITABLE, Stage.AGREEMENT, Stage.IN_SERVICE}
    | {Stage.STAGE_EVALUATION, Stage.SUSPENDED, Stage.CLOSED, Stage.FOLLOW_UP}
)


class Party(StrEnum):
    """Who acts. `filer`: who filed it (a counselor, a supervisor in their stead, a referral worker)."""

    FILER = "filer"
    WORKER = "referral_worker"
    INSTITUTION = "institution"


class Channel(StrEnum):
    SELF = "self"
    MEDICAL = "medical"
    OTHER = "other"


class Basis(StrEnum):
    """Where a time limit comes from. Only `measures` may be shown as laid down by the Measures."""

    MEASURES = "measures"
    PROJECT_DEFAULT = "project_default"


class ConsentBy(StrEnum):
    PERSON = "person"
    GUARDIAN = "guardian"


class ConsentScope(StrEnum):
    IDENTITY = "identity"
    NEEDS = "needs"
    SUMMARY = "summary"
    HEALTH = "health"
    RISK = "risk"


@dataclass(frozen=True, slots=True)
class Word:
    code: str
    zh: str
    en: str


def listed(*words: tuple[str, str, str]) -> dict[str, Word]:
    return {code: Word(code, zh, en) for code, zh, en in words}


CHANNELS = listed(
    ("self", "本人自愿申请", "Applied for by the person"),
    ("medical", "医疗卫生机构协助", "With the help of a health institution"),
    ("other", "其他主体协助", "With the help of somebody else"),
)
NEEDS = listed(
    ("medication", "服药训练", "Medication training"),
    ("relapse_prevention", "预防复发训练", "Relapse-prevention training"),
    ("physical_health", "躯体管理训练", "Physical-health training"),
    ("life_skills", "生活技能训练", "Life-skills training"),
    ("social_skills", "社交能力训练", "Social-skills training"),
    ("vocational", "职业康复训练", "Vocational rehabilitation"),
    ("psychological", "心理康复", "Psychological rehabilitation"),
    ("peer_support", "同伴支持", "Peer support"),
    ("family_support", "家庭支持", "Family support"),
    ("home_guidance", "居家康复指导", "Guidance at home"),
    ("day_care", "日间照料", "Day care"),
)
DECLINE_REASONS = listed(
    ("full", "名额已满", "No free place"),
    ("out_of_scope", "不属于服务对象", "Outside what we offer"),
    ("distance", "距离太远", "Too far away"),
    ("unstable", "病情尚不稳定", "Not stable enough yet"),
    ("person_refused", "本人不愿意", "The person does not want it"),
    ("other", "其他", "Other"),
)
CLOSURE_CODES = listed(
    ("goal_met", "康复目标达成，回归社会", "Goals met, back in everyday life"),
    ("employed_or_school", "就业或就学", "In work or at school"),
    ("voluntary_exit", "本人或监护人自愿退出", "Ended at the person's or guardian's wish"),
    ("relapse_hospital", "病情复发，需住院治疗", "Relapse, hospital care needed"),
    ("moved", "迁出服务区域", "Moved away"),
    ("lost", "失去联系", "Lost contact"),
    ("rule_breach", "严重违反服务协议", "Serious breach of the agreement"),
    ("death", "去世", "Died"),
    ("transferred", "转至其他机构", "Moved to another institution"),
)
CONSENT_WAYS = listed(
    ("spoken", "电话中口头同意", "Spoken, on the phone"),
    ("in_chat", "在线文字同意", "Written in the chat"),
    ("in_person", "当面同意", "In person"),
    ("in_writing", "书面签字", "Signed on paper"),
)
CONSENT_SCOPES = listed(
    ("identity", "姓名和联系方式", "Name and how to reach them"),
    ("needs", "康复需求", "What they need"),
    ("summary", "必要的情况摘要", "The short summary"),
    ("health", "诊断、用药等健康信息", "Diagnosis, medication and other health facts"),
    ("risk", "风险提示", "The risk note"),
)
CHECKS = listed(
    ("identity", "身份已核实", "Identity checked"),
    ("duplicates", "已查重", "Checked for duplicates"),
    ("residence", "居住在本区域", "Lives in this district"),
    ("need", "确有康复需求", "The need is confirmed"),
    ("stable", "病情稳定（有医疗意见）", "Stable (medical opinion attached)"),
)
STAGES = listed(
    ("draft", "草稿", "Draft"),
    ("submitted", "已提出申请", "Application submitted"),
    ("verifying", "初步核实中", "Being verified"),
    ("returned", "退回补正", "Returned for completion"),
    ("not_registered", "不予登记", "Not registered"),
    ("registered", "已登记确认", "Registered"),
    ("referred", "已转介", "Referred to an institution"),
    ("declined", "不接收", "Declined"),
    ("withdrawn", "已撤回", "Withdrawn"),
    ("accepted", "已接收", "Accepted"),
    ("assessing", "综合评估", "Comprehensive assessment"),
    ("unsuitable", "暂不适合", "Not suitable for now"),
    ("agreement", "签订服务协议", "Service agreement"),
    ("in_service", "服务提供", "In service"),
    ("stage_evaluation", "阶段性评估", "Stage evaluation"),
    ("suspended", "服务中止", "Suspended"),
    ("closed", "结案", "Closed"),
    ("follow_up", "回访", "Return visits"),
    ("archived", "归档", "Archived"),
)
