"""Which outside numbers a counselor may have dialled: emergency, help lines, ordinary telephones of the line's country.

A form is digits as they are dialled at home, `x` for any digit, `*` at the end for any more. A number is held against
the forms as it is dialled at home, however it was written: `+86 139…`, `0086139…` and `139…` are one.

| the line's country | may be dialled by default                                                           |
|--------------------|-------------------------------------------------------------------------------------|
| +86                | 110 119 120 122, 12xxx (public help lines), mobiles, fixed lines, 400       |
| any other          | 112, and its own numbers in international form but for the premium ones that all know |

So nothing abroad and nothing that costs extra is dialled by a slip or by persuasion. An operator's list stands instead
of the default; what the operator has set as partner or help number may always be dialled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from hotline.errors import FieldProblem, Invalid

_CHINA = "86"
_MOBILE = tuple(f"1{digit}xxxxxxxxx" for digit in "3456789")
_AREAS = {"010": (8,), "02x": (8,), **{f"0{first}xx": (7, 8) for first in "3456789"}}
"""Of area codes: how long the numbers behind them are."""
_FIXED = tuple(area + "x" * length for area, lengths in _AREAS.items() for length in lengths)
_HELP_LINES = ("12xxx", *(f"{area}12xxx" for area in _AREAS))
_LOCAL = tuple(first + "x" * rest for first in "2345678" for rest in (6, 7))
_OF_CHINA = ("110", "119", "120", "122", *_HELP_LINES, *_MOBILE, *_FIXED, *_LOCAL, "400xxxxxxx")
_EVERYWHERE = ("112",)

_PREMIUM = {"1": ("900",), "44": ("9",), "49": ("900",), "33": ("89",), "81": ("990",), "61": ("190",)}
"""Of countries whose lines are often set: what follows the country's code. Other operators list their own."""

_CODES_OF_ONE_OR_TWO = ("1", "7", *(str(code) for code in (
    20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61, 62,
    63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
)))  # fmt: skip
_OWN_TO_A_CARRIER = 5  # digits: 10086 and the like; longer ones with 10 are Beijing's
_FORM = re.compile(r"\+?[0-9x]+\*?")


def country_of(line_number: str) -> str:
    """`+861012356000` → 86. Without a number of its own the line is taken for a Chinese one."""
    digits = line_number.removeprefix("+")
    if not digits:
        return _CHINA
    return next((each for each in _CODES_OF_ONE_OR_TWO if digits.startswith(each)), digits[:3])


def default_forms(country: str) -> tuple[str, ...]:
    return _OF_CHINA if country == _CHINA else (*_EVERYWHERE, f"+{country}*")


def at_home(number: str, country: str) -> str:
    """As it is dialled in the line's own country; a foreign one stays international."""
    if number.startswith("00"):
        number = "+" + number[2:]
    if country != _CHINA or not number.startswith(f"+{_CHINA}"):
        return number
    national = number.removeprefix(f"+{_CHINA}")
    is_fixed = not national.startswith(("1", "400")) or (
        national.startswith("10") and len(national) > _OWN_TO_A_CARRIER
    )
    return f"0{national}" if is_fixed else national


def check_form(form: str) -> str:
    if not _FORM.fullmatch(form):
        raise ValueError("must be a list of digits, x for any digit, * at the end")
    return form


def _fits(number: str, form: str) -> bool:
    pattern = re.escape(form.removesuffix("*")).replace("x", "[0-9]") + (
        "[0-9]*" if form.endswith("*") else ""
    )
    return re.fullmatch(pattern, number) is not None


def may_be_dialled(number: str, forms: Iterable[str], line_number: str, known: Iterable[str] = ()) -> bool:
    """`forms`: the operator's; none: the default. `known`: numbers that the operator has set for other ends."""
    country = country_of(line_number)
    dialled = at_home(number, country)
    if dialled in {at_home(each, country) for each in known if each}:
        return True
    own = tuple(forms)
    if own:
        return any(_fits(dialled, each) or _fits(number, each) for each in own)
    premium = tuple(f"+{country}{each}" for each in _PREMIUM.get(country, ()))
    if dialled.startswith(premium):
        return False
    return any(_fits(dialled, each) for each in default_forms(country))


def refuse_unless_dialled(
    number: str, forms: Iterable[str], line_number: str, known: Iterable[str] = ()
) -> None:
    if not may_be_dialled(number, forms, line_number, known):
        problem = FieldProblem("number", "is none of those that this service dials")
        raise Invalid("This number is not dialled from here.", fields=(problem,), code="number_not_allowed")
