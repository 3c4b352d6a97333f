"""The duty telephone that we ring: what whoever picks up hears, and what their keys do."""

from __future__ import annotations

from hotline.actions import duty_rings
from hotline.domain.ids import ContactId
from hotline.errors import Invalid
from hotline.telephony import addresses
from hotline.telephony.carrier import CallStatus
from web_console.webhooks.signed import Webhook, report, script, script_or
from web_console.webhooks.whereabouts import contact_of

_MOST_ATTEMPTS_DIGITS = 9


def _attempt(webhook: Webhook) -> int:
    said = webhook.asked("attempt")
    if not said.isdecimal() or len(said) > _MOST_ATTEMPTS_DIGITS:
        raise Invalid("There is no such attempt.", code="malformed")
    return int(said)


# Whoever is on duty is no caller: a fault must not connect them to the person on duty.
_no_caller = script_or(lambda webhook: webhook.scripts.leg_over())


@_no_caller
async def notice(webhook: Webhook) -> str:
    """It was picked up, by a person or a machine."""
    return await _notice(webhook, _attempt(webhook))


async def _notice(webhook: Webhook, attempt: int) -> str:
    found = await duty_rings.notice(webhook.hotline)
    said = {
        "count": found.count,
        "written": found.written,
        "minutes": found.minutes,
        "alerts": found.alerts,
    }
    language = webhook.hotline.duty_telephones.now.language
    return webhook.scripts.duty_notice(attempt, language, said, caller=found.next_caller is not None)


@_no_caller
async def key(webhook: Webhook) -> str:
    hotline, pressed = webhook.hotline, webhook.said("Digits")[:1]
    language, attempt = hotline.duty_telephones.now.language, _attempt(webhook)
    if pressed == "1" and webhook.query.get("offered") == "1":
        contact_id = await duty_rings.take_next(hotline, attempt, webhook.needed("CallSid"))
        if contact_id is not None:
            return webhook.scripts.duty_enters(contact_id, language)
        return webhook.scripts.duty_says("duty_nobody_waits", language)
    if pressed == "2":
        await duty_rings.acknowledge(hotline, attempt)
        minutes = round(hotline.rules.duty_acknowledged_for.total_seconds() / 60)
        return webhook.scripts.duty_says("duty_acknowledged", language, minutes=minutes)
    return await _said_again(webhook, attempt)


async def _said_again(webhook: Webhook, attempt: int) -> str:
    """Another key, or one that was not offered: once more, then it is nobody's."""
    if webhook.query.get("again") == "1":
        await duty_rings.no_key(webhook.hotline, attempt)
        return webhook.scripts.leg_over()
    return await _notice(webhook, attempt)


@report
async def status(webhook: Webhook) -> None:
    """Not picked up, or picked up and no key: the next telephone."""
    try:
        told = CallStatus(webhook.needed("CallStatus"))
    except ValueError:
        return
    if told.is_over:
        await duty_rings.no_key(webhook.hotline, _attempt(webhook))


@script
async def room(webhook: Webhook) -> str:
    """The caller on the way to whoever pressed 1."""
    contact = await contact_of(webhook, ContactId(webhook.asked("contact")))
    return webhook.scripts.duty_room(contact.id, contact.language)


DUTY = {
    addresses.DUTY_NOTICE: notice,
    addresses.DUTY_KEY: key,
    addresses.DUTY_STATUS: status,
    addresses.DUTY_ROOM: room,
}
