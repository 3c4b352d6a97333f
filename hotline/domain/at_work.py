"""Who is at work and what they can do, so that nobody waits for what nobody could do. A part of `routing.py`.

| is not asked for                      | while                                                                   |
|---------------------------------------|-------------------------------------------------------------------------|
| a skill, a level of it, the district  | nobody at work has it but who has declined this very contact            |
| the language                          | nobody who is here speaks it, on a break or not                         |

At work is who is available and connected, free or not: whoever speaks with somebody now may come free.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from hotline.domain.presence import Presence, PresenceState
from hotline.domain.requirements import (
    Capability,
    Requirement,
    in_any_language,
    language_of,
    less_and_less,
)
from hotline.domain.skills import LANGUAGE


def capability(presence: Presence) -> Capability:
    return Capability(
        frozenset(presence.skills.items()),
        presence.district,
        presence.reserve,
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """What somebody could do before and can do now, None: was or is not at work. `others`: other things can be met."""

    was: Capability | None
    now: Capability | None
    others: bool


_AS_BEFORE = Moved(None, None, others=False)


class AtWork:
    def __init__(self) -> None:
        self._can: dict[str, Capability] = {}
        self._counted: Counter[Capability] = Counter()
        self._speaks: dict[str, frozenset[str]] = {}
        self._spoken: Counter[str] = Counter()
        self._eased: dict[Requirement, Requirement] = {}

    def __contains__(self, staff_id: str) -> bool:
        return staff_id in self._can

    def is_anybody(self, can: Capability) -> bool:
        return self._counted[can] > 0

    def see(self, presence: Presence) -> Moved:
        was = self._can.get(presence.id)
        here = presence.state is PresenceState.AVAILABLE and presence.connected
        now = capability(presence) if here else None
        if was is not None and was == now:
            return _AS_BEFORE
        languages = self._see_languages(presence)
        self._can.pop(presence.id, None)
        if now is not None:
            self._can[presence.id] = now
        if was == now:
            return Moved(was, now, languages)
        others = languages
        if was is not None:
            self._counted[was] -= 1
            if not self._counted[was]:
                del self._counted[was]
                others = True
        if now is not None:
            others = others or not self._counted[now]
            self._counted[now] += 1
        self._eased.clear()
        return Moved(was, now, others)

    def _see_languages(self, presence: Presence) -> bool:
        """Whether one is spoken now that was not, or no more: whoever is here may come back from a break."""
        here = presence.connected and presence.state is not PresenceState.OFFLINE
        codes = (each for each in presence.skills if here and each.startswith(LANGUAGE))
        spoken, known = frozenset(codes), self._speaks.get(presence.id, frozenset())
        if spoken == known:
            return False
        self._speaks[presence.id] = spoken
        before = {each for each in known ^ spoken if self._spoken[each]}
        self._spoken.subtract(known)
        self._spoken.update(spoken)
        if before == {each for each in known ^ spoken if self._spoken[each]}:
            return False
        self._eased.clear()
        return True

    def askable(self, asked: Requirement, refused_by: Iterable[str]) -> Requirement:
        """Without what nobody at work could meet, or only who has declined: waiting for it would be in vain."""
        declined = [each for each in refused_by if each in self._can]
        if declined:
            return self._met(asked, {can for who, can in self._can.items() if who not in declined})
        known = self._eased.get(asked)
        if known is None:
            known = self._eased[asked] = self._met(asked, self._counted)
        return known

    def _met(self, asked: Requirement, people: Collection[Capability]) -> Requirement:
        language = language_of(asked)
        wishes = [asked] if self._spoken[language or ""] else [asked, in_any_language(asked)]
        eased = (each for wish in wishes for each in less_and_less(wish))
        return next((each for each in eased if any(each.is_met_by(who) for who in people)), asked)
