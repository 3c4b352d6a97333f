"""Does triage still behave as it did? Figures of a week, and whether they moved more than chance.

| figure | of what | hit |
|---|---|---|
| `level.<level>` | help-seekers' messages | given this level |
| `alarm.<lang>.<channel>` | messages in this language by this channel | high or imminent |
| `cue.<class>` | assessed messages | at least one cue of the class |
| `unassessed` | messages | nobody has looked yet, or nobody could |
| `late` | messages with a known time | the answer took longer than the sender waits for it |
| `override.up`, `override.down` | contacts with an assessed message | a person set another level during the contact |

A share is compared with the pooled share of the weeks before by a two-proportion z. Messages of one contact
resemble each other, so the variance is taken between contacts (ratio estimate), and never smaller than the
binomial one. The score histogram is compared by the population stability index, less what chance alone gives.
Only codes, counts and seconds are in here: no words.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from hotline.domain.working_days import SHANGHAI
from triage.assessment import Level

LATE_AFTER_SECONDS = 0.05
"""What a sender is made to wait for triage at most; later answers come after the message was saved."""
BINS = 10
MOVED_Z = 3.0
"""Some sixty figures are looked at each week: at 3, chance alone marks one in about six weeks; at 2, three a week."""
MOVED_PSI = 0.1
"""The usual reading of the index: below 0.1 stable, above 0.25 another population."""
FEWEST = 30
"""Messages or contacts on either side; below this a share is shown and not judged."""
FEWEST_HITS = 5
"""On both sides together: the normal approximation needs some."""

Moved = Literal["up", "down"]


# Weeks --------------------------------------------------------------------------------------------


def week_of(at: datetime) -> date:
    """The Monday of the service's week in which this moment lies."""
    day = at.astimezone(SHANGHAI).date()
    return day - timedelta(days=day.weekday())


def bounds(week: date) -> tuple[datetime, datetime]:
    """From Monday's midnight to the next one."""
    start = datetime.combine(week, time(), SHANGHAI)
    return start, start + timedelta(days=7)


def last_weeks(until: date, count: int) -> list[date]:
    """`count` weeks, oldest first, the last of them `until`."""
    return [until - timedelta(weeks=back) for back in reversed(range(count))]


# Shares -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of`, summed over contacts, with the sums that the variance between contacts needs."""

    contacts: int = 0
    hits: int = 0
    of: int = 0
    hits2: int = 0
    hits_of: int = 0
    of2: int = 0

    def plus(self, hits: int, of: int) -> Share:
        """With one more contact."""
        return self + Share(1, hits, of, hits * hits, hits * of, of * of)

    def __add__(self, other: Share) -> Share:
        return Share(
            self.contacts + other.contacts,
            self.hits + other.hits,
            self.of + other.of,
            self.hits2 + other.hits2,
            self.hits_of + other.hits_of,
            self.of2 + other.of2,
        )

    @property
    def share(self) -> float | None:
        return self.hits / self.of if self.of else None

    def variance(self, pooled: float) -> float:
        """Of the share: between contacts, at least binomial with the pooled share."""
        binomial = pooled * (1 - pooled) / self.of
        if self.contacts < 2:
            return binomial
        own = self.hits / self.of
        spread = self.hits2 - 2 * own * self.hits_of + own * own * self.of2
        between = self.contacts / (self.contacts - 1) * max(0.0, spread) / (self.of * self.of)
        return max(binomial, between)


def z_of(now: Share, before: Share) -> float | None:
    """How many standard errors lie between the two shares; None where there is too little to say."""
    if min(now.of, before.of) < FEWEST or now.hits + before.hits < FEWEST_HITS:
        return None
    pooled = (now.hits + before.hits) / (now.of + before.of)
    variance = now.variance(pooled) + before.variance(pooled)
    if variance <= 0:
        return None
    return (now.hits / now.of - before.hits / before.of) / math.sqrt(variance)


def moved(z: float | None) -> Moved | None:
    if z is None or abs(z) < MOVED_Z:
        return None
    return "up" if z > 0 else "down"


def stability_index(now: Sequence[int], before: Sequence[int]) -> float | None:
    """The population stability index of two histograms, less what chance gives samples of these sizes."""
    if min(sum(now), sum(before)) < FEWEST:
        return None
    # Half a message in each bin: an empty bin is not infinitely far away.
    here, there = ([count + 0.5 for count in counts] for counts in (now, before))
    total_here, total_there = sum(here), sum(there)
    index = sum(
        (a / total_here - b / total_there) * math.log((a / total_here) / (b / total_there))
        for a, b in zip(here, there, strict=True)
    )
    by_chance = (len(here) - 1) * (1 / total_here + 1 / total_there)
    return max(0.0, index - by_chance)


# A week's tally -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judged:
    """What is kept of a help-seeker's message besides its words."""

    contact_id: str
    channel: str
    lang: str
    level: Level
    score: float | None
    seconds: float | None
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds to an answer: the middle, and how long the slowest in twenty and in a hundred took."""

    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Tally:
    week: date
    messages: int
    contacts: int
    shares: dict[str, Share]
    bins: tuple[int, ...]
    times: Times | None


@dataclass(slots=True)
class Tallying:
    """Counts a week's messages as they are read."""

    week: date
    _by_contact: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _bins: list[int] = field(default_factory=lambda: [0] * BINS)
    _seconds: list[float] = field(default_factory=list)
    _messages: int = 0

    def add(self, message: Judged) -> None:
        counts = self._by_contact[message.contact_id]
        group = f"{message.lang}.{message.channel}"
        self._messages += 1
        counts["of"] += 1
        counts[f"of.{group}"] += 1
        counts[f"level.{message.level}"] += 1
        if message.level in (Level.HIGH, Level.IMMINENT):
            counts[f"alarm.{group}"] += 1
        if message.level is Level.UNASSESSED:
            counts["unassessed"] += 1
        else:
            counts["assessed"] += 1
            counts.update(f"cue.{cue}" for cue in set(message.cues))
            if message.score is not None:
                self._bins[min(BINS - 1, int(message.score * BINS))] += 1
        if message.seconds is not None:
            counts["timed"] += 1
            counts["late"] += message.seconds > LATE_AFTER_SECONDS
            self._seconds.append(message.seconds)

    def done(self, raised: frozenset[str], lowered: frozenset[str]) -> Tally:
        """`raised`, `lowered`: contacts in which a person set a higher or a lower level."""
        shares: dict[str, Share] = defaultdict(Share)
        counted = {name for counts in self._by_contact.values() for name in counts}
        names = {name for name in counted if name.startswith(("level.", "cue."))}
        names |= {f"alarm.{name[3:]}" for name in counted if name.startswith("of.")}
        for contact_id, counts in self._by_contact.items():
            for name in names | {"unassessed", "late"}:
                of = counts[_denominator(name)]
                if of:
                    shares[name] = shares[name].plus(counts[name], of)
            if counts["assessed"]:
                for name, group in (("override.up", raised), ("override.down", lowered)):
                    shares[name] = shares[name].plus(int(contact_id in group), 1)
        return Tally(
            week=self.week,
            messages=self._messages,
            contacts=len(self._by_contact),
            shares=dict(shares),
            bins=tuple(self._bins),
            times=_times(self._seconds),
        )


def _denominator(name: str) -> str:
    kind, _, rest = name.partition(".")
    return {"alarm": f"of.{rest}", "cue": "assessed", "late": "timed"}.get(kind, "of")


def _times(seconds: list[float]) -> Times | None:
    if not seconds:
        return None
    ordered = sorted(seconds)
    p50, p95, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.95, 0.99))
    return Times(p50, p95, p99)


# The report ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """A share over the weeks; `now` is the last week, `before` the others together."""

    name: str
    series: tuple[Share, ...]
    now: Share
    before: Share
    z: float | None
    moved: Moved | None


@dataclass(frozen=True, slots=True)
class Drift:
    weeks: tuple[Tally, ...]
    figures: tuple[Figure, ...]
    bins_before: tuple[int, ...]
    stability: float | None


def drift(weeks: Sequence[Tally]) -> Drift:
    """The last week against those before it."""
    *earlier, last = weeks
    names = sorted({name for tally in weeks for name in tally.shares})
    bins = (
        tuple(sum(counts) for counts in zip(*(tally.bins for tally in earlier), strict=True)) or (0,) * BINS
    )
    return Drift(
        weeks=tuple(weeks),
        figures=tuple(_figure(name, weeks) for name in names),
        bins_before=bins,
        stability=stability_index(last.bins, bins),
    )


def _figure(name: str, weeks: Sequence[Tally]) -> Figure:
    """A cue or a level that a week lacks was found in none of its messages; a group that it lacks was not there."""
    series = tuple(_share_in(tally, name) for tally in weeks)
    before = sum(series[:-1], Share())
    z = z_of(series[-1], before)
    return Figure(name, series, series[-1], before, z, moved(z))


def _share_in(tally: Tally, name: str) -> Share:
    found = tally.shares.get(name)
    if found is not None:
        return found
    if name.startswith(("level.", "cue.")):
        same = tally.shares.get("unassessed")
        if same is not None:
            of = same.of - same.hits if name.startswith("cue.") else same.of
            return Share(same.contacts, 0, of, 0, 0, same.of2)
    return Share()


def turned(steps: Iterable[tuple[str, datetime, Level, bool]], since: datetime) -> tuple[set[str], set[str]]:
    """From (contact, time, level, set by a person) in order: contacts in which a person raised, or lowered."""
    standing: dict[str, Level] = {}
    raised: set[str] = set()
    lowered: set[str] = set()
    for contact_id, at, level, by_person in steps:
        before = standing.get(contact_id, Level.UNASSESSED)
        standing[contact_id] = level
        if not by_person or at < since or Level.UNASSESSED in (before, level):
            continue
        if level.rank > before.rank:
            raised.add(contact_id)
        elif level.rank < before.rank:
            lowered.add(contact_id)
    return raised, lowered
