"""What counselors may have dialled, and what not."""

import pytest

from hotline.domain.outside_numbers import (
    at_home,
    check_form,
    country_of,
    may_be_dialled,
    refuse_unless_dialled,
)
from hotline.errors import Invalid

LINE = "+861012356000"

ORDINARY = ["110", "120", "12356", "12345", "13912341234", "+8613912341234", "008613912341234", "01062345678"]
ORDINARY += [
    "+861062345678",
    "041112345678",
    "+8641112345678",
    "4006123456",
    "+864006123456",
    "62345678",
    "+861012320",
]
DEAR = ["+447700900123", "0085223456789", "96888", "16812345", "9001234567", "+8616812345", "00441234567890"]
DEAR += ["118114", "1", "+", "95588", "1391234123", "139123412345"]


@pytest.mark.parametrize("number", ORDINARY)
def test_emergency_help_lines_and_ordinary_telephones_are_dialled(number: str) -> None:
    assert may_be_dialled(number, (), LINE)
    assert may_be_dialled(number, (), "")  # without a number of its own the line is a Chinese one


@pytest.mark.parametrize("number", DEAR)
def test_what_costs_extra_or_lies_abroad_is_not(number: str) -> None:
    assert not may_be_dialled(number, (), LINE)
    with pytest.raises(Invalid) as refused:
        refuse_unless_dialled(number, (), LINE)
    assert refused.value.code == "number_not_allowed"
    assert number not in refused.value.detail or number == "+"


def test_another_country_has_its_own_numbers_but_not_the_premium_ones() -> None:
    line = "+442071234567"
    assert may_be_dialled("+447700900123", (), line)
    assert may_be_dialled("112", (), line)
    assert not may_be_dialled("+449098791234", (), line)
    assert not may_be_dialled("+8613912341234", (), line)


def test_the_operators_list_stands_instead_of_the_default() -> None:
    forms = ("110", "139xxxxxxxx", "+852*")
    assert may_be_dialled("+8613912341234", forms, LINE)
    assert may_be_dialled("+85223456789", forms, LINE)
    assert not may_be_dialled("13812341234", forms, LINE)
    assert not may_be_dialled("120", forms, LINE)


def test_what_the_operator_set_for_another_end_is_always_dialled() -> None:
    assert may_be_dialled("+85223890000", (), LINE, known=("", "+85223890000"))


def test_countries_and_forms() -> None:
    assert [country_of(each) for each in ("+12025550100", "+861012356000", "+85223890000", "")] == [
        "1", "86", "852", "86"
    ]  # fmt: skip
    assert at_home("+861062345678", "86") == "01062345678"
    assert at_home("+8613912341234", "86") == "13912341234"
    assert at_home("+442071234567", "86") == "+442071234567"
    for wrong in ("", "12a", "1*2", "x-1"):
        with pytest.raises(ValueError, match="digits"):
            check_form(wrong)
