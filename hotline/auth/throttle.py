"""How often somebody may fail. In memory of the one node: a restart forgets, an attacker gains a window."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta

from hotline.errors import SlowDown

_KEPT = 50_000  # keys; the ones longest unused are forgotten first


class Throttle:
    """Failures per key in a sliding window."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()

    def admit(self, key: str, limit: int, window: timedelta, now: datetime) -> None:
        """Refuse whoever has failed `limit` times within the window."""
        failures = self._recent(key, window, now)
        if failures is not None and len(failures) >= limit:
            wait = failures[-limit] + window - now
            raise SlowDown(wait.total_seconds(), "Too many attempts. Please wait a while.")

    def note_failure(self, key: str, window: timedelta, now: datetime) -> None:
        failures = self._recent(key, window, now)
        if failures is None:
            failures = self._failures[key] = deque()
        failures.append(now)
        self._failures.move_to_end(key)
        while len(self._failures) > _KEPT:
            self._failures.popitem(last=False)

    def forgive(self, key: str) -> None:
        self._failures.pop(key, None)

    def _recent(self, key: str, window: timedelta, now: datetime) -> deque[datetime] | None:
        failures = self._failures.get(key)
        while (
            failures and not failures[0] <= now < failures[0] + window
        ):  # later than now: the clock was set back
            failures.popleft()
        if failures is not None and not failures:
            del self._failures[key]
            return None
        return failures
