"""How a counselor's telephone is rung: in the browser, or at a number of their own.

| chosen  | the leg rings                          | before the caller is fetched            |
|---------|----------------------------------------|-----------------------------------------|
| browser | the signed-in console                  | the console answers by itself           |
| number  | that number, mobile or desk            | a key is pressed: an answering machine  |
|         |                                        | picks up too, and must get no caller    |
| both    | both; the first to be picked up has    | as above; the other one stops ringing   |
|         | the caller                             |                                         |

A number rings with the offer already: who picks it up and presses a key has accepted.
Nothing stored means the browser. The number is personal: sealed, masked in answers, never in the journal.
"""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

from sqlmodel import SQLModel

from hotline.domain.change import Change, Event
from hotline.domain.ids import StaffId
from hotline.domain.people import masked
from hotline.errors import FieldProblem, Invalid

_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
_SEPARATORS = str.maketrans("", "", " -()./")


class RungAt(StrEnum):
    BROWSER = "browser"
    NUMBER = "number"


class Phone(SQLModel):
    """Of one person of the staff, whose id it bears. `both`: the browser rings beside the number."""

    id: StaffId
    number: str | None = None
    number_masked: str | None = None
    both: bool = False
    chosen_at: datetime
    version: int = 1


def rung_at(phone: Phone | None) -> tuple[RungAt, ...]:
    """Where a call rings at this person; the browser, if it does, first."""
    if phone is None or phone.number is None:
        return (RungAt.BROWSER,)
    return (RungAt.BROWSER, RungAt.NUMBER) if phone.both else (RungAt.NUMBER,)


def checked_number(text: str, own_numbers: tuple[str, ...]) -> str:
    """In full, with its country: what the carrier can dial from anywhere. Never a number of this line itself."""
    number = text.strip().translate(_SEPARATORS)
    problem = ""
    if not _E164.fullmatch(number):
        problem = "a whole number with its country, such as +8613900001111"
    elif number in own_numbers:
        problem = "must not be the hotline's own number"
    if problem:
        raise Invalid("This number cannot be rung.", fields=(FieldProblem("number", problem),))
    return number


def number_of(known: Phone | None) -> str:
    if known is None or known.number is None:
        problem = "is needed: none is kept"
        raise Invalid("There is no number to ring.", fields=(FieldProblem("number", problem),))
    return known.number


def by_number(
    known: Phone | None, staff_id: StaffId, number: str, now: datetime, *, both: bool = False
) -> Change:
    if known is not None and (known.number, known.both) == (number, both):
        return Change(answer=known)
    phone = _chosen(known, staff_id, number, now, both=both)
    return Change(save=(phone,), events=(Event("phone", "number_set", staff_id, staff_id),), answer=phone)


def by_browser(known: Phone | None, staff_id: StaffId, now: datetime) -> Change:
    if known is None or known.number is None:
        return Change(answer=known)
    phone = _chosen(known, staff_id, None, now)
    return Change(save=(phone,), events=(Event("phone", "number_dropped", staff_id, staff_id),), answer=phone)


def _chosen(
    known: Phone | None, staff_id: StaffId, number: str | None, now: datetime, *, both: bool = False
) -> Phone:
    version = known.version + 1 if known is not None else 1
    hidden = masked(number.removeprefix("+")) if number else None
    return Phone(id=staff_id, number=number, number_masked=hidden, both=both, chosen_at=now, version=version)
