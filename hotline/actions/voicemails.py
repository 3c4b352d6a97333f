"""Messages left on the line: fetched and sealed, worked, told of when they wait too long."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hotline.actions import followups as followup_actions
from hotline.actions.deadlines import when_due
from hotline.domain import access, followups, voicemails
from hotline.domain.access import Actor, Permission
from hotline.domain.change import Change
from hotline.domain.contacts import FROM_PERSON, Contact, Message
from hotline.domain.followups import FollowupKind
from hotline.domain.ids import ContactId, FollowupId, VoicemailId, derived_id
from hotline.domain.service_rules import ServiceRules
from hotline.domain.voicemails import Audio, Voicemail, VoicemailOutcome, VoicemailState
from hotline.errors import HotlineError, NotFound
from hotline.storage.outbox import Owed
from hotline.storage.recording_files import StoredAudio
from hotline.storage.working_set import Loaded, Need
from hotline.telephony.call_recorder import RecordingAtCarrier, RecordingSid
from hotline.telephony.carrier import CallSid, CarrierRefused

if TYPE_CHECKING:
    from hotline.service import Hotline

P = Permission
LATEST = 100


# From the line -----------------------------------------------------------------------------------------------


async def recorded(hotline: Hotline, voicemail_id: VoicemailId, *, recording_sid: str, seconds: int) -> None:
    """The carrier has it. Told twice, it is one message."""
    await hotline.writer.run(
        lambda loaded: voicemails.received(
            loaded.get(Voicemail, voicemail_id), recording_sid, seconds, loaded.now, loaded.rules
        ),
        Need(Voicemail, voicemail_id),
    )


async def heard_line(hotline: Hotline, contact_id: ContactId) -> None:
    """A line of a transcript came: of a message, it is the message's text, and its level the message's."""
    column = hotline.reader.table(Voicemail).c
    found = await hotline.reader.where(
        Voicemail, column.contact_id == contact_id, column.state != VoicemailState.DONE
    )
    if not found:
        return
    messages = hotline.reader.table(Message).c
    turns = await hotline.reader.where(
        Message, messages.contact_id == contact_id, order=(messages.seq,), limit=_MOST_TURNS
    )

    def decide(loaded: Loaded) -> Change:
        voicemail = loaded.get(Voicemail, found[0].id)
        contact = loaded.get(Contact, contact_id)
        said = [each.text for each in turns if each.sender in FROM_PERSON and each.at >= voicemail.created_at]
        if not said or "\n".join(said) == voicemail.transcript:
            return Change()
        level = max(contact.level, contact.peak_level, key=lambda each: (each.queue_rank, each.rank))
        return voicemails.transcribed(voicemail, "\n".join(said), level, loaded.now, loaded.rules)

    await hotline.writer.run(decide, Need(Voicemail, found[0].id), Need(Contact, contact_id))


_MOST_TURNS = 200


on_deadline = when_due(
    Voicemail, lambda loaded, voicemail: voicemails.on_deadline(voicemail, loaded.now, loaded.rules)
)
"""Nothing came; not heard in time, again and again; or the time for which it is kept is over."""


# Fetching the sound (an order of the outbox) -------------------------------------------------------------------


async def fetch(hotline: Hotline, owed: Owed) -> StoredAudio:
    """Into our own sealed store, then away from the carrier's."""
    recorder = hotline.carrier.recorder if hotline.carrier is not None else None
    if recorder is None:
        raise CarrierRefused("This carrier keeps no recordings.")
    sid = RecordingSid(owed.payload["recording_sid"])
    stored = await hotline.audio.store_audio(owed.subject, recorder.audio(sid))
    await recorder.remove(sid)
    return stored


async def remove_at_carrier(hotline: Hotline, owed: Owed) -> None:
    """Its sound was given up on our side."""
    recorder = hotline.carrier.recorder if hotline.carrier is not None else None
    if recorder is None:
        raise CarrierRefused("This carrier keeps no recordings.")
    await recorder.remove(RecordingSid(owed.payload["recording_sid"]))


def is_fetched_still(loaded: Loaded, owed: Owed) -> bool:
    voicemail = loaded.find(Voicemail, owed.subject)
    return voicemail is not None and voicemail.audio is Audio.AT_CARRIER


def fetched(loaded: Loaded, owed: Owed, stored: StoredAudio) -> Change:
    return voicemails.audio_is(loaded.get(Voicemail, owed.subject), Audio.KEPT, stored.key, stored.size)


def not_fetched(loaded: Loaded, owed: Owed, _error: HotlineError, _rules: ServiceRules) -> Change:
    """Shown as lost; the message stays somebody's work, since its caller waits for an answer."""
    return voicemails.audio_is(loaded.get(Voicemail, owed.subject), Audio.FAILED)


# A message of which nothing was told (an order of the outbox) ----------------------------------------------------

_MOST_TIMES = 72
"""Every ten minutes for half a day: longer no carrier was ever away."""


async def ask(hotline: Hotline, owed: Owed) -> RecordingAtCarrier | None:
    recorder = hotline.carrier.recorder if hotline.carrier is not None else None
    if recorder is None:
        raise CarrierRefused("This carrier keeps no recordings.")
    return await recorder.left_after_tone(CallSid(owed.payload["call_sid"]))


def is_asked_for_still(loaded: Loaded, owed: Owed) -> bool:
    voicemail = loaded.find(Voicemail, owed.payload["voicemail_id"])
    return voicemail is not None and voicemails.may_be_at_carrier(voicemail)


def answered(loaded: Loaded, owed: Owed, found: RecordingAtCarrier | None) -> Change:
    if found is None:
        return Change()
    voicemail = loaded.get(Voicemail, owed.payload["voicemail_id"])
    return voicemails.received(voicemail, found.sid, found.seconds or 0, loaded.now, loaded.rules)


def not_answered(loaded: Loaded, owed: Owed, error: HotlineError, _rules: ServiceRules) -> Change:
    """A carrier that is away is asked again later; one that refuses knows nothing of it."""
    time = owed.payload["time"] + 1
    if isinstance(error, CarrierRefused) or time >= _MOST_TIMES:
        return Change()
    voicemail = loaded.get(Voicemail, owed.payload["voicemail_id"])
    return voicemails.ask_after(voicemail, owed.payload["call_sid"], time, loaded.now)


# What people do ------------------------------------------------------------------------------------------------

Move = Callable[[Loaded, Voicemail], Change]


async def _move(hotline: Hotline, actor: Actor, voicemail_id: VoicemailId, move: Move) -> Voicemail:
    def decide(loaded: Loaded) -> Change:
        voicemail = loaded.get(Voicemail, voicemail_id)
        access.require_voicemail_held(actor, voicemail)
        return move(loaded, voicemail)

    moved: Voicemail = await hotline.writer.run(decide, Need(Voicemail, voicemail_id))
    return moved


async def take(
    hotline: Hotline, actor: Actor, voicemail_id: VoicemailId, *, version: int | None = None
) -> Voicemail:
    """One winner: the others hear who has it."""
    access.require(actor, P.FOLLOWUP_WORK)
    taken: Voicemail = await hotline.writer.run(
        lambda loaded: voicemails.take(
            loaded.get(Voicemail, voicemail_id), actor.staff_id, loaded.now, version=version
        ),
        Need(Voicemail, voicemail_id),
    )
    return taken


async def give_back(
    hotline: Hotline, actor: Actor, voicemail_id: VoicemailId, *, version: int | None = None
) -> Voicemail:
    return await _move(
        hotline,
        actor,
        voicemail_id,
        lambda loaded, each: voicemails.give_back(each, actor.staff_id, loaded.now, version=version),
    )


async def done(
    hotline: Hotline,
    actor: Actor,
    voicemail_id: VoicemailId,
    *,
    outcome: VoicemailOutcome,
    note: str | None = None,
    version: int | None = None,
) -> Voicemail:
    """What came of it; a planned call back becomes one."""

    def move(loaded: Loaded, voicemail: Voicemail) -> Change:
        change = voicemails.done(voicemail, actor.staff_id, outcome, note, loaded.now, version=version)
        if outcome is VoicemailOutcome.CALL_BACK_PLANNED:
            change = change.then(_call_back(loaded, voicemail, actor)).answering(change.answer)
        return change

    return await _move(hotline, actor, voicemail_id, move)


def _call_back(loaded: Loaded, voicemail: Voicemail, actor: Actor) -> Change:
    contact = loaded.get(Contact, voicemail.contact_id)
    kind = FollowupKind.CALL_BACK if contact.number is not None else FollowupKind.REVIEW
    followup_id = FollowupId(derived_id("fol", voicemail.id))
    due_at = loaded.now + loaded.rules.call_back_within
    return followups.planned(followup_id, contact, kind, due_at, loaded.now, by=actor.staff_id)


# Reading -------------------------------------------------------------------------------------------------------


async def find(hotline: Hotline, actor: Actor, voicemail_id: VoicemailId) -> Voicemail:
    access.require(actor, P.FOLLOWUP_WORK)
    voicemail = await hotline.reader.find(Voicemail, voicemail_id)
    if voicemail is None:
        raise NotFound("There is no such message.")
    return voicemail


async def visible(hotline: Hotline, actor: Actor, state: str) -> list[Voicemail]:
    """ "open": by the time by which they are to be heard; "all": the latest ended ones too."""
    access.require(actor, P.FOLLOWUP_WORK)
    column = hotline.reader.table(Voicemail).c
    running = [each.value for each in voicemails.OPEN]
    found = await hotline.reader.where(Voicemail, column.state.in_(running), order=(column.due_at, column.id))
    if state == "all":
        found += await hotline.reader.where(
            Voicemail,
            column.state == VoicemailState.DONE,
            order=(column.created_at.desc(),),
            limit=followup_actions.LATEST,
        )
    return found
