"""With the text to the duty telephone a clock begins, after which it is rung. A part of other decisions."""

from __future__ import annotations

from collections.abc import Iterable

from hotline.domain import duty_call, duty_ring
from hotline.domain.change import Change, Effect
from hotline.domain.duty_ring import DUTY_RING_ID, DutyRing
from hotline.storage.working_set import Loaded


def clock_begins(loaded: Loaded, effects: Iterable[Effect]) -> Change:
    """Nothing if none of `effects` is such a text."""
    if not any(each.kind == duty_call.TELL_DUTY_NUMBER for each in effects):
        return Change()
    ring = loaded.find(DutyRing, DUTY_RING_ID)
    return loaded.see(duty_ring.told(ring, loaded.now))
