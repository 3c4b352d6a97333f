"""What a contact may need, and what counselors can do: languages and other skills, with levels 1 to 5.

| level | means                                       |
|-------|---------------------------------------------|
| 1     | has begun, works under supervision          |
| 2     | trained                                     |
| 3     | trained and practised: may be offered first |
| 4     | experienced                                 |
| 5     | teaches it                                  |

A language is a skill whose code begins with `language:`. The two in which the service speaks always stand in the list;
an operator adds others (`language:yue`) as any skill. Which others there are, and which topics and ages ask for them,
is the operator's list (`HOTLINE_SKILLS`); the one below is the project's. A wish is never a condition: after a while
somebody else is offered the contact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hotline.errors import FieldProblem, Invalid

LOWEST, HIGHEST = 1, 5
MOST_WISHED = 4
"""More wishes at once meet nobody; they would only take time."""

LANGUAGE = "language:"
PRACTISED = 3
"""The level of a language that was only said to be spoken."""

_CODE = re.compile(r"(language:)?[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True, slots=True)
class Skill:
    """`topics` and `age_bands` ask for it by themselves (`domain/topics.py`)."""

    code: str
    zh: str
    en: str
    topics: tuple[str, ...] = ()
    age_bands: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise ValueError(
                "a skill's code is small letters, digits and underscores, at most 32, after `language:` where it is one"
            )
        if not 1 <= len(self.zh) <= 20 or not 1 <= len(self.en) <= 40:
            raise ValueError("a skill's names are 1 to 20 characters in Chinese and 1 to 40 in English")


LANGUAGES = (Skill("language:zh", "中文", "Chinese"), Skill("language:en", "英语", "English"))
"""What the service itself can say: its words stand in these two."""

DEFAULT_SKILLS = (
    Skill("youth", "青少年", "Young people", ("child", "school"), ("under14", "14to17")),
    Skill("older", "老年人", "Older people", (), ("60plus",)),
    Skill("perinatal", "孕产期", "Pregnancy and birth"),
    Skill("violence", "暴力与侵害", "Violence and abuse", ("violence",)),
    Skill("bereavement", "丧亲", "Bereavement", ("loss",)),
    Skill("lgbt", "性少数", "LGBT people"),
    Skill("veterans", "退役军人", "Veterans"),
    Skill("substance", "酒精与药物", "Alcohol and drugs"),
    Skill("psychosis", "精神病性体验", "Psychosis"),
)


def language_skill(language: str) -> str:
    return LANGUAGE + language


def spoken(*languages: str) -> dict[str, int]:
    """The skills of somebody of whom only the languages are known."""
    return {language_skill(each): PRACTISED for each in languages}


def with_languages(levels: Mapping[str, int]) -> dict[str, int]:
    """As routing reads them: an account that names no language is asked in each of the service's."""
    if any(code.startswith(LANGUAGE) for code in levels):
        return dict(levels)
    return {each.code: PRACTISED for each in LANGUAGES} | dict(levels)


def with_the_languages(skills: Iterable[Skill]) -> tuple[Skill, ...]:
    """The whole list: the service's languages first, by the operator's names where they have some."""
    listed = {each.code: each for each in skills}
    own = tuple(listed.pop(each.code, each) for each in LANGUAGES)
    return own + tuple(listed.values())


def wished_by(skills: Iterable[Skill], *, topic: str | None, age_band: str | None) -> list[str]:
    """What somebody's topic and age ask for, in the list's order."""
    wished = [each.code for each in skills if topic in each.topics or age_band in each.age_bands]
    return wished[:MOST_WISHED]


def checked_wish(skills: Iterable[Skill], codes: Iterable[str]) -> list[str]:
    """Known skills without repetition, in the list's order."""
    wanted, known = set(codes), [each.code for each in skills]
    if not wanted <= set(known) or len(wanted) > MOST_WISHED:
        problem = f"at most {MOST_WISHED} of: {', '.join(known)}"
        raise Invalid("These are no skills of this service.", fields=(FieldProblem("skills", problem),))
    return [each for each in known if each in wanted]


def checked_levels(skills: Iterable[Skill], levels: Mapping[str, int]) -> dict[str, int]:
    """A counselor's skills; level 0 takes one away."""
    known = [each.code for each in skills]
    if not set(levels) <= set(known):
        problem = f"must be among: {', '.join(known)}"
        raise Invalid("These are no skills of this service.", fields=(FieldProblem("skills", problem),))
    if any(not 0 <= level <= HIGHEST for level in levels.values()):
        problem = f"levels are {LOWEST} to {HIGHEST}; 0 takes a skill away"
        raise Invalid("This is no level of a skill.", fields=(FieldProblem("skills", problem),))
    return {code: levels[code] for code in known if levels.get(code, 0) >= LOWEST}
