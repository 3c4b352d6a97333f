"""`./scripts/simulate`: callers and counselors against a server of its own, through the real sockets and webhooks.

Prints what was sent, acknowledged, delivered and lost, and how long it took. Ends with status 1 if anything that
was acknowledged is lost or there twice, if anybody was ever seen without an owner or a deadline, or if nothing could
be said at all.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from hotline.telephony.simulated_post import Faults
from hotline.telephony.simulator import SimulatedCarrier
from web_console.simulation.carrier_server import CarrierServer
from web_console.simulation.chatters import Chatter
from web_console.simulation.counselors import Counselor
from web_console.simulation.demo import NUMBER, free_port, numbers_of
from web_console.simulation.dialogues import Dialogue
from web_console.simulation.phones import Caller
from web_console.simulation.tally import Tally
from web_console.simulation.trickle import come
from web_console.simulation.watch import Watch

T = TypeVar("T")

_READY = "Console: "
_STARTS_WITHIN_SECONDS = 60.0
_SIGNING_IN_AT_ONCE = 4  # proving a password is a good part of a second's work for one of the server's cores
_PATIENCE_SECONDS = 120.0
_EVERY_THIRD = 3  # of the people calls, the others write
_QUIET_FAULTS = Faults(twice=0.1, late=0.2)
_ADMINISTRATOR = ("admin", "demo")
_SUPERVISOR = ("supervisor", "demo")
_DEMO_COUNSELORS = [f"counselor{number}" for number in range(1, 5)]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulate", description=(__doc__ or "").strip())
    parser.add_argument("--callers", type=int, default=20, help="people who come (20)")
    parser.add_argument("--calls", type=int, help="so many of them by phone, the others write (a third)")
    parser.add_argument("--counselors", type=int, default=4, help="simulated counselors (4)")
    parser.add_argument("--rate", type=float, default=1.0, help="people who come per second (1)")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long (60)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed brings the same people")
    parser.add_argument("--pace", type=float, default=1.0, help="seconds that a line takes (1)")
    parser.add_argument("--database-url", help="an empty PostgreSQL database (SQLite in a folder of its own)")
    parser.add_argument("--url", help="a running server; then nobody calls, since that has its own carrier")
    return parser.parse_args()


@contextlib.asynccontextmanager
async def own_server(
    carrier: SimulatedCarrier, carrier_url: str, database_url: str | None
) -> AsyncIterator[str]:
    """A server of our own with demo accounts, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="hotline-simulation-") as folder:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")
        } | {
            "HOTLINE_TWILIO_ACCOUNT_SID": carrier.account_sid,
            "HOTLINE_TWILIO_AUTH_TOKEN": carrier.auth_token,
            "HOTLINE_TWILIO_NUMBER": NUMBER,
            "HOTLINE_TWILIO_API_URL": carrier_url,
            "HOTLINE_CHATS_PER_MINUTE": "100000",
            "HOTLINE_ANONYMOUS_REQUESTS_PER_SECOND": "10000",
            "HOTLINE_REQUESTS_PER_SECOND": "1000",
        }
        if database_url:
            environment["HOTLINE_DATABASE_URL"] = database_url
        command = [
            sys.executable,
            "-m",
            "web_console",
            "demo",
            "--quiet",
            "--port",
            str(free_port()),
            "--data",
            folder,
        ]
        log_path = Path(folder) / "server.log"
        with log_path.open("w") as log:
            server = await asyncio.create_subprocess_exec(
                *command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=log
            )
            try:
                yield await asyncio.wait_for(_address(server, log_path), _STARTS_WITHIN_SECONDS)
            finally:
                if server.returncode is None:
                    server.send_signal(signal.SIGTERM)
                await server.wait()


async def _address(server: asyncio.subprocess.Process, log_path: Path) -> str:
    while server.stdout is not None and (line := (await server.stdout.readline()).decode()):
        if line.startswith(_READY):
            return line.removeprefix(_READY).strip().rstrip("/")
    log = await asyncio.to_thread(log_path.read_text)
    raise SystemExit(f"The server did not start:\n{log[-2000:]}")


async def accounts(base: str, session: aiohttp.ClientSession, count: int) -> list[tuple[str, str]]:
    """Sign-ins for so many counselors: the demo's own, then new ones."""
    known = [(name, "demo") for name in _DEMO_COUNSELORS[:count]]
    administrator = Counselor(base, session, Tally(), random.Random(), 0)
    if count > len(known):
        await administrator.sign_in(*_ADMINISTRATOR)

    async def made(number: int) -> tuple[str, str]:
        name, password = f"simulated{number}", secrets.token_urlsafe(16)
        account: dict[str, Any] = {
            "username": name,
            "name": name,
            "roles": ["counselor"],
            "skills": {"language:zh": 3, "language:en": 3},
        }
        await administrator.ask("POST", "/api/staff", account | {"password": password})
        return name, password

    return known + await _some_at_once([made(number) for number in range(len(known), count)])


async def _some_at_once(doing: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    places = asyncio.Semaphore(_SIGNING_IN_AT_ONCE)

    async def one(each: Coroutine[Any, Any, T]) -> T:
        async with places:
            return await each

    return await asyncio.gather(*(one(each) for each in doing))


async def at_work(
    base: str,
    session: aiohttp.ClientSession,
    tally: Tally,
    chance: random.Random,
    options: argparse.Namespace,
) -> list[asyncio.Task[None]]:
    """The counselors, each with an open console and available."""
    signing_in, counselors = [], []
    for name, password in await accounts(base, session, options.counselors):
        counselor = Counselor(base, session, tally, random.Random(chance.getrandbits(64)), options.pace)
        counselors.append(counselor)
        signing_in.append(counselor.sign_in(name, password))
    await _some_at_once(signing_in)
    working = [asyncio.create_task(each.work()) for each in counselors]
    await asyncio.gather(*(each.available.wait() for each in counselors))
    return working


async def simulate(options: argparse.Namespace, base: str, server: CarrierServer | None) -> Tally:
    tally = Tally()
    chance = random.Random(options.seed)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        working = await at_work(base, session, tally, chance, options)
        until = time.monotonic() + options.seconds
        by_phone = iter(_who_calls(options, chance))
        watch = asyncio.create_task(Watch(base, session, tally).look(*_SUPERVISOR))

        async def life(dialogue: Dialogue, own: random.Random) -> None:
            if server is not None and next(by_phone):
                caller = Caller(server, dialogue, tally, own, pace=options.pace, patience=_PATIENCE_SECONDS)
                await caller.live(until)
            else:
                await Chatter(base, session, dialogue, tally, own, options.pace).live(until)

        await come(life, rate=options.rate, until=until, chance=chance, at_most=options.callers)
        for each in (watch, *working):
            each.cancel()
        await asyncio.gather(watch, *working, return_exceptions=True)
    return tally


def _who_calls(options: argparse.Namespace, chance: random.Random) -> list[bool]:
    """For each who comes, in their order: by phone?"""
    calls = options.callers // _EVERY_THIRD if options.calls is None else min(options.calls, options.callers)
    ways = [True] * calls + [False] * (options.callers - calls)
    chance.shuffle(ways)
    return ways


async def main() -> int:
    options = arguments()
    if options.url:
        tally = await simulate(options, options.url.rstrip("/"), None)
    else:
        carrier = SimulatedCarrier(
            account_sid=f"AC{secrets.token_hex(16)}",
            auth_token=secrets.token_hex(16),
            numbers=numbers_of(""),
            seed=options.seed,
            faults=_QUIET_FAULTS,
        )
        server = CarrierServer(carrier)
        async with (
            server.running() as carrier_url,
            own_server(carrier, carrier_url, options.database_url) as base,
        ):
            carrier.numbers = numbers_of(base)
            tally = await simulate(options, base, server)
        tally.webhooks_after.extend(server.answered_after)
        for problem in carrier.problems:
            sys.stderr.write(f"carrier: {problem}\n")
    sys.stdout.write(f"{tally.line()}\n{tally.why_refused()}{tally.times()}\n")
    return 1 if tally.lost or tally.twice or tally.unowned or not tally.acknowledged + tally.calls else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
