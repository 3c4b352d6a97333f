"""Settings → a wired, running `Hotline`; the only place where things are constructed, and taken down again.

Start: claim the database (one node) → upgrade the schema → a new epoch → deadlines and the waiting room from
the tables → whoever was connected is given the usual 20 seconds to come back → triage, worker.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from hotline.actions import (
    alerts,
    call_back_wishes,
    call_legs,
    carrier_sweep,
    contacts,
    duty_rings,
    followups,
    handovers,
    left_unassessed,
    line,
    media_streams,
    offers,
    outbox,
    partner_line,
    person_flags,
    presence,
    recordings,
    referrals,
    school_reports,
    shift_swaps,
    shifts,
    sound_troubles,
    switchboard,
    texts,
    voicemails,
)
from hotline.actions.conversation_memory import ConversationMemory
from hotline.actions.waiting_room import Matcher
from hotline.actions.writer import Writer
from hotline.auth.identities import Identities
from hotline.background import Background
from hotline.clock import Clock, SystemClock
from hotline.domain.duty import DUTY_ID, Duty
from hotline.domain.duty_phones import DUTY_PHONES_ID, DutyPhones
from hotline.domain.presence import Presence
from hotline.domain.shifts import Override, Shift
from hotline.domain.staff import Staff
from hotline.errors import SettingError
from hotline.live.directory import Directory
from hotline.live.duty_telephones import DutyTelephones
from hotline.live.feed import Feed
from hotline.live.roster import Roster
from hotline.service import Hotline
from hotline.settings import Settings
from hotline.storage.all_nouns import ALL_NOUNS
from hotline.storage.database import Database
from hotline.storage.health import a_data_key_opens
from hotline.storage.journal import JournalChain
from hotline.storage.nodes import new_epoch, stored_deadlines
from hotline.storage.reading import Reader
from hotline.storage.recording_files import AudioFiles
from hotline.storage.sealing import Sealer, read_or_make_master_key
from hotline.storage.webhook_answers import WebhookAnswers
from hotline.telephony.carrier import Carrier
from hotline.telephony.twilio import carrier_from_settings, messengers_from_settings
from hotline.worker import OnDeadline, Worker
from triage.assessor import Assessor, ProcessAssessor

log = logging.getLogger(__name__)

_OLD_DAYS_KEPT = 60  # of the plan of duty in memory: who looks further back reads the journal

ON_DEADLINE: dict[str, OnDeadline] = {
    "contact": contacts.on_deadline,
    "offer": offers.on_deadline,
    "presence": presence.on_deadline,
    "diversion": switchboard.on_deadline,
    "alert": alerts.on_deadline,
    "followup": followups.on_deadline,
    "referral": referrals.on_deadline,
    "school_report": school_reports.on_deadline,
    "leg": call_legs.on_leg_deadline,
    "recording": recordings.on_deadline,
    "duty": shifts.on_deadline,
    "duty_ring": duty_rings.on_deadline,
    "block": line.on_block_deadline,
    "voicemail": voicemails.on_deadline,
    "handover": handovers.on_deadline,
    "shift_swap": shift_swaps.on_deadline,
    "person_flag": person_flags.on_deadline,
}


def sealer_from_settings(settings: Settings) -> Sealer:
    keys = list(settings.secret_keys)
    if not keys:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        keys = [read_or_make_master_key(settings.key_file)]
    return Sealer(keys)


async def proven_sealer(settings: Settings, database: Database) -> Sealer:
    """The keys, if they open what is stored. No new one is made beside sealed data: nothing of it would open."""
    has_key = bool(settings.secret_keys) or settings.key_file.exists()
    sealer = sealer_from_settings(settings) if has_key else None
    if not await a_data_key_opens(database, sealer):
        raise SettingError(
            "The stored data was sealed with a key that is not here: put the kept copy of the key file at "
            f"{settings.key_file}, or its key into HOTLINE_SECRET_KEYS, and try again."
        )
    return sealer or sealer_from_settings(settings)


def audio_files(settings: Settings) -> AudioFiles:
    return AudioFiles(settings.data_dir / "recordings")


@contextlib.asynccontextmanager
async def open_hotline(
    settings: Settings,
    *,
    clock: Clock | None = None,
    assessor: Assessor | None = None,
    carrier: Carrier | None = None,
    work: bool = True,
) -> AsyncIterator[Hotline]:
    """A running service; everything it started is stopped at the end, in the opposite order.

    `clock`, `assessor` and `carrier` may be others than the settings say (tests, simulation); `work=False`
    leaves the worker's clock standing.
    """
    clock = clock or SystemClock()
    database = Database(settings.database_address)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        await database.claim()
        await database.upgrade()
        sealer = await proven_sealer(settings, database)
        epoch = await new_epoch(database, clock.now())
        assessor = assessor or await _process_assessor(stack, settings)
        carrier = carrier or carrier_from_settings(settings)
        hotline = await _wired(settings, clock, database, sealer, epoch, assessor, carrier)
        await _run(stack, hotline, work=work)
        yield hotline


async def _wired(
    settings: Settings,
    clock: Clock,
    database: Database,
    sealer: Sealer,
    epoch: str,
    assessor: Assessor,
    carrier: Carrier | None,
) -> Hotline:
    """The parts, each knowing the others that it needs; nothing runs yet."""
    rules = settings.service_rules()
    reader = Reader(database, ALL_NOUNS, sealer)
    directory = Directory(await reader.where(Staff))
    writer = Writer(database, ALL_NOUNS, sealer, clock, rules, epoch)
    telephones = await reader.find(DutyPhones, DUTY_PHONES_ID) or DutyPhones(
        numbers=list(settings.duty_numbers), language=settings.duty_language
    )
    hotline = Hotline(
        settings=settings,
        rules=rules,
        clock=clock,
        database=database,
        sealer=sealer,
        writer=writer,
        reader=reader,
        directory=directory,
        feed=Feed(epoch, directory, rules),
        roster=await _roster(reader, clock, has_duty_number=bool(telephones.numbers)),
        duty_telephones=DutyTelephones(telephones),
        matcher=Matcher(writer, reader, clock, rules),
        memory=ConversationMemory(reader),
        assessor=assessor,
        background=Background(),
        chain=JournalChain(sealer.journal_key, epoch, journal_heads(settings)),
        audio=audio_files(settings),
        answers=WebhookAnswers(database, clock),
        carrier=carrier,
        messengers=messengers_from_settings(settings, carrier),
    )
    listeners = (directory.hear, hotline.memory.hear, hotline.feed.publish, hotline.matcher.hear)
    duty = (hotline.roster.hear, hotline.duty_telephones.hear)
    for listener in (*listeners, *duty, hotline.outbox.hear, hotline.identities.hear):
        writer.listen(listener)
    writer.listen(lambda committed: recordings.hear(hotline, committed))
    writer.listen(lambda committed: partner_line.hear(hotline, committed))
    writer.listen(lambda committed: call_back_wishes.hear(hotline, committed))
    writer.rota_at = hotline.roster.rota
    return hotline


async def _roster(reader: Reader, clock: Clock, *, has_duty_number: bool) -> Roster:
    """The plan, without the days that are long over."""
    begun = clock.now().date() - timedelta(days=_OLD_DAYS_KEPT)
    overrides = await reader.where(Override, reader.table(Override).c.day >= begun)
    gone = [each.id for each in await reader.where(Staff) if each.disabled]
    roster = Roster(await reader.where(Shift), overrides, has_duty_number=has_duty_number, gone=gone)
    for each in await reader.where(Presence):
        roster.see_presence(each)
    looked = await reader.find(Duty, DUTY_ID)
    if looked is not None:
        roster.told(looked)
    return roster


async def _run(stack: AsyncExitStack, hotline: Hotline, *, work: bool) -> None:
    """Find again what outlived the last process, then start; the stack stops it in the opposite order."""
    if hotline.carrier is not None:
        stack.push_async_callback(hotline.carrier.close)
    await _find_again(hotline)
    hotline.writer.start()
    stack.push_async_callback(hotline.writer.close)
    await presence.awaited_anew(hotline)
    await contacts.awaited_anew(hotline)
    stack.push_async_callback(hotline.answers.save)
    stack.push_async_callback(hotline.outbox.close)
    stack.push_async_callback(hotline.background.close)
    stack.push_async_callback(hotline.matcher.close)
    await hotline.chain.seal_what_a_crash_left(hotline.database, hotline.clock.now())
    worker = Worker(hotline, ON_DEADLINE)
    if work:
        worker.start()
    stack.push_async_callback(worker.close)
    hotline.background.start(carrier_sweep.ask_after_lines(hotline))
    hotline.background.start(texts.ask_for_texts(hotline, texts.ASKED_BACK_AT_START))
    hotline.background.start(recordings.remove_what_a_crash_left(hotline))
    hotline.background.start(recordings.ask_after_recordings(hotline))
    hotline.background.start(sound_troubles.look_for_files(hotline))
    hotline.background.start(media_streams.stream_again(hotline))
    hotline.background.start(left_unassessed.assess(hotline))
    hotline.matcher.schedule()


def journal_heads(settings: Settings) -> list[Path]:
    """The files to which the chain's heads are exported."""
    places = [settings.data_dir / "journal-heads.jsonl"]
    if settings.journal_export_dir is not None:
        places.append(settings.journal_export_dir / "journal-heads.jsonl")
    return places


async def _process_assessor(stack: AsyncExitStack, settings: Settings) -> Assessor:
    assessor = ProcessAssessor(
        workers=settings.triage_workers,
        kill_after=timedelta(milliseconds=settings.triage_kill_ms),
        model=settings.triage_model,
    )
    await assessor.start()
    stack.push_async_callback(assessor.close)
    return assessor


async def _find_again(hotline: Hotline) -> None:
    """What outlived the last process: deadlines, those who wait, effects half sent."""
    hotline.writer.deadlines = await stored_deadlines(hotline.database)
    await hotline.matcher.rebuild()
    await outbox.find_again(hotline)
    await hotline.answers.find_again()


@dataclass
class OpenAccounts:
    """As much of the service as accounts need: see `hotline/actions/accounts.py`."""

    settings: Settings
    clock: Clock
    database: Database
    sealer: Sealer
    writer: Writer
    reader: Reader
    directory: Directory
    identities: Identities = field(default_factory=Identities)


@contextlib.asynccontextmanager
async def open_accounts(settings: Settings) -> AsyncIterator[OpenAccounts]:
    """The store alone, which may stand beside a running server: for the command line."""
    clock = SystemClock()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_address)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        await database.upgrade()
        sealer = await proven_sealer(settings, database)
        epoch = await new_epoch(database, clock.now())
        reader = Reader(database, ALL_NOUNS, sealer)
        directory = Directory(await reader.where(Staff))
        writer = Writer(database, ALL_NOUNS, sealer, clock, settings.service_rules(), epoch)
        writer.listen(directory.hear)
        writer.start()
        chain = JournalChain(sealer.journal_key, epoch, journal_heads(settings))
        try:
            yield OpenAccounts(settings, clock, database, sealer, writer, reader, directory)
        finally:
            await writer.close()
            await chain.seal(database, clock.now())
