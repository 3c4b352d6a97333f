"""The duty telephones in memory, so that no call asks the database which they are. Kept by the writer's commits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from hotline.domain.duty_phones import DutyPhones


class _Committed(Protocol):
    @property
    def saved(self) -> Mapping[Any, Any]: ...


class DutyTelephones:
    """`now`: as ruled at the console, else as set at the start."""

    def __init__(self, now: DutyPhones) -> None:
        self.now = now

    def hear(self, committed: _Committed) -> None:
        """A listener of the writer."""
        for (noun, _), saved in committed.saved.items():
            if noun == "duty_phones" and isinstance(saved.after, DutyPhones):
                self.now = saved.after
