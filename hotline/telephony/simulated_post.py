"""The simulated carrier's webhooks: signed, numbered, in time; late, twice or lost if told to."""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.telephony.signatures import SIGNATURE, Signatures


@dataclass(frozen=True, slots=True)
class Faults:
    """Chances between 0 and 1. Only reports are lost; a script that is asked for is asked again."""

    twice: float = 0.0
    late: float = 0.0
    lost: float = 0.0
    refused_orders: float = 0.0
    lateness: timedelta = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Webhook:
    number: int
    address: str
    form: dict[str, str]
    headers: dict[str, str]
    line_sid: str | None = None
    """Set if the answer is this line's next script."""


class WebhookPost:
    def __init__(self, signatures: Signatures, chance: random.Random, faults: Faults) -> None:
        self.faults = faults
        self._signatures = signatures
        self._chance = chance
        self._waiting: list[tuple[datetime, int, Webhook]] = []
        self._unanswered: dict[int, Webhook] = {}
        self._count = 0

    def ask(self, address: str, form: dict[str, str], line_sid: str, now: datetime) -> int:
        """Ask for a line's next script; never lost, maybe sent twice. Its number."""
        webhook = self._webhook(address, form, line_sid)
        self._put(webhook, now)
        if self._chance.random() < self.faults.twice:
            self._put(webhook, now)
        return webhook.number

    def report(self, address: str, form: dict[str, str], now: datetime) -> None:
        if self._chance.random() < self.faults.lost:
            return
        webhook = self._webhook(address, form, None)
        for _ in range(2 if self._chance.random() < self.faults.twice else 1):
            late = self._chance.random() < self.faults.late
            self._put(webhook, now + (self.faults.lateness * self._chance.random() if late else timedelta()))

    def _webhook(self, address: str, form: dict[str, str], line_sid: str | None) -> Webhook:
        self._count += 1
        headers = {SIGNATURE: self._signatures.sign(address, form)}
        return Webhook(self._count, address, form, headers, line_sid)

    def _put(self, webhook: Webhook, at: datetime) -> None:
        self._count += 1
        heapq.heappush(self._waiting, (at, self._count, webhook))

    def next_at(self) -> datetime | None:
        return self._waiting[0][0] if self._waiting else None

    def due(self, now: datetime) -> list[Webhook]:
        due = []
        while self._waiting and self._waiting[0][0] <= now:
            webhook = heapq.heappop(self._waiting)[2]
            self._unanswered[webhook.number] = webhook
            due.append(webhook)
        return due

    def answered(self, number: int) -> Webhook | None:
        return self._unanswered.pop(number, None)
