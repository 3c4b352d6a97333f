"""How far a text came, whatever the order in which it is told; parts; and what is an order to stop."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domain import texts
from hotline.domain.contacts import Channel, Contact, Delivery, Message, Sender
from hotline.domain.ids import ContactId, MessageId
from hotline.domain.text_consent import TextWord, word_of

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
CONTACT = Contact(id=ContactId("con_1"), channel=Channel.SMS, opened_at=NOW)


def message(text: str) -> Message:
    said = Message(
        id=MessageId("msg_1"), contact_id=CONTACT.id, seq=1, sender=Sender.COUNSELOR, text=text, at=NOW
    )
    return texts.queued(CONTACT, said)


report = st.tuples(st.integers(0, 2), st.sampled_from(Delivery), st.sampled_from([None, 30003, 30005]))


def told(reports: list[tuple[int, Delivery, int | None]]) -> Message:
    after = message("慢" * 4000)
    for part, state, code in reports:
        after = texts.delivered(after, part, state, code=code, sid=f"SM{part}").answer or after
    return after


@given(st.lists(report, max_size=12).flatmap(lambda each: st.tuples(st.just(each), st.permutations(each))))
def test_the_order_of_reports_changes_nothing(
    both: tuple[list[tuple[int, Delivery, int | None]], list[tuple[int, Delivery, int | None]]],
) -> None:
    first, second = both
    assert told(first) == told(second)
    assert told(first + first) == told(first), "twice is once"


@given(st.lists(report, min_size=1, max_size=12))
def test_a_whole_message_is_delivered_only_if_each_part_is(
    reports: list[tuple[int, Delivery, int | None]],
) -> None:
    after = told(reports)
    states = [each["state"] for each in after.deliveries or []]
    assert (after.delivery is Delivery.DELIVERED) == (set(states) == {"delivered"})
    assert (after.delivery in texts.LOST) == bool({"failed", "undelivered"} & set(states))


@given(st.text(max_size=5000))
def test_parts_lose_no_character(text: str) -> None:
    parts = texts.parts_of(text)
    assert "".join(parts) == text
    assert all(len(each) <= texts.LONGEST_TEXT for each in parts)


def test_parts_end_where_one_breathes() -> None:
    parts = texts.parts_of("一句话说完了。" * 300)
    assert parts[0].endswith("。")


@pytest.mark.parametrize(
    "text", ["STOP", " stop. ", "ＳＴＯＰ", "Unsubscribe", "退订", "退订！", "TD", "t", "停止"]
)
def test_orders_to_stop(text: str) -> None:
    assert word_of(text) is TextWord.STOP


@pytest.mark.parametrize(
    "text",
    ["stop i took pills", "don't stop", "退订，我已经吃了药", "END it all", "停止呼吸", "", "…", "tt", "to"],
)
def test_what_says_more_is_no_order(text: str) -> None:
    assert word_of(text) is None


def test_orders_to_begin_again_and_calls_for_help() -> None:
    assert word_of("开始") is TextWord.START
    assert word_of("Yes!") is TextWord.START
    assert word_of("help") is TextWord.HELP
