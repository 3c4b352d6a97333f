"""What the carrier asks about a call's room: the way in for whoever picked up, words and music on hold."""

from __future__ import annotations

from aiohttp import web

from hotline.actions import call_legs
from hotline.actions import call_room as room_actions
from hotline.domain import call_room, calls
from hotline.domain.call_room import HoldWhy
from hotline.domain.calls import LegKind, LegState, Supervision
from hotline.domain.contacts import Contact
from hotline.domain.ids import ContactId, LegId
from hotline.errors import Invalid, NotFound
from hotline.telephony import addresses
from hotline.telephony.music import hold_music
from hotline.telephony.words import SPOKEN
from web_console.webhooks.signed import Webhook, script_or

# Who was rung is no caller: a fault must not connect them to the person on duty.
_not_connected = script_or(lambda webhook: webhook.scripts.leg_over())


@_not_connected
async def leg(webhook: Webhook) -> str:
    """Somebody who was rung picked up: a counselor, a colleague, a supervisor, an outside party."""
    entered = await call_legs.leg_answered(
        webhook.hotline, LegId(webhook.asked("leg")), webhook.needed("CallSid")
    )
    answered = entered.leg
    if answered.state not in (LegState.ANSWERED, LegState.BRIDGED):
        return webhook.scripts.leg_over(taken=calls.taken_elsewhere(answered))
    if answered.kind is LegKind.SUPERVISOR:
        mode = answered.mode or Supervision.MONITOR
        return webhook.scripts.listener(answered.contact_id, mode.value, entered.coached)
    return webhook.scripts.staff_room(answered.contact_id)


@_not_connected
async def party(webhook: Webhook) -> str:
    """An outside phone was picked up, to which a caller is to be passed on: by a person, or by a machine?"""
    return webhook.scripts.party_asked(webhook.asked("leg"), webhook.asked("contact"))


@script_or(lambda webhook: webhook.scripts.hold_again(webhook.query.get("contact", "")))
async def hold(webhook: Webhook) -> str:
    """One round on hold. The words fit the room as it is now."""
    contact = await room_actions.heard_on_hold(
        webhook.hotline, ContactId(webhook.asked("contact")), webhook.needed("CallSid")
    )
    why = call_room.room_of(contact).hold_why or HoldWhy.HOLD
    if webhook.needed("CallSid") != contact.call_sid:
        why = HoldWhy.HOLD
    return webhook.scripts.on_hold(contact.id, contact.language, why.value)


@script_or(lambda webhook: webhook.scripts.nothing())
async def announce(webhook: Webhook) -> str:
    contact, what = await _contact(webhook), webhook.asked("what")
    if what not in SPOKEN:
        raise Invalid("There are no such words.", code="malformed")
    return webhook.scripts.announced(what, contact.language)


async def _contact(webhook: Webhook) -> Contact:
    contact = await webhook.hotline.reader.find(Contact, ContactId(webhook.asked("contact")))
    if contact is None:
        raise NotFound("There is no such contact.")
    return contact


async def music(_request: web.Request) -> web.StreamResponse:
    """The same for everybody, and nobody's: the carrier may keep it for a day."""
    return web.Response(
        body=hold_music(), content_type="audio/wav", headers={"Cache-Control": "public, max-age=86400"}
    )


ROOM_WEBHOOKS = {
    addresses.LEG: leg,
    addresses.PARTY: party,
    addresses.HOLD: hold,
    addresses.ANNOUNCE: announce,
}
