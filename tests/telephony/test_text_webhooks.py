"""Webhooks about texts: forged, repeated, cut short, of strange senders, too long, and while the store is away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from hotline.domain.contacts import Delivery, Message, Sender
from hotline.errors import Unavailable
from tests.conftest import SetClock
from tests.telephony.test_webhooks import ACCOUNT, TOKEN, Carrier, payload, serving

STATUS = "/twilio/message-status"


@pytest.fixture
async def carrier(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Carrier]:
    given = {"twilio_account_sid": ACCOUNT, "twilio_auth_token": TOKEN, "twilio_number": "+861012356000"}
    async with serving(migrated_url, tmp_path, clock, **given) as carrier:
        yield carrier


async def welcomed(carrier: Carrier) -> Message:
    """Somebody wrote, and our welcome is on its way to them."""
    assert (await carrier.posts("/twilio/messages", payload("message")))[0] == 200
    return next(each for each in await carrier.messages() if each.sender == Sender.AUTOMATIC)


def report(status: str, **more: str) -> dict[str, str]:
    return {"MessageSid": "SM" + "1" * 32, "AccountSid": ACCOUNT, "MessageStatus": status, **more}


async def test_the_same_text_again_is_once_whichever_way_it_comes(carrier: Carrier) -> None:
    headers = {"I-Twilio-Idempotency-Token": "b6f1-again"}
    for path in ("/twilio/messages", "/twilio/messages", "/twilio/messages-fallback"):
        assert (await carrier.posts(path, payload("message"), **headers))[0] == 200
    said = await carrier.messages()
    assert sorted(each.sender for each in said) == [Sender.AUTOMATIC, Sender.HELP_SEEKER]
    assert len(await carrier.contacts()) == 1


async def test_reports_are_taken_in_any_order_and_only_better_ones_count(carrier: Carrier) -> None:
    message = await welcomed(carrier)
    path = f"{STATUS}?message={message.id}&part=0"
    for status in ("delivered", "sent", "queued", "undelivered", "delivered"):
        assert (await carrier.posts(path, report(status, ErrorCode="30003")))[0] == 204
    after = await carrier.hotline.reader.find(Message, message.id)
    assert after is not None
    assert after.delivery is Delivery.DELIVERED


async def test_reports_that_say_nothing_we_know_change_nothing(carrier: Carrier) -> None:
    message = await welcomed(carrier)
    for query, form in (
        ("?message=msg_unknown&part=0", report("delivered")),
        (f"?message={message.id}&part=7", report("delivered")),
        (f"?message={message.id}&part=-1", report("something-new")),
        (f"?message={message.id}&part=%FF", report("")),
        ("?part=0", report("delivered")),
        (f"?message={message.id}", {"MessageStatus": "delivered"}),
        (f"?message={message.id}&part=0", report("failed", ErrorCode="9" * 400) | {"MessageSid": ""}),
    ):
        assert (await carrier.posts(STATUS + query, form))[0] == 204
    after = await carrier.hotline.reader.find(Message, message.id)
    assert after is not None
    assert after.delivery is Delivery.QUEUED


async def test_senders_that_nobody_can_answer_open_nothing(carrier: Carrier) -> None:
    for sender in ("10086", "HOTLINE", "anonymous", "", "+266696687", "9" * 40, "sip:x@y"):
        assert (await carrier.posts("/twilio/messages", payload("message", From=sender)))[0] == 200
    assert await carrier.contacts() == []


async def test_a_text_without_words_opens_nothing(carrier: Carrier) -> None:
    for body in ("\x00", " \n ", ""):
        assert (await carrier.posts("/twilio/messages", payload("message", Body=body)))[0] == 200
    assert await carrier.contacts() == []


async def test_a_nul_between_words_is_taken_out(carrier: Carrier) -> None:
    await carrier.posts("/twilio/messages", payload("message", Body="help\x00 me please"))
    assert "help me please" in [each.text for each in await carrier.messages()]


async def test_more_than_a_text_can_hold_is_kept_whole(carrier: Carrier) -> None:
    body = "我很难受。" * 1000
    await carrier.posts("/twilio/messages", payload("message", Body=body))
    said = [each.text for each in await carrier.messages() if each.sender == Sender.HELP_SEEKER]
    assert "".join(said) == body


async def test_a_text_without_its_id_is_answered_with_words(carrier: Carrier) -> None:
    status, content_type, answer = await carrier.posts("/twilio/messages", payload("message", MessageSid=""))
    assert (status, content_type) == (200, "text/xml")
    assert "<Message>" in answer
    assert await carrier.contacts() == []


async def test_while_the_store_is_away_the_person_reads_words_with_numbers(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_arguments: Any) -> None:
        raise Unavailable("The database does not answer; nothing was saved.")

    monkeypatch.setattr(carrier.hotline.writer, "run", away)
    status, _, answer = await carrier.posts("/twilio/messages", payload("message"))
    assert status == 200
    assert "110" in answer
    assert "may not have reached us" in answer
    _, _, answer = await carrier.posts("/twilio/messages", payload("message", Body="退订"))
    assert "<Message>" not in answer, "who asks to be left alone is"
    message = "/twilio/message-status?message=msg_x&part=0"
    assert (await carrier.posts(message, report("sent")))[0] == 503
