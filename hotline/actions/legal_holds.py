"""Legal holds: placed and lifted by supervisors, with a reason; what belongs to the contact stays meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.domain import access, legal_holds, recordings
from hotline.domain.access import Actor, Permission
from hotline.domain.change import Change
from hotline.domain.contacts import Contact
from hotline.domain.ids import ContactId, LegalHoldId
from hotline.domain.legal_holds import LegalHold
from hotline.domain.recordings import Recording
from hotline.domain.voicemails import Voicemail
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline


async def place(hotline: Hotline, actor: Actor, contact_id: ContactId, *, reason: str) -> LegalHold:
    access.require(actor, Permission.LEGAL_HOLD)

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        holds = loaded.where(LegalHold, "contact_id", contact.id)
        new_id = LegalHoldId(loaded.new_id("hld"))
        change = legal_holds.place(new_id, contact.id, holds, reason, actor.staff_id, loaded.now)
        return change.then(_sounds_held(loaded, contact.id, on=True))

    hold: LegalHold = await hotline.writer.run(decide, Need(Contact, contact_id))
    return hold


async def lift(hotline: Hotline, actor: Actor, contact_id: ContactId, *, reason: str) -> LegalHold:
    """What is past its time is deleted soon after."""
    access.require(actor, Permission.LEGAL_HOLD)

    def decide(loaded: Loaded) -> Change:
        holds = loaded.where(LegalHold, "contact_id", contact_id)
        change = legal_holds.lift(holds, reason, actor.staff_id, loaded.now)
        return change.then(_sounds_held(loaded, contact_id, on=False))

    hold: LegalHold = await hotline.writer.run(decide, Need(Contact, contact_id))
    return hold


def _sounds_held(loaded: Loaded, contact_id: ContactId, *, on: bool) -> Change:
    change = Change()
    for each in loaded.where(Recording, "contact_id", contact_id):
        change = change.then(recordings.held(each, on=on))
    for message in loaded.where(Voicemail, "contact_id", contact_id):
        change = change.then(Change(save=(message.model_copy(update={"held": on}),)))
    return change
