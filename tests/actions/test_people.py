"""People: found again by a number, shown to few, forgotten on request."""

from __future__ import annotations

import pytest
from sqlalchemy import Table, select

from hotline.actions import carrier_events, contacts, messages, people
from hotline.actions import offers as offer_actions
from hotline.domain.access import Actor, Role
from hotline.domain.change import Change
from hotline.domain.contacts import Contact, EndedBy, Message, Sender
from hotline.domain.erasure import SEALED_OF_CONTACT
from hotline.domain.followups import Followup
from hotline.domain.offers import Offer
from hotline.domain.people import Person
from hotline.errors import Forbidden, NotFound, WrongState
from hotline.service import Hotline
from hotline.storage.columns import Sealed
from hotline.storage.tables.contacts import CONTACTS
from hotline.storage.tables.system import DataKeyRow, JournalRow
from tests.conftest import settle
from tests.scene import counselor, staff

NUMBER = "+8613912341234"


async def served_call(hotline: Hotline, sid: str = "CA1") -> tuple[Contact, Actor]:
    someone = await counselor(hotline)
    contact = await carrier_events.incoming_call(hotline, sid, NUMBER)
    await settle(hotline)
    table = hotline.reader.table(Offer)
    offer = (await hotline.reader.where(Offer, table.c.contact_id == contact.id))[0]
    return await offer_actions.accept(hotline, someone, offer.id), someone


async def abandoned_call(hotline: Hotline, sid: str = "CA1") -> Contact:
    contact = await carrier_events.incoming_call(hotline, sid, NUMBER)
    await messages.receive(
        hotline, contact.id, client_id="1", text="今天天气不错。", sender=Sender.TRANSCRIPT_HELP_SEEKER
    )
    return await contacts.carrier_ends(hotline, contact.id, by=EndedBy.PERSON, reason="abandoned")


async def journalled(hotline: Hotline) -> list[str]:
    table: Table = JournalRow.__table__  # type: ignore[attr-defined]
    rows = await hotline.reader.rows(select(table.c.noun, table.c.what).order_by(table.c.seq))
    return [f"{noun}.{what}" for noun, what in rows]


async def test_the_counselor_sees_earlier_contacts_and_others_do_not(hotline: Hotline) -> None:
    earlier = await abandoned_call(hotline, "CA0")
    contact, someone = await served_call(hotline)
    assert contact.person_id is not None
    assert contact.person_id == earlier.person_id
    person, known = await people.profile(hotline, someone, contact.person_id)
    assert person.number_masked == "139****1234"
    assert {each.id for each in known} == {contact.id, earlier.id}
    with pytest.raises(Forbidden):
        await people.profile(hotline, await counselor(hotline), contact.person_id)
    assert "person.read" in await journalled(hotline)


async def test_the_number_is_told_to_who_holds_the_contact_and_it_is_journalled(hotline: Hotline) -> None:
    contact, someone = await served_call(hotline)
    assert await people.unmask(hotline, someone, contact.id, reason="回拨") == NUMBER
    boss = await staff(hotline, Role.SUPERVISOR)
    assert await people.unmask(hotline, boss, contact.id, reason="回拨") == NUMBER
    with pytest.raises(Forbidden):
        await people.unmask(hotline, await counselor(hotline), contact.id, reason="回拨")
    assert (await journalled(hotline)).count("contact.unmasked") == 2


async def test_a_hidden_number_cannot_be_told(hotline: Hotline) -> None:
    contact = await carrier_events.incoming_call(hotline, "CA9", "anonymous")
    with pytest.raises(WrongState):
        await people.unmask(hotline, await staff(hotline, Role.SUPERVISOR), contact.id, reason="回拨")


async def test_who_is_forgotten_is_a_new_person_afterwards(hotline: Hotline) -> None:
    contact = await abandoned_call(hotline)
    admin = await staff(hotline, Role.ADMIN)
    assert contact.person_id is not None
    person = await people.erase(hotline, admin, contact.person_id)
    assert (person.number, person.phone_hash) == (None, None)
    assert person.erased_at is not None
    assert await hotline.reader.where(Message) == []
    emptied = await hotline.reader.find(Contact, contact.id)
    assert emptied is not None
    assert (emptied.number, emptied.number_masked) == (None, None)
    keys: Table = DataKeyRow.__table__  # type: ignore[attr-defined]
    left = {row[0] for row in await hotline.reader.rows(select(keys.c.subject).where(keys.c.wrapped != b""))}
    assert left.isdisjoint({contact.id, contact.person_id})
    again = await carrier_events.incoming_call(hotline, "CA2", NUMBER)
    assert again.person_id != contact.person_id
    assert await people.erase(hotline, admin, contact.person_id) == person, "twice changes nothing"


async def test_what_was_erased_is_not_there_for_decisions_and_hurts_nobody_else(hotline: Hotline) -> None:
    contact = await abandoned_call(hotline)
    message = (await hotline.reader.where(Message))[0]
    assert contact.person_id is not None
    assert await hotline.memory.turns(contact.id)
    await people.erase(hotline, await staff(hotline, Role.ADMIN), contact.person_id)
    assert await hotline.memory.turns(contact.id) == (), "what triage looks back on is content too"
    with pytest.raises(NotFound):
        await hotline.writer.run(lambda loaded: Change(answer=loaded.get(Message, message.id)))
    assert await hotline.reader.find(Person, contact.person_id) is not None


async def test_nobody_vanishes_while_something_is_going_on(hotline: Hotline) -> None:
    contact, _ = await served_call(hotline)
    admin = await staff(hotline, Role.ADMIN)
    assert contact.person_id is not None
    with pytest.raises(WrongState):
        await people.erase(hotline, admin, contact.person_id)
    with pytest.raises(Forbidden):
        await people.erase(hotline, await counselor(hotline), contact.person_id)


async def test_an_open_call_back_keeps_the_person(hotline: Hotline) -> None:
    contact = await carrier_events.incoming_call(hotline, "CA1", NUMBER)
    await messages.receive(
        hotline,
        contact.id,
        client_id="1",
        text="我不想活了，今晚就结束。",
        sender=Sender.TRANSCRIPT_HELP_SEEKER,
    )
    await contacts.carrier_ends(hotline, contact.id, by=EndedBy.PERSON, reason="abandoned")
    assert await hotline.reader.where(Followup)
    assert contact.person_id is not None
    with pytest.raises(WrongState):
        await people.erase(hotline, await staff(hotline, Role.ADMIN), contact.person_id)


def test_every_sealed_column_of_a_contact_is_emptied() -> None:
    sealed = {each.name for each in CONTACTS.table.columns if isinstance(each.type, Sealed)}
    assert set(SEALED_OF_CONTACT) == sealed
