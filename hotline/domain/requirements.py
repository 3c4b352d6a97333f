"""What a contact asks of who takes it, and how less and less is asked the longer it waits.

| waited at least            | is asked no more                                             |
|----------------------------|--------------------------------------------------------------|
| (wished_until, a decline)  | the one counselor whom the person wished for                 |
| district_preferred_for     | the person's district                                        |
| skills_widened_after       | a practised level of the skills: any level will do           |
| skills_overflow_after      | the skills                                                   |
| language_overflow_after    | the language                                                 |
| supervisors_overflow_after | that supervisors stand back: those who are available take it |
| partner_overflow_after     | that it is one of ours: the partner line (`domain/switchboard.py`) |

At risk, and for whoever was lost once, all but the language is asked for at most `risky_overflow_after`. What nobody
on duty could meet anyhow is not asked at all: only the language is, since a speaker may come back from a break.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from hotline.domain.service_rules import ServiceRules


@dataclass(frozen=True, slots=True)
class Capability:
    """What a counselor can do. `reserve`: a supervisor, who is asked when waiting has become long."""

    languages: frozenset[str]
    skills: frozenset[tuple[str, int]] = frozenset()
    district: str | None = None
    reserve: bool = False


@dataclass(frozen=True, slots=True)
class Requirement:
    """What is asked at this moment. `only`: this one counselor."""

    is_call: bool
    language: str | None
    skills: tuple[str, ...] = ()
    skill_level: int = 1
    district: str | None = None
    reserve: bool = False
    only: str | None = None

    def is_met_by(self, who: Capability) -> bool:
        if who.reserve and not self.reserve:
            return False
        if self.language is not None and self.language not in who.languages:
            return False
        if self.district is not None and self.district != who.district:
            return False
        if not self.skills:
            return True
        levels = dict(who.skills)
        return all(levels.get(skill, 0) >= self.skill_level for skill in self.skills)


@dataclass(frozen=True, slots=True)
class Wish:
    """All that is asked at first."""

    is_call: bool
    language: str
    skills: tuple[str, ...] = ()
    district: str | None = None
    risky: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    after: timedelta
    asked: Requirement


def steps(wish: Wish, rules: ServiceRules) -> tuple[Step, ...]:
    """From all that is asked to nothing but a person: in the order of time, the first one at once."""
    urgent = rules.risky_overflow_after if wish.risky else timedelta.max
    district = min(rules.district_preferred_for, urgent)
    widened = min(rules.skills_widened_after, urgent)
    dropped = max(widened, min(rules.skills_overflow_after, urgent))
    language = rules.language_overflow_after
    supervisors = min(rules.supervisors_overflow_after, urgent)
    found: list[Step] = []
    for after in sorted({timedelta(0), district, widened, dropped, language, supervisors}):
        asked = Requirement(
            is_call=wish.is_call,
            language=wish.language if after < language else None,
            skills=wish.skills if after < dropped else (),
            skill_level=rules.skill_level_wanted if wish.skills and after < widened else 1,
            district=wish.district if after < district else None,
            reserve=after >= supervisors,
        )
        if not found or found[-1].asked != asked:
            found.append(Step(after, asked))
    return tuple(found)


def less_and_less(asked: Requirement) -> Iterable[Requirement]:
    """The same with less of it asked, step by step; the language is kept."""
    for eased in ({"district": None}, {"skill_level": 1}, {"skills": ()}, {"reserve": True}):
        asked = replace(asked, **eased)
        yield asked
