"""The plan of duty in memory, so that no call and no alert needs a query to know who is on duty.

Loaded at the start, then kept by the writer's commits. Days that are over are forgotten with the process.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from hotline.domain import shifts
from hotline.domain.change import Committed
from hotline.domain.duty import Duty
from hotline.domain.duty_phones import DutyPhones
from hotline.domain.ids import StaffId
from hotline.domain.presence import Presence, PresenceState
from hotline.domain.shifts import DutyRole, Override, Rota, Shift
from hotline.domain.staff import Staff


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
        self._found: tuple[datetime, Rota] | None = None  # the last one asked for: every decision asks
        self.absent: frozenset[str] = frozenset()
        """Who was missing when it was last looked: whoever of them comes is looked for at once."""

    def hear(self, committed: Committed) -> None:
        """A listener of the writer."""
        for (_, key), saved in committed.saved.items():
            self._hear_value(key, saved.after)

    def _hear_value(self, key: str, value: object) -> None:
        if value is None or isinstance(value, DutyPhones | Staff | Shift | Override):
            self._found = None
        match value:
            case DutyPhones():
                self._has_duty_number = bool(value.numbers)
            case Duty():
                self.told(value)
            case Staff():
                (self._gone.add if value.disabled else self._gone.discard)(key)
            case Presence():
                self.see_presence(value)
            case Shift():
                self._patterns[key] = value
            case Override():
                self._overrides[key] = value
            case None:  # ids are each thing's own
                self._patterns.pop(key, None)
                self._overrides.pop(key, None)

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
        self._found = None

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
        """Who is on duty in every role. A decision is handed this, so that it gives the same answer again.
        It holds for the second that has begun: no shift is planned finer."""
        second = now.replace(microsecond=0)
        if self._found is None or self._found[0] != second:
            rota = shifts.rota(
                self.patterns,
                self.overrides,
                second,
                has_duty_number=self._has_duty_number,
                gone=self._gone,
                at_work=self._at_work,
            )
            self._found = second, rota
        return self._found[1]
