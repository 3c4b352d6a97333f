"""Ruling from the console at how many counselors a contact rings, and in which queues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.domain import access, ring_rules
from hotline.domain.access import Actor, Permission
from hotline.domain.change import Change
from hotline.domain.ring_rules import RING_RULES_ID, RingRules
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline


async def in_force(hotline: Hotline) -> RingRules:
    return await hotline.reader.find(RingRules, RING_RULES_ID) or ring_rules.set_at_start(hotline.rules)


async def rule(hotline: Hotline, actor: Actor, wish: RingRules) -> RingRules:
    """From now on, for those who wait already too."""
    access.require(actor, Permission.QUEUE_DIVERT)

    def decide(loaded: Loaded) -> Change:
        known = loaded.find(RingRules, RING_RULES_ID)
        return ring_rules.change(known, wish, loaded.rules, actor.staff_id, loaded.now)

    ruled: RingRules = await hotline.writer.run(decide, Need(RingRules, RING_RULES_ID))
    return ruled
