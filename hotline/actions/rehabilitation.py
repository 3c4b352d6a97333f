"""The institution library: who offers community rehabilitation, and how many places are free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.domain import access
from hotline.domain.access import Actor, Permission
from hotline.domain.change import Change, Event
from hotline.domain.ids import InstitutionId
from hotline.domain.referral_case import Institution
from hotline.domain.referral_codes import NEEDS
from hotline.errors import FieldProblem, Forbidden, Invalid
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline

P = Permission
_MOST_PLACES = 10_000


async def institutions(hotline: Hotline, actor: Actor) -> list[Institution]:
    """All of them, by district and name: matching falls back to other districts, for some have none."""
    access.require(actor, P.REFERRAL_READ, P.REFERRAL_FILE, P.REHABILITATION_WORK, P.STAFF_MANAGE)
    table = hotline.reader.table(Institution)
    return await hotline.reader.where(Institution, order=(table.c.district, table.c.name, table.c.id))


async def register(hotline: Hotline, actor: Actor, institution: Institution) -> Institution:
    """A new institution, or a known one under another name; places that are taken stay taken.

    Its people are the accounts whose `organisation_id` is the institution's id.
    """
    access.require(actor, P.STAFF_MANAGE)
    if any(each not in NEEDS for each in institution.services):
        raise Invalid("A service is unknown.", fields=(FieldProblem("services", "unknown code"),))
    district = served_district(hotline, institution.district)
    wished = institution.model_copy(update={"district": district, "places_free": institution.places_total})

    def decide(loaded: Loaded) -> Change:
        known = loaded.find(Institution, institution.id)
        entered = wished
        if known is not None:
            taken = known.places_total - known.places_free
            if taken > wished.places_total:
                problem = FieldProblem("places_total", "fewer than are taken")
                raise Invalid("More places are taken.", fields=(problem,))
            entered = wished.model_copy(
                update={"places_free": wished.places_total - taken, "demo": known.demo}
            )
        facts = {"places": entered.places_total, "free": entered.places_free}
        event = Event("institution", "registered", entered.id, actor.staff_id, facts)
        return Change((entered,), (event,), answer=entered)

    registered: Institution = await hotline.writer.run(decide, Need(Institution, institution.id))
    return registered


def served_district(hotline: Hotline, named: str) -> str:
    """The district as accounts and referrals name it, in whichever language it was written."""
    wanted = named.strip().casefold()
    for each in hotline.settings.districts:
        if wanted in (each.zh.casefold(), each.en.casefold()):
            return each.zh
    problem = FieldProblem("district", "is not one of the service's districts")
    raise Invalid("This district is not served here.", fields=(problem,))


async def set_places(
    hotline: Hotline, actor: Actor, institution_id: InstitutionId, *, total: int, free: int
) -> Institution:
    """The institution itself says how many places it has, and how many are free."""
    access.require(actor, P.REHABILITATION_WORK)
    if actor.organisation_id != institution_id:
        raise Forbidden("This is another institution.")
    if not 0 <= free <= total <= _MOST_PLACES:
        raise Invalid(
            "These places cannot be.", fields=(FieldProblem("places_free", "is not within the total"),)
        )

    def decide(loaded: Loaded) -> Change:
        known = loaded.get(Institution, institution_id)
        changed = known.model_copy(update={"places_total": total, "places_free": free})
        facts = {"total": total, "free": free}
        event = Event("institution", "places_changed", institution_id, actor.staff_id, facts)
        return Change((changed,), (event,), answer=changed)

    institution: Institution = await hotline.writer.run(decide, Need(Institution, institution_id))
    return institution
