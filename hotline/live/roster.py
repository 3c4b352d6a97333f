"""The plan of duty in memory, so that no call and no alert needs a query to know who is on duty.

Loaded at the start, then kept by the writer's commits. Days that are over are forgotten with the process.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from hotline.domain import shifts
from hotline.domain.duty import Duty
from hotline.domain.ids import StaffId
from hotline.domain.presence import Presence, PresenceState
from hotline.domain.shifts import DutyRole, Override, Rota, Shift


class _Saved(Protocol):
    @property
    def noun(self) -> str: ...
    @property
    def after(self) -> Any: ...


class _Committed(Protocol):
    @property
    def saved(self) -> Mapping[Any, _Saved]: ...


class Roster:
    def __init__(
        self,
        patterns: Iterable[Shift] = (),
        overrides: Iterable[Override] = (),
        *,
        has_duty_number: bool = False,
        gone: Iterable[str] = (),
    ) -> None:
        self._patterns: dict[str, Shift] = {each.id: each for each in patterns}
        self._overrides: dict[str, Override] = {each.id: each for each in overrides}
        self._has_duty_number = has_duty_number
        self._gone: set[str] = set(gone)  # their accounts are disabled; the plan may name them still
        self._at_work: Mapping[DutyRole, frozenset[StaffId]] = {}
        self.absent: frozenset[str] = frozenset()
        """Who was missing when it was last looked: whoever of them comes is looked for at once."""

    def hear(self, committed: _Committed) -> None:
        """A listener of the writer."""
        for (_, key), saved in committed.saved.items():
            if saved.noun == "duty_phones" and saved.after is not None:
                self._has_duty_number = bool(saved.after.numbers)
            if saved.noun == "duty" and saved.after is not None:
                self.told(saved.after)
            if saved.noun == "staff" and saved.after is not None:
                (self._gone.add if saved.after.disabled else self._gone.discard)(key)
            if saved.noun == "presence" and saved.after is not None:
                self.see_presence(saved.after)
            held: dict[str, Any]
            if saved.noun == "shift":
                held = self._patterns
            elif saved.noun == "override":
                held = self._overrides
            else:
                continue
            if saved.after is None:
                held.pop(key, None)
            else:
                held[key] = saved.after

    def see_presence(self, presence: Presence) -> None:
        """At work is who is signed in and ready, or serves somebody."""
        serves = presence.chats + presence.calls > 0
        here = presence.connected and (presence.state is PresenceState.AVAILABLE or serves)
        role = (DutyRole.SUPERVISOR if presence.reserve else DutyRole.COUNSELOR) if here else None
        known = next((each for each, people in self._at_work.items() if presence.id in people), None)
        if role is known:
            return
        # A new value each time: a decision keeps the one that it was handed.
        one = frozenset((presence.id,))
        at_work = {each: people - one for each, people in self._at_work.items()}
        if role is not None:
            at_work[role] = at_work.get(role, frozenset()) | one
        self._at_work = at_work

    def told(self, duty: Duty) -> None:
        self.absent = frozenset(each["staff_id"] for each in duty.absent)

    @property
    def patterns(self) -> list[Shift]:
        return list(self._patterns.values())

    @property
    def overrides(self) -> list[Override]:
        return list(self._overrides.values())

    @property
    def gone(self) -> frozenset[str]:
        return frozenset(self._gone)

    def on_duty(self, role: DutyRole, now: datetime) -> tuple[StaffId, ...]:
        return shifts.on_duty(self._patterns.values(), self._overrides.values(), role, now, self._gone)

    def rota(self, now: datetime) -> Rota:
        """Who is on duty in every role. A decision is handed this, so that it gives the same answer again."""
        return shifts.rota(
            self.patterns,
            self.overrides,
            now,
            has_duty_number=self._has_duty_number,
            gone=self._gone,
            at_work=self._at_work,
        )
