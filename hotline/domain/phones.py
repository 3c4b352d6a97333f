"""How a counselor's telephone is rung: in the browser, or at a number of their own.

| chosen  | the leg rings                          | before the caller is fetched            |
|---------|----------------------------------------|-----------------------------------------|
| browser | the signed-in console                  | the console answers by itself           |
| number  | that number, mobile or desk            | a key is pressed: an answering machine  |
|         |                                        | picks up too, and must get no caller    |

Nothing stored means the browser. The number is personal: sealed, masked in answers, never in the journal.
"""

from __future__ import annotations

import re
from datetime import datetime

from sqlmodel import SQLModel

from hotline.domain.change import Change, Event
from hotline.domain.ids import StaffId
from hotline.domain.people import masked
from hotline.errors import FieldProblem, Invalid

_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
_SEPARATORS = str.maketrans("", "", " -()./")


class Phone(SQLModel):
    """Of one person of the staff, whose id it bears."""

    id: StaffId
    number: str | None = None
    number_masked: str | None = None
    chosen_at: datetime
    version: int = 1


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


def by_number(known: Phone | None, staff_id: StaffId, number: str, now: datetime) -> Change:
    if known is not None and known.number == number:
        return Change(answer=known)
    phone = _chosen(known, staff_id, number, now)
    return Change(save=(phone,), events=(Event("phone", "number_set", staff_id, staff_id),), answer=phone)


def by_browser(known: Phone | None, staff_id: StaffId, now: datetime) -> Change:
    if known is None or known.number is None:
        return Change(answer=known)
    phone = _chosen(known, staff_id, None, now)
    return Change(save=(phone,), events=(Event("phone", "number_dropped", staff_id, staff_id),), answer=phone)


def _chosen(known: Phone | None, staff_id: StaffId, number: str | None, now: datetime) -> Phone:
    version = known.version + 1 if known is not None else 1
    hidden = masked(number.removeprefix("+")) if number else None
    return Phone(id=staff_id, number=number, number_masked=hidden, chosen_at=now, version=version)
