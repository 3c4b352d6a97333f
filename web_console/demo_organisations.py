"""Made-up schools and rehabilitation institutions in Dalian's districts, each marked as a demonstration.

Zhongshan and Changhai have none, as in the city's own plan: their referrals go to another district.
"""

from __future__ import annotations

from hotline.actions.accounts import Accounts
from hotline.domain.change import Change
from hotline.domain.ids import InstitutionId, SchoolId
from hotline.domain.referral_case import Institution
from hotline.domain.school_reports import School
from hotline.storage.working_set import Loaded

DISTRICT = "西岗区"
"""Where the demo accounts work."""

SCHOOL = School(
    id=SchoolId("sch_demo"), name="西岗区示范第一中学（演示）", stage="senior", district=DISTRICT, demo=True
)
INSTITUTION = Institution(
    id=InstitutionId("ins_demo"),
    name="晨光社区精神康复站（演示）",
    district=DISTRICT,
    services=["medication", "relapse_prevention", "life_skills", "social_skills", "peer_support", "day_care"],
    places_total=20,
    places_free=8,
    demo=True,
)


def _school(key: str, name: str, stage: str, district: str) -> School:
    return School(
        id=SchoolId(f"sch_demo_{key}"), name=f"{name}（演示）", stage=stage, district=district, demo=True
    )


def _institution(key: str, name: str, district: str, services: str, places: tuple[int, int]) -> Institution:
    return Institution(
        id=InstitutionId(f"ins_demo_{key}"),
        name=f"{name}（演示）",
        district=district,
        services=services.split(),
        places_total=places[0],
        places_free=places[1],
        demo=True,
    )


SCHOOLS = (
    SCHOOL,
    _school("zhongshan", "中山区海贝小学", "primary", "中山区"),
    _school("shahekou", "沙河口区星海初级中学", "junior", "沙河口区"),
    _school("ganjingzi", "甘井子区山城职业学校", "vocational", "甘井子区"),
    _school("lushunkou", "旅顺口区海湾大学", "university", "旅顺口区"),
    _school("jinzhou", "金州区向阳高级中学", "senior", "金州区"),
)
INSTITUTIONS = (
    INSTITUTION,
    _institution(
        "shahekou",
        "沙河口区同行康复之家",
        "沙河口区",
        "psychological social_skills vocational family_support",
        (16, 3),
    ),
    _institution(
        "ganjingzi", "甘井子区新叶日间中心", "甘井子区", "day_care life_skills physical_health", (24, 0)
    ),
    _institution("jinzhou", "金州区归巢康复站", "金州区", "medication life_skills home_guidance", (30, 11)),
    _institution("zhuanghe", "庄河市北山康复农场", "庄河市", "vocational life_skills peer_support", (12, 6)),
)


async def seed_organisations(hotline: Accounts) -> None:
    """Enter those that are not there yet."""

    def decide(loaded: Loaded) -> Change:
        schools = [each for each in SCHOOLS if loaded.find(School, each.id) is None]
        institutions = [each for each in INSTITUTIONS if loaded.find(Institution, each.id) is None]
        return Change(save=(*schools, *institutions))

    await hotline.writer.run(decide)
