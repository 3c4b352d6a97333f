"""The text to the duty telephone: that something waits, by its id, and nothing of what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.domain.alerts import Alert, AlertState
from hotline.domain.change import MACHINE, Change, Event
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.service_rules import ServiceRules
from hotline.errors import HotlineError
from hotline.storage.outbox import Owed
from hotline.storage.working_set import Loaded
from hotline.telephony.carrier import Carrier, CarrierRefused

if TYPE_CHECKING:
    from hotline.service import Hotline

_WORDS = {
    "alert_id": "警情 {id} 无人应答，请立即登录处理。Alert {id} is not answered: please sign in at once.",
    "contact_id": "有来访者在等待，值班无人：{id}。Somebody is waiting and nobody is on duty: {id}.",
}


def _text(hotline: Hotline, owed: Owed) -> tuple[Carrier, str, str]:
    if hotline.carrier is None or not hotline.settings.duty_numbers:
        raise CarrierRefused("There is no duty telephone.")
    about = next(name for name in _WORDS if name in owed.payload)
    return hotline.carrier, hotline.settings.duty_numbers[0], _WORDS[about].format(id=owed.payload[about])


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


def failed(_loaded: Loaded, owed: Owed, error: HotlineError, _rules: ServiceRules) -> Change:
    """The journal has it; who rings on the consoles goes on ringing."""
    noun = "alert" if "alert_id" in owed.payload else "contact"
    return Change(events=(Event(noun, "duty_number_failed", owed.subject, MACHINE, {"code": error.code}),))
