"""Measure triage on labelled messages: `./scripts/evaluate-triage FILE.jsonl …`.

Each line: {"text": …, "level": "none"…"imminent", "lang"?: …, "kinds"?: […], "tags"?: […], "group"?: …,
"accept"?: [levels], "aside"?: bool}; a conversation has "turns": [["counselor" or "help_seeker", …], …] instead of its
text and is graded as far as it came. Prints recall with Wilson bounds, false alarms, alarms per 1,000 messages, by
language, kind, script, third party, length and group; the confusion of levels, a calibration picture, pairs that
differ in a word that must not matter, and the worst misses by id (`--misses N`; `--texts` adds their words).
"""

import argparse
import json
import math
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from triage.assessment import Level, Turn
from triage.conversation import ConversationState, fold
from triage.model import ModelError

if TYPE_CHECKING:
    from triage.pipeline import Pipeline

Row = dict[str, Any]
"""One labelled message and what was given for it."""

RANK = {level.value: level.queue_rank for level in Level}
LEVELS = [level.value for level in Level if level is not Level.UNASSESSED]
HIGH, MODERATE = RANK["high"], RANK["moderate"]
Z = 1.96
# Characters from which a message counts as long.
LONG = 150
# Slices smaller than this say nothing by themselves.
SMALLEST_SLICE = 5


def say(line: str = "") -> None:
    # half characters cannot be written
    sys.stdout.write(line.encode(errors="backslashreplace").decode() + "\n")


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not total:
        return 0.0, 1.0
    share, z2 = hits / total, Z * Z
    middle = share + z2 / (2 * total)
    spread = Z * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    return (middle - spread) / (1 + z2 / total), (middle + spread) / (1 + z2 / total)


def share_line(name: str, hits: int, total: int) -> str:
    """One share with its interval."""
    if not total:
        return f"  {name:<46}    –"
    low, high = wilson(hits, total)
    return f"  {name:<46} {hits:>4}/{total:<4} {hits / total:6.1%}  [{low:.1%}, {high:.1%}]"


def share(name: str, rows: list[Row], good: Callable[[Row], bool]) -> None:
    """Print the share of rows for which `good` holds; nothing if there are none."""
    if rows:
        say(share_line(name, sum(1 for row in rows if good(row)), len(rows)))


def got(row: Row) -> int:
    return RANK[row["got"]]


def accepted(row: Row) -> bool:
    return row["got"] in row.get("accept", [row["level"]])


def report(title: str, rows: list[Row]) -> None:
    """The figures of one slice."""
    say(f"\n{title}: {len(rows)} messages")
    imminent = [row for row in rows if row["level"] == "imminent"]
    grave = [row for row in rows if RANK[row["level"]] >= HIGH]
    harmless = [row for row in rows if row["level"] == "none"]
    low = [row for row in rows if row["level"] == "low"]
    share("imminent graded imminent", imminent, lambda row: row["got"] == "imminent")
    share("imminent graded high or above", imminent, lambda row: got(row) >= HIGH)
    share("high or above graded moderate or above", grave, lambda row: got(row) >= MODERATE)
    share("harmless graded moderate or above", harmless, lambda row: got(row) >= MODERATE)
    share("harmless graded high or above", harmless, lambda row: got(row) >= HIGH)
    share("low graded moderate or above", low, lambda row: got(row) >= MODERATE)
    share("within the accepted levels", rows, accepted)
    alarms = sum(1 for row in rows if got(row) >= HIGH)
    say(f"  alarms (high or above) per 1,000 messages: {1000 * alarms / max(len(rows), 1):.0f}")


def slices(rows: list[Row]) -> dict[str, dict[str, list[Row]]]:
    """Rows by each thing that triage must treat fairly."""
    found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found["language"][row["lang"]].append(row)
        found["script"][row["script"]].append(row)
        found["told by"]["a third party" if "third_party" in row.get("tags", ()) else "oneself"].append(row)
        found["length"]["long" if len(row["text"]) >= LONG else "short"].append(row)
        for kind in row.get("kinds", ()):
            found["kind"][kind].append(row)
    return found


def confusion(rows: list[Row]) -> None:
    """Expected level by given level."""
    table = Counter((row["level"], row["got"]) for row in rows)
    given = [*LEVELS, "unassessed"]
    say("\nexpected \\ given " + "".join(f"{name:>11}" for name in given))
    for level in LEVELS:
        say(f"  {level:<15}" + "".join(f"{table[level, name]:>11}" for name in given))


def calibration(rows: list[Row]) -> None:
    """Of messages with a score in each tenth, how many call for high or above: it should climb, without holes."""
    say("\nscore      messages   call for high or above")
    tenths: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        tenths[min(int(row["score"] * 10), 9)].append(row)
    for tenth, part in sorted(tenths.items()):
        grave = sum(1 for row in part if RANK[row["level"]] >= HIGH) / len(part)
        say(
            f"  {tenth / 10:.1f}–{(tenth + 1) / 10:.1f}  {len(part):>8}   {grave:6.1%} {'█' * round(grave * 40)}"
        )


def read_rows(files: Iterable[Path]) -> list[Row]:
    """The labelled messages of all files."""
    rows = []
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8-sig").split("\n")  # a message may hold other ends of lines
        except UnicodeDecodeError:
            raise SystemExit(f"{file}: not UTF-8") from None
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = _checked(json.loads(line))
            except (ValueError, KeyError, TypeError, RecursionError):
                raise SystemExit(f"{file}:{number}: not a labelled message") from None
            row.setdefault("id", f"{file.stem}:{number}")
            rows.append(row)
    return rows


def _checked(read: Any) -> Row:
    """The row without the fields that it leaves empty. Raises ValueError, KeyError or TypeError if it is none."""
    row: Row = (
        {name: value for name, value in read.items() if value is not None} if isinstance(read, dict) else {}
    )
    if "turns" in row:
        turns = [Turn(*turn) for turn in row["turns"]]
        row["text"] = "\n".join(turn.text for turn in turns if turn.speaker == "help_seeker")
        if not row["text"].strip() or {turn.speaker for turn in turns} - {"counselor", "help_seeker"}:
            raise ValueError
    lists = [row.get(name, []) for name in ("kinds", "tags", "accept")]
    words = [row["text"], *(row[name] for name in ("lang", "group") if name in row)]
    if not all(isinstance(each, list) for each in lists) or not all(isinstance(each, str) for each in words):
        raise TypeError
    if row["level"] not in LEVELS or not all(isinstance(each, str) for some in lists for each in some):
        raise ValueError
    return row


def judge(rows: list[Row], model: Path | None) -> list[float]:
    """Fill in what triage says of each message; answers with the seconds that each took, sorted."""
    from triage.languages import language_of, script_of
    from triage.pipeline import load

    pipeline = load(model)
    times = []
    for row in rows:
        start = time.perf_counter()
        if "turns" in row:
            state = conversation(pipeline, [Turn(*turn) for turn in row["turns"]])
            row["got"], row["score"] = state.level.value, state.score
            asked = sum(1 for speaker, _ in row["turns"] if speaker == "help_seeker")
            times.append((time.perf_counter() - start) / asked)
        else:
            assessment = pipeline.assess(row["text"])
            times.append(time.perf_counter() - start)
            row["got"], row["score"] = assessment.level.value, assessment.score
        row.setdefault("lang", "en" if language_of(row["text"]) == "en" else "zh")
        row["script"] = script_of(row["text"])
    return sorted(times)


def conversation(pipeline: "Pipeline", turns: Sequence[Turn]) -> ConversationState:
    """How far a whole conversation came."""
    state = ConversationState()
    for place, turn in enumerate(turns):
        if turn.speaker == "help_seeker":
            state = fold(state, pipeline.assess(turn.text, turns[:place]))
    return state


def worst(rows: list[Row], most: int, with_texts: bool) -> None:
    """Misses, those furthest below what they call for first."""
    wrong = [row for row in rows if not accepted(row)]
    wrong.sort(key=lambda row: (got(row) - RANK[row["level"]], str(row["id"])))
    for row in wrong[:most]:
        words = f"  {row['text']}" if with_texts else ""
        say(f"  {row['id']}: expected {row['level']}, given {row['got']}{words}")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="./scripts/evaluate-triage", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.jsonl")
    parser.add_argument("--misses", type=int, default=20, help="how many misses to list")
    parser.add_argument(
        "--texts", action="store_true", help="show their words too: only for made-up messages"
    )
    parser.add_argument("--model", type=Path, help="the folder of an operator's own model")
    arguments = parser.parse_args()
    try:
        rows = read_rows(arguments.files)
        times = judge(rows, arguments.model)
    except (OSError, ModelError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if not rows:
        sys.stderr.write("no messages\n")
        return 2
    report("all", rows)
    for name, parts in slices(rows).items():
        for value, part in sorted(parts.items()):
            if len(part) >= SMALLEST_SLICE:
                report(f"{name} {value}", part)
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if "group" in row:
            groups[row["group"]].append(row)
    if groups:
        say("\nwithin the accepted levels, by group")
    for name, part in sorted(groups.items()):
        share(name, part, accepted)
    aside = [row for row in rows if row.get("aside")]
    if aside and len(aside) < len(rows):
        report("kept aside", aside)
    confusion(rows)
    calibration(rows)
    counterfactuals(rows, arguments.model)
    p50, p99 = times[len(times) // 2], times[min(int(len(times) * 0.99), len(times) - 1)]
    say(f"\nms a message: p50 {p50 * 1e3:.2f}, p99 {p99 * 1e3:.2f}")
    say("\nmisses")
    worst(rows, arguments.misses, arguments.texts)
    return 0


def counterfactuals(rows: list[Row], model: Path | None) -> None:
    """Messages with a word changed that must not matter: how many keep their level, by what was changed."""
    from triage.counterfactuals import variants
    from triage.pipeline import load

    pipeline = load(model)
    same: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        for change, text in () if "turns" in row else variants(row["text"]):
            same[change][1] += 1
            same[change][0] += pipeline.assess(text).level.value == row["got"]
    say("\ncounterfactual pairs that keep their level")
    for change, (hits, total) in sorted(same.items()):
        say(share_line(change, hits, total))
    say(share_line("all", sum(pair[0] for pair in same.values()), sum(pair[1] for pair in same.values())))


if __name__ == "__main__":
    sys.exit(main())
