"""Rows that the writer remembers from its own commits, so that a busy contact is not read again for every word.

Only while this node is the database's one writer (the claim of `Database`): then what it committed is what is
stored. Anything doubtful, a failed transaction above all, empties it. Several nodes must leave it out.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from sqlmodel import SQLModel

from hotline.storage.nouns import Noun, Nouns
from hotline.storage.working_set import Need, WorkingSet

_MOST = 20_000  # rows of a noun: more contacts than are open in a city, some tens of megabytes


class Kept:
    """`nouns` are those whose rows change often and are written by nobody else (accounts are not: the command
    line writes them beside a running server)."""

    def __init__(self, nouns: Nouns, names: frozenset[str] = frozenset({"contact", "presence"})) -> None:
        self._nouns = nouns
        self._rows: dict[Noun, OrderedDict[str, SQLModel]] = {
            noun: OrderedDict() for noun in nouns.in_order if noun.name in names
        }

    def recall(self, needs: Iterable[Need], working_set: WorkingSet) -> None:
        """Put what is known of these needs into the working set, as if it had been read."""
        for need in needs:
            noun = self._nouns.of(need.model)
            kept = self._rows.get(noun)
            value = kept.get(need.value) if kept is not None and need.column == "id" else None
            if value is not None:
                working_set.took_in(noun, (), (value,))

    def learn(self, working_set: WorkingSet) -> None:
        """After a commit: what was read or saved in it is what is stored."""
        for noun, kept in self._rows.items():
            for key, value in working_set.rows(noun).by_id.items():
                kept[key] = value
                kept.move_to_end(key)
            while len(kept) > _MOST:
                kept.popitem(last=False)

    def forget(self) -> None:
        for kept in self._rows.values():
            kept.clear()
