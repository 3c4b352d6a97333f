"""Ruling from the console which duty telephones there are, in what order, and what they read and hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.domain import access, duty_phones, outside_numbers, phones
from hotline.domain.access import Actor, Permission
from hotline.domain.change import Change
from hotline.domain.duty_phones import DUTY_PHONES_ID, DutyPhones
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline


async def rule(hotline: Hotline, actor: Actor, wish: DutyPhones) -> DutyPhones:
    """From now on; a telephone that rings already rings on."""
    access.require(actor, Permission.SHIFT_PLAN)
    settings = hotline.settings
    own = tuple(each for each in (settings.twilio_number,) if each)

    def checked(number: str) -> str:
        wanted = phones.checked_number(number, own)
        known = (settings.fallback_number, *settings.duty_numbers)
        outside_numbers.refuse_unless_dialled(
            wanted, hotline.rules.outside_numbers, settings.twilio_number, known
        )
        return wanted

    def decide(loaded: Loaded) -> Change:
        known = loaded.find(DutyPhones, DUTY_PHONES_ID)
        return duty_phones.change(known, wish, checked, actor.staff_id, loaded.now)

    ruled: DutyPhones = await hotline.writer.run(decide, Need(DutyPhones, DUTY_PHONES_ID))
    return ruled
