"""Measure triage on labelled messages: `./scripts/evaluate-triage FILE.jsonl …`.

Each line: {"text": …, "level": "none"…"imminent", "lang"?: …, "kind"?: …, "group"?: …, "accept"?: […], "aside"?: bool}.
Prints recall with Wilson bounds, false alarms, alarms per 1,000, by language and group; `--misses N` lists ids
and levels of the worst, `--texts` their words.
"""

import argparse
import json
import math
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

Row = dict[str, Any]
"""One labelled message and what was given for it."""

RANK = {"none": 0, "low": 1, "moderate": 2, "high": 3, "imminent": 4, "unassessed": 2}
Z = 1.96


def say(line: str = "") -> None:
    sys.stdout.write(line + "\n")


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not total:
        return 0.0, 1.0
    share, z2 = hits / total, Z * Z
    middle = share + z2 / (2 * total)
    spread = Z * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    return (middle - spread) / (1 + z2 / total), (middle + spread) / (1 + z2 / total)


def share(name: str, rows: list[Row], good: Callable[[Row], bool]) -> None:
    """Print one share with its interval."""
    hits = sum(1 for row in rows if good(row))
    low, high = wilson(hits, len(rows))
    if rows:
        say(f"  {name:<46} {hits:>4}/{len(rows):<4} {hits / len(rows):6.1%}  [{low:.1%}, {high:.1%}]")


def got(row: Row) -> int:
    return RANK[row["got"]]


def report(title: str, rows: list[Row]) -> None:
    """The figures of one slice."""
    say(f"\n{title}: {len(rows)} messages")
    imminent = [row for row in rows if row["level"] == "imminent"]
    grave = [row for row in rows if RANK[row["level"]] >= 3]
    harmless = [row for row in rows if RANK[row["level"]] <= 1]
    share("imminent graded imminent", imminent, lambda row: row["got"] == "imminent")
    share("imminent graded high or above", imminent, lambda row: got(row) >= 3)
    share("high or above graded moderate or above", grave, lambda row: got(row) >= 2)
    share("harmless (none, low) graded moderate or above", harmless, lambda row: got(row) >= 2)
    share("within the accepted levels", rows, lambda row: row["got"] in row.get("accept", [row["level"]]))
    alarms = sum(1 for row in rows if got(row) >= 3)
    say(f"  alarms (high or above) per 1,000: {1000 * alarms / max(1, len(rows)):.0f}")


def confusion(rows: list[Row]) -> None:
    """Expected down, given across."""
    names = ["none", "low", "moderate", "high", "imminent", "unassessed"]
    table = Counter((row["level"], row["got"]) for row in rows)
    say("\nexpected \\ given " + "".join(f"{name:>11}" for name in names))
    for expected in names[:5]:
        say(f"  {expected:<15}" + "".join(f"{table[expected, name]:>11}" for name in names))


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--misses", type=int, default=0)
    parser.add_argument("--texts", action="store_true")
    arguments = parser.parse_args()
    from triage.pipeline import load

    pipeline, rows, times = load(), [], []
    for file in arguments.files:
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            start = time.perf_counter()
            row["got"] = pipeline.assess(row["text"]).level.value
            times.append(time.perf_counter() - start)
            row.setdefault("lang", "zh" if any("\u4e00" <= c <= "\u9fff" for c in row["text"]) else "en")
            rows.append(row)
    report("all", rows)
    for name in ("lang", "kind", "group"):
        slices: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if name in row:
                slices[row[name]].append(row)
        if len(slices) > 1 or name != "lang":
            for value, part in sorted(slices.items()):
                report(f"{name} {value}", part) if name != "group" else share(
                    f"{name} {value} accepted",
                    part,
                    lambda row: row["got"] in row.get("accept", [row["level"]]),
                )
    aside = [row for row in rows if row.get("aside")]
    if aside:
        report("kept aside", aside)
    confusion(rows)
    times.sort()
    say(
        f"\nms a message: p50 {times[len(times) // 2] * 1e3:.2f}, p99 {times[int(len(times) * 0.99)] * 1e3:.2f}"
    )
    wrong = [row for row in rows if row["got"] not in row.get("accept", [row["level"]])]
    wrong.sort(key=lambda row: (got(row) - RANK[row["level"]], str(row.get("id"))))
    for row in wrong[: arguments.misses]:
        words = row["text"] if arguments.texts else ""
        say(f"  {row.get('id')}: expected {row['level']}, given {row['got']} {words}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
