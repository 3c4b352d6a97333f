"""The switchboard in action: a queue is diverted, given back, or comes back by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hotline.actions.deadlines import when_due
from hotline.domain import access, switchboard
from hotline.domain.access import Actor, Permission
from hotline.domain.change import Change
from hotline.domain.contacts import Channel
from hotline.domain.ids import DiversionId
from hotline.domain.skills import checked_wish
from hotline.domain.switchboard import Diversion, DivertTo
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline


async def divert(
    hotline: Hotline,
    actor: Actor,
    *,
    to: DivertTo,
    minutes: int,
    channel: Channel | None = None,
    language: str | None = None,
    skill: str | None = None,
    to_skills: list[str] | None = None,
    reason: str | None = None,
    key: str | None = None,
) -> Diversion:
    """From now on, for so many minutes. The same key again gives the same diversion."""
    access.require(actor, Permission.QUEUE_DIVERT)
    known = hotline.rules.all_skills
    checked_wish(known, [skill] if skill is not None else [])
    instead = checked_wish(known, to_skills or []) if to is DivertTo.SKILLS else []

    def decide(loaded: Loaded) -> Change:
        diversion_id = DiversionId(loaded.id_of("div", key, actor.staff_id))
        same = loaded.find(Diversion, diversion_id)
        if same is not None:
            return Change(answer=same)
        diversion = Diversion(
            id=diversion_id,
            channel=channel,
            language=language,
            skill=skill,
            to=to,
            to_skills=instead,
            reason=reason,
            made_by=actor.staff_id,
            made_at=loaded.now,
            until=loaded.now + timedelta(minutes=minutes),
        )
        return switchboard.divert(diversion, loaded.rules)

    diversion: Diversion = await hotline.writer.run(decide)
    return diversion


async def end(hotline: Hotline, actor: Actor, diversion_id: DiversionId) -> Diversion:
    access.require(actor, Permission.QUEUE_DIVERT)

    def decide(loaded: Loaded) -> Change:
        return switchboard.end(loaded.get(Diversion, diversion_id), actor.staff_id, loaded.now)

    diversion: Diversion = await hotline.writer.run(decide, Need(Diversion, diversion_id))
    return diversion


on_deadline = when_due(Diversion, lambda loaded, diversion: switchboard.on_deadline(diversion, loaded.now))


async def in_force(hotline: Hotline) -> list[Diversion]:
    now = hotline.clock.now()
    return [each for each in hotline.matcher.diversions.values() if switchboard.in_force(each, now)]


def chats_paused(hotline: Hotline, language: str) -> bool:
    """While new chats are paused, the page says so and shows the numbers. A chat that is open goes on."""
    diversions = hotline.matcher.diversions.values()
    return switchboard.pause_of(diversions, language, hotline.clock.now()) is not None
