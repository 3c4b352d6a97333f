"""Further channels beside SMS: only a messenger and its scheme are new, everything else is as for texts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hotline.actions import texts
from hotline.bootstrap import open_hotline
from hotline.domain.contacts import Contact
from hotline.domain.people import Person
from hotline.domain.texts import text_sender
from hotline.service import Hotline
from hotline.settings import load_settings
from hotline.telephony.messaging import MessageSid, ReceivedText, SentText, scheme_of
from tests.conftest import SetClock
from tests.telephony.exchange import PlainEar
from tests.telephony.test_outbox import ScriptedCarrier, send

SOMEBODY = "wechat:oX7sExampleOpenId0001"


class OfficialAccount:
    """Another network: what was sent by it, to whom."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    async def send_message(
        self, to: str, text: str, *, reference: Mapping[str, str] | None = None
    ) -> MessageSid:
        self.sent.append((to, text))
        return MessageSid(f"wx{len(self.sent)}")

    async def find_message(
        self, to: str, text: str, since: datetime, *, but_not: Collection[str] = ()
    ) -> MessageSid | None:
        return None

    async def sent_message(self, sid: str) -> SentText:
        return SentText(sid, "delivered", None)

    async def received_since(self, since: datetime) -> list[ReceivedText]:
        return [ReceivedText("wx-in-2", SOMEBODY, "还在吗", 0)]


@pytest.fixture
async def hotline(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Hotline]:
    settings = load_settings(data_dir=tmp_path, database_url=migrated_url)
    async with open_hotline(
        settings, clock=clock, assessor=PlainEar(), carrier=ScriptedCarrier(), work=False
    ) as hotline:
        yield hotline


async def test_another_network_is_a_messenger_and_a_scheme(hotline: Hotline, clock: SetClock) -> None:
    account = OfficialAccount()
    hotline.messengers["wechat"] = account
    await texts.incoming_text(hotline, message_sid="wx-in-1", raw_number=SOMEBODY, text="有人吗")
    clock.move(timedelta(seconds=2))
    await send(hotline)
    await texts.ask_for_texts(hotline)
    contacts = await hotline.reader.where(Contact)
    assert [(each.channel, each.text_address, each.number) for each in contacts] == [("sms", SOMEBODY, None)]
    assert [to for to, _ in account.sent] == [SOMEBODY]
    assert contacts[0].number_masked == "…0001"
    await texts.incoming_text(hotline, message_sid="wx-in-3", raw_number=SOMEBODY, text="退订")
    clock.move(timedelta(seconds=2))
    await send(hotline)
    assert [to for to, _ in account.sent] == [SOMEBODY, SOMEBODY]


async def test_who_texts_by_two_networks_is_one_person_with_two_conversations(hotline: Hotline) -> None:
    hotline.messengers["whatsapp"] = OfficialAccount()
    await texts.incoming_text(hotline, message_sid="a", raw_number="+447700900123", text="hello")
    await texts.incoming_text(hotline, message_sid="b", raw_number="whatsapp:+447700900123", text="hello")
    assert len(await hotline.reader.where(Person)) == 1
    assert {each.text_address for each in await hotline.reader.where(Contact)} == {
        None,
        "whatsapp:+447700900123",
    }


def test_addresses_of_networks_that_are_not_set_up_are_nobodys() -> None:
    assert text_sender("wechat:oX7s", ()).lookup is None
    assert text_sender("wechat:", ("wechat",)).lookup is None
    assert text_sender("wechat:" + "x" * 300, ("wechat",)).lookup is None
    assert scheme_of("+86139") == "sms"
    assert scheme_of("whatsapp:+44") == "whatsapp"
