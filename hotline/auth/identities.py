"""Who is signed in, remembered for some seconds: a request costs no query, and what another process changes
(`hotline user disable`) holds soon."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from weakref import WeakValueDictionary

from hotline.auth.throttle import Throttle
from hotline.domain.staff import Session, Staff

FRESH_FOR = timedelta(seconds=10)
_KEPT = 20_000


class _Saved(Protocol):
    @property
    def noun(self) -> str: ...
    @property
    def before(self) -> Any: ...
    @property
    def after(self) -> Any: ...


class _Committed(Protocol):
    @property
    def saved(self) -> Mapping[Any, _Saved]: ...


@dataclass(frozen=True, slots=True)
class Known:
    staff: Staff
    session: Session
    read_at: datetime


class Identities:
    def __init__(self) -> None:
        self.failures = Throttle()
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._signing_in: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def one_at_a_time(self, username: str) -> asyncio.Lock:
        """Guesses at one account wait for each other: a hundred at once would all pass before the first failed."""
        return self._signing_in.setdefault(username, asyncio.Lock())

    def find(self, token_hash: str, now: datetime) -> Known | None:
        """What was read a short while ago; None if it has to be read again."""
        known = self._known.get(token_hash)
        if known is None or not known.read_at <= now < known.read_at + FRESH_FOR:  # the clock may be set back
            return None
        return known

    def has_seen(self, token_hash: str) -> bool:
        """Whether this token opened a session at some time; it may be over by now."""
        return token_hash in self._known

    def remember(self, known: Known) -> None:
        self._known[known.session.token_hash] = known
        self._known.move_to_end(known.session.token_hash)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)

    def forget(self, token_hash: str) -> None:
        self._known.pop(token_hash, None)

    def hear(self, committed: _Committed) -> None:
        """A listener of the writer: what changed is read again."""
        for saved in committed.saved.values():
            if saved.noun == "session":
                self.forget((saved.after or saved.before).token_hash)
            elif saved.noun == "staff" and saved.before is not None:
                stale = [key for key, each in self._known.items() if each.staff.id == saved.before.id]
                for key in stale:
                    self.forget(key)
