"""A person: who contacts are about, pseudonymous. Found again by the keyed hash of a phone number alone.

    first contact ──▶ known ──erase──▶ erased   (only when none of the person's contacts is open)

Erasure destroys the data keys of the person and of each contact, and takes the hash away: the same number
is then a new person. What remains says that there were contacts, not whose they were or what was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import SQLModel

from hotline.domain.change import Change, Event
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.erasure import contact_without_content
from hotline.domain.ids import PersonId, StaffId
from hotline.domain.outside_numbers import at_home
from hotline.errors import WrongState


class Person(SQLModel):
    """`texts_stopped_at`: they asked for no more text messages. `plan` is advice for whoever serves them next."""

    id: PersonId
    phone_hash: str | None = None
    number: str | None = None
    number_masked: str | None = None
    first_seen_at: datetime
    last_seen_at: datetime
    erased_at: datetime | None = None
    texts_stopped_at: datetime | None = None
    plan: str | None = None
    plan_by: StaffId | None = None
    plan_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CallerNumber:
    """Where a call or text comes from. `dialable` is None if it is hidden or too short to be somebody's own."""

    dialable: str | None
    masked: str | None

    @property
    def lookup(self) -> str | None:
        """The same for `+86 139…` and `139…`, for `+86 10 6234…` and `010 6234…`, as lines and people write them: what
        the keyed hash is made of."""
        if self.dialable is None:
            return None
        number = f"+{self.dialable}" if _WITHOUT_PLUS.fullmatch(self.dialable) else self.dialable
        return _LONG_DISTANCE.sub("", at_home(number, _CHINA))


_CHINA = "86"
_WITHOUT_PLUS = re.compile(r"86[1-9]\d{9,10}")
_LONG_DISTANCE = re.compile(r"^0(?=1[3-9]\d{9}$)")  # before a mobile of another province
HIDDEN = CallerNumber(None, None)

# What carriers send for a caller who hides the number: the words on a telephone's keys, as digits.
_WORDS = ("ANONYMOUS", "BLOCKED", "RESTRICTED", "UNKNOWN", "UNAVAILABLE", "PRIVATE")
_KEYS = {
    letter: str(digit)
    for digit, letters in enumerate("- - ABC DEF GHI JKL MNO PQRS TUV WXYZ".split())
    for letter in letters
}
_HIDDEN = frozenset("".join(_KEYS[letter] for letter in word) for word in _WORDS)

_OWN_AT_LEAST = 7  # digits: shorter ones are service numbers and extensions, shared by many
_LONGEST = 15  # digits of an E.164 number


def caller_number(raw: str) -> CallerNumber:
    """`+8613912341234`, `sip:+86139…@host`, `anonymous`, `10086` … as what we may keep of it."""
    address = raw.strip().removeprefix("sips:").removeprefix("sip:").partition("@")[0]
    digits = "".join(each for each in address if each.isascii() and each.isdigit())
    strange = any(each.isalpha() for each in address) or len(digits) > _LONGEST
    if not digits or strange or digits in _HIDDEN:
        return HIDDEN
    if len(digits) < _OWN_AT_LEAST:
        return CallerNumber(None, masked(digits))
    return CallerNumber(("+" if address.startswith("+") else "") + digits, masked(digits))


def masked(digits: str) -> str:
    """`139****1234`; of a foreign or fixed number as much, of a short one the last two digits."""
    if digits.startswith("86") and len(digits) > 11:
        digits = digits[2:]
    if len(digits) < _OWN_AT_LEAST:
        return "*" * max(1, len(digits) - 2) + digits[-2:] if len(digits) > 2 else "**"
    return digits[: min(3, len(digits) - 6)] + "****" + digits[-4:]


_CHINESE = ("+86", "+852", "+853", "+886")


def likely_language(number: CallerNumber) -> str:
    """Before anything was said: Chinese, unless the number is plainly from elsewhere."""
    dialable = number.dialable or ""
    return "en" if dialable.startswith("+") and not dialable.startswith(_CHINESE) else "zh"


def _changed(person: Person, what: str, actor: str, **facts: Any) -> Change:
    return Change(save=(person,), events=(Event("person", what, person.id, actor, facts),), answer=person)


def met(
    known: Person | None, new_id: PersonId, number: CallerNumber, phone_hash: str, now: datetime
) -> Change:
    """The person behind a number: known, or met for the first time."""
    if known is not None:
        return Change(save=(seen := known.model_copy(update={"last_seen_at": now}),), answer=seen)
    person = Person(
        id=new_id,
        phone_hash=phone_hash,
        number=number.dialable,
        number_masked=number.masked,
        first_seen_at=now,
        last_seen_at=now,
    )
    return _changed(person, "met", "carrier")


def planned(person: Person, text: str | None, actor: StaffId, now: datetime) -> Change:
    """The plan for whoever serves them next; None takes it away."""
    if person.erased_at is not None:
        raise WrongState("This person was erased.")
    by, at = (actor, now) if text is not None else (None, None)
    person = person.model_copy(update={"plan": text, "plan_by": by, "plan_at": at})
    return _changed(person, "planned" if text is not None else "plan_withdrawn", actor)


def erase(
    person: Person, contacts: Iterable[Contact], *, still_open: bool, actor: str, now: datetime
) -> Change:
    """Refused while anything is going on (`still_open`): nobody may vanish from under somebody's hands."""
    contacts = list(contacts)
    if still_open or any(contact.state is not ContactState.CLOSED for contact in contacts):
        raise WrongState("A contact, alert or follow-up of this person is still open.", code="still_open")
    if person.erased_at is not None:
        return Change(answer=person)
    person = person.model_copy(
        update={
            **dict.fromkeys(("phone_hash", "number", "number_masked", "plan", "plan_by", "plan_at")),
            "erased_at": now,
        }
    )
    change = _changed(person, "erased", actor, contacts=[contact.id for contact in contacts])
    for contact in contacts:
        change = change.then(contact_without_content(contact, now))
    return change.then(Change(erase=(person.id,))).answering(person)
