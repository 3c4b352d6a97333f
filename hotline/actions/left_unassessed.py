"""Messages that triage never spoke about, because the service ended first or triage gave them up: read at the next
start, while their contact is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.actions import risk
from hotline.actions.messages import recent_turns
from hotline.actions.risk import Timed
from hotline.domain.contacts import Channel, Contact, ContactState, Message
from triage.assessment import Level

if TYPE_CHECKING:
    from hotline.service import Hotline

_LOOKED_BACK_ON = 12  # turns, as of a message that comes now


async def assess(hotline: Hotline) -> None:
    """One after the other, so that whoever writes now does not wait behind them. An answer raises like a late one."""
    table = hotline.reader.table(Contact)
    for contact in await hotline.reader.where(Contact, table.c.state != ContactState.CLOSED):
        for message in await _unread(hotline, contact) if contact.unassessed_seqs else ():
            await risk.assess_late(hotline, contact.id, message, _read(hotline, contact, message))


async def _unread(hotline: Hotline, contact: Contact) -> list[Message]:
    """All of them: the contact itself names the newest only."""
    column = hotline.reader.table(Message).c
    of_it, unassessed = column.contact_id == contact.id, column.level == Level.UNASSESSED
    return await hotline.reader.where(Message, of_it, unassessed, order=(column.seq,))


async def _read(hotline: Hotline, contact: Contact, message: Message) -> Timed:
    """It counts as having taken as long as the message has been here."""
    column = hotline.reader.table(Message).c
    of_it, before = column.contact_id == contact.id, column.seq < message.seq
    newest = await hotline.reader.where(
        Message, of_it, before, order=(column.seq.desc(),), limit=_LOOKED_BACK_ON
    )
    history = recent_turns(list(reversed(newest)))
    speech = contact.channel is Channel.CALL
    answer = await risk.timed(hotline, contact.id, message.text, history, speech=speech)
    return Timed(answer.assessment, max(answer.seconds, (hotline.clock.now() - message.at).total_seconds()))
