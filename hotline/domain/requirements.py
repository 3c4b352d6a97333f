"""What a contact asks of who takes it, and how less and less is asked the longer it waits.

| waited at least            | is asked no more                                             |
|----------------------------|--------------------------------------------------------------|
| (wished_until, a decline)  | the one counselor whom the person wished for                 |
| district_preferred_for     | the person's district                                        |
| skills_widened_after       | a practised level of skills and language: any level will do  |
| skills_overflow_after      | the skills                                                   |
| language_overflow_after    | the language                                                 |
| supervisors_overflow_after | that supervisors stand back: those who are available take it |
| partner_overflow_after     | that it is one of ours: the partner line (`domain/switchboard.py`) |

At risk, and for whoever was lost once, all but the language is asked for at most `risky_overflow_after`. What nobody
at work could meet, or only who has declined this contact, is not asked at all; a language is asked as long as somebody
who speaks it is here, on a break too, since they may come back from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from hotline.domain.service_rules import ServiceRules
from hotline.domain.skills import LANGUAGE, language_skill


@dataclass(frozen=True, slots=True)
class Capability:
    """What a counselor can do. `reserve`: a supervisor, who is asked when waiting has become long."""

    skills: frozenset[tuple[str, int]] = frozenset()
    district: str | None = None
    reserve: bool = False


@dataclass(frozen=True, slots=True)
class Requirement:
    """What is asked at this moment: `skills` are codes with the level that is asked, a language among them.
    `only`: this one counselor."""

    is_call: bool
    skills: tuple[tuple[str, int], ...] = ()
    district: str | None = None
    reserve: bool = False
    only: str | None = None

    def is_met_by(self, who: Capability) -> bool:
        if who.reserve and not self.reserve:
            return False
        if self.district is not None and self.district != who.district:
            return False
        if not self.skills:
            return True
        levels = dict(who.skills)
        return all(levels.get(skill, 0) >= level for skill, level in self.skills)


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
    spoken = language_skill(wish.language)
    supervisors = min(rules.supervisors_overflow_after, urgent)
    found: list[Step] = []
    for after in sorted({timedelta(0), district, widened, dropped, language, supervisors}):
        level = rules.skill_level_wanted if after < widened else 1
        codes = ((spoken,) if after < language else ()) + (wish.skills if after < dropped else ())
        asked = Requirement(
            is_call=wish.is_call,
            skills=tuple((code, level) for code in codes),
            district=wish.district if after < district else None,
            reserve=after >= supervisors,
        )
        if not found or found[-1].asked != asked:
            found.append(Step(after, asked))
    return tuple(found)


def language_of(asked: Requirement) -> str | None:
    """The skill of the language that is asked; it stands first."""
    code = asked.skills[0][0] if asked.skills else ""
    return code if code.startswith(LANGUAGE) else None


def in_any_language(asked: Requirement) -> Requirement:
    return asked if language_of(asked) is None else replace(asked, skills=asked.skills[1:])


def less_and_less(asked: Requirement) -> Iterable[Requirement]:
    """The same with less of it asked, step by step; the language is kept."""
    yield asked
    any_level = tuple((code, 1) for code, _ in asked.skills)
    language = any_level[:1] if language_of(asked) is not None else ()
    for eased in ({"district": None}, {"skills": any_level}, {"skills": language}, {"reserve": True}):
        asked = replace(asked, **eased)
        yield asked
