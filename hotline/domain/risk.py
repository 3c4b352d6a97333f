"""How a contact's level moves. Machine raises, person lowers.

    level = max(folded assessments, instrument floor, report floor); while a turn is still unassessed and the
    rest is below moderate, the contact shows `unassessed`, never `low`.

- An assessment may raise the level; nothing automatic lowers it.
- A named person may set any level with a reason (lowering from high or imminent: a supervisor).
- After an override the machine is silent until a *new* imminent frame, which comes as a suggestion
  (an alert is proposed); an act in progress raises at once, override or not.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hotline.domain.change import MACHINE, Change, Event
from hotline.domain.contact_moves import moved
from hotline.domain.contacts import Contact, LevelSource
from hotline.domain.ids import StaffId
from hotline.errors import Forbidden
from triage.assessment import Assessment, Level
from triage.conversation import is_news

_KEPT_REASONS = 20  # the newest message first, its strongest first; all of them stay with their messages


def reasons_of(assessment: Assessment, message_id: str | None, seq: int | None) -> list[dict[str, Any]]:
    """Offsets and codes; the words stay in the sealed message."""
    return [
        {
            "message_id": message_id,
            "seq": seq,
            "start": each.start,
            "end": each.end,
            "cue": each.cue,
            "frame": each.frame,
            "why_zh": each.why_zh,
            "why_en": each.why_en,
        }
        for each in assessment.evidence
    ]


def _rank(level: Level | None) -> int:
    return -1 if level is None or level is Level.UNASSESSED else level.rank


def _shown(assessed: Level, pending: list[int]) -> Level:
    if pending and _rank(assessed) < Level.MODERATE.rank:
        return Level.UNASSESSED
    return assessed


def _standing(contact: Contact) -> Level:
    """What the contact had reached, also where "unassessed" is shown over it."""
    return contact.peak_level if contact.level is Level.UNASSESSED else contact.level


def unassessed(contact: Contact, seq: int) -> Contact:
    """A turn came and triage did not answer in time."""
    pending = [*(each for each in contact.unassessed_seqs if each != seq), seq][-50:]
    fields: dict[str, Any] = {"unassessed_seqs": pending}
    if contact.override_level is None:
        fields["level"] = _shown(contact.level, pending)
    return contact.model_copy(update=fields)


def on_assessment(
    contact: Contact, assessment: Assessment, *, message_id: str | None, seq: int | None
) -> tuple[Contact, tuple[Event, ...]]:
    """The contact after one turn was assessed, and what to tell."""
    pending = [each for each in contact.unassessed_seqs if each != seq]
    if assessment.level is Level.UNASSESSED:
        return (unassessed(contact, seq) if seq is not None else contact), ()
    reasons = [*reasons_of(assessment, message_id, seq), *contact.reasons][:_KEPT_REASONS]
    # Twenty sentences of everyday worry would push out why the contact is where it is, and be told to every console.
    tells = _rank(assessment.level) > min(_rank(contact.peak_level), Level.LOW.rank)
    peak = max(contact.peak_level, assessment.level, key=_rank)
    fields: dict[str, Any] = {
        "unassessed_seqs": pending,
        "peak_level": peak,
        "reasons": reasons if assessment.evidence and tells else contact.reasons,
        "kinds": sorted({*contact.kinds, *(kind.value for kind in assessment.kinds)}),
        "tags": sorted({*contact.tags, *assessment.tags}),
        "act_in_progress": contact.act_in_progress or assessment.act_in_progress,
    }
    overridden = contact.override_level is not None and not assessment.act_in_progress
    if not overridden:
        level = max(_standing(contact), assessment.level, contact.instrument_floor or Level.NONE, key=_rank)
        fields["level"] = _shown(level, pending)
        if _rank(assessment.level) > _rank(contact.level) or contact.level_source is LevelSource.NONE:
            fields["level_source"] = LevelSource.TRIAGE
    elif _is_anew(contact, assessment):
        fields["imminent_anew_seq"] = seq
    after = contact.model_copy(update=fields)
    events = _level_events(contact, after, MACHINE, source=LevelSource.TRIAGE, seq=seq)
    if after.imminent_anew_seq != contact.imminent_anew_seq:
        events += (Event("contact", "imminent_anew", after.id, MACHINE, {"seq": seq}),)
    return (moved(after) if events else after), events


def _is_anew(contact: Contact, assessment: Assessment) -> bool:
    """Imminent after a person had set a lower level: the level stands, and they are told."""
    return assessment.level is Level.IMMINENT and contact.override_level is not Level.IMMINENT


def is_silenced(contact: Contact, assessment: Assessment) -> bool:
    """A person has set the level, and this imminent turn says nothing that they did not know."""
    if contact.override_level in (None, Level.IMMINENT) or assessment.act_in_progress:
        return False
    return not is_news([reason.get("frame") for reason in contact.reasons], assessment)


def _level_events(
    before: Contact, after: Contact, actor: str, *, source: LevelSource, seq: int | None = None
) -> tuple[Event, ...]:
    shown = ("level", "peak_level", "act_in_progress", "kinds", "tags")
    if all(getattr(before, each) == getattr(after, each) for each in shown):
        return ()
    what = "level_lowered" if _rank(after.level) < _rank(before.level) and actor != MACHINE else "assessed"
    if _rank(after.level) > _rank(before.level):
        what = "level_raised"
    facts = {"level": after.level, "source": source, "seq": seq, "act_in_progress": after.act_in_progress}
    return (Event("contact", what, after.id, actor, facts),)


def override(
    contact: Contact, level: Level, reason: str, staff_id: StaffId, *, supervisor: bool, now: datetime
) -> Change:
    """A named person sets the level, with a reason."""
    serious = contact.level in (Level.HIGH, Level.IMMINENT)
    if serious and _rank(level) < _rank(contact.level) and not supervisor:
        raise Forbidden("Lowering from high or imminent needs a supervisor.", code="supervisor_needed")
    after = moved(
        contact,
        level=level,
        level_source=LevelSource.OVERRIDE,
        override_level=level,
        override_by=staff_id,
        override_reason=reason,
        override_at=now,
        imminent_anew_seq=None,
        peak_level=max(contact.peak_level, level, key=_rank),
        act_in_progress=contact.act_in_progress and level is Level.IMMINENT,
    )
    facts = {"level": level, "before": contact.level, "source": LevelSource.OVERRIDE}
    return Change(
        (after,), (Event("contact", "level_overridden", contact.id, staff_id, facts),), answer=after
    )


def raise_floor(contact: Contact, floor: Level, source: LevelSource, actor: str) -> Change:
    """An instrument's or a report's floor joins the level."""
    floor = max(floor, contact.instrument_floor or Level.NONE, key=_rank)
    reached = max(_standing(contact), floor, key=_rank)
    level = _shown(reached, contact.unassessed_seqs) if contact.override_level is None else reached
    after = moved(
        contact,
        instrument_floor=floor,
        level=level,
        level_source=source if level is not contact.level else contact.level_source,
        peak_level=max(contact.peak_level, reached, key=_rank),
    )
    what = "level_raised" if _rank(level) > _rank(contact.level) else "assessed"
    event = Event("contact", what, contact.id, actor, {"level": level, "source": source})
    return Change((after,), (event,), answer=after)
