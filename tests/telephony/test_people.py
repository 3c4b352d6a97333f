"""Numbers as the carrier gives them: found again, masked, hidden or too short to be somebody's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domain.people import caller_number, likely_language, masked


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("+8613912341234", "139****1234"),
        ("13912341234", "139****1234"),
        ("sip:+8613912341234@gateway.example", "139****1234"),
        ("+14155552671", "141****2671"),
        ("02161234567", "021****4567"),
        ("10086", "***86"),
    ],
)
def test_masked(raw: str, shown: str) -> None:
    assert caller_number(raw).masked == shown


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "anonymous",
        "+266696687",
        "Restricted",
        "+7378742833",
        "+86282452253",
        "client:somebody",
        "+1" * 20,
    ],
)
def test_hidden_numbers_are_nobodys(raw: str) -> None:
    number = caller_number(raw)
    assert number.dialable is None
    assert number.masked is None
    assert number.lookup is None


def test_short_numbers_are_shown_but_are_no_person() -> None:
    assert caller_number("10086").lookup is None


def test_the_same_person_with_and_without_the_country() -> None:
    assert caller_number("+8613912341234").lookup == caller_number("13912341234").lookup
    assert caller_number("+4413912341234").lookup != caller_number("13912341234").lookup


@pytest.mark.parametrize(
    ("number", "others"),
    [
        ("13912341234", ["+86 139 1234 1234", "8613912341234", "0086 13912341234", "013912341234"]),
        ("010-6234 5678", ["+861062345678", "861062345678", "0086 10 6234 5678"]),
        ("0755 1234 5678", ["+8675512345678", "8675512345678"]),
        ("0411-8234567", ["+864118234567"]),
        ("400 123 4567", ["+864001234567"]),
        ("+14155550100", ["0014155550100"]),
    ],
)
def test_a_number_is_one_however_it_is_written(number: str, others: list[str]) -> None:
    assert {caller_number(each).lookup for each in others} == {caller_number(number).lookup}


def test_the_language_before_a_word_was_said() -> None:
    assert likely_language(caller_number("+8613912341234")) == "zh"
    assert likely_language(caller_number("+85291234567")) == "zh"
    assert likely_language(caller_number("13912341234")) == "zh"
    assert likely_language(caller_number("anonymous")) == "zh"
    assert likely_language(caller_number("+447700900123")) == "en"


@given(st.text(alphabet="0123456789", min_size=1, max_size=15))
def test_a_mask_never_shows_most_of_a_number(digits: str) -> None:
    shown = masked(digits)
    assert sum(each.isdigit() for each in shown) <= max(2, len(digits) - 2)
    assert "*" in shown


@given(st.text(max_size=40))
def test_anything_may_come_as_a_number(raw: str) -> None:
    number = caller_number(raw)
    assert number.dialable is None or 7 <= len(number.dialable.lstrip("+")) <= 15
