"""What has had its time is forgotten, a few at once: the worker asks every minute, so that nobody waits for it.

Times of years do not stand among the deadlines, which are looked at five times a second and held in memory.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from hotline.domain import retention
from hotline.domain.alerts import Alert
from hotline.domain.change import Change, Value
from hotline.domain.contacts import Channel, Contact
from hotline.domain.followups import Followup
from hotline.domain.legal_holds import LegalHold
from hotline.domain.people import Person
from hotline.domain.recordings import Recording
from hotline.domain.retention import Belongings
from hotline.domain.school_reports import SchoolReport
from hotline.domain.shift_swaps import ShiftSwap
from hotline.domain.voicemails import Voicemail
from hotline.errors import Unavailable
from hotline.storage import retention as rows
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.service import Hotline

log = logging.getLogger(__name__)

AT_ONCE = 20
"""Of each kind in a minute: 28,000 contacts a day, and a tenth of a second of the writer's time."""

T = TypeVar("T", bound=Value)


async def forget_old(hotline: Hotline) -> None:
    """One pass. What a legal hold or something open stops is passed over until it is lifted or over."""
    rules, now = hotline.rules, hotline.clock.now()
    for channel in (Channel.SMS, Channel.CHAT):
        span = retention.kept_for(channel, rules)
        if span is not None:
            old = rows.old_contacts(now - span, AT_ONCE, texts=channel is Channel.SMS)
            await _forget(hotline, Contact, old, _forget_contact)
    if rules.school_reports_kept_days:
        old = rows.old_reports(_before(now, rules.school_reports_kept_days), AT_ONCE)
        await _forget(hotline, SchoolReport, old, _forget_report)
    if rules.swaps_kept_days:
        old = rows.old_swaps(_before(now, rules.swaps_kept_days), AT_ONCE)
        await _forget(
            hotline,
            ShiftSwap,
            old,
            lambda loaded, swap: retention.forget_swap(swap, loaded.now, loaded.rules),
        )


def _before(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)


async def _forget(hotline: Hotline, model: type[T], old: Any, forget: Callable[[Loaded, T], Change]) -> None:
    for (key,) in await hotline.reader.rows(old):

        def decide(loaded: Loaded, key: str = key) -> Change:
            found = loaded.find(model, key)
            return forget(loaded, found) if found is not None else Change()

        try:
            await hotline.writer.run(decide, Need(model, key))
        except Unavailable:
            raise
        except Exception:  # one that cannot be forgotten keeps nobody else's words
            log.exception("retention: %s was not forgotten", key)


def _forget_contact(loaded: Loaded, contact: Contact) -> Change:
    def of(model: type[T]) -> list[T]:
        return loaded.where(model, "contact_id", contact.id)

    person = loaded.find(Person, contact.person_id) if contact.person_id is not None else None
    belongings = Belongings(
        holds=of(LegalHold),
        alerts=of(Alert),
        followups=of(Followup),
        recordings=of(Recording),
        voicemails=of(Voicemail),
        last_seen_at=person.last_seen_at if person is not None else None,
    )
    return retention.forget_contact(contact, belongings, loaded.now, loaded.rules)


def _forget_report(loaded: Loaded, report: SchoolReport) -> Change:
    holds = loaded.where(LegalHold, "contact_id", report.contact_id)
    return retention.forget_report(report, holds, loaded.now, loaded.rules)
