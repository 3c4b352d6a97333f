"""The small pattern language of the lexicon, compiled to literals.

| written | means |
|---|---|
| `kill myself` | exactly these tokens |
| `(want|need) to die` | one of; `(really|)` may be left out |
| `<pill>` | any member of the word set `pill` |
| `took ~4 <pill>` | up to four tokens between, never across the end of a sentence |

A pattern becomes alternatives of steps; each step is a set of literals that starts at most `gap` tokens after
the step before it. So matching needs only one pass of a literal matcher and a walk over its hits.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_SPLIT = re.compile(r"\s*(<[a-z_]+>|~\d+)\s*")
FIRST_CHINESE = "\u4e00"
_SET = re.compile(r"<[a-z_]+>")
_BRACKET = re.compile(r"[()]")
_MARK = re.compile(r"[()|]")
# One pattern that expands further than this is a mistake in the data.
MOST_LITERALS = 4_000
# Neighbouring parts are multiplied out up to here: longer literals are found faster, but each costs memory.
MOST_PRODUCT = 12
MOST_WAYS = 600
# Sets that are no lists: any number, one of at least eight, the age of a minor.
NUMBERS = frozenset({"<number>", "<many>", "<minor_age>"})


class PatternError(ValueError):
    """A pattern or word set that cannot be read; the message quotes the pattern, which is our own data."""


@dataclass(frozen=True, slots=True)
class Step:
    """One of `literals`, at most `gap` tokens after the previous step."""

    literals: frozenset[str]
    gap: int = 0


def expand(text: str) -> list[str]:
    """All readings of a text with `(a|b|)` alternatives, spaces tidied."""
    readings = _expand(text)
    if len(readings) > MOST_LITERALS:
        raise PatternError(f"too many alternatives: {text}")
    return list(dict.fromkeys(" ".join(reading.split()).replace(" '", "'") for reading in readings))


def _expand(text: str) -> list[str]:
    start = text.find("(")
    if start < 0:
        if ")" in text or "|" in text:
            raise PatternError(f"unbalanced: {text}")
        return [text]
    end = _closing(text, start)
    heads = [text[:start] + body for part in _parts(text[start + 1 : end]) for body in _expand(part)]
    tails = _expand(text[end + 1 :])
    return [head + tail for head in heads for tail in tails]


def _closing(text: str, start: int) -> int:
    depth = 0
    for mark in _BRACKET.finditer(text, start):
        depth += 1 if mark.group() == "(" else -1
        if depth == 0:
            return mark.start()
    raise PatternError(f"unbalanced: {text}")


def _parts(body: str) -> list[str]:
    if "(" not in body:
        return body.split("|")
    parts, depth, last = [], 0, 0
    for mark in _MARK.finditer(body):
        if mark.group() != "|":
            depth += 1 if mark.group() == "(" else -1
        elif depth == 0:
            parts.append(body[last : mark.start()])
            last = mark.end()
    return [*parts, body[last:]]


def compile_pattern(pattern: str, sets: Mapping[str, frozenset[str]]) -> list[tuple[Step, ...]]:
    """The alternatives of a pattern, each a sequence of steps."""
    return [steps for plain in _unmix(pattern) for steps in _compile(plain, sets)]


def _unmix(pattern: str) -> list[str]:
    """Take alternatives that join a set and text, such as `(now|<number> ago)`, apart into patterns."""
    start = pattern.find("(")
    if start < 0:
        return [pattern]
    end = _closing(pattern, start)
    parts = _parts(pattern[start + 1 : end])
    mixed = [part for part in parts if "<" in part and not _SET.fullmatch(part.strip())]
    pure = [part for part in parts if part not in mixed]
    heads = [f"({'|'.join(pure)})"] if pure else []
    heads += [reading for part in mixed for reading in _unmix(part)]
    return [pattern[:start] + head + tail for head in heads for tail in _unmix(pattern[end + 1 :])]


def _compile(pattern: str, sets: Mapping[str, frozenset[str]]) -> list[tuple[Step, ...]]:
    alternatives: list[tuple[Step, ...]] = [()]
    gap = 0
    for piece in _pieces(pattern, sets):
        if isinstance(piece, int):
            gap = piece
            continue
        full = frozenset(piece - {""})
        longer = [(*steps, Step(full, gap if steps else 0)) for steps in alternatives] if full else []
        # what may be left out hands its gap on to what follows
        alternatives = longer + (alternatives if "" in piece else [])
        gap = gap if "" in piece else 0
    if () in alternatives or not alternatives or len(alternatives) > MOST_WAYS:
        raise PatternError(f"may match nothing, or in too many ways: {pattern}")
    return alternatives


def _pieces(pattern: str, sets: Mapping[str, frozenset[str]]) -> list[frozenset[str] | int]:
    """Gaps and literal sets in order; neighbours are multiplied out while the product stays small."""
    pieces: list[frozenset[str] | int] = []
    for item in _items(pattern):
        if item.startswith("~"):
            pieces.append(int(item[1:]))
            continue
        literals = _literals(item, sets, pattern)
        last = pieces[-1] if pieces else 0
        if (
            isinstance(last, frozenset)
            and len(last) * len(literals) <= MOST_PRODUCT
            and not _is_sum(last, literals)
        ):
            pieces[-1] = frozenset(_tidy(f"{head} {tail}", head, tail) for head in last for tail in literals)
        else:
            pieces.append(literals)
    return pieces


def _is_sum(left: frozenset[str], right: frozenset[str]) -> bool:
    """Numbers are found by looking at tokens, so they stay steps of their own."""
    return any(name in left or name in right for name in NUMBERS)


def _tidy(joined: str, head: str, tail: str) -> str:
    """Chinese needs no space between its parts, English does; one space at most."""
    chinese = bool(head and tail) and (head[-1] >= FIRST_CHINESE or tail[0] >= FIRST_CHINESE)
    return head + tail if chinese else " ".join(joined.split())


def _items(pattern: str) -> list[str]:
    """Split at the top level into gaps (`~3`), sets (`<pill>`), groups (`(a|b)`) and plain text."""
    items, plain, index = [], "", 0
    while index < len(pattern):
        if pattern[index] == "(":
            end = _closing(pattern, index) + 1
            items += [plain, pattern[index:end]]
            plain, index = "", end
        elif found := _SPLIT.match(pattern, index):
            items += [plain, found.group(1)]
            plain, index = "", found.end()
        else:
            plain += pattern[index]
            index += 1
    return [item.strip() for item in (*items, plain) if item.strip()]


def _literals(item: str, sets: Mapping[str, frozenset[str]], pattern: str) -> frozenset[str]:
    """What a group, a set or plain text may be; a group may hold sets as whole alternatives."""
    if item.startswith("(") and "<" in item:
        return frozenset().union(*(_literals(part.strip(), sets, pattern) for part in _parts(item[1:-1])))
    if "<" not in item:
        return frozenset(expand(item))
    name = item[1:-1]
    if name not in sets:
        raise PatternError(f"unknown word set {item}: {pattern}")
    return sets[name]


def compile_sets(raw: Mapping[str, list[str]]) -> dict[str, frozenset[str]]:
    """Word sets; a member `<other>` takes over another set that stands before it."""
    sets = {name.strip("<>"): frozenset({name}) for name in NUMBERS}
    for name, members in raw.items():
        found: set[str] = set()
        for member in members:
            found |= _literals(member, sets, name) if member.startswith("<") else set(expand(member))
        if "" in found:
            raise PatternError(f"an empty member in set {name}")
        sets[name] = frozenset(found)
    return sets
