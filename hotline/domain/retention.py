"""What is not kept for ever. Each kind has its time, a setting in days; 0 keeps it.

| what              | counts from the last of                                | then                                    |
|-------------------|--------------------------------------------------------|-----------------------------------------|
| contact's content | its close; the end of its alerts and follow-ups; the   | its key is destroyed: words, names and  |
|                   | last contact of a person who is known by a number      | numbers are noise; codes and times stay |
| school's report   | its close                                              | words and names go; codes stay          |
| shift swap        | its end                                                | deleted                                 |

Recordings, messages left and hand-overs have a time of their own in their modules. A legal hold stops all that belongs
to its contact, and so does whatever is still open or still to be heard there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hotline.domain.alerts import Alert
from hotline.domain.change import MACHINE, NOTHING, Change, Event
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.erasure import contact_without_content
from hotline.domain.followups import Followup
from hotline.domain.legal_holds import LegalHold, standing
from hotline.domain.recordings import RUNNING, Recording, RecordingState
from hotline.domain.school_reports import ReportState, SchoolReport
from hotline.domain.service_rules import ServiceRules
from hotline.domain.shift_swaps import OPEN as OPEN_SWAPS
from hotline.domain.shift_swaps import ShiftSwap
from hotline.domain.voicemails import OPEN as OPEN_VOICEMAILS
from hotline.domain.voicemails import Audio, Voicemail, VoicemailState

SOUND_MADE = (*RUNNING, RecordingState.FINISHED, RecordingState.KEPT)
SOUND_LEFT = (Audio.AT_CARRIER, Audio.KEPT)
TO_BE_HEARD = (VoicemailState.AWAITED, *OPEN_VOICEMAILS)
"""While there is sound, its own time runs, and its key is the contact's."""

CODES_OF_REPORT = ("level_color", "act_in_progress", "event_types")
"""What a school's report keeps of its form: what is counted."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """What hangs on a contact. `last_seen_at`: the person's latest contact, where it is known whose it was."""

    holds: Sequence[LegalHold] = ()
    alerts: Sequence[Alert] = ()
    followups: Sequence[Followup] = ()
    recordings: Sequence[Recording] = ()
    voicemails: Sequence[Voicemail] = ()
    last_seen_at: datetime | None = None

    @property
    def ends(self) -> list[datetime | None]:
        """When each ended of what somebody had to do; None: not yet."""
        return [each.ended_at for each in self.alerts] + [each.ended_at for each in self.followups]

    @property
    def keep_it(self) -> bool:
        """Somebody still needs it."""
        return (
            standing(self.holds) is not None
            or any(each.state in SOUND_MADE for each in self.recordings)
            or any(each.state in TO_BE_HEARD or each.audio in SOUND_LEFT for each in self.voicemails)
            or any(each is None for each in self.ends)
        )


def kept_for(channel: Channel, rules: ServiceRules) -> timedelta | None:
    """None: for ever."""
    return _span(rules.texts_kept_days if channel is Channel.SMS else rules.contacts_kept_days)


def _span(days: int) -> timedelta | None:
    return timedelta(days=days) if days else None


def content_ends_at(contact: Contact, belongings: Belongings, rules: ServiceRules) -> datetime | None:
    """None: not now, and not by itself."""
    span = kept_for(contact.channel, rules)
    if span is None or contact.state is not ContactState.CLOSED or contact.closed_at is None:
        return None
    if contact.content_erased_at is not None or belongings.keep_it:
        return None
    times = [contact.closed_at, belongings.last_seen_at, *belongings.ends]
    return max(each for each in times if each is not None) + span


def forget_contact(contact: Contact, belongings: Belongings, now: datetime, rules: ServiceRules) -> Change:
    ends_at = content_ends_at(contact, belongings, rules)
    if ends_at is None or ends_at > now:
        return NOTHING
    return contact_without_content(contact, now).then(_told("contact", "content_erased", contact.id))


def forget_report(
    report: SchoolReport, holds: Sequence[LegalHold], now: datetime, rules: ServiceRules
) -> Change:
    span = _span(rules.school_reports_kept_days)
    if span is None or report.state is not ReportState.CLOSED or report.closed_at is None:
        return NOTHING
    if report.content_erased_at is not None or standing(holds) is not None or report.closed_at + span > now:
        return NOTHING
    fields: dict[str, Any] = {"content_erased_at": now, "version": report.version + 1}
    fields["facts"] = {name: report.facts[name] for name in CODES_OF_REPORT if name in report.facts}
    fields["steps"] = [each | {"note": None} for each in report.steps]
    emptied = report.model_copy(update=fields)
    return Change(save=(emptied,), answer=emptied).then(_told("school_report", "content_erased", report.id))


def forget_swap(swap: ShiftSwap, now: datetime, rules: ServiceRules) -> Change:
    span = _span(rules.swaps_kept_days)
    if span is None or swap.state in OPEN_SWAPS or swap.over_at is None or swap.over_at + span > now:
        return NOTHING
    return Change(remove=(swap,)).then(_told("shift_swap", "deleted", swap.id))


def _told(noun: str, what: str, subject: str) -> Change:
    return Change(events=(Event(noun, what, subject, MACHINE, {"why": "retention"}),))
