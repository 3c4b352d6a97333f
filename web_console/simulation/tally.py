"""What a simulation counts: sent, acknowledged, delivered, lost, and how long it took."""

from __future__ import annotations

import math
import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """`lost`: acknowledged to its sender, and not there when the sender looked again at the end; `unowned`: contacts
    that a supervisor once saw with nobody who has them and nothing that happens next; `at_once`: most that were open.
    """

    sent: int = 0
    acknowledged: int = 0
    delivered: int = 0
    lost: int = 0
    twice: int = 0
    chats: int = 0
    calls: int = 0
    answered: int = 0
    bridged: int = 0
    unowned: int = 0
    at_once: int = 0
    acknowledged_after: list[float] = field(default_factory=list)
    delivered_after: list[float] = field(default_factory=list)
    answered_after: list[float] = field(default_factory=list)
    webhooks_after: list[float] = field(default_factory=list)
    consoles_after: list[float] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    """What was refused or given up, by what it was."""
    _sent_at: dict[str, float] = field(default_factory=dict)
    _arrived_at: dict[str, float] = field(default_factory=dict)

    @property
    def refused(self) -> int:
        return self.refusals.total()

    def noted(self, message_id: str, sent_at: float) -> None:
        """Its sender has the acknowledgement. The counselor may have seen it before that."""
        self._sent_at[message_id] = sent_at
        self._pair(message_id)

    def arrived(self, message_id: str) -> None:
        """A counselor sees it; the first time counts."""
        self._arrived_at.setdefault(message_id, time.monotonic())
        self._pair(message_id)

    def _pair(self, message_id: str) -> None:
        if message_id in self._sent_at and message_id in self._arrived_at:
            self.delivered += 1
            self.delivered_after.append(self._arrived_at[message_id] - self._sent_at.pop(message_id))

    def line(self) -> str:
        counts = " ".join(
            f"{name} {getattr(self, name)}"
            for name in (
                "chats",
                "calls",
                "answered",
                "bridged",
                "sent",
                "acknowledged",
                "delivered",
                "lost",
                "twice",
                "unowned",
                "at_once",
            )
        )
        return f"{counts} refused {self.refused}"

    def why_refused(self) -> str:
        return "".join(f"     refused: {count} × {what}\n" for what, count in self.refusals.most_common())

    def times(self) -> str:
        return "\n".join(
            f"{name:>13}: p50 {_milliseconds(values, 0.5)}  p99 {_milliseconds(values, 0.99)}"
            f"  most {_milliseconds(values, 1.0)}  of {len(values)}"
            for name, values in (
                ("acknowledged", self.acknowledged_after),
                ("delivered", self.delivered_after),
                ("answered", self.answered_after),
                ("webhooks", self.webhooks_after),
                ("consoles open", self.consoles_after),
            )
        )


def percentile(values: list[float], share: float) -> float:
    """The smallest value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _milliseconds(values: list[float], share: float) -> str:
    return f"{percentile(values, share) * 1000:.1f} ms" if values else "–"
