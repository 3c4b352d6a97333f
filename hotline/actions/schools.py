"""The schools that may report: entered by whoever sets the service up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.actions.rehabilitation import served_district
from hotline.domain import access
from hotline.domain.access import Actor, Permission
from hotline.domain.change import Change, Event
from hotline.domain.school_report_forms import SCHOOL_STAGES
from hotline.domain.school_reports import School
from hotline.errors import FieldProblem, Invalid
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline

P = Permission


async def register(hotline: Hotline, actor: Actor, school: School) -> School:
    """A new school, or a known one under another name; its people have its id as their `organisation_id`."""
    access.require(actor, P.STAFF_MANAGE)
    if school.stage not in SCHOOL_STAGES:
        raise Invalid("The stage is unknown.", fields=(FieldProblem("stage", "unknown code"),))
    wished = school.model_copy(update={"district": served_district(hotline, school.district)})

    def decide(loaded: Loaded) -> Change:
        known = loaded.find(School, school.id)
        entered = wished.model_copy(update={"demo": known is not None and known.demo})
        event = Event("school", "registered", school.id, actor.staff_id)
        return Change((entered,), (event,), answer=entered)

    registered: School = await hotline.writer.run(decide, Need(School, school.id))
    return registered


async def all_schools(hotline: Hotline, actor: Actor) -> list[School]:
    """By district and name."""
    access.require(actor, P.STAFF_READ)
    table = hotline.reader.table(School)
    return await hotline.reader.where(School, order=(table.c.district, table.c.name, table.c.id))
