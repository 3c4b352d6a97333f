"""The simulated carrier's webhooks: signed, numbered, in time; late, twice or lost if told to."""

from __future__ import annotations

import heapq
import random
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hotline.telephony.signatures import IDEMPOTENCY_TOKEN, SIGNATURE, Signatures


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
        self._name = secrets.token_hex(
            8
        )  # no other carrier's tokens, though all else comes from the same seed

    def ask(self, address: str, form: dict[str, str], line_sid: str, now: datetime) -> int:
        """Ask for a line's next script; never lost, maybe sent twice. Its number."""
        webhook = self._webhook(address, form, line_sid)
        self._put(webhook, now)
        if self._chance.random() < self.faults.twice:
            self._put(self._again(webhook), now)
        return webhook.number

    def report(self, address: str, form: dict[str, str], now: datetime) -> None:
        if self._chance.random() < self.faults.lost:
            return
        webhook = self._webhook(address, form, None)
        for time in range(2 if self._chance.random() < self.faults.twice else 1):
            late = self._chance.random() < self.faults.late
            at = now + (self.faults.lateness * self._chance.random() if late else timedelta())
            self._put(self._again(webhook) if time else webhook, at)

    def _webhook(self, address: str, form: dict[str, str], line_sid: str | None) -> Webhook:
        self._count += 1
        headers = {
            SIGNATURE: self._signatures.sign(address, form),
            IDEMPOTENCY_TOKEN: f"{self._name}-{self._count}",
        }
        return Webhook(self._count, address, form, headers, line_sid)

    def _again(self, webhook: Webhook) -> Webhook:
        """The same once more: every other one as the carrier repeats it; the rest with another token, so that what is
        behind the tokens has to bear it too."""
        if webhook.number % 2 == 0:
            return webhook
        token = f"{self._name}-again-{webhook.number}"
        return replace(webhook, headers={**webhook.headers, IDEMPOTENCY_TOKEN: token})

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
