"""The duty telephones as the service rules them at its console: which, in what order, what they read and hear.

Until somebody rules it there, the settings stand (`HOTLINE_DUTY_NUMBERS`, `HOTLINE_DUTY_LANGUAGE`) with the words of
the house. A text names ids only: whoever reads it on a train signs in to see more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Field, SQLModel

from hotline.domain.change import Change, Event
from hotline.domain.ids import StaffId
from hotline.errors import FieldProblem, Invalid, StaleVersion

DUTY_PHONES_ID = "duty_phones"
MOST_NUMBERS = 10
LONGEST_TEXT = 280
"""Characters: four texts in Chinese; more is not read on a lock screen."""
PLACE_OF_ID = "{id}"

ALERT_WORDS = "警情 {id} 无人应答，请立即登录处理。Alert {id} is not answered: please sign in at once."
WAITING_WORDS = "有来访者在等待，值班无人：{id}。Somebody is waiting and nobody is on duty: {id}."


class DutyPhones(SQLModel):
    """`numbers` in the order in which they ring; the first one gets the text. Texts: None: the words of the house."""

    id: str = DUTY_PHONES_ID
    numbers: list[str] = Field(default_factory=list)
    language: str = "zh"
    alert_text: str | None = None
    waiting_text: str | None = None
    changed_by: StaffId | None = None
    changed_at: datetime | None = None
    version: int = 0


def text_about_alert(phones: DutyPhones, alert_id: str) -> str:
    return (phones.alert_text or ALERT_WORDS).replace(PLACE_OF_ID, alert_id)


def text_about_waiting(phones: DutyPhones, contact_id: str) -> str:
    return (phones.waiting_text or WAITING_WORDS).replace(PLACE_OF_ID, contact_id)


def change(
    known: DutyPhones | None,
    wish: DutyPhones,
    checked: Callable[[str], str],
    actor: StaffId,
    now: datetime,
) -> Change:
    """`wish.version` is the one that was seen; `checked` gives a number as it is dialled, or refuses it."""
    version = 0 if known is None else known.version
    if wish.version != version:
        raise StaleVersion("Somebody else has changed the duty telephones meanwhile. Look at them again.")
    numbers = list(dict.fromkeys(_checked(wish.numbers, checked)))
    update = {
        "numbers": numbers,
        "alert_text": _text("alert_text", wish.alert_text),
        "waiting_text": _text("waiting_text", wish.waiting_text),
        "changed_by": actor,
        "changed_at": now,
        "version": version + 1,
    }
    ruled = wish.model_copy(update=update)
    facts = {"numbers": len(numbers), "language": ruled.language}
    event = Event("duty_phones", "changed", ruled.id, actor, facts)
    return Change((ruled,), (event,), answer=ruled)


def _checked(numbers: Sequence[str], checked: Callable[[str], str]) -> list[str]:
    found: list[str] = []
    for place, number in enumerate(numbers):
        try:
            found.append(checked(number))
        except Invalid as refusal:
            problem = refusal.fields[0].problem if refusal.fields else "cannot be rung"
            fields = (FieldProblem(f"numbers.{place}", problem),)
            raise Invalid(str(refusal), fields=fields, code=refusal.code) from None
    return found


def _text(field: str, text: str | None) -> str | None:
    words = (text or "").strip()
    if not words:
        return None
    if PLACE_OF_ID not in words or len(words) > LONGEST_TEXT:
        problem = f"must name the id by {PLACE_OF_ID}, in at most {LONGEST_TEXT} characters"
        raise Invalid("This text does not say what it is about.", fields=(FieldProblem(field, problem),))
    return words
