"""Recordings: they follow their call, are paused by people, reported by the carrier.

A listener looks at every committed contact (`hear`), so that whatever begins, interrupts or ends a conversation need
know nothing of recordings; `ask_after_recordings` finds what a crash or a lost report left behind.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from hotline.actions.deadlines import when_due
from hotline.domain import access, contact_moves, recordings, voicemails
from hotline.domain.access import Actor, Permission
from hotline.domain.change import MACHINE, NOTHING, Change, Committed, Event
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import ContactId, RecordingId
from hotline.domain.legal_holds import LegalHold, standing
from hotline.domain.listenings import Listening
from hotline.domain.recordings import Recording, RecordingState, Wanted
from hotline.domain.voicemails import Audio, Voicemail, VoicemailState
from hotline.errors import Forbidden, HotlineError, NotFound, WrongState
from hotline.storage.working_set import Loaded, Need
from hotline.telephony.call_recorder import RecordingAtCarrier, RecordingGone, RecordingSid, RecordingStatus

if TYPE_CHECKING:
    from hotline.service import Hotline

log = logging.getLogger(__name__)

ID_PREFIX, _VOICEMAIL_PREFIX = "rec", "vml"


# Parts of decisions ------------------------------------------------------------------------------


def told(loaded: Loaded, change: Change) -> Change:
    """`change` of recordings, with what the contact's console says of it now."""
    saved = [each for each in change.save if isinstance(each, Recording)]
    if not saved:
        return change
    loaded.see(change)
    contact = loaded.get(Contact, saved[-1].contact_id)
    state = recordings.shown(loaded.where(Recording, "contact_id", contact.id))
    if state == contact.recording:
        return change
    contact = contact_moves.moved(contact, recording=state)
    event = Event("contact", "recording_changed", contact.id, MACHINE, {"recording": state})
    return change.then(loaded.see(Change(save=(contact,), events=(event,)))).answering(change.answer)


def followed(loaded: Loaded, contact: Contact) -> Change:
    """What the contact, as it is now, asks of its recording."""
    made = loaded.where(Recording, "contact_id", contact.id)
    new_id = RecordingId(loaded.new_id(ID_PREFIX))
    change = recordings.follow(contact, made, new_id, loaded.now, loaded.rules)
    if standing(loaded.where(LegalHold, "contact_id", contact.id)) is not None:
        for each in change.save:
            if isinstance(each, Recording) and not each.held:
                change = change.then(recordings.held(each, on=True))
    return told(loaded, change)


def erased(loaded: Loaded, contacts: Iterable[Contact], actor: str) -> Change:
    """Part of forgetting a person: refused while a legal hold stands."""
    whole = NOTHING
    for contact in contacts:
        if standing(loaded.where(LegalHold, "contact_id", contact.id)) is not None:
            raise WrongState("A contact of this person is under legal hold.", code="legal_hold")
        for each in loaded.where(Recording, "contact_id", contact.id):
            whole = whole.then(recordings.deleted(each, "erased", actor, loaded.now))
        for message in loaded.where(Voicemail, "contact_id", contact.id):
            if message.state in (VoicemailState.AWAITED, *voicemails.OPEN):
                raise WrongState("A message of this person is still to be heard.", code="still_open")
            without = {"audio": Audio.DELETED, "audio_key": None}
            whole = whole.then(Change(save=(message.model_copy(update=without),)))
    return whole


# Following the call ------------------------------------------------------------------------------


def hear(hotline: Hotline, committed: Committed) -> None:
    """A listener of the writer."""
    for saved in committed.saved.values():
        before, after = saved.before, saved.after
        if isinstance(after, Contact) and _concerns(before, after, hotline.rules.record_calls):
            hotline.background.start(follow(hotline, after.id))
        elif isinstance(after, Recording | Voicemail) and _is_deleted(after) and not _is_deleted(before):
            hotline.background.start(_remove_file(hotline, after.id))


def _is_deleted(value: object) -> bool:
    if isinstance(value, Recording):
        return value.state is RecordingState.DELETED
    return isinstance(value, Voicemail) and value.audio is Audio.DELETED


def _concerns(before: object, after: Contact, record_calls: bool) -> bool:
    if after.channel is not Channel.CALL or not (record_calls or after.recording is not None):
        return False
    return not isinstance(before, Contact) or _looked_at(before) != _looked_at(after)


def _looked_at(contact: Contact) -> tuple[object, ...]:
    return (contact.state, contact.call_state, contact.recording_consent)


async def follow(hotline: Hotline, contact_id: ContactId) -> None:
    await hotline.writer.run(
        lambda loaded: followed(loaded, loaded.get(Contact, contact_id)), Need(Contact, contact_id)
    )


async def _remove_file(hotline: Hotline, audio_id: str) -> None:
    try:
        await hotline.audio.remove(audio_id)
    except OSError as error:
        log.error("recordings: the file of %s cannot be removed (%s)", audio_id, type(error).__name__)


async def remove_what_a_crash_left(hotline: Hotline) -> None:
    """At start: files whose recording or message is deleted or unknown, and halves."""
    made, left = (hotline.reader.table(each).c for each in (Recording, Voicemail))
    kept = await hotline.reader.where(Recording, made.state == RecordingState.KEPT)
    heard = await hotline.reader.where(Voicemail, left.audio == Audio.KEPT)
    removed = await hotline.audio.remove_others(ID_PREFIX, [each.id for each in kept])
    removed += await hotline.audio.remove_others(_VOICEMAIL_PREFIX, [each.id for each in heard])
    if removed:
        log.warning("recordings: %d files without a recording were removed", removed)


# What people do ----------------------------------------------------------------------------------


async def consent(hotline: Hotline, actor: Actor, contact_id: ContactId, *, agreed: bool) -> Contact:
    """The counselor asked, and this was the answer. Without it nothing is recorded; withdrawn, nothing is kept."""
    access.require(actor, Permission.CONTACT_SERVE)

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        access.require_serving(actor, contact)
        if contact.channel is not Channel.CALL or contact.state is not ContactState.ACTIVE:
            raise WrongState("There is no call going on.", code="no_call")
        if contact.recording_consent is agreed:
            return Change(answer=contact)
        contact = contact_moves.moved(contact, recording_consent=agreed)
        what = "recording_consented" if agreed else "recording_refused"
        event = Event("contact", what, contact.id, actor.staff_id)
        change = loaded.see(Change(save=(contact,), events=(event,)))
        change = change.then(followed(loaded, contact))
        return change.answering(loaded.get(Contact, contact_id))

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


async def set_paused(hotline: Hotline, actor: Actor, contact_id: ContactId, *, paused: bool) -> Contact:
    """By whoever serves the call: what follows is not to be recorded, or again."""
    access.require(actor, Permission.CONTACT_SERVE)

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        access.require_serving(actor, contact)
        made = [e for e in loaded.where(Recording, "contact_id", contact_id) if recordings.is_running(e)]
        if not made:
            raise WrongState("Nothing is being recorded.", code="not_recording")
        change = (
            recordings.pause(made[-1], actor.staff_id)
            if paused
            else recordings.resume(made[-1], contact, actor.staff_id)
        )
        return told(loaded, change).answering(loaded.get(Contact, contact_id))

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


on_deadline = when_due(
    Recording,
    lambda loaded, recording: told(loaded, recordings.on_deadline(recording, loaded.now, loaded.rules)),
)


# What the carrier reports ------------------------------------------------------------------------


def seen_at_carrier(recording: Recording, seen: RecordingAtCarrier, loaded: Loaded) -> Change:
    """What the carrier says of it, by itself or asked. Late and twice it changes nothing."""
    known = recordings.started(recording, seen.sid, loaded.now)
    if known.save:
        return known.then(seen_at_carrier(known.answer, seen, loaded))
    if recording.sid != seen.sid:
        return NOTHING  # another recording of the same line: not ours
    if seen.status is RecordingStatus.COMPLETED:
        return recordings.finished(recording, seen.sid, seen.seconds, loaded.now)
    if seen.status is RecordingStatus.ABSENT:
        return recordings.absent(recording)
    if seen.status in (RecordingStatus.FAILED, RecordingStatus.DELETED):
        return recordings.lost(recording, seen.status.value)
    going_on = {RecordingStatus.IN_PROGRESS: Wanted.RUNNING, RecordingStatus.PAUSED: Wanted.PAUSED}
    return recordings.is_set(recording, going_on[seen.status]) if seen.status in going_on else NOTHING


async def reported(
    hotline: Hotline, recording_id: RecordingId, sid: str, status: RecordingStatus, seconds: int | None
) -> None:
    """A webhook. "In progress" is said once, at the beginning, and may come after a pause: it proves no resumption."""
    seen = RecordingAtCarrier(RecordingSid(sid), status, seconds)

    def decide(loaded: Loaded) -> Change:
        recording = loaded.get(Recording, recording_id)
        if status is RecordingStatus.IN_PROGRESS and recording.sid is not None:
            return NOTHING
        return told(loaded, seen_at_carrier(recording, seen, loaded))

    await hotline.writer.run(decide, Need(Recording, recording_id))


async def ask_after_recordings(hotline: Hotline) -> None:
    """At start and every few minutes: begin what should run and does not, and ask the carrier what really runs."""
    recorder = hotline.carrier.recorder if hotline.carrier is not None else None
    if recorder is None:
        return
    contact = hotline.reader.table(Contact).c
    going_on = (contact.channel == Channel.CALL, contact.state == ContactState.ACTIVE)
    agreed = contact.recording_consent.is_(True)
    if hotline.rules.record_calls:
        for each in await hotline.reader.where(Contact, *going_on, agreed, contact.recording.is_(None)):
            await follow(hotline, each.id)
    column = hotline.reader.table(Recording).c
    running = (RecordingState.RUNNING, RecordingState.PAUSED)
    for recording in await hotline.reader.where(Recording, column.state.in_(running)):
        await follow(hotline, recording.contact_id)
        if recording.sid is None:
            continue
        try:
            seen = await recorder.look(RecordingSid(recording.sid))
        except RecordingGone:
            seen = RecordingAtCarrier(RecordingSid(recording.sid), RecordingStatus.DELETED, None)
        except HotlineError:
            log.warning("carrier: it cannot be asked about %s", recording.id)
            continue
        await hotline.writer.run(_seeing(recording.id, seen), Need(Recording, recording.id))


def _seeing(recording_id: RecordingId, seen: RecordingAtCarrier) -> Callable[[Loaded], Change]:
    return lambda loaded: told(loaded, seen_at_carrier(loaded.get(Recording, recording_id), seen, loaded))


# Reading -----------------------------------------------------------------------------------------


async def of_contact(
    hotline: Hotline, actor: Actor, contact_id: ContactId
) -> tuple[Contact, list[Recording], list[Listening], list[LegalHold]]:
    """What there is, without a sound of it: for who serves the contact, and for those who may listen."""
    contact = await hotline.reader.find(Contact, contact_id)
    if contact is None:
        raise NotFound("There is no such contact.")
    listens = actor.may(Permission.RECORDING_LISTEN)
    if not listens and not access.may_read_contact(actor, contact):
        raise Forbidden("This contact is served by somebody else.")
    made, heard, holds = (hotline.reader.table(each).c for each in (Recording, Listening, LegalHold))
    found = await hotline.reader.where(
        Recording, made.contact_id == contact_id, order=(made.made_at, made.id)
    )
    listenings = await hotline.reader.where(
        Listening, heard.contact_id == contact_id, order=(heard.at.desc(),)
    )
    held = await hotline.reader.where(
        LegalHold, holds.contact_id == contact_id, order=(holds.placed_at.desc(),)
    )
    return contact, found, listenings if listens else [], held
