"""What the store knows of each noun: its table, what is sealed and under whose key, by what it is looked
up, its next deadline, and which facts the journal tracks.

A new noun is registered here and nowhere else; its columns are declared in `storage/tables/`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table
from sqlmodel import SQLModel

from hotline.domain.change import Due
from hotline.domain.service_rules import ServiceRules


@dataclass(frozen=True, eq=False)
class Noun:
    """`sealed_under` names the column that holds the subject of the data key ("id" or "contact_id" …).
    `tracked` are the fields that every journal entry of this noun repeats, so that the journal alone
    gives states, levels, owners and deadlines."""

    name: str
    model: type[SQLModel]
    table: Table
    sealed: tuple[str, ...] = ()
    sealed_under: str = "id"
    lookups: tuple[str, ...] = ()
    due: Callable[[Any, ServiceRules], Due | None] | None = None
    tracked: tuple[str, ...] = ()
    columns: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(column.name for column in self.table.columns))


class Nouns:
    """All nouns, by model and by name, in the fixed order in which tables are read and written."""

    def __init__(self, nouns: tuple[Noun, ...]) -> None:
        self.in_order = nouns
        self._by_model = {noun.model: noun for noun in nouns}
        self._by_name = {noun.name: noun for noun in nouns}

    def of(self, model: type[SQLModel]) -> Noun:
        return self._by_model[model]

    def named(self, name: str) -> Noun:
        return self._by_name[name]
