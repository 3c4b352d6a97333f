"""Texts to the duty telephone (that something waits, by its id, and nothing of what was said) and to who is absent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.actions.phones import phone_of
from hotline.domain import duty_phones
from hotline.domain.alerts import Alert, AlertState
from hotline.domain.change import MACHINE, Change, Event
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.duty import DUTY_ID
from hotline.domain.ids import StaffId
from hotline.domain.presence import Presence
from hotline.domain.service_rules import ServiceRules
from hotline.errors import HotlineError
from hotline.storage.outbox import Owed
from hotline.storage.working_set import Loaded
from hotline.telephony.carrier import Carrier, CarrierRefused

if TYPE_CHECKING:
    from hotline.service import Hotline


def _text(hotline: Hotline, owed: Owed) -> tuple[Carrier, str, str]:
    telephones = hotline.duty_telephones.now
    if hotline.carrier is None or not telephones.numbers:
        raise CarrierRefused("There is no duty telephone.")
    if "alert_id" in owed.payload:
        text = duty_phones.text_about_alert(telephones, owed.payload["alert_id"])
    else:
        text = duty_phones.text_about_waiting(telephones, owed.payload["contact_id"])
    return hotline.carrier, telephones.numbers[0], text


async def send(hotline: Hotline, owed: Owed) -> str:
    carrier, number, text = _text(hotline, owed)
    return await carrier.send_message(number, text)


async def find(hotline: Hotline, owed: Owed) -> str | None:
    carrier, number, text = _text(hotline, owed)
    return await carrier.find_message(number, text, owed.made_at)


def wanted(loaded: Loaded, owed: Owed) -> bool:
    """Not any more, if somebody has answered meanwhile."""
    if "alert_id" in owed.payload:
        alert = loaded.find(Alert, owed.payload["alert_id"])
        return alert is not None and alert.state in (AlertState.PROPOSED, AlertState.RAISED)
    contact = loaded.find(Contact, owed.payload["contact_id"])
    return contact is not None and contact.state is ContactState.WAITING


# Who is planned and not there ------------------------------------------------------------------------------------

_ABSENT = "您的班次已经开始，还没有看到您登录。Your shift has begun and you are not signed in yet."


async def _own_number(hotline: Hotline, owed: Owed) -> tuple[Carrier, str]:
    phone = await phone_of(hotline, StaffId(owed.payload["staff_id"]))
    if hotline.carrier is None or phone is None or phone.number is None:
        raise CarrierRefused("There is no telephone of their own.")
    return hotline.carrier, phone.number


async def send_to_absent(hotline: Hotline, owed: Owed) -> str:
    carrier, number = await _own_number(hotline, owed)
    return await carrier.send_message(number, _ABSENT)


async def find_to_absent(hotline: Hotline, owed: Owed) -> str | None:
    carrier, number = await _own_number(hotline, owed)
    return await carrier.find_message(number, _ABSENT, owed.made_at)


def still_absent(loaded: Loaded, owed: Owed) -> bool:
    presence = loaded.find(Presence, owed.payload["staff_id"])
    return presence is None or not presence.connected


def absent_not_told(_loaded: Loaded, owed: Owed, error: HotlineError, _rules: ServiceRules) -> Change:
    """They are named on the supervisors' page all the same."""
    facts = {"staff_id": owed.payload["staff_id"], "code": error.code}
    return Change(events=(Event("duty", "absent_not_told", DUTY_ID, MACHINE, facts),))


# The telephone behind the roster ---------------------------------------------------------------------------------


def failed(_loaded: Loaded, owed: Owed, error: HotlineError, _rules: ServiceRules) -> Change:
    """The journal has it; who rings on the consoles goes on ringing."""
    noun = "alert" if "alert_id" in owed.payload else "contact"
    return Change(events=(Event(noun, "duty_number_failed", owed.subject, MACHINE, {"code": error.code}),))
