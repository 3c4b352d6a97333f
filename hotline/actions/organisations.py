"""Schools, institutions, crisis teams and police desks by name: whom an account may belong to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from hotline.actions.accounts import Accounts
from hotline.domain.dispatch import Team
from hotline.domain.referral_case import Institution
from hotline.domain.school_reports import School

Kind = Literal["school", "institution", "crisis_team", "police_desk"]


@dataclass(frozen=True, slots=True)
class Organisation:
    id: str
    kind: Kind
    zh: str
    en: str
    district: str | None


async def organisations(hotline: Accounts, only: Collection[str] | None = None) -> list[Organisation]:
    """All of them, or those with these ids."""
    reader = hotline.reader

    def wanted(model: type[School] | type[Institution] | type[Team]) -> tuple[Any, ...]:
        return () if only is None else (reader.table(model).c.id.in_(sorted(only)),)

    found = [
        Organisation(each.id, "school", each.name, each.name, each.district)
        for each in await reader.where(School, *wanted(School))
    ]
    found += [
        Organisation(each.id, "institution", each.name, each.name, each.district)
        for each in await reader.where(Institution, *wanted(Institution))
    ]
    found += [
        Organisation(each.id, _kind(each), each.name_zh, each.name_en, each.district)
        for each in await reader.where(Team, *wanted(Team))
    ]
    return sorted(found, key=lambda each: (each.kind, each.zh, each.id))


def _kind(team: Team) -> Kind:
    return "police_desk" if team.kind.value == "police_desk" else "crisis_team"
