"""Who is on duty: weekly patterns in local time, and what differs on a single day.

    patterns (Shift) ──┐
                       ├─▶ occurrences ─▶ on_duty(now), gaps(…), next_change(…)
    days (Override) ───┘

| override | what it does                                                        |
|----------|---------------------------------------------------------------------|
| swap     | `in_id` does this day's shift in the place of `out_id`               |
| sick     | `out_id` does not come; `in_id`, if there is one, comes instead      |
| extra    | `in_id` comes as well, to a shift or at times of the override's own  |

Times are what the clock on the wall shows in the shift's time zone: a night from 22:00 to 06:00 ends at 06:00 also
when the clock is changed during it. A shift belongs to the day it begins on. Within a shift the order of names is
the order in which they are called. A role without any pattern has no roster: then everybody of the role is meant,
and nothing is a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import Field, SQLModel

from hotline.domain.change import Change, Event
from hotline.domain.ids import OverrideId, ShiftId, StaffId
from hotline.errors import FieldProblem, Invalid, StaleVersion

DEFAULT_ZONE = "Asia/Shanghai"
LOOKED_AHEAD = timedelta(days=7)
"""Gaps are looked for this far ahead: far enough to find somebody, near enough to be believed."""

_DAY = timedelta(days=1)
_LONGEST_QUERY = timedelta(days=70)  # ten weeks: whoever asks for more pages through it


class DutyRole(StrEnum):
    COUNSELOR = "counselor"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"


class OverrideKind(StrEnum):
    SWAP = "swap"
    SICK = "sick"
    EXTRA = "extra"


class Shift(SQLModel):
    """A weekly pattern. `weekdays` count from Monday = 0. `ends` not after `starts` means: on the next day."""

    id: ShiftId
    name: str
    role: DutyRole
    weekdays: list[int] = Field(default_factory=list)
    starts: str
    ends: str
    time_zone: str = DEFAULT_ZONE
    staff_ids: list[str] = Field(default_factory=list)
    first_day: date | None = None
    last_day: date | None = None
    version: int = 1


class Override(SQLModel):
    """`day` is the local day on which the shift begins. Times and zone stand only in an extra duty of its own."""

    id: OverrideId
    kind: OverrideKind
    role: DutyRole
    day: date
    shift_id: ShiftId | None = None
    out_id: StaffId | None = None
    in_id: StaffId | None = None
    starts: str | None = None
    ends: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One shift of one day. `start` and `end` are instants in UTC."""

    role: DutyRole
    day: date
    start: datetime
    end: datetime
    staff_ids: tuple[StaffId, ...]
    shift_id: ShiftId | None
    name: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody is on duty in a role that has a roster."""

    role: DutyRole
    start: datetime
    end: datetime


_TAKE_CONTACTS = (DutyRole.COUNSELOR, DutyRole.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Rota:
    """Who is on duty at one moment. `planned` are the roles that have a roster: of the others nothing is known.

    `has_duty_number`: there is a telephone behind the roster that a person carries.
    `at_work`: who is signed in and ready, or serves somebody, by the role in which contacts are offered to them.
    """

    planned: frozenset[DutyRole] = frozenset()
    people: Mapping[DutyRole, tuple[StaffId, ...]] = field(default_factory=dict)
    has_duty_number: bool = False
    at_work: Mapping[DutyRole, frozenset[StaffId]] = field(default_factory=dict)

    def of(self, role: DutyRole) -> tuple[StaffId, ...]:
        return self.people.get(role, ())

    def takes_contacts(self) -> bool:
        """Whether anybody is there for who comes: at work, by the plan or without. A plan alone answers nobody."""
        return any(self.at_work.get(role) for role in _TAKE_CONTACTS)

    def is_at_work(self, staff_id: StaffId) -> bool:
        return any(staff_id in people for people in self.at_work.values())

    def absent(self) -> tuple[StaffId, ...]:
        """Who is planned for those who come, and is not at work."""
        planned = (who for role in _TAKE_CONTACTS for who in self.of(role))
        return tuple(dict.fromkeys(who for who in planned if not self.is_at_work(who)))


NO_ROTA = Rota()


# Times -------------------------------------------------------------------------------------------------------


def minutes_of(clock_time: str) -> int:
    """ "22:30" → 1350. Raises `ValueError`."""
    hours, minutes = clock_time.split(":")
    if len(hours) != 2 or len(minutes) != 2:
        raise ValueError("a time has the form 22:30")
    at = time(int(hours), int(minutes))
    return at.hour * 60 + at.minute


def span_of(day: date, starts: str, ends: str, time_zone: str) -> tuple[datetime, datetime]:
    """Begin and end as instants. A time that the changed clock leaves out counts from before the change."""
    zone = ZoneInfo(time_zone)
    first, last = minutes_of(starts), minutes_of(ends)
    until = day if last > first else day + _DAY

    def instant(on: date, minute: int) -> datetime:
        return datetime.combine(on, time(minute // 60, minute % 60), zone).astimezone(UTC)

    return instant(day, first), instant(until, last)


# Who ---------------------------------------------------------------------------------------------------------


def occurrences(
    shifts: Iterable[Shift],
    overrides: Iterable[Override],
    role: DutyRole | None,
    since: datetime,
    until: datetime,
    gone: Collection[str] = (),
) -> list[Occurrence]:
    """All that touch the time from `since` to `until`, by their beginning; without who is `gone`."""
    until = min(until, since + _LONGEST_QUERY)
    changed: dict[tuple[str | None, date], list[Override]] = {}
    for each in overrides:
        changed.setdefault((each.shift_id, each.day), []).append(each)
    # A day more on both sides: zones differ from UTC by up to 14 hours, and a night began the day before.
    first, last = (since - 2 * _DAY).date(), (until + _DAY).date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found = [
        _occurrence(shift, day, changed.get((shift.id, day), ()))
        for shift in shifts
        for day in days
        if role in (None, shift.role) and _runs_on(shift, day)
    ]
    alone = [each for day in days for each in changed.get((None, day), ()) if role in (None, each.role)]
    found.extend(_extra_duty(each) for each in alone)
    touching = [_without(each, gone) for each in found if each.start < until and each.end > since]
    return sorted(touching, key=lambda each: (each.start, each.end, each.role, each.shift_id or ""))


def _without(occurrence: Occurrence, gone: Collection[str]) -> Occurrence:
    if not any(each in gone for each in occurrence.staff_ids):
        return occurrence
    return replace(occurrence, staff_ids=tuple(each for each in occurrence.staff_ids if each not in gone))


def _runs_on(shift: Shift, day: date) -> bool:
    begun = shift.first_day is None or shift.first_day <= day
    return begun and (shift.last_day is None or day <= shift.last_day) and day.weekday() in shift.weekdays


def _occurrence(shift: Shift, day: date, overrides: Iterable[Override]) -> Occurrence:
    people = [StaffId(each) for each in shift.staff_ids]
    differing = list(overrides)
    people.extend(
        each.in_id for each in differing if each.kind is OverrideKind.EXTRA and each.in_id is not None
    )
    pending = [each for each in differing if each.kind is not OverrideKind.EXTRA]
    # A stand-in may be replaced in their turn: whatever the order in which they are held, one follows from the other.
    while (override := next((each for each in pending if each.out_id in people), None)) is not None:
        pending.remove(override)
        place = next(n for n, each in enumerate(people) if each == override.out_id)
        people[place : place + 1] = [] if override.in_id is None else [override.in_id]
    start, end = span_of(day, shift.starts, shift.ends, shift.time_zone)
    return Occurrence(shift.role, day, start, end, tuple(dict.fromkeys(people)), shift.id, shift.name)


def on_day(shift: Shift, day: date, differing: Iterable[Override]) -> Occurrence | None:
    """This shift of this day; None: it does not begin on it."""
    if not _runs_on(shift, day):
        return None
    return _occurrence(shift, day, [each for each in differing if each.day == day])


def _extra_duty(override: Override) -> Occurrence:
    zone = override.time_zone or DEFAULT_ZONE
    start, end = span_of(override.day, override.starts or "00:00", override.ends or "00:00", zone)
    people = () if override.in_id is None else (override.in_id,)
    return Occurrence(override.role, override.day, start, end, people, None, "")


def on_duty(
    shifts: Iterable[Shift],
    overrides: Iterable[Override],
    role: DutyRole,
    now: datetime,
    gone: Collection[str] = (),
) -> tuple[StaffId, ...]:
    """Who is on duty in this role at this moment, in the order in which they are called."""
    running = occurrences(shifts, overrides, role, now, now + timedelta(microseconds=1), gone)
    return tuple(dict.fromkeys(person for each in running for person in each.staff_ids))


def rota(
    shifts: Sequence[Shift],
    overrides: Sequence[Override],
    now: datetime,
    *,
    has_duty_number: bool = False,
    gone: Collection[str] = (),
    at_work: Mapping[DutyRole, frozenset[StaffId]] | None = None,
) -> Rota:
    """`gone`: whose account is disabled. They may stand in the plan still, but nobody can call them."""
    planned = frozenset(role for role in DutyRole if _has_roster(shifts, role, now))
    people = {role: on_duty(shifts, overrides, role, now, gone) for role in DutyRole}
    return Rota(planned, people, has_duty_number, at_work or {})


def _has_roster(shifts: Iterable[Shift], role: DutyRole, now: datetime) -> bool:
    """A pattern that is not over. A day of grace: "over" is said in local time."""
    today = (now - _DAY).date()
    return any(each.role is role and (each.last_day is None or each.last_day >= today) for each in shifts)


# What is missing ---------------------------------------------------------------------------------------------


def gaps(
    shifts: Sequence[Shift],
    overrides: Sequence[Override],
    since: datetime,
    until: datetime,
    gone: Collection[str] = (),
) -> list[Gap]:
    """When nobody is on duty in a role that has a roster, by time."""
    found: list[Gap] = []
    for role in DutyRole:
        if not _has_roster(shifts, role, since):
            continue
        covered_upto = since
        for each in occurrences(shifts, overrides, role, since, until, gone):
            if not each.staff_ids:
                continue
            if each.start > covered_upto:
                found.append(Gap(role, covered_upto, each.start))
            covered_upto = max(covered_upto, each.end)
        if covered_upto < until:
            found.append(Gap(role, covered_upto, until))
    return sorted(found, key=lambda each: (each.start, each.role))


def missing(
    running: Iterable[Occurrence], is_there: Callable[[StaffId], bool], now: datetime, after: timedelta
) -> list[tuple[Occurrence, StaffId]]:
    """Who ought to be there since `after` and is not."""
    late = [each for each in running if each.start + after <= now < each.end]
    return [(each, person) for each in late for person in each.staff_ids if not is_there(person)]


def next_change(
    shifts: Sequence[Shift], overrides: Sequence[Override], now: datetime, *, late_after: timedelta
) -> datetime:
    """When it has to be looked again: a shift begins or ends, or somebody of it would be late; at most a day."""
    times = [now + _DAY]
    for each in occurrences(shifts, overrides, None, now, now + _DAY):
        times.extend((each.start, each.end, each.start + late_after))
    return min(each for each in times if each > now)


# Planning ----------------------------------------------------------------------------------------------------


def checked_time(name: str, clock_time: str) -> str:
    try:
        minutes_of(clock_time)
    except ValueError:
        raise _invalid(name, "a time of day such as 22:30") from None
    return clock_time


def checked_zone(time_zone: str) -> str:
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _invalid("time_zone", "the name of a time zone such as Asia/Shanghai") from None
    return time_zone


def checked_weekdays(weekdays: Iterable[int]) -> list[int]:
    wanted = set(weekdays)
    if not wanted or not wanted <= set(range(7)):
        raise _invalid("weekdays", "at least one of 0 (Monday) to 6 (Sunday)")
    return sorted(wanted)


def _invalid(field_name: str, problem: str) -> Invalid:
    return Invalid("Some of the input is not valid.", fields=(FieldProblem(field_name, problem),))


def plan(shift: Shift, known: Shift | None, actor: StaffId) -> Change:
    """A new pattern, or a changed one. The sender names the version they saw."""
    if known is not None and known.version != shift.version:
        raise StaleVersion("The shift has changed meanwhile. Look at it again.")
    if shift.first_day is not None and shift.last_day is not None and shift.last_day < shift.first_day:
        raise _invalid("last_day", "not before the first day")
    version = 1 if known is None else known.version + 1
    checked_time("starts", shift.starts)
    checked_time("ends", shift.ends)
    checked_zone(shift.time_zone)
    fields: dict[str, Any] = {"version": version, "weekdays": checked_weekdays(shift.weekdays)}
    shift = shift.model_copy(update={**fields, "staff_ids": list(dict.fromkeys(shift.staff_ids))})
    facts = {"role": shift.role, "staff_ids": shift.staff_ids, "starts": shift.starts, "ends": shift.ends}
    what = "planned" if known is None else "changed"
    return Change((shift,), (Event("shift", what, shift.id, actor, facts),), answer=shift)


def drop(shift: Shift, overrides: Iterable[Override], actor: StaffId) -> Change:
    """A pattern that is no more, with what differed from it."""
    event = Event("shift", "dropped", shift.id, actor, {"role": shift.role})
    return Change(remove=(shift, *overrides), events=(event,))


def differ(
    override: Override, shift: Shift | None, actor: StaffId, differing: Iterable[Override] = ()
) -> Change:
    """A single day differs, `differing` from the pattern already. Refuses what would change nothing."""
    kind = override.kind
    today = None if shift is None else on_day(shift, override.day, differing)
    if shift is not None and today is None:
        raise _invalid("day", "the shift does not begin on this day")
    if kind is not OverrideKind.EXTRA and (today is None or override.out_id not in today.staff_ids):
        raise _invalid("out_id", "somebody of this shift")
    if today is not None and override.in_id in today.staff_ids:
        raise _invalid("in_id", "somebody who is not on this shift already")
    if kind is not OverrideKind.SICK and override.in_id is None:
        raise _invalid("in_id", "who comes")
    if shift is None:
        checked_time("starts", override.starts or "")
        checked_time("ends", override.ends or "")
        checked_zone(override.time_zone or "")
    facts: dict[str, Any] = {"role": override.role, "day": override.day.isoformat(), "kind": kind}
    facts |= {"shift_id": override.shift_id, "out_id": override.out_id, "in_id": override.in_id}
    return Change((override,), (Event("override", "made", override.id, actor, facts),), answer=override)


def undo(override: Override, actor: StaffId, same_shift: Iterable[Override] = ()) -> Change:
    """What hung on it goes with it: whoever replaced the one who does not come any more."""
    gone, others = [override], [each for each in same_shift if each.day == override.day and each != override]
    while (next_one := next((each for each in others if _hangs_on(each, gone)), None)) is not None:
        others.remove(next_one)
        gone.append(next_one)
    facts = {"day": override.day.isoformat()}
    events = tuple(Event("override", "undone", each.id, actor, facts) for each in gone)
    return Change(remove=tuple(gone), events=events)


def _hangs_on(override: Override, gone: Iterable[Override]) -> bool:
    return override.out_id is not None and any(each.in_id == override.out_id for each in gone)
