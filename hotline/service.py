"""What every action is handed: the wired service. `bootstrap.py` makes it; nothing else does."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from hotline.actions.conversation_memory import ConversationMemory
from hotline.actions.outbox import Outbox
from hotline.actions.partial_lines import PartialLines
from hotline.actions.triage_quality import WeekFigures
from hotline.actions.waiting_room import Matcher
from hotline.actions.writer import Writer
from hotline.auth.identities import Identities
from hotline.background import Background
from hotline.clock import Clock
from hotline.domain.service_rules import ServiceRules
from hotline.live.directory import Directory
from hotline.live.duty_telephones import DutyTelephones
from hotline.live.feed import Feed
from hotline.live.roster import Roster
from hotline.settings import Settings
from hotline.storage.database import Database
from hotline.storage.journal import JournalChain
from hotline.storage.reading import Reader
from hotline.storage.recording_files import AudioFiles
from hotline.storage.sealing import Sealer
from hotline.storage.webhook_answers import WebhookAnswers
from hotline.telephony.carrier import Carrier
from hotline.telephony.messaging import Messenger
from triage.assessor import Assessor


@dataclass
class Hotline:
    """`carrier` is None where no telephone is configured: then there is chat only. `messengers` carry texts of
    other schemes than SMS, which is the carrier's own (`telephony/messaging.py`). `sounds_in_trouble`: how many
    there were when it was looked last. `ended`: this node may serve nobody any more, and why."""

    settings: Settings
    rules: ServiceRules
    clock: Clock
    database: Database
    sealer: Sealer
    writer: Writer
    reader: Reader
    directory: Directory
    feed: Feed
    roster: Roster
    duty_telephones: DutyTelephones
    matcher: Matcher
    memory: ConversationMemory
    assessor: Assessor
    background: Background
    chain: JournalChain
    audio: AudioFiles
    answers: WebhookAnswers
    carrier: Carrier | None = None
    messengers: dict[str, Messenger] = field(default_factory=dict)
    outbox: Outbox = field(default_factory=Outbox)
    figures: WeekFigures = field(default_factory=WeekFigures)
    identities: Identities = field(default_factory=Identities)
    sounds_in_trouble: int = 0
    partial_lines: PartialLines = field(default_factory=PartialLines)
    ended: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def triage_wait_seconds(self) -> float:
        return self.settings.triage_wait_ms / 1000
