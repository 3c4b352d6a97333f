"""Runs the rounds and prints the figures beside the floors they are to reach.

The server has one core, the load generator the other. A0 and each form of the hotline take turns within each
round, so that a machine that grows slower does so for both; medians of the rounds are printed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import uvloop

from benchmark import pure
from benchmark.load import Figures, Side, cpu_of, crowd, spread

HERE = Path(__file__).resolve().parent
OFFERED = 500.0  # messages a second for the latency figure
# As they were given to this process, before it keeps to the last of them.
CORES = sorted(os.sched_getaffinity(0))


@dataclass
class Taken:
    """The figures of one form of server over all rounds."""

    name: str
    full: list[Figures] = field(default_factory=list)
    offered: list[Figures] = field(default_factory=list)

    def median(self, of: str, *arguments: float) -> float:
        rows = self.offered if of == "percentile" else self.full
        values = [getattr(each, of)(*arguments) if arguments else getattr(each, of) for each in rows]
        return statistics.median(values) if values else 0.0


@contextlib.contextmanager
def started(program: str, wish: dict[str, Any] | None = None) -> Iterator[tuple[dict[str, Any], int]]:
    """A server on core 0; yields what it printed and its process id."""
    arguments = [sys.executable, str(HERE / program)] + ([orjson.dumps(wish).decode()] if wish else [])
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE)
    try:
        # from here, not between fork and exec: what is raised by a signal in that moment would be lost
        os.sched_setaffinity(process.pid, {CORES[0]})
        assert process.stdout is not None
        yield orjson.loads(process.stdout.readline()), process.pid
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:  # told before it could listen for it
            process.kill()
            process.wait()


def on_last_core() -> None:
    os.sched_setaffinity(0, {CORES[-1]})


def relay_side(port: int, people: int, consoles: int) -> Side:
    base = f"http://127.0.0.1:{port}"
    return Side(
        base,
        [f"{base}/write?name={n}" for n in range(people)],
        [f"{base}/read?name={n}" for n in range(consoles)],
    )


def hotline_side(ready: dict[str, Any], people: int, consoles: int) -> Side:
    base = f"http://127.0.0.1:{ready['port']}"
    return Side(
        base,
        [f"{base}/ws/chat"] * people,
        [f"{base}/ws/console"] * consoles,
        [{"type": "hello", "token": token, "after": None} for token in ready["chats"]],
        ready["staff"][:consoles],
    )


async def measured(side: Side, pid: int, seconds: float, taken: Taken) -> None:
    async with crowd(side) as people:
        await people.at_full_speed(1.0, pid)
        taken.full.append(await people.at_full_speed(seconds, pid))
        taken.offered.append(await people.at_rate(OFFERED, seconds))


async def rounds(options: argparse.Namespace, postgresql: str) -> list[Taken]:
    forms = [("SQLite", "", True), ("SQLite, no triage", "", False)]
    if postgresql:
        forms.append(("PostgreSQL", postgresql, True))
    relay, ours = Taken("A0 relay"), [Taken(name) for name, _, _ in forms]
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds} …", file=sys.stderr)
        with started("relay.py") as (ready, pid):
            await measured(
                relay_side(ready["port"], options.people, options.consoles), pid, options.seconds, relay
            )
        for taken, (_, url, triage) in zip(ours, forms, strict=True):
            async with fresh(url) as (data, address):
                wish = {"data": data, "database_url": address, "people": options.people}
                wish |= {"consoles": options.consoles, "triage": triage}
                with started("hotline_server.py", wish) as (ready, pid):
                    side = hotline_side(ready, options.people, options.consoles)
                    await measured(side, pid, options.seconds, taken)
    return [relay, *ours]


@contextlib.asynccontextmanager
async def fresh(url: str) -> AsyncIterator[tuple[str, str]]:
    """An empty data folder and database."""
    folder = tempfile.mkdtemp(prefix="hotline-bench-")
    try:
        if not url:
            yield folder, ""
            return
        import asyncpg
        from sqlalchemy.engine import make_url

        plain = make_url(url).set(drivername="postgresql")
        name = f"bench_{os.getpid()}_{Path(folder).name[-6:]}".lower().replace("-", "_")
        connection = await asyncpg.connect(plain.render_as_string(hide_password=False))  # type: ignore[no-untyped-call]
        await connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield folder, plain.set(database=name).render_as_string(hide_password=False)
        finally:
            await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            await connection.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def fan_out(consoles: int) -> tuple[float, float]:
    """Milliseconds until the last of `consoles` has one event: bare relay, hotline."""
    with started("relay.py") as (ready, _):
        base = f"http://127.0.0.1:{ready['port']}"
        urls = [f"{base}/read?name={n}" for n in range(consoles)]
        bare = await spread(urls, None, "contact.opened", f"{base}/broadcast", None)
    async with fresh("") as (data, _):
        wish = {"data": data, "database_url": "", "people": 0, "consoles": 0, "triage": False}
        with started("hotline_server.py", wish) as (ready, _):
            base = f"http://127.0.0.1:{ready['port']}"
            tokens = [ready["supervisor"]] * consoles
            urls = [f"{base}/ws/console"] * consoles
            ours = await spread(urls, tokens, "contact.opened", f"{base}/api/chats", {"language": "zh"})
    return bare, ours


def line(what: str, figure: str, floor: str = "") -> None:
    print(f"  {what:<58} {figure:>26}   {floor}")


def print_messages(taken: list[Taken]) -> None:
    relay = taken[0]
    base_rate, base_cpu = relay.median("rate"), relay.median("cpu_microseconds")
    base_p99 = relay.median("percentile", 0.99)
    print("\nMessages: durable, triaged, delivered, acknowledged")
    line("A0: bare relay, nothing stored", f"{base_rate:,.0f}/s  {base_cpu:.0f} µs")
    for each in taken[1:]:
        rate, cpu = each.median("rate"), each.median("cpu_microseconds")
        line(f"{each.name}: rate", f"{rate:,.0f}/s = {rate / base_rate:.2f} × A0", "≥ 0.35 ×")
        line(f"{each.name}: server CPU per message", f"{cpu:.0f} µs = {cpu / base_cpu:.1f} × A0", "≤ 3 ×")
    print(f"\nLatency at {OFFERED:.0f} messages/s offered (sending → console)")
    line("A0", f"p50 {relay.median('percentile', 0.5):.2f}  p99 {base_p99:.2f} ms")
    for each in taken[1:]:
        p50, p99 = each.median("percentile", 0.5), each.median("percentile", 0.99)
        floor = "≤ 12 ×" if each.name == "PostgreSQL" else "≤ 8 ×"
        line(each.name, f"p50 {p50:.2f}  p99 {p99:.2f} ms = {p99 / base_p99:.1f} ×", floor)
    with_triage, without = taken[1].median("rate"), taken[2].median("rate")
    line("with triage against without", f"{with_triage / without:.2f} ×", "≥ 0.8 ×")


def print_pure() -> None:
    print("\nAssignment in memory, 1,000 counselors (one decision: freed, matched, taken)")
    for waiting in (100, 10_000):
        speed = pure.assignment(1000, waiting)
        figure = f"{speed.per_second:,.0f}/s  p99 {speed.p99_microseconds:.0f} µs"
        line(f"{waiting:,} waiting", figure, "≥ 10,000/s, p99 ≤ 200 µs")
    speed, load, added = pure.triage()
    print("\nTriage of one message")
    figure = f"p50 {speed.p50_microseconds / 1000:.2f}  p99 {speed.p99_microseconds / 1000:.2f} ms"
    line("time", figure, "p99 ≤ 5 ms")
    line("load, memory", f"{load:.2f} s  {added:.0f} MiB", "≤ 2 s, ≤ 150 MiB")


def memory_of(pid: int) -> float:
    """MiB of a process and all that descend from it; what several share counts once (Linux: proportional set size)."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError):
                parents[int(entry.name)] = int(_field(entry / "status", "PPid"))
    family = {pid}
    while more := {each for each, parent in parents.items() if parent in family} - family:
        family |= more
    total = 0
    for each in family:
        with contextlib.suppress(OSError, ValueError):
            total += int(_field(Path(f"/proc/{each}/smaps_rollup"), "Pss").removesuffix("kB"))
    return total / 1024


def _field(file: Path, name: str) -> str:
    return dict(row.split(":", 1) for row in file.read_text().splitlines() if ":" in row)[name].strip()


async def print_idle() -> None:
    async with fresh("") as (data, _):
        wish = {"data": data, "database_url": "", "people": 0, "consoles": 0, "triage": True}
        with started("hotline_server.py", wish) as (_, pid):
            await asyncio.sleep(2)
            cpu = cpu_of(pid)
            await asyncio.sleep(5)
            print("\nAt rest")
            line("memory, triage worker included", f"{memory_of(pid):.0f} MiB", "≤ 250 MiB")
            line("CPU", f"{(cpu_of(pid) - cpu) / 5 * 100:.1f} %")


async def main(options: argparse.Namespace, postgresql: str) -> None:
    on_last_core()
    print_messages(await rounds(options, postgresql))
    bare, ours = await fan_out(options.fan_out)
    print(f"\nOne event to {options.fan_out:,} consoles, until the last has it")
    line("bare relay", f"{bare:.1f} ms")
    line(
        "hotline (a chat is opened: saved, told)",
        f"{ours:.1f} ms = {ours / bare:.2f} ×",
        "≤ 1.4 × a bare server",
    )
    await asyncio.to_thread(print_pure)  # it has loops of its own
    await print_idle()


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The measured figures; floors are printed, never enforced.")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--people", type=int, default=200, help="who write")
    parser.add_argument("--consoles", type=int, default=500, help="that are connected")
    parser.add_argument("--fan-out", type=int, default=1000, help="consoles for the one event")
    parser.add_argument("--sqlite-only", action="store_true", help="start no PostgreSQL")
    return parser.parse_args()


if __name__ == "__main__":
    from services import end_politely_when_told

    chosen = parsed()
    end_politely_when_told()
    with contextlib.ExitStack() as stack:
        address = ""
        if not chosen.sqlite_only:
            from services import postgresql as temporary_postgresql

            address = stack.enter_context(temporary_postgresql())
        uvloop.run(main(chosen, address))
