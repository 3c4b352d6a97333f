"""Counselors' telephones: which one is rung, chosen by its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.domain import outside_numbers, phones
from hotline.domain.access import Actor, Permission, require
from hotline.domain.change import Change
from hotline.domain.ids import StaffId
from hotline.domain.phones import Phone
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline


async def phone_of(hotline: Hotline, staff_id: StaffId) -> Phone | None:
    return await hotline.reader.find(Phone, staff_id)


async def use_number(hotline: Hotline, actor: Actor, number: str | None, *, both: bool = False) -> Phone:
    """From now on this number is rung, beside the browser if `both`; a leg that rings already rings on. None: the
    number that was chosen before."""
    require(actor, Permission.CONTACT_SERVE)
    settings = hotline.settings
    own = tuple(each for each in (settings.twilio_number, settings.fallback_number) if each)
    wanted = None if number is None else phones.checked_number(number, own)
    if wanted is not None:
        outside_numbers.refuse_unless_dialled(wanted, hotline.rules.outside_numbers, settings.twilio_number)

    def decide(loaded: Loaded) -> Change:
        known = loaded.find(Phone, actor.staff_id)
        dialled = wanted or phones.number_of(known)
        return phones.by_number(known, actor.staff_id, dialled, loaded.now, both=both)

    phone: Phone = await hotline.writer.run(decide, Need(Phone, actor.staff_id))
    return phone


async def use_browser(hotline: Hotline, actor: Actor) -> None:
    require(actor, Permission.CONTACT_SERVE)

    def decide(loaded: Loaded) -> Change:
        return phones.by_browser(loaded.find(Phone, actor.staff_id), actor.staff_id, loaded.now)

    await hotline.writer.run(decide, Need(Phone, actor.staff_id))
