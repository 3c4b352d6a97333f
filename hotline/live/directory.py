"""Who is who: the staff by id, in memory, so that no frame needs a query for a name.

Loaded at the start, then kept by the writer's commits; whoever signs in is read anew, so that an account that
another process made or changed is known from then on.
"""

from __future__ import annotations

from collections.abc import Iterable

from typing_extensions import TypedDict

from hotline.domain.change import Committed
from hotline.domain.staff import Staff


class Name(TypedDict):
    id: str
    name: str


class Directory:
    def __init__(self, staff: Iterable[Staff] = ()) -> None:
        self._staff: dict[str, Staff] = {}
        self._names: dict[str, Name] = {}
        for each in staff:
            self.put(each)

    def put(self, staff: Staff) -> None:
        self._staff[staff.id] = staff
        self._names[staff.id] = Name(id=staff.id, name=staff.name)

    def hear(self, committed: Committed) -> None:
        """A listener of the writer."""
        for saved in committed.saved.values():
            if isinstance(saved.after, Staff):
                self.put(saved.after)

    def name(self, staff_id: str | None) -> Name | None:
        """As projections name somebody; None for nobody, and for the machine or the person themselves."""
        return self._names.get(staff_id) if staff_id is not None else None

    def staff(self, staff_id: str) -> Staff | None:
        return self._staff.get(staff_id)

    def everyone(self) -> list[Staff]:
        return sorted(self._staff.values(), key=lambda each: each.username)
