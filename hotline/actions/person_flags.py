"""Flags on a person: set and lifted by people, ended by their time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hotline.actions.deadlines import when_due
from hotline.actions.people import require_knowing
from hotline.domain import person_flags
from hotline.domain.access import Actor
from hotline.domain.change import Change
from hotline.domain.ids import PersonFlagId, PersonId
from hotline.domain.people import Person
from hotline.domain.person_flags import FlagCode, PersonFlag
from hotline.errors import WrongState
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline


async def put(
    hotline: Hotline,
    actor: Actor,
    person_id: PersonId,
    *,
    code: FlagCode,
    note: str | None,
    expires_at: datetime,
) -> PersonFlag:
    """By who serves the person now, and supervisors. The same code again takes the older flag's place."""
    await require_knowing(hotline, actor, person_id)

    def decide(loaded: Loaded) -> Change:
        person = loaded.get(Person, person_id)
        if person.erased_at is not None:
            raise WrongState("This person was erased.", code="wrong_state")
        older = [
            each
            for each in loaded.where(PersonFlag, "person_id", person_id)
            if each.code is code and each.ended_at is None
        ]
        flag = PersonFlag(
            id=PersonFlagId(loaded.new_id("flg")),
            person_id=person_id,
            code=code,
            note=note,
            set_by=actor.staff_id,
            set_at=loaded.now,
            expires_at=expires_at.astimezone(UTC),
        )
        change = person_flags.put(flag, loaded.now)
        for each in older:
            change = change.then(person_flags.lift(each, actor.staff_id, loaded.now))
        return change.answering(flag)

    flag: PersonFlag = await hotline.writer.run(decide, Need(Person, person_id))
    return flag


async def lift(hotline: Hotline, actor: Actor, person_id: PersonId, flag_id: PersonFlagId) -> PersonFlag:
    await require_knowing(hotline, actor, person_id)

    def decide(loaded: Loaded) -> Change:
        flag = loaded.get(PersonFlag, flag_id)
        if flag.person_id != person_id:
            raise WrongState("This flag is another person's.", code="wrong_state")
        return person_flags.lift(flag, actor.staff_id, loaded.now)

    flag: PersonFlag = await hotline.writer.run(decide, Need(PersonFlag, flag_id))
    return flag


on_deadline = when_due(
    PersonFlag, lambda loaded, flag: person_flags.on_deadline(flag, loaded.now, loaded.rules)
)
