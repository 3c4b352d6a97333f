"""Levels in action: what triage says of a turn, what an instrument says, what a named person says.

An imminent level proposes an alert; an act in progress raises one at once (`triage/policy` decides which).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hotline.actions import alerts
from hotline.actions.consequences import held_changed
from hotline.domain import access, contact_moves, risk, supervision
from hotline.domain.access import Actor, Permission
from hotline.domain.change import Change, Event
from hotline.domain.contacts import Contact, ContactState, InstrumentAnswers, LevelSource, LevelStep, Message
from hotline.domain.ids import ContactId, derived_id
from hotline.errors import FieldProblem, Invalid
from hotline.storage.working_set import Loaded, Need
from triage import instruments, policy
from triage.assessment import Assessment, Kind, Level, Turn
from triage.instruments import InstrumentResult

if TYPE_CHECKING:
    from hotline.service import Hotline


@dataclass(frozen=True, slots=True)
class Timed:
    """What triage said of a text, and how many seconds it took from being asked."""

    assessment: Assessment
    seconds: float


async def timed(
    hotline: Hotline, contact_id: ContactId, text: str, history: Sequence[Turn], *, speech: bool
) -> Timed:
    """Ask triage; never raises."""
    asked = time.perf_counter()
    assessment = await hotline.assessor.assess(contact_id, text, history, speech=speech)
    return Timed(assessment, time.perf_counter() - asked)


def judged(
    loaded: Loaded, contact: Contact, message: Message, assessment: Assessment | None
) -> tuple[Contact, Message, Change]:
    """The contact and the message after triage spoke (or did not: then unassessed, never low)."""
    if assessment is None or assessment.level is Level.UNASSESSED:
        message = message.model_copy(update={"level": Level.UNASSESSED})
        return risk.unassessed(contact, message.seq), message, Change()
    evidence = [
        {key: value for key, value in each.items() if key not in ("message_id", "seq")}
        for each in risk.reasons_of(assessment, message.id, message.seq)
    ]
    message = message.model_copy(
        update={
            "level": assessment.level,
            "score": assessment.score,
            "kinds": [kind.value for kind in assessment.kinds],
            "act_in_progress": assessment.act_in_progress,
            "evidence": evidence,
            "judged_by": assessment.lexicon_version,
        }
    )
    after, events = risk.on_assessment(contact, assessment, message_id=message.id, seq=message.seq)
    change = Change(events=events)
    if events:
        step = level_step(loaded, after, LevelSource.TRIAGE, score=assessment.score, seq=message.seq)
        change = change.then(Change(save=(step,)))
    imminent = assessment.level is Level.IMMINENT or assessment.act_in_progress
    if imminent and not risk.is_silenced(contact, assessment):
        signalled = _signal(loaded, after, "triage", assessment.act_in_progress)
        change = change.then(signalled)
        after = _latest(signalled, after)
    called = supervision.called(contact, after, loaded.now, loaded.rules)
    after = _latest(called, after)
    return after, message, change.then(called).then(_held_changed(loaded, contact, after))


def _latest(change: Change, contact: Contact) -> Contact:
    return next((each for each in reversed(change.save) if isinstance(each, Contact)), contact)


def _held_changed(loaded: Loaded, before: Contact, after: Contact) -> Change:
    """Whoever serves an imminent contact serves it alone: their presence follows the level."""
    return held_changed(loaded, after) if before.level != after.level else Change()


def _signal(loaded: Loaded, contact: Contact, source: str, act_in_progress: bool = False) -> Change:
    """What policy proposes for what is new; `act_in_progress`: of this turn, not of the whole contact."""
    kinds = tuple(Kind(each) for each in contact.kinds)
    proposal = policy.propose(
        Level.IMMINENT, kinds, tuple(contact.tags), act_in_progress, table=loaded.rules.policy
    )
    return alerts.signal(loaded, contact, proposal, source) if proposal is not None else Change()


def level_step(loaded: Loaded, contact: Contact, source: LevelSource, **fields: Any) -> LevelStep:
    """The contact's level as it now is, for the record of its levels."""
    return LevelStep(
        id=loaded.new_id("lvl"),
        contact_id=contact.id,
        at=loaded.now,
        level=contact.level,
        source=source,
        kinds=contact.kinds,
        **fields,
    )


async def assess_late(
    hotline: Hotline, contact_id: ContactId, message: Message, assessing: Awaitable[Timed]
) -> None:
    """Triage answered after the message was saved: its answer still raises. An earlier answer stands, and of what
    was erased meanwhile nothing is left to say."""
    late = await assessing

    def decide(loaded: Loaded) -> Change:
        contact = loaded.find(Contact, contact_id)
        saved = loaded.find(Message, message.id)
        if contact is None or saved is None or saved.level not in (None, Level.UNASSESSED):
            return Change()
        saved = saved.model_copy(update={"triage_seconds": late.seconds})
        after, assessed, change = judged(loaded, contact, saved, late.assessment)
        facts = {"contact_id": contact_id, "seq": saved.seq}
        told = Event("message", "assessed", saved.id, "machine", facts)
        if not change.events and after.level != contact.level:
            change = change.then(Change(events=(Event("contact", "assessed", contact.id, "machine"),)))
        return Change((after, assessed), (told,)).then(change)

    await hotline.writer.run(decide, Need(Contact, contact_id), Need(Message, message.id))


async def override(
    hotline: Hotline, actor: Actor, contact_id: ContactId, *, level: Level, reason: str
) -> Contact:
    """A named person sets the level, with a reason; lowering from high needs a supervisor."""
    if level is Level.UNASSESSED:
        raise Invalid(
            "A person always decides on a level.", fields=(FieldProblem("level", "is not a level"),)
        )

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        access.require_serving(actor, contact)
        contact_moves.refuse_unless(contact, ContactState.WAITING, ContactState.ACTIVE, ContactState.WRAP_UP)
        change = set_by_hand(loaded, contact, level, reason, actor)
        after: Contact = change.answer
        return change.then(_held_changed(loaded, contact, after)).answering(after)

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


def set_by_hand(loaded: Loaded, contact: Contact, level: Level, reason: str, actor: Actor) -> Change:
    """The level that a named person sets, in the record of levels too; imminent asks for help whoever says it.
    Answers the contact."""
    supervisor = actor.may(Permission.CONTACT_SUPERVISE)
    change = risk.override(contact, level, reason, actor.staff_id, supervisor=supervisor, now=loaded.now)
    after: Contact = change.answer
    step = level_step(loaded, after, LevelSource.OVERRIDE, staff_id=actor.staff_id, reason=reason)
    change = change.then(Change(save=(step,)))
    if level is Level.IMMINENT:
        change = change.then(_signal(loaded, after, "counselor"))
    return change.answering(_latest(change, after))


async def fill_instrument(
    hotline: Hotline,
    actor: Actor,
    contact_id: ContactId,
    *,
    instrument_id: str,
    answers: dict[str, Any],
    idempotency_key: str,
) -> tuple[InstrumentResult, Contact]:
    """Keep the answers and let their floor join the level."""
    instrument = next((each for each in instruments.catalogue() if each.id == instrument_id), None)
    if instrument is None:
        raise Invalid("There is no such instrument.", fields=(FieldProblem("instrument_id", "is not known"),))
    try:
        result = instruments.score(instrument_id, answers, hotline.rules.policy.floors)
    except ValueError:
        raise Invalid(
            "An answer is not among the options.", fields=(FieldProblem("answers", "does not fit"),)
        ) from None
    filled_id = derived_id("ans", contact_id, actor.staff_id, idempotency_key)

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        access.require_serving(actor, contact)
        known = loaded.find(InstrumentAnswers, filled_id)
        if known is not None:
            if (known.instrument_id, known.answers) != (instrument_id, answers):
                problem = FieldProblem("Idempotency-Key", "was used for other answers")
                raise Invalid("This key was used for other answers.", fields=(problem,))
            return Change(answer=contact)
        filled = InstrumentAnswers(
            id=filled_id,
            contact_id=contact_id,
            staff_id=actor.staff_id,
            instrument_id=instrument_id,
            instrument_version=str(instrument.version),
            answers=answers,
            level_floor=result.level,
            at=loaded.now,
        )
        facts = {"contact_id": contact_id, "instrument": instrument_id, "floor": result.level}
        event = Event("instrument_answers", "filled", filled_id, actor.staff_id, facts)
        change = Change((filled,), (event,), answer=contact)
        return change.then(_floored(loaded, contact, result, actor))

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return result, contact


def _floored(loaded: Loaded, contact: Contact, result: InstrumentResult, actor: Actor) -> Change:
    floor = result.level
    if floor is Level.NONE or contact.state is ContactState.CLOSED:
        return Change()
    known = contact.model_copy(
        update={
            "kinds": sorted({*contact.kinds, *(kind.value for kind in result.kinds)}),
            "act_in_progress": contact.act_in_progress or result.act_in_progress,
        }
    )
    change = risk.raise_floor(known, floor, LevelSource.INSTRUMENT, actor.staff_id)
    after: Contact = change.answer
    if after.level != contact.level:
        step = level_step(loaded, after, LevelSource.INSTRUMENT, staff_id=actor.staff_id)
        change = change.then(Change(save=(step,)))
    if floor is Level.IMMINENT:
        change = change.then(_signal(loaded, after, "counselor", result.act_in_progress))
    change = change.then(supervision.called(contact, _latest(change, after), loaded.now, loaded.rules))
    after = _latest(change, after)
    return change.then(_held_changed(loaded, contact, after)).answering(after)
