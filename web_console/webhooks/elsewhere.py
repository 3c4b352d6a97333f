"""Callers at a telephone outside of ours: somebody took the call there, or nobody did, and it is over."""

from __future__ import annotations

from datetime import timedelta

from hotline.actions import carrier_events, inbound, outside, partner_line
from hotline.domain import outside_line
from hotline.domain.contacts import Contact
from hotline.domain.ids import ContactId
from hotline.telephony import addresses
from web_console.webhooks.signed import Webhook, script, script_or
from web_console.webhooks.whereabouts import OVER, duty_script, next_script


async def _talked(webhook: Webhook, contact_id: ContactId) -> bool:
    """A key was pressed at the other telephone, and the two were connected: a machine that picks up is nobody."""
    connected = webhook.said("DialBridged") != "false"
    return connected and await outside.spoke(webhook.hotline, contact_id)


def _broke(webhook: Webhook) -> bool:
    """Too short for a talk, and the caller is still there. Without the carrier's word on it they have talked."""
    seconds = webhook.said("DialCallDuration")
    if not seconds.isdecimal() or len(seconds) > _MOST_DIGITS or webhook.said("CallStatus") == "completed":
        return False
    talked_for = timedelta(seconds=int(seconds))
    return not outside_line.was_goodbye(webhook.said("DialCallStatus"), talked_for, webhook.hotline.rules)


_MOST_DIGITS = 6


def _rung_of(webhook: Webhook) -> int:
    rung = webhook.query.get("rung", "0")
    return min(int(rung), _MOST_RUNGS) if rung.isascii() and rung.isdecimal() else 0


_MOST_RUNGS = 99


async def _after(webhook: Webhook, contact: Contact) -> str:
    """They talked, and it is over there: what the caller hears now."""
    if contact.state in OVER:
        return webhook.scripts.goodbye(contact.language)
    return await next_script(webhook, contact.id, again=False)


@script
async def fallback_left(webhook: Webhook) -> str:
    """The duty telephone: talked to and over; the line broke; or nobody took the call there, and the next one rings."""
    hotline, contact_id = webhook.hotline, ContactId(webhook.asked("contact"))
    await inbound.wishes(hotline, webhook.needed("CallSid"), None)
    talked = await _talked(webhook, contact_id)
    if talked and _broke(webhook):
        contact = await outside.line_broke(hotline, contact_id)
        if contact.state in OVER:
            return webhook.scripts.goodbye(contact.language)
        return webhook.scripts.straight_in(contact_id, contact.language, ("back_from_outside",), listen=False)
    if talked:
        return await _after(webhook, await outside.answered_elsewhere(hotline, contact_id))
    contact, counselor_is_there = await carrier_events.whereabouts(hotline, contact_id)
    if contact.state in OVER or counselor_is_there:
        return await next_script(webhook, contact_id, again=False)
    return await duty_script(webhook, contact, _rung_of(webhook) + 1)


@script
async def partner_left(webhook: Webhook) -> str:
    """The partner line: talked to and over, or nobody took the call there."""
    hotline, contact_id = webhook.hotline, ContactId(webhook.asked("contact"))
    await inbound.wishes(hotline, webhook.needed("CallSid"), None)
    talked = await _talked(webhook, contact_id)
    if talked and not _broke(webhook):
        return await _after(webhook, await partner_line.talked(hotline, contact_id))
    contact = await partner_line.came_back(hotline, contact_id)
    if contact.state in OVER:
        return webhook.scripts.goodbye(contact.language)
    words = "back_from_outside" if talked else "partner_unanswered"
    return webhook.scripts.straight_in(contact_id, contact.language, (words,), listen=False)


@script_or(lambda webhook: webhook.scripts.leg_over())
async def outside_asked(webhook: Webhook) -> str:
    """The other telephone was picked up: by a person, or by a machine?"""
    return webhook.scripts.outside_asked(webhook.asked("contact"))


@script_or(lambda webhook: webhook.scripts.leg_over())
async def outside_taken(webhook: Webhook) -> str:
    """A key was pressed there: the two are connected, if the caller still waits for it."""
    contact = await outside.taken(webhook.hotline, ContactId(webhook.asked("contact")))
    if not outside_line.speaks_outside(contact):
        return webhook.scripts.leg_over()
    return webhook.scripts.outside_taken()


ELSEWHERE = {
    addresses.FALLBACK_LEFT: fallback_left,
    addresses.PARTNER_LEFT: partner_left,
    addresses.OUTSIDE_ASKED: outside_asked,
    addresses.OUTSIDE_TAKEN: outside_taken,
}
