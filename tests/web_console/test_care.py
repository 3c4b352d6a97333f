"""Referrals and school reports over HTTP: a story each, and bad input refused with a code."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from hotline.actions import sessions, staff
from hotline.actions.staff import OPERATOR, NewStaff
from hotline.domain.access import Role
from tests.web_console.site import PASSWORD, Site
from web_console.demo_organisations import DISTRICT, INSTITUTION, SCHOOL, seed_organisations

APPLICATION: dict[str, Any] = {
    "person": {"name": "欧阳明月", "phone": "13912345678", "birth_date": "1990-05-01"},
    "needs": ["life_skills"],
    "district": "Xigang",
    "consent": {
        "given": True,
        "by": "person",
        "how": "spoken",
        "scope": ["identity", "needs"],
        "receivers": [INSTITUTION.name],
    },
}
REPORT = {
    "level_color": "red",
    "act_in_progress": True,
    "what_happened": "学生站在教学楼顶",
    "event_types": ["attempt"],
    "reporter_phone": "13911112222",
}


@pytest.fixture
async def city(site: Site) -> Site:
    await seed_organisations(site.hotline)
    return site


async def member(
    site: Site, *roles: Role, organisation_id: str | None = None, district: str = DISTRICT
) -> str:
    name = f"member-{secrets.token_hex(4)}"
    new = NewStaff(
        username=name,
        name=name,
        roles=roles,
        password=PASSWORD,
        organisation_id=organisation_id,
        district=district,
    )
    await staff.create(site.hotline, OPERATOR, new)
    return (await sessions.sign_in(site.hotline, name, PASSWORD)).token


async def asks(
    site: Site, token: str, method: str, path: str, body: Any = None, key: str | None = None
) -> tuple[int, Any]:
    given: dict[str, Any] = {} if body is None else {"json": body}
    if key is not None:
        given["headers"] = {"Idempotency-Key": key}
    async with site.asks_as(token, method, path, **given) as answer:
        return answer.status, await answer.json() if answer.status != 204 else None


class Board:
    """One referral, moved by whoever's token is given."""

    def __init__(self, site: Site, referral: dict[str, Any]) -> None:
        self.site = site
        self.referral = referral

    async def move(self, token: str, name: str, **fields: Any) -> dict[str, Any]:
        body = {"version": self.referral["version"], **fields}
        path = f"/api/referrals/{self.referral['id']}/{name}"
        status, answer = await asks(self.site, token, "POST", path, body)
        assert status == 200, answer
        self.referral = answer
        return self.referral


async def test_a_referral_from_filing_to_service(city: Site) -> None:
    filer = await member(city, Role.COUNSELOR)
    worker = await member(city, Role.REFERRAL_WORKER)
    house = await member(city, Role.REHABILITATION, organisation_id=INSTITUTION.id)
    status, filed = await asks(city, filer, "POST", "/api/referrals", APPLICATION, key="once-12345678")
    assert (status, filed["stage"], filed["district"]) == (201, "submitted", DISTRICT)
    again = await asks(city, filer, "POST", "/api/referrals", APPLICATION, key="once-12345678")
    assert again[1]["id"] == filed["id"]
    board = Board(city, filed)
    for name, fields in (("verify", {}), ("register", {}), ("refer", {"institution_id": INSTITUTION.id})):
        await board.move(worker, name, **fields)
    person = f"/api/referrals/{filed['id']}/person"
    assert (await asks(city, house, "GET", person))[0] == 403
    accepted = await board.move(house, "accept")
    assert [move["move"] for move in accepted["next_moves"]] == ["revoke_consent", "assess"]
    status, record = await asks(city, house, "GET", person)
    assert (status, record["person"]["name"]) == (200, "欧阳明月")
    await board.move(house, "assess")
    await board.move(house, "found_suitable", services=["life_skills"], details={"strengths": "爱唱歌"})
    served = await board.move(house, "sign")
    assert (served["stage"], served["due_basis"], served["due_on"]) == (
        "in_service",
        "project_default",
        "2026-09-02",
    )
    listed = (await asks(city, house, "GET", "/api/rehabilitation/institutions"))[1]["items"]
    free = next(each["places_free"] for each in listed if each["id"] == INSTITUTION.id)
    assert free == INSTITUTION.places_free - 1


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"consent": {"given": False}}, "consent_needed", "consent.given"),
        ({"consent": {}}, "consent_needed", "consent.given"),
        ({"needs": []}, "invalid", "needs"),
        ({"district": "火星区"}, "invalid", "district"),
        ({"person": APPLICATION["person"] | {"birth_date": "2026-02-30"}}, "invalid", "person.birth_date"),
        ({"horoscope": "lion"}, "invalid", "horoscope"),
        ({"contact_id": "con_unknown"}, "not_found", None),
    ],
)
async def test_a_bad_application_is_refused_with_a_code(
    city: Site, changes: dict[str, Any], code: str, path: str | None
) -> None:
    filer = await member(city, Role.COUNSELOR)
    status, problem = await asks(city, filer, "POST", "/api/referrals", APPLICATION | changes)
    assert (status, problem["code"]) == (404 if path is None else 422, code)
    if path is not None:
        assert path in [field["path"] for field in problem["fields"]]
    assert "欧阳" not in str(problem)
    assert (await asks(city, filer, "GET", "/api/referrals"))[1]["items"] == []


async def test_an_old_version_an_unknown_step_and_a_stranger(city: Site) -> None:
    filer, worker = await member(city, Role.COUNSELOR), await member(city, Role.REFERRAL_WORKER)
    _, filed = await asks(city, filer, "POST", "/api/referrals", APPLICATION)
    address = f"/api/referrals/{filed['id']}"
    stale = await asks(city, worker, "POST", f"{address}/verify", {"version": 1})
    assert (stale[0], stale[1]["code"]) == (409, "stale_version")
    early = await asks(city, worker, "POST", f"{address}/close", {"version": filed["version"]})
    assert (early[0], early[1]["code"]) == (409, "wrong_state")
    unknown = await asks(city, worker, "POST", f"{address}/explode", {"version": filed["version"]})
    assert unknown[0] == 404
    elsewhere = await member(city, Role.REFERRAL_WORKER, district="金州区")
    for token in (elsewhere, await member(city, Role.COUNSELOR)):
        assert (await asks(city, token, "GET", address))[0] == 404
    assert (await asks(city, await member(city, Role.DISPATCHER), "GET", address))[0] == 403


async def test_pages_of_the_list(city: Site) -> None:
    filer = await member(city, Role.COUNSELOR)
    for index in range(3):
        person = APPLICATION["person"] | {"name": f"人{index}"}
        await asks(city, filer, "POST", "/api/referrals", APPLICATION | {"person": person})
    first = (await asks(city, filer, "GET", "/api/referrals?limit=2"))[1]
    async with city.asks_as(
        filer, "GET", "/api/referrals", params={"limit": 2, "before": first["next"]}
    ) as answer:
        second = await answer.json()
    assert len({each["id"] for each in first["items"] + second["items"]}) == 3
    assert second["next"] is None
    assert (await asks(city, filer, "GET", "/api/referrals?before=yesterday"))[0] == 422


async def test_the_limits_say_where_they_come_from(city: Site) -> None:
    worker = await member(city, Role.REFERRAL_WORKER)
    lists = (await asks(city, worker, "GET", "/api/rehabilitation/codes"))[1]
    assert {each["name"] for each in lists["limits"] if each["basis"] == "measures"} == {"verify", "refer"}
    districts = (await asks(city, worker, "GET", "/api/rehabilitation/districts"))[1]["items"]
    assert DISTRICT in [each["code"] for each in districts]


# Schools -----------------------------------------------------------------------------------------------


async def test_a_school_reports_and_follows_it(city: Site) -> None:
    school = await member(city, Role.SCHOOL, organisation_id=SCHOOL.id)
    assert (await asks(city, school, "PUT", "/api/school-reports/draft", {"answers": {"student": "小雨"}}))[
        0
    ] == 204
    assert (await asks(city, school, "GET", "/api/school-reports/draft"))[1] == {
        "answers": {"student": "小雨"}
    }
    status, report = await asks(city, school, "POST", "/api/school-reports", REPORT, key="once-12345678")
    assert (status, report["state"], report["level"], report["alert_state"]) == (
        201,
        "submitted",
        "imminent",
        "raised",
    )
    assert [each["code"] for each in report["asked_of_school"]][:2] == ["call_emergency", "stay_with"]
    assert (await asks(city, school, "GET", "/api/school-reports/draft"))[1] == {"answers": {}}
    address = f"/api/school-reports/{report['id']}"
    status, after = await asks(city, school, "POST", f"{address}/update", {"done": ["call_emergency"]})
    assert (status, after["asked_of_school"][0]["done_at"] is not None) == (200, True)
    leader = await member(city, Role.SUPERVISOR)
    status, asked = await asks(
        city, leader, "POST", f"{address}/ask", {"code": "call_back", "within_hours": 1}
    )
    assert (status, asked["state"]) == (200, "being_handled")
    contact = (await asks(city, leader, "GET", f"/api/contacts/{report['contact_id']}"))[1]
    assert (contact["channel"], contact["level"], contact["school_report_id"]) == (
        "school",
        "imminent",
        report["id"],
    )


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"event_types": []}, "event_types"),
        ({"event_types": ["boredom"]}, "event_types"),
        ({"level_color": "purple"}, "level_color"),
        ({"what_happened": ""}, "what_happened"),
        ({"student_age": 2}, "student_age"),
        ({"found_at": "2026-02-30T10:00:00Z"}, "found_at"),
    ],
)
async def test_a_bad_report_is_refused_and_opens_nothing(
    city: Site, changes: dict[str, Any], path: str
) -> None:
    school = await member(city, Role.SCHOOL, organisation_id=SCHOOL.id)
    status, problem = await asks(city, school, "POST", "/api/school-reports", REPORT | changes)
    assert (status, [field["path"] for field in problem["fields"]]) == (422, [path])
    assert (await asks(city, school, "GET", "/api/school-reports"))[1]["items"] == []


async def test_others_have_no_school_report(city: Site) -> None:
    school = await member(city, Role.SCHOOL, organisation_id=SCHOOL.id)
    _, report = await asks(city, school, "POST", "/api/school-reports", REPORT)
    address = f"/api/school-reports/{report['id']}"
    other = await member(city, Role.SCHOOL, organisation_id="sch_demo_jinzhou")
    assert (await asks(city, other, "GET", address))[0] == 404
    assert (await asks(city, other, "POST", f"{address}/update", {"note": "x"}))[0] == 404
    assert (await asks(city, await member(city, Role.SCHOOL), "POST", "/api/school-reports", REPORT))[
        0
    ] == 403
    assert (await asks(city, await member(city, Role.POLICE), "GET", address))[0] == 403


# Setting up --------------------------------------------------------------------------------------------


async def test_an_administrator_enters_schools_and_institutions(site: Site) -> None:
    admin = await member(site, Role.ADMIN)
    school = {"name": "海边中学", "stage": "junior", "district": "Xigang"}
    assert (await asks(site, admin, "PUT", "/api/schools/sch_sea", school))[1]["district"] == DISTRICT
    house = {"name": "海边之家", "district": DISTRICT, "services": ["day_care"], "places_total": 4}
    path = "/api/rehabilitation/institutions/ins_sea"
    assert (await asks(site, admin, "PUT", path, house))[1]["places_free"] == 4
    teacher = await member(site, Role.SCHOOL, organisation_id="sch_sea")
    assert (await asks(site, teacher, "POST", "/api/school-reports", REPORT))[1]["school"] == "海边中学"
    carer = await member(site, Role.REHABILITATION, organisation_id="ins_sea")
    taken = await asks(site, carer, "PUT", f"{path}/places", {"places_total": 4, "places_free": 1})
    assert taken[0] == 200
    assert (await asks(site, admin, "PUT", path, house | {"places_total": 5}))[1]["places_free"] == 2
    refused = [
        await asks(site, admin, "PUT", path, house | {"places_total": 2}),
        await asks(site, admin, "PUT", path, house | {"services": ["juggling"]}),
        await asks(site, admin, "PUT", "/api/schools/sch_x", school | {"district": "火星区"}),
        await asks(site, admin, "PUT", "/api/schools/sch_x", school | {"stage": "kindergarten"}),
    ]
    assert [status for status, _ in refused] == [422, 422, 422, 422]
    assert (await asks(site, teacher, "PUT", "/api/schools/sch_x", school))[0] == 403
