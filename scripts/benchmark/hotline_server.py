"""The hotline itself for the load generator: accounts with sessions, open chats, each with its counselor.

Argument: JSON of {data, database_url, people, consoles, triage}.
Prints one JSON line: port, chat tokens, staff tokens.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import uvloop

from hotline.actions import contacts, offers, presence
from hotline.auth.tokens import new_token, token_hash
from hotline.bootstrap import open_hotline
from hotline.domain.access import Actor, Role
from hotline.domain.change import Change
from hotline.domain.ids import SessionId, StaffId
from hotline.domain.skills import spoken
from hotline.domain.staff import Session, Staff
from hotline.service import Hotline
from hotline.settings import load_settings
from triage.assessment import Assessment, Level
from web_console.app import build_app, listening

_UNHURRIED = 10_000.0  # limits that do not bind here: one machine plays a whole city
_RESTING = {
    "offer_within_seconds": 3600.0,
    "silence_warned_after_seconds": 86_400.0,
    "waiting_escalates_after_seconds": 86_400.0,
    "counselor_gone_after_seconds": 3600.0,
}


class NoTriage:
    """For the comparison with and without triage."""

    async def assess(self, *_arguments: Any, **_options: Any) -> Assessment:
        return Assessment(Level.NONE, 0.0, (), (), False, (), "none")


async def signed_in(hotline: Hotline, number: int, role: Role) -> tuple[Actor, str]:
    now, token = hotline.clock.now(), new_token()
    staff_id = StaffId(f"stf_{role}_{number}")
    staff = Staff(
        id=staff_id,
        username=f"{role.value.replace('_', '-')}-{number}",
        name=str(number),
        roles=[role],
        skills=spoken("zh", "en"),
        created_at=now,
    )
    session = Session(
        id=SessionId(f"ses_{role}_{number}"),
        staff_id=staff_id,
        token_hash=token_hash(token),
        created_at=now,
        seen_at=now,
        expires_at=now + timedelta(hours=8),
    )
    await hotline.writer.run(lambda _loaded: Change(save=(staff, session)))
    return Actor(staff_id, frozenset({role})), token


async def seeded(hotline: Hotline, people: int, consoles: int) -> dict[str, Any]:
    staff = [await signed_in(hotline, number, Role.COUNSELOR) for number in range(consoles)]
    _, boss = await signed_in(hotline, 0, Role.SUPERVISOR)
    tokens = []
    for number in range(people):
        contact, token = await contacts.open_chat(hotline, language="zh")
        actor = staff[number][0]
        await presence.connected(hotline, actor.staff_id)
        await offers.take(hotline, actor, contact.id)
        tokens.append(token)
    return {"chats": tokens, "staff": [token for _, token in staff], "supervisor": boss}


async def main() -> None:
    wish = orjson.loads(sys.argv[1])
    settings = load_settings(
        data_dir=Path(wish["data"]),
        database_url=wish["database_url"],
        listen_port=0,
        messages_per_second=_UNHURRIED,
        chats_per_minute=_UNHURRIED,
        requests_per_second=_UNHURRIED,
        anonymous_requests_per_second=_UNHURRIED,
        log_level="error",
        **_RESTING,
    )
    assessor = None if wish["triage"] else NoTriage()
    async with open_hotline(settings, assessor=assessor) as hotline:
        ready = await seeded(hotline, wish["people"], wish["consoles"])
        async with listening(build_app(hotline)) as address:
            ready["port"] = address.port
            sys.stdout.write(orjson.dumps(ready).decode() + "\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
