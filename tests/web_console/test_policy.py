"""The policy as consoles read it: the whole table, and what it asks for in one contact."""

from hotline.domain import guidance
from hotline.domain.access import Role
from hotline.domain.contacts import Channel, Contact
from hotline.domain.ids import ContactId
from hotline.domain.service_rules import ServiceRules
from tests.conftest import START
from tests.web_console.site import Site
from tests.web_console.test_who_may_read import _waiting
from triage.assessment import Level


async def test_the_table_is_shown_as_the_service_runs_it(site: Site) -> None:
    async with site.asks_as(await site.token(Role.COUNSELOR), "GET", "/api/policy") as answer:
        table = await answer.json()
    assert table["basis"] == "project_default"
    clocks = {
        tier["id"]: {each["name"]: each["seconds"] for each in tier["clocks"]} for tier in table["tiers"]
    }
    assert clocks["T0"]["supervisor_joins_within"] == 60
    assert clocks["T1"]["supervisor_joins_within"] == 300


async def test_a_contact_hears_what_its_level_asks_for(site: Site) -> None:
    contact_id = await _waiting(site.hotline)
    token = await site.token(Role.SUPERVISOR)
    async with site.asks_as(token, "GET", f"/api/contacts/{contact_id}/guidance") as answer:
        assert answer.status == 200
        asked = await answer.json()
    contact = await site.hotline.reader.find(Contact, contact_id)
    assert contact is not None
    assert asked["tier"]["level"] == contact.level
    assert asked["asked"]
    assert all(each["zh"] and each["en"] for each in asked["asked"])
    async with site.asks_as(token, "GET", "/api/contacts/con_none/guidance") as answer:
        assert answer.status == 404


def test_age_and_school_of_the_contact_count() -> None:
    contact = Contact(
        id=ContactId("con_1"), channel=Channel.SCHOOL, opened_at=START, level=Level.HIGH, age_band="under14"
    )
    assert {row.who for row in guidance.of_contact(contact, ServiceRules()).tells} == {"guardian", "school"}
